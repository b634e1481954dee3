/** A small plan, and a log that grows: what tests of recorded work start from. */
import { foldLog } from '../../../../src/rotation/log/fold.js';
import type { LogEntry } from '../../../../src/rotation/log/record.js';
import { emptyState, type LogState } from '../../../../src/rotation/log/state.js';
import type { Plan, Step } from '../../../../src/rotation/plan/plan.js';
import type { Decision } from '../../../../src/rotation/policy/decision.js';
import { headOf, seal } from '../../../../src/store/evidence-chain.js';

const hourMs = 3_600_000;
const begin = Date.UTC(2026, 10, 22);

/** RFC 3339, hours after the plan was made. */
export const hour = (number: number): string => new Date(begin + number * hourMs).toISOString();

export const decision: Decision = {
  strategy: 'staged-dual',
  rule: 'otherwise',
  reason: 'none',
  overlapMs: 24 * hourMs,
  soakMs: 48 * hourMs,
  stepsAdd: [],
  approvals: [],
  gates: [],
  windows: [],
  freezes: [],
  trace: [],
};

function step(type: Step['type'], needs: readonly string[], more: Partial<Step> = {}): Omit<Step, 'number'> {
  return {
    id: type,
    type,
    title: type,
    who: 'team',
    needs,
    how: type,
    reversible: true,
    gates: [],
    state: 'todo',
    ...more,
  };
}

const steps: readonly Omit<Step, 'number'>[] = [
  step('issue', []),
  step('update', ['issue'], { id: 'update-aaaaaa', target: 'api', rollback: 'point api back' }),
  step('verify-new', ['update-aaaaaa'], { gates: ['auth_success', 'error_rate'] }),
  step('overlap', ['verify-new']),
  step('disable-old', ['overlap'], { rollback: 'ALTER ROLE ledger LOGIN' }),
  step('soak', ['disable-old'], { gates: ['old_use_zero'] }),
  step('revoke-old', ['soak'], { reversible: false }),
  step('purge', ['revoke-old'], { id: 'purge-bbbbbb' }),
  step('rescan', ['purge-bbbbbb']),
  step('close', ['rescan']),
];

export const plan: Plan = {
  id: 'aaaabbbbcccc',
  revision: 'r1',
  createdAt: hour(0),
  fingerprint: 'f'.repeat(64),
  others: [],
  kind: 'postgres-password',
  principal: 'db:postgresql:db1:5432:ledger',
  decision,
  status: 'ready',
  reasons: [],
  blockedBy: [],
  priority: { score: 0, sum: 0, terms: [], band: 'info' },
  readiness: 7,
  questions: [],
  blastRadius: { consumers: [], unknown: [] },
  abuseRadius: { resources: [], secondRing: [], unknown: [] },
  relations: [],
  prerequisites: [],
  steps: steps.map((one, index) => ({ ...one, number: index + 1 })),
  approvals: [],
  warnings: [],
  controls: [],
  conditions: [],
  providerRow: { id: 'postgres.password', checked: false, source: '' },
  logHead: emptyState.head,
};

/** The plan with its steps as they were recorded. */
export function planOf(recorded: Recorded, of: Plan = plan): Plan {
  return {
    ...of,
    steps: of.steps.map((one): Step => {
      const record = recorded.plan.steps.get(one.id);
      return record === undefined
        ? one
        : { ...one, state: record.state, record: { by: record.by, at: record.at } };
    }),
  };
}

export function stepOf(id: string, of: Plan = plan): Step {
  const found = of.steps.find((one) => one.id === id);
  if (found === undefined) throw new TypeError(`no step ${id}`);
  return found;
}

/** A log in which the plan was created at hour 0. */
export class Recorded {
  state: LogState = emptyState;

  constructor() {
    const { revision, decision: decided } = plan;
    this.add(0, {
      action: 'plan-created',
      subject: plan.fingerprint,
      plan: plan.id,
      data: { revision, strategy: decided.strategy, rule: decided.rule, policy: 'p', others: [] },
    });
  }

  add(at: number, entry: LogEntry, actor = 'ana'): this {
    const record = seal(
      entry,
      { seq: this.state.seq, hash: this.state.head, at: undefined },
      hour(at),
      actor,
    );
    this.state = foldLog([record], this.state);
    if (this.state.head !== headOf(record).hash) throw new TypeError('not folded');
    return this;
  }

  done(at: number, id: string, actor = 'ana', state: 'done' | 'failed' | 'doing' | 'skipped' = 'done'): this {
    const data = { state, revision: plan.revision };
    return this.add(at, { action: 'step', subject: plan.fingerprint, plan: plan.id, step: id, data }, actor);
  }

  all(at: number, entries: readonly LogEntry[], actor = 'ana'): this {
    for (const entry of entries) this.add(at, entry, actor);
    return this;
  }

  get plan(): LogState['plans'] extends ReadonlyMap<string, infer State> ? State : never {
    const recorded = this.state.plans.get(plan.id);
    if (recorded === undefined) throw new TypeError('the plan is not recorded');
    return recorded;
  }
}
