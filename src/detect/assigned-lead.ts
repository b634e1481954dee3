/** `acme token = '…'`: the word before a name, when both are all that stands before the sign. It says whose the value is. */
import { isBlank, isLetter, isName, isNewline } from './byte-class.js';

const mostLead = 32;

/** Words of programming languages, and of people, that say nothing about whose a value is. */
const idleWords = new Set(
  (
    'const let var val def my our local static final private public protected internal readonly export declare dim mut auto ' +
    'string str char wchar text bytes byte data object any void unsigned extern volatile register constexpr inline type set ' +
    'new old next prev first last the a an this that your some each every same current default using use with and or if for ' +
    'return case when where in of to is as by from expected actual invalid valid random csrf xsrf session request response ' +
    'nsstring charsequence optional guid uuid field self static_cast begin end input output page sync lock device push'
  ).split(' '),
);

/** Marks of lists, comments, logs and quotes, which may stand before the word. */
function isLineMark(byte: number | undefined): boolean {
  return (
    byte === undefined ||
    isNewline(byte) ||
    byte === 0x23 ||
    byte === 0x2a ||
    byte === 0x2d ||
    byte === 0x22 ||
    byte === 0x27 ||
    byte === 0x60 ||
    byte === 0x3e ||
    byte === 0x5d
  );
}

/** Whether the name at `nameStart`, whose value ends at `valueEnd`, has such a word; a line of code ends in a semicolon. */
export function hasLeadWord(bytes: Uint8Array, nameStart: number, valueEnd: number): boolean {
  const before = bytes[nameStart - 1];
  if (before !== 0x20 && before !== 0x2d) return false;
  const end = nameStart - 1;
  let start = end;
  while (start > 0 && end - start <= mostLead && isName(bytes[start - 1])) start--;
  if (end - start < 3 || end - start > mostLead || !isLetter(bytes[start])) return false;
  let behind = valueEnd;
  while (bytes[behind] === 0x22 || bytes[behind] === 0x27 || bytes[behind] === 0x60) behind++;
  if (bytes[behind] === 0x3b) return false;
  let mark = start - 1;
  while (mark >= 0 && isBlank(bytes[mark])) mark--;
  const word = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
    .toString('latin1')
    .toLowerCase();
  return isLineMark(bytes[mark]) && !idleWords.has(word);
}
