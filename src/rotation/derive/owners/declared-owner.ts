/** The owner that the inventory states (rotation.md §4.2, O1). */
import type { Exposure } from '../../../model/exposure.js';
import { factAttributes, secretSubject } from '../../attributes.js';
import type { Estate } from '../../estate.js';
import type { Fact } from '../../fact.js';
import { inventoryMatcher, isStaleEntry } from '../inventory-match.js';
import type { PartyBook } from './people.js';

/** Reader of the facts about the owner of a secret; none where entries of one rank compete. */
export function declaredOwners(estate: Estate, parties: PartyBook): (exposure: Exposure) => readonly Fact[] {
  const match = inventoryMatcher(estate);
  return (exposure) => {
    const found = match(exposure);
    const [entry] = found?.entries ?? [];
    // A kind alone says how such secrets are handled, never whose this one is.
    if (found === undefined || entry === undefined || found.entries.length > 1 || found.by === 'kind')
      return [];
    const isStale = isStaleEntry(entry, estate);
    const fact = (attribute: string, value: string): Fact => ({
      subject: secretSubject(exposure.fingerprint),
      attribute,
      value: parties.find(value).id,
      origin: 'inventory',
      rule: 'O1',
      confidence: 'asserted',
      evidence: [{ place: entry.origin.file, note: `entry ${entry.id} by ${found.by}` }],
      ...(entry.reviewed === undefined ? {} : { assertedAt: `${entry.reviewed}T00:00:00Z` }),
      ...(isStale ? { stale: true } : {}),
    });
    return [
      ...(entry.owner === undefined ? [] : [fact(factAttributes.owner, entry.owner)]),
      ...(entry.backupOwner === undefined ? [] : [fact(factAttributes.backupOwner, entry.backupOwner)]),
    ];
  };
}
