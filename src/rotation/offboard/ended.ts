/** Principals, workloads, vendors and agents that come to an end. */
import { shortName } from '../derive/consumers/declared.js';
import type { Consumer, Dossier } from '../dossier.js';
import type { FactEvidence } from '../fact.js';
import type { Imports } from '../imports.js';
import type { Concern } from './grounds.js';
import type { Ground, OffboardCase, OffboardTrigger } from './offboard-case.js';
import { itemOf } from './person-left.js';
import { type RetireSettings, retirementOf } from './retire.js';
import { currentConsumers, fewOf, isOutOfHand, isOver } from './standing.js';

const nothing = {
  evidence: [],
  reOwn: [],
  rotate: [],
  revoke: [],
  retire: [],
  over: [],
  order: [],
  notes: [],
} as const;

const retireOrder: readonly string[] = [
  'Disable, soak, delete, remove copies, scan again, remove grants: in this order, and only where nothing uses it.',
];

/** A principal as the inventory states it, or as somebody asks. */
export function principalRetired(
  key: string,
  dossiers: readonly Dossier[],
  settings: RetireSettings,
  controls: readonly string[],
): OffboardCase {
  const statuses = dossiers.filter(({ principalStatus }) => principalStatus.value === 'retired');
  const retire = dossiers.map((dossier) => retirementOf(dossier, settings));
  const isStated = statuses.length > 0;
  return {
    ...nothing,
    trigger: 'principal-retired',
    subject: key,
    stated: isStated ? 'imported' : 'asked',
    evidence: fewOf(statuses.flatMap(({ principalStatus }) => principalStatus.chosen?.evidence ?? [])),
    retire,
    order: retireOrder,
    notes: [
      ...(isStated
        ? []
        : ['Nobody has imported that this principal is retired; this is what it would mean.']),
      ...openListNote(retire),
    ],
    controls,
  };
}

function openListNote(retire: OffboardCase['retire']): string[] {
  return retire.some(({ status, isListOpen }) => status === 'ready' && isListOpen)
    ? ['Nobody has stated that all consumers are known: the soak must show that none was missed.']
    : [];
}

/** True for the name itself, and for what an inventory would call it. */
export function isNamed(consumer: Consumer, name: string): boolean {
  return consumer.name === name || shortName(consumer.name) === name;
}

/** Places that were archived, by key. */
export type Archived = ReadonlySet<string>;

/** True when all that shows a consumer lies in archived places: nothing there is changed any more, or run. */
export function isArchived({ evidence, how }: Consumer, archived: Archived): boolean {
  return how !== 'imported' && evidence.length > 0 && evidence.every(({ place }) => archived.has(place));
}

export function workloadRetired(
  name: string,
  dossiers: readonly Dossier[],
  archived: Archived,
  settings: RetireSettings,
  controls: readonly string[],
): OffboardCase {
  const own = dossiers.flatMap((dossier) =>
    dossier.consumers
      .filter((consumer) => isNamed(consumer, name))
      .map((consumer) => ({ dossier, consumer })),
  );
  const isGone = (consumer: Consumer): boolean =>
    consumer.current === 'former' || isArchived(consumer, archived);
  const present = own.filter(({ consumer }) => !isGone(consumer));
  const isRetired = own.length > 0 && present.length === 0;
  // Still there: it is one of those that stop it.
  const leaving = (consumer: Consumer): boolean =>
    isArchived(consumer, archived) || (isRetired && isNamed(consumer, name));
  const retire = [...new Set(own.map(({ dossier }) => dossier))].map((dossier) =>
    retirementOf(dossier, settings, leaving),
  );
  const evidence: readonly FactEvidence[] = (isRetired ? own : present).flatMap(
    ({ consumer }) => consumer.evidence,
  );
  return {
    ...nothing,
    trigger: 'workload-retired',
    subject: name,
    stated: isRetired ? 'derived' : 'asked',
    evidence: fewOf(evidence),
    retire,
    order: retireOrder,
    notes: [
      ...(isRetired
        ? ['It is gone from the current files, or its repository is archived.']
        : ['It stands in current files of a repository that is not archived: remove it there first.']),
      ...openListNote(retire),
    ],
    controls,
  };
}

function groundsOf(consumers: readonly Consumer[]): readonly Ground[] {
  return consumers.map(({ rules, confidence, evidence }) => ({
    role: 'consumer',
    rule: rules[0] ?? 'inventory',
    confidence,
    evidence: fewOf(evidence),
  }));
}

export interface EndedHolder {
  readonly trigger: Extract<OffboardTrigger, 'vendor-ended' | 'agent-retired'>;
  readonly subject: string;
  readonly isStated: boolean;
  readonly since?: string;
  /** True for a consumer that is, or belongs to, the one that ended. */
  readonly isIts: (consumer: Consumer) => boolean;
}

/**
 * Somebody outside, or an agent, had the values: what others use must be rotated, the rest is revoked.
 *
 * @param concerns secrets that name it as owner, introducer, poster or reader
 */
export function holderEnded(
  { trigger, subject, isStated, since, isIts }: EndedHolder,
  dossiers: readonly Dossier[],
  concerns: readonly Concern[],
  controls: readonly string[],
): OffboardCase {
  const byDossier = new Map<Dossier, Ground[]>(
    concerns.map(({ dossier, grounds }) => [dossier, [...grounds]]),
  );
  for (const dossier of dossiers) {
    const own = dossier.consumers.filter(isIts);
    if (own.length > 0) byDossier.set(dossier, [...(byDossier.get(dossier) ?? []), ...groundsOf(own)]);
  }
  const rotate: OffboardCase['rotate'][number][] = [];
  const revoke: OffboardCase['revoke'][number][] = [];
  const over: string[] = [];
  const kept =
    trigger === 'vendor-ended'
      ? 'the vendor keeps the value'
      : 'the agent read the value, and its memory and transcripts may hold it';
  for (const [dossier, grounds] of byDossier) {
    if (isOutOfHand(dossier)) continue;
    if (isOver(dossier)) {
      over.push(dossier.fingerprint);
      continue;
    }
    const others = currentConsumers(dossier).filter((consumer) => !isIts(consumer));
    const isOnly = others.length === 0 && dossier.consumers.some(isIts);
    const draft = { diesWithAccount: false, proposed: [] };
    if (isOnly)
      revoke.push(
        itemOf({ dossier, grounds }, { ...draft, what: 'nothing else is known to use it: revoke it' }),
      );
    else
      rotate.push(
        itemOf({ dossier, grounds }, { ...draft, what: `${kept}: rotate it for those who still use it` }),
      );
  }
  return {
    ...nothing,
    trigger,
    subject,
    stated: isStated ? 'imported' : 'asked',
    ...(since === undefined ? {} : { since }),
    rotate,
    revoke,
    over: over.sort(),
    order: ['Revoke what only it used, end its sessions and grants, then rotate what others share with it.'],
    notes: isStated ? [] : ['Nobody has imported that this ended; this is what it would mean.'],
    controls,
  };
}

/** Keys and names of places that are archived, as scans or imports say. */
export function archivedPlaces(
  places: Iterable<{ readonly key: string; readonly name: string; readonly archived?: boolean }>,
  { placeFacts }: Imports,
): Archived {
  const stated = new Set(placeFacts.filter(({ archived }) => archived === true).map(({ place }) => place));
  const found = new Set<string>();
  for (const { key, name, archived } of places) {
    if (archived === true || stated.has(key) || stated.has(name)) found.add(key);
  }
  return found;
}
