/** What is judged where a name stands beside a value, and how a value that looks drawn at random is judged by that name. */
import type { Confidence } from '../model/finding.js';
import type { Form } from './assigned-form.js';
import { alphabetSize, classChanges, isPatterned, letterPairBits, shannonEntropy } from './randomness.js';
import { type NameWeight, wordsOf } from './slot-name.js';

export interface AssignedText {
  readonly name: string;
  readonly weight: NameWeight;
  readonly text: string;
  readonly form: Form;
  readonly isQuoted: boolean;
  /** No blanks round the operator. */
  readonly isTight: boolean;
  /** A user name stands beside it. */
  readonly hasUser: boolean;
  /** It is all that follows the name on its line, or all the text of an element or pair. */
  readonly isAlone?: boolean;
  /** The user beside it is one that everybody may be: `anonymous`, `guest`, `ftp`. */
  readonly isAnonymous?: boolean;
  /** Its syntax says that a value stands here: a literal, an element, a line of settings. False amid code and prose. */
  readonly isSetting: boolean;
  /** Running text says that this is the value: `the password is x`. */
  readonly isTold?: boolean;
  /** Another word before the name says whose it is: `acme token = …`. */
  readonly isQualified?: () => boolean;
}

export interface Verdict {
  readonly confidence: Confidence;
  readonly reasons: readonly string[];
}

export function verdict(confidence: Confidence, ...reasons: string[]): Verdict {
  return { confidence, reasons };
}

export const squeeze = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** `access_token`, `clientSecret`: what authenticates; a `stylesheetToken` does not. */
export function isNameOfSecret(name: string): boolean {
  return /(?:api|access|secret|private|auth|refresh|bearer|client|app|consumer|account|hub|lab)(?:key|token)|secret/.test(
    squeeze(name),
  );
}

/** Hex and UUID are the shape of every id: the name must say more than `token`. */
function hasQualifiedName(name: string): boolean {
  const words = wordsOf(name).filter(
    (word) => !/^(?:default|my|the|new|test|value|config|this|self|\d+)$/.test(word),
  );
  return (
    words.length >= 2 ||
    /(?:api|access|secret|private|auth)(?:key|token)|secret|password|passwd/.test(squeeze(name))
  );
}

/** Names whose values have one documented format: what does not fit it is something else, or cut. */
const formatOfName: readonly (readonly [RegExp, RegExp])[] = [
  [/awssecret(?:access)?key$/, /^[A-Za-z0-9/+]{40}$/],
  [/awsaccesskeyid$/, /^A[A-Z0-9]{15,31}$/],
];

function contradictsName(name: string, text: string): boolean {
  const squeezed = squeeze(name);
  return formatOfName.some(([named, format]) => named.test(squeezed) && !format.test(text));
}

/** `acme_key`: whose key it is; a `key` alone is one of a mapping more often than not. */
function isNamedKey({ name, isSetting, form, isQualified }: AssignedText): boolean {
  if (!isSetting || form === 'comparison' || form === 'argument' || !/keys?\d*$/i.test(name)) return false;
  return hasQualifiedName(name) || isQualified?.() === true;
}

const leastPlainlyDrawn = 20;

/** Letters and digits as no name mixes them, in a length that keys have. */
function isPlainlyDrawn(text: string): boolean {
  return (
    text.length >= leastPlainlyDrawn &&
    /^[\w+/=.~|-]+$/.test(text) &&
    (text.match(/\d/g)?.length ?? 0) >= 2 &&
    alphabetSize(text) > 16 &&
    // `126031_IgvUab…`: rows and streams are keyed like that.
    !/^\d+[_-]/.test(text) &&
    (classChanges(text) >= 0.3 || letterPairBits(text) >= 5)
  );
}

export function judgeRandom(assigned: AssignedText, isShaped: boolean): Verdict | undefined {
  const { weight, text, form } = assigned;
  const entropy = `entropy-${shannonEntropy(text).toFixed(1)}`;
  if (contradictsName(assigned.name, text)) return verdict('low', 'random', 'format-mismatch', entropy);
  if (isPatterned(text)) return verdict('low', 'filler');
  if (weight === 'weak') {
    if (!isShaped && isPlainlyDrawn(text) && isNamedKey(assigned))
      return verdict('medium', 'random', entropy, 'name-key');
    return text.length >= 16 ? verdict('low', 'random', entropy) : undefined;
  }
  if (form === 'comparison' && weight === 'secret') return verdict('low', 'random', 'compared', entropy);
  if (text.length < 16 && weight !== 'password' && !isNameOfSecret(assigned.name))
    return verdict('low', 'random', 'short', entropy);
  if (isShaped && !hasQualifiedName(assigned.name) && assigned.isQualified?.() !== true)
    return verdict('low', 'random', 'id-shaped', entropy);
  return verdict('medium', 'random', entropy, `name-${weight}`);
}
