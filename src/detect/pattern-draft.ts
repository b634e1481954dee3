/** Detector `pattern`: a match of the rule's regular expression, judged. */
import { attributesOf, clientAttributes, signatureKinds } from '../identity/attributes.js';
import type { Attribute } from '../model/finding.js';
import { SecretValue } from '../model/secret-value.js';
import { hasFoldedAt, isIdentifier } from './byte-class.js';
import type { Emit } from './draft.js';
import { addressAround, textNear } from './enclosing-text.js';
import { judgePattern } from './judge-pattern.js';
import type { PatternMatcher } from './pattern-matcher.js';

/** The name that the value is assigned to, read backwards from it; for people, not for the verdict. */
export function slotAt(bytes: Buffer, start: number): string | undefined {
  if (isIdentifier(bytes[start - 1])) return undefined;
  const before = bytes.toString('latin1', Math.max(0, start - 80), start);
  return /([A-Za-z_][\w.-]{1,60})["'`\]]{0,2}\s{0,8}(?:=>|:=|[=:])\s{0,8}["'`]?$/.exec(before)?.[1];
}

/** `data:…;base64,`: an embedded file, whatever its first bytes look like. */
function isInDataUri(bytes: Buffer, start: number): boolean {
  return hasFoldedAt(bytes, start - 8, ';base64,');
}

/** Longer names are no part of another word by chance. */
const mostShortName = 5;
/** What is written together with a provider's name: the words for a secret, for who has it and for what it is for. */
const joinedWord =
  /^(?:api|app|access|account|admin|auth|bearer|bot|client|cloud|cred|db|deploy|dev|hub|id|key|license|live|login|mail|master|org|pass|pat|personal|private|prod|project|pwd|read|s?secret|service|sign|team|test|token|user|web|write)/;

const isSmall = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x61 && byte <= 0x7a;

/** `exa` in `example`: a short name of a provider that goes on as another word. */
function isPartOfWord(bytes: Buffer, hitStart: number, hitEnd: number): boolean {
  if (hitEnd - hitStart > mostShortName || !isSmall(bytes[hitEnd]) || !isSmall(bytes[hitEnd - 1]))
    return false;
  return !joinedWord.test(bytes.toString('latin1', hitEnd, hitEnd + 10));
}

export function draftPattern(
  matcher: PatternMatcher,
  bytes: Buffer,
  hitStart: number,
  hitEnd: number,
  emit: Emit,
): void {
  matcher.match(bytes, hitStart, hitEnd, (start, end) => {
    const verdict = judgePattern(matcher.rule, bytes.toString('latin1', start, end));
    if (verdict === undefined || isInDataUri(bytes, start)) return;
    if (matcher.rule.specificity === 1 && start > hitEnd && isPartOfWord(bytes, hitStart, hitEnd)) return;
    const slot = slotAt(bytes, start);
    const attributes = attributesBeside(matcher.rule.kind, bytes, start, end);
    emit({
      rule: matcher.rule,
      value: new SecretValue(Buffer.from(bytes.subarray(start, end))),
      start,
      end,
      layers: [],
      confidence: verdict.confidence,
      reasons: verdict.reasons,
      ...(slot === undefined ? {} : { slot }),
      ...(attributes === undefined ? {} : { attributes }),
    });
  });
}

/** Facts that stand round the value; undefined where the value alone tells them all. */
function attributesBeside(
  kind: string,
  bytes: Buffer,
  start: number,
  end: number,
): readonly Attribute[] | undefined {
  if (signatureKinds.has(kind)) {
    return attributesOf(kind, 'pattern', '', { whole: addressAround(bytes, start, end) });
  }
  // The slot of a client secret, whoever issued it.
  if (/client-secret/.test(kind)) return clientAttributes(kind, textNear(bytes, start, end));
  return undefined;
}
