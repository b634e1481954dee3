/**
 * Globs for a pattern over paths, which is how a rule's path condition is kept. Exact for what such patterns
 * are made of (names, endings, folders, alternatives); what a glob cannot say is widened, so that a rule is
 * never kept from a path where it should run.
 */
import { members } from '../rules/char-set.js';
import type { Re2Node } from '../rules/re2/ast.js';
import { parseRe2 } from '../rules/re2/parse.js';

/** A piece of a path: text of a glob, anything within a name, anything at all, or an end of the path. */
type Piece = { readonly glob: string } | 'name' | 'any' | 'start' | 'end';
type Pieces = readonly Piece[];

const mostAlternatives = 32;
const slash = 0x2f;

/** The globs, or undefined when the pattern is too varied: then the rule runs everywhere. Throws Re2SyntaxError. */
export function globsOfPathPattern(pattern: string): readonly string[] | undefined {
  const ways = waysOf(parseRe2(pattern).root);
  if (ways === undefined) return undefined;
  const globs = [...new Set(ways.flatMap(globsOf))];
  return globs.length > mostAlternatives ? undefined : globs;
}

function waysOf(node: Re2Node): readonly Pieces[] | undefined {
  switch (node.type) {
    case 'set':
      return [[pieceOf(node.set)]];
    case 'group':
      return waysOf(node.inner);
    case 'border':
      if (node.border === 'text-start' || node.border === 'line-start') return [['start']];
      return node.border === 'text-end' || node.border === 'line-end' ? [['end']] : [[]];
    case 'choice':
      return limited(node.parts.map(waysOf));
    case 'sequence':
      return node.parts.reduce<readonly Pieces[] | undefined>(
        (heads, part) => crossed(heads, waysOf(part)),
        [[]],
      );
    case 'repeat':
      return repeatWays(node);
    default:
      throw new TypeError(node satisfies never);
  }
}

function limited(all: readonly (readonly Pieces[] | undefined)[]): readonly Pieces[] | undefined {
  const ways = all.every((part) => part !== undefined) ? all.flat() : undefined;
  return ways === undefined || ways.length > mostAlternatives ? undefined : ways;
}

function crossed(
  heads: readonly Pieces[] | undefined,
  tails: readonly Pieces[] | undefined,
): readonly Pieces[] | undefined {
  if (heads === undefined || tails === undefined || heads.length * tails.length > mostAlternatives)
    return undefined;
  return heads.flatMap((head) => tails.map((tail) => [...head, ...tail]));
}

function repeatWays({
  inner,
  min,
  max,
}: Extract<Re2Node, { type: 'repeat' }>): readonly Pieces[] | undefined {
  if (max === 1) {
    const once = waysOf(inner);
    return min === 1 ? once : once === undefined ? undefined : [[], ...once];
  }
  const piece: Piece = inner.type === 'set' && inner.set[slash] === 0 ? 'name' : 'any';
  if (min === 0 || inner.type !== 'set') return [[piece]];
  return [
    [...Array.from({ length: Math.min(min, 8) }, () => pieceOf(inner.set)), ...(min === max ? [] : [piece])],
  ];
}

function pieceOf(set: Uint8Array): Piece {
  const codes = members(set).filter((code) => code !== slash);
  if (set[slash] === 1) return codes.length === 0 ? { glob: '/' } : 'any';
  const chars = codes.map((code) => String.fromCharCode(code));
  const [only] = chars;
  // Braces and commas mean something else within a list of globs.
  if (chars.length > 64 || chars.some((char) => /[{},\\[\]^!]|[^ -~]/.test(char))) return { glob: '?' };
  if (chars.length === 1 && only !== undefined) return { glob: /[*?-]/.test(only) ? `[${only}]` : only };
  return {
    glob: `[${[...chars.filter((char) => char !== '-'), ...chars.filter((char) => char === '-')].join('')}]`,
  };
}

/** `any` within a path is nothing but a name, or folders between two names. */
function globsOf(pieces: Pieces): string[] {
  const isTied = pieces[0] === 'start';
  const inner = pieces.filter((piece) => piece !== 'start' && piece !== 'end');
  const isEnded = pieces.at(-1) === 'end';
  const all: Piece[] = [
    ...(isTied ? [] : (['any'] as const)),
    ...inner,
    ...(isEnded ? [] : (['any'] as const)),
  ];
  const folded = all.filter((piece, i) => piece !== 'any' || all[i - 1] !== 'any');
  let texts = [''];
  folded.forEach((piece, i) => {
    const isFirst = i === 0;
    const isLast = i === folded.length - 1;
    const more = pieceGlobs(piece, isFirst, isLast);
    texts = texts.flatMap((text) => more.map((glob) => text + glob));
  });
  return texts.map((text) => (text.includes('/') ? text : `**/${text}`));
}

function pieceGlobs(piece: Piece, isFirst: boolean, isLast: boolean): readonly string[] {
  if (piece === 'name') return ['*'];
  if (piece === 'any') {
    if (isFirst) return ['**/*'];
    return isLast ? ['*', '*/**'] : ['*', '*/**/*'];
  }
  return piece === 'start' || piece === 'end' ? [''] : [piece.glob];
}
