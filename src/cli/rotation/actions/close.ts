/** `sprawl plan close`: the evidence is complete, or what is missing is said. */
import { ProblemError } from '../../../model/problem.js';
import { type Acceptance, judgeClosing } from '../../../rotation/log/close-rules.js';
import type { Context } from '../../context.js';
import { type FoundPlan, findPlan } from '../find-plan.js';
import { itself } from '../record.js';
import { planEntries } from '../record-plans.js';
import { type Recording, withRecording } from '../recording.js';
import type { RecordingFlags } from '../recording-flags.js';
import { tellOutcome } from './tell.js';

export interface CloseFlags extends RecordingFlags {
  readonly accept?: readonly string[];
  readonly custodian?: readonly string[];
}

/** Each place with who accepts it: one name for all, or one for each. */
function acceptances(
  { accept = [], custodian = [] }: CloseFlags,
  { dossiers }: FoundPlan,
  { named }: Recording,
): Acceptance[] {
  if (accept.length > 0 && custodian.length !== 1 && custodian.length !== accept.length) {
    throw new ProblemError({
      code: 'usage',
      message: 'Each --accept needs a --custodian, or one --custodian all of them.',
    });
  }
  const locations = dossiers.flatMap(({ copies }) => copies.map(({ location }) => location));
  return accept.map((text, index) => {
    const name = custodian[index] ?? custodian[0] ?? '';
    const place = locations.find(({ place: key, placeName }) => key === text || placeName === text)?.place;
    if (place === undefined) {
      throw new ProblemError({
        code: 'not-found',
        message: 'A place that is to be accepted holds no copy of the secret.',
        hint: 'Name it as "sprawl where" does, by key or by name.',
      });
    }
    named(name);
    return { place, custodian: name };
  });
}

export async function runClose(context: Context, flags: CloseFlags, text: string): Promise<number> {
  return withRecording(context, flags, async (recording) => {
    const { session, rotation, actor } = recording;
    const { people, state, policy } = rotation;
    const found = await findPlan(rotation, text);
    const { plan, dossiers } = found;
    const accepted = acceptances(flags, found, recording);
    const { faults, entries } = judgeClosing({ plan, state, dossiers, people }, accepted);
    if (faults.length > 0) {
      const refusals = faults.map((fault) => `plan ${plan.id} is not closed: ${fault}`);
      return tellOutcome(context, session, people, { lines: [], records: [], refusals });
    }
    const records = await recording.appendAll([
      { actor: itself, entries: planEntries([plan], state, policy) },
      { actor, entries },
    ]);
    const lines = [`plan ${plan.id} is closed`];
    return tellOutcome(context, session, people, { lines, records });
  });
}
