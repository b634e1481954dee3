/**
 * One document for each custodian, with the copies that they alone have to clean: what an issue in their tracker says. It
 * tells what sort of secret it is, never who else has copies.
 */
import { markdownText } from '../../report/safe-text.js';
import type { Plan, Portfolio, Step } from '../../rotation/plan/plan.js';
import { copyText } from './copy-text.js';
import { short } from './plan-words.js';

export interface CustodianIssue {
  /** Party, or `unassigned`. */
  readonly custodian: string;
  readonly title: string;
  /** Markdown. */
  readonly lines: readonly string[];
}

interface Task {
  readonly plan: Plan;
  readonly steps: readonly Step[];
}

function tasksByCustodian(plans: readonly Plan[]): ReadonlyMap<string, readonly Task[]> {
  const tasks = new Map<string, Task[]>();
  for (const plan of plans) {
    if (plan.status === 'closed') continue;
    const own = new Map<string, Step[]>();
    for (const step of plan.steps) {
      if (step.type !== 'purge' || step.state === 'done' || step.state === 'skipped') continue;
      const known = own.get(step.who);
      if (known === undefined) own.set(step.who, [step]);
      else known.push(step);
    }
    for (const [custodian, steps] of own) {
      const known = tasks.get(custodian);
      if (known === undefined) tasks.set(custodian, [{ plan, steps }]);
      else known.push({ plan, steps });
    }
  }
  return tasks;
}

/** Before the value has ended, removing a copy helps little and warns whoever has it. */
function timing({ steps, decision }: Plan): string {
  const end = steps.find(({ type }) => type === 'revoke-old' || type === 'switch' || type === 'contain');
  if (decision.strategy === 'purge-only') return 'Nobody accepts the value any more: clean up now.';
  if (end === undefined || end.state === 'done') return 'Clean up now.';
  return `Clean up once step ${end.id} of the plan is done; removing a copy does not replace ending the value.`;
}

function* taskLines({ plan, steps }: Task): Generator<string> {
  const { id, kind, fingerprint, priority, owner } = plan;
  yield `## ${markdownText(kind)} ${short(fingerprint)} (${priority.band})`;
  yield '';
  yield `Plan ${id}${owner === undefined ? '' : `, led by ${markdownText(owner)}`}. ${timing(plan)}`;
  yield '';
  for (const step of steps) {
    yield `- [ ] ${markdownText(step.title)}: ${markdownText(step.how)} (${step.id})`;
    for (const copy of step.copies ?? []) yield `  - ${markdownText(copyText(copy))}`;
  }
  yield '';
}

function issueOf(custodian: string, tasks: readonly Task[]): CustodianIssue {
  const count = tasks.reduce(
    (sum, { steps }) => sum + steps.reduce((copies, step) => copies + (step.copies?.length ?? 0), 0),
    0,
  );
  const title = `Remove ${count} ${count === 1 ? 'copy' : 'copies'} of ${tasks.length} ${tasks.length === 1 ? 'secret' : 'secrets'}`;
  return {
    custodian,
    title,
    lines: [
      `# ${title}`,
      '',
      `For ${markdownText(custodian)}. No value stands here, and none may be put into this issue.`,
      '',
      ...tasks.flatMap((task) => [...taskLines(task)]),
    ],
  };
}

/** Sorted by custodian; what nobody is responsible for stands under `unassigned`. */
export function custodianIssues({ plans }: Pick<Portfolio, 'plans'>): CustodianIssue[] {
  return [...tasksByCustodian(plans)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([custodian, tasks]) => issueOf(custodian, tasks));
}
