/** A plan for a terminal: what is decided and why, what breaks, and the steps as a numbered table. */
import { safeText } from '../../report/safe-text.js';
import type { Style } from '../../report/style.js';
import type { Plan, PortfolioPlan, Step } from '../../rotation/plan/plan.js';
import {
  approvalText,
  breaksTexts,
  childrenText,
  copiesText,
  isRollbackDue,
  markText,
  opensTexts,
  priorityText,
  short,
} from './plan-words.js';
import { wrapped } from './wrap.js';

const labelWidth = 11;
const shownQuestions = 3;
const stepIndent = ' '.repeat(22);

function* row(label: string, text: string): Generator<string> {
  const indent = ' '.repeat(labelWidth + 1);
  for (const [index, line] of wrapped(safeText(text), indent).entries()) {
    yield index === 0 ? label.padEnd(labelWidth + 1) + line.slice(indent.length) : line;
  }
}

function* rows(label: string, texts: readonly string[]): Generator<string> {
  for (const [index, text] of texts.entries()) yield* row(index === 0 ? label : '', text);
}

const statusRoles: Readonly<Record<Plan['status'], keyof Style>> = {
  ready: 'good',
  'needs-approval': 'warning',
  blocked: 'alarm',
  closed: 'dim',
};

function* headLines(plan: Plan, style: Style): Generator<string> {
  const { id, revision, fingerprint, others, kind, principal, decision, status, deadline } = plan;
  yield `${style.strong(`plan ${id}`)}  secret ${style.strong(short(fingerprint))}  kind ${style.name(safeText(kind))}  principal ${safeText(principal)}`;
  const end = deadline === undefined ? '' : `   deadline ${deadline}`;
  yield `strategy ${style.strong(decision.strategy)}   status ${style[statusRoles[status]](status)}${end}   rule ${safeText(decision.rule)}   revision ${revision}`;
  if (plan.blockedBy.length > 0) yield* row('blocked', plan.blockedBy.join(', '));
  yield* row('why', decision.reason);
  if (others.length > 0) yield* row('also', `replaces ${others.map(short).join(', ')}`);
}

function* knowledgeLines(plan: Plan, style: Style): Generator<string> {
  yield* row('priority', priorityText(plan.priority));
  const [first, ...more] = plan.questions.slice(0, shownQuestions);
  const asked = (question: typeof first): string =>
    question === undefined ? '' : `${question.text}${question.to === undefined ? '' : ` -> ${question.to}`}`;
  yield* row(
    'readiness',
    `${plan.readiness}/7${first === undefined ? '' : `   question 1: ${asked(first)}`}`,
  );
  for (const [index, question] of more.entries())
    yield* row('', `      question ${index + 2}: ${asked(question)}`);
  if (plan.ifPublic !== undefined) yield* row('if public', plan.ifPublic);
  if (plan.providerReaction !== undefined) yield* row('provider', plan.providerReaction);
  yield* row('copies', copiesText(plan));
  const breaks = breaksTexts(plan);
  yield* rows('breaks', [
    ...(breaks.length === 0 ? ['no consumer is known'] : breaks),
    ...plan.blastRadius.unknown.map((text) => `unknown: ${text}`),
  ]);
  yield* rows('opens', opensTexts(plan));
  yield* row('children', childrenText(plan));
  if (plan.prerequisites.length > 0) yield* row('after', `plan ${plan.prerequisites.join(', ')}`);
  for (const warning of plan.warnings) {
    for (const line of row('!', warning)) yield style.warning(line);
  }
  if (plan.reasons.length > 0) yield* row('reasons', plan.reasons.join(', '));
}

function stepHead(step: Step, marks: string, style: Style): string {
  const number = String(step.number).padStart(2);
  const type = `${step.type}${step.wave === undefined ? '' : ` w${step.wave}`}`.padEnd(14);
  const title = safeText(step.title);
  const who = step.who === 'unassigned' ? style.warning(step.who) : safeText(step.who);
  return `${number} ${style.strong(type)} ${title}  ${style.dim('->')} ${who}${marks === '' ? '' : `  ${style.dim(`[${safeText(marks)}]`)}`}`;
}

function* stepLines(plan: Plan, style: Style): Generator<string> {
  if (plan.steps.length === 0) {
    yield 'steps      none';
    return;
  }
  yield 'steps';
  for (const step of plan.steps) {
    yield stepHead(step, markText(plan, step), style);
    for (const line of wrapped(safeText(step.how), stepIndent)) yield style.dim(line);
    if (step.command !== undefined) yield `${stepIndent}$ ${safeText(step.command)}`;
    if (isRollbackDue(step) && step.rollback !== undefined) {
      for (const line of wrapped(`rollback: ${safeText(step.rollback)}`, stepIndent)) yield style.alarm(line);
    }
  }
}

/** A plan in full. Every string is safe to print; what files say now must go through `printMasked`. */
export function* planLines(plan: Plan, style: Style): Generator<string> {
  yield* headLines(plan, style);
  yield* knowledgeLines(plan, style);
  yield* stepLines(plan, style);
  yield* rows(
    'approvals',
    plan.approvals.length === 0 ? ['none asked for'] : plan.approvals.map(approvalText),
  );
  yield* row('controls', plan.controls.join(' '));
  const { id, checked, source } = plan.providerRow;
  yield* row('facts', `${id}${checked ? '' : ', unchecked'}: ${source}`);
  yield* row('log', `head ${plan.logHead}`);
}

/** One line of a list. */
export function planHeadline(plan: PortfolioPlan, style: Style): string {
  const { id, fingerprint, kind, decision, status, deadline, priority, owner } = plan;
  const end = deadline === undefined ? '' : `  by ${deadline}`;
  return (
    `${style.strong(id)}  ${String(priority.score).padStart(3)} ${priority.band.padEnd(8)}  ${decision.strategy.padEnd(14)}  ` +
    `${style[statusRoles[status]](status)}  ${short(fingerprint)} ${style.name(safeText(kind))}  ${safeText(owner ?? 'unassigned')}${end}`
  );
}
