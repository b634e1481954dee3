/** What a pattern's source tells about its matches, worked out once by the build. */
import {
  alphanumericBytes,
  digitBytes,
  hexBytes,
  letterBytes,
  nameBytes,
  setsOfByte,
  tokenBytes,
  underscoreBytes,
} from './byte-set.js';
import { firstAlternatives, startsAtKeyword } from './pattern-heads.js';
import type { CompiledRule } from './rule-set.js';

export interface PatternFacts {
  /** Every match begins with one of the rule's keywords. */
  readonly startsAtKeyword: boolean;
  /** Fewest token bytes in a row that the captured value has; 0 when that cannot be told. */
  readonly leastRun: number;
  /** The set of byte-set.ts in which all bytes of that run are. */
  readonly runSet: number;
  /** Sets of byte-set.ts of which none stands before a match; 0 unless it begins with a keyword. */
  readonly border: number;
}

/** Undefined for a rule without a pattern. */
export function patternFacts({ pattern, keywords }: CompiledRule): PatternFacts | undefined {
  if (pattern === undefined) return undefined;
  const { source } = pattern;
  const { length, set } = capturedRun(source);
  const isAtKeyword = startsAtKeyword(source, keywords);
  return {
    startsAtKeyword: isAtKeyword,
    leastRun: length,
    runSet: set,
    border: isAtKeyword ? leftBorder(source) : 0,
  };
}

/** Bytes in a row of one set. */
interface Run {
  readonly length: number;
  readonly set: number;
}

const noRun: Run = { length: 0, set: tokenBytes };

/**
 * Fewest token bytes in a row that the captured group needs when it is nothing but classes of token bytes
 * with counts, e.g. 32 for `([0-9a-f]{32})`, and the smallest set that holds them all; 0 when that cannot be told
 * from the source.
 */
export function capturedRun(source: string): Run {
  const group = /(?<!\\)\((?!\?)((?:\\.|[^()])*)\)/.exec(source)?.[1];
  if (group === undefined || group.includes('|')) return noRun;
  let length = 0;
  let shared = 0xff;
  let rest = group;
  while (rest !== '') {
    const atom = /^(\[(?:\\.|[^\]\\])*\]|\\[\w.+/=_-]|[\w=/:~-])(?:\{(\d+)(?:,\d*)?\}|([?*+]))?/.exec(rest);
    if (atom === null) return noRun;
    const [text, unit = '', count, sign] = atom;
    if (!isTokenUnit(unit)) return noRun;
    length += count !== undefined ? Number(count) : sign === undefined || sign === '+' ? 1 : 0;
    shared &= setsOfUnit(unit);
    rest = rest.slice(text.length);
  }
  return { length, set: [hexBytes, alphanumericBytes, nameBytes].find((set) => shared & set) ?? tokenBytes };
}

function isTokenUnit(unit: string): boolean {
  if (/^\[\^/.test(unit) || /^\\[sSDWbB]$/.test(unit)) return false;
  return /^(?:[\w+/=:~.-]|\\[wd.+/=_-])*$/.test(bodyOf(unit));
}

function bodyOf(unit: string): string {
  return unit.startsWith('[') ? unit.slice(1, -1) : unit;
}

/** The sets in which all bytes are that a class of {@link isTokenUnit} stands for. */
function setsOfUnit(unit: string): number {
  let shared = 0xff;
  for (const [, from = '', to] of bodyOf(unit).matchAll(/(\\.|.)(?:-(\\.|.))?/g)) {
    if (from === '\\w') shared &= nameBytes | tokenBytes;
    else if (from === '\\d') shared &= setsOf('0') & setsOf('9');
    else if (to === undefined) shared &= setsOf(from.at(-1) ?? '');
    else {
      const last = to.charCodeAt(to.length - 1);
      for (let byte = from.charCodeAt(from.length - 1); byte <= last; byte++) shared &= setsOfByte[byte] ?? 0;
    }
  }
  return shared;
}

function setsOf(char: string): number {
  return setsOfByte[char.charCodeAt(0)] ?? 0;
}

const borderSets = [
  { set: letterBytes, chars: /A-Za-z|a-zA-Z|\\w/ },
  { set: digitBytes, chars: /0-9|\\[dw]/ },
  { set: underscoreBytes, chars: /_|\\w/ },
];

/** Sets of which none may stand before a match, as far as the head of the source tells. */
export function leftBorder(source: string): number {
  const border = /^\(\?<!\[((?:[^\]\\^]|\\.)(?:[^\]\\]|\\.)*)\]\)/.exec(source)?.[1];
  if (border !== undefined) {
    return borderSets.reduce((all, { set, chars }) => (chars.test(border) ? all | set : all), 0);
  }
  const alternatives = firstAlternatives(source);
  if (alternatives === undefined) return 0;
  return alternatives.reduce((all, alternative) => all & leftBorder(alternative), 0xff);
}
