/** Things that name a secret by its fingerprint or the beginning of it, found without asking each thing about each secret. */
import type { Exposure } from '../../model/exposure.js';

/** Finds what names a secret by a beginning of its fingerprint, or of one of its aliases. */
export function fingerprintIndex<Thing>(
  things: readonly Thing[],
  fingerprintOf: (thing: Thing) => string | undefined,
): (exposure: Pick<Exposure, 'fingerprint' | 'aliases'>) => readonly Thing[] {
  const index = new Map<string, Thing[]>();
  for (const thing of things) {
    const fingerprint = fingerprintOf(thing);
    if (fingerprint === undefined) continue;
    const known = index.get(fingerprint);
    if (known === undefined) index.set(fingerprint, [thing]);
    else known.push(thing);
  }
  const lengths = [...new Set([...index.keys()].map(({ length }) => length))];
  return ({ fingerprint, aliases }) => {
    if (lengths.length === 0) return [];
    const found = new Set<Thing>();
    for (const own of [fingerprint, ...aliases.map((alias) => alias.fingerprint)]) {
      for (const length of lengths) {
        for (const thing of index.get(own.slice(0, length)) ?? []) found.add(thing);
      }
    }
    return [...found];
  };
}
