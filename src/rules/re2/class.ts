/** Character classes of RE2's syntax as sets of bytes: `\d`, `[[:alpha:]]`, `\pL`, `[a-z\s]`. */
import { type CharSet, complement, foldCase, union } from '../char-set.js';
import { choiceOf, type Re2Node, sequenceOf } from './ast.js';

export function setOf(...ranges: readonly (readonly [number, number])[]): CharSet {
  const set = new Uint8Array(256);
  for (const [from, to] of ranges) set.fill(1, from, to + 1);
  return set;
}

export function textSet(chars: string): CharSet {
  return setOf(...[...chars].map((char) => [char.charCodeAt(0), char.charCodeAt(0)] as const));
}

const digits: readonly [number, number] = [0x30, 0x39];
const lower: readonly [number, number] = [0x61, 0x7a];
const upper: readonly [number, number] = [0x41, 0x5a];

/** Perl classes; RE2's know ASCII only. */
export const perlClasses: Readonly<Record<string, CharSet>> = {
  d: setOf(digits),
  s: textSet('\t\n\f\r '),
  w: union(setOf(digits, upper, lower), textSet('_')),
};

/** POSIX classes, `[[:name:]]`. */
export const posixClasses: Readonly<Record<string, CharSet>> = {
  alnum: setOf(digits, upper, lower),
  alpha: setOf(upper, lower),
  ascii: setOf([0, 0x7f]),
  blank: textSet('\t '),
  cntrl: setOf([0, 0x1f], [0x7f, 0x7f]),
  digit: setOf(digits),
  graph: setOf([0x21, 0x7e]),
  lower: setOf(lower),
  print: setOf([0x20, 0x7e]),
  punct: setOf([0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]),
  space: textSet('\t\n\v\f\r '),
  upper: setOf(upper),
  word: perlClasses['w'] as CharSet,
  xdigit: setOf(digits, [0x41, 0x46], [0x61, 0x66]),
};

/** ASCII members of the Unicode categories that patterns use; what lies beyond ASCII is in all of them. */
export const unicodeAscii: Readonly<Record<string, CharSet>> = {
  L: setOf(upper, lower),
  Lu: setOf(upper),
  Ll: setOf(lower),
  N: setOf(digits),
  Nd: setOf(digits),
  P: textSet('!"#%&\'()*,-./:;?@[\\]_{}'),
  S: textSet('$+<=>^`|~'),
  Z: textSet(' '),
  Zs: textSet(' '),
  Latin: setOf(upper, lower),
};

const ascii: CharSet = setOf([0, 0x7f]);
const beyondAscii: CharSet = setOf([0x80, 0xff]);

/** A class while it is read: bytes of ASCII, and whether (some) characters beyond are in it. */
export interface ClassMembers {
  readonly set: CharSet;
  /** Characters beyond ASCII that are named one by one. */
  readonly wide: readonly string[];
  /** All characters beyond ASCII, or a range of them that is not spelled out. */
  readonly anyWide: boolean;
}

export const noMembers: ClassMembers = { set: new Uint8Array(256), wide: [], anyWide: false };

export function join(a: ClassMembers, b: ClassMembers): ClassMembers {
  return { set: union(a.set, b.set), wide: [...a.wide, ...b.wide], anyWide: a.anyWide || b.anyWide };
}

/** What is not in the class. Without the wide characters that were named: a byte cannot tell them apart. */
export function negated(members: ClassMembers): ClassMembers {
  const set = complement(members.set).map((flag, code) => (ascii[code] === 1 ? flag : 0));
  return { set, wide: [], anyWide: !members.anyWide };
}

/** The UTF-8 bytes of a character, one set a byte. */
export function bytesOf(char: string): Re2Node {
  const sets = [...Buffer.from(char, 'utf8')].map(
    (byte): Re2Node => ({
      type: 'set',
      set: setOf([byte, byte]),
    }),
  );
  return sequenceOf(sets);
}

/** Both cases of a character when `fold`, else itself. */
export function charNode(char: string, fold: boolean): Re2Node {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x80) {
    const set = setOf([code, code]);
    return { type: 'set', set: fold ? foldCase(set) : set };
  }
  const cases = fold ? [...new Set([char, char.toLowerCase(), char.toUpperCase()])] : [char];
  return choiceOf(cases.map(bytesOf));
}

/**
 * The class as a node. One byte stands for a character beyond ASCII where all of them are in the class:
 * `[^"]` then counts bytes, which only matters for bounded repeats over such text.
 */
export function classNode(members: ClassMembers, fold: boolean): Re2Node {
  const folded = fold ? foldCase(members.set) : members.set;
  if (members.anyWide) return { type: 'set', set: union(folded, beyondAscii) };
  const one: Re2Node = { type: 'set', set: folded };
  if (members.wide.length === 0) return one;
  return choiceOf([one, ...members.wide.map((char) => charNode(char, fold))]);
}
