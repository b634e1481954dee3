/** `sprawl inventory check|import|list|remove`: what people state of identities, their owners and consumers. */
import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ProblemError } from '../../model/problem.js';
import { beginRecord, jsonLine } from '../../report/records.js';
import { counted, safeText } from '../../report/safe-text.js';
import type { ImportFault } from '../../rotation/import/source.js';
import type { ColumnMap } from '../../rotation/import/table.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { type CheckedImport, checkImport, faultText } from '../import-file.js';
import { faultLine, matchRecords, storedLine } from '../import-records.js';
import { matchLines, storedText } from '../import-text.js';
import { printMasked } from '../masked-output.js';
import { loadImports } from '../rotation-imports.js';
import { type Session, withSession } from '../session.js';
import { type StoredImport, storeImports } from '../store-imports.js';
import { findReports, reportFaults } from '../store-reports.js';
import { databasePath } from '../user-paths.js';
import { shownText } from '../value-free-text.js';

interface ImportFlags {
  readonly map?: ReadonlyMap<string, string>;
  readonly as?: string;
  readonly now?: string;
}

/** `owner=assigned_to` of `--map`. */
function addColumn(text: string, previous: ColumnMap | undefined): ColumnMap {
  const [, ours = '', theirs = ''] = /^([a-z_]+)=(.+)$/.exec(text) ?? [];
  if (ours === '')
    throw new InvalidArgumentError('Give a column of ours and one of the file: owner=assigned_to.');
  if (previous?.has(ours) === true) throw new InvalidArgumentError(`The column ${ours} is mapped already.`);
  return new Map([...(previous ?? []), [ours, theirs]]);
}

export function mapOption(): Option {
  return new Option('--map <column=theirs>', 'a CSV file calls this column otherwise (repeatable)').argParser(
    addColumn,
  );
}

export function inventoryCommand(bind: Bind): Command {
  return new Command('inventory')
    .summary('owners, consumers and facts that people state')
    .description(
      'Checks and takes over an inventory: whose secrets are, what uses them, what rotating them takes.',
    )
    .addCommand(
      new Command('check')
        .description(
          'Checks files without storing anything: inventories (YAML or CSV), and all that "ingest" takes. Each fault as\n' +
            'file:line:column; exit code 1 when there are faults.',
        )
        .argument('<files...>', 'the files')
        .addOption(mapOption())
        .action(bind(runCheck)),
    )
    .addCommand(
      new Command('import')
        .description(
          'Takes inventories over, in place of the last version of files of their names, and says how many secrets each\n' +
            'entry is about, which are about none, and which compete.',
        )
        .argument('<files...>', 'inventories, YAML or CSV')
        .addOption(mapOption())
        .option('--as <name>', 'keep the statements of the file under this name')
        .option('--now <time>', 'take this for the present time (RFC 3339)')
        .action(bind(runImport)),
    )
    .addCommand(
      new Command('list')
        .description('Lists the entries that are stored, with the number of secrets that each is about.')
        .action(bind(runList)),
    )
    .addCommand(
      new Command('remove')
        .description('Takes back all that a file stated, or that a report of another scanner told of.')
        .argument('<name>', 'name of the file, as "inventory list" or "ingest" shows it')
        .action(bind(runRemove)),
    );
}

/** With the database where there is one: then copies of known secrets are found as well. */
async function checkAll(
  context: Context,
  flags: ImportFlags,
  files: readonly string[],
): Promise<CheckedImport[]> {
  const options = flags.map === undefined ? {} : { map: flags.map };
  const check = async (session?: Session): Promise<CheckedImport[]> => {
    const checked: CheckedImport[] = [];
    for (const file of files)
      checked.push(
        await checkImport(context, file, session === undefined ? options : { ...options, session }),
      );
    return checked;
  };
  return existsSync(databasePath(context.io, context.flags.db).path)
    ? withSession(context, 'read', check)
    : check();
}

async function runCheck(context: Context, flags: ImportFlags, files: readonly string[]): Promise<number> {
  const { reports, others } = await findReports(context, files);
  const checked = await checkAll(context, flags, others);
  const faults: readonly ImportFault[] = checked.flatMap((one) => one.faults);
  const inReports = reports.flatMap(reportFaults);
  const ok = faults.length + inReports.length === 0;
  if (context.flags.json === true) {
    await context.out.print(jsonLine(beginRecord(context.version)));
    for (const fault of faults) await context.out.print(await context.services.maskSecrets(faultLine(fault)));
    await context.out.print(
      await context.services.maskSecrets(
        jsonLine({ type: 'check', ok, faults: [...faults.map(faultText), ...inReports] }),
      ),
    );
    return ok ? exitCodes.clean : exitCodes.open;
  }
  for (const fault of [...faults.map(faultText), ...inReports])
    await context.out.printLine(await shownText(context, fault));
  const omitted = checked.reduce((sum, one) => sum + one.omitted, 0);
  if (omitted > 0) await context.tell(`${counted(omitted, 'more fault')} not listed.`);
  for (const { file, report } of reports) {
    const end = report.faultCount === 0 ? 'no fault' : counted(report.faultCount, 'fault');
    await context.tell(
      `${await shownText(context, file)}: ${safeText(report.tool)}, ${counted(report.rows.length, 'finding')}, ${end}.`,
    );
  }
  for (const { file, kind, imports, faults: own } of checked) {
    const name = await shownText(context, file);
    if (own.length > 0) await context.tell(`${name}: ${counted(own.length, 'fault')}.`);
    else {
      const things = Object.values(imports).reduce((sum, list) => sum + list.length, 0);
      await context.tell(
        `${name}: ${safeText(kind ?? 'nothing')}, ${counted(things, 'statement')}, no fault.`,
      );
    }
  }
  return ok ? exitCodes.clean : exitCodes.open;
}

/** Prints what was stored and what all stored statements are about now. */
export async function tellStored(
  context: Context,
  session: Session,
  stored: readonly StoredImport[],
): Promise<void> {
  const { matchReport } = await import('../../rotation/import/match-report.js');
  const imports = await loadImports(context, session, []);
  const providers = await context.services.providerTable(context.io.cwd);
  const report = await matchReport({ imports, providers }, session.store.exposures({}));
  if (context.flags.json === true) {
    await context.out.print(jsonLine(beginRecord(context.version)));
    const records = [...stored.map(storedLine), ...matchRecords(report)];
    if (records.length > 0) await printMasked(context, session, [records.join('').trimEnd()]);
    return;
  }
  for (const one of stored) await context.tell(storedText(one));
  const lines = [...matchLines(report)];
  if (lines.length > 0) await printMasked(context, session, lines);
}

async function runImport(context: Context, flags: ImportFlags, files: readonly string[]): Promise<number> {
  return withSession(context, 'write', async (session) => {
    const { stored } = await storeImports(context, session, files, { ...flags, kinds: ['inventory'] });
    await tellStored(context, session, stored);
    return exitCodes.clean;
  });
}

async function runList(context: Context): Promise<number> {
  return withSession(context, 'read', async (session) => {
    await tellStored(context, session, []);
    return exitCodes.clean;
  });
}

async function runRemove(context: Context, _flags: object, name: string): Promise<number> {
  return withSession(context, 'write', async ({ store }) => {
    const removed = await store.removeStatements(name);
    const { erased } = removed > 0 ? { erased: 0 } : await store.forget({ report: name });
    if (erased > 0) {
      await context.tell(`Took back ${counted(erased, 'copy', 'copies')} that a report told of.`);
      return exitCodes.clean;
    }
    if (removed === 0) {
      throw new ProblemError({ code: 'not-found', message: 'No file of that name was imported.' });
    }
    await context.tell(`Took back ${counted(removed, 'statement')}.`);
    return exitCodes.clean;
  });
}
