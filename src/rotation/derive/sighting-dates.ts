/** When copies of a secret were seen first: dates of commits and records, with those that cannot be believed apart. */
import type { CommitFacts } from '../../model/appearance.js';
import type { Exposure, Location } from '../../model/exposure.js';

const day = 86_400_000;

export interface SightingDates {
  /** Milliseconds of the earliest date that can be believed. */
  readonly earliest: number;
  /** Some date contradicts itself or the clock: nothing may be concluded from how old the secret seems to be. */
  readonly isSuspect: boolean;
}

interface SeenAt {
  readonly time: number;
  readonly isSuspect: boolean;
}

/** Milliseconds of an RFC 3339 text; undefined when it is none. A time without an offset is read as UTC. */
export function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  // Nearly all are in UTC: the pattern is for the others.
  const hasOffset = text.endsWith('Z') || /(?:z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes('T');
  const time = Date.parse(hasOffset ? text : `${text}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** An author's date more than a day from the committer's may be made up; the committer's is taken then. */
function commitTime(commit: CommitFacts, now: number): SeenAt | undefined {
  // A report of another tool has one date of the two.
  const committed = timeOf(commit.committerDate) ?? timeOf(commit.authorDate);
  const authored = timeOf(commit.authorDate) ?? committed;
  if (committed === undefined || authored === undefined) return undefined;
  const isSuspect = Math.abs(authored - committed) > day || committed > now || authored > now;
  return { time: isSuspect ? committed : authored, isSuspect };
}

/** When this copy stood there first, as far as its own dates tell. */
export function copyTime({ appearance }: Location, now: number): SeenAt | undefined {
  const plain = (text: string | undefined): SeenAt | undefined => {
    const time = timeOf(text);
    return time === undefined ? undefined : { time, isSuspect: time > now };
  };
  switch (appearance.type) {
    case 'git-blob':
      return appearance.introduced === undefined ? undefined : commitTime(appearance.introduced, now);
    case 'git-text':
      return appearance.commit === undefined ? undefined : commitTime(appearance.commit, now);
    case 'file':
      return plain(appearance.modified);
    case 'record':
      return plain(appearance.created);
  }
}

/** Earliest sighting over these copies; that of the scan counts as well, and nothing is seen after now. */
export function sightingDates(
  exposure: Pick<Exposure, 'firstSeen' | 'locations'>,
  now: number,
): SightingDates {
  let earliest = Math.min(now, timeOf(exposure.firstSeen) ?? now);
  let isSuspect = false;
  for (const location of exposure.locations) {
    const seen = copyTime(location, now);
    if (seen === undefined) continue;
    isSuspect ||= seen.isSuspect;
    earliest = Math.min(earliest, seen.time);
  }
  return { earliest, isSuspect };
}

/** RFC 3339 without milliseconds. */
export function rfc3339(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
