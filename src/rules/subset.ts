/**
 * Checks that a pattern lies in the restricted subset and proves a bound on the work that a backtracking
 * engine can do with it.
 *
 * Subset: literals, classes, non-capturing groups, alternation, one capturing group (the secret), repeats
 * with an upper bound of at most {@link maxRepeat}, `\b`, and lookarounds over a single class. No
 * backreference, no line anchor (a window has no lines), no open-ended repeat.
 *
 * The bound: where a repeat can stop at several places although what follows could start there, the engine
 * may try each of them; such choices multiply. Where the repeated class and the first character of what
 * follows are disjoint there is one place to stop. `ways` is the product over the pattern of all choices that
 * remain, so `ways x maxBytes` bounds the steps from one start. A pattern over {@link maxSteps} is refused.
 */
import { type AST, RegExpParser } from '@eslint-community/regexpp';
import {
  type CharSet,
  charSetOf,
  complement,
  emptySet,
  intersects,
  isSingleChar,
  union,
} from './char-set.js';

export const maxRepeat = 4096;
/** Longest match in bytes that a rule may have; the engine sizes its window by it. */
export const maxMatchBytes = 8192;
/** Most steps from one start position: some 10 ms, on a window that hostile text must first fill. */
export const maxSteps = 2_000_000;

export interface PatternShape {
  readonly ast: AST.Pattern;
  /** The one capturing group. */
  readonly token: AST.CapturingGroup;
  readonly ignoreCase: boolean;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** Upper bound of the backtracking choices from one start. */
  readonly ways: number;
}

/** A pattern outside the subset; the message says which part and why. */
export class SubsetError extends Error {
  override readonly name: string = 'SubsetError';
}

interface Analysis {
  readonly min: number;
  readonly max: number;
  readonly ways: number;
  /** What a match can start with. */
  readonly first: CharSet;
  readonly nullable: boolean;
}

const nothing: Analysis = { min: 0, max: 0, ways: 1, first: emptySet, nullable: true };

function lookaround(node: AST.LookaroundAssertion, ignoreCase: boolean): Analysis {
  const only = node.alternatives.length === 1 ? node.alternatives[0]?.elements : undefined;
  const inner = only?.length === 1 ? only[0] : undefined;
  if (inner === undefined || !isSingleChar(inner)) {
    throw new SubsetError(`a lookaround must hold one class: ${node.raw}`);
  }
  if (node.kind === 'lookbehind') return nothing;
  // What follows a lookahead is restricted by it; the end of the window is ignored, which only costs precision.
  const set = charSetOf(inner, ignoreCase);
  return { ...nothing, first: node.negate ? complement(set) : set, nullable: false };
}

function quantifier(node: AST.Quantifier, follow: CharSet, ignoreCase: boolean): Analysis {
  if (!Number.isFinite(node.max) || node.max > maxRepeat) {
    throw new SubsetError(`a repeat needs an upper bound of at most ${maxRepeat}: ${node.raw}`);
  }
  if (node.element.type === 'Assertion') throw new SubsetError(`a border cannot be repeated: ${node.raw}`);
  const peek = analyse(node.element, emptySet, ignoreCase);
  const inner = analyse(node.element, union(peek.first, follow), ignoreCase);
  if (inner.nullable && node.max > 1) throw new SubsetError(`repeats something empty: ${node.raw}`);
  const choices = node.max > node.min && intersects(inner.first, follow) ? node.max - node.min + 1 : 1;
  return {
    min: inner.min * node.min,
    max: inner.max * node.max,
    ways: inner.ways ** Math.max(1, node.max) * choices,
    first: inner.first,
    nullable: inner.nullable || node.min === 0,
  };
}

/** Branches multiply no choice unless one next byte lets several of them begin. */
function branchWays(all: readonly Analysis[]): number {
  let most = 1;
  for (let byte = 0; byte < 256; byte++) {
    const sum = all.reduce((ways, a) => (a.nullable || a.first[byte] === 1 ? ways + a.ways : ways), 0);
    most = Math.max(most, sum);
  }
  return most;
}

function alternatives(nodes: readonly AST.Alternative[], follow: CharSet, ignoreCase: boolean): Analysis {
  const all = nodes.map((node) => sequence(node.elements, follow, ignoreCase));
  return {
    min: Math.min(...all.map((a) => a.min)),
    max: Math.max(...all.map((a) => a.max)),
    ways: branchWays(all),
    first: all.reduce((set, a) => union(set, a.first), emptySet),
    nullable: all.some((a) => a.nullable),
  };
}

function sequence(nodes: readonly AST.Element[], follow: CharSet, ignoreCase: boolean): Analysis {
  let total = { ...nothing };
  let after = follow;
  for (const node of nodes.toReversed()) {
    const part = analyse(node, after, ignoreCase);
    const isBorder = node.type === 'Assertion';
    after = part.nullable ? union(part.first, after) : part.first;
    total = {
      min: total.min + part.min,
      max: total.max + part.max,
      ways: total.ways * part.ways,
      first: part.nullable ? union(part.first, total.first) : part.first,
      nullable: total.nullable && (part.nullable || isBorder),
    };
  }
  return total;
}

function analyse(node: AST.Element, follow: CharSet, ignoreCase: boolean): Analysis {
  if (isSingleChar(node)) {
    return { min: 1, max: 1, ways: 1, first: charSetOf(node, ignoreCase), nullable: false };
  }
  switch (node.type) {
    case 'Group':
      if (node.modifiers !== null) throw new SubsetError(`inline modifiers are not allowed: ${node.raw}`);
      return alternatives(node.alternatives, follow, ignoreCase);
    case 'CapturingGroup':
      return alternatives(node.alternatives, follow, ignoreCase);
    case 'Quantifier':
      return quantifier(node, follow, ignoreCase);
    case 'Assertion':
      if (node.kind === 'word') return nothing;
      if (node.kind === 'lookahead' || node.kind === 'lookbehind') return lookaround(node, ignoreCase);
      throw new SubsetError(`a window has no lines, use a border instead of ${node.raw}`);
    default:
      throw new SubsetError(`${node.type} is outside the pattern subset: ${node.raw}`);
  }
}

function captures(node: AST.Node, found: AST.CapturingGroup[]): void {
  if (node.type === 'CapturingGroup') found.push(node);
  if ('alternatives' in node) for (const part of node.alternatives) captures(part, found);
  if (node.type === 'Alternative') for (const part of node.elements) captures(part, found);
  if (node.type === 'Quantifier') {
    const before = found.length;
    captures(node.element, found);
    if (found.length > before) throw new SubsetError(`the captured secret cannot be repeated: ${node.raw}`);
  }
}

/** Parses a pattern and proves that it may run in a backtracking engine; throws {@link SubsetError} otherwise. */
export function analysePattern(source: string, ignoreCase: boolean): PatternShape {
  const ast = new RegExpParser({ ecmaVersion: 2023 }).parsePattern(source);
  const found: AST.CapturingGroup[] = [];
  captures(ast, found);
  const [token] = found;
  if (token === undefined || found.length !== 1) {
    throw new SubsetError(`a pattern needs exactly one capturing group, this has ${found.length}`);
  }
  const { min, max, ways } = alternatives(ast.alternatives, emptySet, ignoreCase);
  if (max > maxMatchBytes)
    throw new SubsetError(`a match may be ${max} bytes long, the limit is ${maxMatchBytes}`);
  if (min === 0) throw new SubsetError('the pattern matches nothing at all');
  if (ways * max > maxSteps) {
    throw new SubsetError(
      `ambiguous repeats: up to ${ways} ways over ${max} bytes, the limit is ${maxSteps} steps`,
    );
  }
  return { ast, token, ignoreCase, minBytes: min, maxBytes: max, ways };
}
