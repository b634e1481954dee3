/**
 * Texts that are told to be no secret whatever stands beside them. The versions of a file ask of the same names and words again
 * and again. Only words are kept: what is none may be a secret in another syntax.
 */
import type { AssignedText } from './assigned-random.js';
import { judgeAssigned } from './assigned-value.js';
import { isWordless } from './randomness.js';

const mostKept = 8192;
const longestKept = 200;
const quiet = new Set<string>();

/** What decides, but for what stands beside it: a user, words that say whose the name is. */
export type JudgedText = Omit<AssignedText, 'hasUser' | 'isAnonymous' | 'isQualified'>;

function keyOf(judged: JudgedText): string {
  const { name, weight, text, form, isQuoted, isTight, isAlone, isSetting, isTold } = judged;
  const flags = [isQuoted, isTight, isAlone, isSetting, isTold]
    .map((flag) => (flag === true ? 1 : 0))
    .join('');
  return `${form} ${flags} ${weight} ${name}\n${text}`;
}

const besides = [false, true].flatMap((isQualified) => [
  { hasUser: false, isQualified: () => isQualified },
  { hasUser: true, isAnonymous: false, isQualified: () => isQualified },
  { hasUser: true, isAnonymous: true, isQualified: () => isQualified },
]);

function isQuietNow(judged: JudgedText): boolean {
  return besides.every((beside) => judgeAssigned({ ...judged, ...beside }) === undefined);
}

/** Whether {@link judgeAssigned} says nothing of it, whatever stands beside it. */
export function isQuietText(judged: JudgedText): boolean {
  // What has digits is a word more seldom, and asking twice of what is told costs more than it saves.
  if (judged.text.length > longestKept || /\d/.test(judged.text)) return false;
  if (isWordless(judged.text)) return false;
  const key = keyOf(judged);
  if (quiet.has(key)) return true;
  if (!isQuietNow(judged)) return false;
  if (quiet.size >= mostKept) quiet.clear();
  quiet.add(key);
  return true;
}
