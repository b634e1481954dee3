/**
 * Path patterns of CODEOWNERS files. No regular expressions: a pattern of somebody's repository may hold any number of
 * stars, and its cost stays within pattern length times path length.
 */

/** One character of a name: itself, any, or one of a class. */
type NamePart =
  | { readonly type: 'star' }
  | { readonly type: 'any' }
  | { readonly type: 'char'; readonly char: string }
  | {
      readonly type: 'class';
      readonly isNegated: boolean;
      readonly ranges: readonly (readonly [string, string])[];
    };

/** A name between slashes; `**` stands for any number of names, none included. */
type Segment = '**' | readonly NamePart[];

export interface PathGlob {
  readonly segments: readonly Segment[];
  /** The first name, when the pattern begins at the root with one that has no wildcard: for a quick look-up. */
  readonly head?: string;
}

/** How a host reads patterns. */
export interface GlobDialect {
  /** A pattern with a slash inside begins at the root; else only one with a slash in front does. */
  readonly isInnerSlashAnchored: boolean;
  /** A name of a folder at the end stands for everything in it. */
  readonly doesNameCoverFolder: boolean;
  /** Like it for a last name that is nothing but stars. */
  readonly doesStarCoverFolder: boolean;
  /** A double star at the end stands for any depth; else for one name. */
  readonly isLastDoubleStarDeep: boolean;
  /** `[a-z]` is a class, and a backslash takes the meaning off any character. */
  readonly hasClasses: boolean;
}

const classSyntax = /^\[([!^]?)((?:\\.|[^\]\\])+)\]/s;

function classPart(text: string): { part: NamePart; length: number } | undefined {
  const found = classSyntax.exec(text);
  if (found === null) return undefined;
  const members = [...(found[2] ?? '').replace(/\\(.)/gs, '$1')];
  const ranges: (readonly [string, string])[] = [];
  for (let i = 0; i < members.length; i++) {
    const from = members[i] ?? '';
    const to = members[i + 1] === '-' ? members[i + 2] : undefined;
    ranges.push([from, to ?? from]);
    if (to !== undefined) i += 2;
  }
  return { part: { type: 'class', isNegated: found[1] !== '', ranges }, length: found[0].length };
}

function namePartAt(name: string, at: number, hasClasses: boolean): { part: NamePart; length: number } {
  const char = name[at] ?? '';
  if (char === '*') return { part: { type: 'star' }, length: 1 };
  if (char === '?') return { part: { type: 'any' }, length: 1 };
  // Without classes a backslash stands only before a blank, which is how a name with one is written.
  if (char === '\\' && at + 1 < name.length && (hasClasses || /\s/.test(name[at + 1] ?? ''))) {
    return { part: { type: 'char', char: name[at + 1] ?? '' }, length: 2 };
  }
  const found = char === '[' && hasClasses ? classPart(name.slice(at)) : undefined;
  return found ?? { part: { type: 'char', char }, length: 1 };
}

function nameOf(name: string, hasClasses: boolean): NamePart[] {
  const parts: NamePart[] = [];
  for (let at = 0; at < name.length; ) {
    const { part, length } = namePartAt(name, at, hasClasses);
    // A run of stars within a name is one star.
    if (part.type !== 'star' || parts.at(-1)?.type !== 'star') parts.push(part);
    at += length;
  }
  return parts;
}

const anyName: Segment = [{ type: 'star' }];

function tailOf(last: string, isOnly: boolean, dialect: GlobDialect): Segment[] {
  if (last === '') return ['**', anyName];
  if (last === '**') return dialect.isLastDoubleStarDeep ? ['**', anyName] : [anyName];
  const name = nameOf(last, dialect.hasClasses);
  const isStar = /^\*+$/.test(last);
  const isCovering = isStar ? dialect.doesStarCoverFolder || isOnly : dialect.doesNameCoverFolder;
  return isCovering ? [name, '**'] : [name];
}

/** Undefined for a pattern that can match nothing. */
export function parseGlob(pattern: string, dialect: GlobDialect): PathGlob | undefined {
  const names = pattern.split('/');
  const isRooted = names[0] === '';
  if (isRooted) names.shift();
  if (names.length === 0 || (names.length === 1 && names[0] === '')) return undefined;
  const inner = names.slice(0, -1);
  const isAnchored =
    isRooted || (dialect.isInnerSlashAnchored && (names.at(-1) === '' ? 1 : 0) < inner.length);
  const segments: Segment[] = [
    ...(isAnchored ? [] : (['**'] as const)),
    ...inner.map((name): Segment => (name === '**' ? '**' : nameOf(name, dialect.hasClasses))),
    ...tailOf(names.at(-1) ?? '', inner.length === 0 && !isRooted, dialect),
  ];
  const head = literalOf(segments[0]);
  return head === undefined ? { segments } : { segments, head };
}

function literalOf(segment: Segment | undefined): string | undefined {
  if (segment === undefined || segment === '**') return undefined;
  return segment.every((part) => part.type === 'char')
    ? segment.map((part) => (part.type === 'char' ? part.char : '')).join('')
    : undefined;
}

function isCharOf(part: NamePart | undefined, char: string): boolean {
  switch (part?.type) {
    case 'any':
      return true;
    case 'char':
      return part.char === char;
    case 'class':
      return part.ranges.some(([from, to]) => from <= char && char <= to) !== part.isNegated;
    default:
      return false;
  }
}

/**
 * Matches items against parts of which some stand for any run of items. Only the last such part is ever widened: what
 * stands before it has matched as early as it can, so nothing is gained by moving it.
 */
function matchesRuns<Part, Item>(
  parts: readonly Part[],
  items: ArrayLike<Item>,
  isRun: (part: Part) => boolean,
  matchesOne: (part: Part, item: Item) => boolean,
): boolean {
  let part = 0;
  let item = 0;
  let run = -1;
  let runEnd = 0;
  while (item < items.length) {
    const now = parts[part];
    if (now !== undefined && isRun(now)) {
      run = part++;
      runEnd = item;
    } else if (now !== undefined && matchesOne(now, items[item] as Item)) {
      part++;
      item++;
    } else if (run >= 0) {
      part = run + 1;
      item = ++runEnd;
    } else return false;
  }
  while (part < parts.length && isRun(parts[part] as Part)) part++;
  return part === parts.length;
}

function matchesName(segment: Segment, name: string): boolean {
  if (segment === '**') return false;
  return matchesRuns(segment, name, (part) => part.type === 'star', isCharOf);
}

/** @param names the path, split at its slashes */
export function matchesGlob({ segments }: PathGlob, names: readonly string[]): boolean {
  return matchesRuns(segments, names, (segment) => segment === '**', matchesName);
}
