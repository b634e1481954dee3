/**
 * Proves on the syntax tree that every match of a pattern contains one of its rule's keywords, so that the
 * prefilter cannot drop a match.
 *
 * A pattern is spelled out into skeletons: one string an alternative, in which a character that is fixed
 * stands for itself and every other one for {@link open}. Alternations multiply, so their number is capped;
 * past the cap a part is replaced by a gap, which can make a proof fail but never succeed wrongly.
 */
import type { AST } from '@eslint-community/regexpp';
import { charSetOf, isSingleChar, members } from './char-set.js';
import type { Keyword } from './rule-set.js';
import type { PatternShape } from './subset.js';

/** Stands for a character that is not fixed; no keyword contains it. */
export const open = '\u0000';
/** A letter fixed but for its case is written as this plus its lower-case code. */
const eitherCase = 0xe000;
const maxSkeletons = 4096;
const maxUnrolled = 16;
/** Classes of up to so many characters are spelled out: `xox[ab]-`, `[_\-. ]`. Others are no keyword's business. */
const maxSpelled = 6;

function charSkeletons(codes: readonly number[]): string[] {
  const byLower = new Map<string, string[]>();
  for (const code of codes) {
    const text = String.fromCharCode(code);
    const lower = text.toLowerCase();
    byLower.set(lower, [...(byLower.get(lower) ?? []), text]);
    if (byLower.size > maxSpelled) return [open];
  }
  return [...byLower].map(([lower, texts]) =>
    texts.length === 1 ? (texts[0] ?? open) : String.fromCharCode(eitherCase + lower.charCodeAt(0)),
  );
}

/** Skeleton as a case-insensitive keyword sees it. */
function folded(skeleton: string): string {
  return skeleton
    .replace(/[\ue000-\ue0ff]/g, (char) => String.fromCharCode(char.charCodeAt(0) - eitherCase))
    .toLowerCase();
}

function joined(heads: readonly string[], tails: readonly string[]): string[] {
  if (heads.length * tails.length > maxSkeletons)
    return tails.length > 1 ? heads.map((head) => head + open) : [open];
  return [...new Set(heads.flatMap((head) => tails.map((tail) => head + tail)))];
}

function quantifierSkeletons(node: AST.Quantifier, ignoreCase: boolean): string[] {
  const inner = skeletons(node.element, ignoreCase);
  if (node.min === node.max && node.max <= maxUnrolled) {
    let all = [''];
    for (let count = 0; count < node.max; count++) all = joined(all, inner);
    return all;
  }
  if (node.min === 0 && node.max === 1) return [...new Set(['', ...inner])];
  // A gap of unknown length: what stands before and after it is not adjacent.
  return node.min === 0 ? [open] : joined(inner, [open]);
}

function skeletons(node: AST.Element, ignoreCase: boolean): string[] {
  if (isSingleChar(node)) return charSkeletons(members(charSetOf(node, ignoreCase)));
  if (node.type === 'Group' || node.type === 'CapturingGroup') {
    return node.alternatives.flatMap((part) => sequenceSkeletons(part.elements, ignoreCase));
  }
  if (node.type === 'Quantifier') return quantifierSkeletons(node, ignoreCase);
  return [''];
}

function sequenceSkeletons(nodes: readonly AST.Element[], ignoreCase: boolean): string[] {
  return nodes.reduce<string[]>((all, node) => joined(all, skeletons(node, ignoreCase)), ['']);
}

/** Every way a match can look, with {@link open} for what is not fixed. */
export function patternSkeletons(shape: PatternShape): readonly string[] {
  return shape.ast.alternatives.flatMap((part) => sequenceSkeletons(part.elements, shape.ignoreCase));
}

/** Skeletons that hold no keyword; empty when the keywords are proven. */
export function unprovenSkeletons(shape: PatternShape, keywords: readonly Keyword[]): readonly string[] {
  return patternSkeletons(shape).filter((skeleton) => {
    const insensitive = folded(skeleton);
    return !keywords.some((keyword) =>
      (keyword.caseSensitive ? skeleton : insensitive).includes(keyword.text),
    );
  });
}
