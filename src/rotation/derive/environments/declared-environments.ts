/** Environments that the inventory states for a secret (rotation.md §4.3, E1). */
import type { Exposure } from '../../../model/exposure.js';
import { factAttributes, secretSubject } from '../../attributes.js';
import type { Estate } from '../../estate.js';
import type { Fact } from '../../fact.js';
import { inventoryMatcher, isStaleEntry } from '../inventory-match.js';

/** Reader of those of one secret; none where entries of one rank compete. */
export function declaredEnvironments(estate: Estate): (exposure: Exposure) => readonly Fact[] {
  const match = inventoryMatcher(estate);
  return (exposure) => {
    const found = match(exposure);
    const [entry] = found?.entries ?? [];
    if (found === undefined || entry === undefined || found.entries.length > 1) return [];
    const note = `entry ${entry.id} by ${found.by}`;
    return entry.environment.map(
      (value): Fact => ({
        subject: secretSubject(exposure.fingerprint),
        attribute: factAttributes.environment,
        value,
        origin: 'inventory',
        rule: 'E1',
        confidence: 'asserted',
        evidence: [{ place: entry.origin.file, note }],
        ...(entry.reviewed === undefined ? {} : { assertedAt: `${entry.reviewed}T00:00:00Z` }),
        ...(isStaleEntry(entry, estate) ? { stale: true } : {}),
      }),
    );
  };
}
