/**
 * Sweep tags of a document: every strong run hashed once, however often it stands there.
 *
 * A direct-mapped cache keyed by a cheap mix of length and border bytes remembers where a run was seen, and
 * the bytes are compared: source code repeats its identifiers, and SipHash is dearer than a comparison.
 */
import type { SipKey } from '../identity/siphash.js';
import { sipTag } from '../identity/siphash.js';
import { isRunByte, type RunVisitor, visitStrongRuns } from '../identity/sweep.js';

const slotCount = 4096;

export class TagCollector {
  readonly #key: SipKey;
  readonly #starts = new Int32Array(slotCount);
  readonly #ends = new Int32Array(slotCount);
  readonly #slotTags = new Float64Array(slotCount);
  #tags = new Float64Array(1024);
  #count = 0;

  constructor(key: SipKey) {
    this.#key = key;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Adds tags that were computed before. */
  add(tags: Float64Array): void {
    for (let i = 0; i < tags.length; i++) this.#push(tags[i] as number);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Adds the tags of the runs that touch `bytes[from, to)`; `visit`, when given, sees every occurrence. */
  collect(bytes: Uint8Array, from: number, to: number, visit?: RunVisitor): void {
    // Slots point into the former text.
    this.#ends.fill(0);
    let start = from;
    let end = to;
    while (start > 0 && isRunByte(bytes[start - 1] as number)) start--;
    while (end < bytes.length && isRunByte(bytes[end] as number)) end++;
    visitStrongRuns(bytes, start, end, (runStart, runEnd) => {
      this.#tagOf(bytes, runStart, runEnd);
      visit?.(runStart, runEnd);
    });
  }

  #tagOf(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    const mix =
      (bytes[start] as number) * 31 +
      (bytes[start + 2] as number) * 1009 +
      (bytes[start + 4] as number) * 8191 +
      (bytes[end - 1] as number) * 131 +
      (bytes[end - 3] as number) * 3571 +
      length * 17;
    const slot = mix & (slotCount - 1);
    const seenEnd = this.#ends[slot] as number;
    const seenStart = this.#starts[slot] as number;
    if (seenEnd - seenStart === length && isSame(bytes, seenStart, start, length)) {
      return this.#slotTags[slot] as number;
    }
    const tag = sipTag(this.#key, bytes, start, end);
    this.#starts[slot] = start;
    this.#ends[slot] = end;
    this.#slotTags[slot] = tag;
    this.#push(tag);
    return tag;
  }

  #push(tag: number): void {
    if (this.#count === this.#tags.length) {
      const larger = new Float64Array(this.#tags.length * 2);
      larger.set(this.#tags);
      this.#tags = larger;
    }
    this.#tags[this.#count++] = tag;
  }

  /** Distinct tags, ascending. */
  result(): Float64Array {
    const sorted = this.#tags.slice(0, this.#count).sort();
    let kept = 0;
    for (let i = 0; i < sorted.length; i++) {
      if (i === 0 || sorted[i] !== sorted[kept - 1]) sorted[kept++] = sorted[i] as number;
    }
    return sorted.slice(0, kept);
  }
}

function isSame(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}
