/**
 * The places that one root's exports hold: each channel, project or space is a root of its own below the target's, so
 * that coverage, status and what has vanished are told place by place.
 */
import type { Appearance } from '../model/appearance.js';
import type { PlaceKey } from '../model/ids.js';
import { parsePlaceKey } from '../model/ids.js';
import type { Place } from '../model/place.js';
import type { InputProblemCode } from '../model/problem.js';
import type { ExportCoverage, Receipt } from '../model/receipt.js';
import type { ContentResult, RecordsRead, RootRef, ScanWriter } from '../store/store.js';

interface Below {
  readonly ref: RootRef;
  readonly place: Place;
  count: number;
  first: string | undefined;
  last: string | undefined;
  readonly readers: Set<string>;
  readonly gaps: Map<InputProblemCode, number>;
}

export class RecordRoots {
  readonly #main: RootRef;
  readonly #writer: ScanWriter;
  readonly #redact: (text: string) => string;
  readonly #below = new Map<PlaceKey, Below>();
  readonly #places = new Set<PlaceKey>();
  /** Gaps of single files, which concern the places in those files only. */
  readonly #ofFiles = new Map<InputProblemCode, number>();

  constructor(main: RootRef, writer: ScanWriter, redact: (text: string) => string) {
    this.#main = main;
    this.#writer = writer;
    this.#redact = redact;
  }

  /** Keys of the places that the root's exports hold; those of earlier scans too once it is finished. */
  get places(): ReadonlySet<PlaceKey> {
    return this.#places;
  }

  /** Notes the places of an unchanged root. */
  async confirm(): Promise<void> {
    for (const { place } of await this.#writer.rootsBelow(this.#main)) this.#places.add(place);
  }

  /** Notes what a file held, place by place. */
  async cover({ reader, places, gaps }: ExportCoverage): Promise<void> {
    addTo(this.#ofFiles, gaps);
    for (const { place, count, first, last } of places) {
      const below = await this.#rootOf(place);
      addTo(below.gaps, gaps);
      below.count += count;
      below.readers.add(reader);
      if (first !== undefined && (below.first === undefined || isBefore(first, below.first)))
        below.first = first;
      if (last !== undefined && (below.last === undefined || isBefore(below.last, last))) below.last = last;
    }
  }

  /** Contents by the root that holds them: the target's own, or that of a record's place. */
  async divide(contents: readonly ContentResult[]): Promise<ReadonlyMap<RootRef, readonly ContentResult[]>> {
    const divided = new Map<RootRef, ContentResult[]>([[this.#main, []]]);
    const add = (ref: RootRef, content: ContentResult): void => {
      const others = divided.get(ref);
      if (others === undefined) divided.set(ref, [content]);
      else others.push(content);
    };
    for (const content of contents) {
      const place = placeOf(content.appearances);
      add(place === undefined ? this.#main : (await this.#rootOf(place)).ref, content);
    }
    return divided;
  }

  /** Ends the places: those of this scan, and those of an earlier one that are there no more. */
  async finish(analysisId: string, receipt: Receipt, whole: boolean): Promise<void> {
    const { exports: _, ...own } = receipt;
    const met = new Map([...this.#below.values()].map((below) => [below.ref.place as string, below]));
    for (const ref of await this.#writer.rootsBelow(this.#main)) {
      const below = met.get(ref.place);
      const documents = below?.count ?? 0;
      const gaps = this.#gapsOf(own.gaps, below);
      const complete = !own.interrupted && Object.keys(gaps).length === 0;
      await this.#writer.finishRoot(ref, {
        analysisId,
        receipt: { ...own, gaps, complete, documents, bytes: 0, cached: 0, skipped: {} },
        whole,
        records: recordsOf(below),
      });
    }
  }

  /** Gaps of the target less those of files that hold nothing of the place. */
  #gapsOf(all: Receipt['gaps'], below: Below | undefined): Receipt['gaps'] {
    const gaps: Partial<Record<InputProblemCode, number>> = {};
    for (const [name, count] of Object.entries(all)) {
      const code = name as InputProblemCode;
      const left = (count ?? 0) - (this.#ofFiles.get(code) ?? 0) + (below?.gaps.get(code) ?? 0);
      if (left > 0) gaps[code] = left;
    }
    return gaps;
  }

  async #rootOf(place: Place): Promise<Below> {
    const known = this.#below.get(place.key);
    if (known !== undefined) return known;
    const redacted = {
      ...place,
      key: parsePlaceKey(this.#redact(place.key)),
      name: this.#redact(place.name),
      ...(place.tenant === undefined ? {} : { tenant: this.#redact(place.tenant) }),
    };
    await this.#writer.upsertPlace(redacted);
    const ref = { place: redacted.key, locator: this.#main.locator, main: this.#main.place };
    await this.#writer.root(ref);
    const below = {
      ref,
      place: redacted,
      count: 0,
      first: undefined,
      last: undefined,
      readers: new Set<string>(),
      gaps: new Map<InputProblemCode, number>(),
    };
    this.#below.set(place.key, below);
    this.#places.add(redacted.key);
    return below;
  }
}

function addTo(sums: Map<InputProblemCode, number>, gaps: ExportCoverage['gaps']): void {
  for (const [code, count] of Object.entries(gaps)) {
    sums.set(code as InputProblemCode, (sums.get(code as InputProblemCode) ?? 0) + (count ?? 0));
  }
}

function placeOf(appearances: readonly Appearance[] | undefined): Place | undefined {
  const first = appearances?.[0];
  return first?.type === 'record' ? first.place : undefined;
}

function isBefore(a: string, b: string): boolean {
  return Date.parse(a) < Date.parse(b);
}

function recordsOf(below: Below | undefined): RecordsRead {
  if (below === undefined) return { count: 0, readers: [] };
  const { count, first, last, readers } = below;
  return {
    count,
    readers: [...readers].sort(),
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
  };
}
