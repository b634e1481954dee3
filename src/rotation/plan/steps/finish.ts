/** Steps that end a plan: parents, a new scan of all places, a better design, telling others, closing. */
import { sortedSet } from '../../order.js';
import { type PlanContext, unassigned } from '../plan-context.js';
import type { StepDraft } from '../step-draft.js';
import { subjectOf } from './provider-words.js';
import { currentSlots } from './purge.js';

const namedAtMost = 5;

function listed(names: readonly string[]): string {
  const rest = names.length - namedAtMost;
  return names.slice(0, namedAtMost).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** What made a value that is over may still be valid, and be exposed. */
export function parentsStep({ lead, members, owner }: PlanContext): StepDraft {
  const found = members.flatMap(({ relations }) =>
    relations.filter(
      ({ relation, direction }) => direction === 'to' && /^(?:signs|mints|opens|encrypts)$/.test(relation),
    ),
  );
  const known = sortedSet([
    ...found.map(({ to, relation }) => `${to.slice(0, 12)} (${relation} it)`),
    ...(lead.parents ?? []),
  ]);
  return {
    type: 'parents',
    title: 'look at what made it',
    who: owner,
    ...(known.length === 0 ? {} : { target: listed(known) }),
    how:
      known.length === 0
        ? 'Nothing is known that made it. Where something did (a refresh token, a signing key, an account key), see that it is not exposed too: it makes new ones.'
        : `It is over, what made it may not be: see that ${listed(known)} is not exposed, or is rotated by a plan of its own.`,
    reversible: true,
    rollback: 'nothing is changed',
  };
}

const records: ReadonlySet<string> = new Set(['git', 'folder', 'file', 'stdin']);

/** Every place that ever held it, those included whose copy is gone. */
export function rescanStep({ members, owner }: PlanContext): StepDraft {
  const locations = members.flatMap(({ copies }) => copies.map(({ location }) => location));
  const sources = sortedSet(locations.map(({ placeName }) => placeName));
  const exports = sortedSet(
    locations.filter(({ system }) => !records.has(system)).map(({ placeName }) => placeName),
  );
  const newer =
    exports.length === 0
      ? ''
      : ` Exports of ${listed(exports)} must be newer than the last purge, and hold records before and after the copy.`;
  return {
    type: 'rescan',
    title: `scan ${sources.length === 1 ? 'the place' : `all ${sources.length} places`} that ever held it`,
    who: owner,
    how: `Scan ${listed(sources)} again at a later state: what was not read again is unproven, not clean.${newer}`,
    command: 'sprawl scan <place>...',
    reversible: true,
    rollback: 'nothing is changed',
    sources,
  };
}

export function redesignStep(context: PlanContext): StepDraft {
  const { lead, owner } = context;
  const slots = currentSlots(context);
  const way =
    lead.workloadIdentity.value === 'yes'
      ? 'Its workloads can prove who they are without a stored secret: use that.'
      : 'Replace it by workload identity, federation, or a value that a vault issues for a short time.';
  const removed = slots.length === 0 ? '' : ` Remove the slots that held it: ${listed(slots)}.`;
  return {
    type: 'redesign',
    title: 'do without a stored value',
    who: owner,
    how: `${way}${removed}`,
    reversible: true,
    rollback: 'go back to the new value',
  };
}

export function notifyStep(context: PlanContext): StepDraft {
  const { lead } = context;
  const [custodian] = lead.copies.flatMap(({ custodian: own }) => own ?? []);
  return {
    type: 'notify',
    title: 'tell whose credential it is',
    who: custodian ?? unassigned,
    how:
      `It belongs to somebody else (${subjectOf(context)}): tell them what it is, where it stood and since when ` +
      `(${lead.exposedSince}), in a way that does not repeat it. Never try it, never rotate it.`,
    reversible: false,
    rollback: 'none: what is said is said',
  };
}

export function closeStep({ id, owner }: PlanContext): StepDraft {
  return {
    type: 'close',
    title: 'close',
    who: owner,
    how: 'Close it when every step is done or skipped with a reason, every gate has passed, and the new scan found it clean.',
    command: `sprawl plan close ${id}`,
    reversible: true,
    rollback: 'a plan is opened again when the value reappears',
  };
}
