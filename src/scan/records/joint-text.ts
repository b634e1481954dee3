/** A text that is put together from strings of the tape, line by line, where texts are undone. */
import type { JsonTape } from '../../prefilter/json-tape.js';
import type { TapePlace } from '../../prefilter/tape-notes.js';
import type { UndoneTexts } from '../../prefilter/undone-texts.js';

export class JointText {
  readonly #tape: JsonTape;
  readonly #undone: UndoneTexts;
  /** Where the text and its last line begin; undefined before anything was added. */
  #start: number | undefined;
  #line = 0;
  /** Flags of all its strings. */
  #flags = 0;
  /** True when strings touch: what may stand in neither may stand where they meet. */
  #isMixed = false;
  #touches = false;
  /** True when there was no room for all of it. */
  isLost = false;

  constructor(tape: JsonTape) {
    this.#tape = tape;
    this.#undone = tape.undone;
  }

  add(entry: number): void {
    const tape = this.#tape;
    if (tape.size(entry) === 0) return;
    this.#begin();
    const end = this.#undone.add(tape.start(entry), tape.endOf(entry));
    if (end === 0) {
      this.isLost = true;
      return;
    }
    // The next one goes on in the same line.
    this.#undone.end = end;
    this.#flags |= tape.flags(entry);
    if (this.#touches) this.#isMixed = true;
    this.#touches = true;
  }

  /** Breaks the line. */
  break(): void {
    this.#begin();
    if (!this.#undone.addNewline()) this.isLost = true;
    this.#touches = false;
  }

  /** Ends the line, if there is anything in it. */
  endLine(): void {
    if (this.#start === undefined || this.#undone.end === this.#line) return;
    if (!this.#undone.addNewline()) this.isLost = true;
    this.#line = this.#undone.end;
    this.#touches = false;
  }

  /** Ends the text, whose last line was ended, and says where it lies: before a newline. Undefined for an empty one. */
  end(): TapePlace | undefined {
    const start = this.#start;
    this.#start = undefined;
    return start === undefined || this.#undone.end === start
      ? undefined
      : { start, end: Math.max(start, this.#undone.end - 1) };
  }

  /** Whether the text that was ended last may have any of these flags. */
  mayBe(flags: number): boolean {
    return this.#isMixed || (this.#flags & flags) !== 0;
  }

  #begin(): void {
    if (this.#start !== undefined) return;
    this.#start = this.#undone.end;
    this.#line = this.#start;
    this.#flags = 0;
    this.#isMixed = false;
    this.#touches = false;
    this.isLost = false;
  }
}
