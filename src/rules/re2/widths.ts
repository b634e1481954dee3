/** What a tree says of its matches' extent: shortest and longest, whether they stay on a line, token runs. */
import { type CharSet, intersects } from '../char-set.js';
import type { Re2Node } from './ast.js';
import { setOf } from './class.js';

export interface Width {
  readonly min: number;
  /** `Infinity` without a bound. */
  readonly max: number;
}

export function widthOf(node: Re2Node): Width {
  switch (node.type) {
    case 'set':
      return { min: 1, max: 1 };
    case 'border':
      return { min: 0, max: 0 };
    case 'group':
      return widthOf(node.inner);
    case 'sequence':
      return sumOf(node.parts.map(widthOf));
    case 'choice': {
      const all = node.parts.map(widthOf);
      return { min: Math.min(...all.map(({ min }) => min)), max: Math.max(...all.map(({ max }) => max)) };
    }
    case 'repeat': {
      const inner = widthOf(node.inner);
      const isEmpty = inner.max === 0 || node.max === 0;
      return { min: inner.min * node.min, max: isEmpty ? 0 : inner.max * node.max };
    }
    default:
      throw new TypeError(node satisfies never);
  }
}

export function sumOf(widths: readonly Width[]): Width {
  return widths.reduce((sum, { min, max }) => ({ min: sum.min + min, max: sum.max + max }), {
    min: 0,
    max: 0,
  });
}

/** True when some byte of a match may be out of `set`. */
export function mayMatch(node: Re2Node, set: CharSet): boolean {
  switch (node.type) {
    case 'set':
      return intersects(node.set, set);
    case 'border':
      return false;
    case 'group':
      return mayMatch(node.inner, set);
    case 'repeat':
      return node.max > 0 && mayMatch(node.inner, set);
    case 'sequence':
    case 'choice':
      return node.parts.some((part) => mayMatch(part, set));
    default:
      throw new TypeError(node satisfies never);
  }
}

const newline: CharSet = setOf([0x0a, 0x0a]);

export function crossesLines(node: Re2Node): boolean {
  return mayMatch(node, newline);
}

/** Product of counted repeats within each other; engines of RE2's kind refuse more than a thousand. */
export function repeatsOf(node: Re2Node): number {
  switch (node.type) {
    case 'set':
    case 'border':
      return 1;
    case 'group':
      return repeatsOf(node.inner);
    case 'repeat':
      return repeatsOf(node.inner) * Math.max(1, Number.isFinite(node.max) ? node.max : node.min);
    case 'sequence':
    case 'choice':
      return node.parts.reduce((most, part) => Math.max(most, repeatsOf(part)), 1);
    default:
      throw new TypeError(node satisfies never);
  }
}

/** Instructions that an engine needs at most: repeats are written out. */
export function costOf(node: Re2Node): number {
  switch (node.type) {
    case 'set':
    case 'border':
      return 1;
    case 'group':
      return 2 + costOf(node.inner);
    case 'repeat':
      return 1 + (costOf(node.inner) + 1) * Math.max(1, Number.isFinite(node.max) ? node.max : node.min + 1);
    case 'sequence':
    case 'choice':
      return node.parts.reduce((sum, part) => sum + 1 + costOf(part), 0);
    default:
      throw new TypeError(node satisfies never);
  }
}

/** Bytes of which tokens are made, in any writing. */
const tokenBytes: CharSet = (() => {
  const set = new Uint8Array(256);
  for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_.-~:') {
    set[char.charCodeAt(0)] = 1;
  }
  return set;
})();
const otherBytes: CharSet = tokenBytes.map((flag) => 1 - flag);

/** Fewest token bytes in a row that every match holds somewhere. */
export function leastTokenRun(node: Re2Node): number {
  switch (node.type) {
    case 'set':
      return mayMatch(node, otherBytes) ? 0 : 1;
    case 'border':
      return 0;
    case 'group':
      return leastTokenRun(node.inner);
    case 'choice':
      return Math.min(...node.parts.map(leastTokenRun));
    case 'repeat':
      if (node.min === 0) return 0;
      return mayMatch(node.inner, otherBytes) ? leastTokenRun(node.inner) : widthOf(node).min;
    case 'sequence': {
      let best = 0;
      let run = 0;
      for (const part of node.parts) {
        const isPure = !mayMatch(part, otherBytes);
        run = isPure ? run + widthOf(part).min : 0;
        best = Math.max(best, run, isPure ? 0 : leastTokenRun(part));
      }
      return best;
    }
    default:
      throw new TypeError(node satisfies never);
  }
}
