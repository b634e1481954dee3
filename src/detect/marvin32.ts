/**
 * Marvin32 checksums of Azure's identifiable keys: the last 4 of 64 (or 32, 39) bytes are a Marvin32 of the
 * bytes before, seeded with 8 ASCII characters that name the service.
 * Source: Microsoft's security-utilities (MIT), "IdentifiableSecrets"; recomputed on published samples.
 */

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** Marvin32 with both halves of the result folded into one word. */
export function marvin32(bytes: Uint8Array, seed: bigint): number {
  let p0 = Number(seed & 0xffffffffn) | 0;
  let p1 = Number(seed >> 32n) | 0;
  const mix = (): void => {
    p1 ^= p0;
    p0 = rotate(p0, 20);
    p0 = (p0 + p1) | 0;
    p1 = rotate(p1, 9);
    p1 ^= p0;
    p0 = rotate(p0, 27);
    p0 = (p0 + p1) | 0;
    p1 = rotate(p1, 19);
  };
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let i = 0;
  for (; i + 4 <= view.length; i += 4) {
    p0 = (p0 + view.readInt32LE(i)) | 0;
    mix();
  }
  let last = 0x80;
  for (let k = view.length - 1; k >= i; k--) last = (last << 8) | (view[k] as number);
  p0 = (p0 + last) | 0;
  mix();
  mix();
  return p0 ^ p1;
}

/** Seeds as published, 8 ASCII characters read big-endian; one per sort of key. */
const seeds: readonly bigint[] = (
  'Default0 MastRW00 MastRO00 SystRW00 SystRO00 AbAcct00 Classic0 Tenant00 IoTHub00 Gateway0 GitKey00 Functi00 ' +
  'System00 Master00 PAdmin00 Query000 ACRDflt0 Access00 Send0000 Listen00 Manage00'
)
  .split(' ')
  .map((text) => Buffer.from(text, 'latin1').readBigUInt64BE());

/** True when the last 4 bytes of a base64 key are the Marvin32 of the others under a known seed. */
export function hasMarvinTail(token: string): boolean {
  const bytes = Buffer.from(token, 'base64');
  if (bytes.length < 16) return false;
  const sum = bytes.readInt32LE(bytes.length - 4);
  const body = bytes.subarray(0, bytes.length - 4);
  return seeds.some((seed) => marvin32(body, seed) === sum);
}
