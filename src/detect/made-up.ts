/**
 * Values that somebody thought up to show something: they say what they are, count, or put words together. Each is
 * now and then a real, weak password, so that they lower a verdict and never drop it.
 */
import { plainWords, standInOf } from './placeholder.js';
import { isWordless, letterPairBits, looksRandom } from './randomness.js';

/** Words for a secret; `pa33w0rd` writes the sign for an S that looks like an E as well. */
const ownName =
  /pass(?:w[oa]r[dt]|wd|phrase|code)|pa(?:ee|zz)w[oa]r[dt]|passw[oa]r[dt]|s[ei][ck]r+[ei]+t|kennwort|geheim/;
const shortOwnName = /pass|pwd|[a-z]pw\d{0,4}$/;
/** In longer ones the short words occur by chance. */
const mostShortName = 24;
/** Longer values are documents, or drawn by a machine. */
const mostOwnName = 48;

/** `Cl1ent$ecret!`, `S3cretP@ssw0rd`, `testpw`: the value says that it is one. */
export function namesItself(text: string): boolean {
  if (text.length > mostOwnName) return false;
  const plain = plainWords(text);
  return ownName.test(plain) || (text.length < mostShortName && shortOwnName.test(plain));
}

/** `Test@12345`, `Forge123`: a word and the first keys of the row of digits. */
export function isCountedWord(text: string): boolean {
  return (
    /^(?:[^\d]{0,10}1234(?:5(?:6(?:7(?:8(?:90?)?)?)?)?)?|[A-Za-z][^\d]{2,20}123)[!@#$.?]{0,3}$/.test(text) &&
    !isWordless(text)
  );
}

/** `test-alias-404`: names of things, numbered. */
export function isNumberedName(text: string): boolean {
  return /^[a-z]{3,}(?:[-_.][a-z]{2,})+[-_.]\d{1,4}$/.test(text) && letterPairBits(text) < 5;
}

const mostWordBits = 4.8;

/** `iWishIWereCool!`, `Scenic-Improving-Payphone`: three words and more, put together as names are. */
export function isJoinedWords(text: string): boolean {
  const words = /^[A-Za-z]+(?:[-_. ][A-Za-z]+)*[!.?\s]{0,2}$/.test(text)
    ? text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g)
    : null;
  if (words === null || words.length < 3) return false;
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  return letters >= 3 * words.length && letterPairBits(text) < mostWordBits;
}

/** `QUNDRVNTX0tFWQ==`: base64 of words, as tests encode them. A secret in base64 is no text, a document, or a text that looks like one. */
export function isEncodedWords(text: string): boolean {
  if (!/^[A-Za-z0-9+/]{12,88}={0,2}$/.test(text) || text.length % 4 !== 0) return false;
  const inner = Buffer.from(text, 'base64')
    .toString('latin1')
    .replace(/\r?\n$/, '');
  if (!/^[\w .:-]{8,}$/.test(inner)) return false;
  return standInOf(inner) === 'filler' || namesItself(inner) || (!looksRandom(inner) && !isWordless(inner));
}

/** How a value gives itself away as made up; undefined when it does not. */
export function madeUpReason(text: string): string | undefined {
  if (namesItself(text)) return 'names-itself';
  if (isCountedWord(text)) return 'counted-word';
  if (isNumberedName(text)) return 'numbered-name';
  if (isJoinedWords(text)) return 'words';
  return isEncodedWords(text) ? 'encoded-words' : undefined;
}
