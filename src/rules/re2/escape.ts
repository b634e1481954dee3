/** What a backslash stands for, in a class and outside. */
import { Re2SyntaxError } from './ast.js';
import { type ClassMembers, negated, noMembers, perlClasses, unicodeAscii } from './class.js';

const controls: Readonly<Record<string, string>> = {
  a: '\x07',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

export type Escape =
  | { readonly char: string; readonly end: number }
  | { readonly members: ClassMembers; readonly end: number };

function charOf(code: number, at: number): string {
  if (code > 0x10ffff) throw new Re2SyntaxError('a character code beyond Unicode', at);
  return String.fromCodePoint(code);
}

function hexEscape(source: string, at: number): Escape {
  const match = /^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,8})\})/.exec(source.slice(at, at + 12));
  if (match === null) throw new Re2SyntaxError('\\x needs two hex digits or a code in braces', at);
  return { char: charOf(Number.parseInt(match[1] ?? match[2] ?? '', 16), at), end: at + match[0].length };
}

function unicodeClass(source: string, at: number): Escape {
  const match = /^([pP])(?:\{(\^?)(\w{1,40})\}|(\w))/.exec(source.slice(at, at + 50));
  const set = unicodeAscii[match?.[3] ?? match?.[4] ?? ''];
  if (match === null || set === undefined)
    throw new Re2SyntaxError('a Unicode class that is not known here', at);
  const members: ClassMembers = { ...noMembers, set, anyWide: true };
  const isNegated = (match[1] === 'P') !== (match[2] === '^');
  return { members: isNegated ? negated(members) : members, end: at + match[0].length };
}

/** @param at behind the backslash */
export function readEscape(source: string, at: number): Escape {
  const char = source.charAt(at);
  const perl = perlClasses[char.toLowerCase()];
  if (perl !== undefined) {
    const members: ClassMembers = { ...noMembers, set: perl };
    return { members: /[a-z]/.test(char) ? members : negated(members), end: at + 1 };
  }
  if (char === 'p' || char === 'P') return unicodeClass(source, at);
  if (char === 'x') return hexEscape(source, at);
  const control = controls[char];
  if (control !== undefined) return { char: control, end: at + 1 };
  const octal = /^[0-7]{1,3}/.exec(source.slice(at, at + 3))?.[0];
  if (octal !== undefined) return { char: charOf(Number.parseInt(octal, 8), at), end: at + octal.length };
  if (char === '' || /[A-Za-z0-9]/.test(char))
    throw new Re2SyntaxError('a backslash that RE2 does not know', at);
  const literal = String.fromCodePoint(source.codePointAt(at) ?? 0);
  return { char: literal, end: at + literal.length };
}
