/** All plans on a few screens: what to do today, what is ready, what waits for whom, what ends when. */
import { counted, safeText } from '../../report/safe-text.js';
import type { Style } from '../../report/style.js';
import type { Portfolio, PortfolioPlan } from '../../rotation/plan/plan.js';
import { planHeadline } from './plan-lines.js';
import { short } from './plan-words.js';

export interface PortfolioTextOptions {
  /** Plans shown of each section. */
  readonly shown: number;
}

const defaultShown = 20;
const shownWeeks = 8;

function* section(
  title: string,
  plans: readonly PortfolioPlan[],
  style: Style,
  shown: number,
): Generator<string> {
  yield style.strong(`${title} (${plans.length})`);
  for (const plan of plans.slice(0, shown)) yield `  ${planHeadline(plan, style)}`;
  if (plans.length > shown) yield style.dim(`  and ${plans.length - shown} more`);
}

/** Places in words: what a question about an owner is asked of. */
function waitText(count: number, { question }: Portfolio['blocked'][number]): string {
  const { code, text, to } = question;
  const place = /^who answers for (.+)\?$/.exec(text)?.[1];
  const what =
    code === 'OWNER_UNKNOWN' && place !== undefined
      ? `${count === 1 ? 'waits' : 'wait'} for an owner of ${place}`
      : `${count === 1 ? 'waits' : 'wait'}: ${text}`;
  return `${counted(count, 'plan')} ${what}${to === undefined ? '' : ` -> ${to}`}`;
}

function* blockedLines(portfolio: Portfolio<PortfolioPlan>, style: Style, shown: number): Generator<string> {
  const plans = portfolio.plans.filter(({ status }) => status === 'blocked');
  yield style.strong(`blocked (${plans.length})`);
  for (const group of portfolio.blocked.slice(0, shown)) {
    yield `  ${safeText(waitText(group.plans.length, group))}  ${style.dim(`${group.question.code}: ${group.plans.slice(0, 3).join(', ')}${group.plans.length > 3 ? ', ...' : ''}`)}`;
  }
  if (portfolio.blocked.length > shown) {
    yield style.dim(`  and ${counted(portfolio.blocked.length - shown, 'more question')}`);
  }
}

/** `sprawl plan --all`. */
export function* portfolioLines(
  portfolio: Portfolio<PortfolioPlan>,
  style: Style,
  { shown }: PortfolioTextOptions = { shown: defaultShown },
): Generator<string> {
  const open = portfolio.plans.filter(
    ({ status, decision }) => status !== 'closed' && decision.strategy !== 'none',
  );
  const isUrgent = ({ decision }: PortfolioPlan): boolean => decision.strategy === 'emergency';
  yield* section('today: emergencies', open.filter(isUrgent), style, shown);
  const routine = open.filter((plan) => !isUrgent(plan));
  yield* section(
    'ready',
    routine.filter(({ status }) => status === 'ready'),
    style,
    shown,
  );
  yield* section(
    'waits for approval',
    routine.filter(({ status }) => status === 'needs-approval'),
    style,
    shown,
  );
  yield* blockedLines(portfolio, style, shown);
  if (portfolio.expiries.length > 0)
    yield style.strong(`ends by itself (${counted(portfolio.expiries.length, 'week')})`);
  for (const { week, secrets } of portfolio.expiries.slice(0, shownWeeks)) {
    const names = secrets
      .slice(0, 3)
      .map(({ fingerprint, expiresAt }) => `${short(fingerprint)} ${expiresAt}`);
    yield `  ${week}  ${counted(secrets.length, 'secret')}: ${names.join(', ')}${secrets.length > 3 ? ', ...' : ''}`;
  }
  if (portfolio.merged.length > 0) yield style.strong(`shared restarts (${portfolio.merged.length})`);
  for (const { consumer, wave, steps } of portfolio.merged.slice(0, shown)) {
    const plans = [...new Set(steps.map(({ plan }) => plan))];
    yield `  ${safeText(consumer)} wave ${wave}: one restart for plans ${plans.slice(0, 3).join(', ')}${plans.length > 3 ? ` and ${plans.length - 3} more` : ''}`;
  }
  if (portfolio.merged.length > shown) yield style.dim(`  and ${portfolio.merged.length - shown} more`);
  const [first] = open;
  if (first !== undefined) yield style.dim(`steps of one of them: sprawl plan ${first.id}`);
}

/** What `--capacity` picked. */
export function* capacityLines(plans: readonly PortfolioPlan[], style: Style): Generator<string> {
  yield style.strong(`first ${counted(plans.length, 'plan')} that can be worked on now`);
  for (const plan of plans) yield `  ${planHeadline(plan, style)}`;
}
