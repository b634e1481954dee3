/** Commit headers as people read them: author, dates in RFC 3339 with the writer's own offset. */
import type { CommitFacts, Person } from '../../../model/appearance.js';
import { parseCommitId } from '../../../model/ids.js';

/** Parses a raw commit object; a malformed line gives an empty name and the epoch, never a fault. */
export function parseCommitFacts(id: string, raw: Buffer): CommitFacts {
  const end = raw.indexOf('\n\n');
  const header = raw.subarray(0, end < 0 ? raw.length : end);
  const author = stampOf(header, 'author ');
  const committer = stampOf(header, 'committer ');
  return {
    id: parseCommitId(id),
    author: author.person,
    authorDate: author.date,
    committerDate: committer.date,
  };
}

function stampOf(header: Buffer, field: string): { person: Person; date: string } {
  const text = header.toString('latin1');
  const start = text.startsWith(field) ? 0 : text.indexOf(`\n${field}`) + 1;
  const line =
    start === 0 && !text.startsWith(field) ? '' : (text.slice(start + field.length).split('\n', 1)[0] ?? '');
  const match = /^(.*?)\s*<([^>]*)>\s*(?:(-?\d+)\s+([+-]\d{4}))?/.exec(line);
  return {
    person: { name: decode(match?.[1] ?? ''), email: decode(match?.[2] ?? '') },
    date: rfc3339(Number(match?.[3] ?? 0), match?.[4] ?? '+0000'),
  };
}

/** Names are UTF-8 unless they are not; then latin1, as git shows them. */
function decode(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? latin1 : text;
}

/** Seconds and `+hhmm` to `2024-05-01T09:00:00+02:00`; what no calendar holds becomes the epoch. */
export function rfc3339(seconds: number, zone: string): string {
  const sign = zone.startsWith('-') ? -1 : 1;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3, 5));
  const valid = hours < 24 && minutes < 60;
  const offset = valid ? sign * (hours * 60 + minutes) : 0;
  const local = new Date((seconds + offset * 60) * 1000);
  const usable = seconds > -60_000_000_000 && seconds < 200_000_000_000;
  const text = usable ? local.toISOString().slice(0, 19) : '1970-01-01T00:00:00';
  if (!usable || offset === 0) return `${text}Z`;
  return `${text}${zone.slice(0, 3)}:${zone.slice(3, 5)}`;
}
