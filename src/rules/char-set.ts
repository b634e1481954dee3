/**
 * Sets of byte values, as the rule compiler sees a character class. Windows are matched as Latin-1, so a
 * character is a byte and 256 flags are the whole universe.
 */
import type { AST } from '@eslint-community/regexpp';

/** 256 flags, one a byte value. Never mutated after it was made. */
export type CharSet = Uint8Array;

export const emptySet: CharSet = new Uint8Array(256);

export function union(a: CharSet, b: CharSet): CharSet {
  return a.map((flag, index) => flag | (b[index] ?? 0));
}

export function complement(set: CharSet): CharSet {
  return set.map((flag) => 1 - flag);
}

export function intersects(a: CharSet, b: CharSet): boolean {
  return a.some((flag, index) => flag === 1 && b[index] === 1);
}

/** Members in ascending order. */
export function members(set: CharSet): number[] {
  const found: number[] = [];
  set.forEach((flag, index) => {
    if (flag === 1) found.push(index);
  });
  return found;
}

/** Adds the other ASCII case of every letter. */
export function foldCase(set: CharSet): CharSet {
  const folded = set.slice();
  for (let upper = 0x41; upper <= 0x5a; upper++) {
    if (set[upper] === 1 || set[upper + 0x20] === 1) {
      folded[upper] = 1;
      folded[upper + 0x20] = 1;
    }
  }
  return folded;
}

function range(set: CharSet, from: number, to: number): void {
  for (let code = from; code <= Math.min(to, 255); code++) set[code] = 1;
}

// What `\s` matches below U+0100: tab to carriage return, space, no-break space.
const spaces: readonly number[] = [9, 10, 11, 12, 13, 32, 0xa0];

function escapeSet(node: AST.CharacterSet): CharSet {
  const set = new Uint8Array(256);
  if (node.kind === 'any') {
    range(set, 0, 255);
    set[10] = 0;
    set[13] = 0;
    return set;
  }
  if (node.kind === 'property') throw new RangeError('a Unicode property is outside the pattern subset');
  if (node.kind === 'space') for (const code of spaces) set[code] = 1;
  else range(set, 0x30, 0x39);
  if (node.kind === 'word') {
    range(set, 0x41, 0x5a);
    range(set, 0x61, 0x7a);
    set[0x5f] = 1;
  }
  return node.negate ? complement(set) : set;
}

export type SingleCharNode = AST.Character | AST.CharacterClass | AST.CharacterSet;

export function isSingleChar(node: AST.Node): node is SingleCharNode {
  return node.type === 'Character' || node.type === 'CharacterClass' || node.type === 'CharacterSet';
}

function rawSet(node: SingleCharNode): CharSet {
  if (node.type === 'CharacterSet') return escapeSet(node);
  const set = new Uint8Array(256);
  if (node.type === 'Character') {
    if (node.value > 255) throw new RangeError('a character beyond Latin-1 is outside the pattern subset');
    set[node.value] = 1;
    return set;
  }
  for (const element of node.elements) {
    if (element.type === 'CharacterClassRange') range(set, element.min.value, element.max.value);
    else if (element.type === 'Character') set[element.value] = 1;
    else if (element.type === 'CharacterSet') {
      escapeSet(element).forEach((flag, code) => {
        if (flag === 1) set[code] = 1;
      });
    } else throw new RangeError(`${element.type} is outside the pattern subset`);
  }
  return node.negate ? complement(set) : set;
}

/** The bytes that one single-character node matches. */
export function charSetOf(node: SingleCharNode, ignoreCase: boolean): CharSet {
  const set = rawSet(node);
  return ignoreCase ? foldCase(set) : set;
}
