/** Names a repository that lies in an archive, or in a bundle: where it came from, as one line and back. */
import { statSync } from 'node:fs';
import { escapePath } from '../files/path-bytes.js';

export interface EmbeddedPath {
  /** Absolute path of the file on disk; base64 of its bytes. */
  readonly file: string;
  /** Containers within the file from the outside in; a bundle within an archive is the last. */
  readonly chain: readonly string[];
  /** Folder of the repository in the innermost container; empty for a bundle, and for the root of an archive. */
  readonly folder: string;
}

const mark = '!/';

/** `<file>!/<containers>!/<folder>`, one-to-one; a bundle ends in the mark. */
export function embeddedLocator({ file, chain, folder }: EmbeddedPath): string {
  return [escapePath(Buffer.from(file, 'base64')), ...chain, folder].join(mark);
}

export function isEmbeddedLocator(locator: string): boolean {
  return locator.includes(mark);
}

/** Undefined when the file is gone. */
export function parseEmbeddedLocator(locator: string): EmbeddedPath | undefined {
  const parts = locator.split(mark);
  // A folder's name may end in `!` as well: the first part that is a file is the file.
  for (let end = 1; end < parts.length; end++) {
    const file = unescapePath(parts.slice(0, end).join(mark));
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) continue;
    const chain = parts.slice(end, -1);
    return { file: file.toString('base64'), chain, folder: parts.at(-1) ?? '' };
  }
  return undefined;
}

/** Undoes {@link escapePath}. */
function unescapePath(text: string): Buffer {
  const pieces = text.split(/%([0-9A-F]{2})/);
  return Buffer.concat(
    pieces.map((piece, i) => (i % 2 === 0 ? Buffer.from(piece) : Buffer.from(piece, 'hex'))),
  );
}

/** Whether a locator lies in a target: a folder above its file, or the file itself. */
export function liesIn(locator: string, target: string): boolean {
  if (locator.startsWith(target + mark)) return true;
  return locator.startsWith(target.endsWith('/') ? target : `${target}/`);
}
