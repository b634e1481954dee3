/**
 * Groups of secrets that must be looked at together, so that a large estate can be planned group by group: halves of a
 * pair, values of one principal, what was made with what, and what replaced what.
 */
import type { SecretRelation } from '../dossier.js';
import { codePointOrder } from '../order.js';

/** Openers are left out: a vault's token is related to everything in the vault, and no plan holds all of that. */
const binding: ReadonlySet<string> = new Set([
  'pair',
  'contains',
  'keypair',
  'same-principal',
  'alternate',
  'supersedes',
  'signs',
  'mints',
]);

class Sets {
  readonly #parents = new Map<string, string>();

  root(name: string): string {
    let root = name;
    for (let up = this.#parents.get(root); up !== undefined; up = this.#parents.get(root)) root = up;
    // Shorten the way for the next question.
    for (let at = name; at !== root; ) {
      const up = this.#parents.get(at) ?? root;
      this.#parents.set(at, root);
      at = up;
    }
    return root;
  }

  unite(a: string, b: string): void {
    const [first, second] = [this.root(a), this.root(b)].sort(codePointOrder);
    if (first !== undefined && second !== undefined && first !== second) this.#parents.set(second, first);
  }
}

/**
 * Batches of at least `size` secrets (the last may be smaller), none of which divides a group. Sorted, so that the same
 * estate gives the same batches.
 *
 * @param fingerprints all secrets in question
 */
export function togetherBatches(
  fingerprints: readonly string[],
  relations: ReadonlyMap<string, readonly SecretRelation[]>,
  size: number,
): string[][] {
  const sets = new Sets();
  const known = new Set(fingerprints);
  for (const fingerprint of fingerprints) {
    for (const { relation, to } of relations.get(fingerprint) ?? []) {
      if (binding.has(relation) && known.has(to)) sets.unite(fingerprint, to);
    }
  }
  const groups = new Map<string, string[]>();
  for (const fingerprint of [...fingerprints].sort(codePointOrder)) {
    const root = sets.root(fingerprint);
    const members = groups.get(root);
    if (members === undefined) groups.set(root, [fingerprint]);
    else members.push(fingerprint);
  }
  const batches: string[][] = [];
  let batch: string[] = [];
  for (const members of groups.values()) {
    for (const member of members) batch.push(member);
    if (batch.length < size) continue;
    batches.push(batch);
    batch = [];
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
