/** Secrets that hang on others: what was made with one, what one opens. */

import { codePointOrder } from '../order.js';
import type { GraphDossier } from './graph-facts.js';

/** When so many are found, those that hang on them are not looked for any more. */
const enough = 1000;

const nothing: readonly string[] = [];

/** Finds, for a fingerprint, all that hang on it at any depth, sorted; the secret itself is never among them. */
export type Reach = (fingerprint: string) => readonly string[];

export function reachBy(dossiers: readonly GraphDossier[], relations: ReadonlySet<string>): Reach {
  const direct = new Map<string, readonly string[]>();
  for (const dossier of dossiers) {
    const own = dossier.relations.filter(
      ({ relation, direction }) => direction === 'from' && relations.has(relation),
    );
    if (own.length > 0) {
      direct.set(
        dossier.fingerprint,
        own.map(({ to }) => to),
      );
    }
  }
  return (fingerprint) => {
    const first = direct.get(fingerprint);
    if (first === undefined) return nothing;
    const found = new Set([fingerprint]);
    for (const secret of found) {
      if (found.size > enough) break;
      for (const to of direct.get(secret) ?? nothing) found.add(to);
    }
    found.delete(fingerprint);
    return [...found].sort(codePointOrder);
  };
}
