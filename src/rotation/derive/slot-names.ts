/** What names of variables and keys say of each other: `X_CLIENT_ID` and `X_CLIENT_SECRET`, `KEY_OLD`, `key1`. */

/** Words of a name in lower case: `dbPassword_OLD` is `db password old`, `key1` is `key 1`. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Za-z])(\d+)$/, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** What a name is within a group of names that belong together. */
export interface NameRole {
  /** What the names of a group have in common. */
  readonly stem: string;
  readonly role: string;
}

/** Ends of names that make one credential, the identifier first. */
const pairs: readonly (readonly [string, string])[] = [
  ['access key id', 'secret access key'],
  ['access key', 'secret key'],
  ['access key', 'secret access key'],
  ['client id', 'client secret'],
  ['app id', 'app secret'],
  ['app key', 'app secret'],
  ['api key', 'api secret'],
  ['api key', 'api secret key'],
  ['api key', 'app key'],
  ['api key', 'application key'],
  ['consumer key', 'consumer secret'],
  ['access token', 'access token secret'],
  ['public key', 'secret key'],
  ['key id', 'secret key'],
  ['role id', 'secret id'],
  ['account sid', 'auth token'],
  ['username', 'password'],
  ['user', 'password'],
];

function stemBefore(words: string, end: string): string | undefined {
  if (words === end) return '';
  return words.endsWith(` ${end}`) ? words.slice(0, -end.length - 1) : undefined;
}

/** Roles of a name in all pairs that it may be a half of. */
export function pairRoles(name: string): readonly NameRole[] {
  const words = wordsOf(name).join(' ');
  return pairs.flatMap((ends, index) =>
    ends.flatMap((end, side) => {
      const stem = stemBefore(words, end);
      return stem === undefined ? [] : [{ stem: `${index} ${stem}`, role: String(side) }];
    }),
  );
}

const oldMarks: ReadonlySet<string> = new Set(['old', 'previous', 'prev', 'former', 'deprecated', 'legacy']);
const newMarks: ReadonlySet<string> = new Set(['new', 'next']);

function isGenerationMark(word: string): boolean {
  return oldMarks.has(word) || newMarks.has(word) || word === 'current';
}

/** Where the mark stands: at the end, or, but for `NEXT_PUBLIC_...`, at the start. */
function generationMarkAt(words: readonly string[]): number {
  if (isGenerationMark(words.at(-1) ?? '')) return words.length - 1;
  return isGenerationMark(words[0] ?? '') && words[0] !== 'next' ? 0 : -1;
}

/** `old`, `plain` or `new`: generations of one name. */
export function generationRole(name: string): NameRole {
  const words = wordsOf(name);
  const at = generationMarkAt(words);
  const mark = words[at] ?? 'current';
  const stem = words.filter((_, index) => index !== at).join(' ');
  if (mark === 'current') return { stem, role: 'plain' };
  return { stem, role: oldMarks.has(mark) ? 'old' : 'new' };
}

const alternates: Readonly<Record<string, string>> = {
  primary: 'first',
  secondary: 'second',
  1: 'first',
  2: 'second',
  a: 'first',
  b: 'second',
  blue: 'first',
  green: 'second',
};

/** `first` or `second` of two that work beside each other; undefined for other names. */
export function alternateRole(name: string): NameRole | undefined {
  const words = wordsOf(name);
  const at = words.findIndex((word, index) => isAlternateMark(word, index, words));
  const role = alternates[words[at] ?? ''];
  if (role === undefined || words.length < 2) return undefined;
  // What sort of mark it is stays in the stem: `key_1` has no partner in `key_b`.
  const family = /^(?:primary|secondary)$/.test(words[at] ?? '')
    ? 'rank'
    : /^\d$/.test(words[at] ?? '')
      ? 'number'
      : 'letter';
  return { stem: `${family} ${words.filter((_, index) => index !== at).join(' ')}`, role };
}

/** A letter or digit is a mark only at the end: `A_RECORD_KEY` is no first of two. */
function isAlternateMark(word: string, index: number, words: readonly string[]): boolean {
  return Object.hasOwn(alternates, word) && (word.length > 1 || index === words.length - 1);
}
