/** Class and lifetime of a secret: facts from the value and the provider table, and whether its life is over. */
import type { Exposure } from '../../model/exposure.js';
import { factAttributes, secretSubject } from '../attributes.js';
import { attributeReader } from '../derive/attribute-reader.js';
import { rfc3339, type SightingDates, timeOf } from '../derive/sighting-dates.js';
import type { Resolved, SecretRelation } from '../dossier.js';
import type { RotationSettings } from '../estate.js';
import type { Fact, FactConfidence } from '../fact.js';
import { choose, unknown } from '../facts/choose.js';
import type { ProviderRow } from '../facts/provider-table.js';
import type { CredentialClass } from '../imports.js';
import { sortedSet } from '../order.js';
import { type LifetimeEvidence, lifetimeEvidence } from './lifetime-evidence.js';

export type Subject = Pick<Exposure, 'fingerprint' | 'attributes' | 'locations'>;

function factBase(exposure: Subject, note: string): Pick<Fact, 'subject' | 'evidence'> {
  const [place] = sortedSet(exposure.locations.map((location) => location.place));
  return {
    subject: secretSubject(exposure.fingerprint),
    evidence: place === undefined ? [] : [{ place, note }],
  };
}

function evidenceFacts(exposure: Subject, evidence: LifetimeEvidence): Fact[] {
  const { rule, shownBy, class: credentialClass, expires, issued } = evidence;
  const base = { ...factBase(exposure, shownBy), origin: 'derived', rule, confidence: 'strong' } as const;
  return [
    ...(credentialClass === undefined
      ? []
      : [{ ...base, attribute: factAttributes.class, value: credentialClass }]),
    ...(expires === undefined ? [] : [{ ...base, attribute: factAttributes.expires, value: expires }]),
    ...(issued === undefined ? [] : [{ ...base, attribute: factAttributes.issued, value: issued }]),
  ];
}

/** The provider's default: only where the value itself says nothing, for the table would outrank it. */
function providerFacts(exposure: Subject, row: ProviderRow): Fact[] {
  if (row.class === 'unknown') return [];
  const base = {
    ...factBase(exposure, `provider row ${row.id}`),
    origin: 'provider-table',
    rule: row.id,
    confidence: row.checked ? 'strong' : 'probable',
  } as const;
  const isEndless = row.class === 'static' && row.life === 'none';
  return [
    { ...base, attribute: factAttributes.class, value: row.class },
    ...(isEndless ? [{ ...base, attribute: factAttributes.expires, value: 'never' }] : []),
  ];
}

/** Facts `class`, `expires` and `issued` of one secret. @param isRenewed something renews its certificate by itself */
export function lifetimeFacts(
  exposure: Subject,
  row: ProviderRow,
  settings: Pick<RotationSettings, 'ephemeralMaxMs'>,
  isRenewed = false,
): Fact[] {
  const evidence = lifetimeEvidence(exposure, settings.ephemeralMaxMs);
  if (evidence === undefined) return providerFacts(exposure, row);
  const isCertificate = evidence.rule === 'L5' && evidence.class === 'static';
  return evidenceFacts(exposure, isRenewed && isCertificate ? { ...evidence, class: 'renewable' } : evidence);
}

/** True when the chosen fact says that it never ends: known, and no date. */
export function isEndless({ value, chosen }: Resolved<string>): boolean {
  return value === undefined && chosen?.value === 'never' && chosen.stale !== true;
}

/** `never` is no date: who reads the expiry gets a date or nothing, and asks {@link isEndless}. */
export function expiryOf(facts: readonly Fact[]): Resolved<string> {
  const resolved = choose<string>(facts);
  return resolved.value === 'never' || timeOf(resolved.value) === undefined
    ? { ...resolved, value: undefined }
    : resolved;
}

/** Hashes of public keys that a certificate valid now uses, over all secrets. */
export function liveKeyHashes(exposures: readonly Exposure[], now: number): ReadonlySet<string> {
  const hashes = new Set<string>();
  for (const exposure of exposures) {
    const attributes = attributeReader(exposure);
    const isLive = attributes.all('x509-not-after').some((date) => (timeOf(date) ?? 0) > now);
    if (!isLive) continue;
    for (const hash of keyHashes(exposure)) hashes.add(hash);
  }
  return hashes;
}

function keyHashes(exposure: Pick<Exposure, 'attributes'>): string[] {
  const attributes = attributeReader(exposure);
  return ['public-key-sha256', 'x509-spki-sha256'].flatMap((name) =>
    attributes.all(name).map((hash) => hash.toLowerCase()),
  );
}

export interface LapseInput {
  readonly exposure: Subject;
  readonly row: ProviderRow;
  readonly settings: Pick<RotationSettings, 'ephemeralMaxMs'>;
  readonly now: number;
  readonly class: Resolved<CredentialClass>;
  readonly expiresAt: Resolved<string>;
  readonly liveness: Resolved<'live' | 'dead'>;
  readonly dates: SightingDates;
  readonly relations: readonly SecretRelation[];
  readonly liveKeys: ReadonlySet<string>;
}

interface Verdict {
  readonly value: 'yes' | 'no';
  readonly rule: string;
  readonly confidence: FactConfidence;
  readonly note: string;
}

/** What keeps a value of use though its date is past. */
function survives({ exposure, class: credentialClass, relations, liveKeys }: LapseInput): string | undefined {
  const isMadeBy = (relation: string): boolean =>
    relations.some((found) => found.relation === relation && found.direction === 'to');
  if (keyHashes(exposure).some((hash) => liveKeys.has(hash))) return 'a valid certificate uses the key';
  const isToken = exposure.attributes.some(({ name }) => name.startsWith('jwt-'));
  if (isToken && isMadeBy('signs')) return 'what signs it is exposed';
  if (credentialClass.value === 'renewable' && isMadeBy('mints')) return 'what renews it is exposed';
  return undefined;
}

function byDate(input: LapseInput, expires: number): Verdict {
  const until = `until ${rfc3339(expires)}`;
  if (expires > input.now) return { value: 'no', rule: 'L7', confidence: 'strong', note: until };
  const reason = survives(input);
  return reason === undefined
    ? { value: 'yes', rule: 'L7', confidence: 'strong', note: until }
    : { value: 'no', rule: 'L9', confidence: 'strong', note: reason };
}

/** A value exists before it is written down: the longest life from its first sighting is the latest that it can end. */
function byLongestLife(input: LapseInput): Verdict | undefined {
  const evidence = lifetimeEvidence(input.exposure, input.settings.ephemeralMaxMs);
  const isBounded = input.class.value === 'ephemeral' || input.class.value === 'renewable';
  const maxTtlMs = evidence?.maxTtlMs ?? (isBounded ? input.row.maxTtlMs : undefined);
  if (maxTtlMs === undefined || input.dates.isSuspect || input.dates.earliest + maxTtlMs >= input.now) {
    return undefined;
  }
  const reason = survives(input);
  return reason === undefined
    ? {
        value: 'yes',
        rule: 'L8',
        confidence: 'probable',
        note: `first seen ${rfc3339(input.dates.earliest)}`,
      }
    : { value: 'no', rule: 'L9', confidence: 'strong', note: reason };
}

function verdictOf(input: LapseInput): Verdict | undefined {
  if (input.liveness.value === 'live') {
    return { value: 'no', rule: 'L10', confidence: 'strong', note: 'attested live' };
  }
  const { expiresAt } = input;
  if (expiresAt.conflict || expiresAt.stale) return undefined;
  if (isEndless(expiresAt)) return { value: 'no', rule: 'L7', confidence: 'strong', note: 'never ends' };
  const expires = timeOf(expiresAt.value);
  return expires === undefined ? byLongestLife(input) : byDate(input, expires);
}

/**
 * Whether its life is over: `L7` by its date, `L8` by the longest life that its kind can have, `L9` not for what can
 * still be used or renewed, `L10` not for what somebody saw work.
 */
export function lapsedOf(input: LapseInput): Resolved<'yes' | 'no'> {
  const verdict = verdictOf(input);
  if (verdict === undefined) return unknown();
  const { value, rule, confidence, note } = verdict;
  const fact: Fact = {
    ...factBase(input.exposure, note),
    attribute: 'lapsed',
    value,
    origin: 'derived',
    rule,
    confidence,
  };
  return { value, chosen: fact, losers: [], conflict: false, stale: false };
}

export interface LifeLength {
  readonly isEndless: boolean;
  /** True when it ends later than the limit after its issue, or after its first sighting. */
  readonly isLong: boolean;
}

/** How long it lives in all; both are false where that is not known. */
export function lifeLength(
  expiresAt: Resolved<string>,
  issuedAt: Resolved<string>,
  earliest: number,
  longLivedMs: number,
): LifeLength {
  const endless = isEndless(expiresAt);
  const expires = timeOf(expiresAt.value);
  const since = timeOf(issuedAt.value) ?? earliest;
  return { isEndless: endless, isLong: endless || (expires !== undefined && expires - since > longLivedMs) };
}
