/** Steps that move consumers: one update each, and the proof after each wave. */
import { heirText } from '../../derive/heirs.js';
import type { ConsumerKind } from '../../imports.js';
import type { GateName } from '../../policy/decision.js';
import { consumerKey } from '../merge-consumers.js';
import { type PlanContext, titleOf } from '../plan-context.js';
import type { Phase, StepDraft } from '../step-draft.js';
import type { Wave, WaveConsumer } from '../waves.js';
import { consumerAdvice } from './consumer-advice.js';

/** Kinds of consumers whose move a gate proves; the others prove nothing about one consumer. */
const gateKinds: Readonly<Partial<Record<GateName, readonly ConsumerKind[]>>> = {
  auth_success: ['service', 'batch', 'ci', 'agent', 'human-tool', 'test', 'build', 'unknown'],
  error_rate: ['service'],
  queue_health: ['batch'],
  next_run_ok: ['batch'],
  pipeline_green: ['ci', 'build', 'test'],
  agent_resumed_ok: ['agent'],
  third_party_confirmed: ['third-party'],
};

const elsewhere: ReadonlySet<GateName> = new Set(['old_use_zero', 'rollback_rehearsed', 'agent_paused']);

/** Gates of a wave; those that fit none of the plan's consumers belong to the last wave. */
function gatesOf({ decision, waves }: PlanContext, wave: Wave): GateName[] {
  const kindsOf = ({ consumers }: Wave): ReadonlySet<ConsumerKind> =>
    new Set(consumers.map(({ consumer }) => consumer.kind));
  const fits = (gate: GateName, kinds: ReadonlySet<ConsumerKind>): boolean =>
    gateKinds[gate]?.some((kind) => kinds.has(kind)) === true;
  const own = kindsOf(wave);
  const isLast = waves.waves.at(-1) === wave;
  const all = new Set(waves.waves.flatMap(({ consumers }) => consumers.map(({ consumer }) => consumer.kind)));
  return decision.gates.filter(
    (gate) => !elsewhere.has(gate) && (fits(gate, own) || (isLast && !fits(gate, all))),
  );
}

export interface MoveWords {
  /** How to go back, and how long that is possible. */
  readonly rollback: string;
  readonly reversible: boolean;
  /** Put before the advice: what is to be prepared, or with what. */
  readonly preface?: string;
  /** Nobody has the new value yet: what is proved is where they take it from. */
  readonly isPreparation?: boolean;
}

function usesText({ lead }: PlanContext, { uses, isOfChild }: WaveConsumer): string {
  if (!isOfChild) return '';
  const shown = uses.map((fingerprint) => fingerprint.slice(0, 12)).join(', ');
  return ` It uses ${shown}, which was made with ${lead.fingerprint.slice(0, 12)} and ends with it: make that anew as well.`;
}

function updateStep(context: PlanContext, wave: Wave, entry: WaveConsumer, words: MoveWords): StepDraft {
  const { consumer, after } = entry;
  const standIn =
    consumer.formerOwner === undefined ? '' : ` ${heirText(consumer.formerOwner, consumer.owner)}.`;
  const isPaused =
    consumer.kind === 'agent' &&
    words.isPreparation !== true &&
    context.decision.gates.includes('agent_paused');
  return {
    type: 'update',
    key: consumerKey(consumer),
    target: consumerKey(consumer),
    wave: wave.number,
    title: `move ${titleOf(consumer)}`,
    who: consumer.owner ?? context.owner,
    how: `${words.preface ?? ''}${consumerAdvice(consumer)}${usesText(context, entry)}${standIn}`,
    reversible: words.reversible,
    rollback: words.rollback,
    ...(isPaused ? { gates: ['agent_paused'] } : {}),
    ...(after.length === 0 ? {} : { after: after.map((before) => consumerKey(before.consumer)) }),
  };
}

/** What fails now would fail at the switch, when there is no way back. */
const preparedProof =
  'The old value still works: show that each takes it from where the switch will put the new one. ';

function verifyStep(context: PlanContext, wave: Wave, words: MoveWords): StepDraft {
  const gates = gatesOf(context, wave);
  return {
    type: 'verify-new',
    key: `wave ${wave.number}`,
    wave: wave.number,
    title: `proof of wave ${wave.number}`,
    who: context.owner,
    how: `${words.isPreparation === true ? preparedProof : ''}${
      gates.length === 0
        ? `See that every consumer of the wave works${words.isPreparation === true ? '' : ' with the new value'}, and record it; policy asks for no gate.`
        : 'Record the result of each gate; the next wave waits for them.'
    }`,
    reversible: true,
    rollback: words.rollback,
    gates,
  };
}

/** Wave by wave: its updates, then its proof. */
export function movePhases(context: PlanContext, words: MoveWords): Phase[] {
  return context.waves.waves.flatMap((wave) => [
    wave.consumers.map((entry) => updateStep(context, wave, entry, words)),
    [verifyStep(context, wave, words)],
  ]);
}
