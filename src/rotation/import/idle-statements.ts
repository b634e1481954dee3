/** Checks and attestations that are about nothing that is known: a typing error in them would else go unseen. */
import type { Exposure } from '../../model/exposure.js';
import { fingerprintIndex } from '../derive/fingerprint-index.js';
import { principalsOf } from '../derive/principal.js';
import type { Imports } from '../imports.js';
import { sortedSet } from '../order.js';

export interface IdleStatements {
  /** Fingerprints of liveness rows, as stated; sorted. */
  readonly liveness: readonly string[];
  /** Principals, or ids of entries, of attestations; sorted. */
  readonly attestations: readonly string[];
}

export interface IdleReader {
  /** @param entry id of the entry that applies to it */
  see(exposure: Exposure, entry: string | undefined): void;
  /** What no secret that was seen is meant by. */
  rest(): IdleStatements;
}

export function idleReader({
  liveness,
  attestations,
}: Pick<Imports, 'liveness' | 'attestations'>): IdleReader {
  const checks = new Set(liveness.map(({ fingerprint }) => fingerprint));
  const principals = new Set(attestations.map(({ principal }) => principal));
  const namesOf = fingerprintIndex([...checks], (name) => name);
  return {
    see: (exposure, entry) => {
      if (checks.size > 0) for (const name of namesOf(exposure)) checks.delete(name);
      if (principals.size === 0) return;
      for (const { key } of principalsOf(exposure)) principals.delete(key);
      if (entry !== undefined) principals.delete(entry);
    },
    rest: () => ({ liveness: sortedSet(checks), attestations: sortedSet(principals) }),
  };
}
