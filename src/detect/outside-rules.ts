/**
 * Detection by rules from outside, as one thing that the engine is given: it brings the linear engine with it,
 * so it is imported only where a rule set has such rules.
 */
import { SecretValue } from '../model/secret-value.js';
import type { CompiledRule, RuleSet } from '../rules/rule-set.js';
import type { Draft, Emit } from './draft.js';
import { judgeLinear } from './judge-linear.js';
import { makeLinearEngine } from './linear-engine.js';
import { type LinearMatch, LinearMatcher } from './linear-matcher.js';
import { slotAt } from './pattern-draft.js';
import type { Detect } from './rule-plan.js';
import { type ListedTexts, ValueLists } from './value-lists.js';

/** A rule that no keyword announces. */
export interface Everywhere {
  readonly rule: CompiledRule;
  /** Looks at the bytes from end to end. */
  detect(bytes: Buffer, emit: Emit): void;
}

export interface OutsideRules {
  /** The detector of a rule with a linear pattern. */
  detectOf(rule: CompiledRule): Detect;
  readonly everywhere: readonly Everywhere[];
  /** Ids of the allow lists that hold the value of a built-in rule's draft. */
  listsOf(draft: Draft, bytes: Buffer): readonly string[];
}

/** Bytes of a line on either side of a match that an allow list gets to see. */
const lineReach = 1024;

function lineRound(bytes: Buffer, start: number, end: number): string {
  const before = bytes.subarray(Math.max(0, start - lineReach), start);
  const behind = bytes.subarray(end, end + lineReach);
  const newline = behind.indexOf(0x0a);
  return (
    before.toString('latin1', before.lastIndexOf(0x0a) + 1) +
    bytes.toString('latin1', start, end) +
    behind.toString('latin1', 0, newline < 0 ? behind.length : newline)
  );
}

class Outside implements OutsideRules {
  readonly everywhere: readonly Everywhere[];
  readonly #engine = makeLinearEngine();
  readonly #lists: ValueLists;

  constructor({ rules, lists = [] }: RuleSet) {
    this.#lists = new ValueLists(lists, this.#engine);
    this.everywhere = rules
      .filter(({ linear }) => linear?.way === 'everywhere')
      .map((rule) => ({
        rule,
        detect: (bytes, emit) =>
          this.#matcherOf(rule).matchAll(bytes, 0, bytes.length, (match) =>
            this.#draft(rule, bytes, match, emit),
          ),
      }));
  }

  detectOf(rule: CompiledRule): Detect {
    const matcher = this.#matcherOf(rule);
    return (bytes, hitStart, hitEnd, emit) =>
      matcher.match(bytes, hitStart, hitEnd, (match) => this.#draft(rule, bytes, match, emit));
  }

  listsOf({ rule, start, end }: Draft, bytes: Buffer): readonly string[] {
    // The lists have spoken on drafts of rules from outside when those were made.
    if (this.#lists.isEmpty || rule.linear !== undefined) return [];
    const secret = bytes.toString('latin1', start, end);
    return this.#lists.reasons(rule.id, { secret, match: secret, line: lineRound(bytes, start, end) });
  }

  #matcherOf(rule: CompiledRule): LinearMatcher {
    if (rule.linear === undefined) throw new TypeError(`rule ${rule.id} has no linear pattern`);
    return new LinearMatcher(rule.linear, this.#engine);
  }

  #draft(rule: CompiledRule, bytes: Buffer, match: LinearMatch, emit: Emit): void {
    const { start, end } = trimmed(bytes, match);
    const secret = bytes.toString('latin1', start, end);
    const verdict = judgeLinear(rule, secret);
    if (verdict === undefined) return;
    const texts: ListedTexts = {
      secret,
      match: bytes.toString('latin1', match.start, match.end),
      line: lineRound(bytes, match.start, match.end),
    };
    if (this.#lists.drops(rule.id, texts)) return;
    const reasons = [
      ...verdict.reasons,
      ...this.#lists.reasons(rule.id, texts),
      ...(match.isCut ? ['cut-at-window'] : []),
    ];
    const slot = slotAt(bytes, start);
    emit({
      rule,
      value: new SecretValue(Buffer.from(bytes.subarray(start, end))),
      start,
      end,
      layers: [],
      confidence: verdict.confidence,
      reasons,
      ...(slot === undefined ? {} : { slot }),
    });
  }
}

/** A whole match without the line breaks round it (as gitleaks has it). */
function trimmed(bytes: Buffer, match: LinearMatch): { start: number; end: number } {
  let { valueStart: start, valueEnd: end } = match;
  if (start !== match.start || end !== match.end) return { start, end };
  while (start < end - 1 && bytes[start] === 0x0a) start++;
  while (end > start + 1 && bytes[end - 1] === 0x0a) end--;
  return { start, end };
}

/** @param rules a set with {@link RuleSet.hasUserRules} */
export function makeOutsideRules(rules: RuleSet): OutsideRules {
  return new Outside(rules);
}
