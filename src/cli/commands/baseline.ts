/** `sprawl baseline write|check|prune`: the findings that a repository lives with, as a file to commit. */
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { ProblemError } from '../../model/problem.js';
import { findingRecord } from '../../report/finding-record.js';
import { problemLines } from '../../report/receipt-text.js';
import { beginRecord, jsonLine } from '../../report/records.js';
import { counted } from '../../report/safe-text.js';
import { locationLine } from '../../report/text.js';
import type { BaselinedFinding } from '../../scan/baseline-entries.js';
import type { Baseline, BaselineEntry } from '../../suppress/baseline.js';
import { readBaselineFile, writeBaselineFile } from '../baseline-file.js';
import type { Bind, Context } from '../context.js';
import { exitCodes, isIncomplete } from '../exit-codes.js';
import type { RunDeps } from '../services.js';
import { withSession } from '../session.js';
import { mirrorFolder } from '../user-paths.js';
import { refuseDetected, shownText } from '../value-free-text.js';

interface BaselineFlags {
  readonly file?: string;
  readonly reason?: string;
}

export function baselineCommand(bind: Bind): Command {
  const command = new Command('baseline')
    .summary('accept today’s findings in a file to commit')
    .description(
      'A baseline lists the findings that a repository lives with. It works without the key, for teammates, CI and\n' +
        'forks: strong values by a slow salted hash, weak ones by place, path and name. Its findings get the status\n' +
        '"baselined" (with --trust-repo-config and in the hook), so that only new ones fail a run.',
    );
  const add = (name: string, text: string): Command =>
    new Command(name)
      .description(text)
      .argument('[target]', 'repository or folder (default: .)')
      .option('--file <file>', 'the baseline (default: .sprawl/baseline.json at the root of the target)');
  return command
    .addCommand(
      add('write', 'Adds everything that is open now; entries that are there stay.')
        .option('--reason <text>', 'why, noted with each new entry')
        .action(bind(runWrite)),
    )
    .addCommand(
      add(
        'check',
        'Says what is open and not in the baseline (exit code 1), and what is in it for nothing.',
      ).action(bind(runCheck)),
    )
    .addCommand(add('prune', 'Removes the entries that nothing matches any more.').action(bind(runPrune)));
}

interface Current {
  readonly file: string;
  readonly baseline: Baseline;
  readonly existed: boolean;
  readonly findings: readonly BaselinedFinding[];
  readonly incomplete: boolean;
}

/** Scans the target into a temporary database and computes the entries of what is open. */
async function current(context: Context, flags: BaselineFlags, given: string | undefined): Promise<Current> {
  const { services, io } = context;
  const target = await services.targetRoot(resolve(io.cwd, given ?? '.'));
  const file =
    flags.file === undefined ? join(target, '.sprawl', 'baseline.json') : resolve(io.cwd, flags.file);
  const { baseline, existed } = await readBaselineFile(file);
  return withSession(context, 'temporary', async (session) => {
    const deps: RunDeps = { ...session, onEvent: () => {}, signal: context.signal };
    const result = await services.scan(
      {
        targets: [target],
        jobs: availableParallelism(),
        cacheDir: mirrorFolder(io),
        codeCache: true,
        trustRepoConfig: true,
        withoutBaseline: true,
      },
      deps,
    );
    for (const line of problemLines(result.receipt.problems)) await context.tell(`warning: ${line}`);
    const findings: BaselinedFinding[] = [];
    for await (const exposure of session.store.exposures({ statuses: ['open'] })) {
      const open = exposure.locations.filter(({ status }) => status.status === 'open');
      const own = await services.baselineFindings(baseline, exposure, open, deps);
      for (const finding of own) findings.push(finding);
    }
    return { file, baseline, existed, findings, incomplete: isIncomplete(result.receipt, []) };
  });
}

function entriesOf(findings: readonly BaselinedFinding[]): BaselineEntry[] {
  return findings.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
}

async function tellUnread(context: Context, findings: readonly BaselinedFinding[]): Promise<void> {
  const unread = findings.filter(({ entry }) => entry === undefined);
  for (const { location } of unread) {
    const spot = locationLine(location, context.terminal.errorStyle);
    await context.tell(`warning: its value cannot be read again, so no entry can stand for it: ${spot}`);
  }
}

async function runWrite(context: Context, flags: BaselineFlags, target: string | undefined): Promise<number> {
  const reason = flags.reason?.trim();
  if (reason !== undefined) await refuseDetected(context, '--reason', reason);
  const { file, baseline, findings, incomplete } = await current(context, flags, target);
  const { checkBaseline, mergeBaseline } = await import('../../suppress/baseline.js');
  const entries = entriesOf(findings).map((entry) =>
    reason === undefined || reason === '' ? entry : { ...entry, reason },
  );
  const { fresh } = checkBaseline(baseline, entries);
  const merged = mergeBaseline(baseline, fresh);
  await writeBaselineFile(file, merged);
  await tellUnread(context, findings);
  await context.tell(
    `${await shownText(context, file)}: ${counted(merged.entries.length, 'entry', 'entries')}, ${fresh.length} of them new.`,
  );
  return incomplete ? exitCodes.incomplete : exitCodes.clean;
}

async function runCheck(context: Context, flags: BaselineFlags, target: string | undefined): Promise<number> {
  const { file, baseline, findings, incomplete } = await current(context, flags, target);
  const { checkBaseline } = await import('../../suppress/baseline.js');
  const { fresh, stale } = checkBaseline(baseline, entriesOf(findings));
  const isFresh = new Set<BaselineEntry | undefined>([undefined, ...fresh]);
  const shown = findings.filter(({ entry }) => isFresh.has(entry));
  if (context.flags.json === true) await context.out.print(jsonLine(beginRecord(context.version)));
  for (const { exposure, location } of shown) {
    if (context.flags.json === true) {
      await context.out.print(jsonLine(findingRecord(exposure, location, undefined)));
    } else {
      const spot = locationLine(location, context.terminal.style);
      await context.out.printLine(`${exposure.fingerprint.slice(0, 12)}  ${location.kind}  ${spot}`);
    }
  }
  const known = findings.length - shown.length;
  await context.tell(
    `${await shownText(context, file)}: ${counted(shown.length, 'new finding')}, ${known} known, ${counted(stale.length, 'entry', 'entries')} that nothing matches any more.`,
  );
  if (shown.length > 0) return exitCodes.open;
  return incomplete ? exitCodes.incomplete : exitCodes.clean;
}

async function runPrune(context: Context, flags: BaselineFlags, target: string | undefined): Promise<number> {
  const { file, baseline, existed, findings, incomplete } = await current(context, flags, target);
  if (!existed) throw new ProblemError({ code: 'usage', message: `There is no baseline at ${file}.` });
  if (incomplete) {
    await context.tell(
      'The target could not be read whole, so what is missing is not known to be gone: nothing was removed.',
    );
    return exitCodes.incomplete;
  }
  const { pruneBaseline } = await import('../../suppress/baseline.js');
  const pruned = pruneBaseline(baseline, entriesOf(findings));
  const removed = baseline.entries.length - pruned.entries.length;
  if (removed > 0) await writeBaselineFile(file, pruned);
  await context.tell(
    `${await shownText(context, file)}: ${counted(removed, 'entry', 'entries')} removed, ${pruned.entries.length} left.`,
  );
  return exitCodes.clean;
}
