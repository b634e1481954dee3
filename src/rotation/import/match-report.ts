/** What imported statements are about, among the secrets of the database: for whoever just imported a file. */
import type { Exposure } from '../../model/exposure.js';
import { inventoryMatcher, type MatchContext, type SelectorType } from '../derive/inventory-match.js';
import { placeNames } from '../derive/place-names.js';
import { vaultMatcher } from '../derive/vault-match.js';
import type { InventoryEntry, VaultPath } from '../imports.js';
import { codePointOrder } from '../order.js';
import { type IdleStatements, idleReader } from './idle-statements.js';

export interface MatchedEntry {
  readonly entry: InventoryEntry;
  /** Secrets that it applies to. */
  readonly secrets: number;
  /** Secrets of a kind that it gives defaults to. */
  readonly defaults: number;
  /** Secrets that another entry claims with equal right. */
  readonly ambiguous: number;
}

/** A secret that entries of equal rank claim: none of them applies (`IMPORT_AMBIGUOUS`). */
export interface AmbiguousSecret {
  readonly fingerprint: string;
  readonly by: SelectorType | 'kind';
  readonly entries: readonly InventoryEntry[];
}

export interface MatchReport {
  /** Sorted by id and file. */
  readonly entries: readonly MatchedEntry[];
  /** Sorted by fingerprint. */
  readonly ambiguous: readonly AmbiguousSecret[];
  /** Rows of vault maps that are about no secret, sorted by path. */
  readonly unmatchedVault: readonly VaultPath[];
  /** Checks and attestations about nothing that is known. */
  readonly idle: IdleStatements;
  /** Names of places that no copy of a secret is in, as stated; sorted. */
  readonly unmatchedPlaces: readonly string[];
}

interface Count {
  secrets: number;
  defaults: number;
  ambiguous: number;
}

/** Looks at one secret after the other, so that they need not be in memory together. */
export async function matchReport(
  context: MatchContext,
  exposures: AsyncIterable<Exposure> | Iterable<Exposure>,
): Promise<MatchReport> {
  const { identities, vault } = context.imports;
  const matchOf = inventoryMatcher(context);
  const rowsOf = vaultMatcher(context);
  const counts = new Map<InventoryEntry, Count>(
    identities.map((entry) => [entry, { secrets: 0, defaults: 0, ambiguous: 0 }]),
  );
  const add = (entries: readonly InventoryEntry[], name: keyof Count): void => {
    for (const entry of entries) {
      const count = counts.get(entry);
      if (count !== undefined) count[name]++;
    }
  };
  const ambiguous: AmbiguousSecret[] = [];
  const rows = new Set(vault);
  const places = new Set(context.imports.placeFacts.map(({ place }) => place));
  const idle = idleReader(context.imports);
  for await (const exposure of exposures) {
    if (places.size > 0) {
      for (const name of exposure.locations.flatMap(placeNames)) places.delete(name);
    }
    for (const row of rowsOf(exposure)) rows.delete(row);
    const { match, defaults } = matchOf(exposure);
    idle.see(exposure, match?.entries.length === 1 ? match.entries[0]?.id : undefined);
    const claims = [
      { by: match?.by, entries: match?.entries ?? [], name: 'secrets' },
      { by: 'kind', entries: defaults, name: 'defaults' },
    ] as const;
    for (const { by, entries, name } of claims) {
      add(entries, entries.length > 1 ? 'ambiguous' : name);
      if (by !== undefined && entries.length > 1)
        ambiguous.push({ fingerprint: exposure.fingerprint, by, entries });
    }
  }
  return {
    entries: [...counts]
      .map(([entry, count]) => ({ entry, ...count }))
      .sort(
        (a, b) =>
          codePointOrder(a.entry.id, b.entry.id) || codePointOrder(a.entry.origin.file, b.entry.origin.file),
      ),
    ambiguous: ambiguous.sort(
      (a, b) => codePointOrder(a.fingerprint, b.fingerprint) || codePointOrder(a.by, b.by),
    ),
    idle: idle.rest(),
    unmatchedPlaces: [...places].sort(codePointOrder),
    unmatchedVault: [...rows].sort((a, b) => codePointOrder(a.path, b.path)),
  };
}
