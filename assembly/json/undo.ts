/**
 * Strings of JSON as the texts that they stand for, in UTF-8: what `JSON.parse` makes of them, without an object for each.
 */
import { HEX_VALUES } from '../scan/memory-map';
import { UNDONE, UNDONE_BYTES } from './memory-map';

export function jsonUndone(): usize {
  return UNDONE;
}

export function jsonUndoneBytes(): u32 {
  return UNDONE_BYTES;
}

/**
 * Writes the text of the string at `[from, end)`, whose syntax was found sound, to `out`, and a newline behind it.
 * Returns the end of the text, before the newline, or 0 when it may not fit.
 */
export function undoString(from: usize, end: usize, out: usize): usize {
  // No text is longer than its string; sixteen bytes are written at a time.
  if (out + (end - from) + 32 > UNDONE + UNDONE_BYTES) return 0;
  let at = from;
  let to = out;
  while (at < end) {
    const bytes = v128.load(at);
    v128.store(to, bytes);
    const escapes: u32 = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0x5c)));
    const left = end - at;
    const plain: usize = escapes == 0 ? 16 : ctz(escapes);
    if (plain >= left) {
      to += left;
      break;
    }
    at += plain;
    to += plain;
    if (escapes == 0) continue;
    const escaped: u32 = load<u8>(at, 1);
    at += 2;
    if (escaped == 0x75) {
      let unit = unitAt(at);
      at += 4;
      if ((unit & 0xf800) == 0xd800) {
        const isPair = unit < 0xdc00 && at + 6 <= end && load<u16>(at) == 0x755c && (unitAt(at + 2) & 0xfc00) == 0xdc00;
        if (isPair) {
          unit = 0x10000 + ((unit & 0x3ff) << 10) + (unitAt(at + 2) & 0x3ff);
          at += 6;
        } else unit = 0xfffd;
      }
      to = writeUnit(to, unit);
    } else {
      store<u8>(to, controlOf(escaped));
      to++;
    }
  }
  store<u8>(to, 0x0a);
  return to;
}

/** Number that four hexadecimal digits write. */
function unitAt(at: usize): u32 {
  return (digitAt(at) << 12) | (digitAt(at + 1) << 8) | (digitAt(at + 2) << 4) | digitAt(at + 3);
}

// @ts-ignore: decorator
@inline
function digitAt(at: usize): u32 {
  return load<u8>(HEX_VALUES + load<u8>(at));
}

function writeUnit(to: usize, unit: u32): usize {
  if (unit < 0x80) {
    store<u8>(to, <u8>unit);
    return to + 1;
  }
  if (unit < 0x800) {
    store<u8>(to, <u8>(0xc0 | (unit >> 6)));
    store<u8>(to, <u8>(0x80 | (unit & 63)), 1);
    return to + 2;
  }
  if (unit < 0x10000) {
    store<u8>(to, <u8>(0xe0 | (unit >> 12)));
    store<u8>(to, <u8>(0x80 | ((unit >> 6) & 63)), 1);
    store<u8>(to, <u8>(0x80 | (unit & 63)), 2);
    return to + 3;
  }
  store<u8>(to, <u8>(0xf0 | (unit >> 18)));
  store<u8>(to, <u8>(0x80 | ((unit >> 12) & 63)), 1);
  store<u8>(to, <u8>(0x80 | ((unit >> 6) & 63)), 2);
  store<u8>(to, <u8>(0x80 | (unit & 63)), 3);
  return to + 4;
}

/** What an escape of one letter stands for. */
function controlOf(escaped: u32): u8 {
  switch (escaped) {
    case 0x6e:
      return 0x0a;
    case 0x74:
      return 0x09;
    case 0x72:
      return 0x0d;
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    default:
      return <u8>escaped;
  }
}
