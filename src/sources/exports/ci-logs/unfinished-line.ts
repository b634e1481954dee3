/** Output that comes in pieces which end anywhere. */

/** A line that does not end is given as it is. */
const longestRest = 1024 * 1024;

/** Joins pieces of text into lines; each piece is looked at once. */
export class UnfinishedLine {
  #pieces: string[] = [];
  #length = 0;

  /** The lines that the piece ends. */
  add(piece: string): string[] {
    const lines = piece.split('\n');
    const rest = lines.pop() ?? '';
    const ended = lines.map((line, i) => (i === 0 ? this.take() + line : line));
    this.#pieces.push(rest);
    this.#length += rest.length;
    return this.#length > longestRest ? [...ended, this.take()] : ended;
  }

  /** What has not ended. */
  take(): string {
    const text = this.#pieces.join('');
    this.#pieces = [];
    this.#length = 0;
    return text;
  }
}
