import { describe, expect, it } from 'vitest';
import type { ExportCoverage, PlaceRecords } from '../../../src/model/receipt.js';
import { CoverageSums } from '../../../src/scan/records/coverage-sums.js';
import { placeOf } from '../../../src/scan/records/record-place.js';

const place = (id: string): PlaceRecords['place'] =>
  placeOf('slack', { kind: 'channel', id, name: `#${id}`, audience: 'internal' });

const coverage = (own: Partial<ExportCoverage>): ExportCoverage => ({
  reader: 'slack-messages',
  system: 'slack',
  files: 1,
  records: 2,
  texts: 3,
  notes: {},
  unknownKeys: [],
  places: [],
  gaps: {},
  ...own,
});

describe('the sums of what files held', () => {
  it('adds up the files of one reader, and the records of one place', () => {
    const sums = new CoverageSums();
    const june = { first: '2026-06-01T10:00:00Z', last: '2026-06-30T10:00:00Z' };
    // Another zone: later in the day, earlier in time.
    const may = { first: '2026-06-01T11:00:00+02:00', last: '2026-06-02T10:00:00Z' };
    sums.add(coverage({ notes: { truncated: 1 }, places: [{ place: place('C1'), count: 2, ...june }] }));
    sums.add(
      coverage({ notes: { truncated: 2, malformed: 1 }, places: [{ place: place('C1'), count: 5, ...may }] }),
    );
    sums.add(coverage({ places: [{ place: place('C2'), count: 1 }] }));
    sums.add(coverage({ reader: 'slack-users' }));
    expect(sums.all()).toEqual([
      coverage({
        files: 3,
        records: 6,
        texts: 9,
        notes: { truncated: 3, malformed: 1 },
        places: [
          { place: place('C1'), count: 7, first: may.first, last: june.last },
          { place: place('C2'), count: 1 },
        ],
      }),
      coverage({ reader: 'slack-users' }),
    ]);
  });

  it('keeps a time that only one of the files has', () => {
    const sums = new CoverageSums();
    sums.add(
      coverage({ places: [{ place: place('C1'), count: 1, first: '2026-06-01', last: '2026-06-01' }] }),
    );
    sums.add(coverage({ places: [{ place: place('C1'), count: 1 }] }));
    expect(sums.all()[0]?.places).toEqual([
      { place: place('C1'), count: 2, first: '2026-06-01', last: '2026-06-01' },
    ]);
  });

  it('keeps a damaged file apart: its gaps concern its own places', () => {
    const sums = new CoverageSums();
    const damaged = coverage({ gaps: { 'export-damaged': 1 }, places: [{ place: place('C1'), count: 1 }] });
    sums.add(coverage({ places: [{ place: place('C1'), count: 4 }] }));
    sums.add(damaged);
    expect(sums.all()).toHaveLength(2);
    expect(sums.all()[1]).toBe(damaged);
  });

  it('names as many unknown keys as one file may have, whatever their number', () => {
    const sums = new CoverageSums();
    const keys = Array.from({ length: 3000 }, (_, i) => `key-${String(i).padStart(4, '0')}`);
    for (const key of keys.toReversed()) sums.add(coverage({ unknownKeys: [key] }));
    expect(sums.all()[0]?.unknownKeys).toEqual(keys.slice(0, 50));
  });
});
