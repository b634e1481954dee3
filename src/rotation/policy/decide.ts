/**
 * Decides what happens to a secret: the first rule that matches gives the strategy, every requirement that matches adds
 * what it asks for, and of two demands the stricter holds.
 */
import { codePointOrder, sortedSet } from '../order.js';
import { stepTypes } from '../plan/plan.js';
import { evaluate, type ReadField } from './condition.js';
import type { ApprovalDemand, Decision, GateName } from './decision.js';
import type { Policy, PolicyRequirement, PolicyRule, Ruling } from './policy.js';
import { fieldReader, type PolicySubject } from './read-fields.js';

export type { PolicySubject } from './read-fields.js';

/** What policy says of a secret. */
export function decide(policy: Policy, subject: PolicySubject): Decision {
  return decideFields(policy, fieldReader(subject));
}

/** Like {@link decide}, for a reader of fields: `policy test` has no dossiers. */
export function decideFields(policy: Policy, read: ReadField): Decision {
  const { rule, trace } = firstMatch(policy.rules, read);
  const split = splitAfter(rule, policy.rules, read);
  const demands = policy.requirements.filter(({ when }) => evaluate(when, read).holds);
  const { ruling } = rule;
  const deadlineMs = shortest([ruling.deadlineMs, ...demands.map(({ require }) => require.deadlineMs)]);
  const maxAgeMs = shortest(demands.map(({ require }) => require.maxAgeMs));
  return {
    strategy: ruling.strategy,
    rule: rule.id,
    reason: ruling.reason,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    overlapMs: ruling.overlapMs ?? policy.settings.overlapMs,
    soakMs: ruling.soakMs ?? policy.settings.soakMs,
    ...additions(ruling, split),
    approvals: approvalsOf(demands),
    gates: sortedSet(demands.flatMap(({ require }) => require.gates)) as GateName[],
    windows: sortedSet(demands.flatMap(({ require }) => require.windows)),
    freezes: sortedSet(demands.flatMap(({ require }) => require.freezes)),
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
    trace,
  };
}

/**
 * Containment never waits for splitting, and does not replace it: the rule of an emergency's secret that would split it,
 * had the emergency not come first.
 */
function splitAfter(
  matched: PolicyRule,
  rules: readonly PolicyRule[],
  read: ReadField,
): PolicyRule | undefined {
  if (matched.ruling.strategy !== 'emergency') return undefined;
  return rules.find(({ ruling, when }) => ruling.strategy === 'split-first' && evaluate(when, read).holds);
}

function additions(ruling: Ruling, split: PolicyRule | undefined): Pick<Decision, 'stepsAdd' | 'note'> {
  const { stepsAdd, note } = ruling;
  if (split === undefined) return { stepsAdd, ...(note === undefined ? {} : { note }) };
  const told = `rule ${split.id} matches as well: after containment issue one identity per consumer instead of one replacement`;
  return {
    stepsAdd: stepTypes.filter((type) => type === 'split' || stepsAdd.includes(type)),
    note: note === undefined ? told : `${note}; ${told}`,
  };
}

function firstMatch(
  rules: readonly PolicyRule[],
  read: ReadField,
): { readonly rule: PolicyRule; readonly trace: Decision['trace'] } {
  const trace: Decision['trace'][number][] = [];
  for (const rule of rules) {
    const { holds, why } = evaluate(rule.when, read);
    trace.push({ rule: rule.id, matched: holds, why });
    if (holds) return { rule, trace };
  }
  throw new TypeError('a policy without a rule that matches everything was not refused');
}

/** A requirement with what made it hold or not: for `policy explain`. */
export interface RequirementTrace {
  readonly requirement: string;
  readonly matched: boolean;
  readonly why: string;
}

/** In the order of the policy. */
export function traceRequirements(policy: Policy, subject: PolicySubject): RequirementTrace[] {
  const read = fieldReader(subject);
  return policy.requirements.map(({ id, when }) => {
    const { holds, why } = evaluate(when, read);
    return { requirement: id, matched: holds, why };
  });
}

function shortest(lengths: readonly (number | undefined)[]): number | undefined {
  const known = lengths.filter((length) => length !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** One demand a role: the highest count, and nobody may give it whom one of the requirements excludes. */
function approvalsOf(demands: readonly PolicyRequirement[]): ApprovalDemand[] {
  const all = demands.flatMap(({ id, require }) =>
    require.approvals.map((demand) => ({ ...demand, by: id })),
  );
  return sortedSet(all.map(({ role }) => role)).map((role) => {
    const same = all.filter((demand) => demand.role === role);
    return {
      role,
      count: Math.max(...same.map(({ count }) => count)),
      not: sortedSet(same.flatMap(({ not }) => not)) as ApprovalDemand['not'],
      by: sortedSet(same.map(({ by }) => by))
        .sort(codePointOrder)
        .join(', '),
    };
  });
}
