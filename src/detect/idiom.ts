/**
 * Detector `idiom`: commands, calls and phrases that take a secret at a fixed place without naming it, as
 * `redis-cli -a x`, `mysqli_connect(host, user, "x")` or `creds: svc / x`.
 *
 * Every pattern begins (or ends) at its keyword, so that one hit costs one bounded walk.
 */
import { SecretValue } from '../model/secret-value.js';
import type { CompiledRule } from '../rules/rule-set.js';
import { judgeAssigned } from './assigned-value.js';
import { reachBehind } from './detector-reach.js';
import { type Draft, lowerOf } from './draft.js';
import { callIdioms, clientIdioms, signingIdioms } from './idiom-calls.js';
import { commandIdioms, settingIdioms, trailingIdioms } from './idiom-commands.js';
import type { Idiom } from './idiom-pattern.js';
import { spokenIdioms } from './idiom-spoken.js';

/** Bytes from the keyword on that are looked at. */
const reach = 400;
/** Bytes before the keyword that are looked at. */
const reachBack = 160;

/** By keyword: in lower case where the rule file has no capitals in it. */
export const idioms: ReadonlyMap<string, Idiom> = new Map([
  ...commandIdioms,
  ...trailingIdioms,
  ...settingIdioms,
  ...callIdioms,
  ...signingIdioms,
  ...clientIdioms,
  ...spokenIdioms,
]);

function idiomAt(bytes: Buffer, hitStart: number, hitEnd: number): Idiom | undefined {
  const keyword = bytes.toString('latin1', hitStart, hitEnd);
  return idioms.get(keyword) ?? idioms.get(keyword.toLowerCase());
}

interface Match {
  readonly start: number;
  readonly end: number;
  readonly user: string | undefined;
}

/** Where the value of the first pattern that matches stands, and the user beside it. */
function matchOf(idiom: Idiom, bytes: Buffer, hitStart: number, hitEnd: number): Match | undefined {
  const isTrailing = idiom.isTrailing === true;
  const from = isTrailing ? Math.max(0, hitStart - reachBack) : hitEnd;
  const text = bytes.toString('latin1', from, isTrailing ? hitStart : hitEnd + reach);
  if (idiom.before?.test(bytes.toString('latin1', Math.max(0, hitStart - reachBack), hitStart)) === false)
    return undefined;
  for (const pattern of idiom.patterns) {
    pattern.lastIndex = 0;
    const match = pattern.exec(text);
    const span = match?.indices?.groups?.['value'];
    if (span !== undefined)
      return { start: from + span[0], end: from + span[1], user: match?.groups?.['user'] };
  }
  return undefined;
}

/** A value on a later line ends where the locality contract lets a detector look (detector-reach.ts). */
function isWithinReach(bytes: Buffer, hitEnd: number, end: number): boolean {
  const newline = end <= hitEnd ? -1 : bytes.subarray(hitEnd, end).indexOf(0x0a);
  return newline < 0 || Math.min(bytes.length, end + 8) <= reachBehind(bytes, hitEnd + newline + 1);
}

/** The draft for the command, call or phrase that the keyword begins. */
export function detectIdiom(
  rule: CompiledRule,
  bytes: Buffer,
  hitStart: number,
  hitEnd: number,
): Draft | undefined {
  const idiom = idiomAt(bytes, hitStart, hitEnd);
  const match = idiom === undefined ? undefined : matchOf(idiom, bytes, hitStart, hitEnd);
  if (idiom === undefined || match === undefined || !isWithinReach(bytes, hitEnd, match.end))
    return undefined;
  const { start, end, user } = match;
  const isSpoken = idiom.isSpoken === true;
  const value = Buffer.from(bytes.subarray(start, end));
  const verdict = judgeAssigned({
    name: idiom.name ?? '',
    weight: idiom.weight,
    text: value.toString('utf8'),
    form: isSpoken ? 'prose' : 'quoted',
    isQuoted: !isSpoken,
    isTight: true,
    hasUser: true,
    isSetting: !isSpoken,
  });
  if (verdict === undefined) return undefined;
  return {
    rule,
    value: new SecretValue(value),
    start,
    end,
    layers: [],
    confidence: lowerOf(verdict.confidence, rule.confidence),
    reasons: ['idiom', ...verdict.reasons],
    ...(user === undefined ? {} : { account: user }),
  };
}
