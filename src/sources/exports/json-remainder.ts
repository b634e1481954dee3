/**
 * What a damaged JSON value says beyond what could be repaired of it: a member whose key is lost, a second record that
 * ran into the first and overwrote its members, text between quotes that were turned inside out. It is added to the
 * value as a member of its own, so that a reader hands it over with the place, author and time that it still knows.
 */
import { repairJson, setMember, unescapeLoosely } from './json-repair.js';

/** Key of that member, as exports write none: one of their own that they call `damaged` is a key like others. */
export const damagedKey = '(damaged)';

/** Runs that could be a word of some length; what JSON is written with stands between. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: damage often leaves NULs
const words = /[^\u0000-\u0020"{}[\],:\u007f]{6,}/g;
/** Numbers and words of JSON, which values say in their own way. */
const notText = /^(?:[-+.\deE]+|false)$/;
/** Characters before a word that is not repaired that are given with it, at most: its key may stand there. */
const mostBefore = 160;

/**
 * The value of a damaged text, as far as it can be told, with the rest of its words under {@link damagedKey}.
 *
 * @param isCut true when the text ends within a value: the last word is a part of one
 */
export function repairWhole(text: string, isCut: boolean): unknown {
  const value = repairJson(text);
  const rest = remainder(unescapeLoosely(text), value, isCut);
  if (rest === '') return value;
  if (Array.isArray(value)) return [...value, rest];
  if (typeof value === 'string' && value !== '') return `${value}\n${rest}`;
  if (typeof value !== 'object' || value === null) return { [damagedKey]: rest };
  let key = damagedKey;
  while (Object.hasOwn(value, key)) key += '_';
  setMember(value as Record<string, unknown>, key, rest);
  return value;
}

/** Pieces of the text with words that the value does not have, in lines. */
function remainder(text: string, value: unknown, isCut: boolean): string {
  let known: Set<string> | undefined;
  const pieces: string[] = [];
  let start = -1;
  let end = -1;
  const finish = (): void => {
    if (start >= 0) pieces.push(text.slice(start, end));
    start = -1;
  };
  for (const match of text.matchAll(words)) {
    const [word] = match;
    const wordEnd = match.index + word.length;
    known ??= wordsOf(value);
    if (known.has(word) || notText.test(word) || (isCut && wordEnd === text.length)) finish();
    else {
      if (start < 0) start = Math.max(end, beginOf(text, match.index), 0);
      end = wordEnd;
    }
  }
  finish();
  return pieces.join('\n');
}

/** Where the member or line begins in which a word stands. */
function beginOf(text: string, at: number): number {
  const least = Math.max(0, at - mostBefore);
  let start = at;
  while (start > least && !'\n\0{,'.includes(text[start - 1] as string)) start--;
  return start > least ? start : at;
}

function wordsOf(value: unknown): Set<string> {
  const known = new Set<string>();
  const add = (text: string): void => {
    for (const [word] of text.matchAll(words)) known.add(word);
  };
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') add(next);
    else if (typeof next === 'object' && next !== null) {
      for (const [key, child] of Object.entries(next)) {
        add(key);
        open.push(child);
      }
    }
  }
  return known;
}
