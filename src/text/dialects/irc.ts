/**
 * mIRC formatting codes, which may stand in the middle of a word; and lines that a server cut, since a message has at
 * most 510 bytes and a long token goes on in the next line of the same nick.
 */
import type { MarkupWriter } from './markup-writer.js';

const newline = 0x0a;
const carriageReturn = 0x0d;
const colour = 0x03;
const hexColour = 0x04;
const comma = 0x2c;
const singleCodes = new Uint8Array(32);
for (const code of [0x02, 0x0f, 0x11, 0x16, 0x1d, 0x1e, 0x1f]) singleCodes[code] = 1;

/** Lines are cut behind so many bytes at the earliest: 510 less prefix, command, target and clients' caution. */
const shortestCutLine = 300;

export function undoIrc(writer: MarkupWriter): void {
  const { input } = writer;
  let lineStart = 0;
  for (let at = 0; at < input.length; ) {
    const byte = input[at] as number;
    if (byte >= 0x20) at++;
    else if (byte === newline) {
      const end = input[at - 1] === carriageReturn ? at - 1 : at;
      if (end - lineStart >= shortestCutLine && isInk(input[end - 1]) && isInk(input[at + 1])) {
        writer.drop(end, at + 1);
        writer.note('split-over-leaves');
      }
      lineStart = ++at;
    } else {
      const end = at + codeLength(input, at, byte);
      if (end > at) writer.drop(at, end);
      at = Math.max(end, at + 1);
    }
  }
}

/** Printable ASCII other than a blank: what tokens are made of. */
function isInk(byte: number | undefined): boolean {
  return byte !== undefined && byte > 0x20 && byte < 0x7f;
}

/** Bytes of the formatting code at `at`, its colours included; 0 when it is none. */
function codeLength(input: Buffer, at: number, code: number): number {
  if (code === colour) return coloursEnd(input, at + 1, 2, isDigit) - at;
  if (code === hexColour) return coloursEnd(input, at + 1, 6, isHexDigit) - at;
  return singleCodes[code] as number;
}

function coloursEnd(input: Buffer, start: number, width: number, isOf: (byte: number) => boolean): number {
  const digitsEnd = (from: number): number => {
    let i = from;
    while (i < from + width && isOf(input[i] ?? 0)) i++;
    // A hex colour has all of its digits, or the code only ends a colour.
    return width > 2 && i < from + width ? from : i;
  };
  const front = digitsEnd(start);
  if (front === start || input[front] !== comma) return front;
  const back = digitsEnd(front + 1);
  return back === front + 1 ? front : back;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte < 0x3a;
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) < 0x67);
}
