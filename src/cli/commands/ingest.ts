/** `sprawl ingest FILE...`: takes over what people and other tools state, recognised by what the files say. */
import { Command } from 'commander';
import { beginRecord, jsonLine } from '../../report/records.js';
import { counted, safeText } from '../../report/safe-text.js';
import { importKinds } from '../../rotation/import/read-import.js';
import type { ColumnMap } from '../../rotation/import/table.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { printMasked } from '../masked-output.js';
import type { RecordedGates } from '../rotation/record-gates.js';
import { addRotationFlags, type RotationFlags } from '../rotation/rotation-flags.js';
import { type Session, withSession } from '../session.js';
import { storeImports } from '../store-imports.js';
import { mapOption, tellStored } from './inventory.js';

interface IngestFlags extends RotationFlags {
  readonly map?: ColumnMap;
  readonly as?: string;
}

export function ingestCommand(bind: Bind): Command {
  const command = new Command('ingest')
    .summary('take over what people and other tools state')
    .description(
      'Takes over inventories, lists of people, vault maps, results of liveness checks, attestations and gate results,\n' +
        'recognised by what they say. Nothing in them may be a secret value: they name fingerprints. Gate results are judged as\n' +
        'by "plan gate" and recorded in the evidence log; exit code 1 when one was refused.',
    )
    .argument('<files...>', 'YAML, CSV or JSON Lines')
    .addOption(mapOption())
    .option('--as <name>', 'keep the statements of the file under this name');
  return addRotationFlags(command).action(bind(runIngest));
}

async function runIngest(context: Context, flags: IngestFlags, files: readonly string[]): Promise<number> {
  return withSession(context, 'write', async (session) => {
    const { stored, gates } = await storeImports(context, session, files, { ...flags, kinds: importKinds });
    if (stored.length > 0 || gates.length === 0) await tellStored(context, session, stored);
    else if (context.flags.json === true) await context.out.print(jsonLine(beginRecord(context.version)));
    if (gates.length === 0) return exitCodes.clean;
    const { recordGates } = await import('../rotation/record-gates.js');
    let isRefused = false;
    for (const { file, results } of gates) {
      const recorded = await recordGates(context, session, results, flags);
      if (recorded.refused.length > 0) isRefused = true;
      await tellGates(context, session, file, recorded);
    }
    return isRefused ? exitCodes.open : exitCodes.clean;
  });
}

async function tellGates(
  context: Context,
  session: Session,
  file: string,
  { accepted, known, refused, advice }: RecordedGates,
): Promise<void> {
  if (context.flags.json === true) {
    const counts = { type: 'gateResults', file, accepted, known, refused: refused.length };
    const records = [counts, ...refused.map((why) => ({ type: 'refused', why }))];
    await printMasked(context, session, [records.map(jsonLine).join('').trimEnd()]);
    return;
  }
  await context.tell(
    safeText(
      `${file}: ${counted(accepted + known + refused.length, 'gate result')}, ${accepted} accepted, ${known} recorded before, ${refused.length} refused.`,
    ),
  );
  const lines = [...refused.map((why) => `refused: ${why}`), ...advice].map(safeText);
  if (lines.length > 0) await printMasked(context, session, lines);
}
