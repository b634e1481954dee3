/** Bech32 (BIP 173) as age keys use it: `hrp`, `1`, data, six characters of checksum; one case only. */

const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (let i = 0; i < 5; i++) if ((top >>> i) & 1) sum ^= generator[i] as number;
  }
  return sum;
}

export function isBech32(text: string): boolean {
  const folded = text.toLowerCase();
  if (text !== folded && text !== text.toUpperCase()) return false;
  const separator = folded.lastIndexOf('1');
  if (separator < 1 || folded.length - separator < 7) return false;
  const prefix = [...folded.slice(0, separator)].map((char) => char.charCodeAt(0));
  const data = [...folded.slice(separator + 1)].map((char) => alphabet.indexOf(char));
  if (data.includes(-1)) return false;
  return polymod([...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data]) === 1;
}
