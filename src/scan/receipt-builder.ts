/** Adds up what was read, skipped and missed, for one root or for a whole run. */
import type { InputProblem, InputProblemCode } from '../model/problem.js';
import type { Receipt, SkipReason } from '../model/receipt.js';

const maxListedProblems = 100;

export class ReceiptBuilder {
  #documents = 0;
  #bytes = 0;
  #cached = 0;
  #interrupted = false;
  readonly #skipped = new Map<SkipReason, number>();
  readonly #gaps = new Map<InputProblemCode, number>();
  readonly #problems: InputProblem[] = [];

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
      complete: this.complete,
      interrupted: this.#interrupted,
    };
  }
}
