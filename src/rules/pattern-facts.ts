/** What a pattern's source tells about its matches, worked out once by the build. */
import { startsAtKeyword } from './pattern-heads.js';
import type { CompiledRule } from './rule-set.js';

export interface PatternFacts {
  /** Every match begins with one of the rule's keywords. */
  readonly startsAtKeyword: boolean;
  /** Fewest token bytes in a row that the captured value has; 0 when that cannot be told. */
  readonly leastRun: number;
}

/** Undefined for a rule without a pattern. */
export function patternFacts({ pattern, keywords }: CompiledRule): PatternFacts | undefined {
  if (pattern === undefined) return undefined;
  return {
    startsAtKeyword: startsAtKeyword(pattern.source, keywords),
    leastRun: capturedRun(pattern.source),
  };
}

/**
 * Fewest token bytes in a row that the captured group needs when it is nothing but classes of token bytes
 * with counts, e.g. 32 for `([0-9a-f]{32})`; 0 when that cannot be told from the source.
 */
export function capturedRun(source: string): number {
  const group = /(?<!\\)\((?!\?)((?:\\.|[^()])*)\)/.exec(source)?.[1];
  if (group === undefined || group.includes('|')) return 0;
  let least = 0;
  let rest = group;
  while (rest !== '') {
    const atom = /^(\[(?:\\.|[^\]\\])*\]|\\[\w.+/=_-]|[\w=/:~-])(?:\{(\d+)(?:,\d*)?\}|([?*+]))?/.exec(rest);
    if (atom === null) return 0;
    const [text, unit = '', count, sign] = atom;
    if (!isTokenUnit(unit)) return 0;
    least += count !== undefined ? Number(count) : sign === undefined || sign === '+' ? 1 : 0;
    rest = rest.slice(text.length);
  }
  return least;
}

function isTokenUnit(unit: string): boolean {
  if (/^\[\^/.test(unit) || /^\\[sSDWbB]$/.test(unit)) return false;
  const body = unit.startsWith('[') ? unit.slice(1, -1) : unit;
  return /^(?:[\w+/=:~.-]|\\[wd.+/=_-])*$/.test(body);
}
