/** A plan as a Markdown checklist, for a ticket or a pull request. */
import { markdownText } from '../../report/safe-text.js';
import type { Plan, Step } from '../../rotation/plan/plan.js';
import { copyText } from './copy-text.js';
import {
  approvalText,
  breaksTexts,
  childrenText,
  copiesText,
  markText,
  opensTexts,
  priorityText,
  short,
} from './plan-words.js';

/** Copies listed of one step; the JSON form has all. */
const shownCopies = 50;

/** Text between back ticks: the fence is longer than any run of back ticks in it. */
export function markdownCode(text: string): string {
  const runs = text.match(/`+/g) ?? [];
  const fence = '`'.repeat(1 + runs.reduce((longest, run) => Math.max(longest, run.length), 0));
  const isTouching = text.startsWith('`') || text.endsWith('`');
  return isTouching ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`;
}

function* stepLines(plan: Plan, step: Step): Generator<string> {
  const isDone = step.state === 'done' || step.state === 'skipped';
  const wave = step.wave === undefined ? '' : ` (wave ${step.wave})`;
  const marks = markText(plan, step);
  yield `- [${isDone ? 'x' : ' '}] **${step.number}. ${step.type}**${wave} ${markdownText(step.title)}, ${markdownText(step.who)}${marks === '' ? '' : ` (${markdownText(marks)})`}`;
  yield `  ${markdownText(step.how)}`;
  if (step.command !== undefined) yield `  ${markdownCode(step.command)}`;
  if (step.rollback !== undefined) yield `  Rollback: ${markdownText(step.rollback)}`;
  const copies = step.copies ?? [];
  for (const copy of copies.slice(0, shownCopies)) yield `  - ${markdownText(copyText(copy))}`;
  if (copies.length > shownCopies) yield `  - and ${copies.length - shownCopies} more`;
}

function* listed(title: string, texts: readonly string[]): Generator<string> {
  if (texts.length === 0) return;
  yield '';
  yield `## ${title}`;
  yield '';
  for (const text of texts) yield `- ${markdownText(text)}`;
}

export function* planMarkdown(plan: Plan): Generator<string> {
  const { id, revision, fingerprint, kind, principal, decision, status, deadline } = plan;
  yield `# Plan ${id}: ${markdownText(decision.strategy)} of ${markdownText(kind)} ${short(fingerprint)}`;
  yield '';
  yield `Principal ${markdownText(principal)}. Status **${status}**${plan.blockedBy.length === 0 ? '' : ` by ${markdownText(plan.blockedBy.join(', '))}`}, revision ${revision}${deadline === undefined ? '' : `, deadline ${deadline}`}. Rule ${markdownText(decision.rule)}: ${markdownText(decision.reason)}.`;
  if (plan.others.length > 0) yield `Replaces ${plan.others.map(short).join(', ')} as well.`;
  yield* listed('Before the first step', plan.warnings);
  yield* listed(
    'Questions',
    plan.questions.map(({ text, to }) => `${text}${to === undefined ? '' : ` -> ${to}`}`),
  );
  yield* listed('What is known', [
    `priority ${priorityText(plan.priority)}`,
    `readiness ${plan.readiness}/7`,
    `copies: ${copiesText(plan)}`,
    ...breaksTexts(plan).map((text) => `breaks ${text}`),
    ...plan.blastRadius.unknown.map((text) => `unknown: ${text}`),
    ...opensTexts(plan).map((text) => `opens: ${text}`),
    `children: ${childrenText(plan)}`,
    ...(plan.ifPublic === undefined ? [] : [`if public: ${plan.ifPublic}`]),
    ...(plan.providerReaction === undefined ? [] : [`provider: ${plan.providerReaction}`]),
  ]);
  yield '';
  yield '## Steps';
  yield '';
  for (const step of plan.steps) yield* stepLines(plan, step);
  if (plan.steps.length === 0) yield 'None.';
  yield* listed('Approvals', plan.approvals.map(approvalText));
  yield '';
  yield `Evidence for or against: ${markdownText(plan.controls.join(' '))}. Provider facts: ${markdownText(plan.providerRow.id)}${plan.providerRow.checked ? '' : ', unchecked'}. Log head ${plan.logHead}.`;
}
