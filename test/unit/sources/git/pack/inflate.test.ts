import { constants, deflateRawSync, deflateSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32, testCore } from './pack-support.js';

const core = await testCore();
const OK = 1;
const source = core.heap;
const target = source + (4 << 20);
core.reserve(target + (8 << 20));

/** Inflates in the core; the bytes behind the pad must stay as they are. */
function inflate(stream: Buffer, size: number, raw = false): { status: number; bytes: Buffer } {
  const memory = core.bytes;
  memory.set(stream, source);
  memory.fill(0xa5, source + stream.length, source + stream.length + 32);
  const fence = target + size + core.pad;
  memory.fill(0xc3, target, fence + 64);
  const run = raw ? core.exports.inflateRaw : core.exports.inflate;
  const status = run(source, source + stream.length, target, size);
  expect(memory.subarray(fence, fence + 64).every((byte) => byte === 0xc3)).toBe(true);
  return { status, bytes: Buffer.from(memory.subarray(target, target + size)) };
}

/** Bytes with the repetitions, skewed counts and noise that bring about every kind of block and table. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc.array(fc.constantFrom('return ', 'const ', 'x', '\n', 'Ω', '  '), { maxLength: 2000 }).map(joined),
  fc
    .array(
      fc.nat(255).map((n) => (n * n * n) >> 16),
      { maxLength: 4000 },
    )
    .map((list) => Uint8Array.from(list)),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(3000))
    .map(([unit, times]) => Buffer.concat(Array<Uint8Array>(times).fill(unit))),
);

function joined(words: readonly string[]): Uint8Array {
  return Buffer.from(words.join(''));
}

const settings = fc.record({
  level: fc.constantFrom(0, 1, 6, 9),
  memLevel: fc.integer({ min: 1, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FIXED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FILTERED,
  ),
});

describe('inflate', () => {
  test('returns what was deflated and says how much input that took', () => {
    fc.assert(
      fc.property(content, settings, (plain, options) => {
        const stream = deflateSync(plain, options);
        const { status, bytes } = inflate(Buffer.concat([stream, Buffer.from('next entry')]), plain.length);
        expect(status).toBe(OK);
        expect(core.exports.consumedBytes()).toBe(stream.length);
        expect(bytes.equals(Buffer.from(plain))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test('refuses another size, a cut and a changed checksum', () => {
    fc.assert(
      fc.property(content, settings, fc.nat(), (plain, options, at) => {
        const stream = deflateSync(plain, options);
        if (plain.length > 0) expect(inflate(stream, plain.length - 1).status).not.toBe(OK);
        expect(inflate(stream, plain.length + 1).status).not.toBe(OK);
        expect(inflate(stream.subarray(0, at % stream.length), plain.length).status).not.toBe(OK);
        const changed = Buffer.from(stream);
        const last = stream.length - 1 - (at % 4);
        changed[last] = (changed[last] ?? 0) ^ (1 << (at % 8));
        expect(inflate(changed, plain.length).status).not.toBe(OK);
      }),
      { numRuns: 200 },
    );
  });

  test('accepts exactly what zlib accepts when bits are flipped', () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        content,
        settings,
        fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
        (plain, options, flips) => {
          const stream = Buffer.from(deflateRawSync(plain, options));
          for (const flip of flips) {
            // Most flips go to the first bytes, where the tables are.
            const at = (flip % 3 === 0 ? flip >> 3 : (flip >> 3) % 80) % stream.length;
            stream[at] = (stream[at] ?? 0) ^ (1 << (flip & 7));
          }
          const expected = inflatedByZlib(stream);
          const { status, bytes } = inflate(stream, expected?.length ?? plain.length, true);
          expect(status === OK).toBe(expected !== undefined);
          if (expected !== undefined) {
            accepted++;
            expect(bytes.equals(expected)).toBe(true);
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  test('survives garbage as zlib does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(2000), (garbage, size) => {
        const expected = inflatedByZlib(Buffer.from(garbage));
        const { status } = inflate(Buffer.from(garbage), expected?.length ?? size, true);
        expect(status === OK).toBe(expected !== undefined);
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['no deflate', [0x77, 0x85]],
    ['a preset dictionary', [0x78, 0xbb]],
    ['a window beyond 32 KiB', [0x88, 0x1c]],
    ['a wrong header check', [0x78, 0x9d]],
  ])('refuses %s', (_, head) => {
    const stream = Buffer.from(deflateSync('plain'));
    stream.set(head);
    expect(inflate(stream, 5).status).not.toBe(OK);
  });
});

function inflatedByZlib(stream: Buffer): Buffer | undefined {
  try {
    return inflateRawSync(stream, { maxOutputLength: 4 << 20 });
  } catch {
    return undefined;
  }
}

describe('checksums and counts', () => {
  test('agree with the plain definitions', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000 }), fc.nat(40), (bytes, shift) => {
        const at = target + shift;
        core.bytes.set(bytes, at);
        expect(core.exports.adler32(at, bytes.length) >>> 0).toBe(adler32(bytes));
        expect(core.exports.crc32(at, bytes.length) >>> 0).toBe(crc32(Buffer.from(bytes)));
        expect(core.exports.countNewlines(at, bytes.length)).toBe(bytes.filter((byte) => byte === 10).length);
      }),
      { numRuns: 100 },
    );
  });

  test('do not overflow on the largest bytes and the most lines', () => {
    const bytes = Buffer.alloc(300_000, 0xff);
    core.bytes.set(bytes, target);
    expect(core.exports.adler32(target, bytes.length) >>> 0).toBe(adler32(bytes));
    core.bytes.fill(10, target, target + bytes.length);
    expect(core.exports.countNewlines(target, bytes.length)).toBe(bytes.length);
  });
});

function adler32(bytes: Uint8Array): number {
  let first = 1;
  let second = 0;
  for (const byte of bytes) {
    first = (first + byte) % 65521;
    second = (second + first) % 65521;
  }
  return second * 65536 + first;
}
