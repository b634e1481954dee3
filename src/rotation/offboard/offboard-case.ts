/**
 * Offboarding: what to do about secrets when a person leaves, or when a principal, workload, vendor or agent is retired.
 * Only what was imported, or stands in repositories, says that somebody left; nothing is concluded from activity.
 */
import type { FactConfidence, FactEvidence } from '../fact.js';

export const offboardTriggers = [
  'person-left',
  'principal-retired',
  'workload-retired',
  'vendor-ended',
  'agent-retired',
] as const;
export type OffboardTrigger = (typeof offboardTriggers)[number];

/** How somebody is concerned with a secret. */
export const groundRoles = [
  'owner',
  'backup-owner',
  'introducer',
  'poster',
  'reader',
  'consumer',
  'vendor',
] as const;
export type GroundRole = (typeof groundRoles)[number];

/** Why a secret is listed. */
export interface Ground {
  readonly role: GroundRole;
  /** Rule that gave the fact: `O1`, `O5`, `C17`. */
  readonly rule: string;
  readonly confidence: FactConfidence;
  readonly evidence: readonly FactEvidence[];
}

/** Somebody who could take over; nobody is assigned. */
export interface Proposal {
  readonly party: string;
  readonly as: 'successor' | 'backup-owner' | 'manager';
}

/** Something that uses a secret now, with what shows it. */
export interface CurrentUse {
  readonly name: string;
  readonly kind: string;
  readonly environment: string;
  readonly evidence: readonly FactEvidence[];
}

/** One secret of a list. */
export interface OffboardItem {
  readonly fingerprint: string;
  readonly kind: string;
  readonly principal: string;
  /** Band and score, as everywhere. */
  readonly priority: string;
  /** What to do, and why it stands in this list. */
  readonly what: string;
  readonly grounds: readonly Ground[];
  readonly consumers: readonly CurrentUse[];
  /** Bound to the account of a person: it stops when that is closed. */
  readonly diesWithAccount: boolean;
  readonly proposed: readonly Proposal[];
  /** Command template, when the provider table has one. */
  readonly command?: string;
}

export const retireStepIds = ['disable', 'soak', 'delete', 'purge', 'rescan', 'remove'] as const;
export type RetireStepId = (typeof retireStepIds)[number];

export interface RetireStep {
  readonly id: RetireStepId;
  readonly title: string;
  readonly how: string;
  readonly command?: string;
  readonly reversible: boolean;
  /** Earliest end of a wait, RFC 3339 UTC. */
  readonly until?: string;
  /** Places, grants, vault paths, CI secrets: one each, sorted. */
  readonly targets: readonly string[];
}

/** Taking one secret out of service. */
export interface Retirement {
  readonly fingerprint: string;
  readonly kind: string;
  readonly principal: string;
  readonly priority: string;
  /** `STILL_CONSUMED` stops it: somebody uses it now. `over`: nobody accepts it any more, so only copies are left. */
  readonly status: 'ready' | 'STILL_CONSUMED' | 'over';
  readonly consumers: readonly CurrentUse[];
  /** Nobody has stated that these are all. */
  readonly isListOpen: boolean;
  /** Empty when it is stopped. */
  readonly steps: readonly RetireStep[];
}

export interface OffboardCase {
  readonly trigger: OffboardTrigger;
  /** Id of a party, key of a principal, or name of a consumer. */
  readonly subject: string;
  /** `imported`: somebody stated it; `derived`: repositories show it; `asked`: nobody did, this is what it would mean. */
  readonly stated: 'imported' | 'derived' | 'asked';
  /** `YYYY-MM-DD`. */
  readonly since?: string;
  /** What shows that it ended, or that it did not. */
  readonly evidence: readonly FactEvidence[];
  readonly reOwn: readonly OffboardItem[];
  readonly rotate: readonly OffboardItem[];
  readonly revoke: readonly OffboardItem[];
  readonly retire: readonly Retirement[];
  /** Fingerprints that it concerns and that nobody accepts any more, sorted. */
  readonly over: readonly string[];
  /** What comes before what, one sentence each. */
  readonly order: readonly string[];
  /** What is not known, and who could say. */
  readonly notes: readonly string[];
  /** Controls that this is evidence for or against. */
  readonly controls: readonly string[];
}

/** A secret whose last consumer became former, or a principal that was made for one run and stayed. */
export interface Leftover {
  readonly condition: 'ORPHAN' | 'TEARDOWN_MISSING' | 'STILL_ACTIVE_AFTER_RETIRE';
  readonly fingerprint: string;
  readonly kind: string;
  readonly principal: string;
  readonly priority: string;
  readonly what: string;
  /** Names of former consumers, sorted. */
  readonly former: readonly string[];
}

export interface OffboardReport {
  readonly cases: readonly OffboardCase[];
  readonly leftovers: readonly Leftover[];
}
