/**
 * How a chunk of the sweep index goes to the store: its distinct masks in a list, and for each tag the number
 * of its mask. Made where the chunk was filled, since that is a worker and the store has one thread.
 */
import { idBytes } from './sort-ids.js';
import type { PackedChunk, SweepChunk } from './store.js';

/** Numbers for masks as they come, and how often each came. */
class MaskNumbers {
  readonly masks: number[] = [];
  readonly counts: number[] = [];
  readonly #known = new Map<number, number>();

  numberOf(mask: number): number {
    let number = this.#known.get(mask);
    if (number === undefined) {
      number = this.masks.push(mask) - 1;
      this.counts.push(0);
      this.#known.set(mask, number);
    }
    this.counts[number] = (this.counts[number] as number) + 1;
    return number;
  }

  /** Positions of the masks, the most frequent first: small numbers take fewer bytes. */
  byCount(): number[] {
    const { masks, counts } = this;
    return masks
      .map((_, i) => i)
      .sort(
        (a, b) =>
          (counts[b] as number) - (counts[a] as number) || (masks[a] as number) - (masks[b] as number),
      );
  }
}

export function packChunk({ contents, tags, masks }: SweepChunk): PackedChunk {
  const ids = new Uint8Array(contents.length * idBytes);
  for (const [i, id] of contents.entries()) ids.set(Buffer.from(id, 'hex'), i * idBytes);
  const seen = new MaskNumbers();
  const numbers = new Uint32Array(tags.length);
  // Neighbouring tags often stand in the same contents.
  let last = Number.NaN;
  let number = 0;
  for (let i = 0; i < tags.length; i++) {
    const mask = masks[i] as number;
    if (mask !== last) number = seen.numberOf(mask);
    else seen.counts[number] = (seen.counts[number] as number) + 1;
    last = mask;
    numbers[i] = number;
  }
  const order = seen.byCount();
  const ranks = new Uint32Array(order.length);
  for (const [rank, old] of order.entries()) ranks[old] = rank;
  for (let i = 0; i < numbers.length; i++) numbers[i] = ranks[numbers[i] as number] as number;
  return {
    contents: ids,
    tags,
    masks: Float64Array.from(order, (old) => seen.masks[old] as number),
    numbers,
  };
}
