/** What the steps of one plan are made from: its secrets, what is decided of them, and what surrounds them. */
import type { Consumer, Dossier } from '../dossier.js';
import type { ProviderReaction, ProviderRow } from '../facts/provider-table.js';
import type { GraphFacts } from '../graph/graph-facts.js';
import type { PlanState } from '../log/state.js';
import type { RankOf } from '../measure/environments.js';
import type { Decision } from '../policy/decision.js';
import { graphFactsOf } from './graph-of.js';
import { type PlannedConsumer, plannedConsumers } from './merge-consumers.js';
import type { PlanningInput } from './plan.js';
import type { PlanningIndex } from './planning-index.js';
import type { Unit } from './units.js';
import { type Waves, wavesOf } from './waves.js';

export const unassigned = 'unassigned';

export interface PlanContext {
  readonly id: string;
  readonly lead: Dossier;
  /** The lead, then the others. */
  readonly members: readonly Dossier[];
  readonly row: ProviderRow;
  readonly decision: Decision;
  /** Of the lead, with what hangs on the others. */
  readonly graph: GraphFacts;
  /** Secrets made with one of the members that are known. */
  readonly children: readonly Dossier[];
  /** A second value of the lead that works beside it, and is exposed as well. */
  readonly alternate?: Dossier;
  /** Values of the same principal that are attested dead: switched off ones may still count against a limit. */
  readonly spent: readonly Dossier[];
  readonly consumers: readonly PlannedConsumer[];
  readonly waves: Waves;
  /** Who answers for it; {@link unassigned} when nobody is known, or somebody who left. */
  readonly owner: string;
  /** Somebody could read it from outside, or could once. */
  readonly isPublic: boolean;
  readonly reaction?: ProviderReaction;
  readonly state?: PlanState;
  /** Milliseconds. */
  readonly now: number;
  readonly createdAt: number;
  readonly rankOf: RankOf;
}

/** Whoever left answers for nothing; who takes over does. */
export function answererOf({ owner, ownerParty, backupOwner }: Dossier): string {
  if (ownerParty?.status === 'left') {
    return ownerParty.successor ?? backupOwner.value ?? ownerParty.manager ?? unassigned;
  }
  return owner.value ?? unassigned;
}

export function timeText(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** The children's consumers are moved with the plan when the provider ends the children with their parent. */
function joiningChildren(members: readonly Dossier[], children: readonly Dossier[]): readonly Dossier[] {
  const cascades = members.some(({ provider }) => provider.cascade);
  if (cascades) return children;
  const parents = new Set(members.map(({ fingerprint }) => fingerprint));
  // What a key signed is worth nothing without the key; what it minted lives on by itself.
  return children.filter(({ relations }) =>
    relations.some(
      ({ relation, direction, to }) => relation === 'signs' && direction === 'to' && parents.has(to),
    ),
  );
}

function alternateOf(lead: Dossier, others: readonly Dossier[]): Dossier | undefined {
  const alternates = new Set(
    lead.relations.flatMap(({ relation, to }) => (relation === 'alternate' ? [to] : [])),
  );
  return others.find(({ fingerprint }) => alternates.has(fingerprint));
}

/** What is dead has a plan of its own; the provider may count it all the same. */
function spentOf({ relations, provider, fingerprint }: Dossier, index: PlanningIndex): Dossier[] {
  if (provider.slots === undefined) return [];
  const others = relations.flatMap(({ relation, to }) =>
    relation === 'same-principal' ? (index.byFingerprint.get(to) ?? []) : [],
  );
  return others.filter(
    (other) =>
      other.liveness.value === 'dead' &&
      other.provider.id === provider.id &&
      other.fingerprint !== fingerprint,
  );
}

export interface ContextInput {
  readonly id: string;
  readonly unit: Unit;
  readonly decision: Decision;
  readonly state: PlanState | undefined;
  readonly now: number;
  readonly createdAt: number;
}

export function planContext(
  { id, unit, decision, state, now, createdAt }: ContextInput,
  input: PlanningInput,
  index: PlanningIndex,
): PlanContext {
  const { lead, others } = unit;
  const members = [lead, ...others];
  const graph = graphFactsOf(members, input.graph);
  const children = graph.children.flatMap((fingerprint) => index.byFingerprint.get(fingerprint) ?? []);
  const consumers = plannedConsumers(members, joiningChildren(members, children));
  const reaction = input.providers.reactionOf(lead.provider.provider);
  const alternate = alternateOf(lead, others);
  return {
    id,
    lead,
    members,
    row: lead.provider,
    decision,
    graph,
    children,
    ...(alternate === undefined ? {} : { alternate }),
    spent: spentOf(lead, index),
    consumers,
    waves: wavesOf(consumers, index.rankOf, decision.strategy === 'emergency'),
    owner: answererOf(lead),
    isPublic: members.some(({ audience, publicEver }) => publicEver || audience === 'public'),
    ...(reaction === undefined ? {} : { reaction }),
    ...(state === undefined ? {} : { state }),
    now,
    createdAt,
    rankOf: index.rankOf,
  };
}

/** `prod: ledger-api`; names of consumers for titles. */
export function titleOf({ name, environment }: Consumer): string {
  return environment === 'unknown' ? name : `${environment} ${name}`;
}
