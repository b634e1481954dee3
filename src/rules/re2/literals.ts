/**
 * Literals that every match of a pattern holds, and how far a match reaches beyond them. Case is folded, as
 * the prefilter folds it; a keyword that is not proven here is no mistake, it is only looked for otherwise.
 */
import { foldCase, members } from '../char-set.js';
import { choiceOf, type Re2Node, sequenceOf } from './ast.js';
import { setOf } from './class.js';
import { sumOf, type Width, widthOf } from './widths.js';

/** Texts of which one stands in every match. */
export type LiteralSet = readonly string[];

/** How far a match may reach before the literal's start and behind its end, in bytes. */
export interface Reach {
  readonly before: number;
  readonly after: number;
}

const mostTexts = 64;
const longestText = 64;
/** Members of a class that is spelled out. */
const mostSpelled = 6;
const mostUnrolled = 16;

/** Bytes beyond ASCII are no letters here. */
function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function joined(heads: LiteralSet, tails: LiteralSet): LiteralSet | undefined {
  if (heads.length * tails.length > mostTexts) return undefined;
  const texts = [...new Set(heads.flatMap((head) => tails.map((tail) => head + tail)))];
  return texts.some((text) => text.length > longestText) ? undefined : texts;
}

/** All texts that a node matches, folded; undefined when they are too many. */
function textsOf(node: Re2Node): LiteralSet | undefined {
  switch (node.type) {
    case 'set': {
      const folded = new Set(members(node.set).map((code) => foldAscii(String.fromCharCode(code))));
      return folded.size <= mostSpelled ? [...folded] : undefined;
    }
    case 'border':
      return [''];
    case 'group':
      return textsOf(node.inner);
    case 'sequence':
      return node.parts.reduce<LiteralSet | undefined>(
        (heads, part) => {
          const tails = heads === undefined ? undefined : textsOf(part);
          return heads === undefined || tails === undefined ? undefined : joined(heads, tails);
        },
        [''],
      );
    case 'choice': {
      const all = node.parts.map(textsOf);
      const texts = all.every((part) => part !== undefined) ? [...new Set(all.flat())] : undefined;
      return texts === undefined || texts.length > mostTexts ? undefined : texts;
    }
    case 'repeat':
      return repeatTexts(node);
    default:
      throw new TypeError(node satisfies never);
  }
}

function repeatTexts(node: Extract<Re2Node, { type: 'repeat' }>): LiteralSet | undefined {
  if (node.max > mostUnrolled) return undefined;
  const inner = textsOf(node.inner);
  if (inner === undefined) return undefined;
  let all: LiteralSet | undefined = [];
  let power: LiteralSet | undefined = [''];
  for (let count = 0; count <= node.max; count++) {
    if (power === undefined) return undefined;
    if (count >= node.min) all = [...new Set<string>([...all, ...power])];
    power = joined(power, inner);
  }
  return all.length > mostTexts ? undefined : all;
}

/** What a literal set must be to serve. */
type Serves = (texts: LiteralSet) => boolean;

/** A set of literals with the reach of a match beyond them. */
export interface Required {
  readonly texts: LiteralSet;
  readonly reach: Reach;
}

function reachIn(width: Width, texts: LiteralSet, found: (text: string) => number): Reach {
  // Wherever in the piece the literal stands, it takes up its own bytes.
  const own = Math.min(...texts.map(found));
  return { before: Math.max(0, width.max - own), after: Math.max(0, width.max - own) };
}

/** The best of the sets that `serves` accepts; `lengthOf` says how many bytes of a text are the literal. */
export function requiredIn(
  node: Re2Node,
  serves: Serves,
  lengthOf: (text: string) => number,
): Required | undefined {
  const texts = textsOf(node);
  if (texts !== undefined) {
    return serves(texts) ? { texts, reach: reachIn(widthOf(node), texts, lengthOf) } : undefined;
  }
  switch (node.type) {
    case 'group':
      return requiredIn(node.inner, serves, lengthOf);
    case 'sequence':
      return inSequence(node.parts, serves, lengthOf);
    case 'choice':
      return inChoice(node.parts, serves, lengthOf);
    case 'repeat':
      return inRepeat(node, serves, lengthOf);
    default:
      return undefined;
  }
}

function inRepeat(
  node: Extract<Re2Node, { type: 'repeat' }>,
  serves: Serves,
  lengthOf: (text: string) => number,
): Required | undefined {
  const inner = node.min === 0 ? undefined : requiredIn(node.inner, serves, lengthOf);
  if (inner === undefined) return undefined;
  const rest = widthOf(node).max - widthOf(node.inner).max;
  const more = Number.isNaN(rest) ? Number.POSITIVE_INFINITY : rest;
  return {
    texts: inner.texts,
    reach: { before: inner.reach.before + more, after: inner.reach.after + more },
  };
}

function inChoice(
  parts: readonly Re2Node[],
  serves: Serves,
  lengthOf: (text: string) => number,
): Required | undefined {
  const all = parts.map((part) => requiredIn(part, serves, lengthOf));
  if (!all.every((part) => part !== undefined)) return undefined;
  return {
    texts: [...new Set(all.flatMap(({ texts }) => texts))],
    reach: {
      before: Math.max(...all.map(({ reach }) => reach.before)),
      after: Math.max(...all.map(({ reach }) => reach.after)),
    },
  };
}

/** Neighbouring parts that are texts are read as one; every part and every such run is tried. */
function inSequence(
  parts: readonly Re2Node[],
  serves: Serves,
  lengthOf: (text: string) => number,
): Required | undefined {
  let best: Required | undefined;
  const widths = parts.map(widthOf);
  const offer = (found: Required | undefined, from: number, to: number): void => {
    if (found === undefined) return;
    const before = sumOf(widths.slice(0, from)).max + found.reach.before;
    const after = sumOf(widths.slice(to)).max + found.reach.after;
    const offered = { texts: found.texts, reach: { before, after } };
    if (best === undefined || isBetter(offered, best, lengthOf)) best = offered;
  };
  for (let from = 0; from < parts.length; ) {
    const { texts: run, to } = textRun(parts, from);
    if (to > from) {
      if (serves(run)) {
        offer({ texts: run, reach: reachIn(sumOf(widths.slice(from, to)), run, lengthOf) }, from, to);
      }
      from = to;
    } else {
      offer(requiredIn(parts[from] as Re2Node, serves, lengthOf), from, from + 1);
      from++;
    }
  }
  return best;
}

/** The parts from `from` on that are texts, read as one, up to `to`. */
function textRun(parts: readonly Re2Node[], from: number): { texts: LiteralSet; to: number } {
  let run: LiteralSet = [''];
  let to = from;
  for (; to < parts.length; to++) {
    const texts = textsOf(parts[to] as Re2Node);
    const longer = texts === undefined ? undefined : joined(run, texts);
    if (longer === undefined) break;
    run = longer;
  }
  return { texts: run, to };
}

function shortest(texts: LiteralSet, lengthOf: (text: string) => number): number {
  return Math.min(...texts.map(lengthOf));
}

/** Longer literals are rarer; of equals the fewer, then those that need the smaller window. */
function isBetter(a: Required, b: Required, lengthOf: (text: string) => number): boolean {
  const byLength = Math.min(8, shortest(a.texts, lengthOf)) - Math.min(8, shortest(b.texts, lengthOf));
  if (byLength !== 0) return byLength > 0;
  if (a.texts.length !== b.texts.length) return a.texts.length < b.texts.length;
  return a.reach.before + a.reach.after < b.reach.before + b.reach.after;
}

/** Shortest literal of which a prefilter can make anything. */
export const leastLiteral = 3;
/** Longest keyword that is made of a pattern. */
const longestKeyword = 24;

/** Literals for a pattern without keywords. ASCII only, as keywords are; undefined when none is long enough. */
export function derivedLiterals(node: Re2Node): Required | undefined {
  const usable = (text: string): string =>
    (text.match(/[\x20-\x7e]+/g) ?? []).reduce((best, part) => (part.length > best.length ? part : best), '');
  const found = requiredIn(
    node,
    (texts) => texts.length > 0 && texts.every((text) => usable(text).length >= leastLiteral),
    (text) => Math.min(longestKeyword, usable(text).length),
  );
  if (found === undefined) return undefined;
  return {
    texts: [...new Set(found.texts.map((text) => usable(text).slice(0, longestKeyword)))],
    reach: found.reach,
  };
}

/** Where every match holds one of the keywords (folded): the reach beyond it. */
export function keywordReach(node: Re2Node, keywords: readonly string[]): Reach | undefined {
  const held = (text: string): number =>
    keywords.reduce(
      (least, word) => (text.includes(word) ? Math.min(least, word.length) : least),
      Number.POSITIVE_INFINITY,
    );
  const found = requiredIn(
    node,
    (texts) => texts.length > 0 && texts.every((text) => Number.isFinite(held(text))),
    held,
  );
  return found?.reach;
}

/** What stands behind the keyword of a match, and how many bytes of the match may stand before it. */
export interface Tail {
  readonly node: Re2Node;
  readonly before: number;
}

/**
 * The tail of patterns that have texts which all begin with a keyword: then each match is announced by a
 * keyword right behind which the tail must stand, and no other hit counts. Undefined for others.
 */
export function tailBehind(node: Re2Node, keywords: readonly string[]): Tail | undefined {
  const texts = textsOf(node);
  if (texts !== undefined) return restsOf(texts, keywords);
  switch (node.type) {
    case 'group':
      return tailBehind(node.inner, keywords);
    case 'choice': {
      const tails = node.parts.map((part) => tailBehind(part, keywords));
      if (!tails.every((tail) => tail !== undefined)) return undefined;
      const before = Math.max(...tails.map((tail) => tail.before));
      return { node: choiceOf(tails.map((tail) => tail.node)), before };
    }
    case 'sequence':
      return tailInSequence(node.parts, keywords);
    default:
      return undefined;
  }
}

function tailInSequence(parts: readonly Re2Node[], keywords: readonly string[]): Tail | undefined {
  for (let from = 0; from < parts.length; from++) {
    const run = textRun(parts, from);
    const rests = run.to > from ? restsOf(run.texts, keywords) : undefined;
    const tail = rests ?? tailBehind(parts[from] as Re2Node, keywords);
    if (tail === undefined) continue;
    const rest = parts.slice(rests === undefined ? from + 1 : run.to);
    const before = sumOf(parts.slice(0, from).map(widthOf)).max + tail.before;
    return { node: sequenceOf([tail.node, ...rest]), before };
  }
  return undefined;
}

/** What is left of each text behind the longest keyword that it begins with. */
function restsOf(texts: LiteralSet, keywords: readonly string[]): Tail | undefined {
  const rests = texts.map((text) => {
    const held = keywords.filter((word) => text.startsWith(word)).map((word) => word.length);
    return held.length === 0 ? undefined : text.slice(Math.max(...held));
  });
  if (rests.length === 0 || !rests.every((rest) => rest !== undefined)) return undefined;
  const nodes = [...new Set(rests)].map((rest) =>
    sequenceOf(
      [...rest].map(
        (char) => ({ type: 'set', set: foldCase(setOf([char.charCodeAt(0), char.charCodeAt(0)])) }) as const,
      ),
    ),
  );
  return { node: choiceOf(nodes), before: 0 };
}
