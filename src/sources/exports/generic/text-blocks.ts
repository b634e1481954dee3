/** Joins lines to blocks of bounded size, for texts that have no records. */
import type { TextLine } from '../text-lines.js';

export interface TextBlock {
  readonly text: string;
  /** First line, from 1. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

export class TextBlocks {
  readonly #maxChars: number;
  readonly #maxLines: number;
  readonly #give: (block: TextBlock) => void;
  #parts: string[] = [];
  #chars = 0;
  #lines = 0;
  #first: TextLine | undefined;
  #end = 0;
  #isCut = false;

  /** A block ends with the line by which it reaches either size. */
  constructor(maxChars: number, maxLines: number, give: (block: TextBlock) => void) {
    this.#maxChars = maxChars;
    this.#maxLines = maxLines;
    this.#give = give;
  }

  add(line: TextLine): void {
    if (this.#first === undefined) this.#first = line;
    else if (!this.#isCut) this.#parts.push('\n');
    this.#parts.push(line.text);
    this.#isCut = line.isCut;
    this.#end = line.end;
    this.#chars += line.text.length + 1;
    this.#lines++;
    if (this.#chars >= this.#maxChars || this.#lines >= this.#maxLines) this.end();
  }

  end(): void {
    const first = this.#first;
    const text = this.#parts.join('');
    this.#parts = [];
    this.#chars = 0;
    this.#lines = 0;
    this.#first = undefined;
    this.#isCut = false;
    if (first !== undefined && text.trim() !== '')
      this.#give({ text, line: first.number, start: first.start, end: this.#end });
  }
}
