/** Judges a pattern's match by the rule's own checks. Every rejection is deliberate: there is no default one. */
import type { Confidence } from '../model/finding.js';
import type { CompiledRule, RuleChecks } from '../rules/rule-set.js';
import { judgeAssigned } from './assigned-value.js';
import { isChecksumValid } from './checksum.js';
import { isAtLeast, lowered, lowerOf } from './draft.js';
import { standInOf } from './placeholder.js';
import { isPatterned, mayBeRandom, shannonEntropy } from './randomness.js';
import { harmlessShapes, shapeOf } from './value-shape.js';

export interface PatternVerdict {
  readonly confidence: Confidence;
  readonly reasons: readonly string[];
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function meetsCounts(checks: RuleChecks, text: string): boolean {
  if (checks.minDigits !== undefined && count(text, /\d/g) < checks.minDigits) return false;
  if (checks.minUpper !== undefined && count(text, /[A-Z]/g) < checks.minUpper) return false;
  if (checks.minLower !== undefined && count(text, /[a-z]/g) < checks.minLower) return false;
  return checks.minEntropy === undefined || shannonEntropy(text) >= checks.minEntropy;
}

export function hasStopWord(checks: RuleChecks, text: string): boolean {
  if (checks.stopWords === undefined) return false;
  const folded = text.toLowerCase();
  return checks.stopWords.some((word) => folded.includes(word.toLowerCase()));
}

/** Effect of the checksum: undefined when it discards. */
function afterChecksum(rule: CompiledRule, text: string, base: Confidence): PatternVerdict | undefined {
  const { checksum, checksumRole } = rule.checks;
  if (checksum === undefined) return { confidence: base, reasons: [] };
  // A look-alike passes Luhn by one chance in ten, and a JWT's shape says nothing about its worth.
  const isProof = checksum !== 'luhn' && checksum !== 'jwt-structure';
  if (isChecksumValid(checksum, text)) {
    return { confidence: isProof ? 'proven' : base, reasons: ['checksum-valid'] };
  }
  if (checksumRole === 'required') return undefined;
  return { confidence: lowered(base), reasons: ['checksum-wrong'] };
}

/** A value that pretends: repeats, runs, filler words inside. Random text holds none of them by chance. */
function isFiller(text: string): boolean {
  return (
    isPatterned(text) ||
    /example|sample|dummy|placeholder|changeme|redacted|your[-_]|xxxx|\*\*\*|0000000|1234567|abcdefg/i.test(
      text,
    )
  );
}

/** `([^...]{4,100})`: the value may be any text, so that a look at it is all there is to judge by. */
function takesAnyText({ checks, pattern, specificity }: CompiledRule): boolean {
  if (checks.checksum !== undefined) return false;
  return (
    specificity === 0 ||
    (specificity === 1 && checks.looksRandom !== true && /(?<!\\)\(\[\^/.test(pattern?.source ?? ''))
  );
}

/** Fewer characters than these tell nothing about a body. */
const leastBody = 8;

/**
 * What varies of a token: its text without the literal that all tokens of the rule have. Some of these are
 * zeros in base64 (`AAAAAAAA`), which say nothing about the rest.
 */
function bodyOf(rule: CompiledRule, text: string): string {
  const folded = text.toLowerCase();
  let longest = '';
  let at = -1;
  for (const keyword of rule.keywords) {
    const found = keyword.caseSensitive ? text.indexOf(keyword.text) : folded.indexOf(keyword.text);
    if (found < 0 || keyword.text.length <= longest.length) continue;
    longest = keyword.text;
    at = found;
  }
  const body = at < 0 ? text : text.slice(0, at) + text.slice(at + longest.length);
  return body.length < leastBody ? text : body;
}

/** A generic pattern knows no format: its value is judged like one assigned to a name that says password. */
function judgeGeneric(rule: CompiledRule, text: string): PatternVerdict | undefined {
  const verdict = judgeAssigned({
    name: 'password',
    weight: 'password',
    text,
    form: 'quoted',
    isQuoted: true,
    isTight: true,
    hasUser: true,
    isSetting: true,
  });
  if (verdict === undefined) return undefined;
  return { confidence: lowerOf(verdict.confidence, rule.confidence), reasons: verdict.reasons };
}

function isHarmless(text: string): boolean {
  const shape = shapeOf(text);
  return shape !== undefined && harmlessShapes.has(shape);
}

function isDrawn(text: string, body: string): boolean {
  return !isHarmless(text) && (shapeOf(text) === 'uuid' || mayBeRandom(body));
}

/** The verdict on a captured value; undefined when it is no secret. */
export function judgePattern(rule: CompiledRule, text: string): PatternVerdict | undefined {
  const { checks } = rule;
  if (hasStopWord(checks, text)) return undefined;
  const isThin = !meetsCounts(checks, text);
  // A provider's prefix with a thin body is a sample more often than not; without one it is nothing.
  if (isThin && rule.specificity < 2) return undefined;
  if (takesAnyText(rule)) {
    const verdict = judgeGeneric(rule, text);
    if (verdict !== undefined || rule.specificity === 0) return verdict;
    return standInOf(text) === 'filler' ? { confidence: 'low', reasons: ['filler'] } : undefined;
  }
  const summed = afterChecksum(rule, text, rule.confidence);
  if (summed === undefined) return undefined;
  if (summed.confidence === 'proven') return summed;
  const body = bodyOf(rule, text);
  const stand = standInOf(body);
  if (stand === 'template' || stand === 'reference') return undefined;
  if (stand === 'masked' && rule.specificity < 2) return undefined;
  if (checks.looksRandom === true && !isDrawn(text, body)) {
    // Beside a provider's name, a varied value with a run of the alphabet in it is a sample, not a word.
    const isSample = !isHarmless(text) && isPatterned(body) && shannonEntropy(text) >= 3;
    return isSample ? { confidence: 'low', reasons: ['filler', ...summed.reasons] } : undefined;
  }
  if (isThin || stand === 'masked' || isFiller(body)) {
    const why = isThin ? 'thin' : 'filler';
    return { confidence: lowerOf(summed.confidence, 'low'), reasons: [why, ...summed.reasons] };
  }
  const how = rule.specificity >= 2 ? 'provider-format' : 'provider-name';
  const reasons = isAtLeast(summed.confidence, 'medium') ? [how] : [how, 'weak-rule'];
  return { confidence: summed.confidence, reasons: [...summed.reasons, ...reasons] };
}
