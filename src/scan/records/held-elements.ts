/** The JSON text of elements whose records wait in the lean form. */
import type { JsonTape } from '../../prefilter/json-tape.js';

const firstBytes = 1 << 20;
/** What waits is read when its elements have so many bytes: they may hold next to no text. */
const mostBytes = 32 << 20;

export class HeldElements {
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  /** Number of the tape's run that was copied last, and what leads from its addresses to places here. */
  #run = -1;
  #shift = 0;

  get isFull(): boolean {
    return this.#end >= mostBytes;
  }

  /** Keeps all that the tape holds at the moment; returns where an element of it begins. */
  keep(tape: JsonTape, entry: number): number {
    if (tape.run !== this.#run) this.#copy(tape);
    return tape.start(entry) + this.#shift;
  }

  at(start: number, size: number): Buffer {
    return this.#bytes.subarray(start, start + size);
  }

  /** What was kept is needed no more. */
  clear(): void {
    this.#end = 0;
    this.#run = -1;
  }

  #copy(tape: JsonTape): void {
    const { start, end } = tape.runPlace;
    const needed = this.#end + end - start;
    if (needed > this.#bytes.length) this.#grow(needed);
    tape.bytes.copy(this.#bytes, this.#end, start, end);
    this.#shift = this.#end - start;
    this.#run = tape.run;
    this.#end = needed;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(firstBytes, needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}
