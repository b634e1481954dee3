/** Adds up what was read, skipped and missed, for one root or for a whole run. */
import type { InputProblem, InputProblemCode } from '../model/problem.js';
import type { ExportCoverage, ExportSummary, Receipt, SkipReason } from '../model/receipt.js';

const maxListedProblems = 100;

export class ReceiptBuilder {
  #documents = 0;
  #bytes = 0;
  #cached = 0;
  #interrupted = false;
  readonly #skipped = new Map<SkipReason, number>();
  readonly #gaps = new Map<InputProblemCode, number>();
  readonly #problems: InputProblem[] = [];
  readonly #exports = new Map<string, ExportSummary>();
  readonly #exportPlaces = new Set<string>();

  read(documents: number, bytes: number): void {
    this.#documents += documents;
    this.#bytes += bytes;
  }

  cached(documents: number): void {
    this.#cached += documents;
  }

  skipped(reason: SkipReason, count: number): void {
    if (count > 0) this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + count);
  }

  problem(problem: InputProblem): void {
    this.#gaps.set(problem.code, (this.#gaps.get(problem.code) ?? 0) + 1);
    if (this.#problems.length < maxListedProblems) this.#problems.push(problem);
  }

  /** Adds what a file of an export held. */
  exported({ places, gaps: _, ...coverage }: ExportCoverage): void {
    for (const { place } of places) this.#exportPlaces.add(`${coverage.reader} ${place.key}`);
    this.#addExport({ ...coverage, places: 0 });
  }

  #addExport(summary: ExportSummary): void {
    const before = this.#exports.get(summary.reader);
    this.#exports.set(summary.reader, before === undefined ? summary : sumOf(before, summary));
  }

  interrupted(): void {
    this.#interrupted = true;
  }

  get complete(): boolean {
    return this.#gaps.size === 0 && !this.#interrupted;
  }

  /** Adds another receipt, e.g. a root's to the run's. */
  add(receipt: Receipt): void {
    this.read(receipt.documents, receipt.bytes);
    this.cached(receipt.cached);
    for (const [reason, count] of Object.entries(receipt.skipped)) this.skipped(reason as SkipReason, count);
    for (const [code, count] of Object.entries(receipt.gaps)) {
      this.#gaps.set(code as InputProblemCode, (this.#gaps.get(code as InputProblemCode) ?? 0) + count);
    }
    for (const problem of receipt.problems) {
      if (this.#problems.length < maxListedProblems) this.#problems.push(problem);
    }
    for (const summary of receipt.exports ?? []) this.#addExport(summary);
    if (receipt.interrupted) this.#interrupted = true;
  }

  build(): Receipt {
    return {
      documents: this.#documents,
      bytes: this.#bytes,
      cached: this.#cached,
      skipped: Object.fromEntries([...this.#skipped].sort()),
      gaps: Object.fromEntries([...this.#gaps].sort()),
      problems: [...this.#problems],
      ...(this.#exports.size === 0 ? {} : { exports: this.#exportSummaries() }),
      complete: this.complete,
      interrupted: this.#interrupted,
    };
  }

  #exportSummaries(): ExportSummary[] {
    const own = new Map<string, number>();
    for (const name of this.#exportPlaces) {
      const reader = name.slice(0, name.indexOf(' '));
      own.set(reader, (own.get(reader) ?? 0) + 1);
    }
    return [...this.#exports.values()]
      .map((summary) => ({ ...summary, places: summary.places + (own.get(summary.reader) ?? 0) }))
      .sort((a, b) => (a.reader < b.reader ? -1 : 1));
  }
}

/** Unknown keys told by name. */
const maxKeys = 50;

function sumOf(a: ExportSummary, b: ExportSummary): ExportSummary {
  const notes: Record<string, number> = { ...a.notes };
  for (const [note, count] of Object.entries(b.notes)) notes[note] = (notes[note] ?? 0) + count;
  return {
    ...a,
    files: a.files + b.files,
    records: a.records + b.records,
    texts: a.texts + b.texts,
    notes,
    unknownKeys: [...new Set([...a.unknownKeys, ...b.unknownKeys])].sort().slice(0, maxKeys),
    places: a.places + b.places,
  };
}
