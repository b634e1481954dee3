import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../src/model/problem.js';
import {
  type Baseline,
  type BaselineEntry,
  baselineEntryOf,
  checkBaseline,
  committedHash,
  formatBaseline,
  mergeBaseline,
  newBaselineHeader,
  parseBaseline,
  pruneBaseline,
} from '../../../src/suppress/baseline.js';

/** Cheap cost: the tests are about the form. */
const cheap = { n: 16, r: 1, p: 1 };
const salt = Buffer.alloc(16, 7);
const facts = { weak: false, kind: 'generic-secret', place: 'git:x/y', path: 'a.env', slot: 'KEY' };
const value = Buffer.from('a value that is strong enough');

describe('hash', () => {
  test('is told again by salt and cost alone, and differs with each', () => {
    const hash = committedHash(salt, cheap, value);
    expect(hash).toMatch(/^[0-9a-f]{32}$/);
    expect(committedHash(Buffer.from(salt), { ...cheap }, Buffer.from(value))).toBe(hash);
    expect(committedHash(Buffer.alloc(16, 8), cheap, value)).not.toBe(hash);
    expect(committedHash(salt, { ...cheap, n: 32 }, value)).not.toBe(hash);
    expect(committedHash(salt, cheap, value.subarray(1))).not.toBe(hash);
  });

  test('works at the default cost', () => {
    const header = newBaselineHeader();
    expect(header.salt).toHaveLength(16);
    expect(committedHash(header.salt, header.scrypt, value)).toMatch(/^[0-9a-f]{32}$/);
    expect(newBaselineHeader().salt).not.toEqual(header.salt);
  });
});

test('nothing of a weak value goes into the entry', () => {
  const header = { salt, scrypt: cheap };
  const one = baselineEntryOf(header, { ...facts, weak: true }, Buffer.from('admin'));
  const other = baselineEntryOf(header, { ...facts, weak: true }, Buffer.from('secret'));
  expect(one).toEqual(other);
  expect(one).toEqual({ type: 'weak', kind: 'generic-secret', place: 'git:x/y', path: 'a.env', slot: 'KEY' });
});

test('a strong value is known at any path, a weak one only in its slot', () => {
  const header = { salt, scrypt: cheap };
  const entry = (over: Partial<typeof facts> & { weak?: boolean }, text = value): BaselineEntry =>
    baselineEntryOf(header, { ...facts, ...over }, text);
  const baseline: Baseline = { ...header, entries: [entry({}), entry({ weak: true, slot: 'PASSWORD' })] };
  const current = [
    entry({ path: 'moved/b.env', slot: 'OTHER' }),
    entry({ weak: true, slot: 'PASSWORD' }),
    entry({ weak: true, slot: 'PASSWORD', path: 'other.env' }),
    entry({}, Buffer.from('another strong value, never seen')),
  ];
  const { known, fresh, stale } = checkBaseline(baseline, current);
  expect(known).toEqual(current.slice(0, 2));
  expect(fresh).toEqual(current.slice(2));
  expect(stale).toEqual([]);
  expect(checkBaseline(baseline, []).stale).toEqual(baseline.entries);
  expect(pruneBaseline(baseline, current.slice(0, 1)).entries).toEqual(baseline.entries.slice(0, 1));
});

const text = fc.string({ maxLength: 20, unit: 'grapheme' });
const hexHash = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const reason = fc.option(text, { nil: undefined });
const anyEntry: fc.Arbitrary<BaselineEntry> = fc
  .oneof(
    fc.record({
      type: fc.constant('strong' as const),
      hash: hexHash,
      kind: fc.constant('a-kind'),
      path: text,
      reason,
    }),
    fc.record({
      type: fc.constant('weak' as const),
      kind: fc.constant('a-kind'),
      place: text,
      path: text,
      slot: text,
      reason,
    }),
  )
  .map(
    ({ reason: why, ...entry }) => (why === undefined ? entry : { ...entry, reason: why }) as BaselineEntry,
  );
const anyBaseline = fc
  .array(anyEntry, { maxLength: 12 })
  .map((entries): Baseline => ({ salt, scrypt: cheap, entries }));

test('what is written is read again, whatever the order it was made in', () => {
  fc.assert(
    fc.property(anyBaseline, (baseline) => {
      const written = formatBaseline(baseline);
      const read = parseBaseline(written, 'baseline.json');
      expect(formatBaseline(read)).toBe(written);
      expect(formatBaseline(mergeBaseline(read, baseline.entries))).toBe(written);
      expect(checkBaseline(read, baseline.entries)).toMatchObject({ fresh: [], stale: [] });
    }),
  );
});

test('merging keeps the reasons that are there', () => {
  const entry: BaselineEntry = { type: 'strong', hash: 'ab'.repeat(16), kind: 'a-kind', path: 'a' };
  const baseline: Baseline = { salt, scrypt: cheap, entries: [{ ...entry, reason: 'known' }] };
  expect(mergeBaseline(baseline, [entry]).entries).toEqual([{ ...entry, reason: 'known' }]);
});

test('one entry a line, sorted', () => {
  const entries = ['cd', 'ab'].map(
    (pair): BaselineEntry => ({ type: 'strong', hash: pair.repeat(16), kind: 'k', path: 'p' }),
  );
  const lines = formatBaseline({ salt, scrypt: cheap, entries }).split('\n');
  expect(lines.slice(5, 7)).toEqual([
    `{"hash":"${'ab'.repeat(16)}","kind":"k","path":"p"},`,
    `{"hash":"${'cd'.repeat(16)}","kind":"k","path":"p"}`,
  ]);
});

describe('a faulty file is refused', () => {
  const head = { format: 1, salt: 'ab'.repeat(16), scrypt: cheap, entries: [] as unknown[] };
  const strong = { hash: 'ab'.repeat(16), kind: 'k' };
  test.each([
    ['[]', 'not an object'],
    ['<<<<<<< HEAD', 'not JSON'],
    [JSON.stringify({ ...head, format: 2 }), 'format'],
    [JSON.stringify({ ...head, more: 1 }), 'unknown field'],
    [JSON.stringify({ ...head, salt: 'ab' }), 'salt'],
    [JSON.stringify({ ...head, scrypt: { n: 2 ** 30, r: 8, p: 1 } }), 'scrypt'],
    [JSON.stringify({ ...head, scrypt: { n: 2 ** 18, r: 16, p: 1 } }), 'scrypt'],
    [JSON.stringify({ ...head, scrypt: { n: 15, r: 8, p: 1 } }), 'scrypt'],
    [JSON.stringify({ ...head, entries: {} }), 'entries'],
    [JSON.stringify({ ...head, entries: [strong, { ...strong, hash: 'xyz' }] }), 'entry 2'],
    [JSON.stringify({ ...head, entries: [{ ...strong, value: 'x' }] }), 'entry 1'],
    [JSON.stringify({ ...head, entries: [{ ...strong, slot: 'x' }] }), 'entry 1'],
    [JSON.stringify({ ...head, entries: [{ kind: 'k', path: 'p', place: 'x' }] }), 'entry 1'],
    [JSON.stringify({ ...head, entries: [{ ...strong, kind: 7 }] }), 'entry 1'],
  ])('%s', (content, expected) => {
    expect(() => parseBaseline(content, 'b.json')).toThrow(ProblemError);
    expect(() => parseBaseline(content, 'b.json')).toThrow(expected);
  });

  test('without repeating what it held', () => {
    const secret = 'pasted-by-mistake';
    expect(() => parseBaseline(`{"format":1,${secret}`, 'b.json')).not.toThrow(secret);
  });
});
