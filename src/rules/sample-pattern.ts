/** Samples a text that a part of a pattern matches, by walking its syntax tree. */
import type { AST } from '@eslint-community/regexpp';
import { type CharSet, charSetOf, isSingleChar, members } from './char-set.js';
import type { Random } from './random.js';

const plain = /[\w\-+/=.~!@#%^&*:$]/;

function sampleChar(set: CharSet, random: Random): string {
  const all = members(set).map((code) => String.fromCharCode(code));
  const nice = all.filter((char) => plain.test(char));
  const alnum = nice.filter((char) => /\w/.test(char));
  // A negated class would give mostly control and punctuation characters, which no real value holds.
  const choice = all.length > 100 && alnum.length > 0 ? alnum : nice.length > 0 ? nice : all;
  return String(random.pick(choice));
}

/** Repeats lean towards the lower bound: an upper bound is tolerance, the lower one the usual length. */
function sampleCount(min: number, max: number, random: Random): number {
  if (min === max) return min;
  const part = random.below(1000) / 1000;
  return min + Math.floor(part ** 3 * (Math.min(max, min + 200) - min + 1));
}

export function sampleNode(node: AST.Element, ignoreCase: boolean, random: Random): string {
  if (isSingleChar(node)) {
    // The written case of a literal is the one that providers use.
    if (node.type === 'Character') return String.fromCharCode(node.value);
    return sampleChar(charSetOf(node, ignoreCase), random);
  }
  if (node.type === 'Group' || node.type === 'CapturingGroup') {
    const branch = node.alternatives[random.below(node.alternatives.length)];
    return (branch?.elements ?? []).map((part) => sampleNode(part, ignoreCase, random)).join('');
  }
  if (node.type === 'Quantifier') {
    const count = sampleCount(node.min, node.max, random);
    return Array.from({ length: count }, () => sampleNode(node.element, ignoreCase, random)).join('');
  }
  return '';
}
