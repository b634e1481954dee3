/** Deterministic random numbers for generated examples: the same seed gives the same text on every machine. */

export interface Random {
  /** Integer in `[0, limit)`. */
  below(limit: number): number;
  pick<T>(items: readonly T[] | string): T | string;
  bytes(count: number): Buffer;
}

/** xmur3 mixes the seed text, sfc32 makes the numbers; both are public-domain designs. */
export function makeRandom(seed: string): Random {
  let mix = 1779033703 ^ seed.length;
  for (let index = 0; index < seed.length; index++) {
    mix = Math.imul(mix ^ seed.charCodeAt(index), 3432918353);
    mix = (mix << 13) | (mix >>> 19);
  }
  const seeded = (): number => {
    mix = Math.imul(mix ^ (mix >>> 16), 2246822507);
    mix = Math.imul(mix ^ (mix >>> 13), 3266489909);
    mix ^= mix >>> 16;
    return mix >>> 0;
  };
  let a = seeded();
  let b = seeded();
  let c = seeded();
  let d = 1;
  const next = (): number => {
    const t = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return t >>> 0;
  };
  for (let round = 0; round < 16; round++) next();
  const below = (limit: number): number => Math.floor((next() / 0x1_0000_0000) * limit);
  return {
    below,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError('cannot pick from nothing');
      return item;
    },
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))),
  };
}
