/**
 * Several rules may name an owner. Their grounds are put in order, and what stands behind a better one is told with
 * less confidence, so that the chooser takes the better; two answers of one ground stay a contradiction, which it shows.
 */
import { factAttributes } from '../../attributes.js';
import type { Fact, FactConfidence, FactEvidence, FactSubject } from '../../fact.js';
import { codePointOrder, deepOrder } from '../../order.js';
import { shortName } from './people.js';

export interface OwnerClaim {
  /** Id of a party. */
  readonly owner: string;
  readonly rule: string;
  readonly confidence: FactConfidence;
  readonly evidence: readonly FactEvidence[];
}

/** Claims of one kind of ground, e.g. all catalogue entries of a secret's components. */
export type Ground = readonly OwnerClaim[];

const derivedConfidences: readonly FactConfidence[] = ['strong', 'probable', 'weak'];
/** Sources told for one claim. */
const mostEvidence = 20;

function place(confidence: FactConfidence): number {
  return Math.max(0, derivedConfidences.indexOf(confidence));
}

export function sortedEvidence(evidence: readonly FactEvidence[]): FactEvidence[] {
  const byText = new Map(evidence.map((entry) => [JSON.stringify(entry), entry]));
  return [...byText.values()]
    .sort(
      (a, b) =>
        codePointOrder(a.place, b.place) ||
        codePointOrder(a.path ?? '', b.path ?? '') ||
        (a.line ?? 0) - (b.line ?? 0) ||
        deepOrder(a, b),
    )
    .slice(0, mostEvidence);
}

/** One claim an owner, with all its evidence and the lowest confidence that one of them has. */
function united(claims: Ground, confidence: FactConfidence): OwnerClaim[] {
  const byOwner = new Map<string, OwnerClaim>();
  for (const claim of claims) {
    const known = byOwner.get(claim.owner);
    const evidence = [...(known?.evidence ?? []), ...claim.evidence];
    const rule = known !== undefined && known.rule < claim.rule ? known.rule : claim.rule;
    byOwner.set(claim.owner, { ...claim, rule, confidence, evidence });
  }
  return [...byOwner.values()].sort((a, b) => codePointOrder(a.owner, b.owner));
}

/** `payments` of a catalogue is the `@acme/payments` that another ground names: one spelling for both. */
function withOneSpelling(grounds: readonly Ground[]): readonly Ground[] {
  const spellings = new Map<string, string>();
  const all = grounds.flat().map(({ owner }) => owner);
  for (const owner of all.filter((text) => text.startsWith('@')).sort(codePointOrder)) {
    if (!spellings.has(shortName(owner))) spellings.set(shortName(owner), owner);
  }
  const spelled = (owner: string): string =>
    owner.startsWith('@') || owner.includes('@') ? owner : (spellings.get(shortName(owner)) ?? owner);
  return grounds.map((claims) => claims.map((claim) => ({ ...claim, owner: spelled(claim.owner) })));
}

/** Facts about the owner of a subject. @param grounds the most telling first */
export function settle(subject: FactSubject, grounds: readonly Ground[]): Fact[] {
  const facts: Fact[] = [];
  let floor = -1;
  for (const claims of withOneSpelling(grounds)) {
    if (claims.length === 0) continue;
    const weakest = Math.max(...claims.map(({ confidence }) => place(confidence)), floor + 1);
    const confidence = derivedConfidences[weakest];
    // Nothing is below weak: the rest would only contradict what is better known.
    if (confidence === undefined) break;
    for (const claim of united(claims, confidence)) {
      facts.push({
        subject,
        attribute: factAttributes.owner,
        value: claim.owner,
        origin: 'derived',
        rule: claim.rule,
        confidence,
        evidence: sortedEvidence(claim.evidence),
      });
    }
    floor = weakest;
  }
  return facts;
}
