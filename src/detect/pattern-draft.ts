/** Detector `pattern`: a match of the rule's regular expression, judged. */
import { SecretValue } from '../model/secret-value.js';
import { hasFoldedAt, isIdentifier } from './byte-class.js';
import type { Emit } from './draft.js';
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
    const slot = slotAt(bytes, start);
    emit({
      rule: matcher.rule,
      value: new SecretValue(Buffer.from(bytes.subarray(start, end))),
      start,
      end,
      layers: [],
      confidence: verdict.confidence,
      reasons: verdict.reasons,
      ...(slot === undefined ? {} : { slot }),
    });
  });
}
