/** Transfer encodings of MIME parts, undone in one pass whatever the input. */

const equals = 0x3d;
const lf = 0x0a;
const cr = 0x0d;

/** True for a body that ends within an escape or a unit of its encoding. */
export function isUnended(body: Buffer, encoding: string): boolean {
  const end = body.toString('latin1', Math.max(0, body.length - 8));
  if (/quoted-printable/i.test(encoding)) return /=[0-9A-F]?$/i.test(end);
  if (!/base64/i.test(encoding)) return false;
  let sextetCount = 0;
  for (const byte of body) if ((sextets[byte] as number) !== 0xff) sextetCount++;
  return sextetCount % 4 !== 0 && !end.includes('=');
}

/** Bytes of a body; encodings other than quoted-printable and base64 leave it as it is. */
export function undoTransferEncoding(body: Buffer, encoding: string): Buffer {
  if (/quoted-printable/i.test(encoding)) return undoQuotedPrintable(body);
  return /base64/i.test(encoding) ? undoBase64(body) : body;
}

/** `=3D` and soft line breaks; what is no escape stays. */
function undoQuotedPrintable(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length);
  let length = 0;
  let at = 0;
  for (;;) {
    const found = body.indexOf(equals, at);
    const end = found < 0 ? body.length : found;
    length += body.copy(out, length, at, end);
    if (found < 0) return out.subarray(0, length);
    const high = hexValue(body[found + 1]);
    const low = hexValue(body[found + 2]);
    const soft = softBreakEnd(body, found + 1);
    if (high >= 0 && low >= 0) {
      out[length++] = high * 16 + low;
      at = found + 3;
    } else if (soft > 0) at = soft;
    else {
      out[length++] = equals;
      at = found + 1;
    }
  }
}

/** Index behind a line break that `=` hides, also with blanks that a gateway put before it; 0 when there is none. */
function softBreakEnd(body: Buffer, from: number): number {
  let at = from;
  while (body[at] === 0x20 || body[at] === 0x09) at++;
  if (body[at] === cr) at++;
  if (at >= body.length) return body.length;
  return body[at] === lf ? at + 1 : 0;
}

function hexValue(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const sextets = new Uint8Array(256).fill(0xff);
for (let i = 0; i < 64; i++) sextets[alphabet.charCodeAt(i)] = i;

/**
 * Base64 with line breaks and stray characters in it. Padding ends a unit, not the text: some programs pad each line,
 * and list software puts several bodies behind each other.
 */
function undoBase64(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(Math.floor((body.length * 3) / 4) + 3);
  let length = 0;
  let bits = 0;
  let count = 0;
  for (const byte of body) {
    const value = sextets[byte] as number;
    if (value === 0xff) {
      if (byte === equals) count = 0;
      continue;
    }
    bits = ((bits << 6) | value) & 0xffffff;
    count++;
    if (count === 1) continue;
    // Two sextets make a byte, and each one more until the unit of four is full.
    out[length++] = (bits >> (6 - (count - 1) * 2)) & 0xff;
    if (count === 4) count = 0;
  }
  return out.subarray(0, length);
}

/** Characters of lines that are kept of one body. */
const mostStray = 256 * 1024;

/**
 * Lines of a body in base64 that are no base64: a part whose boundary was lost, the footer of a mailing list. Undone as
 * base64 they would be gone.
 */
export function strayLines(body: Buffer, encoding: string): string {
  if (!/base64/i.test(encoding)) return '';
  const lines: string[] = [];
  let length = 0;
  for (let at = 0; at < body.length && length < mostStray; ) {
    const stray = strayAt(body, at);
    if (stray < 0) break;
    const start = body.lastIndexOf(lf, stray) + 1;
    const found = body.indexOf(lf, stray);
    const end = found < 0 ? body.length : found;
    const line = body.toString('utf8', start, Math.min(end, start + mostStray)).trim();
    if (/\w{4}/.test(line)) lines.push(line);
    length += line.length;
    at = end + 1;
  }
  return lines.join('\n');
}

/** First byte that base64, its padding and its line breaks do not have. */
function strayAt(body: Buffer, from: number): number {
  for (let at = from; at < body.length; at++) {
    const byte = body[at] as number;
    if (sextets[byte] !== 0xff || byte === equals || byte < 0x20) continue;
    // A blank between words, too.
    if (byte > 0x20 || (isOfBase64(body[at - 1]) && isOfBase64(body[at + 1]))) return at;
  }
  return -1;
}

function isOfBase64(byte: number | undefined): boolean {
  return byte !== undefined && sextets[byte] !== 0xff;
}
