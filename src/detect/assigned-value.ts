/** Judges a value by the name beside it, its syntax and its own look. Reasons say what decided. */
import {
  type AssignedText,
  isNameOfSecret,
  judgeRandom,
  squeeze,
  type Verdict,
  verdict,
} from './assigned-random.js';
import {
  isCode,
  isDottedWords,
  isDottedWordsOfCode,
  isIdentifierLike,
  isResult,
  isSentence,
  isWordList,
} from './code-text.js';
import { isDrawnText } from './drawn-text.js';
import { madeUpReason } from './made-up.js';
import { isExpressionSource, isFillerWord, plainWords, standInOf } from './placeholder.js';
import {
  alphabetSize,
  classCount,
  isHardlyAWord,
  isPasswordLike,
  isPatterned,
  isWordless,
  longestRepeat,
  looksComposite,
  looksRandom,
  mayBeRandom,
  shannonEntropy,
} from './randomness.js';
import { wordsOf } from './slot-name.js';
import { harmlessShapes, type Shape, shapeOf } from './value-shape.js';

/** `ACME SECRET x`, `acmeTOKEN x`: in running text such a name is the label of what follows. */
function isLabel(name: string): boolean {
  return /^[A-Z][A-Z_]{2,}$|^[a-z][a-z\d]+(?:SECRET|TOKEN|KEY)$/.test(name);
}

/**
 * A bare word amid code or prose is a variable or a word unless it looks like nothing else: drawn at random, or
 * letters, digits and signs mixed as people are told to.
 */
function judgeInline(assigned: AssignedText): Verdict | undefined {
  const { text, weight, form } = assigned;
  if (/&&|\|\||==|=>|\?\.|\?\?|[()[\]{}<>]|%\w+%|^\W+$/.test(text)) return undefined;
  if ((form === 'prose' || form === 'juxtaposed' ? /^\$\w|\$[A-Z_]{3}/ : /\$\w/).test(text)) return undefined;
  if (
    text.length >= 16 &&
    (/\d/.test(text) || text.length >= (form === 'markup' ? 24 : 32)) &&
    looksRandom(text)
  ) {
    const isShaped = alphabetSize(text) === 16 || shapeOf(text) !== undefined;
    return isShaped && form === 'juxtaposed' ? undefined : judgeRandom(assigned, isShaped);
  }
  if (weight === 'secret' && isSaid(assigned) && text.length >= 12 && isDrawnSecret(text))
    return verdict('medium', 'password-like', 'inline');
  if (weight !== 'password') return undefined;
  const isMixed = /\d/.test(text) && /[A-Za-z]/.test(text) && !isPatterned(text);
  if (
    isMixed &&
    text.length >= 8 &&
    text.length <= 64 &&
    /[!@#$%^&*?+~]/.test(text.slice(1)) &&
    !/^[\w.]+[@:][\w.:/-]+$|^\w+\?\w+=/.test(text)
  ) {
    return verdict('medium', 'password-like', 'inline');
  }
  if (isBareEntry(assigned) && (assigned.hasUser ? isHardlyAWord(text) : isWordless(text)))
    return verdict('medium', 'wordless', 'inline');
  // `--set auth.password=kD83jd`: a setting among the words of a command.
  if (isSettingWord(assigned) && isMixed && text.length >= 6 && isHardlyAWord(text))
    return verdict('medium', 'wordless', 'inline');
  // `password kd8fu2`, `requirepass lqwzhb` on a line of its own.
  if (assigned.isAlone === true && form === 'juxtaposed' && text.length >= 6 && isHardlyAWord(text)) {
    const isSure = assigned.hasUser || (isMixed && text.length >= 8) || !isPlainWord(assigned.name);
    return verdict(isSure ? 'medium' : 'low', 'wordless', 'alone');
  }
  const isSpoken = form === 'prose' || form === 'markup' || (assigned.isTight && /^[\w-]{8,}$/.test(text));
  const spoken = judgeSpoken(assigned, isMixed);
  if (spoken !== undefined) return spoken;
  return isSpoken && isMixed && text.length >= 6 ? verdict('low', 'inline') : undefined;
}

/** `the api key is x`, `client secret: x` to the end of the line: the sentence or the line is about the value. */
function isSaid({ form, isTold, isAlone, text }: AssignedText): boolean {
  const isWhole = (form === 'prose' && isTold === true) || (form === 'bare' && isAlone === true);
  return (
    isWhole && /^[\w!@#$%^&*?+~.-]+$/.test(text) && /\d/.test(text) && !/^[\w-]+(?:\.[\w-]+)+$/.test(text)
  );
}

/** A word with digits in running text: what says that it is the password, or how little it looks like a word. */
function judgeSpoken(assigned: AssignedText, isMixed: boolean): Verdict | undefined {
  const { text, form, name, hasUser, isTold } = assigned;
  if ((form !== 'prose' && form !== 'juxtaposed') || text.length > 64) return undefined;
  const isPlain = /^[\w!@#$%^&*?+~.-]+$/.test(text) && !/^v?\d+\.|^[A-Z]+-\d+$/.test(text);
  if (!isMixed || text.length < 8) {
    const isDrawn = isTold === true && /^[a-z]{6,}$/i.test(text) && isWordless(text);
    return isDrawn && /pass|pw|kenn/i.test(name) ? verdict('low', 'wordless', 'inline') : undefined;
  }
  const isDrawn = isHardlyAWord(text);
  // "Pass x2y to it"
  const isVerb = /^pass$/i.test(name);
  if (form === 'prose' && isDrawn && !isVerb) return verdict('medium', 'wordless', 'inline');
  if (
    form === 'prose' &&
    !isVerb &&
    isTold === true &&
    isPlain &&
    /[A-Za-z]{4}[-_.]?\d{2,4}$/.test(text) &&
    !isPatterned(text)
  )
    return verdict('medium', 'numbered-word', 'inline');
  if (form !== 'juxtaposed' || !isPlain) return undefined;
  if (isDrawn && (hasUser || /[A-Z]/.test(text))) return verdict('medium', 'wordless', 'inline');
  return isDrawn || hasUser ? verdict('low', 'inline') : undefined;
}

/** `NAME=value` without blanks, of letters and digits. */
function isSettingWord({ form, isTight, text }: AssignedText): boolean {
  return form === 'bare' && isTight && /^[A-Za-z\d!@#%^*+~-]+$/.test(text);
}

/** `password`, `pass`: words of every text; `requirepass` and `rootpw` are settings. */
function isPlainWord(name: string): boolean {
  return /^(?:password|passwort|passwd|passcode|passphrase|pass|pwd|pw|pin|key|clave|senha|parola)$/i.test(
    name,
  );
}

/**
 * `deb894`: no word is written with two digits and two of these six letters. Of one letter amid digits (`7313e689`) more of
 * them and many different ones are asked for; a letter before or behind a number (`a1234567`) is how people count.
 */
function isShortHex(text: string): boolean {
  if (!/^[a-f\d]{6,15}$/.test(text) || !/\d.*\d/.test(text)) return false;
  if (!/[a-f].*[a-f]/.test(text) && !(/^\d+[a-f]\d+$/.test(text) && new Set(text).size >= 6)) return false;
  const runs =
    text.length < 10
      ? /abc|bcd|cde|def|cba|fed|012|123|234|345|210|321|432/
      : /abcd|bcde|cdef|fedc|0123|3210|4321/;
  return !runs.test(text) && !/1234|2345/.test(text.replace(/\D/g, ''));
}

/** `{user: app, password: lqwzhb}`: an entry of a flow mapping; in code a variable of such a name would be no word. */
function isBareEntry({ form, isTight, text }: AssignedText): boolean {
  return form === 'bare' && !isTight && text.length >= 4 && /^[a-z0-9]+$/.test(text);
}

function isLetters(text: string): boolean {
  return /^[A-Za-z]+$/.test(text);
}

/** Short for a secret, and yet of several sorts of characters that spell nothing. */
function isDrawnSecret(text: string): boolean {
  if (classCount(text) >= 4 && (text.length >= 12 || isDrawnText(text))) return true;
  return classCount(text) >= 3 && /^[A-Za-z\d]+$/.test(text) && isHardlyAWord(text);
}

function judgePassword(assigned: AssignedText): Verdict | undefined {
  const { text, form } = assigned;
  const plain = plainWords(text);
  if ([plain, plain.slice(1), plain.replace(/[^a-z0-9]/g, '')].some(isFillerWord))
    return verdict('low', 'filler');
  if (assigned.isAnonymous === true && !isWordless(text)) return verdict('low', 'anonymous-user');
  const bareIdentifier = !assigned.isQuoted && isIdentifierLike(text);
  if (bareIdentifier && !/\d/.test(text) && !(assigned.isTight || assigned.hasUser)) {
    // In code such a word is a variable; `password: word` alone on its line, or in an element, is a setting.
    const isName = /[a-z][A-Z]|_|\$/.test(text) && !(isLetters(text) && isWordless(text));
    const isWord = assigned.isAlone === true && text.length >= 4 && !isName;
    if (!isWord) return undefined;
    return isHardlyAWord(text)
      ? verdict('medium', 'name-password', 'wordless', 'alone')
      : verdict('low', 'name-password', 'wordy', 'alone');
  }
  if (isSentence(text) && (/ .* /.test(text) || !isPasswordLike(text.replace(/ /g, '')))) {
    return /^\S+ \S+$/.test(text) && assigned.hasUser ? verdict('low', 'words') : judgePhrase(assigned);
  }
  if (isPasswordLike(text) && form !== 'comparison' && !isDottedWords(text)) {
    const isVariable = bareIdentifier && !assigned.isTight && assigned.isAlone !== true && form !== 'flag';
    return verdict(isVariable ? 'low' : 'medium', 'password-like');
  }
  const letters = text.replace(/[^A-Za-z]/g, '');
  const isNumbered = /\d{2}/.test(text) && text.length >= 8 && letters.length >= 2 && !isFillerWord(letters);
  if (isNumbered && assigned.hasUser && form !== 'comparison' && !isPatterned(text)) {
    return verdict('medium', 'numbered-word', 'user-beside');
  }
  return isDrawnWord(assigned) ||
    (isShortHex(text) && text.length >= 8 && form !== 'comparison') ||
    (isNumbered && /\d{3}/.test(text) && !isPatterned(text) && form !== 'comparison')
    ? verdict('medium', 'name-password', 'wordless')
    : verdict('low', 'name-password', 'wordy');
}

/**
 * A word that nobody knows. Where a string is compared, or is one argument of several, more must speak for it;
 * so it must for a capitalised word, which is a name more often than not.
 */
function isDrawnWord({ text, form }: AssignedText): boolean {
  const isDoubtful = form === 'comparison' || form === 'argument' || /^[A-Z][a-z]+$/.test(text);
  return isDoubtful ? isWordless(text) : isHardlyAWord(text);
}

/**
 * A word that stands in for a password is now and then the password. It is shown as a doubt where a user stands
 * beside it, or where the value has more to it than the word.
 */
function judgeFiller(assigned: AssignedText): Verdict | undefined {
  const { text, weight, form, isSetting } = assigned;
  if (!isSetting || form === 'comparison' || /[<>{}$%()\s*.,:;]|x{4}|^[A-Z]+(?:_[A-Z]+)+$/.test(text))
    return undefined;
  const shape = shapeOf(text);
  if ((shape !== undefined && harmlessShapes.has(shape)) || isCode(text)) return undefined;
  if (weight === 'password') {
    const isValue = assigned.hasUser || /\d/.test(text);
    return isValue || (!isFillerWord(text) && text.length >= 6 && assigned.isQuoted)
      ? verdict('low', 'filler')
      : undefined;
  }
  if (weight === 'weak') return judgeSample(assigned);
  if (text.length < 20 || /^[A-Za-z]+(?:[_-][A-Za-z]+)*$/.test(text)) {
    return weight === 'secret' && text.length >= 20 && longestRepeat(text) >= 16
      ? verdict('low', 'filler')
      : undefined;
  }
  return verdict('low', 'filler');
}

/** Digits alone: a password of six and more, a token of more than any clock or counter has. */
function judgeDigits({ weight, text, isSetting }: AssignedText): Verdict | undefined {
  const isLong = weight === 'secret' && isSetting && /^\d{20,}$/.test(text);
  return isLong || (weight === 'password' && text.length >= 6) ? verdict('low', 'digits') : undefined;
}

/**
 * `a1b2c3d4e5f6…`, `ABCDEF1234567890`: the shape of a key, drawn by hand. Documentation is full of them, and now and then
 * somebody's key is one: a doubt.
 */
function judgeSample(assigned: AssignedText): Verdict | undefined {
  return isKeyShaped(assigned) && isPatterned(assigned.text) ? verdict('low', 'filler') : undefined;
}

function isKeyShaped({ text, form }: AssignedText): boolean {
  return (
    text.length >= 16 &&
    /\d/.test(text) &&
    /[A-Za-z]/.test(text) &&
    /^[\w.+/=~:-]+$/.test(text) &&
    form !== 'comparison' &&
    form !== 'argument' &&
    shannonEntropy(text) >= 3
  );
}

/** Words of forms and messages: a text that has one is about a password. */
const labelWords =
  /\b(?:your|enter|type|please|must|should|password|passwords|passphrase|pass|invalid|incorrect|wrong|missing|required|forgot|reset|change|confirm|repeat|new|old|current|not|is|are|be|was|for|to|of|or|if|the|no|match|at|least)\b/i;

/** `correct horse battery staple`: words in a row that say nothing about passwords. */
function judgePhrase({ text, isQuoted, name, form }: AssignedText): Verdict | undefined {
  const isPhrase = /^[a-z]{3,12}(?: [a-z]{3,12}){2,7}$/.test(text) && !labelWords.test(text);
  return isPhrase && isQuoted && form === 'quoted' && /pass|pwd/i.test(name)
    ? verdict('low', 'words')
    : undefined;
}

/** People choose short passwords; machines do not, but what stands for a secret in a small program may be one. */
function leastLengthOf({ weight, name, isQuoted }: AssignedText): number {
  if (weight === 'password') return 4;
  return weight === 'secret' && isQuoted && isNameOfSecret(name) ? 6 : 8;
}

/** Ids of spans, rows and builds are this long at most; longer hex that has no digest's length is nobody's id. */
const longestHexId = 20;

/** Shapes that a draw of letters, digits and signs has by chance. */
const drawnShapes: ReadonlySet<Shape> = new Set<Shape>(['path', 'email', 'code-name']);

function isPartOfProgram({ text, isQuoted }: AssignedText): boolean {
  return isCode(text) || (!isQuoted && isExpressionSource(text));
}

/** Amid code and data a text full of signs is more of the same; `{base64=}` is what Maven encrypted. */
function isDrawnValue({ text, isSetting, isTold }: AssignedText): boolean {
  return (isSetting || isTold === true) && !/^\{.*\}$/.test(text) && isDrawnText(text);
}

/** Words in names of what is given on purpose and opens nothing: `invalidToken`, `fake_api_key`, `nonMatchingKey`. */
const notMeant: ReadonlySet<string> = new Set(
  'fake dummy invalid wrong bogus matching nonmatching nonexistent nonexistant'.split(' '),
);

/** Question marks are of URLs and of what was typed over; no token is written with them. */
const typedOver = /^[\w.~+/=:-]{4,}\?[\w.~+/=:?-]*$/;

/** What the name or the alphabet says against a value that looks like a secret. */
function doubtOf({ name, weight, text }: AssignedText): string | undefined {
  if (wordsOf(name).some((word) => notMeant.has(word))) return 'named-sample';
  const isToken = weight === 'secret' && /(?:token|key)s?\d*$/i.test(name);
  return isToken && text.length >= 16 && typedOver.test(text) ? 'no-token-sign' : undefined;
}

/** The verdict on a value; undefined when it is no secret. */
export function judgeAssigned(assigned: AssignedText): Verdict | undefined {
  const found = judgeValue(assigned);
  if (found === undefined || found.confidence === 'low') return found;
  const why = madeUpReason(assigned.text) ?? doubtOf(assigned);
  return why === undefined ? found : verdict('low', why, ...found.reasons);
}

function judgeValue(assigned: AssignedText): Verdict | undefined {
  const { weight, text } = assigned;
  if (weight === 'none' || text.length < leastLengthOf(assigned)) return undefined;
  const stand = standInOf(text);
  if (isResult(text)) return undefined;
  const isLong = text.length >= 24 && looksRandom(text);
  if (
    weight === 'secret' &&
    assigned.form === 'juxtaposed' &&
    isLabel(assigned.name) &&
    isKeyShaped(assigned)
  )
    return verdict('low', 'label');
  if (stand === 'filler' && !isLong) return judgeFiller(assigned);
  if (stand !== undefined && stand !== 'filler' && (stand === 'masked' || !isDrawnValue(assigned)))
    return undefined;
  if (squeeze(text) === squeeze(assigned.name)) return undefined;
  if (longestRepeat(text) * 2 > text.length) return judgeFiller(assigned);
  const shape = shapeOf(text);
  if (shape !== undefined && harmlessShapes.has(shape) && !(drawnShapes.has(shape) && isDrawnValue(assigned)))
    return undefined;
  if (shape === 'number') return judgeDigits(assigned);
  if (isPartOfProgram(assigned) && !isDrawnValue(assigned)) return undefined;
  // A list of names: `'addCarKeyPass', 'addPassButton'`.
  if (assigned.form === 'argument' && /^[A-Za-z]+$/.test(text) && /[a-z][A-Z]\w*[a-z][A-Z]/.test(text))
    return undefined;
  if (!assigned.isSetting) return judgeInline(assigned);
  const isShaped =
    shape === 'uuid' || shape === 'hex-hash' || (alphabetSize(text) === 16 && text.length <= longestHexId);
  const mayBeDrawn =
    looksRandom(text) ||
    looksComposite(text) ||
    (weight === 'secret' && isNameOfSecret(assigned.name) && mayBeRandom(text));
  if (!text.includes(' ') && (shape === 'uuid' || (mayBeDrawn && !isWordList(text)))) {
    const verdictOnRandom = judgeRandom(assigned, isShaped);
    if (verdictOnRandom !== undefined) return verdictOnRandom;
  }
  if (weight === 'password') return judgePassword(assigned);
  const sample = judgeSample(assigned);
  if (sample !== undefined || weight !== 'secret' || isSentence(text)) return sample;
  if (isNameOfSecret(assigned.name) && !isWordList(text)) {
    if (text.length >= 10 && isWordless(text)) return verdict('medium', 'name-secret', 'wordless');
    const isValue = assigned.isQuoted || (assigned.isAlone === true && text.length >= 8);
    const isDrawn =
      /^[a-z\d]+$/.test(text) &&
      (isShortHex(text) || (/\d/.test(text) ? isHardlyAWord(text) : isWordless(text)));
    if (isValue && assigned.form !== 'argument' && isDrawn)
      return verdict('medium', 'name-secret', 'wordless');
  }
  if (text.length >= 20 && mayBeRandom(text) && !isDottedWords(text)) {
    const isUnbroken = /^[A-Za-z\d]+$/.test(text) && alphabetSize(text) > 16;
    return verdict(isUnbroken ? 'medium' : 'low', 'random', 'name-secret');
  }
  if (!assigned.isQuoted) return undefined;
  if (isPasswordLike(text) && !isDottedWords(text)) {
    return verdict(isDrawnSecret(text) ? 'medium' : 'low', 'password-like', 'name-secret');
  }
  const isSecretWord = /secret\d*$/.test(squeeze(assigned.name));
  return isSecretWord && !isDottedWordsOfCode(text) ? verdict('low', 'name-secret', 'wordy') : undefined;
}
