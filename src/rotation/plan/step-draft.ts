/** Steps before they are numbered: phases of drafts, each phase waiting for the one before. */
import type { Copy } from '../dossier.js';
import { codePointOrder } from '../order.js';
import type { GateName } from '../policy/decision.js';
import { hexOf } from './digest.js';
import type { Step, StepType } from './plan.js';

export interface StepDraft {
  readonly type: StepType;
  readonly title: string;
  readonly who: string;
  readonly how: string;
  readonly command?: string;
  readonly target?: string;
  /** What tells it from others of its type; only for types of which a plan may have several. */
  readonly key?: string;
  readonly wave?: number;
  readonly reversible: boolean;
  readonly rollback?: string;
  readonly gates?: readonly GateName[];
  readonly due?: string;
  readonly copies?: readonly Copy[];
  readonly sources?: readonly string[];
  /** Keys of steps of the same phase that come before it. */
  readonly after?: readonly string[];
  /** Done only when something fails: nothing waits for it. */
  readonly isAside?: boolean;
}

/** Steps that may be done side by side, once those of the phase before are done. */
export type Phase = readonly StepDraft[];

/** A step before anybody looked into the log: still to do. */
export type PlannedStep = Omit<Step, 'record'> & { readonly state: 'todo' };

const idDigits = 6;
const longestId = 64;

/** Id of a step of which a plan may have several, as long as no two keys begin with the same digits. */
export function stepId(type: StepType, key: string, digits: number = idDigits): string {
  return `${type}-${hexOf(key, digits)}`;
}

/** An id for each draft: long enough to tell those of one type apart. */
function idsOf(drafts: readonly StepDraft[]): string[] {
  const taken = new Set<string>();
  return drafts.map(({ type, key }) => {
    for (let digits = idDigits; digits <= longestId; digits += 2) {
      const id = key === undefined ? type : stepId(type, key, digits);
      if (taken.has(id) && key !== undefined) continue;
      taken.add(id);
      return id;
    }
    throw new TypeError(`two steps of a plan are the same: ${type}`);
  });
}

/** Written out: a rest of the draft would be a slow object, and a large estate has a million steps. */
function planned(draft: StepDraft, id: string, number: number, needs: readonly string[]): PlannedStep {
  const { type, target, title, who, how, command, wave, reversible, rollback, gates = [], due } = draft;
  const { copies, sources } = draft;
  return {
    type,
    ...(target === undefined ? {} : { target }),
    title,
    who,
    how,
    ...(command === undefined ? {} : { command }),
    ...(wave === undefined ? {} : { wave }),
    reversible,
    ...(rollback === undefined ? {} : { rollback }),
    ...(due === undefined ? {} : { due }),
    ...(copies === undefined ? {} : { copies }),
    ...(sources === undefined ? {} : { sources }),
    id,
    number,
    needs,
    gates,
    state: 'todo',
  };
}

/** Steps in order, each with the ids of those that it waits for. */
export function numberedSteps(phases: readonly Phase[]): PlannedStep[] {
  const ids = idsOf(phases.flat());
  const steps: PlannedStep[] = [];
  let needed: readonly string[] = [];
  for (const phase of phases) {
    if (phase.length === 0) continue;
    const own = phase.map((_, index) => ids[steps.length + index] ?? '');
    const byKey = new Map(phase.map(({ key }, index) => [key, own[index] ?? '']));
    const drafted = phase.map((draft, index) => {
      const inner = (draft.after ?? []).flatMap((key) => byKey.get(key) ?? []);
      const needs = inner.length === 0 ? needed : [...needed, ...inner].sort(codePointOrder);
      return planned(draft, own[index] ?? '', steps.length + index + 1, needs);
    });
    steps.push(...drafted);
    const waitedFor = own.filter((_, index) => phase[index]?.isAside !== true);
    if (waitedFor.length > 0) needed = waitedFor.sort(codePointOrder);
  }
  return steps;
}
