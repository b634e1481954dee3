/**
 * Lists objects with type and size from `git cat-file --batch-check`, byte by byte: 850,000 lines as
 * strings cost more than git needs to print them.
 */

import type { GitObjectType } from './object-frames.js';
import { decodeHex } from './object-id.js';
import { type GitChild, GitError, type GitExit, startGit } from './process.js';

/** Receives one line: the id lies as hex at `hexStart` of `line`. */
export interface ListingHandler {
  object(line: Uint8Array, hexStart: number, type: GitObjectType, size: number): void;
  /** An id without type: absent or corrupt. */
  missing(line: Uint8Array, hexStart: number): void;
}

export const listingFormat = '%(objectname) %(objecttype) %(objectsize)';

/** Lists everything in storage, packs in pack order; each id once. Yields after every chunk, for back-pressure. */
export async function* listStorage(
  neutralDir: string,
  oidBytes: number,
  handler: ListingHandler,
): AsyncGenerator<void, GitExit> {
  const child = startGit({ neutralDir }, [
    'cat-file',
    '--batch-all-objects',
    '--unordered',
    '--buffer',
    `--batch-check=${listingFormat}`,
  ]);
  child.stdin.end();
  return yield* listFrom(child, oidBytes, handler);
}

/** Lists the given ids (hex lines) in their order. */
export async function* listIds(
  neutralDir: string,
  oidBytes: number,
  lines: Buffer,
  handler: ListingHandler,
): AsyncGenerator<void, GitExit> {
  const child = startGit({ neutralDir }, ['cat-file', '--buffer', `--batch-check=${listingFormat}`]);
  child.stdin.end(lines);
  return yield* listFrom(child, oidBytes, handler);
}

async function* listFrom(
  child: GitChild,
  oidBytes: number,
  handler: ListingHandler,
): AsyncGenerator<void, GitExit> {
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      const text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      rest = Buffer.from(text.subarray(parseLines(text, oidBytes, handler)));
      yield;
    }
  } finally {
    child.kill();
  }
  const exit = await child.exit;
  if (exit.status !== 0) throw new GitError('cat-file --batch-check', exit.status);
  return exit;
}

/** Parses all whole lines and gives the offset behind the last of them. */
function parseLines(text: Buffer, oidBytes: number, handler: ListingHandler): number {
  const hexLength = 2 * oidBytes;
  let at = 0;
  for (;;) {
    const end = text.indexOf(0x0a, at + hexLength);
    if (end < 0) return at;
    parseLine(text, at, at + hexLength + 1, end, handler);
    at = end + 1;
  }
}

function parseLine(
  text: Buffer,
  hexStart: number,
  typeStart: number,
  end: number,
  handler: ListingHandler,
): void {
  let size = 0;
  let scale = 1;
  for (let at = end - 1; at > typeStart; at--) {
    const digit = (text[at] as number) - 48;
    if (digit < 0 || digit > 9) break;
    size += digit * scale;
    scale *= 10;
  }
  if (scale === 1) {
    handler.missing(text, hexStart);
    return;
  }
  const first = text[typeStart];
  const type =
    first === 0x62 ? 'blob' : first === 0x63 ? 'commit' : text[typeStart + 1] === 0x72 ? 'tree' : 'tag';
  handler.object(text, hexStart, type, size);
}

/** Decodes the id of a listed line. */
export function lineOid(line: Uint8Array, hexStart: number, oidBytes: number): Uint8Array {
  const oid = new Uint8Array(oidBytes);
  decodeHex(line, hexStart, oid, 0, oidBytes);
  return oid;
}
