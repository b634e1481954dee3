/** A zip that is one document: its parts, one after the other, within the caps that archives have. */
import {
  ArchiveBudget,
  type ArchiveLimits,
  CapReached,
  memoryLimits,
} from '../../archives/archive-budget.js';
import type { ArchiveEntry } from '../../archives/archive-entry.js';
import { bufferAccess } from '../../archives/random-access.js';
import { zipEntries } from '../../archives/zip.js';
import { probeBytes, type RecordSink } from '../contract.js';

export interface ZipPart {
  /** Path within the package. */
  readonly name: string;
  /** First bytes. */
  readonly head: Buffer;
  /** The content; to be read once, before the next part is asked for. Ends early where damage or a cap does. */
  chunks(): AsyncIterable<Buffer>;
}

export class ZipPackage {
  readonly #bytes: Buffer;
  readonly #sink: RecordSink;
  readonly #budget: ArchiveBudget;
  readonly #reported = new Set<string>();

  constructor(bytes: Buffer, sink: RecordSink, limits: ArchiveLimits = memoryLimits) {
    this.#bytes = bytes;
    this.#sink = sink;
    this.#budget = new ArchiveBudget(limits, bytes.length, ({ code }) => this.#report(code));
  }

  /** Gives the parts that are wanted, in the order of the directory. */
  async each(isWanted: (name: string) => boolean, use: (part: ZipPart) => Promise<void>): Promise<void> {
    const fault = (code: string, detail: string): void => {
      if (code === 'archive-encrypted') this.#sink.note('encrypted');
      else this.#report(detail);
    };
    for await (const entry of zipEntries(bufferAccess(this.#bytes), fault)) {
      if (this.#sink.aborted || this.#budget.exhausted !== undefined) return;
      if (!this.#budget.takeEntry(entry.name)) return;
      if (!isWanted(entry.name)) continue;
      const content = this.#metered(entry)[Symbol.asyncIterator]();
      const first: Buffer[] = [];
      let size = 0;
      while (size < probeBytes) {
        const next = await content.next();
        if (next.done === true) break;
        first.push(next.value);
        size += next.value.length;
      }
      await use({
        name: entry.name,
        head: Buffer.concat(first).subarray(0, probeBytes),
        async *chunks() {
          yield* first;
          yield* { [Symbol.asyncIterator]: () => content };
        },
      });
      await this.#sink.drained();
    }
  }

  async *#metered({ content, packedBytes, name }: ArchiveEntry): AsyncGenerator<Buffer> {
    let inflated = 0;
    try {
      for await (const chunk of Buffer.isBuffer(content) ? [content] : content) {
        inflated += chunk.length;
        const cap = this.#budget.charge(chunk.length, inflated, packedBytes);
        if (cap !== undefined) throw cap;
        // A chunk may be a view of a buffer that is used again.
        yield Buffer.isBuffer(content) ? chunk : Buffer.from(chunk);
      }
    } catch (error) {
      if (!(error instanceof CapReached)) this.#report('a part is damaged');
      else if (error.entryOnly) this.#report(error.code);
      else this.#budget.exhaust(error.code, name);
    }
  }

  #report(detail: string): void {
    if (this.#reported.has(detail)) return;
    this.#reported.add(detail);
    this.#sink.damaged(detail);
  }
}

/** The whole of a part; undefined when it is larger than `maxBytes`. */
export async function bytesOf(part: ZipPart, maxBytes: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of part.chunks()) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    pieces.push(chunk);
  }
  return Buffer.concat(pieces, size);
}
