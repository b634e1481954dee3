import { describe, expect, it } from 'vitest';
import { factAttributes, secretSubject } from '../../../../src/rotation/attributes.js';
import { buildDossiers } from '../../../../src/rotation/build-dossier.js';
import type { Dossier } from '../../../../src/rotation/dossier.js';
import type { Fact } from '../../../../src/rotation/fact.js';
import { withOverdue } from '../../../../src/rotation/policy/with-overdue.js';
import {
  commitOf,
  estateOf,
  factOf,
  fingerprintOf,
  headLocation,
  secretOf,
  testNow,
} from '../../../support/exposure-builder.js';
import { decideFacts, defaultPolicy } from '../../../support/policy-builder.js';

/** Policy allows production's static values 90 days. */
const decision = decideFacts(defaultPolicy(), { 'environment.highest': 'prod', 'secret.class': 'static' });

/** A value that has stood in its slot for so many days. */
function isOverdueAfter(days: number, facts: readonly Fact[] = []): boolean {
  const location = headLocation('acme/api', '.env', {
    slot: 'KEY',
    introduced: commitOf('c', { daysAgo: days }),
  });
  const [dossier] = buildDossiers(
    estateOf([secretOf('a', { locations: [location] })]),
    facts,
    new Map(),
    new Map(),
  );
  return withOverdue(dossier as Dossier, decision, testNow).conditions.includes('OVERDUE');
}

describe('overdue by policy', () => {
  it('is what stands longer than policy allows', () => {
    expect(isOverdueAfter(91)).toBe(true);
    expect(isOverdueAfter(90)).toBe(false);
  });

  it('is not what the inventory allows longer, or what is over', () => {
    const own = secretSubject(fingerprintOf('a'));
    const allowed = factOf(own, factAttributes.maxAge, 365 * 86_400_000, { origin: 'inventory' });
    const dead = factOf(own, factAttributes.liveness, 'dead', { origin: 'inventory' });
    expect(isOverdueAfter(91, [allowed])).toBe(false);
    expect(isOverdueAfter(91, [{ ...allowed, stale: true }])).toBe(true);
    expect(isOverdueAfter(91, [dead])).toBe(false);
  });
});
