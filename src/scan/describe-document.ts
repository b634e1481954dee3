/** Words for a document in a problem; object ids are left out because they confirm guesses. */
import type { RawDocument } from '../sources/source.js';

export function describeDocument({ ref, chain }: Pick<RawDocument, 'ref' | 'chain'>): string {
  if (ref.type === 'git-object') return `${ref.objectType} in history`;
  if (ref.type === 'stdin') return ['-', ...chain].join('!/');
  return [ref.entry.path.text, ...chain].join('!/');
}
