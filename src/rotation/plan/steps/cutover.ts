/** Steps of a change in one go, where only one value can be valid. */
import type { GateName } from '../../policy/decision.js';
import type { PlanContext } from '../plan-context.js';
import type { Phase, StepDraft } from '../step-draft.js';
import { checkNote, commandOf, isChosenByHolder, vaultOf } from './provider-words.js';

const switchGates: readonly GateName[] = ['rollback_rehearsed', 'agent_paused'];

/** True when the old value can be set again: nobody else drew it. */
export function canGoBack(context: PlanContext): boolean {
  return isChosenByHolder(context);
}

function freezeStep(context: PlanContext): StepDraft {
  const { owner, decision, consumers } = context;
  const agents = consumers.some(({ consumer }) => consumer.kind === 'agent');
  const window = decision.windows.length === 0 ? '' : ` Windows: ${decision.windows.join(' and ')}.`;
  return {
    type: 'freeze',
    title: 'freeze everything that uses it',
    who: owner,
    how:
      `Agree on a time with every consumer, rehearse the switch and the way back on what is not production, stop deployments ` +
      `and scheduled runs${agents ? ', and pause agents' : ''}.${window}`,
    reversible: true,
    rollback: 'lift the freeze',
    gates: decision.gates.filter((gate) => switchGates.includes(gate)),
  };
}

/** What the holder chooses can be made ready; what a provider draws ends the old value the moment it is made. */
export function prepareValueStep(context: PlanContext): StepDraft | undefined {
  if (!canGoBack(context)) return undefined;
  return {
    type: 'issue',
    title: 'make the new value ready, without setting it',
    who: context.owner,
    how: `Make a long random value, put it straight into ${vaultOf(context)} beside the old one, and record only its fingerprint (sprawl fingerprint -). It is set at the switch, not before.`,
    reversible: true,
    rollback: 'delete the new value; nothing accepts it yet',
  };
}

function switchStep(context: PlanContext): StepDraft {
  const { row, owner } = context;
  const canReturn = canGoBack(context);
  return {
    type: 'switch',
    title: 'switch',
    who: owner,
    how:
      `Change the value and let all consumers take it at once. The provider's way: ${row.rotate === '' ? 'not known' : row.rotate}` +
      `${checkNote(row)} The old value ends here.${canReturn ? '' : ` Put the new one straight into ${vaultOf(context)} and record only its fingerprint (sprawl fingerprint -).`}`,
    ...commandOf(row.commands.issue ?? row.commands.revoke),
    reversible: canReturn,
    rollback: canReturn
      ? 'set the old value again: only while it is contained otherwise, recorded, and until the first purge'
      : 'none: the old value cannot be had again; make another new one and switch once more',
  };
}

function verifySwitch(context: PlanContext): StepDraft {
  const { owner, decision } = context;
  return {
    type: 'verify-new',
    key: 'switch',
    title: 'proof of the switch',
    who: owner,
    how: 'Record the result of each gate before the freeze is lifted.',
    reversible: true,
    rollback: canGoBack(context)
      ? 'go to rollback'
      : 'no way back to the old value: make another new one and switch once more',
    gates: decision.gates.filter((gate) => !switchGates.includes(gate) && gate !== 'old_use_zero'),
  };
}

function rollbackStep({ owner, row }: PlanContext): StepDraft {
  return {
    type: 'rollback',
    title: 'only if the proof fails: go back',
    who: owner,
    how: `Set the old value again and let all consumers take it${checkNote(row)}. It is exposed: contain it otherwise, and record that it is valid again.`,
    reversible: true,
    rollback: 'switch again',
    isAside: true,
  };
}

/** Freeze, switch, proof, and the way back where there is one. */
export function cutoverPhases(context: PlanContext): Phase[] {
  const phases: Phase[] = [[freezeStep(context)], [switchStep(context)], [verifySwitch(context)]];
  return canGoBack(context) ? [...phases, [rollbackStep(context)]] : phases;
}
