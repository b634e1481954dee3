/** Classes of bytes that the state machines of the detectors step over. */

const identifierByte = 1;
const spaceByte = 2;
const digitByte = 4;
const upperByte = 8;
const lowerByte = 16;
const base64Byte = 32;
const nameByte = 64;

const classes = new Uint8Array(256);

function mark(text: string, bits: number): void {
  for (const char of text) {
    const at = char.charCodeAt(0);
    classes[at] = (classes[at] as number) | bits;
  }
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const digits = '0123456789';
mark(lower, lowerByte | identifierByte | base64Byte | nameByte);
mark(upper, upperByte | identifierByte | base64Byte | nameByte);
mark(digits, digitByte | identifierByte | base64Byte | nameByte);
mark('_$', identifierByte);
mark('_-.$', nameByte);
mark('+/-_', base64Byte);
mark(' \t', spaceByte);

function has(byte: number | undefined, bits: number): boolean {
  return byte !== undefined && ((classes[byte] as number) & bits) !== 0;
}

/** Letter, digit, `_` or `$`. */
export function isIdentifier(byte: number | undefined): boolean {
  return has(byte, identifierByte);
}
/** What names of settings are made of: identifiers joined by `-` and `.`. */
export function isName(byte: number | undefined): boolean {
  return has(byte, nameByte);
}
/** Space or tab. */
export function isBlank(byte: number | undefined): boolean {
  return has(byte, spaceByte);
}
export function isNewline(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d;
}
export function isDigit(byte: number | undefined): boolean {
  return has(byte, digitByte);
}
export function isLetter(byte: number | undefined): boolean {
  return has(byte, lowerByte | upperByte);
}
export function isAlphanumeric(byte: number | undefined): boolean {
  return has(byte, lowerByte | upperByte | digitByte);
}
/** Both base64 alphabets, without padding. */
export function isBase64(byte: number | undefined): boolean {
  return has(byte, base64Byte);
}
/** `"`, `'` or a backtick. */
export function isQuote(byte: number | undefined): boolean {
  return byte === 0x22 || byte === 0x27 || byte === 0x60;
}

/** First offset at or after `from` whose byte is no blank. */
export function skipBlanks(bytes: Uint8Array, from: number): number {
  let i = from;
  while (isBlank(bytes[i])) i++;
  return i;
}

/** True when `bytes` has the ASCII text at `at`, letter case folded; `folded` is lower-case. */
export function hasFoldedAt(bytes: Uint8Array, at: number, folded: string): boolean {
  for (let i = 0; i < folded.length; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return false;
    const lowered = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
    if (lowered !== folded.charCodeAt(i)) return false;
  }
  return true;
}

/** Start of the line that holds `at`, but at most `reach` bytes before it. */
export function lineStart(bytes: Uint8Array, at: number, reach: number): number {
  const floor = Math.max(0, at - reach);
  let i = at;
  while (i > floor && !isNewline(bytes[i - 1])) i--;
  return i;
}

/** End of the line (exclusive of the newline) that holds `at`, but at most `reach` bytes after it. */
export function lineEnd(bytes: Uint8Array, at: number, reach: number): number {
  const ceiling = Math.min(bytes.length, at + reach);
  let i = at;
  while (i < ceiling && !isNewline(bytes[i])) i++;
  return i;
}
