/**
 * SipHash-2-4 with a 128-bit key over a slice of bytes, in 32-bit halves, as a number of 53 bits.
 *
 * Written out because the sweep hashes every strong token run of everything that is read: a call must not
 * allocate. Source of the algorithm: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012).
 * 53 bits are what a JavaScript number and an SQLite integer hold without boxing; with 10^7 stored tags a
 * chance hit has probability 10^-9, and every hit is verified against the fingerprint.
 */

/** Key as four little-endian 32-bit words. */
export interface SipKey {
  readonly k0lo: number;
  readonly k0hi: number;
  readonly k1lo: number;
  readonly k1hi: number;
}

export function sipKeyOf(key: Buffer): SipKey {
  return {
    k0lo: key.readInt32LE(0),
    k0hi: key.readInt32LE(4),
    k1lo: key.readInt32LE(8),
    k1hi: key.readInt32LE(12),
  };
}

// The state lives in module variables: locals of one big function would be as fast, but the round is used
// in three places and an object per call would be garbage per token run.
let v0l = 0;
let v0h = 0;
let v1l = 0;
let v1h = 0;
let v2l = 0;
let v2h = 0;
let v3l = 0;
let v3h = 0;

function round(): void {
  let low = (v0l >>> 0) + (v1l >>> 0);
  v0h = (v0h + v1h + (low > 0xffffffff ? 1 : 0)) | 0;
  v0l = low | 0;
  let t = (v1l << 13) | (v1h >>> 19);
  v1h = (v1h << 13) | (v1l >>> 19);
  v1l = t;
  v1l ^= v0l;
  v1h ^= v0h;
  t = v0l;
  v0l = v0h;
  v0h = t;
  low = (v2l >>> 0) + (v3l >>> 0);
  v2h = (v2h + v3h + (low > 0xffffffff ? 1 : 0)) | 0;
  v2l = low | 0;
  t = (v3l << 16) | (v3h >>> 16);
  v3h = (v3h << 16) | (v3l >>> 16);
  v3l = t;
  v3l ^= v2l;
  v3h ^= v2h;
  low = (v0l >>> 0) + (v3l >>> 0);
  v0h = (v0h + v3h + (low > 0xffffffff ? 1 : 0)) | 0;
  v0l = low | 0;
  t = (v3l << 21) | (v3h >>> 11);
  v3h = (v3h << 21) | (v3l >>> 11);
  v3l = t;
  v3l ^= v0l;
  v3h ^= v0h;
  low = (v2l >>> 0) + (v1l >>> 0);
  v2h = (v2h + v1h + (low > 0xffffffff ? 1 : 0)) | 0;
  v2l = low | 0;
  t = (v1l << 17) | (v1h >>> 15);
  v1h = (v1h << 17) | (v1l >>> 15);
  v1l = t;
  v1l ^= v2l;
  v1h ^= v2h;
  t = v2l;
  v2l = v2h;
  v2h = t;
}

function compress(low: number, high: number): void {
  v3l ^= low;
  v3h ^= high;
  round();
  round();
  v0l ^= low;
  v0h ^= high;
}

/** Low and high word of the last hash: for tests against the published vectors. */
export const lastHash: { low: number; high: number } = { low: 0, high: 0 };

/** Keyed tag of `bytes[start, end)`: an integer in [0, 2^53). */
export function sipTag(key: SipKey, bytes: Uint8Array, start: number, end: number): number {
  v0l = key.k0lo ^ 0x70736575;
  v0h = key.k0hi ^ 0x736f6d65;
  v1l = key.k1lo ^ 0x6e646f6d;
  v1h = key.k1hi ^ 0x646f7261;
  v2l = key.k0lo ^ 0x6e657261;
  v2h = key.k0hi ^ 0x6c796765;
  v3l = key.k1lo ^ 0x79746573;
  v3h = key.k1hi ^ 0x74656462;
  let i = start;
  const whole = start + ((end - start) & ~7);
  for (; i < whole; i += 8) {
    compress(
      (bytes[i] as number) |
        ((bytes[i + 1] as number) << 8) |
        ((bytes[i + 2] as number) << 16) |
        ((bytes[i + 3] as number) << 24),
      (bytes[i + 4] as number) |
        ((bytes[i + 5] as number) << 8) |
        ((bytes[i + 6] as number) << 16) |
        ((bytes[i + 7] as number) << 24),
    );
  }
  let low = 0;
  let high = ((end - start) & 0xff) << 24;
  for (let shift = 0; i < end; i++, shift += 8) {
    if (shift < 32) low |= (bytes[i] as number) << shift;
    else high |= (bytes[i] as number) << (shift - 32);
  }
  compress(low, high);
  v2l ^= 0xff;
  round();
  round();
  round();
  round();
  lastHash.low = (v0l ^ v1l ^ v2l ^ v3l) >>> 0;
  lastHash.high = (v0h ^ v1h ^ v2h ^ v3h) >>> 0;
  return (lastHash.high & 0x1fffff) * 0x100000000 + lastHash.low;
}
