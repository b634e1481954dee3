/** What a function of a telling name gives back: `getToken() { return "x" }`, `def password(self): return 'x'`, `key = () => "x"`. */
import { hasFoldedAt, isBlank, isIdentifier, isNewline, skipBlanks } from './byte-class.js';
import { literalAt, literalValue, skipSpace, type Value } from './literal.js';

const openParen = 0x28;
const closeParen = 0x29;
const openBrace = 0x7b;
const colon = 0x3a;
const equals = 0x3d;
const greaterThan = 0x3e;
const hyphen = 0x2d;

const mostParameters = 80;
const mostType = 48;
const mostSpace = 80;

/** Functions that tell of a secret or make a new one; what they give back is a message or a state. */
const askingWords = [
  'is',
  'has',
  'check',
  'valid',
  'validate',
  'verify',
  'reset',
  'change',
  'forgot',
  'mask',
  'hide',
  'test',
  'assert',
  'describe',
  'mock',
  'fake',
  'stub',
  'dummy',
  'sample',
];

/** `isSecret`, `has_token`, `CheckPassword`; `issuerSecret` and `hasuraSecret` begin with other words. */
function asks(bytes: Uint8Array, nameStart: number): boolean {
  return askingWords.some((word) => {
    const next = bytes[nameStart + word.length] ?? 0;
    return hasFoldedAt(bytes, nameStart, word) && !(next >= 0x61 && next <= 0x7a);
  });
}

/** Behind the bracket that closes the parameters; -1 where another opens, or the line is too long. */
function behindParameters(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== openParen) return -1;
  for (let i = at + 1; i - at < mostParameters; i++) {
    const byte = bytes[i];
    if (byte === closeParen) return i + 1;
    if (byte === undefined || byte === openParen || byte === openBrace || isNewline(byte)) return -1;
  }
  return -1;
}

/** `<`, `>`, `[`, `]`, `&`, `*`, `'`, `?`, `.`, `,`: signs of types. */
function isTypeByte(byte: number | undefined): boolean {
  return (
    isIdentifier(byte) ||
    isBlank(byte) ||
    byte === 0x3c ||
    byte === 0x5b ||
    byte === 0x5d ||
    byte === 0x26 ||
    byte === 0x2a ||
    byte === 0x27 ||
    byte === 0x3f ||
    byte === 0x2e ||
    byte === 0x2c
  );
}

/** Where the body begins: behind `{`, `:` at the end of a head, `=` or `=>`; a type may stand before it. */
function bodyAt(bytes: Uint8Array, at: number): number {
  let i = skipBlanks(bytes, at);
  const isArrow = bytes[i] === hyphen && bytes[i + 1] === greaterThan;
  const isTyped =
    isArrow ||
    (bytes[i] === colon && isBlank(bytes[i + 1]) && !hasFoldedAt(bytes, skipBlanks(bytes, i + 1), 'return'));
  if (isTyped) i += isArrow ? 2 : 1;
  const from = i;
  while (i - from < mostType && isTypeByte(bytes[i])) {
    if (bytes[i] === greaterThan) break;
    i++;
  }
  if (bytes[i] === greaterThan) i = skipBlanks(bytes, i + 1);
  if (isNewline(bytes[i])) i = skipSpace(bytes, i, mostSpace);
  if (bytes[i] === openBrace || bytes[i] === colon) return i + 1;
  if (bytes[i] !== equals || bytes[i + 1] === equals) return -1;
  return bytes[i + 1] === greaterThan ? behindArrow(bytes, i) : i + 1;
}

/** Behind `=>`, and behind the brace that may open a body there. */
function behindArrow(bytes: Uint8Array, at: number): number {
  const body = skipSpace(bytes, at + 2, mostSpace);
  return bytes[body] === openBrace ? body + 1 : body;
}

/** The literal that the body consists of; nothing may be joined to it. */
function literalOfBody(bytes: Uint8Array, at: number): Value | undefined {
  let i = skipSpace(bytes, at, mostSpace);
  if (hasFoldedAt(bytes, i, 'return') && !isIdentifier(bytes[i + 6])) i = skipBlanks(bytes, i + 6);
  const literal = literalAt(bytes, i);
  const value = literal < 0 ? undefined : literalValue(bytes, literal);
  if (value === undefined || value.quote === 0) return undefined;
  const next = bytes[skipBlanks(bytes, value.end + 1)];
  const ends =
    next === undefined ||
    isNewline(next) ||
    next === 0x3b ||
    next === 0x7d ||
    next === 0x2c ||
    next === closeParen;
  return ends ? value : undefined;
}

/** The value that the function whose parameters open at `at` returns; its name is `[nameStart, at)`. */
export function returnedValue(bytes: Uint8Array, nameStart: number, at: number): Value | undefined {
  const behind = behindParameters(bytes, at);
  if (behind < 0 || asks(bytes, nameStart)) return undefined;
  const body = bodyAt(bytes, behind);
  return body < 0 ? undefined : literalOfBody(bytes, body);
}

/** `() => "x"` and `(user) => { return "x" }` behind an operator. */
export function arrowValue(bytes: Uint8Array, at: number): Value | undefined {
  const behind = behindParameters(bytes, at);
  if (behind < 0) return undefined;
  const arrow = skipBlanks(bytes, behind);
  if (bytes[arrow] !== equals || bytes[arrow + 1] !== greaterThan) return undefined;
  return literalOfBody(bytes, behindArrow(bytes, arrow));
}
