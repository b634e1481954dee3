/** What recording commands print: what was recorded, or why nothing was. */
import { recordOf } from '../../../report/finding-record.js';
import { beginRecord } from '../../../report/records.js';
import type { People } from '../../../rotation/log/people.js';
import type { ChainRecord } from '../../../store/evidence-chain.js';
import type { Context } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { printMasked } from '../../masked-output.js';
import type { Session } from '../../session.js';

export interface Outcome {
  /** For people. */
  readonly lines: readonly string[];
  readonly records: readonly ChainRecord[];
  /** Why it was not accepted. */
  readonly refusals?: readonly string[];
}

/** A record as `--json` prints it. */
export function logRecord(record: ChainRecord, people: People): Record<string, unknown> {
  const { seq, at, actor, action, subject, plan, step, data, prevHash, hash } = record;
  const name = people.nameOf(actor);
  return recordOf({
    type: 'log-record',
    seq,
    at,
    actor,
    actorName: name === actor ? undefined : name,
    action,
    subject,
    plan,
    step,
    data,
    prevHash,
    hash,
  });
}

/** Exit code 1 for what was refused. */
export async function tellOutcome(
  context: Context,
  session: Session,
  people: People,
  { lines, records, refusals = [] }: Outcome,
): Promise<number> {
  if (context.flags.json === true) {
    const all = [
      beginRecord(context.version),
      ...records.map((record) => logRecord(record, people)),
      ...refusals.map((why) => recordOf({ type: 'refused', why })),
    ];
    await printMasked(
      context,
      session,
      all.map((record) => JSON.stringify(record)),
    );
  } else {
    const last = records.at(-1);
    const place = last === undefined ? [] : [`record ${last.seq}, head ${last.hash}`];
    await printMasked(context, session, [...lines, ...refusals.map((why) => `refused: ${why}`), ...place]);
  }
  return refusals.length > 0 ? exitCodes.open : exitCodes.clean;
}
