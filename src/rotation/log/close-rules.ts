/**
 * When a plan may be closed. Everything that is missing is said at once, so that nobody has to find
 * out one by one.
 */
import type { Copy, Dossier } from '../dossier.js';
import { sortedSet } from '../order.js';
import type { Plan } from '../plan/plan.js';
import type { People } from './people.js';
import { isOver } from './progress.js';
import type { LogEntry } from './record.js';
import type { LogState, PlanState, VerdictState } from './state.js';

/** A custodian accepts what remains in a place. */
export interface Acceptance {
  /** Key of the place. */
  readonly place: string;
  /** As named on the command line. */
  readonly custodian: string;
}

export interface CloseContext {
  readonly plan: Plan;
  readonly state: LogState;
  /** Of the plan's secret and of those it replaces as well. */
  readonly dossiers: readonly Dossier[];
  readonly people: People;
}

/** No plan is closed on these, whoever accepts it. */
const never: ReadonlySet<string> = new Set([
  'still-at-head',
  'unproven',
  'reappeared',
  // What people can read in a ticket or chat is deleted or redacted, not accepted.
  'human-copies-remain',
]);
/** A plan is closed on these when the value is attested dead and the custodians accept what remains. */
const acceptable: ReadonlySet<string> = new Set(['history-remains', 'unreachable-remains']);

function openSteps({ steps }: Plan): string[] {
  return steps.flatMap((step) => (step.type === 'close' || isOver(step) ? [] : [step.id]));
}

/** When the last copy was said to be removed; RFC 3339. A copy that is gone has no step in the plan of today. */
function lastPurge({ steps }: PlanState): string | undefined {
  const purged = [...steps].flatMap(([id, { state, at }]) =>
    state === 'done' && /^purge(?:-|$)/.test(id) ? [at] : [],
  );
  return purged.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
}

function remains({ presence }: Copy): boolean {
  return presence !== 'gone' && presence !== 'edited-out';
}

/** Places that still hold a copy: key, name, and who must clean it. */
function remainingPlaces(
  dossiers: readonly Dossier[],
): ReadonlyMap<string, { readonly name: string; readonly custodian?: string }> {
  const places = new Map<string, { name: string; custodian?: string }>();
  for (const copy of dossiers.flatMap(({ copies }) => copies)) {
    if (!remains(copy)) continue;
    const { place, placeName } = copy.location;
    const { custodian } = copy;
    places.set(place, {
      ...places.get(place),
      name: placeName,
      ...(custodian !== undefined && { custodian }),
    });
  }
  return places;
}

function acceptanceFaults({ dossiers, people }: CloseContext, accepted: readonly Acceptance[]): string[] {
  const faults: string[] = [];
  for (const dossier of dossiers) {
    if (dossier.liveness.value !== 'dead') {
      const name = dossier.fingerprint.slice(0, 12);
      faults.push(`copies of ${name} remain, and nobody has attested that it is dead ("sprawl ingest")`);
    }
  }
  const places = remainingPlaces(dossiers);
  for (const [key, { name, custodian }] of places) {
    const acceptance = accepted.find(({ place }) => place === key);
    if (acceptance === undefined) {
      const whose = custodian === undefined ? 'its custodian' : custodian;
      faults.push(`${name} holds copies that ${whose} has not accepted (--accept ${key} --custodian NAME)`);
      continue;
    }
    if (custodian === undefined) continue;
    const isSame =
      people.canonical(people.pseudonymOf(custodian)) ===
      people.canonical(people.pseudonymOf(acceptance.custodian));
    if (!isSame) faults.push(`copies in ${name} are for ${custodian} to accept, and for nobody else`);
  }
  return faults;
}

function verdictFaults(
  verdict: VerdictState | undefined,
  fingerprint: string,
  purgedAt: string | undefined,
): string[] {
  const name = fingerprint.slice(0, 12);
  if (verdict === undefined) return [`${name} has no verdict: scan its sources again, then "sprawl verify"`];
  if (purgedAt !== undefined && Date.parse(verdict.at) < Date.parse(purgedAt)) {
    return [`the last verdict on ${name} (${verdict.at}) is older than the last purge step (${purgedAt})`];
  }
  const bad = sortedSet([verdict.verdict, ...verdict.verdicts].filter((word) => never.has(word)));
  return bad.map((word) => `${name} is ${word}`);
}

export interface Closing {
  /** What is missing; empty when the plan may be closed. */
  readonly faults: readonly string[];
  /** To record when nothing is missing. */
  readonly entries: readonly LogEntry[];
}

export function judgeClosing(context: CloseContext, accepted: readonly Acceptance[]): Closing {
  const { plan, state, people } = context;
  const recorded = state.plans.get(plan.id);
  if (recorded?.closedAt !== undefined) {
    return { faults: [`plan ${plan.id} is closed since ${recorded.closedAt} already`], entries: [] };
  }
  const faults: string[] = [];
  const open = openSteps(plan);
  if (open.length > 0) faults.push(`steps are open: ${open.join(', ')}`);
  const missing = plan.approvals.filter(({ isMet }) => !isMet).map(({ role }) => role);
  if (missing.length > 0) faults.push(`approval by ${missing.join(', ')} is missing`);
  const purgedAt = recorded === undefined ? undefined : lastPurge(recorded);
  const fingerprints = [plan.fingerprint, ...plan.others];
  const verdicts = fingerprints.map((fingerprint) => state.verdicts.get(fingerprint)?.at(-1));
  for (const [index, fingerprint] of fingerprints.entries()) {
    faults.push(...verdictFaults(verdicts[index], fingerprint, purgedAt));
  }
  const words = new Set(verdicts.flatMap((verdict) => (verdict === undefined ? [] : verdict.verdicts)));
  if ([...words].some((word) => acceptable.has(word))) faults.push(...acceptanceFaults(context, accepted));
  if (faults.length > 0) return { faults, entries: [] };
  return { faults, entries: closingEntries(plan, verdicts[0]?.verdict ?? 'clean', accepted, people) };
}

function closingEntries(
  plan: Plan,
  verdict: string,
  accepted: readonly Acceptance[],
  people: People,
): readonly LogEntry[] {
  const about = { subject: plan.fingerprint, plan: plan.id };
  const close = plan.steps.find(({ type }) => type === 'close');
  const closed: LogEntry = {
    action: 'plan-closed',
    ...about,
    data: {
      revision: plan.revision,
      verdict,
      accepted: accepted.map(({ place, custodian }) => ({ place, by: people.pseudonymOf(custodian) })),
    },
  };
  if (close === undefined) return [closed];
  const step: LogEntry = {
    action: 'step',
    ...about,
    step: close.id,
    data: { state: 'done', revision: plan.revision },
  };
  return [step, closed];
}
