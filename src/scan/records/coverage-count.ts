/** Counts what a reader handed over, so that "0 secrets" can be told from "0 read". */
import type { System } from '../../model/place.js';
import type { ExportCoverage, PlaceRecords } from '../../model/receipt.js';
import type { JsonTape } from '../../prefilter/json-tape.js';
import type { CoverageNote, ExportRecord, RecordPlace } from '../../sources/exports/contract.js';
import { damagedKey } from '../../sources/exports/json-remainder.js';
import type { LeanElement } from '../../sources/exports/lean-record.js';
import type { LeanRecord } from './lean-draft.js';
import { placeOf } from './record-place.js';

/** Unknown keys told by name; the rest is counted. */
const maxKeys = 50;

/** A time as an element has it. */
interface LeanTime {
  readonly element: LeanElement;
  readonly text: string;
}

interface Tally {
  readonly place: PlaceRecords['place'];
  count: number;
  first: string | LeanTime | undefined;
  last: string | LeanTime | undefined;
  /** Both in ms since 1970. */
  firstMs: number;
  lastMs: number;
}

export class CoverageCount {
  readonly #reader: string;
  readonly #system: System;
  readonly #places = new Map<string, Tally>();
  readonly #notes = new Map<CoverageNote, number>();
  readonly #keys = new Map<string, number>();
  #records = 0;
  #texts = 0;
  #last: { readonly place: RecordPlace; readonly tally: Tally } | undefined;

  constructor(reader: string, system: System) {
    this.#reader = reader;
    this.#system = system;
  }

  record({ place, texts, time, revision, type }: ExportRecord): void {
    this.#records++;
    this.#texts += texts.length;
    const tally = this.#tally(place);
    tally.count++;
    const created = time?.created;
    // What is quoted was written elsewhere, at another time.
    const isDated = created !== undefined && type !== 'profile' && revision.state !== 'quoted-copy';
    if (isDated) date(tally, Date.parse(created), created);
  }

  lean({ place, texts, createdMs, created }: LeanRecord, element: LeanElement, tape: JsonTape): void {
    this.#records++;
    this.#texts += texts;
    const tally = this.#tally(place);
    tally.count++;
    if (createdMs === undefined) return;
    const isFirst = tally.first === undefined || createdMs < tally.firstMs;
    const isLast = tally.last === undefined || createdMs > tally.lastMs;
    if (isFirst || isLast) date(tally, createdMs, { element, text: tape.string(created) });
  }

  note(note: CoverageNote, count: number): void {
    this.#notes.set(note, (this.#notes.get(note) ?? 0) + count);
  }

  unknownKey(key: string): void {
    // No key of the export's: what a damaged record says besides stands under it.
    if (key === damagedKey) return;
    if (this.#keys.size < maxKeys || this.#keys.has(key)) this.#keys.set(key, (this.#keys.get(key) ?? 0) + 1);
  }

  /** All but the gaps, which whoever reports problems counts. */
  result(): Omit<ExportCoverage, 'gaps'> {
    return {
      reader: this.#reader,
      system: this.#system,
      files: 1,
      records: this.#records,
      texts: this.#texts,
      notes: Object.fromEntries(this.#notes),
      unknownKeys: [...this.#keys.keys()].sort(),
      places: [...this.#places.values()].map(({ place, count, first, last }) => ({
        place,
        count,
        ...(first === undefined ? {} : { first: textOf(first) }),
        ...(last === undefined ? {} : { last: textOf(last) }),
      })),
    };
  }

  #tally(place: RecordPlace): Tally {
    // Records of one file mostly share one place, many of them the very object.
    const last = this.#last;
    if (last !== undefined && (last.place === place || isSame(last.place, place))) return last.tally;
    const full = placeOf(this.#system, place);
    let tally = this.#places.get(full.key);
    if (tally === undefined) {
      tally = { place: full, count: 0, first: undefined, last: undefined, firstMs: 0, lastMs: 0 };
      this.#places.set(full.key, tally);
    }
    this.#last = { place, tally };
    return tally;
  }
}

function isSame(a: RecordPlace, b: RecordPlace): boolean {
  return (
    a.id === b.id &&
    a.name === b.name &&
    a.kind === b.kind &&
    a.tenant === b.tenant &&
    a.audience === b.audience &&
    a.archived === b.archived
  );
}

/** Takes note of a time of creation. */
function date(tally: Tally, ms: number, text: string | LeanTime): void {
  if (tally.first === undefined || ms < tally.firstMs) {
    tally.first = text;
    tally.firstMs = ms;
  }
  if (tally.last === undefined || ms > tally.lastMs) {
    tally.last = text;
    tally.lastMs = ms;
  }
}

function textOf(time: string | LeanTime): string {
  return typeof time === 'string' ? time : time.element.time(time.text);
}
