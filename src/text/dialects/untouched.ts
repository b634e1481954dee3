/**
 * Tells in one look at a string that no view of it differs from the text itself. Most messages are such; bytes, maps and
 * views are made for the others only.
 */
import { type Dialect, dialects } from './dialect.js';
import { wrapperHosts } from './link-wrappers.js';
import { dialectMarks } from './plain-view.js';
import { tokenAnchors } from './token-anchors.js';

const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Beginnings of broken tokens and armour, and of wrapped links. */
export const viewWords: readonly string[] = [
  '-----',
  ...tokenAnchors.map(({ prefix }) => prefix),
  ...wrapperHosts,
];

/** A part of each of those words, by bytes that prose seldom has: texts without it need no closer look. */
const wordHint = '[_J-]|A[BCIKS]|xox|fens|\\.[pc]';

/** What a view may begin at within ASCII: the marks of the dialect, and the words. */
function patternOf(dialect: Dialect, words: string): RegExp {
  const marks = [...dialectMarks[dialect]]
    .filter((mark) => mark > ' ')
    .map(quoted)
    .join('');
  const first = marks === '' ? '' : `|[${marks}]`;
  return new RegExp(`[^\\t\\n -~]${first}|${words}`);
}

const tokenPattern = new RegExp(tokenAnchors.map(({ prefix }) => quoted(prefix)).join('|'));

/** Whether a text holds the beginning of a token whose form is known. */
export function mayHoldToken(text: string): boolean {
  return tokenPattern.test(text);
}

const allWords = viewWords.map(quoted).join('|');
const patterns = new Map<Dialect, RegExp>(dialects.map((dialect) => [dialect, patternOf(dialect, allWords)]));
const hints = new Map<Dialect, RegExp>(dialects.map((dialect) => [dialect, patternOf(dialect, wordHint)]));

/** True for ASCII text of which neither `plainView` nor `compactView` would make anything. False says nothing. */
export function isUntouched(text: string, dialect: Dialect): boolean {
  // Lines of IRC that were cut go on in the next one.
  if (dialect === 'irc' && text.includes('\n')) return false;
  return !(hints.get(dialect) as RegExp).test(text) || !(patterns.get(dialect) as RegExp).test(text);
}
