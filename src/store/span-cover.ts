/** Half-open spans in any order, asked whether one of them overlaps another span: a look-up by halving, never a walk. */
export class SpanCover {
  /** What is covered, in parts that do not overlap, in order. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  overlaps(start: number, end: number): boolean {
    const at = this.#firstEndingBehind(start);
    return at < this.#starts.length && (this.#starts[at] as number) < end;
  }

  add(start: number, end: number): void {
    const from = this.#firstEndingBehind(start);
    let to = from;
    let least = start;
    let most = end;
    while (to < this.#starts.length && (this.#starts[to] as number) < end) {
      least = Math.min(least, this.#starts[to] as number);
      most = Math.max(most, this.#ends[to] as number);
      to++;
    }
    this.#starts.splice(from, to - from, least);
    this.#ends.splice(from, to - from, most);
  }

  /** Index of the first part that ends behind `offset`. Documents are mostly read from left to right: at their end. */
  #firstEndingBehind(offset: number): number {
    const last = this.#ends.length - 1;
    if (last < 0 || (this.#ends[last] as number) <= offset) return last + 1;
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
