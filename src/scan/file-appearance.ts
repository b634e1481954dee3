/** Where a document stands that is a file, an entry of an archive, or stdin. */
import type { FileAppearance, PathName } from '../model/appearance.js';
import type { DocumentRef } from '../sources/source.js';

/** @param modifiedMs of an archive's entry, when the archive says */
export function fileAppearanceOf(
  ref: Exclude<DocumentRef, { type: 'git-object' }>,
  chain: readonly string[],
  modifiedMs: number | undefined,
): FileAppearance {
  if (ref.type === 'stdin') {
    const path = { text: ['-', ...chain].join('!/') };
    return { type: 'file', locationKind: 'stdin', path, ignored: false, tracked: false };
  }
  const { entry } = ref;
  return {
    type: 'file',
    locationKind: chain.length > 0 ? 'archive-entry' : 'loose-file',
    path: chain.length > 0 ? withChain(entry.path, chain) : entry.path,
    modified: new Date(modifiedMs ?? entry.modifiedMs).toISOString(),
    ignored: entry.ignored,
    tracked: entry.tracked,
  };
}

function withChain(path: PathName, chain: readonly string[]): PathName {
  const tail = chain.map((entry) => `!/${entry}`).join('');
  const text = path.text + tail;
  if (path.bytes === undefined) return { text };
  return {
    text,
    bytes: Buffer.concat([Buffer.from(path.bytes, 'base64'), Buffer.from(tail)]).toString('base64'),
  };
}
