/** Turns a sighting into a finding: fingerprints, strength, preview, position. The value ends here. */
import { aliasFingerprintOf, fingerprintOf } from '../identity/fingerprint.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { SipKey } from '../identity/siphash.js';
import { anchorOf } from '../identity/sweep.js';
import {
  type Alias,
  type Attribute,
  type Finding,
  type FindingRelation,
  lengthClassOf,
} from '../model/finding.js';
import { type Fingerprint, parseRuleId } from '../model/ids.js';
import type { Position, Span } from '../model/span.js';
import type { CompiledRule } from '../rules/rule-set.js';
import { valueAsUtf8 } from '../text/decode.js';
import type { LineIndex } from '../text/line-index.js';
import { lacksCompanion, type Pairing } from './companions.js';
import type { KnownSighting } from './known-values.js';
import type { Sighting } from './sighting.js';
import { isWeak, strengthBits } from './strength.js';

/** Rule id of copies that only the sweep found. */
export const knownValueRule = 'known-value';

const leastPreviewLength = 20;
const shownTail = 4;

/** Prefix and last 4 characters of a provider's token; undefined when the rule shows nothing. */
function previewOf(rule: CompiledRule, text: string): string | undefined {
  if (!rule.preview || text.length < leastPreviewLength || /[^\x20-\x7e]/.test(text)) return undefined;
  const folded = text.toLowerCase();
  const prefix = rule.keywords
    .map((keyword) => keyword.text)
    .filter((keyword) => folded.startsWith(keyword.toLowerCase()) && keyword.length <= text.length / 3)
    .sort((a, b) => b.length - a.length)[0];
  return `${text.slice(0, prefix?.length ?? 0)}…${text.slice(-shownTail)}`;
}

export interface FindingContext {
  readonly keys: IdentityKeys;
  readonly sipKey: SipKey;
  readonly chain: readonly string[];
  readonly lines: LineIndex;
  /** Added to all offsets: the segment's place in its document. */
  readonly baseOffset: number;
  readonly knownPublic: ReadonlyMap<string, string>;
}

function shifted(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by };
}

function rawRangesOf(ranges: readonly Span[], baseOffset: number): { rawRanges?: readonly Span[] } {
  return ranges.length <= 1 ? {} : { rawRanges: ranges.map((range) => shifted(range, baseOffset)) };
}

/** Fingerprint of a sighting's literal value. */
export function fingerprintOfSighting(keys: IdentityKeys, sighting: Sighting): Fingerprint {
  return fingerprintOf(keys.fingerprint, valueAsUtf8(sighting.draft.value.reveal()));
}

function aliasesOf(context: FindingContext, sighting: Sighting): Alias[] {
  return (sighting.draft.aliases ?? []).map(({ domain, normalForm }) => ({
    domain,
    fingerprint: aliasFingerprintOf(context.keys.fingerprint, domain, normalForm),
  }));
}

/** Facts and edges that the partners of a pair add. */
function pairedFacts(
  context: FindingContext,
  pairings: readonly Pairing[],
): { attributes: Attribute[]; relations: FindingRelation[] } {
  const attributes: Attribute[] = [];
  const relations: FindingRelation[] = [];
  for (const { partner } of pairings) {
    const { rule, value } = partner.draft;
    if (rule.identifierOnly) attributes.push({ name: rule.kind, text: value.reveal().toString('utf8') });
    else relations.push({ relation: 'pair', to: fingerprintOfSighting(context.keys, partner) });
  }
  return { attributes, relations };
}

export function findingOf(
  context: FindingContext,
  sighting: Sighting,
  pairings: readonly Pairing[],
): Finding {
  const { draft, raw, span } = sighting;
  const { rule } = draft;
  const value = valueAsUtf8(draft.value.reveal());
  const text = value.toString('utf8');
  const bits = strengthBits(value);
  const knownPublic = draft.knownPublic ?? context.knownPublic.get(text);
  const isUnpaired = lacksCompanion(sighting, pairings);
  const confidence = isUnpaired ? 'low' : draft.confidence;
  const weak = isWeak(bits);
  const anchor =
    weak || confidence === 'low' || knownPublic !== undefined ? undefined : anchorOf(context.sipKey, value);
  const preview = previewOf(rule, text);
  const { attributes, relations } = pairedFacts(context, pairings);
  const position: Position = context.lines.positionOf(span);
  return {
    kind: rule.kind,
    rule: rule.id,
    fingerprint: fingerprintOf(context.keys.fingerprint, value),
    aliases: aliasesOf(context, sighting),
    confidence,
    reasons: isUnpaired ? ['unpaired', ...draft.reasons] : draft.reasons,
    spelling: sighting.spelling,
    view: sighting.view,
    span: shifted(span, context.baseOffset),
    ...rawRangesOf(raw.ranges, context.baseOffset),
    exact: raw.exact,
    position,
    chain: context.chain,
    ...(preview === undefined ? {} : { preview }),
    lengthClass: lengthClassOf(value.length),
    strengthBits: bits,
    weak,
    ...(draft.account === undefined ? {} : { account: draft.account }),
    ...(draft.slot === undefined ? {} : { slot: draft.slot }),
    attributes: [...(draft.attributes ?? []), ...attributes],
    relations,
    ...(anchor === undefined ? {} : { anchor }),
    ...(knownPublic === undefined ? {} : { knownPublic }),
    ...(rule.pathCondition === undefined ? {} : { pathCondition: rule.pathCondition }),
  };
}

/** A bare copy takes over what is known of its secret. */
export function findingOfKnown(context: FindingContext, sighting: KnownSighting): Finding {
  const { anchor, raw, span } = sighting;
  return {
    kind: anchor.kind,
    rule: parseRuleId(knownValueRule),
    fingerprint: anchor.fingerprint,
    aliases: [],
    confidence: anchor.confidence,
    reasons: ['known-value'],
    spelling: sighting.spelling,
    view: sighting.view,
    span: shifted(span, context.baseOffset),
    ...rawRangesOf(raw.ranges, context.baseOffset),
    exact: raw.exact,
    position: context.lines.positionOf(span),
    chain: context.chain,
    lengthClass: lengthClassOf(sighting.byteLength),
    strengthBits: anchor.strengthBits,
    weak: isWeak(anchor.strengthBits),
    attributes: [],
    relations: [],
    anchor: { tag: anchor.tag, lead: anchor.lead, length: anchor.length },
  };
}
