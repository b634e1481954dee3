/** Constant tables of the scanner. */
import { BASE64_VALUES, FOLDED, HEX_VALUES, SETS_OF_BYTE } from './memory-map';

export function initScan(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    const lower = byte | 32;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    const isLetter = lower >= 0x61 && lower <= 0x7a;
    const isUpper = byte >= 0x41 && byte <= 0x5a;
    store<u8>(FOLDED + byte, isUpper ? lower : byte);
    store<u8>(SETS_OF_BYTE + byte, <u8>setsOf(byte, isDigit, isLetter));
    let value: u32 = 255;
    if (isUpper) value = byte - 0x41;
    else if (isLetter) value = byte - 0x61 + 26;
    else if (isDigit) value = byte - 0x30 + 52;
    else if (byte == 0x2b || byte == 0x2d) value = 62;
    else if (byte == 0x2f || byte == 0x5f) value = 63;
    store<u8>(BASE64_VALUES + byte, <u8>value);
    const isHex = isDigit || (lower >= 0x61 && lower <= 0x66);
    store<u8>(HEX_VALUES + byte, <u8>(isHex ? (isDigit ? byte - 0x30 : lower - 0x57) : 255));
  }
}

/** The sets of src/rules/byte-set.ts that a byte is in. */
function setsOf(byte: u32, isDigit: bool, isLetter: bool): u32 {
  const lower = byte | 32;
  const isHex = isDigit || (lower >= 0x61 && lower <= 0x66);
  const isAlphanumeric = isLetter || isDigit;
  // _ and -
  const isName = isAlphanumeric || byte == 0x5f || byte == 0x2d;
  // + / = . : ~
  const isToken =
    isName || byte == 0x2b || byte == 0x2f || byte == 0x3d || byte == 0x2e || byte == 0x3a || byte == 0x7e;
  let sets: u32 = isToken ? 1 : 0;
  if (isName) sets |= 2;
  if (isAlphanumeric) sets |= 4;
  if (isHex || byte == 0x2d) sets |= 8;
  if (isLetter) sets |= 16;
  if (isDigit) sets |= 32;
  if (byte == 0x5f) sets |= 64;
  const isQuote = byte == 0x22 || byte == 0x27 || byte == 0x60;
  if (byte <= 0x20 || isQuote || byte == 0x3c || byte == 0x3e || byte == 0x5c || byte == 0x7f) sets |= 128;
  return sets;
}
