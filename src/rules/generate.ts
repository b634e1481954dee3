/**
 * Fills the holes of rule examples from a seed. Tests, the demo and the corpus get their secrets here, so
 * that none is ever committed.
 *
 * | hole | gives |
 * | --- | --- |
 * | `{{token}}` | the secret, sampled from the rule's own capture group, checksum included |
 * | `{{token:CLASS:N}}` | the secret, N characters of a class; for rules without a pattern |
 * | `{{CLASS:N}}` | N characters that are not the secret |
 * | `{{companion:KIND}}` | a value of another kind |
 * | `{{pem:LABEL}}`, `{{pemline:LABEL}}`, `{{jwk}}` | a private key; `pemline` writes its line ends as `\n` |
 * | `{{jwt}}` | a signed token |
 * | `{{basic:USER}}` | base64 of USER and a password; the password is the secret |
 * | `{{base64text}}` | base64 of a password, which is the secret |
 */
import { makeRandom, type Random } from './random.js';
import type { CompiledRule } from './rule-set.js';
import { sampleJwt, withChecksum } from './sample-checksum.js';
import { sampleJwk, samplePem } from './sample-keys.js';
import { sampleNode } from './sample-pattern.js';
import { analysePattern, type PatternShape } from './subset.js';

export interface RenderedExample {
  readonly text: string;
  /** What must be found: the value after its enclosing syntax is undone. Empty when no hole gives a secret. */
  readonly value: string;
}

const maxTries = 500;
const digits = '0123456789';
const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();

const alphabets: Readonly<Record<string, string>> = {
  digit: digits,
  lower,
  upper,
  alnum: digits + upper + lower,
  lowerdigit: digits + lower,
  upperdigit: digits + upper,
  hex: `${digits}abcdef`,
  HEX: `${digits}ABCDEF`,
  base32: `${upper}234567`,
  base64: `${upper + lower + digits}+/`,
  base64url: `${upper + lower + digits}-_`,
  password: `${upper + lower + digits}-_.~!^*`,
};

/** Shannon entropy in bits per character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** Whether a value passes the rule's own demands on it, checksum apart. */
export function passesChecks(rule: CompiledRule, value: string): boolean {
  const { minEntropy = 0, minDigits = 0, minUpper = 0, minLower = 0, stopWords = [] } = rule.checks;
  const lowered = value.toLowerCase();
  return (
    entropyOf(value) >= minEntropy &&
    countOf(value, /[0-9]/g) >= minDigits &&
    countOf(value, /[A-Z]/g) >= minUpper &&
    countOf(value, /[a-z]/g) >= minLower &&
    !stopWords.some((word) => lowered.includes(word.toLowerCase()))
  );
}

// Parsing a long pattern takes longer than sampling from it.
const shapes = new Map<string, PatternShape>();

function shapeOf(source: string, ignoreCase: boolean): PatternShape {
  const key = `${ignoreCase ? 'i' : ''}/${source}`;
  const known = shapes.get(key);
  if (known !== undefined) return known;
  const shape = analysePattern(source, ignoreCase);
  shapes.set(key, shape);
  return shape;
}

function tokenFrom(rule: CompiledRule, random: Random): string {
  if (rule.pattern === undefined) throw new TypeError(`rule ${rule.id} has no pattern to sample from`);
  const { source, ignoreCase } = rule.pattern;
  const shape = shapeOf(source, ignoreCase);
  const whole = new RegExp(`^(?:${shape.token.raw})$`, ignoreCase ? 'i' : '');
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const token = withChecksum(rule, sampleNode(shape.token, ignoreCase, random), random);
    if (whole.test(token) && passesChecks(rule, token)) return token;
  }
  throw new RangeError(`rule ${rule.id}: no sample passes its own checks in ${maxTries} tries`);
}

/** A value that the rule must find; the same seed gives the same value. */
export function sampleToken(rule: CompiledRule, seed: string | number): string {
  return tokenFrom(rule, makeRandom(`${rule.id}:${seed}`));
}

function uuid(random: Random): string {
  const bytes = random.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function classText(name: string, size: string | undefined, random: Random): string {
  if (name === 'uuid') return uuid(random);
  const alphabet = alphabets[name];
  if (alphabet === undefined) throw new RangeError(`{{${name}}} is not a known hole`);
  return Array.from({ length: Number(size ?? '16') }, () => random.pick(alphabet)).join('');
}

/** A password with every sort of character, so that no weak-value or placeholder test takes it for one. */
function strongText(name: string, size: string | undefined, random: Random): string {
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const text = classText(name, size, random);
    const varied = name.startsWith('hex') || name === 'HEX' || name === 'uuid' ? 2 : 2.8;
    if (
      entropyOf(text) >= Math.min(varied, Math.log2(text.length) - 0.8) &&
      /\w$/.test(text) &&
      /^\w/.test(text)
    ) {
      return text;
    }
  }
  throw new RangeError(`{{token:${name}:${size}}} gives no varied text`);
}

interface Filled {
  readonly text: string;
  readonly value?: string;
}

function fill(hole: string, rule: CompiledRule, siblings: readonly CompiledRule[], random: Random): Filled {
  const [name = '', first, second] = hole.split(':');
  switch (name) {
    case 'token': {
      const value = first === undefined ? tokenFrom(rule, random) : strongText(first, second, random);
      return { text: value, value };
    }
    case 'companion': {
      const other = siblings.find((sibling) => sibling.kind === first && sibling.pattern !== undefined);
      if (other === undefined) throw new RangeError(`rule ${rule.id}: no rule with a pattern finds ${first}`);
      return { text: tokenFrom(other, random) };
    }
    case 'pem': {
      const value = samplePem(first ?? 'PRIVATE KEY', random);
      return { text: value, value };
    }
    case 'pemline': {
      const value = samplePem(first ?? 'PRIVATE KEY', random);
      return { text: value.replaceAll('\n', '\\n'), value };
    }
    case 'jwk': {
      const { text, secret } = sampleJwk(random);
      return { text, value: secret };
    }
    case 'jwt': {
      const value = sampleJwt(random);
      return { text: value, value };
    }
    case 'basic': {
      const value = strongText('password', '16', random);
      return { text: Buffer.from(`${first ?? 'deploy'}:${value}`).toString('base64'), value };
    }
    case 'base64text': {
      const value = strongText('password', '16', random);
      return { text: Buffer.from(value).toString('base64'), value };
    }
    default:
      return { text: classText(name, first, random) };
  }
}

/**
 * Fills the holes of an example. Holes of equal text get equal values, so a secret can stand twice.
 * `siblings` are the rules from which companions are drawn.
 */
export function renderExample(
  rule: CompiledRule,
  example: string,
  seed: string | number,
  siblings: readonly CompiledRule[] = [],
): RenderedExample {
  const random = makeRandom(`${rule.id}:${seed}`);
  const filled = new Map<string, Filled>();
  const text = example.replace(/\{\{([a-zA-Z][^{}]*)\}\}/g, (_all, hole: string) => {
    const known = filled.get(hole) ?? fill(hole, rule, siblings, random);
    filled.set(hole, known);
    return known.text;
  });
  const value = [...filled.values()].find((part) => part.value !== undefined)?.value ?? '';
  return { text, value };
}
