/** Several names on one side of the sign and as many literals on the other: `user, password = "a", "b"`. */
import { isBlank, isIdentifier, isNewline, isQuote, skipBlanks } from './byte-class.js';
import { literalAt, literalValue, type Value } from './literal.js';

const comma = 0x2c;
/** Names before the one that is looked at. */
const mostNames = 6;
const reach = 160;

/** How many names with a comma behind them stand before `nameStart` on its line; 0 for every other text. */
function namesBefore(bytes: Uint8Array, nameStart: number): number {
  let at = nameStart;
  for (let names = 0; names <= mostNames; names++) {
    let end = at;
    while (isBlank(bytes[end - 1])) end--;
    if (bytes[end - 1] !== comma) {
      // `let (a, b) =`, `const [a, b] =` and a plain list begin their line or a bracket.
      const open = bytes[end - 1];
      const isStart = end === 0 || isNewline(open) || open === 0x28 || open === 0x5b || open === 0x3b;
      return isStart ? names : 0;
    }
    end--;
    let start = end;
    while (
      start > 0 &&
      nameStart - start < reach &&
      (isIdentifier(bytes[start - 1]) || bytes[start - 1] === 0x2e)
    )
      start--;
    if (start === end) return 0;
    at = start;
  }
  return 0;
}

/** The literal that the name at `nameStart` is given; `at` is behind the sign. Undefined when it stands alone. */
export function parallelValue(bytes: Uint8Array, nameStart: number, at: number): Value | undefined {
  const index = namesBefore(bytes, nameStart);
  if (index === 0) return undefined;
  let i = bytes[at] === 0x28 || bytes[at] === 0x5b ? skipBlanks(bytes, at + 1) : at;
  for (let skipped = 0; skipped <= index; skipped++) {
    const literal = literalAt(bytes, i);
    if (literal < 0) return undefined;
    const value = literalValue(bytes, literal);
    if (value === undefined || skipped === index) return value;
    i = skipBlanks(bytes, isQuote(bytes[value.end]) ? value.end + 1 : value.end);
    if (bytes[i] !== comma) return undefined;
    i = skipBlanks(bytes, i + 1);
  }
  return undefined;
}
