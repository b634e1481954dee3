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
  /** Bytes from the start of a match in which the run stands; 0 when that cannot be told. */
  readonly runReach: number;
  /** Sets of byte-set.ts of which none stands before a match; 0 unless it begins with a keyword. */
  readonly border: number;
}

/** Undefined for a rule without a pattern. */
export function patternFacts({ pattern, keywords }: CompiledRule): PatternFacts | undefined {
  if (pattern === undefined) return undefined;
  const { source } = pattern;
  const { length, set, reach } = capturedRun(source);
  const isAtKeyword = startsAtKeyword(source, keywords);
  return {
    startsAtKeyword: isAtKeyword,
    leastRun: length,
    runSet: set,
    runReach: isAtKeyword && reach <= 0xffff ? reach : 0,
    border: isAtKeyword ? leftBorder(source) : 0,
  };
}

/** Bytes in a row of one set. */
interface Run {
  readonly length: number;
  readonly set: number;
  /** Bytes from the start of the match in which they stand; 0 when that cannot be told. */
  readonly reach: number;
}

interface Atom {
  readonly least: number;
  readonly most: number;
  readonly sets: number;
}

const noRun: Run = { length: 0, set: tokenBytes, reach: 0 };
/** So many hex digits in a row are rarer than more of other bytes. */
const leastHex = 16;
const leastAlphanumeric = 20;

/**
 * Fewest bytes of one set in a row that the captured group needs when it is nothing but classes with counts, e.g.
 * 32 hex digits for `([0-9a-f]{32})`, of the set that is rarest in other text; 0 when that cannot be told from the source.
 */
export function capturedRun(source: string): Run {
  const group = /(?<!\\)\((?!\?)((?:\\.|[^()])*)\)/.exec(source)?.[1];
  if (group === undefined || group.includes('|')) return noRun;
  const atoms = atomsOf(group);
  if (atoms === undefined) return noRun;
  const all = longestRun(atoms, tokenBytes);
  const isStart = source.replace(/^\(\?<!\[(?:[^\]\\]|\\.)*\]\)/, '').startsWith(`(${group})`);
  const [hex, alphanumeric, name] = [hexBytes, alphanumericBytes, nameBytes].map((set) =>
    longestRun(atoms, set),
  );
  const isRare = (run: Run | undefined, least: number): run is Run =>
    run !== undefined && run.length > 0 && (run.length >= least || run.length === all.length);
  const found = isRare(hex, leastHex)
    ? hex
    : isRare(alphanumeric, Math.max(leastAlphanumeric, all.length * 0.8))
      ? alphanumeric
      : isRare(name, all.length * 0.8)
        ? name
        : all;
  return { ...found, reach: isStart ? found.reach : 0 };
}

/** Undefined when the group has something else in it. */
function atomsOf(group: string): Atom[] | undefined {
  const atoms: Atom[] = [];
  let rest = group;
  while (rest !== '') {
    const atom = /^(\[(?:\\.|[^\]\\])*\]|\\[\w.+/=_-]|[\w=/:~ -])(?:\{(\d+)(?:(,)(\d*))?\}|([?*+]))?/.exec(
      rest,
    );
    if (atom === null) return undefined;
    const [text, unit = '', count, comma, ceiling, sign] = atom;
    if (unit !== ' ' && !isTokenUnit(unit)) return undefined;
    const least = count !== undefined ? Number(count) : sign === '?' || sign === '*' ? 0 : 1;
    const most =
      count !== undefined ? mostOf(least, comma, ceiling) : sign === '*' || sign === '+' ? Infinity : 1;
    atoms.push({ least, most, sets: unit === ' ' ? 0 : setsOfUnit(unit) });
    rest = rest.slice(text.length);
  }
  return atoms;
}

function mostOf(least: number, comma: string | undefined, ceiling: string | undefined): number {
  if (comma === undefined) return least;
  return ceiling === undefined || ceiling === '' ? Number.POSITIVE_INFINITY : Number(ceiling);
}

/** The longest run of atoms whose bytes are all in the set. */
function longestRun(atoms: readonly Atom[], set: number): Run {
  let best = { ...noRun, set };
  let length = 0;
  // Most bytes before the run, and within it.
  let before = 0;
  let most = 0;
  for (const atom of atoms) {
    if ((atom.sets & set) === 0) {
      before += most + atom.most;
      length = 0;
      most = 0;
      continue;
    }
    length += atom.least;
    most += atom.most;
    if (length > best.length) best = { length, set, reach: Number.isFinite(before) ? before + length : 0 };
  }
  return best;
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
