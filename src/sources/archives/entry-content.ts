/** The content of one entry under the caps of its archive, as often as its container can give it. */
import type { InputProblemCode } from '../../model/problem.js';
import { type ArchiveBudget, CapReached } from './archive-budget.js';
import { type ArchiveEntry, joinChain, type ReportFault } from './archive-entry.js';
import type { Chunks } from './inflate.js';

export interface ContentMeter {
  readonly budget: ArchiveBudget;
  /** Displayable name of the container. */
  readonly where: string;
  readonly fault: ReportFault;
  /** Whether its bytes count against the budget. */
  readonly charged: boolean;
  readonly signal: AbortSignal;
}

export class EntryContent {
  readonly #entry: ArchiveEntry;
  readonly #meter: ContentMeter;
  /** Most bytes that one reading gave: what comes again is not counted again. */
  #most = 0;
  /** True when a cap ended a reading, which ends all others where it did. */
  #isCapped = false;

  constructor(entry: ArchiveEntry, meter: ContentMeter) {
    this.#entry = entry;
    this.#meter = meter;
  }

  /** For the first reading. */
  chunks(): Chunks {
    const { content } = this.#entry;
    return this.#metered(Buffer.isBuffer(content) ? [content] : content);
  }

  /** Gives the content from its beginning, each time; absent where it passes but once. */
  get again(): (() => Chunks) | undefined {
    const { content, again } = this.#entry;
    if (Buffer.isBuffer(content)) return () => this.#metered([content]);
    return again && (() => this.#metered(again()));
  }

  /** Ends where a cap or damage ends it, and never throws: readers see a shorter content, the problem is reported here. */
  async *#metered(chunks: Chunks): AsyncGenerator<Buffer> {
    const { budget, fault, charged, signal, where } = this.#meter;
    const { name, packedBytes } = this.#entry;
    let inflated = 0;
    try {
      for await (const chunk of chunks) {
        if (signal.aborted || budget.exhausted !== undefined) return;
        inflated += chunk.length;
        const fresh = Math.max(0, inflated - this.#most);
        if (fresh > 0 && this.#isCapped) return;
        this.#most = Math.max(this.#most, inflated);
        const cap = charged && fresh > 0 ? budget.charge(fresh, inflated, packedBytes) : undefined;
        // The chunk is in memory already, so it counts even when it is the one too many.
        yield chunk;
        if (cap !== undefined) throw cap;
      }
    } catch (error) {
      if (!(error instanceof CapReached)) fault(...faultOf(error as NodeJS.ErrnoException), name);
      else {
        this.#isCapped = true;
        if (error.entryOnly) budget.problem(error.code, where, joinChain(where, [name]));
        else budget.exhaust(error.code, where, `after ${budget.bytes} bytes`);
      }
    }
  }
}

/** zlib's errors mean damage; all others come from reading the container. */
function faultOf(error: NodeJS.ErrnoException): [InputProblemCode, string] {
  const code = error.code ?? error.name;
  return code.startsWith('Z_') ? ['broken-archive', `damaged data (${code})`] : ['unreadable', code];
}
