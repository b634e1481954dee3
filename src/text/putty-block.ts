/** PuTTY's private key file (version 2 and 3), also when it was escaped into one string. */
import type { Span } from '../model/span.js';

export interface PuttyBlock {
  readonly span: Span;
  readonly isEncrypted: boolean;
  readonly comment: string;
  readonly publicBlob: Buffer;
  readonly privateBlob: Buffer;
  /** False when lines are missing. */
  readonly isWhole: boolean;
}

const maxFileBytes = 32_768;
const start = 'PuTTY-User-Key-File-';

interface Line {
  readonly text: string;
  readonly end: number;
}

/** Lines with their ends as offsets of `text`; `\n` may be real or written as an escape. */
function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  const separator = /\r?\n|(?:\\{1,8}r)?\\{1,8}n|<br ?\/?>/g;
  let from = 0;
  for (let match = separator.exec(text); match !== null; match = separator.exec(text)) {
    lines.push({ text: text.slice(from, match.index), end: match.index });
    from = match.index + match[0].length;
    if (lines.length > 600) return lines;
  }
  lines.push({ text: text.slice(from), end: text.length });
  return lines;
}

/** Blob of the `count` lines behind a `…-Lines` header. */
function blobOf(lines: readonly Line[], from: number, count: number): Buffer {
  const body = lines.slice(from, from + count).map((line) => line.text.trim());
  return Buffer.from(body.join(''), 'base64');
}

/** End of the file: behind the MAC when it follows, else behind the last line of the key. */
function endOf(last: Line | undefined, next: Line | undefined): number {
  const mac = /^\s*Private-MAC: ?[0-9a-fA-F]{8,128}/.exec(next?.text ?? '');
  if (mac === null || next === undefined) return last?.end ?? 0;
  return next.end - next.text.length + mac[0].length;
}

export function readPuttyBlock(bytes: Buffer, hit: number): PuttyBlock | undefined {
  const at = bytes.indexOf(start, Math.max(0, hit - start.length));
  if (at < 0 || at > hit + start.length) return undefined;
  // Up to the next file, so that a text of first lines is read once.
  const next = bytes.indexOf(start, at + start.length);
  const end = Math.min(bytes.length, at + maxFileBytes, next < 0 ? bytes.length : next);
  const lines = linesOf(bytes.toString('latin1', at, end));
  const headers = new Map<string, string>();
  let publicBlob: Buffer = Buffer.alloc(0);
  for (let i = 0; i < lines.length; i++) {
    const header = /^\s*([A-Za-z0-9-]{3,30}): ?(.{0,256})/.exec(lines[i]?.text ?? '');
    if (header === null) break;
    const name = header[1] ?? '';
    const value = (header[2] ?? '').trim();
    headers.set(name, value);
    if (name !== 'Public-Lines' && name !== 'Private-Lines') continue;
    const wanted = Number.parseInt(value, 10) || 0;
    const count = Math.min(wanted, lines.length - i - 1);
    const blob = blobOf(lines, i + 1, count);
    i += count;
    if (name === 'Public-Lines') {
      publicBlob = blob;
      continue;
    }
    return {
      span: { start: at, end: at + endOf(lines[i], lines[i + 1]) },
      isEncrypted: (headers.get('Encryption') ?? 'none') !== 'none',
      comment: headers.get('Comment') ?? '',
      publicBlob,
      privateBlob: blob,
      isWhole: count > 0 && count === wanted,
    };
  }
  return undefined;
}
