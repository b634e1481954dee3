/** Turns a sighting into a finding: fingerprints, strength, preview, position. The value ends here. */
import { ageRecipientDomain, ageRecipientOf } from '../identity/age-key.js';
import { attribute } from '../identity/attribute.js';
import { attributesOf, identifierAttributes } from '../identity/attributes.js';
import { aliasesOf } from '../identity/canonical.js';
import { aliasFingerprintOf, fingerprintOf } from '../identity/fingerprint.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { SipKey } from '../identity/siphash.js';
import { anchorOf } from '../identity/sweep.js';
import {
  type Alias,
  type Attribute,
  type Finding,
  type FindingRelation,
  type InlineMark,
  lengthClassOf,
} from '../model/finding.js';
import { type Fingerprint, parseRuleId } from '../model/ids.js';
import type { Position, Span } from '../model/span.js';
import type { CompiledRule } from '../rules/rule-set.js';
import { valueAsUtf8 } from '../text/decode.js';
import { inlineMarkAt } from '../text/inline-mark.js';
import type { LineIndex } from '../text/line-index.js';
import { lacksCompanion, type Pairing } from './companions.js';
import type { DocumentFacts } from './document-facts.js';
import type { Draft } from './draft.js';
import type { KnownSighting } from './known-values.js';
import { noAnchorTag } from './literal-search.js';
import { publishedOrigin } from './published.js';
import type { Sighting } from './sighting.js';
import { isWeak, strengthBits } from './strength.js';

/** Rule id of copies that only the sweep found. */
export const knownValueRule = 'known-value';

/** Lower bound for private keys: no password estimator reads them. */
const keyStrengthBits = 112;

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
  /** The raw bytes, when they are text in which marks can be read; absent for UTF-16 and binary. */
  readonly markedText?: Buffer;
  readonly lines: LineIndex;
  /** Added to all offsets: the segment's place in its document. */
  readonly baseOffset: number;
  readonly knownPublic: ReadonlyMap<string, string>;
  /** See `AnalyzerOptions.onValue`. */
  readonly onValue?: OnValue;
}

/** Is told each finding's literal value before it is dropped. */
export type OnValue = (fingerprint: Fingerprint, value: Buffer) => void;

function shifted(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by };
}

function rawRangesOf(ranges: readonly Span[], baseOffset: number): { rawRanges?: readonly Span[] } {
  return ranges.length <= 1 ? {} : { rawRanges: ranges.map((range) => shifted(range, baseOffset)) };
}

/** The literal value as it is fingerprinted: text as UTF-8, keys as their bytes. */
function literalOf(sighting: Sighting): Buffer {
  const value = sighting.draft.value.reveal();
  return sighting.draft.isBinary === true ? value : valueAsUtf8(value);
}

const ageKind = 'age-secret-key';

/** The public half of an age key, by which ciphertexts name it. */
function recipientAlias(value: Buffer): NonNullable<Draft['aliases']> {
  const recipient = ageRecipientOf(value.toString('latin1'));
  return recipient === undefined ? [] : [{ domain: ageRecipientDomain, normalForm: Buffer.from(recipient) }];
}

function allAliasesOf(context: FindingContext, sighting: Sighting, value: Buffer): Alias[] {
  const { rule, aliases = [] } = sighting.draft;
  const own = [...aliases, ...(rule.kind === ageKind ? recipientAlias(value) : [])].map(
    ({ domain, normalForm }) => ({
      domain,
      fingerprint: aliasFingerprintOf(context.keys.fingerprint, domain, normalForm),
    }),
  );
  return [...own, ...aliasesOf(rule.normalForm, value, context.keys.fingerprint)];
}

function markAt(context: FindingContext, span: Span): { mark?: InlineMark } {
  if (context.markedText === undefined) return {};
  const marker = inlineMarkAt(context.markedText, span.start, span.end);
  return marker === undefined ? {} : { mark: { marker } };
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
    if (rule.silent === true) continue;
    if (rule.identifierOnly)
      attributes.push(...identifierAttributes(rule.kind, value.reveal().toString('utf8')));
    else
      relations.push({ relation: 'pair', to: fingerprintOf(context.keys.fingerprint, literalOf(partner)) });
  }
  return { attributes, relations };
}

/** What the checksum of a provider's format says, where it has one. */
function checksumAttribute({ reasons }: Draft): Attribute[] {
  if (reasons.includes('checksum-valid')) return attribute('checksum', 'valid');
  return reasons.includes('checksum-wrong') ? attribute('checksum', 'wrong') : [];
}

export function findingOf(
  context: FindingContext,
  sighting: Sighting,
  pairings: readonly Pairing[],
  beside: DocumentFacts,
): Finding {
  const { draft, raw, span } = sighting;
  const { rule } = draft;
  const value = literalOf(sighting);
  const text = value.toString('utf8');
  const bits = draft.isBinary === true ? keyStrengthBits : strengthBits(value);
  const knownPublic = context.knownPublic.get(text) ?? publishedOrigin(draft, text);
  const isUnpaired = lacksCompanion(sighting, pairings);
  const confidence = isUnpaired ? 'low' : draft.confidence;
  const weak = isWeak(bits);
  const anchor =
    weak || confidence === 'low' || knownPublic !== undefined || draft.isBinary === true
      ? undefined
      : anchorOf(context.sipKey, value);
  const preview = previewOf(rule, text);
  const paired = pairedFacts(context, pairings);
  const position: Position = context.lines.positionOf(span);
  const fingerprint = fingerprintOf(context.keys.fingerprint, value);
  context.onValue?.(fingerprint, value);
  return {
    kind: draft.kind ?? rule.kind,
    rule: rule.id,
    fingerprint,
    aliases: allAliasesOf(context, sighting, value),
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
    attributes: [
      ...(draft.attributes ?? attributesOf(draft.kind ?? rule.kind, rule.detector, text)),
      ...checksumAttribute(draft),
      ...paired.attributes,
      ...beside.attributes,
    ],
    relations: [...paired.relations, ...beside.relations],
    ...(anchor === undefined ? {} : { anchor }),
    ...markAt(context, span),
    ...(knownPublic === undefined ? {} : { knownPublic }),
    ...(rule.pathCondition === undefined ? {} : { pathCondition: rule.pathCondition }),
  };
}

/** A bare copy takes over what is known of its secret. */
export function findingOfKnown(context: FindingContext, sighting: KnownSighting): Finding {
  const { anchor, raw, span } = sighting;
  context.onValue?.(anchor.fingerprint, sighting.value);
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
    ...markAt(context, span),
    ...(anchor.tag === noAnchorTag
      ? {}
      : { anchor: { tag: anchor.tag, lead: anchor.lead, length: anchor.length } }),
  };
}
