/**
 * Path globs: `**` any folders, `*` and `?` within one name, `[a-z]` and `[!a-z]`, `{a,b}`. A glob without
 * `/` means the last name of a path. Matching simulates all positions at once, so it costs
 * |glob| × |path| at most, whoever wrote the glob.
 */

type Token =
  | { readonly type: 'one'; readonly test: (char: string) => boolean }
  | { readonly type: 'star' }
  /** `**` with a following slash swallowed: also matches no folder at all. */
  | { readonly type: 'folders' }
  | { readonly type: 'rest' };

/** Most alternatives that braces may unfold to. */
const maxAlternatives = 256;

/** Unfolds `{a,b}`; an unclosed brace stands for itself. */
function unfold(pattern: string): string[] {
  let open = pattern.indexOf('{');
  while (open >= 0) {
    let depth = 0;
    const cuts = [open];
    for (let i = open; i < pattern.length; i++) {
      const char = pattern[i];
      if (char === '{') depth++;
      else if (char === ',' && depth === 1) cuts.push(i);
      else if (char === '}' && --depth === 0) {
        cuts.push(i);
        const before = pattern.slice(0, open);
        const after = pattern.slice(i + 1);
        const parts = cuts.slice(1).map((cut, k) => pattern.slice((cuts[k] ?? 0) + 1, cut));
        return parts.flatMap((part) => unfold(before + part + after)).slice(0, maxAlternatives);
      }
    }
    open = pattern.indexOf('{', open + 1);
  }
  return [pattern];
}

function classToken(body: string): Token {
  const negated = body.startsWith('!') || body.startsWith('^');
  const items = [...(negated ? body.slice(1) : body)];
  const singles = new Set<string>();
  const ranges: [string, string][] = [];
  for (let i = 0; i < items.length; i++) {
    const low = items[i] as string;
    const high = items[i + 2];
    if (items[i + 1] === '-' && high !== undefined) {
      ranges.push([low, high]);
      i += 2;
    } else singles.add(low);
  }
  const isIn = (char: string): boolean =>
    singles.has(char) || ranges.some(([low, high]) => low <= char && char <= high);
  return { type: 'one', test: (char) => char !== '/' && isIn(char) !== negated };
}

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  const chars = [...pattern];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === '*' && chars[i + 1] === '*') {
      const atStart = i === 0 || chars[i - 1] === '/';
      i++;
      if (atStart && chars[i + 1] === '/') {
        tokens.push({ type: 'folders' });
        i++;
      } else tokens.push({ type: 'rest' });
    } else if (char === '*') tokens.push({ type: 'star' });
    else if (char === '?') tokens.push({ type: 'one', test: (c) => c !== '/' });
    else if (char === '[' && chars.indexOf(']', i + 2) > 0) {
      const close = chars.indexOf(']', i + 2);
      tokens.push(classToken(chars.slice(i + 1, close).join('')));
      i = close;
    } else {
      const literal = char === '\\' && i + 1 < chars.length ? (chars[++i] as string) : char;
      tokens.push({ type: 'one', test: (c) => c === literal });
    }
  }
  return tokens;
}

/** Positions after reading one character, before those that need no reading. */
function step(tokens: readonly Token[], states: ReadonlySet<number>, char: string): Set<number> {
  const next = new Set<number>();
  for (const state of states) {
    const token = tokens[state];
    if (token === undefined) continue;
    if (token.type === 'one') {
      if (token.test(char)) next.add(state + 1);
    } else if (token.type !== 'star' || char !== '/') next.add(state);
  }
  return next;
}

/** Adds the positions that are reached without reading; what follows `**\/` may start only after a slash. */
function close(tokens: readonly Token[], states: Set<number>, previous: string): Set<number> {
  for (const state of states) {
    const token = tokens[state];
    if (token === undefined || token.type === 'one') continue;
    if (token.type !== 'folders' || previous === '/') states.add(state + 1);
  }
  return states;
}

function matchesTokens(tokens: readonly Token[], path: string): boolean {
  let states = close(tokens, new Set([0]), '/');
  for (const char of path) {
    states = close(tokens, step(tokens, states, char), char);
    if (states.size === 0) return false;
  }
  return states.has(tokens.length);
}

/** Compiles a glob to a test of paths with `/` between their parts. */
export function compileGlob(glob: string): (path: string) => boolean {
  const anchored = glob.replace(/^\.?\//, '');
  const pattern = glob.includes('/') ? anchored : `**/${glob}`;
  const alternatives = unfold(pattern).map(tokensOf);
  return (path) => alternatives.some((tokens) => matchesTokens(tokens, path));
}
