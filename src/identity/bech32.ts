/** Bech32 (BIP 173) as age keys use it: `hrp`, `1`, data, six characters of checksum; one case only. */

const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const checksumLength = 6;

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (let i = 0; i < 5; i++) if ((top >>> i) & 1) sum ^= generator[i] as number;
  }
  return sum;
}

/** What the prefix adds to the checksum. */
function expanded(prefix: string): number[] {
  const codes = [...prefix].map((char) => char.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

interface Bech32 {
  readonly prefix: string;
  /** Groups of five bits, without the checksum. */
  readonly groups: readonly number[];
}

function parse(text: string): Bech32 | undefined {
  const folded = text.toLowerCase();
  if (text !== folded && text !== text.toUpperCase()) return undefined;
  const separator = folded.lastIndexOf('1');
  if (separator < 1 || folded.length - separator < 7) return undefined;
  const prefix = folded.slice(0, separator);
  const data = [...folded.slice(separator + 1)].map((char) => alphabet.indexOf(char));
  if (data.includes(-1) || polymod([...expanded(prefix), ...data]) !== 1) return undefined;
  return { prefix, groups: data.slice(0, -checksumLength) };
}

export function isBech32(text: string): boolean {
  return parse(text) !== undefined;
}

/** Groups of `from` bits as groups of `to` bits, the last one filled up with zeros. */
function regrouped(values: Iterable<number>, from: number, to: number): number[] {
  const groups: number[] = [];
  let bits = 0;
  let waiting = 0;
  for (const value of values) {
    bits = (bits << from) | value;
    for (waiting += from; waiting >= to; waiting -= to)
      groups.push((bits >> (waiting - to)) & ((1 << to) - 1));
    bits &= (1 << waiting) - 1;
  }
  if (waiting > 0) groups.push((bits << (to - waiting)) & ((1 << to) - 1));
  return groups;
}

/** The bytes behind a prefix; undefined when the text is no bech32 with it. */
export function bech32Bytes(prefix: string, text: string): Buffer | undefined {
  const parsed = parse(text);
  if (parsed?.prefix !== prefix.toLowerCase()) return undefined;
  const bytes = Buffer.from(regrouped(parsed.groups, 5, 8));
  return bytes.subarray(0, Math.floor((parsed.groups.length * 5) / 8));
}

/** Lower-case bech32 of some bytes. */
export function bech32Text(prefix: string, bytes: Uint8Array): string {
  const groups = regrouped(bytes, 8, 5);
  const sum = polymod([...expanded(prefix), ...groups, ...new Array<number>(checksumLength).fill(0)]) ^ 1;
  for (let i = checksumLength - 1; i >= 0; i--) groups.push((sum >>> (5 * i)) & 31);
  return `${prefix}1${groups.map((group) => alphabet[group]).join('')}`;
}
