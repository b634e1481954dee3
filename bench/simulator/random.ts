/** Chances that are the same on every machine and in every run. */
export interface Chance {
  /** In `[0, 1)`. */
  next(): number;
  /** True with this probability. */
  of(share: number): boolean;
  /** A whole number of `[from, to]`. */
  between(from: number, to: number): number;
  pick<T>(among: readonly T[]): T;
}

/** Mulberry32: small, and good enough to draw organisations. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    of: (share) => next() < share,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (among) => {
      const found = among[Math.floor(next() * among.length)];
      if (found === undefined) throw new RangeError('nothing to pick from');
      return found;
    },
  };
}
