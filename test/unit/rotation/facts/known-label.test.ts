import { describe, expect, it } from 'vitest';
import type { KindLabel, Location } from '../../../../src/model/exposure.js';
import { parseKindId, parseRuleId } from '../../../../src/model/ids.js';
import { knownLabel } from '../../../../src/rotation/facts/known-label.js';
import { headLocation, secretOf } from '../../../support/exposure-builder.js';
import { shippedProviders } from '../../../support/planning.js';

function labelOf(kind: string): KindLabel {
  return { kind: parseKindId(kind), rule: parseRuleId(kind), confidence: 'high' };
}

/** A secret under these labels, with so many copies of each kind. */
function seenAs(copies: Readonly<Record<string, number>>): Parameters<typeof knownLabel>[0] {
  const [first] = secretOf('it', { locations: [headLocation('acme/api', 'a.env')] }).locations;
  const locations = Object.entries(copies).flatMap(([kind, count]) =>
    Array.from({ length: count }, () => ({ ...first, kind: parseKindId(kind) }) as Location),
  );
  return { labels: Object.keys(copies).map(labelOf), attributes: [], locations };
}

describe('the label that says how a value is rotated', () => {
  const rowOf = (copies: Readonly<Record<string, number>>): string =>
    knownLabel(seenAs(copies), shippedProviders()).provider.id;

  it('is that of most copies, where the table knows several', () => {
    expect(rowOf({ 'mssql-connection-string': 1, 'postgres-uri': 10 })).toBe('postgres.password');
  });

  it('is the most specific one of as many copies', () => {
    const [first, second] = ['mssql-connection-string', 'postgres-uri'];
    expect(rowOf({ [first ?? '']: 2, [second ?? '']: 2 })).not.toBe('postgres.password');
  });

  it('is one that the table knows before one that it does not, however few copies it has', () => {
    expect(rowOf({ 'generic-password-code': 9, 'postgres-uri': 1 })).toBe('postgres.password');
  });
});
