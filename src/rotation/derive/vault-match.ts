/** Which rows of the vault map are about a secret: by fingerprint, by a slot it stands in, by principal. */
import type { Exposure, Location } from '../../model/exposure.js';
import type { Estate } from '../estate.js';
import type { VaultPath } from '../imports.js';
import { codePointOrder } from '../order.js';
import { presenceOf } from './copies.js';
import { fingerprintIndex } from './fingerprint-index.js';
import { principalsOf } from './principal.js';
import { slotNames } from './slots.js';

function indexBy(
  rows: readonly VaultPath[],
  keyOf: (row: VaultPath) => string | undefined,
): ReadonlyMap<string, readonly VaultPath[]> {
  const index = new Map<string, VaultPath[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === undefined) continue;
    const known = index.get(key);
    if (known === undefined) index.set(key, [row]);
    else known.push(row);
  }
  return index;
}

/** What a slot held once is not what the vault holds now. */
function isNow(location: Location): boolean {
  const presence = presenceOf(location);
  return presence === 'head' || presence === 'present';
}

/**
 * Finder of the rows about a secret, sorted by path. A row that names a fingerprint is about that value alone; slot and
 * principal stand in for it where nobody took one.
 */
export function vaultMatcher({
  imports,
}: Pick<Estate, 'imports'>): (exposure: Exposure) => readonly VaultPath[] {
  const { vault } = imports;
  if (vault.length === 0) return () => [];
  const byFingerprint = fingerprintIndex(vault, ({ fingerprint }) => fingerprint);
  const others = vault.filter(({ fingerprint }) => fingerprint === undefined);
  const bySlot = indexBy(others, ({ slot }) => slot);
  const byPrincipal = indexBy(others, ({ slot, identity }) => (slot === undefined ? identity : undefined));
  return (exposure) => {
    const found = new Set(byFingerprint(exposure));
    if (bySlot.size > 0) {
      for (const location of exposure.locations) {
        const names = isNow(location) ? slotNames(location) : [];
        for (const row of names.flatMap((slot) => bySlot.get(slot) ?? [])) found.add(row);
      }
    }
    if (byPrincipal.size > 0) {
      for (const { key } of principalsOf(exposure)) {
        for (const row of byPrincipal.get(key) ?? []) found.add(row);
      }
    }
    return [...found].sort(
      (a, b) => codePointOrder(a.path, b.path) || codePointOrder(a.version ?? '', b.version ?? ''),
    );
  };
}
