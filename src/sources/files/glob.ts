/**
 * Globs in linear time: `*`, `?`, `**`, `[a-z]`, `[!a]`, `{a,b}`, `\` escapes; names with a leading dot match
 * like all others. The meaning is fast-glob's with `dot` and `baseNameMatch` (a test compares the two).
 *
 * An own matcher, because the usual ones make a backtracking expression of a glob, and globs also come from
 * configuration files of scanned repositories.
 */

/** Most alternatives that the braces of one pattern may expand to. */
const maxAlternatives = 1024;

export interface Glob {
  /** @param path relative, `/` between parts, without leading or trailing `/` */
  matches(path: string): boolean;
}

type Token =
  | { readonly type: 'text'; readonly code: number }
  | { readonly type: 'any' }
  | { readonly type: 'star' }
  | {
      readonly type: 'class';
      readonly negated: boolean;
      readonly ranges: readonly (readonly [number, number])[];
    };

/** Part of a pattern between slashes; `**` matches any number of parts. */
type Part = readonly Token[] | '**';

/** Compiles a glob. Throws RangeError when its braces expand to too many alternatives. */
export function compileGlob(pattern: string): Glob {
  const alternatives = expandBraces(pattern).map(compileAlternative);
  return {
    matches(path) {
      const parts = path.split('/');
      return alternatives.some((alternative) => matchParts(alternative, parts));
    },
  };
}

function compileAlternative(text: string): Part[] {
  // A leading `/` or `./` ties a pattern to the target; a trailing `/` only says that a folder is meant.
  const anchored = /^\.?\//.test(text);
  const body = text.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  const parts = body.split('/').map((part): Part => (part === '**' ? '**' : compilePart(part)));
  return parts.length === 1 && !anchored && parts[0] !== '**' ? ['**', ...parts] : parts;
}

function compilePart(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const char = text[at] as string;
    if (char === '*') {
      if (tokens.at(-1)?.type !== 'star') tokens.push({ type: 'star' });
      at++;
    } else if (char === '?') {
      tokens.push({ type: 'any' });
      at++;
    } else if (char === '[') {
      const parsed = parseClass(text, at);
      tokens.push(parsed?.token ?? { type: 'text', code: 0x5b });
      at = parsed?.end ?? at + 1;
    } else {
      if (char === '\\' && at + 1 < text.length) at++;
      const code = text.codePointAt(at) as number;
      tokens.push({ type: 'text', code });
      at += code > 0xffff ? 2 : 1;
    }
  }
  return tokens;
}

/** Reads `[...]` at `start`; undefined when it is never closed and so stands for itself. */
function parseClass(text: string, start: number): { token: Token; end: number } | undefined {
  const negated = text[start + 1] === '!' || text[start + 1] === '^';
  const first = start + (negated ? 2 : 1);
  const ranges: [number, number][] = [];
  for (let at = first; at < text.length; ) {
    if (text[at] === ']' && at > first) return { token: { type: 'class', negated, ranges }, end: at + 1 };
    const low = readChar(text, at);
    const isRange = text[low.end] === '-' && low.end + 1 < text.length && text[low.end + 1] !== ']';
    const high = isRange ? readChar(text, low.end + 1) : low;
    ranges.push([low.code, high.code]);
    at = high.end;
  }
  return undefined;
}

/** One character of a class, behind a backslash or plain. */
function readChar(text: string, at: number): { code: number; end: number } {
  const from = text[at] === '\\' && at + 1 < text.length ? at + 1 : at;
  const code = text.codePointAt(from) as number;
  return { code, end: from + (code > 0xffff ? 2 : 1) };
}

/** The classic wildcard walk: on a mismatch only the last `**` takes one part more, so it never explodes. */
function matchParts(pattern: readonly Part[], parts: readonly string[]): boolean {
  return matchWildcard(
    pattern,
    parts.length,
    (part) => part === '**',
    (part, at) => part !== '**' && matchPart(part, parts[at] as string),
  );
}

function matchPart(tokens: readonly Token[], part: string): boolean {
  const codes = Array.from(part, (char) => char.codePointAt(0) as number);
  return matchWildcard(
    tokens,
    codes.length,
    (token) => token.type === 'star',
    (token, at) => matchToken(token, codes[at] as number),
  );
}

function matchToken(token: Token, code: number): boolean {
  switch (token.type) {
    case 'text':
      return token.code === code;
    case 'any':
    case 'star':
      return true;
    case 'class':
      return token.ranges.some(([low, high]) => low <= code && code <= high) !== token.negated;
  }
}

function matchWildcard<Item>(
  pattern: readonly Item[],
  length: number,
  isWild: (item: Item) => boolean,
  accepts: (item: Item, at: number) => boolean,
): boolean {
  let p = 0;
  let at = 0;
  let wild = -1;
  let wildAt = 0;
  while (at < length) {
    const item = pattern[p];
    if (item !== undefined && isWild(item)) {
      wild = p++;
      wildAt = at;
    } else if (item !== undefined && accepts(item, at)) {
      p++;
      at++;
    } else if (wild >= 0) {
      p = wild + 1;
      at = ++wildAt;
    } else {
      return false;
    }
  }
  return pattern.slice(p).every(isWild);
}

/** `a{b,c}d` gives `abd` and `acd`; nested braces work, `{}` and `{a}` stand for themselves. */
function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const group = findBraces(next);
    if (group === undefined) done.push(next);
    else {
      const head = next.slice(0, group.start);
      const tail = next.slice(group.end);
      open.push(...group.options.map((option) => head + option + tail));
    }
    if (done.length + open.length > maxAlternatives) {
      throw new RangeError(`a glob may have at most ${maxAlternatives} alternatives`);
    }
  }
  return done;
}

/** First balanced `{...}` with a comma at its own level. */
function findBraces(text: string): { start: number; end: number; options: string[] } | undefined {
  for (let start = text.indexOf('{'); start >= 0; start = text.indexOf('{', start + 1)) {
    const cuts = text[start - 1] === '\\' ? undefined : cutsOf(text, start);
    // The opening and the closing brace alone mean no choice.
    if (cuts === undefined || cuts.length < 3) continue;
    const options = cuts.slice(1).map((cut, i) => text.slice((cuts[i] as number) + 1, cut));
    return { start, end: (cuts.at(-1) as number) + 1, options };
  }
  return undefined;
}

/** Offsets of the brace at `start`, its own commas and its closing brace; undefined when it is never closed. */
function cutsOf(text: string, start: number): number[] | undefined {
  const cuts = [start];
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '{') depth++;
    else if (char === '}') depth--;
    if (depth === 1 && char === ',') cuts.push(at);
    if (depth === 0) return [...cuts, at];
  }
  return undefined;
}
