import { describe, expect, test } from 'vitest';
import type { Copy } from '../../../../src/rotation/dossier.js';
import { stepId } from '../../../../src/rotation/plan/step-draft.js';
import { documentKeyOf, placeKey } from '../../../../src/rotation/plan/steps/purge-keys.js';
import type { Cleaning } from '../../../../src/rotation/plan/steps/purge-places.js';
import { documentKey, purgeTimes } from '../../../../src/rotation/verify/purge-times.js';
import {
  chatLocation,
  headLocation,
  type LocationDraft,
  secretOf,
} from '../../../support/exposure-builder.js';
import { hour, Recorded } from '../log/fixtures.js';

function copyOf(draft: LocationDraft, more: Partial<Copy> = {}): Copy {
  const [location] = secretOf('old', { locations: [draft] }).locations;
  if (location === undefined) throw new RangeError('a secret with a location has one');
  return { location, presence: 'present', audience: 'internal', environments: [], isHuman: false, ...more };
}

const idOf = (key: readonly string[]): string => stepId('purge', key.join('\0'));
const ofDocument = (copy: Copy, cleaning: Cleaning): string => idOf(documentKeyOf(copy, cleaning));

const first = copyOf(chatLocation('#ops', '1'), { custodian: 'ops' });
const second = copyOf(chatLocation('#ops', '2'), { custodian: 'ops' });
const file = copyOf(headLocation('acme/api', '.env'), { custodian: '@acme/api' });

describe('times of purges', () => {
  test('each document has its own, its place the last of them, and the rest of the plan the last of all', () => {
    const recorded = new Recorded()
      .done(1, ofDocument(first, 'chat'))
      .done(3, ofDocument(second, 'chat'))
      .done(5, idOf(placeKey(copyOf(headLocation('acme/other', 'x')), 'history')));
    const times = purgeTimes(recorded.plan, [first, second, file]);
    expect([times.get(documentKey(first)), times.get(documentKey(second))]).toEqual([hour(1), hour(3)]);
    expect(times.get(first.location.place)).toBe(hour(3));
    expect([times.get(documentKey(file)), times.get(file.location.place)]).toEqual([undefined, undefined]);
    expect(times.get('')).toBe(hour(5));
  });

  test('are found when the copy lies in history meanwhile, or was for somebody who left', () => {
    const recorded = new Recorded().done(2, ofDocument(file, 'head'));
    const past = copyOf(file.location as LocationDraft, {
      custodian: 'bo',
      formerCustodian: '@acme/api',
      presence: 'history-only',
    });
    expect(purgeTimes(recorded.plan, [past]).get(documentKey(past))).toBe(hour(2));
  });

  test('are none without a plan, and none of what was only begun', () => {
    expect(purgeTimes(undefined, [file]).size).toBe(0);
    const begun = new Recorded().done(2, ofDocument(file, 'head'), 'ana', 'doing');
    expect(purgeTimes(begun.plan, [file]).size).toBe(0);
  });
});
