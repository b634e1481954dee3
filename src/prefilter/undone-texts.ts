/**
 * Texts of the tape's strings, one after the other in the core's memory, each with a newline behind it: as they are read,
 * without a string of their own. See assembly/json/undo.ts.
 */
import type { WasmCore } from './wasm-core.js';

export class UndoneTexts {
  readonly #core: WasmCore;
  readonly #start: number;
  readonly #limit: number;
  /** Address behind the last newline. */
  end: number;

  constructor(core: WasmCore) {
    this.#core = core;
    this.#start = core.exports.jsonUndone();
    this.#limit = this.#start + core.exports.jsonUndoneBytes();
    this.end = this.#start;
  }

  get isHalfFull(): boolean {
    return this.end - this.#start > (this.#limit - this.#start) >> 1;
  }

  /** Moves the texts from an address on to the beginning; returns by how much. */
  moveFrom(start: number): number {
    const shift = start - this.#start;
    this.#core.bytes.copyWithin(this.#start, start, this.end);
    this.end -= shift;
    return shift;
  }

  /** Forgets all texts. */
  clear(): void {
    this.end = this.#start;
  }

  /**
   * Adds the text of the string between two addresses; returns the address of its end, before the newline, or 0 when
   * there is no more room.
   */
  add(start: number, end: number): number {
    const textEnd = this.#core.exports.undoString(start, end, this.end) >>> 0;
    if (textEnd !== 0) this.end = textEnd + 1;
    return textEnd;
  }

  /** Adds a newline alone; false when there is no more room. */
  addNewline(): boolean {
    if (this.end >= this.#limit) return false;
    this.#core.bytes[this.end++] = newline;
    return true;
  }

  /** Adds a text from elsewhere; false when there is no more room. */
  addBytes(text: Uint8Array): boolean {
    const after = this.end + text.length + 1;
    if (after > this.#limit) return false;
    const { bytes } = this.#core;
    bytes.set(text, this.end);
    bytes[after - 1] = newline;
    this.end = after;
    return true;
  }

  /** Bytes between two addresses, in place: they change when texts are added after `clear`. */
  bytes(start: number, end: number): Buffer {
    return this.#core.bytes.subarray(start, end);
  }

  /** Whether the same bytes stand at two addresses. */
  isSame(a: number, b: number, size: number): boolean {
    return this.#core.exports.isSame(a, b, size) !== 0;
  }
}

const newline = 0x0a;
