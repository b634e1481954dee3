/** `sprawl log show`: the records for people, or as JSON Lines with names beside the pseudonyms. */
import { beginRecord } from '../../../report/records.js';
import { wholeSeconds } from '../../../report/safe-text.js';
import { knownRecord } from '../../../rotation/log/known-record.js';
import type { People } from '../../../rotation/log/people.js';
import { recordText } from '../../../rotation/log/record-text.js';
import type { ChainRecord } from '../../../store/evidence-chain.js';
import { openEvidenceLog } from '../../../store/evidence-log.js';
import type { Context } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { printMasked } from '../../masked-output.js';
import { loadImports } from '../../rotation-imports.js';
import { withSession } from '../../session.js';
import { openPeople } from '../people.js';
import { logRecord } from './tell.js';

export interface ShowLogFlags {
  readonly plan?: string;
}

/** Records that are looked at for secrets together. */
const batchSize = 500;

function line(record: ChainRecord, people: People): string {
  const known = knownRecord(record);
  const text = known === undefined ? `${record.action} (of a later version)` : recordText(known, people);
  const plan = record.plan === undefined ? '' : ` ${record.plan}`;
  return `${String(record.seq).padStart(5)}  ${wholeSeconds(record.at)}  ${people.nameOf(record.actor)}${plan}  ${text}`;
}

export async function runShowLog(context: Context, { plan }: ShowLogFlags): Promise<number> {
  return withSession(context, 'read', async (session) => {
    const people = await openPeople(session, await loadImports(context, session, []));
    const isJson = context.flags.json === true;
    let lines: string[] = isJson ? [JSON.stringify(beginRecord(context.version))] : [];
    for (const record of openEvidenceLog(session.store.path, 'read').records()) {
      if (plan !== undefined && record.plan?.startsWith(plan) !== true) continue;
      lines.push(isJson ? JSON.stringify(logRecord(record, people)) : line(record, people));
      if (lines.length < batchSize) continue;
      await printMasked(context, session, lines);
      lines = [];
    }
    if (lines.length > 0) await printMasked(context, session, lines);
    return exitCodes.clean;
  });
}
