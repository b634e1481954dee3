/**
 * What the files of a range held, added up by reader: an export has a hundred thousand files, and what is told of each
 * would be most of what a worker keeps and hands over.
 */
import type { System } from '../../model/place.js';
import type { ExportCoverage, PlaceRecords } from '../../model/receipt.js';

/** Unknown keys told by name. */
const maxKeys = 50;
/** Kept until only the first ones are. */
const manyKeys = 1000;

interface Sum {
  readonly reader: string;
  readonly system: System;
  files: number;
  records: number;
  texts: number;
  readonly notes: Map<string, number>;
  keys: Set<string>;
  readonly places: Map<string, PlaceRecords>;
}

export class CoverageSums {
  readonly #sums = new Map<string, Sum>();
  readonly #damaged: ExportCoverage[] = [];

  add(coverage: ExportCoverage): void {
    // Gaps concern the places of that file alone.
    if (Object.keys(coverage.gaps).length > 0) {
      this.#damaged.push(coverage);
      return;
    }
    const sum = this.#sumOf(coverage);
    sum.files += coverage.files;
    sum.records += coverage.records;
    sum.texts += coverage.texts;
    for (const note in coverage.notes)
      sum.notes.set(note, (sum.notes.get(note) ?? 0) + (coverage.notes[note] ?? 0));
    for (const key of coverage.unknownKeys) sum.keys.add(key);
    if (sum.keys.size > manyKeys) sum.keys = new Set(firstKeys(sum.keys));
    for (const records of coverage.places) {
      const { key } = records.place;
      const before = sum.places.get(key);
      sum.places.set(key, before === undefined ? records : joined(before, records));
    }
  }

  all(): ExportCoverage[] {
    const summed = [...this.#sums.values()].map((sum) => ({
      reader: sum.reader,
      system: sum.system,
      files: sum.files,
      records: sum.records,
      texts: sum.texts,
      notes: Object.fromEntries(sum.notes),
      unknownKeys: firstKeys(sum.keys),
      places: [...sum.places.values()],
      gaps: {},
    }));
    return [...summed, ...this.#damaged];
  }

  #sumOf({ reader, system }: ExportCoverage): Sum {
    let sum = this.#sums.get(reader);
    if (sum === undefined) {
      const counts = { files: 0, records: 0, texts: 0 };
      sum = { reader, system, ...counts, notes: new Map(), keys: new Set(), places: new Map() };
      this.#sums.set(reader, sum);
    }
    return sum;
  }
}

function firstKeys(keys: ReadonlySet<string>): string[] {
  return [...keys].sort().slice(0, maxKeys);
}

function joined(a: PlaceRecords, b: PlaceRecords): PlaceRecords {
  const first = firstOf(a.first, b.first, (one, other) => other < one);
  const last = firstOf(a.last, b.last, (one, other) => one < other);
  return {
    place: a.place,
    count: a.count + b.count,
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
  };
}

/** The first of two times unless the other is better, or the only one. */
function firstOf(
  one: string | undefined,
  other: string | undefined,
  isBetter: (one: number, other: number) => boolean,
): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return isBetter(Date.parse(one), Date.parse(other)) ? other : one;
}
