/** What exports say of a record: each condition of the proof that it is gone, by itself. */
import { expect, test } from 'vitest';
import type { RootEvidence } from '../../../../src/rotation/verify/evidence.js';
import { judgeRecord } from '../../../../src/rotation/verify/judge-record.js';
import { chatLocation, type RecordOptions } from '../../../support/exposure-builder.js';
import { exportOf, heldOf } from './builder.js';

const written = '2026-10-15T12:00:00Z';
const facts = { reader: 'slack-messages', source: 'day.json', role: 'body' } as const;
const message = (record: RecordOptions['record'] = {}) =>
  chatLocation('#ops', '17', { record: { created: written, facts, ...record } });
const old = message();

const early = '2026-10-01T00:00:00Z';
const october = exportOf(old, [early, '2026-10-31T00:00:00Z'], { locator: '/a.zip' });
const november = exportOf(old, [early, '2026-11-30T00:00:00Z'], { locator: '/b.zip' });
const purgedAt = '2026-11-10T00:00:00Z';

/** State and reason; `shows` are locators of exports that have the record. */
function judged(
  exports: readonly RootEvidence[],
  shows: readonly string[],
  purge?: string,
  draft = old,
  lost: readonly string[] = [],
): string {
  const copies = [
    ...shows.map((locator) => heldOf(draft, { locator })),
    ...lost.map((locator) => heldOf(draft, { locator, isThere: false })),
  ];
  const { state, reason } = judgeRecord(copies, exports, purge);
  return `${state} ${reason}`;
}

test('an export that shows it, made after the purge or without one: it is there', () => {
  expect(judged([october], ['/a.zip'])).toBe('present found');
  expect(judged([october], ['/a.zip'], '2026-10-30T00:00:00Z')).toBe('present found');
  expect(judged([october], ['/a.zip'], '2026-10-31T00:00:00Z')).toBe('unproven export-older');
  expect(judged([october], ['/a.zip'], purgedAt)).toBe('unproven export-older');
  const { asOf: _, ...undated } = october;
  expect(judged([undated], ['/a.zip'], purgedAt)).toBe('unproven export-undated');
});

test('a newer export that lacks it, with records around it: it is gone', () => {
  expect(judged([october, november], ['/a.zip'])).toBe('gone newer-export-lacks-it');
  expect(judged([october, november], ['/a.zip'], purgedAt)).toBe('gone newer-export-lacks-it');
  // The file of the export was replaced by a newer one.
  expect(judged([november], [], purgedAt, old, ['/b.zip'])).toBe('gone newer-export-lacks-it');
  expect(judged([november], [], undefined, old, ['/b.zip'])).toBe('gone newer-export-lacks-it');
});

test('the export that lacks it must be newer than each that shows it, and than the purge', () => {
  expect(judged([october, november], ['/b.zip'])).toBe('present found');
  expect(judged([october, november], ['/b.zip'], purgedAt)).toBe('present found');
  expect(judged([october, { ...november, asOf: '2026-10-31T00:00:00Z' }], ['/a.zip'])).toBe('present found');
  expect(judged([october, november], ['/a.zip'], '2026-11-30T00:00:00Z')).toBe('unproven export-older');
  expect(judged([october, november], [], '2026-12-01T00:00:00Z', old, ['/a.zip'])).toBe(
    'unproven export-older',
  );
  const third = exportOf(old, [early, '2026-12-30T00:00:00Z'], { locator: '/c.zip' });
  expect(judged([october, november, third], ['/a.zip', '/c.zip'])).toBe('present found');
});

test('it must have been read whole, by the reader of the record', () => {
  const { readAt: _, ...unread } = november;
  expect(judged([october, unread], ['/a.zip'], purgedAt)).toBe('unproven export-older');
  expect(judged([unread], [], purgedAt, old, ['/b.zip'])).toBe('unproven not-read');
  for (const cut of [{ gaps: { 'export-damaged': 1 } }, { isUnsettled: true }])
    expect(judged([{ ...november, ...cut }], [], purgedAt, old, ['/b.zip'])).toBe(
      'unproven read-incompletely',
    );
  const table = { ...november, readers: ['slack-csv'] };
  expect(judged([table], [], purgedAt, old, ['/b.zip'])).toBe('unproven left-out');
  expect(judged([{ ...november, readers: [] }], [], purgedAt, old, ['/b.zip'])).toMatch(/^gone/);
  const { facts: __, ...plain } = { created: written, facts };
  const untold = chatLocation('#ops', '17', { record: plain });
  expect(judged([table], [], purgedAt, untold, ['/b.zip'])).toMatch(/^gone/);
});

test('it must hold records before and after it in the same place', () => {
  const cut = (first: string | undefined, last: string | undefined): string =>
    judged(
      [{ ...november, records: { count: 2, ...(first && { first }), ...(last && { last }) } }],
      [],
      purgedAt,
      old,
      ['/b.zip'],
    );
  expect(cut(early, '2026-10-16T00:00:00Z')).toMatch(/^gone/);
  expect(cut(written, '2026-10-16T00:00:00Z')).toBe('unproven export-not-around');
  expect(cut(early, written)).toBe('unproven export-not-around');
  expect(cut(undefined, '2026-10-16T00:00:00Z')).toBe('unproven export-not-around');
  expect(cut(early, undefined)).toBe('unproven export-not-around');
  const { records: _, ...none } = november;
  expect(judged([none], [], purgedAt, old, ['/b.zip'])).toBe('unproven export-not-around');
  const { created: __, ...undated } = { created: written, facts };
  const draft = chatLocation('#ops', '17', { record: { ...undated, created: undefined as never } });
  expect(judged([november], [], purgedAt, draft, ['/b.zip'])).toBe('unproven copy-undated');
});

test('the reason is that of the export nearest to a proof, and each export is told', () => {
  const cut = {
    ...november,
    records: { count: 1, first: '2026-10-20T00:00:00Z', last: '2026-11-30T00:00:00Z' },
  };
  const copies = [heldOf(old, { locator: '/a.zip' })];
  const judgement = judgeRecord(copies, [cut, october], purgedAt);
  expect(judgement).toMatchObject({ state: 'unproven', reason: 'export-not-around' });
  expect(judgement.roots).toEqual([
    { locator: '/a.zip', state: 'unproven', reason: 'export-older', asOf: october.asOf },
    { locator: '/b.zip', state: 'unproven', reason: 'export-not-around', asOf: november.asOf },
  ]);
  expect(judgeRecord(copies, [november, october], purgedAt).roots).toEqual([
    { locator: '/a.zip', state: 'gone', reason: 'newer-export-lacks-it', asOf: october.asOf },
    { locator: '/b.zip', state: 'gone', reason: 'newer-export-lacks-it', asOf: november.asOf },
  ]);
  expect(judgeRecord(copies, [october]).roots).toMatchObject([{ state: 'present', reason: 'found' }]);
  const older = exportOf(old, [early, '2026-10-20T00:00:00Z'], { locator: '/0.zip' });
  expect(judgeRecord(copies, [october, older]).roots).toEqual([
    { locator: '/0.zip', state: 'unproven', reason: 'export-older', asOf: older.asOf },
    { locator: '/a.zip', state: 'present', reason: 'found', asOf: october.asOf },
  ]);
  const { asOf: _, ...undated } = october;
  expect(judgeRecord(copies, [undated], purgedAt).roots).toEqual([
    { locator: '/a.zip', state: 'unproven', reason: 'export-undated' },
  ]);
  const { asOf: __, ...lacking } = november;
  expect(judgeRecord([heldOf(old, { locator: '/b.zip', isThere: false })], [lacking]).roots).toEqual([
    { locator: '/b.zip', state: 'unproven', reason: 'export-undated' },
  ]);
  expect(judgeRecord([heldOf(old, { locator: '/nowhere' })], [], purgedAt)).toMatchObject({
    state: 'unproven',
    reason: 'not-read',
  });
});
