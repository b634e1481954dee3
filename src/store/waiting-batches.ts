/**
 * Batches of a scan that wait to be written together. Large transactions with everything in the order of
 * its index cost a fraction of small ones: each page of a tree is written once and not once a batch.
 */
import { idBytes } from './sort-ids.js';
import type { RootRef, ScanBatch, StandingContent } from './store.js';

/** Most time that a batch waits, in ms: what a kill can lose is so much reading. */
const maxAgeMs = 5000;

/** What is kept in memory at most: some 60 MB. */
const limits = { findings: 40_000, cleanIds: 250_000, postings: 1_000_000, appearances: 40_000 } as const;

export interface WaitingBatch {
  readonly root: RootRef;
  readonly batch: ScanBatch;
}

/** Where contents stand, written after all batches. */
export interface WaitingPlaces {
  readonly root: RootRef;
  readonly contents: readonly StandingContent[];
}

export interface WaitingWork {
  readonly batches: readonly WaitingBatch[];
  readonly places: readonly WaitingPlaces[];
}

export class WaitingBatches {
  readonly #batches: WaitingBatch[] = [];
  readonly #places: WaitingPlaces[] = [];
  /** Answers for the ids (hex) of the first `#answered` batches. */
  readonly #answers = new Map<string, 1 | 2>();
  #answered = 0;
  #since = 0;
  #findings = 0;
  #cleanIds = 0;
  #postings = 0;
  #appearances = 0;

  get isEmpty(): boolean {
    return this.#batches.length === 0 && this.#places.length === 0;
  }

  /** Whether it is time to write. */
  get isDue(): boolean {
    return (
      this.#findings >= limits.findings ||
      this.#cleanIds >= limits.cleanIds ||
      this.#postings >= limits.postings ||
      this.#appearances >= limits.appearances ||
      (!this.isEmpty && performance.now() - this.#since >= maxAgeMs)
    );
  }

  add(root: RootRef, batch: ScanBatch): void {
    if (this.isEmpty) this.#since = performance.now();
    this.#batches.push({ root, batch });
    for (const { findings } of batch.contents) this.#findings += findings.length;
    this.#cleanIds += batch.contents.length + (batch.clean?.length ?? 0) / idBytes;
    for (const { tags } of batch.chunks) this.#postings += tags.length;
  }

  addPlaces(root: RootRef, contents: readonly StandingContent[]): void {
    if (this.isEmpty) this.#since = performance.now();
    this.#places.push({ root, contents });
    for (const { appearances } of contents) this.#appearances += appearances.length;
  }

  /** Hands all over and begins anew. */
  take(): WaitingWork {
    this.#answers.clear();
    this.#answered = 0;
    this.#findings = 0;
    this.#cleanIds = 0;
    this.#postings = 0;
    this.#appearances = 0;
    return { batches: this.#batches.splice(0), places: this.#places.splice(0) };
  }

  /** Raises `known` (see `knownContents`) for contents that wait here and were read whole. */
  overlay(ids: Uint8Array, known: Uint8Array): void {
    if (this.isEmpty) return;
    this.#index();
    const bytes = Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength);
    for (let i = 0; i < known.length; i++) {
      if (known[i] === 2) continue;
      const answer = this.#answers.get(bytes.toString('hex', i * idBytes, (i + 1) * idBytes));
      if (answer !== undefined) known[i] = Math.max(answer, known[i] as number);
    }
  }

  #index(): void {
    for (; this.#answered < this.#batches.length; this.#answered++) {
      const { contents, clean } = (this.#batches[this.#answered] as WaitingBatch).batch;
      const bytes =
        clean === undefined ? Buffer.alloc(0) : Buffer.from(clean.buffer, clean.byteOffset, clean.byteLength);
      for (let at = 0; at < bytes.length; at += idBytes) {
        const id = bytes.toString('hex', at, at + idBytes);
        if (!this.#answers.has(id)) this.#answers.set(id, 1);
      }
      for (const { id, findings, partial } of contents) {
        if (partial === true) continue;
        if (findings.length > 0) this.#answers.set(id, 2);
        else if (!this.#answers.has(id)) this.#answers.set(id, 1);
      }
    }
  }
}
