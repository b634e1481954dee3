/**
 * Names of facts, so that those who derive them and those who read them agree. What a value looks like stands beside
 * its name; a fact whose value is not one of these is the fault of its rule.
 */
import type { Fact, FactSubject } from './fact.js';

export const factAttributes = {
  /** Id of a party, on secret or principal. The one who answers for the identity. */
  owner: 'owner',
  backupOwner: 'backup-owner',
  /** Who added the value first. */
  introducer: 'introducer',
  /** Who pasted it into a ticket or chat; one fact each. */
  poster: 'poster',
  /** Who must clean a copy. The evidence (place, path, line) says which copies, or the subject is the place. */
  custodian: 'custodian',
  /** True when a CODEOWNERS pattern without an owner takes a file of it out on purpose. */
  unowned: 'unowned',
  /** Name of an environment; one fact each. On a secret the evidence says which copies show it. */
  environment: 'environment',
  /** `admin`, `write`, `read` or `none`. */
  privilege: 'privilege',
  /** Privilege that its consumers need, when somebody said so. */
  privilegeNeeded: 'privilege-needed',
  /** `static`, `renewable` or `ephemeral`. */
  class: 'class',
  /** RFC 3339, or `never`. */
  expires: 'expires',
  /** RFC 3339. */
  issued: 'issued',
  /** `yes` when something renews it by itself: ACME client, cert-manager. */
  autoRenew: 'auto-renew',
  /** `yes`, `no` or `not-applicable`: old and new value can be valid together. */
  overlap: 'overlap',
  /** `live` or `dead`; nobody else than an import can say. */
  liveness: 'liveness',
  /** `own` or `other-organisation`. */
  belongsTo: 'belongs-to',
  /** `active`, `dormant` or `retired`; of the principal. */
  principalStatus: 'principal-status',
  /** What sort of principal it is: `service-account`, `database-user`, `personal`, ... */
  principalKind: 'principal-kind',
  /** `yes` or `no`: the workload could do without a stored secret. */
  workloadIdentity: 'workload-identity',
  /** True when it is public by design. */
  publishable: 'publishable',
  /** 1 (highest) to 4. */
  criticality: 'criticality',
  /** `yes` when somebody states that the list of consumers is complete. */
  consumersComplete: 'consumers-complete',
  /** Milliseconds that a value may stay in its slot. */
  maxAge: 'max-age',
  /** `path#key` of a vault; one fact each. */
  vault: 'vault',
  /** True when code grants it everything on everything. */
  wildcardPolicy: 'wildcard-policy',
  /** True when a cloud that it concerns trusts every job of a CI. */
  oidcTrustWide: 'oidc-trust-wide',
  purpose: 'purpose',
  systemOfRecord: 'system-of-record',
  /** How its rotation is carried out, in words. */
  mechanism: 'rotation-mechanism',
  /** Who carries its rotation out; one fact each. */
  through: 'rotation-through',
  /** Party of type vendor that issued it or works with it. */
  vendor: 'vendor',
  /** Id of the entry of the inventory that it belongs to. */
  inventoryEntry: 'inventory-entry',
  /** Ids of entries that claim it with equal right: none of them applies. */
  inventoryAmbiguous: 'inventory-ambiguous',
  /** `left`, `active`: of a party, on the secrets that name it. */
  ownerStatus: 'owner-status',
} as const;
export type FactAttribute = (typeof factAttributes)[keyof typeof factAttributes];

/** Attributes that hold several values at once: different values are no conflict, all of them count. */
export const setAttributes: ReadonlySet<string> = new Set([
  factAttributes.environment,
  factAttributes.poster,
  factAttributes.custodian,
  factAttributes.vault,
  factAttributes.through,
]);

/** Subject of facts about a place, or about one path in it. */
export function placeSubject(place: string, path?: string): FactSubject {
  return { type: 'place', key: path === undefined ? place : `${place}:${path}` };
}

export function secretSubject(fingerprint: string): FactSubject {
  return { type: 'secret', fingerprint };
}

export function principalSubject(key: string): FactSubject {
  return { type: 'principal', key };
}

/** Facts of one attribute. */
export function factsNamed(facts: readonly Fact[], attribute: FactAttribute): Fact[] {
  return facts.filter((fact) => fact.attribute === attribute);
}
