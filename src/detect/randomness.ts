/**
 * Is a text random or made by people? Several weak tests, since each fails somewhere: entropy is bounded by
 * the length and cannot tell identifiers from tokens, pairs of letters cannot judge digits, and so on.
 */
import { bigramRows } from './bigram-table.js';

/** Shannon entropy in bits per character of the text's own character frequencies. */
export function shannonEntropy(text: string): number {
  const counts = new Map<number, number>();
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Size of the smallest usual alphabet that holds the text. */
export function alphabetSize(text: string): number {
  if (/^[0-9]*$/.test(text)) return 10;
  if (/^[0-9a-f]*$/.test(text) || /^[0-9A-F]*$/.test(text)) return 16;
  if (/^[a-z]*$/.test(text) || /^[A-Z]*$/.test(text)) return 26;
  if (/^[a-z0-9]*$/.test(text) || /^[A-Z0-9]*$/.test(text)) return 36;
  if (/^[A-Za-z0-9]*$/.test(text)) return 62;
  if (/^[\w+/=-]*$/.test(text)) return 64;
  return 94;
}

/**
 * Entropy that random text of this alphabet and length has on average (Miller-Madow: the plug-in estimate
 * falls short by (classes seen - 1) / 2n nats), never above log2(length).
 */
export function expectedEntropy(alphabet: number, length: number): number {
  const seen = alphabet * (1 - (1 - 1 / alphabet) ** length);
  return Math.min(Math.log2(alphabet), Math.log2(seen));
}

const cellOffset = 48;

/** Quarter bits of one letter behind another, both as places in the alphabet. */
export function letterBitsBetween(before: number, letter: number): number {
  return (bigramRows[before] as string).charCodeAt(letter) - cellOffset;
}

/** Mean bits per pair of neighbouring letters under the model of words; 0 without a pair. */
export function letterPairBits(text: string): number {
  let quarters = 0;
  let pairs = 0;
  let before = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i) | 32;
    const letter = code >= 0x61 && code <= 0x7a && text.charCodeAt(i) >= 0x41 ? code - 0x61 : -1;
    if (before >= 0 && letter >= 0) {
      quarters += letterBitsBetween(before, letter);
      pairs++;
    }
    before = letter;
  }
  return pairs === 0 ? 0 : quarters / pairs / 4;
}

function classOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return 0;
  if (code >= 0x41 && code <= 0x5a) return 1;
  if (code >= 0x61 && code <= 0x7a) return 2;
  return 3;
}

/** Share of neighbours that belong to different classes (digit, upper, lower, other). Identifiers: 0.17, 99 % below 0.5; random base62: 0.6. */
export function classChanges(text: string): number {
  if (text.length < 2) return 0;
  let changes = 0;
  for (let i = 1; i < text.length; i++) {
    if (classOf(text.charCodeAt(i)) !== classOf(text.charCodeAt(i - 1))) changes++;
  }
  return changes / (text.length - 1);
}

/** How many of digit, upper, lower and other occur. */
export function classCount(text: string): number {
  const seen = [false, false, false, false];
  for (let i = 0; i < text.length; i++) seen[classOf(text.charCodeAt(i))] = true;
  return seen.filter(Boolean).length;
}

/** Longest run of one character. */
export function longestRepeat(text: string): number {
  let longest = 0;
  let run = 0;
  for (let i = 0; i < text.length; i++) {
    run = i > 0 && text.charCodeAt(i) === text.charCodeAt(i - 1) ? run + 1 : 1;
    if (run > longest) longest = run;
  }
  return longest;
}

/** Longest run in which each code is the one before plus (or minus) one: `abcdef`, `987654`. */
export function longestSequence(text: string): number {
  let longest = 1;
  let up = 1;
  let down = 1;
  for (let i = 1; i < text.length; i++) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1);
    up = step === 1 ? up + 1 : 1;
    down = step === -1 ? down + 1 : 1;
    longest = Math.max(longest, up, down);
  }
  return text.length === 0 ? 0 : longest;
}

const keyboards = ['qwertyuiop asdfghjkl zxcvbnm 1234567890 !@#$%^&*()', 'qwertzuiop yxcvbnm'];
const leastWalk = 4;

/** For each character, its place on a keyboard's rows, which are so far apart that rows never touch; 0 for none. */
const placesOf = (rows: string): Uint8Array => {
  const places = new Uint8Array(128);
  [...rows].forEach((key, at) => {
    if (key !== ' ') places[key.charCodeAt(0)] = at + 1;
  });
  return places;
};
const keyPlaces: readonly Uint8Array[] = keyboards.map(placesOf);

/** How many characters of the text are in walks of four or more neighbours along a row. */
function walkedOn(places: Uint8Array, folded: string): number {
  let walked = 0;
  let length = 1;
  let step = 0;
  for (let i = 1; i <= folded.length; i++) {
    const place = places[folded.charCodeAt(i)] ?? 0;
    const before = places[folded.charCodeAt(i - 1)] ?? 0;
    const move = place === 0 || before === 0 ? 0 : place - before;
    if ((move === 1 || move === -1) && (step === 0 || move === step)) {
      step = move;
      length++;
      continue;
    }
    if (length >= leastWalk) walked += length;
    length = 1;
    step = 0;
  }
  return walked;
}

/** True when over half of the text are walks of four or more neighbours along a row of keys: `asdfqwer1234`. */
export function isKeyboardWalk(text: string): boolean {
  const folded = text.toLowerCase();
  return keyPlaces.some((places) => walkedOn(places, folded) * 2 > text.length);
}

const mostPeriod = 16;

/** True when the text repeats itself after at most sixteen characters, four of five the same: `abcdabcdabcd`. */
function isPeriodic(text: string): boolean {
  for (let period = 1; period <= Math.min(mostPeriod, text.length / 3); period++) {
    let misses = (text.length - period) * 0.2;
    let i = period;
    for (; i < text.length && misses >= 0; i++) {
      if (text.charCodeAt(i) !== text.charCodeAt(i - period)) misses--;
    }
    if (misses >= 0) return true;
  }
  return false;
}

const letterRows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'abcdefghijklmnop', 'qazwsxedc'];

/** `q1w2e3`, `abc123`: all letters begin one row and all digits another. */
function isStartOfRows(letters: string, digits: string, length: number): boolean {
  return (
    digits.length >= 3 &&
    letters.length >= 3 &&
    digits.length + letters.length >= length - 2 &&
    '1234567890'.startsWith(digits) &&
    letterRows.some((row) => row.startsWith(letters))
  );
}

const hexOnly = /^(?:[0-9a-f]+|[0-9A-F]+)$/;

/** Characters that tell how a text goes on; reading the whole of a long one would cost its length at each word in it. */
const tellingLength = 256;

const mostFolded = 14;

/** True for text that is evidently no random value: repeats, sequences, walks, periods. */
export function isPatterned(whole: string): boolean {
  const text = whole.length > tellingLength ? whole.slice(0, tellingLength) : whole;
  if (isPeriodic(text)) return true;
  if (longestRepeat(text) >= 6 || longestSequence(text) >= 7) return true;
  if (longestRepeat(text) * 2 > text.length) return true;
  // `a1b2c3d4e5f6`: sequences of letters and of digits, shuffled together.
  const asWritten = text.replace(/[^A-Za-z]/g, '');
  // In longer ones capitals and small letters in turns are how people draw samples of keys.
  const onlyLetters = text.length <= mostFolded ? asWritten.toLowerCase() : asWritten;
  const onlyDigits = text.replace(/\D/g, '');
  if (isStartOfRows(onlyLetters, onlyDigits, text.length)) return true;
  const letters = longestSequence(onlyLetters);
  const digits = longestSequence(onlyDigits);
  if (letters >= 7 || digits >= 7) return true;
  // Among the six letters of hex a sequence of all is chance, one time in four hundred.
  if (letters >= 6 && (digits >= 4 || !hexOnly.test(text))) return true;
  return isKeyboardWalk(text);
}

/**
 * Least entropy of random text of this length, as a share of the expected: fewer than one of 1000 random
 * values has less. Short texts vary more.
 */
function leastShare(length: number, spread: number, most: number): number {
  return Math.min(most, 1 - spread / Math.sqrt(length));
}

function isRandomHex(text: string): boolean {
  return (
    /[a-fA-F]/.test(text) &&
    /\d/.test(text) &&
    shannonEntropy(text) >= leastShare(text.length, 1.25, 0.85) * expectedEntropy(16, text.length)
  );
}

/**
 * True when the text looks drawn at random from its alphabet. Made for values of 12 and more characters;
 * shorter ones carry too little to tell.
 */
export function looksRandom(text: string): boolean {
  if (text.length < 12 || isPatterned(text)) return false;
  if (/^\d+$/.test(text)) return false;
  if (hexOnly.test(text)) return isRandomHex(text);
  if (shannonEntropy(text) < 0.8 * expectedEntropy(alphabetSize(text), text.length)) return false;
  const bits = letterPairBits(text);
  const changes = classChanges(text);
  // 4.9 splits random letters from words; many class changes make up for short runs of letters.
  return bits + 2.5 * (changes - 0.25) >= 4.9 || changes >= 0.5;
}

/**
 * As {@link looksRandom}, for a value that has the exact format of the provider named beside it: what is left
 * to tell apart are words, so that letters and digits in turns are enough. Rejects fewer than one of 1000
 * random values of 20 or more letters and digits (of 16: one in 500).
 */
export function mayBeRandom(text: string): boolean {
  if (looksRandom(text)) return true;
  if (text.length < 12 || isPatterned(text) || hexOnly.test(text)) return false;
  const least = leastShare(text.length, 1, 0.8) * expectedEntropy(alphabetSize(text), text.length);
  if (shannonEntropy(text) < least || (text.match(/\d+/g)?.length ?? 0) < 2) return false;
  return letterPairBits(text) + 2.5 * (classChanges(text) - 0.25) >= 2.2;
}

const leastDrawnPart = 24;

/** `sk_6551_d9a4d4b7…`, `oauth2:dba06b50…`: marks and numbers before a part that is drawn at random. */
export function looksComposite(text: string): boolean {
  if (text.length <= leastDrawnPart || text.length > tellingLength || !/^\w[\w.:|/-]+$/.test(text))
    return false;
  const parts = text.split(/[-_.:|/]/);
  if (parts.length < 2 || isPatterned(text)) return false;
  return parts.some((part) => part.length >= leastDrawnPart && /\d/.test(part) && looksRandom(part));
}

/** What names of passwords and of the services they open are shortened to: consonants that belong to no word. */
const abbreviations =
  /passwd|psswrd|passwrd|pswd|pwd|psw|pass|smtp|sftp|ftps?|https?|ssh|mysql|mssql|psql|sql|ldap|tls|ssl|jwt|xml|html|mqtt|nginx|kms|aws|gcp|vm|vpn|dns|tcp|udp|mgmt|mgr|svc|srv|srvr|usr|cfg|ctx|tmp|src|dst|str|msg|abc|xyz|bcrypt|scrypt|crypt/gi;
const leastPairs = 3;
/** Longer texts are judged by entropy. */
const mostWordlessLength = 64;
const leastWordlessBits = 5;

function countPairs(text: string): number {
  let pairs = 0;
  for (const run of text.match(/[A-Za-z]{2,}/g) ?? []) pairs += run.length - 1;
  return pairs;
}

/** Digits between letters read as the letters they look like: `s3cr3t` is a word, `y0zk2w` is none. */
function undoLeet(text: string): string {
  return text
    .replace(/0/g, 'o')
    .replace(/1/g, 'i')
    .replace(/3/g, 'e')
    .replace(/4/g, 'a')
    .replace(/5/g, 's')
    .replace(/7/g, 't');
}

/**
 * True when the letters follow each other as in no word: `lqwzhb`, `znjiahk762`, `y0zk2w`. Made for values too
 * short for {@link looksRandom}; finds nine of ten draws of six to twelve letters. Of the words that stand as
 * passwords in public code, one of ten distinct ones is taken for wordless, nearly all of them abbreviations.
 */
export function isWordless(text: string): boolean {
  if (text.length > mostWordlessLength || text.includes(' ')) return false;
  if (text.length < (/[A-Z]/.test(text) ? 8 : 5) || isPatterned(text)) return false;
  const body = text.replace(/[\d!@#.?]+$/, '');
  const rest = (/[a-z]\d/i.test(body) ? undoLeet(body) : body).replace(abbreviations, ' ');
  return countPairs(rest) >= leastPairs && letterPairBits(rest) >= leastWordlessBits;
}

const leastHardlyWordBits = 4.5;
/** Of four letters there are three pairs, so that each must be rare. */
const leastBitsOfFour = 6;

/** `t7kg4k`, `y8pa5a2`: letters and digits in turns that read as no word when digits are taken for letters. */
function isMixedInTurns(body: string): boolean {
  if (!/^[A-Za-z\d]{4,32}$/.test(body)) return false;
  const runs = body.match(/\d+|[A-Za-z]+/g)?.length ?? 0;
  // `g74z`: two digits amid letters are no letter of a word.
  if (runs < (/[a-z]\d{2,}[a-z]/i.test(body) ? 3 : 4)) return false;
  const plain = undoLeet(body);
  return /\d/.test(plain) || letterPairBits(plain) >= leastHardlyWordBits;
}

/**
 * As {@link isWordless} with more doubt in favour of the value, for places where name and syntax say that a
 * password stands: four letters suffice, `moseht` and `t7kg4k` too. One word in twenty that stands there passes.
 */
export function isHardlyAWord(text: string): boolean {
  if (isWordless(text)) return true;
  if (text.length < 4 || text.length > mostWordlessLength || text.includes(' ') || isPatterned(text))
    return false;
  const body = text.replace(/[!@#.?]+$/, '');
  if (isMixedInTurns(body)) return true;
  const letters = body.replace(/\d+$/, '');
  // `bpz880`: three letters that no word has, and as many digits.
  if (/^[A-Za-z]{3}\d{3,}$/.test(body)) return letterPairBits(letters) >= leastBitsOfFour;
  const rest = letters.replace(abbreviations, (found) => (found.length < 3 ? found : ' '));
  if (!/^[A-Za-z]{4,}$/.test(rest)) return false;
  // Capitals within are the joints of a name.
  if (/[a-z][A-Z]/.test(rest) && rest.length < 8) return false;
  const least =
    rest.length === 4 ? leastBitsOfFour : rest.length === 5 ? leastWordlessBits : leastHardlyWordBits;
  return letterPairBits(rest) >= least;
}

/** `English (Palau)`, `changed!`, `john@work`: words of any language and signs between and round them. */
function isWordsAndSigns(text: string): boolean {
  const isMade =
    /^[\p{P}\p{S}\p{Z}]*[\p{L}\p{M}]+(?:[\p{P}\p{S}\p{Z}]{1,2}[\p{L}\p{M}]+)*[\p{P}\p{S}\p{Z}]*$/u.test(text);
  return isMade && (text.includes(' ') || !isWordless(text));
}

/** What people choose when told to use several sorts of characters. */
export function isPasswordLike(text: string): boolean {
  if (text.length < 8 || isPatterned(text) || isWordsAndSigns(text)) return false;
  // `records-recordLayout2`: words joined as names are, however many classes they have.
  if (text.length >= 14 && /^[\w-]+$/.test(text) && letterPairBits(text) < 4.6) return false;
  const sorts = classCount(text);
  if (sorts >= 3) return /\d/.test(text) || /[^A-Za-z0-9._ /:-]/.test(text);
  return (
    sorts === 2 && /[^A-Za-z0-9._ /:,()-]/.test(text) && /[a-z]/i.test(text) && shannonEntropy(text) >= 2.5
  );
}
