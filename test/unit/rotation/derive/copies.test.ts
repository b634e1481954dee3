import { describe, expect, it } from 'vitest';
import { copiesOf, placeBook, widestAudience } from '../../../../src/rotation/derive/copies.js';
import type { Copy } from '../../../../src/rotation/dossier.js';
import {
  chatLocation,
  estateOf,
  fileLocation,
  headLocation,
  historyLocation,
  type LocationDraft,
  placeOf,
  secretOf,
  ticketLocation,
} from '../../../support/exposure-builder.js';

function copyOf(location: LocationDraft, imports = {}, places: Parameters<typeof estateOf>[1] = {}): Copy {
  const exposure = secretOf('x', { locations: [location] });
  const estate = estateOf([exposure], { ...places, imports });
  return copiesOf(exposure, placeBook(estate))[0] as Copy;
}

describe('copies', () => {
  it.each([
    ['head', headLocation('a/b', 'x')],
    ['head', headLocation('a/b', 'x', { locationKind: 'git-other-tip' })],
    ['history-only', historyLocation('a/b', 'x')],
    ['history-only', historyLocation('a/b', 'x', { locationKind: 'git-unreachable' })],
    ['present', fileLocation('home', 'x')],
    ['present', chatLocation('#ops', '1')],
    ['present', chatLocation('#ops', '1', { record: { revision: 'quoted-copy' } })],
    ['edited-out', chatLocation('#ops', '1', { record: { revision: 'previous' } })],
    [
      'edited-out',
      ticketLocation('PAY', '1', { record: { locationKind: 'record-history', revision: 'current' } }),
    ],
    ['gone', headLocation('a/b', 'x', { status: { status: 'vanished' } })],
  ])('%s', (presence, location) => {
    expect(copyOf(location).presence).toBe(presence);
  });

  it('a chat, a ticket and its history are for people; a file and a terraform state are not', () => {
    expect(copyOf(chatLocation('#ops', '1')).isHuman).toBe(true);
    expect(copyOf(ticketLocation('PAY', '1', { record: { locationKind: 'record-history' } })).isHuman).toBe(
      true,
    );
    expect(copyOf(headLocation('a/b', 'x')).isHuman).toBe(false);
    const state = chatLocation('state', '1', { system: 'terraform', record: { locationKind: 'metadata' } });
    expect(copyOf(state).isHuman).toBe(false);
  });

  describe('audience', () => {
    const silent = headLocation('acme/api', 'x', { audience: 'unknown' });

    it('of the place stands in for what the location does not say', () => {
      expect(copyOf(silent, {}, { places: [placeOf(silent, { audience: 'restricted' })] }).audience).toBe(
        'restricted',
      );
    });

    it('stays unknown when nobody stated one', () => {
      expect(copyOf(silent).audience).toBe('unknown');
      expect(copyOf(silent, { placeFacts: [{ place: 'acme/api', audience: 'unknown' }] }).audience).toBe(
        'unknown',
      );
    });

    it('is what people say of the place, by key or name', () => {
      for (const place of ['acme/api', 'git:acme/api'])
        expect(copyOf(silent, { placeFacts: [{ place, audience: 'public' }] }).audience).toBe('public');
    });

    it('unknown is wider than internal and narrower than external', () => {
      expect(widestAudience(['internal', 'unknown'])).toBe('unknown');
      expect(widestAudience(['external', 'unknown'])).toBe('external');
      expect(widestAudience([])).toBe('unknown');
    });
  });

  it('names the custodian of the place unless the file has its own', () => {
    const exposure = secretOf('x', { locations: [headLocation('a/b', 'x')] });
    const book = placeBook(
      estateOf([exposure], { imports: { placeFacts: [{ place: 'a/b', custodian: 'team-a' }] } }),
    );
    expect(copiesOf(exposure, book)[0]?.custodian).toBe('team-a');
    expect(copiesOf(exposure, book, () => ({ custodian: 'team-b' }))[0]?.custodian).toBe('team-b');
  });

  it('come in one order whatever the order of the locations is', () => {
    const locations = [
      chatLocation('#ops', '2'),
      headLocation('a/b', 'y'),
      chatLocation('#ops', '1'),
      headLocation('a/b', 'x'),
    ];
    const order = (list: readonly LocationDraft[]): Copy[] => {
      const exposure = secretOf('x', { locations: list });
      return copiesOf(exposure, placeBook(estateOf([exposure])));
    };
    expect(order([...locations].reverse())).toEqual(order(locations));
  });
});
