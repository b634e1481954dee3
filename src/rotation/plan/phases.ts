/** The steps of each strategy, in order. */
import type { Question } from '../dossier.js';
import type { Strategy } from '../policy/decision.js';
import type { StepType } from './plan.js';
import { type PlanContext, unassigned } from './plan-context.js';
import { type Phase, type StepDraft, stepId } from './step-draft.js';
import { isOldValueUsed } from './step-states.js';
import { cutoverPhases, prepareValueStep } from './steps/cutover.js';
import { closeStep, notifyStep, parentsStep, redesignStep, rescanStep } from './steps/finish.js';
import { type MoveWords, movePhases } from './steps/move.js';
import {
  assignStep,
  containStep,
  isContainmentFinal,
  issueStep,
  preserveStep,
  splitSteps,
} from './steps/prepare.js';
import { purgeSteps } from './steps/purge.js';
import {
  childrenStep,
  disableStep,
  longestCycleEnd,
  missedStep,
  missedTarget,
  overlapEnd,
  overlapStep,
  revokeStep,
  soakStep,
} from './steps/retire.js';
import { freeSlotStep } from './steps/slots.js';

/** What stands in the way of a plan, as far as its steps are concerned. */
export interface Obstacles {
  /** To be answered before the first change, the most urgent first. */
  readonly questions: readonly Question[];
  /** The provider's number of valid values is reached. */
  readonly isFull: boolean;
}

type Recipe = (context: PlanContext, obstacles: Obstacles) => Phase[];

function optional(step: StepDraft | undefined): Phase {
  return step === undefined ? [] : [step];
}

function assigned(context: PlanContext, { questions }: Obstacles): Phase {
  return questions.length === 0 ? [] : [assignStep(context, questions)];
}

/** Several environments with production among them, or several agents: one new value would be shared again. */
function isToBeSplit({ lead, consumers, rankOf }: PlanContext): boolean {
  const agents = consumers.filter(({ consumer }) => consumer.kind === 'agent').length;
  const hasProduction = lead.environments.some((environment) => rankOf(environment) >= rankOf('prod'));
  return agents > 1 || (hasProduction && lead.environments.length > 1);
}

/** Cleaning up, proof, a better design where it is called for, and the end. */
function ending(context: PlanContext): Phase[] {
  const { decision, lead } = context;
  const isRedesigned =
    decision.stepsAdd.includes('redesign') ||
    (decision.strategy !== 'purge-only' && lead.reasons.includes('ROTATED_IN_PLACE'));
  return [
    purgeSteps(context),
    [rescanStep(context)],
    isRedesigned ? [redesignStep(context)] : [],
    [closeStep(context)],
  ];
}

const pointBack = (context: PlanContext): MoveWords => ({
  reversible: true,
  rollback: `point it back to the old value; possible until ${context.row.reversibleDisable ? 'disable-old, and until revoke-old by switching the old value on again' : 'revoke-old'}`,
});

/** Off, watched, deleted. @param from when the old value is expected to be of no use any more */
function retirement(context: PlanContext, from = context.now): Phase[] {
  const { row } = context;
  return [
    row.reversibleDisable ? [disableStep(context)] : [],
    [soakStep(context, row.reversibleDisable, { from })],
    [revokeStep(context)],
    optional(childrenStep(context)),
  ];
}

/** Of two that are named as alternates one is made anew in its place. */
function isFreed({ alternate }: PlanContext, { isFull }: Obstacles): boolean {
  return isFull && alternate === undefined;
}

const dual: Recipe = (context, obstacles) => [
  assigned(context, obstacles),
  isFreed(context, obstacles) ? [freeSlotStep(context)] : [],
  [preserveStep(context)],
  [issueStep(context)],
  ...movePhases(context, pointBack(context)),
  [overlapStep(context)],
  ...retirement(context, overlapEnd(context)),
  ...ending(context),
];

const cutover: Recipe = (context, obstacles) => [
  assigned(context, obstacles),
  [preserveStep(context)],
  optional(prepareValueStep(context)),
  ...movePhases(context, {
    reversible: true,
    rollback: 'take the preparation back; nothing has changed yet',
    isPreparation: true,
    preface:
      'Prepare only: put the old value where the switch will put the new one, and let it take it from there. ',
  }),
  ...cutoverPhases(context),
  optional(childrenStep(context)),
  ...ending(context),
];

/** Whether two can be valid together is not known: a person finds out, and watches instead of waiting. */
const byHand: Recipe = (context, obstacles) => [
  assigned(context, obstacles),
  isFreed(context, obstacles) ? [freeSlotStep(context)] : [],
  [preserveStep(context)],
  [issueStep(context)],
  ...movePhases(context, pointBack(context)),
  ...retirement(context),
  ...ending(context),
];

const manual: Recipe = (context, obstacles) => {
  if (context.lead.overlap.value === 'yes') return dual(context, obstacles);
  return context.lead.overlap.value === 'no' ? cutover(context, obstacles) : byHand(context, obstacles);
};

/** The shared value stays valid beside the new identities, so that overlap needs nothing of the provider. */
const splitFirst: Recipe = (context, obstacles) => [
  assigned(context, obstacles),
  [preserveStep(context)],
  splitSteps(context),
  ...movePhases(context, {
    ...pointBack(context),
    preface: 'Give it the value of its own identity, never a value that another one has. ',
  }),
  [overlapStep(context)],
  ...retirement(context, overlapEnd(context)),
  ...ending(context),
];

const emergency: Recipe = (context, obstacles) => {
  const isFinal = isContainmentFinal(context);
  const contain: Phase = [containStep(context)];
  const preserve: Phase = [preserveStep(context)];
  const owner: Phase =
    context.owner === unassigned || obstacles.questions.length > 0
      ? [assignStep(context, obstacles.questions)]
      : [];
  const words: MoveWords = {
    reversible: !isFinal,
    rollback: isFinal
      ? 'none to the old value: make another new one'
      : 'the old value is contained: back to it only while it is contained otherwise, and recorded',
    preface: 'It is refused since containment. ',
  };
  return [
    // What is only switched off keeps its last use; what is deleted takes it along.
    ...(isFinal ? [preserve, contain] : [contain, preserve]),
    // Sessions and tokens that somebody made with it meanwhile are part of the leak.
    optional(childrenStep(context)),
    owner,
    !isToBeSplit(context) && isFreed(context, obstacles) ? [freeSlotStep(context)] : [],
    isToBeSplit(context) ? splitSteps(context) : [issueStep(context)],
    ...movePhases(context, words),
    ...(isFinal ? [] : [[soakStep(context, true)], [revokeStep(context)]]),
    ...ending(context),
  ];
};

const revokeOnly: Recipe = (context, obstacles) => [
  assigned(context, obstacles),
  [preserveStep(context)],
  context.row.reversibleDisable ? [disableStep(context)] : [],
  [soakStep(context, context.row.reversibleDisable, { until: longestCycleEnd(context) })],
  [revokeStep(context)],
  optional(childrenStep(context)),
  ...ending(context),
];

const purgeOnly: Recipe = (context) => [[parentsStep(context)], ...ending(context)];
const notify: Recipe = (context) => [[notifyStep(context)], ...ending(context)];

const recipes: Readonly<Record<Strategy, Recipe>> = {
  emergency,
  automatic: dual,
  'staged-dual': dual,
  'staged-cutover': cutover,
  manual,
  'split-first': splitFirst,
  'revoke-only': revokeOnly,
  'purge-only': purgeOnly,
  notify,
  none: () => [],
};

/** Strategies under which nothing is changed that could break. */
export const harmless: ReadonlySet<Strategy> = new Set<Strategy>(['purge-only', 'notify', 'none']);

/** Steps that a rule may add where its strategy has none of their type. */
const addable: Readonly<Partial<Record<StepType, (context: PlanContext) => Phase>>> = {
  preserve: (context) => [preserveStep(context)],
  contain: (context) => [containStep(context)],
  split: splitSteps,
  notify: (context) => [notifyStep(context)],
  soak: (context) => [soakStep(context, false)],
  parents: (context) => [parentsStep(context)],
  redesign: (context) => [redesignStep(context)],
  children: (context) => optional(childrenStep(context)),
};

/** Types before which an added step stands: containment first, watching before the end of the old value. */
const placed: Readonly<Partial<Record<StepType, readonly StepType[]>>> = {
  soak: ['revoke-old', 'purge', 'rescan', 'close'],
  children: ['purge', 'rescan', 'close'],
  parents: ['purge', 'rescan', 'close'],
  redesign: ['close'],
  split: ['issue', 'update', 'purge', 'close'],
};

function withAdded(phases: readonly Phase[], context: PlanContext): Phase[] {
  const result = [...phases];
  for (const type of context.decision.stepsAdd) {
    const build = addable[type as StepType];
    if (build === undefined || result.some((phase) => phase.some((step) => step.type === type))) continue;
    const before = placed[type as StepType] ?? [];
    const at = result.findIndex(
      (phase) => before.length === 0 || phase.some((step) => before.includes(step.type)),
    );
    result.splice(Math.max(0, at), 0, build(context));
  }
  return result;
}

/** When the soak saw the old value in use, the plan goes back: one more consumer is to be moved before it is repeated. */
function withMissed(phases: readonly Phase[], context: PlanContext): readonly Phase[] {
  const { state } = context;
  const at = phases.findIndex((phase) => phase.some(({ type }) => type === 'soak'));
  if (state === undefined || at < 0) return phases;
  const isDone = state.steps.has(stepId('update', missedTarget));
  if (!isDone && !isOldValueUsed(state)) return phases;
  return [...phases.slice(0, at), [missedStep(context)], ...phases.slice(at)];
}

/** Phases of a plan, none of them empty. A plan that does nothing has none. */
export function phasesOf(context: PlanContext, obstacles: Obstacles): Phase[] {
  const phases = recipes[context.decision.strategy](context, obstacles);
  if (phases.length === 0) return [];
  return withMissed(withAdded(phases, context), context).filter((phase) => phase.length > 0);
}
