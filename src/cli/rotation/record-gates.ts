/** Gate results from a file: each is judged like one that was recorded by hand. */

import { ProblemError } from '../../model/problem.js';
import type { GateResult } from '../../rotation/imports.js';
import { type GateClaim, isGateName, judgeGate } from '../../rotation/log/accept-gate.js';
import { foldLog } from '../../rotation/log/fold.js';
import type { GateRecord, LogState, PlanState } from '../../rotation/log/state.js';
import { findStep } from '../../rotation/log/step-rules.js';
import type { Plan } from '../../rotation/plan/plan.js';
import type { Context } from '../context.js';
import type { Session } from '../session.js';
import { findPlan } from './find-plan.js';
import { rememberNames } from './people.js';
import { appendBatches, itself, recordTime } from './record.js';
import { planEntries } from './record-plans.js';
import { recordedText } from './recorded-text.js';
import { policyChange } from './recording.js';
import type { Rotation } from './rotation.js';
import { type RotationFlags, rotationOptions } from './rotation-flags.js';

export interface RecordedGates {
  readonly accepted: number;
  /** Accepted before: the same result of the same window. */
  readonly known: number;
  /** One line each, for people: which result, and why it was not accepted. */
  readonly refused: readonly string[];
  /** What people must know now: how to go back, whom to ask. */
  readonly advice: readonly string[];
}

/** The same result as it stands in the log; of several the one that was accepted. */
function recordedBefore(
  recorded: PlanState | undefined,
  step: string,
  claim: GateClaim,
): GateRecord | undefined {
  const same =
    recorded?.gates.filter(
      (record) =>
        record.step === step &&
        record.gate === claim.gate &&
        record.result === claim.result &&
        record.by === claim.by &&
        Date.parse(record.windowStart) === Date.parse(claim.windowStart) &&
        Date.parse(record.windowEnd) === Date.parse(claim.windowEnd),
    ) ?? [];
  return same.find(({ accepted }) => accepted) ?? same[0];
}

type Result =
  | { readonly is: 'accepted'; readonly advice: readonly string[] }
  | { readonly is: 'known' }
  | { readonly is: 'refused'; readonly why: string };

/** Plans as they are now: made once for all results that change nothing in them. */
class Plans {
  readonly #plans = new Map<string, Promise<Plan>>();

  find(rotation: Rotation, text: string): Promise<Plan> {
    const known = this.#plans.get(text);
    if (known !== undefined) return known;
    const found = findPlan(rotation, text).then(({ plan }) => plan);
    this.#plans.set(text, found);
    return found;
  }

  /** A failure moves the states of steps, and a pass may move those of a failed one. */
  accepted({ steps }: Plan, { result }: GateClaim): void {
    if (result === 'fail' || steps.some(({ state }) => state === 'failed')) this.#plans.clear();
  }
}

/** One result against the plan as it is after all results before it. Throws a problem for what cannot be recorded. */
async function recordOne(
  context: Context,
  session: Session,
  rotation: Rotation,
  flags: RotationFlags,
  plans: Plans,
  result: GateResult,
): Promise<{ readonly result: Result; readonly state: LogState }> {
  const { people, imports, policy, state, now, log } = rotation;
  const refused = (why: string) => ({ result: { is: 'refused', why } as const, state });
  if (!isGateName(result.gate)) return refused('there is no such gate');
  const plan = await plans.find(rotation, result.plan);
  const step = findStep(plan, result.step);
  if (step === undefined) return refused('the plan has no such step');
  const who = { people, parties: imports.parties };
  const text = (field: string, value: string): Promise<string> =>
    recordedText(context, session, who, field, value);
  const claim: GateClaim = {
    gate: result.gate,
    result: result.result,
    windowStart: result.windowStart,
    windowEnd: result.windowEnd,
    source: await text('source', result.source),
    by: people.pseudonymOf(result.by),
    ...(result.value !== undefined && { value: await text('value', result.value) }),
  };
  const recorded = state.plans.get(plan.id);
  const before = recordedBefore(recorded, step.id, claim);
  if (before?.accepted === true) return { result: { is: 'known' }, state };
  const { refusal, entries, consequences, advice } = judgeGate({ plan, recorded, people, now }, step, claim);
  // What was refused before and still is stands in the log already.
  if (before !== undefined && refusal !== undefined) return refused(refusal);
  const time = recordTime(context, flags.now);
  const batches = [
    policyChange(rotation),
    { actor: itself, entries: planEntries([plan], state, policy) },
    { actor: claim.by, entries },
    { actor: itself, entries: consequences },
  ];
  const records = await appendBatches(context, log, batches, time, state.head);
  await rememberNames(session, people, [result.by], time.at);
  const next = foldLog(records, state);
  if (refusal !== undefined) return { result: { is: 'refused', why: refusal }, state: next };
  plans.accepted(plan, claim);
  return { result: { is: 'accepted', advice }, state: next };
}

/** Problems of one result: it names no plan or several, or holds a text that cannot be kept. */
const refusing: ReadonlySet<string> = new Set(['usage', 'not-found', 'ambiguous-fingerprint']);

/** The session must be open for writing. */
export async function recordGates(
  context: Context,
  session: Session,
  results: readonly GateResult[],
  flags: RotationFlags = {},
): Promise<RecordedGates> {
  let accepted = 0;
  let known = 0;
  const refused: string[] = [];
  const advice: string[] = [];
  if (results.length === 0) return { accepted, known, refused, advice };
  const opened = await context.services.rotation(context, session, {
    ...rotationOptions(flags),
    log: 'append',
  });
  try {
    const plans = new Plans();
    let { state } = opened;
    for (const one of results) {
      const name = `${one.plan} ${one.step} ${one.gate}`;
      const rotation = withState(opened, state);
      const recorded = await recordOne(context, session, rotation, flags, plans, one).catch(
        (error: unknown) => {
          if (!(error instanceof ProblemError) || !refusing.has(error.problem.code)) throw error;
          return { result: { is: 'refused', why: error.problem.message } as const, state };
        },
      );
      const { result } = recorded;
      ({ state } = recorded);
      if (result.is === 'accepted') {
        accepted++;
        advice.push(...result.advice.map((line) => `${name}: ${line}`));
      } else if (result.is === 'known') known++;
      else refused.push(`${name}: ${result.why}`);
    }
    return { accepted, known, refused, advice };
  } finally {
    opened.close();
  }
}

/** The same, with what was recorded since. */
function withState(rotation: Rotation, state: LogState): Rotation {
  return {
    ...rotation,
    state,
    look: async function* look(wanted) {
      for await (const { dossiers, input } of rotation.look(wanted)) {
        yield { dossiers, input: { ...input, state } };
      }
    },
  };
}
