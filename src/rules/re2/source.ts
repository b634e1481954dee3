/** Writes a tree as a pattern over Latin-1 text, flags undone, for an engine with RE2's syntax. */
import { type CharSet, complement, members } from '../char-set.js';
import type { Border, Re2Node } from './ast.js';

const borders: Readonly<Record<Border, string>> = {
  word: '\\b',
  'not-word': '\\B',
  'text-start': '\\A',
  'text-end': '\\z',
  'line-start': '(?m:^)',
  'line-end': '(?m:$)',
};

function hex(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`;
}

function charText(code: number): string {
  const char = String.fromCharCode(code);
  return /[A-Za-z0-9 _:=/"',;<>@#%&!~`-]/.test(char) ? char : hex(code);
}

function rangesOf(set: CharSet): string {
  const codes = members(set);
  let text = '';
  for (let i = 0; i < codes.length; i++) {
    const from = codes[i] as number;
    while (codes[i + 1] === (codes[i] as number) + 1) i++;
    const to = codes[i] as number;
    text += from === to ? hex(from) : `${hex(from)}-${hex(to)}`;
  }
  return text;
}

function setText(set: CharSet): string {
  const codes = members(set);
  const [only] = codes;
  if (codes.length === 1 && only !== undefined) return charText(only);
  // RE2 has no empty class; nothing follows the end of the text.
  if (codes.length === 0) return '[^\\x00-\\x{10ffff}]';
  return codes.length <= 128 ? `[${rangesOf(set)}]` : `[^${rangesOf(complement(set)) || '\\x{100}'}]`;
}

function countText(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

export function sourceOf(node: Re2Node): string {
  switch (node.type) {
    case 'set':
      return setText(node.set);
    case 'sequence':
      return node.parts
        .map((part) => (part.type === 'choice' ? `(?:${sourceOf(part)})` : sourceOf(part)))
        .join('');
    case 'choice':
      return node.parts.map(sourceOf).join('|');
    case 'repeat': {
      const text = sourceOf(node.inner);
      const isOne = node.inner.type === 'set' || node.inner.type === 'group';
      return `${isOne ? text : `(?:${text})`}${countText(node.min, node.max)}${node.lazy ? '?' : ''}`;
    }
    case 'group':
      return `(${sourceOf(node.inner)})`;
    case 'border':
      return borders[node.border];
    default:
      throw new TypeError(node satisfies never);
  }
}
