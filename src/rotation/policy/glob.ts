/**
 * Globs of conditions. `*` stands for any run of characters within a part between slashes, `**` for any run at all, `?`
 * for one character that is no slash. Every position of the pattern that a text can have reached is followed at once, so
 * that the cost is bounded by pattern length times text length, whatever the pattern: no way back is ever tried again.
 */

type Token =
  | { readonly type: 'char'; readonly char: string }
  | { readonly type: 'one' }
  | { readonly type: 'run'; readonly isDeep: boolean };

export interface Glob {
  /** As written. */
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** Longer ones are nothing that people write. */
export const maxGlobLength = 200;

export function parseGlob(text: string): Glob {
  const tokens: Token[] = [];
  for (const char of text) {
    const last = tokens.at(-1);
    if (char === '*' && last?.type === 'run') tokens[tokens.length - 1] = { type: 'run', isDeep: true };
    else if (char === '*') tokens.push({ type: 'run', isDeep: false });
    else if (char === '?') tokens.push({ type: 'one' });
    else tokens.push({ type: 'char', char });
  }
  return { text, tokens };
}

export interface GlobMatch {
  readonly isMatch: boolean;
  /** Comparisons of one token with one character; at most (tokens + 1) × (characters + 1). */
  readonly steps: number;
}

/** Positions that are reached without a further character: a run may stand for nothing. */
function closeOver(tokens: readonly Token[], reached: Uint8Array): void {
  for (let at = 0; at < tokens.length; at++) {
    if (reached[at] === 1 && tokens[at]?.type === 'run') reached[at + 1] = 1;
  }
}

/** Where a token leads with a character: on, nowhere, or to itself again. */
function step(token: Token, char: string): 'on' | 'stay' | 'dead' {
  switch (token.type) {
    case 'char':
      return token.char === char ? 'on' : 'dead';
    case 'one':
      return char === '/' ? 'dead' : 'on';
    case 'run':
      return token.isDeep || char !== '/' ? 'stay' : 'dead';
  }
}

export function matchGlob({ tokens }: Glob, text: string): GlobMatch {
  let reached = new Uint8Array(tokens.length + 1);
  let next = new Uint8Array(tokens.length + 1);
  reached[0] = 1;
  closeOver(tokens, reached);
  let steps = tokens.length;
  for (const char of text) {
    next.fill(0);
    let isAlive = false;
    for (let at = 0; at < tokens.length; at++) {
      if (reached[at] !== 1) continue;
      steps++;
      const way = step(tokens[at] as Token, char);
      if (way === 'dead') continue;
      next[way === 'on' ? at + 1 : at] = 1;
      isAlive = true;
    }
    if (!isAlive) return { isMatch: false, steps };
    closeOver(tokens, next);
    [reached, next] = [next, reached];
  }
  return { isMatch: reached[tokens.length] === 1, steps };
}
