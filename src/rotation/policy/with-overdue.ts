/** Secrets that stand in their place for longer than policy allows. */
import { factAttributes, factsNamed } from '../attributes.js';
import { timeOf } from '../derive/sighting-dates.js';
import type { Dossier } from '../dossier.js';
import { longestInSlot } from '../measure/age.js';
import { sortedSet } from '../order.js';
import type { Decision } from './decision.js';

/**
 * The dossier with the condition `OVERDUE` where its value is older than policy's `max_age`. An inventory that states an
 * age of its own has the word: what came of it stands in the dossier already.
 *
 * @param now RFC 3339
 */
export function withOverdue(dossier: Dossier, { maxAgeMs }: Decision, now: string): Dossier {
  const time = timeOf(now);
  const isStated = factsNamed(dossier.facts, factAttributes.maxAge).some(({ stale }) => stale !== true);
  if (maxAgeMs === undefined || time === undefined || isStated) return dossier;
  if (dossier.liveness.value === 'dead' || dossier.lapsed.value === 'yes') return dossier;
  const inSlotMs = longestInSlot(dossier.fingerprint, dossier.slots, time);
  if (inSlotMs === undefined || inSlotMs <= maxAgeMs) return dossier;
  return { ...dossier, conditions: sortedSet([...dossier.conditions, 'OVERDUE']) };
}
