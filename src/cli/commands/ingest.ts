/** `sprawl ingest FILE...`: takes over what people and other tools state, recognised by what the files say. */
import { Command, Option } from 'commander';
import { type PeopleMode, peopleModes } from '../../model/people-mode.js';
import { ProblemError } from '../../model/problem.js';
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
import { findReports, isIncomplete, storeReports, tellReports } from '../store-reports.js';
import { mapOption, tellStored } from './inventory.js';

interface IngestFlags extends RotationFlags {
  readonly map?: ColumnMap;
  readonly as?: string;
  readonly of?: string;
  readonly strip?: string;
  readonly people?: PeopleMode;
}

export function ingestCommand(bind: Bind): Command {
  const command = new Command('ingest')
    .summary('take over what people and other tools state')
    .description(
      'Takes over what files say, recognised by their content.\n\n' +
        'Reports of scanners (gitleaks, betterleaks, TruffleHog, detect-secrets, Kingfisher, Nosey Parker, ggshield, secretlint,\n' +
        'SARIF of any): each value becomes a secret at the place, path, line and commit that the report names; nothing raw is\n' +
        'kept. Exit code 3 when something in a report could not be read or placed.\n\n' +
        'Inventories, lists of people, vault maps, results of liveness checks, attestations and gate results: nothing in them may\n' +
        'be a secret value, they name fingerprints. Gate results are judged as by "plan gate" and recorded in the evidence log;\n' +
        'exit code 1 when one was refused.',
    )
    .argument('<files...>', 'JSON, JSON Lines, SARIF, YAML or CSV')
    .addOption(mapOption())
    .option('--as <name>', 'keep what the file says under this name')
    .option('--of <target>', 'repository, folder, URL or known place that a report is about')
    .option('--strip <prefix>', 'beginning of the paths in a report that is not part of that place')
    .addOption(new Option('--people <mode>', 'how authors of records are kept').choices(peopleModes));
  return addRotationFlags(command).action(bind(runIngest));
}

async function runIngest(context: Context, flags: IngestFlags, files: readonly string[]): Promise<number> {
  return withSession(context, 'write', async (session) => {
    if (flags.as !== undefined && files.length > 1)
      throw new ProblemError({ code: 'usage', message: '--as names what one file says.' });
    const { reports, others } = await findReports(context, files);
    const taken = await storeImports(context, session, others, { ...flags, kinds: importKinds });
    const { stored, gates } = taken;
    if (stored.length > 0) await tellStored(context, session, stored);
    else if (context.flags.json === true) await context.out.print(jsonLine(beginRecord(context.version)));
    const told = await storeReports(context, session, reports, flags);
    await tellReports(context, session, told);
    const done = told.some(isIncomplete) ? exitCodes.incomplete : exitCodes.clean;
    if (gates.length === 0) return done;
    const { recordGates } = await import('../rotation/record-gates.js');
    let isRefused = false;
    for (const { file, results } of gates) {
      const recorded = await recordGates(context, session, results, flags);
      if (recorded.refused.length > 0) isRefused = true;
      await tellGates(context, session, file, recorded);
    }
    return isRefused ? exitCodes.open : done;
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
