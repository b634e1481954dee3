/** Samples a text that a tree matches, so that the examples of a rule need no secret in them. */
import { type CharSet, members } from '../char-set.js';
import type { Random } from '../random.js';
import type { Re2Node } from './ast.js';

/** Most repeats beyond the least. */
const mostMore = 8;

function sampleByte(set: CharSet, random: Random): string {
  const all = members(set).map((code) => String.fromCharCode(code));
  const telling = all.filter((char) => /[A-Za-z0-9]/.test(char));
  const plain = all.filter((char) => /[!-~]/.test(char));
  // A class of nearly everything means "any text", of which letters and digits are the likely part.
  const choice = telling.length > 0 ? telling : plain.length > 0 ? plain : all;
  return choice.length === 0 ? '' : String(random.pick(choice));
}

export function sampleRe2(node: Re2Node, random: Random): string {
  switch (node.type) {
    case 'set':
      return sampleByte(node.set, random);
    case 'border':
      return '';
    case 'group':
      return sampleRe2(node.inner, random);
    case 'sequence':
      return node.parts.map((part) => sampleRe2(part, random)).join('');
    case 'choice':
      return sampleRe2(node.parts[random.below(node.parts.length)] as Re2Node, random);
    case 'repeat': {
      const more = Math.min(node.max - node.min, mostMore);
      const count = node.min + (more === 0 ? 0 : random.below(more + 1));
      return Array.from({ length: count }, () => sampleRe2(node.inner, random)).join('');
    }
    default:
      throw new TypeError(node satisfies never);
  }
}

/** The group with this number; undefined when there is none. */
export function groupIn(node: Re2Node, index: number): Re2Node | undefined {
  switch (node.type) {
    case 'group':
      return node.index === index ? node.inner : groupIn(node.inner, index);
    case 'repeat':
      return groupIn(node.inner, index);
    case 'sequence':
    case 'choice':
      for (const part of node.parts) {
        const found = groupIn(part, index);
        if (found !== undefined) return found;
      }
      return undefined;
    default:
      return undefined;
  }
}
