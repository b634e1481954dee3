/** `sprawl report`: secrets with their copies from the database, in any format. */
import { Command } from 'commander';
import type { Location } from '../../model/exposure.js';
import { showsOpenOnly } from '../../report/formats.js';
import type { Bind, Context } from '../context.js';
import { ExposureScope } from '../exposure-scope.js';
import {
  addFilterFlags,
  addFormatFlags,
  addJudgeFlags,
  type FilterFlags,
  type FormatFlags,
  filterOf,
  formatOf,
  type JudgeFlags,
} from '../flags.js';
import { requireKnownKinds } from '../known-kind.js';
import { writePrivateFile } from '../private-file.js';
import { readerExitCode } from '../reader-exit-code.js';
import { reportConditions } from '../report-conditions.js';
import { reportPieces } from '../report-output.js';
import { withSession } from '../session.js';
import { summaryLine } from '../summary.js';

interface ReportFlags extends FilterFlags, FormatFlags, JudgeFlags {
  readonly output?: string;
  readonly conditions?: boolean;
}

export function reportCommand(bind: Bind): Command {
  const command = new Command('report')
    .summary('secrets with their copies, in any format')
    .description(
      'Reports what the database holds. Text, md, html and gitlab show open copies, the other formats all but vanished ones.',
    )
    .option('-o, --output <file>', 'write there (mode 0600) instead of stdout')
    .option(
      '--conditions',
      'what holds of each secret, and which controls that is evidence against; takes longer',
    )
    .action(bind(runReport));
  return addJudgeFlags(addFilterFlags(addFormatFlags(command)));
}

function shownUnder(flags: ReportFlags, openOnly: boolean): (location: Location) => boolean {
  const wanted = flags.status;
  if (wanted !== undefined) return ({ status }) => wanted.includes(status.status);
  if (flags.all === true) return () => true;
  if (openOnly) return ({ status }) => status.status === 'open';
  return ({ status }) => status.status !== 'vanished';
}

async function runReport(context: Context, flags: ReportFlags): Promise<number> {
  const format = formatOf(context, flags.format);
  return withSession(context, 'read', async (session) => {
    const { store, keys } = session;
    await requireKnownKinds(context, store, flags.kind);
    const places = flags.place;
    const scope = new ExposureScope({
      inScope: ({ place }) => places === undefined || places.includes(place),
      shown: shownUnder(flags, showsOpenOnly(format)),
      failOn: flags.failOn ?? 'any',
    });
    const filter = filterOf(flags, undefined);
    const coverage = (await store.coverage()).filter(({ place }) => places?.includes(place) ?? true);
    const deps = { store, keys, onEvent: () => {}, signal: context.signal };
    const pieces = reportPieces(context, {
      format,
      exposures: scope.filter(store.exposures(filter)),
      coverage,
      ...(flags.conditions === true && { conditions: await reportConditions(context, session) }),
      ...(flags.showSecrets === true && { reveal: (location) => context.services.reveal(location, deps) }),
    });
    if (flags.output === undefined) await context.out.printAll(pieces);
    else await writePrivateFile(context.io.cwd, flags.output, pieces);
    await context.tell(summaryLine(scope, coverage.length, context.terminal));
    return readerExitCode(flags, scope.failing, coverage, await store.acceptedGaps());
  });
}
