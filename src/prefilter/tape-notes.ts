/**
 * Values that were met before, by the bytes in which they are written: exports repeat a person, a project, a status in
 * each record. See assembly/json/noted.ts; there is room for some thousand.
 */
import type { WasmCore } from './wasm-core.js';

/** A piece of the tape's text, by addresses. */
export interface TapePlace {
  readonly start: number;
  readonly end: number;
}

export class TapeNotes {
  readonly #core: WasmCore;
  #owner: object | undefined;

  constructor(core: WasmCore) {
    this.#core = core;
  }

  /** Forgets what was noted when it was noted for something else; true when it did. */
  belongTo(owner: object): boolean {
    if (owner === this.#owner) return false;
    this.#owner = owner;
    this.forget();
    return true;
  }

  forget(): void {
    this.#core.exports.forgetNoted();
  }

  /** Number of what was noted, from 1 in the order of noting; 0 when it was not. `scope` is any number. */
  find(scope: number, a: TapePlace, b: TapePlace): number {
    return this.#core.exports.notedAs(scope, a.start, a.end - a.start, b.start, b.end - b.start);
  }

  /** Notes two pieces as one; 0 when there is no more room. */
  add(scope: number, a: TapePlace, b: TapePlace): number {
    return this.#core.exports.note(scope, a.start, a.end - a.start, b.start, b.end - b.start);
  }
}
