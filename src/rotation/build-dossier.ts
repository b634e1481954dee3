/** Puts together what is known of each secret: facts chosen, copies and relations derived, measures taken. */
import type { Exposure } from '../model/exposure.js';
import { factAttributes } from './attributes.js';
import { type Evidence, evidenceOf } from './build/evidence.js';
import { type DossierOptions, sharedWorkshop, type Workshop } from './build/workshop.js';
import { rfc3339, type SightingDates, sightingDates } from './derive/sighting-dates.js';
import type { Consumer, Dossier, Resource, SecretRelation } from './dossier.js';
import type { Estate } from './estate.js';
import type { Fact } from './fact.js';
import { FactIndex } from './facts/choose.js';
import type { SecretFacts } from './facts/secret-facts.js';
import type { Privilege } from './imports.js';
import { ageOf, longestInSlot, windowStart } from './measure/age.js';
import { conditionsOf } from './measure/conditions.js';
import { coverageOf } from './measure/coverage.js';
import { duplicationOf } from './measure/duplication.js';
import { type Reach, reachOf } from './measure/exposure-level.js';
import { type LifeLength, lapsedOf, lifeLength } from './measure/lifetime.js';
import { isBound, isTestOnly, protectsOthers } from './measure/nature.js';
import { priorityOf } from './measure/priority.js';
import { readinessOf } from './measure/readiness.js';
import { reasonsOf } from './measure/reasons.js';
import { sharingOf } from './measure/sharing.js';
import { codePointOrder } from './order.js';

/** What is measured first, for the other measures need it. */
interface Basics {
  readonly dates: SightingDates;
  readonly reach: Reach;
  readonly age: Dossier['age'];
  readonly life: LifeLength;
  readonly lapsed: Dossier['lapsed'];
  readonly sharing: Dossier['sharing'];
}

function basicsOf(shop: Workshop, evidence: Evidence): Basics {
  const { now, estate, liveKeys, rankOf } = shop;
  const { exposure, copies, issuedAt, expiresAt, environments, consumers, owner } = evidence;
  const dates = sightingDates(exposure, now);
  const { settings } = estate;
  return {
    dates,
    reach: reachOf(copies, shop.book),
    age: ageOf(issuedAt, dates, now),
    life: lifeLength(expiresAt, issuedAt, dates.earliest, settings.longLivedMs),
    lapsed: lapsedOf({
      exposure,
      class: evidence.class,
      expiresAt,
      liveness: evidence.liveness,
      relations: evidence.relations,
      row: evidence.provider,
      settings,
      now,
      dates,
      liveKeys,
    }),
    sharing: sharingOf({
      environments,
      consumers,
      copies,
      owner: owner.value,
      isBound: isBound(exposure),
      rankOf,
    }),
  };
}

function conditionsFor(shop: Workshop, evidence: Evidence, facts: SecretFacts, basics: Basics): string[] {
  const { fingerprint, slots } = evidence;
  const { now, estate } = shop;
  const maxAge = facts.resolve<number>(factAttributes.maxAge).value;
  return conditionsOf({
    exposure: evidence.exposure,
    fingerprint,
    kind: evidence.kind,
    provider: evidence.provider,
    copies: evidence.copies,
    principal: evidence.principal,
    class: evidence.class,
    liveness: evidence.liveness,
    owner: evidence.owner,
    privilege: evidence.privilege,
    principalStatus: evidence.principalStatus,
    environments: evidence.environments,
    consumers: evidence.consumers,
    vault: evidence.vault,
    audience: basics.reach.audience,
    publicEver: basics.reach.publicEver,
    publishable: evidence.publishable,
    slots,
    relations: evidence.relations,
    life: basics.life,
    lapsed: basics.lapsed,
    facts: facts.all,
    now,
    privilegeNeeded: facts.resolve<Privilege>(factAttributes.privilegeNeeded).value,
    inSlotMs: longestInSlot(fingerprint, slots, now),
    maxAgeMs: maxAge,
    isRotatedInPlace: shop.rotatedInPlace.has(fingerprint),
    isReturned: shop.returned.has(fingerprint),
    hasVaultMap: estate.imports.vault.length > 0,
    isWildcard: facts.resolve<boolean>(factAttributes.wildcardPolicy).value === true,
    isTrustWide: facts.resolve<boolean>(factAttributes.oidcTrustWide).value === true,
    isDeclaredEphemeral:
      evidence.class.value === 'ephemeral' && evidence.class.chosen?.origin === 'inventory',
    ageMs: now - basics.dates.earliest,
    ephemeralMaxMs: estate.settings.ephemeralMaxMs,
    ...partyOf(evidence),
  });
}

function priorityFor(shop: Workshop, evidence: Evidence, basics: Basics): Dossier['priority'] {
  const { exposure, copies, relations } = evidence;
  return priorityOf({
    privilege: evidence.privilege,
    class: evidence.class,
    expiresAt: evidence.expiresAt,
    environments: evidence.environments,
    owner: evidence.owner,
    liveness: evidence.liveness,
    publishable: evidence.publishable,
    exposureLevel: basics.reach.level,
    audience: basics.reach.audience,
    publicEver: basics.reach.publicEver,
    sharing: basics.sharing,
    age: basics.age,
    lapsed: basics.lapsed,
    isLongLived: basics.life.isLong,
    isTestOnly: isTestOnly(exposure, copies),
    isKeyOfOthers: protectsOthers(exposure, evidence.provider, relations),
    rankOf: shop.rankOf,
    ...partyOf(evidence),
  });
}

function partyOf({ ownerParty }: Evidence): Pick<Evidence, 'ownerParty'> {
  return ownerParty === undefined ? {} : { ownerParty };
}

function resolvedFields(evidence: Evidence): Parameters<typeof reasonsOf>[0]['resolved'] {
  const { class: credentialClass, expiresAt, issuedAt, liveness, belongsTo, owner, backupOwner } = evidence;
  const { privilege, overlap, principalStatus, workloadIdentity } = evidence;
  return [
    credentialClass,
    expiresAt,
    issuedAt,
    liveness,
    belongsTo,
    owner,
    backupOwner,
    privilege,
    overlap,
    principalStatus,
    workloadIdentity,
  ];
}

function dossierOf(shop: Workshop, exposure: Exposure): Dossier {
  const { facts, evidence } = evidenceOf(shop, exposure);
  const basics = basicsOf(shop, evidence);
  const { audience, publicEver, level } = basics.reach;
  const complete = facts.resolve<string>(factAttributes.consumersComplete);
  const { coverage, isUndeclared } = coverageOf({ consumers: evidence.consumers, complete });
  const conditions = conditionsFor(shop, evidence, facts, basics);
  const valid = shop.validValuesOf(exposure, evidence.provider);
  return {
    exposure: evidence.exposure,
    fingerprint: evidence.fingerprint,
    kind: evidence.kind,
    provider: evidence.provider,
    copies: evidence.copies,
    principal: evidence.principal,
    otherPrincipals: evidence.otherPrincipals ?? [],
    parents: evidence.parents ?? [],
    class: evidence.class,
    expiresAt: evidence.expiresAt,
    issuedAt: evidence.issuedAt,
    liveness: evidence.liveness,
    belongsTo: evidence.belongsTo,
    owner: evidence.owner,
    backupOwner: evidence.backupOwner,
    introducer: evidence.introducer,
    privilege: evidence.privilege,
    overlap: evidence.overlap,
    principalStatus: evidence.principalStatus,
    workloadIdentity: evidence.workloadIdentity,
    publishable: evidence.publishable,
    posters: evidence.posters,
    environments: evidence.environments,
    consumers: evidence.consumers,
    resources: evidence.resources,
    relations: evidence.relations,
    slots: evidence.slots,
    vault: evidence.vault,
    lapsed: basics.lapsed,
    coverage,
    exposureLevel: level,
    audience,
    publicEver,
    age: basics.age,
    exposedSince: rfc3339(basics.dates.earliest),
    widestSince: rfc3339(windowStart(evidence.copies, audience, shop.now, basics.dates.earliest)),
    duplication: duplicationOf(evidence.copies, evidence.vault),
    sharing: basics.sharing,
    readiness: readinessFor(evidence, coverage, audience, facts, valid.peers),
    priority: priorityFor(shop, evidence, basics),
    conditions,
    reasons: reasonsOf({
      owner: evidence.owner,
      consumers: evidence.consumers,
      overlap: evidence.overlap,
      provider: evidence.provider,
      environments: evidence.environments,
      vault: evidence.vault,
      relations: evidence.relations,
      audience,
      coverage,
      conditions,
      isUndeclared,
      isAmbiguous: facts.named(factAttributes.inventoryAmbiguous).length > 0,
      known: shop.known,
      hasParents: (evidence.parents ?? []).length > 0,
      activeValues: valid.active,
      resolved: [...resolvedFields(evidence), complete],
      rankOf: shop.rankOf,
      ...partyOf(evidence),
    }),
    facts: [...facts.all, ...consumerFacts(shop, evidence.consumers)],
    ...partyOf(evidence),
  };
}

function readinessFor(
  evidence: Evidence,
  coverage: Dossier['coverage'],
  audience: Dossier['audience'],
  facts: SecretFacts,
  slotPeers: readonly string[],
): Dossier['readiness'] {
  return readinessOf({
    owner: evidence.owner,
    consumers: evidence.consumers,
    coverage,
    resources: evidence.resources,
    class: evidence.class,
    environments: evidence.environments,
    overlap: evidence.overlap,
    provider: evidence.provider,
    audience,
    copies: evidence.copies,
    facts: facts.all,
    slotPeers,
    ...partyOf(evidence),
  });
}

function consumerFacts({ index }: Workshop, consumers: readonly Consumer[]): Fact[] {
  return consumers.flatMap(({ name }) => index.about({ type: 'consumer', name }));
}

/** The most urgent first; of equal ones those seen last. */
function byUrgency(a: Dossier, b: Dossier): number {
  return (
    b.priority.score - a.priority.score ||
    codePointOrder(b.exposure.lastSeen, a.exposure.lastSeen) ||
    codePointOrder(a.fingerprint, b.fingerprint)
  );
}

/** Makes dossiers of some secrets of an estate. */
export type DossierMaker = (
  exposures: readonly Exposure[],
  facts: readonly Fact[],
  resources: ReadonlyMap<string, readonly Resource[]>,
) => Dossier[];

/**
 * Looks at all secrets of the estate once; what it makes are dossiers of those that are asked for, sorted by priority, last
 * sighting and fingerprint. What the value itself and the provider table say is added here; the facts given are those of
 * all other derivations and imports about these secrets, their principals and places, in any order.
 *
 * @param consumers by fingerprint, merged and sorted
 */
export function dossierMaker(
  estate: Estate,
  consumers: ReadonlyMap<string, readonly Consumer[]>,
  options: DossierOptions = {},
): DossierMaker & { readonly relations: ReadonlyMap<string, readonly SecretRelation[]> } {
  const shared = sharedWorkshop(estate, consumers, options);
  const make: DossierMaker = (exposures, facts, resources) => {
    const shop: Workshop = { ...shared, index: new FactIndex(facts), resources };
    return exposures.map((exposure) => dossierOf(shop, exposure)).sort(byUrgency);
  };
  return Object.assign(make, { relations: shared.relations });
}

/** One dossier a secret of the estate. */
export function buildDossiers(
  estate: Estate,
  facts: readonly Fact[],
  consumers: ReadonlyMap<string, readonly Consumer[]>,
  resources: ReadonlyMap<string, readonly Resource[]>,
  options: DossierOptions = {},
): Dossier[] {
  return dossierMaker(estate, consumers, options)(estate.exposures, facts, resources);
}
