/** Searches of short stretches, where a loop is faster than the call of a built-in search. */

/** Offset of `byte` in `[from, to)`; -1 when it is not there. */
export function indexOfByte(input: Uint8Array, byte: number, from: number, to: number): number {
  for (let i = from; i < to; i++) if (input[i] === byte) return i;
  return -1;
}

/** Whether ASCII `text` stands at `at`. */
export function hasTextAt(input: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (input[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Whether ASCII `text` stands anywhere in `[from, to)`. */
export function includesText(input: Uint8Array, text: string, from: number, to: number): boolean {
  const first = text.charCodeAt(0);
  for (let i = from; i + text.length <= to; i++)
    if (input[i] === first && hasTextAt(input, i, text)) return true;
  return false;
}

/**
 * Searches of one text from ascending offsets that look at no byte twice: what was found, or not found, is remembered.
 */
export class ForwardSearch {
  readonly #input: Buffer;
  readonly #wanted: string | number;
  #found = -2;

  constructor(input: Buffer, wanted: string) {
    this.#input = input;
    this.#wanted = wanted.length === 1 ? wanted.charCodeAt(0) : wanted;
  }

  /** Offset of the first occurrence at or behind `from`; -1 when there is none. `from` never goes back. */
  next(from: number): number {
    if (this.#found === -1 || this.#found >= from) return this.#found;
    this.#found = this.#input.indexOf(this.#wanted, from, 'latin1');
    return this.#found;
  }
}
