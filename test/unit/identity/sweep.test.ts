import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../src/identity/fingerprint.js';
import { sipKeyOf } from '../../../src/identity/siphash.js';
import { anchorOf, anchorTableOf, copiesIn, visitStrongRuns } from '../../../src/identity/sweep.js';
import type { KnownAnchor } from '../../../src/model/finding.js';
import { parseKindId } from '../../../src/model/ids.js';

const sipKey = sipKeyOf(Buffer.alloc(16, 3));
const key = Buffer.alloc(32, 4);

function known(value: string): KnownAnchor {
  const bytes = Buffer.from(value);
  const anchor = anchorOf(sipKey, bytes);
  if (anchor === undefined) throw new Error('no anchor');
  return {
    ...anchor,
    fingerprint: fingerprintOf(key, bytes),
    kind: parseKindId('x'),
    confidence: 'high',
    strengthBits: 60,
  };
}

function runsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const runs: string[] = [];
  visitStrongRuns(bytes, 0, bytes.length, (start, end) => runs.push(bytes.toString('latin1', start, end)));
  return runs;
}

describe('strong runs', () => {
  it('are mixed from 6 bytes, uniform from 16', () => {
    expect(runsOf('password abc123 123456 abcdefghijklmnop 1234567890123456 a1b2')).toEqual([
      'abc123',
      'abcdefghijklmnop',
      '1234567890123456',
    ]);
  });

  it('behind an escape are visited twice', () => {
    expect(runsOf('%2Babc123 \\nabc123 \\u002babc123')).toEqual([
      '2Babc123',
      'abc123',
      'nabc123',
      'abc123',
      'u002babc123',
      'abc123',
    ]);
  });
});

describe('copies', () => {
  it('finds the value wherever it stands, with its punctuation', () => {
    const value = 'p:w/abc123-X9$ z';
    const table = anchorTableOf([known(value)]);
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...' .-:/\n"=') }),
        fc.string({ unit: fc.constantFrom(...' .-:/\n"=') }),
        (before, after) => {
          const bytes = Buffer.from(`${before}${value}${after}`);
          const [copy] = copiesIn(sipKey, key, table, bytes);
          expect(copy).toMatchObject({ start: before.length, end: before.length + value.length });
        },
      ),
    );
  });

  it('is not fooled by a run of its own in another value', () => {
    const table = anchorTableOf([known('p-abc123-q')]);
    expect(copiesIn(sipKey, key, table, Buffer.from('p-abc123-r x-abc123-q abc123'))).toEqual([]);
  });

  it('gives overlapping copies once, the longest at one start', () => {
    const table = anchorTableOf([known('abc123'), known('abc123-def456')]);
    const found = copiesIn(sipKey, key, table, Buffer.from('= abc123-def456;'));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ start: 2, end: 15 });
  });

  it('has no anchor for weak values', () => {
    for (const value of ['hunter', 'a-b-c', '12345', ''])
      expect(anchorOf(sipKey, Buffer.from(value))).toBeUndefined();
  });
});
