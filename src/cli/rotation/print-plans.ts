/** Prints plans in the format that was asked for. */

import { beginRecord } from '../../report/records.js';
import { wholeSeconds } from '../../report/safe-text.js';
import type { People } from '../../rotation/log/people.js';
import type { Plan, Portfolio, PortfolioPlan } from '../../rotation/plan/plan.js';
import { capacity as firstPossible } from '../../rotation/plan/portfolio.js';
import type { Context } from '../context.js';
import type { PrintLines } from '../masked-output.js';
import { custodianIssues } from '../plan-text/custodian-issues.js';
import { planLines } from '../plan-text/plan-lines.js';
import { planMarkdown } from '../plan-text/plan-markdown.js';
import { planRecord } from '../plan-text/plan-record.js';
import { capacityLines, portfolioLines } from '../plan-text/portfolio-lines.js';
import { planAll } from './all-plans.js';
import type { Rotation } from './rotation.js';

export const planFormats = ['text', 'md', 'json', 'issues'] as const;
export type PlanFormat = (typeof planFormats)[number];

function recordLines(plans: readonly Plan[]): string[] {
  return plans.map((plan) => JSON.stringify(planRecord(plan)));
}

function* separated(documents: Iterable<Iterable<string>>, separator: readonly string[]): Generator<string> {
  let isFirst = true;
  for (const lines of documents) {
    if (!isFirst) yield* separator;
    isFirst = false;
    yield* lines;
  }
}

/** The log keeps pseudonyms, and so do records for programs; people read who it was, as in "log show". */
function withNames(plan: Plan, { nameOf }: People): Plan {
  const steps = plan.steps.map((step) =>
    step.record === undefined
      ? step
      : { ...step, record: { ...step.record, by: nameOf(step.record.by), at: wholeSeconds(step.record.at) } },
  );
  const approvals = plan.approvals.map((approval) => ({
    ...approval,
    given: approval.given.map((one) => ({ ...one, by: nameOf(one.by), at: wholeSeconds(one.at) })),
  }));
  return { ...plan, steps, approvals };
}

function fullLines(
  context: Context,
  format: PlanFormat,
  plans: readonly Plan[],
  people: People,
): Iterable<string> {
  switch (format) {
    case 'json':
      return recordLines(plans);
    case 'md':
      return separated(
        plans.map((plan) => planMarkdown(withNames(plan, people))),
        ['', '---', ''],
      );
    case 'issues':
      return separated(
        custodianIssues({ plans }).map(({ lines }) => lines),
        ['---', ''],
      );
    case 'text':
      return separated(
        plans.map((plan) => planLines(withNames(plan, people), context.terminal.style)),
        [''],
      );
  }
}

/** Plans of some secrets, in full. */
export async function printPlans(
  context: Context,
  print: PrintLines,
  { people }: Pick<Rotation, 'people'>,
  { format, portfolio: { plans } }: { readonly format: PlanFormat; readonly portfolio: Portfolio },
): Promise<void> {
  if (format === 'json') await print([JSON.stringify(beginRecord(context.version))]);
  await print(fullLines(context, format, plans, people));
}

/** What a portfolio says besides its plans. */
function portfolioRecord({ plans, merged, blocked, expiries }: Portfolio<PortfolioPlan>): object {
  return { type: 'portfolio', plans: plans.map(({ id }) => id), merged, blocked, expiries };
}

/** All plans: in text what to do today and what waits, in the other formats every plan. */
export async function printAll(
  context: Context,
  print: PrintLines,
  rotation: Rotation,
  { format, capacity }: { readonly format: PlanFormat; readonly capacity?: number },
): Promise<void> {
  if (format === 'json') await print([JSON.stringify(beginRecord(context.version))]);
  const kept: Plan[] = [];
  const portfolio = await planAll(rotation, async (plans) => {
    if (format === 'json' && capacity === undefined) await print(recordLines(plans));
    // Documents stand in the order of priority, which only the end tells.
    if (format === 'md' || format === 'issues' || (format === 'json' && capacity !== undefined)) {
      for (const plan of plans) kept.push(plan);
    }
  });
  const chosen = capacity === undefined ? portfolio.plans : firstPossible(portfolio, capacity);
  if (format === 'text') {
    const { style } = context.terminal;
    await print(capacity === undefined ? portfolioLines(portfolio, style) : capacityLines(chosen, style));
    return;
  }
  const byId = new Map(kept.map((plan) => [plan.id, plan]));
  const full = chosen.flatMap(({ id }) => byId.get(id) ?? []);
  if (full.length > 0) await print(fullLines(context, format, full, rotation.people));
  if (format === 'json') await print([JSON.stringify(portfolioRecord(portfolio))]);
}
