/** What `policy explain` prints: the rule that decided, every earlier one with why it did not, and what is asked for. */
import { type JsonRecord, recordOf } from '../report/finding-record.js';
import { safeText } from '../report/safe-text.js';
import type { Style } from '../report/style.js';
import type { RequirementTrace } from '../rotation/policy/decide.js';
import type { ApprovalDemand, Decision } from '../rotation/policy/decision.js';
import { durationText } from '../rotation/policy/duration.js';

export interface Explanation {
  readonly fingerprint: string;
  readonly kind: string;
  /** The policy: as it was named, and the hash of its text. */
  readonly file: string;
  readonly sha256: string;
  readonly decision: Decision;
  readonly requirements: readonly RequirementTrace[];
  /** Only where nobody knows who can read a copy. */
  readonly ifPublic?: Decision;
}

const labelWidth = 10;

function row(label: string, text: string): string {
  return `${label.padEnd(labelWidth)}${text}`;
}

/** `owner 1 (not executor)`. */
export function approvalText({ role, count, not }: ApprovalDemand): string {
  return `${role} ${count}${not.length === 0 ? '' : ` (not ${not.join(' or ')})`}`;
}

function* demandLines(decision: Decision): Generator<string> {
  const { approvals, gates, windows, freezes, stepsAdd, maxAgeMs, deadlineMs } = decision;
  const times = [
    ...(deadlineMs === undefined ? [] : [`deadline ${durationText(deadlineMs)}`]),
    `overlap ${durationText(decision.overlapMs)}`,
    `soak ${durationText(decision.soakMs)}`,
    ...(maxAgeMs === undefined ? [] : [`largest age ${durationText(maxAgeMs)}`]),
  ];
  yield row('times', times.join(', '));
  if (stepsAdd.length > 0) yield row('adds', stepsAdd.join(', '));
  for (const demand of approvals) yield row('approval', `${approvalText(demand)}, by ${demand.by}`);
  if (gates.length > 0) yield row('gates', gates.join(', '));
  if (windows.length > 0) yield row('windows', windows.join(' and '));
  if (freezes.length > 0) yield row('freezes', freezes.join(', '));
}

function* traceLines(
  lines: readonly { readonly name: string; readonly matched: boolean; readonly why: string }[],
  style: Style,
): Generator<string> {
  const width = Math.max(0, ...lines.map(({ name }) => name.length)) + 2;
  for (const { name, matched, why } of lines) {
    const text = `${matched ? '+' : '-'} ${name.padEnd(width)}`;
    yield `  ${matched ? style.strong(text) : text}${safeText(why)}`;
  }
}

export function* explanationLines(explanation: Explanation, style: Style): Generator<string> {
  const { fingerprint, kind, file, sha256, decision, requirements, ifPublic } = explanation;
  yield `${style.strong(fingerprint.slice(0, 12))}  ${style.name(kind)}`;
  yield row('policy', `${safeText(file)}  ${style.dim(sha256.slice(0, 12))}`);
  yield row('strategy', `${style.alarm(decision.strategy)}  by rule ${decision.rule}`);
  yield row('why', safeText(decision.reason));
  if (decision.note !== undefined) yield row('note', safeText(decision.note));
  yield* demandLines(decision);
  if (ifPublic !== undefined) {
    yield row(
      'if public',
      `${ifPublic.strategy}  by rule ${ifPublic.rule}: who can read a copy is not known`,
    );
  }
  yield 'rules, the first that matches decides';
  yield* traceLines(
    decision.trace.map(({ rule, matched, why }) => ({ name: rule, matched, why })),
    style,
  );
  if (requirements.length > 0) yield 'requirements, each that matches counts';
  yield* traceLines(
    requirements.map(({ requirement, matched, why }) => ({ name: requirement, matched, why })),
    style,
  );
}

export function explanationRecord(explanation: Explanation): JsonRecord {
  const { fingerprint, file, sha256, decision, requirements, ifPublic } = explanation;
  return recordOf({
    type: 'policy-explanation',
    fingerprint,
    file,
    sha256,
    ...decision,
    requirements,
    ifPublic: ifPublic === undefined ? undefined : { strategy: ifPublic.strategy, rule: ifPublic.rule },
  });
}
