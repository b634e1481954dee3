/** The findings and public facts of one document, from the sightings that were chosen in it. */
import { aliasFingerprintOf } from '../identity/fingerprint.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { SipKey } from '../identity/siphash.js';
import type { Finding, PublicFact } from '../model/finding.js';
import type { Span } from '../model/span.js';
import { LineIndex } from '../text/line-index.js';
import type { AnalysisInput, Encoding } from './analysis.js';
import { type FindingContext, findingOf, findingOfKnown, type OnValue } from './build-finding.js';
import { pairingsOf } from './companions.js';
import { documentFactsOf } from './document-facts.js';
import type { KnownValueSweep } from './known-values.js';
import type { PublicItem } from './public-items.js';
import type { RulePlan } from './rule-plan.js';
import type { Sighting } from './sighting.js';

export class DocumentFindings {
  readonly #keys: IdentityKeys;
  readonly #sipKey: SipKey;
  readonly #plan: Pick<RulePlan, 'knownPublic'>;
  readonly #onValue: OnValue | undefined;

  /** @param onValue see `AnalyzerOptions.onValue` */
  constructor(
    keys: IdentityKeys,
    sipKey: SipKey,
    plan: Pick<RulePlan, 'knownPublic'>,
    onValue: OnValue | undefined,
  ) {
    this.#keys = keys;
    this.#sipKey = sipKey;
    this.#plan = plan;
    this.#onValue = onValue;
  }

  /** By rising place: what was sighted, and copies of known secrets that no rule saw. */
  of(
    input: AnalysisInput,
    encoding: Encoding,
    sightings: readonly Sighting[],
    sweep: KnownValueSweep,
  ): Finding[] {
    if (sightings.length === 0 && sweep.sightings.length === 0) return [];
    const { segment } = input;
    const context: FindingContext = {
      keys: this.#keys,
      sipKey: this.#sipKey,
      chain: input.chain,
      ...(encoding === 'binary' || encoding.startsWith('utf-16') ? {} : { markedText: input.bytes }),
      lines: new LineIndex(input.bytes, {
        encoding,
        ...(segment === undefined ? {} : { baseLine: segment.baseLine, baseColumn: segment.baseColumn }),
      }),
      baseOffset: segment?.baseOffset ?? 0,
      knownPublic: this.#plan.knownPublic,
      ...(this.#onValue === undefined ? {} : { onValue: this.#onValue }),
    };
    const isOwned = (span: Span): boolean =>
      segment === undefined || (span.start >= segment.ownedStart && span.start < segment.ownedEnd);
    const reported = sightings.filter(({ draft: { rule } }) => !rule.identifierOnly && rule.silent !== true);
    const beside = documentFactsOf(reported, context.markedText, this.#keys.fingerprint);
    const findings = reported
      .filter(({ span }) => isOwned(span))
      .map((sighting) =>
        findingOf(context, sighting, pairingsOf(sighting, sightings, input.bytes), beside.of(sighting)),
      );
    const places = new Set(findings.map((finding) => `${finding.fingerprint}@${finding.span.start}`));
    for (const known of sweep.sightings) {
      const place = `${known.anchor.fingerprint}@${known.span.start + context.baseOffset}`;
      if (isOwned(known.span) && !places.has(place)) findings.push(findingOfKnown(context, known));
    }
    return findings.sort(
      (a, b) =>
        a.span.start - b.span.start || a.span.end - b.span.end || (a.fingerprint < b.fingerprint ? -1 : 1),
    );
  }

  /** Each item once, under the fingerprint by which the secret that it belongs to is found. */
  publicFactsOf(items: readonly PublicItem[]): PublicFact[] {
    const facts = items.map(({ domain, normalForm, attributes }) => ({
      about: aliasFingerprintOf(this.#keys.fingerprint, domain, normalForm),
      attributes,
    }));
    return [...new Map(facts.map((fact) => [JSON.stringify(fact), fact])).values()];
  }
}
