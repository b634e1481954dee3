/** Detector `private-key`: what private-key.ts found in a view, as drafts. */
import { serviceAccountAttributes } from '../identity/attributes.js';
import type { Attribute } from '../model/finding.js';
import { parseKindId } from '../model/ids.js';
import type { CompiledRule } from '../rules/rule-set.js';
import type { TextView } from '../text/view.js';
import type { Draft } from './draft.js';
import { detectPrivateKeys } from './private-key.js';

/** Where a private key may begin. */
export interface KeyTrigger {
  readonly rule: CompiledRule;
  readonly at: number;
}

/** Bytes round a key in which the other members of a service account file stand. */
const nearBytes = 2048;

function nearText(view: TextView, start: number, end: number): string {
  const before = view.bytes.toString('latin1', Math.max(0, start - nearBytes), start);
  return `${before}${view.bytes.toString('latin1', end, end + nearBytes)}`;
}

const serviceAccountKind = parseKindId('gcp-service-account-json');

/** The key file of an account of Google Cloud: its address and the id of the key stand beside the key. */
function isServiceAccount(attributes: readonly Attribute[]): boolean {
  return ['gcp-client-email', 'gcp-key-id'].every((wanted) => attributes.some(({ name }) => name === wanted));
}

/** The rule of the key's own kind where there is one, else the one whose keyword was hit. */
function ruleFor(
  kind: string,
  triggers: readonly KeyTrigger[],
  rules: readonly CompiledRule[],
): CompiledRule | undefined {
  return rules.find((rule) => rule.kind === kind) ?? triggers[0]?.rule;
}

/** Drafts of all private keys round the triggers, in order. @param rules all rules of this detector */
export function draftPrivateKeys(
  view: TextView,
  triggers: readonly KeyTrigger[],
  rules: readonly CompiledRule[],
): Draft[] {
  if (triggers.length === 0) return [];
  const offsets = [...new Set(triggers.map((trigger) => trigger.at))].sort((a, b) => a - b);
  return detectPrivateKeys(view, offsets).flatMap((match) => {
    const near = nearText(view, match.span.start, match.span.end);
    const account = serviceAccountAttributes(near);
    const kind = isServiceAccount(account) ? serviceAccountKind : match.kind;
    const rule = ruleFor(kind, triggers, rules);
    if (rule === undefined) return [];
    return {
      rule,
      kind,
      value: match.value,
      start: match.span.start,
      end: match.span.end,
      layers: match.spelling[0] === 'plain' ? [] : match.spelling,
      confidence: match.confidence,
      reasons: match.reasons,
      aliases: match.aliases,
      attributes: [...match.attributes, ...account],
      isBinary: match.spelling[0] !== 'plain',
    };
  });
}
