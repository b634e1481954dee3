/** Conditions that stored facts show to hold. What is not known holds nothing: each asks for evidence of its own. */
import { attributeReader } from '../derive/attribute-reader.js';
import { isCurrentCopy } from '../derive/copies.js';
import { timeOf } from '../derive/sighting-dates.js';
import { pathOf, slotIdOf } from '../derive/slots.js';
import type { Consumer, Copy, Dossier } from '../dossier.js';
import type { Fact } from '../fact.js';
import type { ConsumerKind, Privilege } from '../imports.js';
import { sortedSet } from '../order.js';
import type { ConditionId } from './controls.js';
import type { LifeLength } from './lifetime.js';
import { isRenewalUnproven } from './renewal.js';
import { owningTeams, servicesOf, sharesWithAgent } from './sharing.js';

export interface ConditionInput
  extends Pick<
    Dossier,
    | 'exposure'
    | 'fingerprint'
    | 'kind'
    | 'provider'
    | 'copies'
    | 'principal'
    | 'class'
    | 'liveness'
    | 'lapsed'
    | 'owner'
    | 'ownerParty'
    | 'privilege'
    | 'principalStatus'
    | 'environments'
    | 'consumers'
    | 'vault'
    | 'audience'
    | 'publicEver'
    | 'publishable'
    | 'slots'
    | 'relations'
  > {
  readonly now: number;
  /** About it and its principal. */
  readonly facts: readonly Fact[];
  readonly life: LifeLength;
  readonly privilegeNeeded: Privilege | undefined;
  /** Longest time that it has stood in a slot, and the longest that somebody allowed. */
  readonly inSlotMs: number | undefined;
  readonly maxAgeMs: number | undefined;
  /** A value took another's place in one of its slots. */
  readonly isRotatedInPlace: boolean;
  /** It came back after another had replaced it. */
  readonly isReturned: boolean;
  /** True when a vault map was imported: only then is it known what is not in it. */
  readonly hasVaultMap: boolean;
  /** Somebody states that it is made for a short time. */
  readonly isDeclaredEphemeral?: boolean;
  readonly ageMs?: number;
  readonly ephemeralMaxMs?: number;
  /** Code grants it everything on everything. */
  readonly isWildcard?: boolean;
  /** A cloud that it concerns trusts every job of a CI. */
  readonly isTrustWide?: boolean;
}

/** What most rules look at. Apart from the input: a copy of so many members takes longer than the rules do. */
interface Seen {
  /** Copies that are not gone. */
  readonly remaining: readonly Copy[];
  /** Consumers that are not former. */
  readonly current: readonly Consumer[];
}

type Rule = (input: ConditionInput, seen: Seen) => boolean;

const orphanAfterMs = 90 * 86_400_000;

/** Nobody accepts it any more, as far as somebody said or its date shows. */
function isOver({ liveness, lapsed }: ConditionInput): boolean {
  return liveness.value === 'dead' || lapsed.value === 'yes';
}

function hasConsumer(seen: Seen, ...kinds: readonly ConsumerKind[]): boolean {
  return seen.current.some(({ kind }) => kinds.includes(kind));
}

/** Files of the tools that people work with, shells and notebooks. */
function isPersonalUse({ container, location }: Copy): boolean {
  return container === 'C16' || container === 'C19' || /^(?:shell-history|jupyter)$/.test(location.system);
}

function isServiceIdentity({ principal }: ConditionInput): boolean {
  return principal.kind !== 'personal' && principal.kind !== 'unknown';
}

const clouds = /^(?:aws|gcp|google|azure|entra|oci|alibaba|ibm|digitalocean|scaleway|hetzner|ovh)[.-]/;

function isCloudKey({ provider, kind }: ConditionInput): boolean {
  return clouds.test(provider.id) || clouds.test(kind);
}

const privilegeOrder: readonly Privilege[] = ['none', 'read', 'write', 'admin'];

function isOverprivileged({ privilege, privilegeNeeded, isWildcard }: ConditionInput): boolean {
  if (isWildcard === true) return true;
  const has = privilegeOrder.indexOf(privilege.value ?? 'unknown');
  const needs = privilegeOrder.indexOf(privilegeNeeded ?? 'unknown');
  return needs >= 0 && has > needs;
}

function isWeakMethod({ exposure, kind, provider }: ConditionInput): boolean {
  const isOpenKey = attributeReader(exposure).all('encrypted').includes('no');
  const isShortSecret = /signing-secret/.test(kind) && exposure.weak;
  return isOpenKey || isShortSecret || /(?:^|-)legacy(?:-|$)/.test(kind) || provider.id === 'basic-auth';
}

/** All its consumers are former, and the last file that held it went long ago. */
function isOrphan(input: ConditionInput, seen: Seen): boolean {
  const { consumers, copies, now } = input;
  if (isOver(input) || consumers.length === 0 || seen.current.length > 0) return false;
  const removals = copies.flatMap(({ location: { appearance } }) =>
    appearance.type === 'git-blob' ? (timeOf(appearance.removed?.committerDate) ?? []) : [],
  );
  return removals.length > 0 && now - Math.max(...removals) > orphanAfterMs;
}

/** Configuration of services that others run, and that read it from the repository. */
const vendorConfig =
  /(?:^|\/)(?:renovate\.json5?|\.renovaterc(?:\.json5?)?|\.github\/dependabot\.ya?ml|\.?codecov\.ya?ml|\.codeclimate\.ya?ml|\.snyk|\.mergify\.ya?ml|netlify\.toml|vercel\.json|\.readthedocs\.ya?ml|\.gitpod\.ya?ml|\.deepsource\.toml|sonar-project\.properties|\.sonarcloud\.properties)$/;

function isVendorConfig(copy: Copy): boolean {
  return isCurrentCopy(copy) && vendorConfig.test(pathOf(copy.location) ?? '');
}

/** `ci-run-8812`, `pr_1204`, `preview-77`: names of what is made for one run. */
const perRun =
  /(?:^|[-_.:/])(?:pr|run|build|job|preview|review|ephemeral|e2e|tmp|temp)[-_.]?\d{2,}(?:$|[-_.:/@])/i;

/** Made for one run, and there for longer than that. An expiry of its own is no teardown, but no fault either. */
function isTeardownMissing(input: ConditionInput, seen: Seen): boolean {
  const isPerRun = input.isDeclaredEphemeral === true || perRun.test(input.principal.key);
  const isThere = input.liveness.value === 'live' || seen.remaining.some(isCurrentCopy);
  const age = input.ageMs;
  const most = input.ephemeralMaxMs;
  return isPerRun && !isOver(input) && isThere && age !== undefined && most !== undefined && age > most;
}

/** One value in slots of several environments. */
function isSlotShared(_input: ConditionInput, seen: Seen): boolean {
  const slots = seen.remaining.filter(({ location }) => slotIdOf(location) !== undefined);
  return new Set(slots.flatMap(({ environments }) => environments)).size > 1;
}

function holdsAgentSecret(input: ConditionInput, seen: Seen): boolean {
  const isInConfig = seen.remaining.some(({ container }) => container === 'C17');
  const isAgents = seen.current.some(({ kind, how }) => kind === 'agent' && how === 'literal');
  return input.class.value === 'static' && (isInConfig || isAgents);
}

/** Conditions of exposures, exceptions and plans come from elsewhere; these are those of a secret by itself. */
const rules: readonly (readonly [ConditionId, Rule])[] = [
  ['LEAKED_PUBLIC', (input) => input.publicEver && input.liveness.value !== 'dead'],
  [
    'LEAKED_INTERNAL',
    (_, seen) => seen.remaining.some(({ audience }) => /^(?:internal|external)$/.test(audience)),
  ],
  ['AUDIENCE_UNKNOWN', (_, seen) => seen.remaining.some(({ audience }) => audience === 'unknown')],
  ['HUMAN_COPY', (_, seen) => seen.remaining.some(({ isHuman }) => isHuman)],
  [
    'HUMAN_USE',
    (input, seen) =>
      isServiceIdentity(input) && (seen.remaining.some(isPersonalUse) || hasConsumer(seen, 'human-tool')),
  ],
  [
    'PERSONAL_IN_MACHINE',
    (input, seen) => input.principal.kind === 'personal' && hasConsumer(seen, 'ci', 'service', 'agent'),
  ],
  ['LONG_LIVED', (input) => input.life.isLong],
  ['NO_EXPIRY', (input) => input.life.isEndless],
  [
    'OVERDUE',
    ({ inSlotMs, maxAgeMs }) => inSlotMs !== undefined && maxAgeMs !== undefined && inSlotMs > maxAgeMs,
  ],
  ['RENEWAL_UNPROVEN', (input) => !isOver(input) && isRenewalUnproven(input)],
  ['CROSS_ENVIRONMENT', ({ environments }) => environments.length > 1],
  ['SLOT_SHARED', isSlotShared],
  [
    'REUSED',
    (input) =>
      servicesOf(input.consumers).length > 1 ||
      owningTeams({ consumers: input.consumers, copies: input.copies, owner: input.owner.value }).length > 1,
  ],
  ['AGENT_SHARED', ({ consumers }) => sharesWithAgent(consumers)],
  ['AGENT_STANDING_SECRET', holdsAgentSecret],
  ['OVERPRIVILEGED', isOverprivileged],
  [
    'CI_STATIC_CLOUD_KEY',
    (input, seen) => input.class.value === 'static' && isCloudKey(input) && hasConsumer(seen, 'ci'),
  ],
  ['OIDC_TRUST_WIDE', ({ isTrustWide }) => isTrustWide === true],
  ['WEAK_AUTH_METHOD', isWeakMethod],
  ['THIRD_PARTY_HOLDS', (_, seen) => hasConsumer(seen, 'third-party') || seen.remaining.some(isVendorConfig)],
  ['TEARDOWN_MISSING', isTeardownMissing],
  ['ORPHAN', isOrphan],
  ['OWNER_LEFT', ({ ownerParty }) => ownerParty?.status === 'left'],
  [
    'STILL_ACTIVE_AFTER_RETIRE',
    (input, seen) =>
      input.principalStatus.value === 'retired' &&
      (input.liveness.value === 'live' || (seen.current.length > 0 && !isOver(input))),
  ],
  ['OWNER_UNKNOWN', ({ owner }) => owner.value === undefined && !owner.conflict],
  ['OWNER_AMBIGUOUS', ({ owner }) => owner.conflict],
  [
    'UNVAULTED',
    (input) => input.hasVaultMap && input.vault.length === 0 && !input.publishable && !isOver(input),
  ],
  ['DUPLICATED_IN_VAULT', ({ vault }) => vault.length > 1],
  ['ROTATED_IN_PLACE', ({ isRotatedInPlace }) => isRotatedInPlace],
  ['OLD_VALUE_RETURNED', ({ isReturned }) => isReturned],
];

/** Ids of the conditions that hold, sorted. */
export function conditionsOf(input: ConditionInput): string[] {
  const seen: Seen = {
    remaining: input.copies.filter(({ presence }) => presence !== 'gone'),
    current: input.consumers.filter(({ current }) => current !== 'former'),
  };
  return sortedSet(rules.filter(([, rule]) => rule(input, seen)).map(([id]) => id));
}
