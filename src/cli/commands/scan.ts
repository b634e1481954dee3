/** `sprawl scan`: reads targets into the database and reports what is open in them. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { KnownLiteral } from '../../detect/literal-search.js';
import type { Location } from '../../model/exposure.js';
import type { KnownAnchor } from '../../model/finding.js';
import { type PeopleMode, peopleModes } from '../../model/people-mode.js';
import { exportSystems } from '../../model/place.js';
import { ProblemError } from '../../model/problem.js';
import { type ReportFormat, showsOpenOnly } from '../../report/formats.js';
import { problemLines, receiptLines } from '../../report/receipt-text.js';
import { safeText } from '../../report/safe-text.js';
import type { ScanEvent, ScanOptions, ScanResult } from '../../scan/messages.js';
import type { Bind, Context } from '../context.js';
import { isIncomplete, nothingScanned, openGaps, scanExitCode } from '../exit-codes.js';
import { ExposureScope } from '../exposure-scope.js';
import {
  addFormatFlags,
  addJudgeFlags,
  collect,
  type FormatFlags,
  formatOf,
  type JudgeFlags,
} from '../flags.js';
import { compilePatiently } from '../patient-compiler.js';
import { Progress } from '../progress.js';
import { parseCount, parseDuration, parseSize } from '../quantities.js';
import { reportPieces } from '../report-output.js';
import { readSecrets } from '../secret-input.js';
import type { RunDeps } from '../services.js';
import { type Session, withSession } from '../session.js';
import { summaryLine, suppressionLines } from '../summary.js';
import { targetList } from '../target-list.js';
import { mirrorFolder } from '../user-paths.js';

/** A shorter value is a part of everything. */
const minLiteralBytes = 4;

interface ScanFlags extends FormatFlags, JudgeFlags {
  readonly targetsFrom?: string;
  readonly staged?: boolean;
  readonly range?: string;
  /** False under `--no-history`. */
  readonly history: boolean;
  readonly worktreeOnly?: boolean;
  readonly alternates?: boolean;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly place?: string;
  readonly system?: string;
  readonly baseUrl?: string;
  readonly includeDirect?: boolean;
  readonly people?: PeopleMode;
  readonly hashAttributes?: boolean;
  readonly known?: string;
  /** False under `--no-store`. */
  readonly store: boolean;
  readonly jobs?: number;
  readonly maxMemory?: number;
  readonly timeout?: number;
  readonly trustOwner?: boolean;
  readonly trustRepoConfig?: boolean;
  readonly vendor?: boolean;
  readonly config?: string;
  readonly baseline?: string;
  readonly allowEmpty?: boolean;
}

export function scanCommand(bind: Bind): Command {
  const command = new Command('scan')
    .summary('read repositories, folders, files and archives into the database')
    .description(
      'Reads every target (a repository by path or URL, a folder, a file, an archive, "-" for stdin; default ".")\n' +
        'into the database and reports the secrets that are open in them.',
    )
    .argument('[targets...]', 'what to read')
    .option('--targets-from <file>', 'more targets, one a line; "-" for stdin')
    .option('--staged', 'only what is staged for the next commit')
    .option('--range <A..B>', 'only commits in this range')
    .option('--no-history', 'only tips and the work tree')
    .option('--worktree-only', 'only files of the work tree')
    .option('--alternates', 'also read objects that the store borrows from others')
    .option('--include <glob>', 'only paths that match; may be repeated', collect)
    .option('--exclude <glob>', 'no paths that match; may be repeated', collect)
    .option('--vendor', 'also read vendor and build trees')
    .addOption(
      new Option('--system <name>', 'read every file as an export of this system').choices(exportSystems),
    )
    .option('--base-url <url>', 'site of an export that does not name it, for links')
    .option('--include-direct', 'also read direct messages of chats')
    .addOption(
      new Option('--people <mode>', 'authors of messages and tickets (default: pseudonym)').choices(
        peopleModes,
      ),
    )
    .option(
      '--hash-attributes',
      'keep user names, hosts and subjects beside values as keyed hashes; the database does so from then on',
    )
    .option('--place <key>', 'key of the place, for a single target')
    .option('--known <->', 'also look for the values on stdin, one a line')
    .option('--no-store', 'keep nothing: a temporary database')
    .option('--jobs <n>', 'workers (default: one per core)', parseCount)
    .option('--max-memory <size>', 'take fewer workers, so as to stay below this much, e.g. 1g', parseSize)
    .option('--timeout <time>', 'most time for one document (default: 60s)', parseDuration)
    .option('--trust-owner', 'read repositories that belong to somebody else')
    .option(
      '--trust-repo-config',
      'let the inline marks, .sprawl folder and ignore lists of the target count',
    )
    .option('--config <file>', 'use this configuration instead of the .sprawl/config.yaml of the targets')
    .option('--baseline <file>', 'use this baseline instead of the .sprawl/baseline.json of the targets')
    .option('--allow-empty', 'exit 0 although nothing was there to scan')
    .action(bind(runScan));
  return addJudgeFlags(addFormatFlags(command));
}

function scanOptions(flags: ScanFlags, targets: readonly string[], context: Context): ScanOptions {
  if (flags.place !== undefined && targets.length > 1) {
    throw new ProblemError({
      code: 'usage',
      message: '--place names one place, but there are several targets.',
    });
  }
  if (flags.staged === true && flags.range !== undefined) {
    throw new ProblemError({ code: 'usage', message: '--staged and --range exclude each other.' });
  }
  return {
    targets,
    jobs: flags.jobs ?? availableParallelism(),
    cacheDir: mirrorFolder(context.io),
    codeCache: true,
    noHistory: !flags.history,
    staged: flags.staged ?? false,
    worktreeOnly: flags.worktreeOnly ?? false,
    alternates: flags.alternates ?? false,
    trustOwner: flags.trustOwner ?? false,
    trustRepoConfig: flags.trustRepoConfig ?? false,
    vendor: flags.vendor ?? false,
    ...(flags.range !== undefined && { range: flags.range }),
    ...(flags.include && { include: flags.include }),
    ...(flags.exclude && { exclude: flags.exclude }),
    ...(flags.place !== undefined && { place: flags.place }),
    ...exportOptions(flags),
    ...(flags.hashAttributes === true && { hashAttributes: true }),
    ...(flags.config !== undefined && { configFile: resolve(context.io.cwd, flags.config) }),
    ...(flags.baseline !== undefined && { baselineFile: resolve(context.io.cwd, flags.baseline) }),
    ...(flags.maxMemory !== undefined && { maxMemory: flags.maxMemory }),
    ...(flags.timeout !== undefined && { timeoutMs: flags.timeout }),
  };
}

function exportOptions({ system, baseUrl, includeDirect, people }: ScanFlags): Partial<ScanOptions> {
  return {
    ...(system !== undefined && { system }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(includeDirect === true && { includeDirect }),
    ...(people !== undefined && { people }),
  };
}

async function knownValues(
  flags: ScanFlags,
  context: Context,
  session: Session,
): Promise<Pick<ScanOptions, 'knownValues' | 'knownLiterals'>> {
  if (flags.known === undefined) return {};
  if (flags.known !== '-') {
    throw new ProblemError({
      code: 'usage',
      message: '--known takes "-": values are read from stdin, never from the argument list or a named file.',
    });
  }
  const anchors: KnownAnchor[] = [];
  const literals: KnownLiteral[] = [];
  for (const value of await readSecrets(context.io)) {
    const forms = await context.services.formsOf(value.reveal(), session.keys);
    anchors.push(...forms.map((form) => form.anchor).filter((anchor) => anchor !== undefined));
    // The literal form decides: a decoded reading says nothing of the value itself.
    if (forms[0]?.anchor === undefined) {
      if (value.byteLength < minLiteralBytes) {
        await context.tell(
          'warning: a value on stdin is shorter than 4 bytes and would stand everywhere; it was left out.',
        );
      } else literals.push(await context.services.literalOf(value, session.keys));
    }
  }
  return { knownValues: anchors, ...(literals.length === 0 ? {} : { knownLiterals: literals }) };
}

/** Runs the scan with progress and problems on stderr. */
async function scanWithProgress(
  context: Context,
  session: Session,
  options: ScanOptions,
): Promise<ScanResult> {
  const { terminal, io } = context;
  const progress = terminal.showsProgress ? new Progress(io.stderr, terminal.width) : undefined;
  let undo: (() => void) | undefined;
  const onEvent = (event: ScanEvent): void => {
    // Where nothing is new nothing is read, and the compiler is left alone.
    if (event.type === 'progress') undo ??= compilePatiently();
    progress?.accept(event);
  };
  const deps: RunDeps = { ...session, onEvent, signal: context.signal };
  try {
    return await context.services.scan(options, deps);
  } finally {
    undo?.();
    progress?.clear();
  }
}

/** What this scan saw: in its places, and confirmed by it. Copies known only from earlier scans stay out. */
function seenBy(result: ScanResult): (location: Location) => boolean {
  const places = new Set<string>(result.places.map(({ place }) => place.key));
  return (location) =>
    places.has(location.place) && location.lastScan >= result.scan && location.status.status !== 'vanished';
}

async function tellResult(context: Context, scope: ExposureScope, result: ScanResult): Promise<void> {
  const { receipt } = result;
  for (const line of problemLines(receipt.problems)) await context.tell(`warning: ${line}`);
  for (const note of result.notes ?? []) await context.tell(`warning: ${safeText(note)}`);
  // A repository and its work tree are two roots of one place.
  const places = new Set(result.places.map(({ place }) => place.key)).size;
  const problems = Object.values(receipt.gaps).reduce((sum, count) => sum + (count ?? 0), 0);
  if (problems > receipt.problems.length) {
    await context.tell(`warning: ${problems - receipt.problems.length} more problems, counted below`);
  }
  await context.tell(summaryLine(scope, places, context.terminal));
  for (const line of suppressionLines(scope.suppressed)) await context.tell(line);
  for (const line of receiptLines(receipt)) await context.tell(line);
}

async function report(
  context: Context,
  session: Session,
  result: ScanResult,
  flags: ScanFlags,
  format: ReportFormat,
): Promise<ExposureScope> {
  const openOnly = showsOpenOnly(format);
  const scope = new ExposureScope({
    inScope: seenBy(result),
    shown: (location) => !openOnly || flags.all === true || location.status.status === 'open',
    failOn: flags.failOn ?? 'any',
    scan: result.scan,
  });
  const roots = result.places.map(({ place, locator }) => ({ place: place.key, locator }));
  const keys = new Set<string>(roots.map(({ place }) => place));
  const deps: RunDeps = { ...session, onEvent: () => {}, signal: context.signal };
  const pieces = reportPieces(context, {
    format,
    exposures: scope.filter(session.store.exposures({ roots })),
    coverage: (await session.store.coverage()).filter(({ place }) => keys.has(place)),
    receipt: result.receipt,
    scan: result.scan,
    ...(flags.showSecrets === true && { reveal: (location) => context.services.reveal(location, deps) }),
  });
  // Everything is counted, even when the reader of stdout has gone: the exit code must not depend on it.
  for await (const piece of pieces) await context.out.print(piece);
  await context.out.flush();
  return scope;
}

async function runScan(context: Context, flags: ScanFlags, given: readonly string[]): Promise<number> {
  const format = formatOf(context, flags.format);
  const targets = await targetList(context.io, given, flags.targetsFrom);
  return withSession(context, flags.store ? 'write' : 'temporary', async (session) => {
    const options = scanOptions(flags, targets, context);
    const known = await knownValues(flags, context, session);
    const result = await scanWithProgress(context, session, { ...options, ...known });
    const scope = await report(context, session, result, flags, format);
    await tellResult(context, scope, result);
    const acceptedGaps = await session.store.acceptedGaps();
    const isEmpty = nothingScanned(result.receipt);
    // "Nothing is staged" is a whole answer; an empty range is more often a mistake, e.g. in a shallow clone.
    const isUnstaged = isEmpty && flags.staged === true && openGaps(result.receipt.gaps, []).length === 0;
    if (isUnstaged) await context.tell('Nothing is staged.');
    else if (isEmpty && flags.allowEmpty !== true) {
      await context.tell('Nothing was scanned: check the target and the filters, or pass --allow-empty.');
    } else if (isIncomplete(result.receipt, acceptedGaps)) {
      await context.tell('This scan is incomplete: what is listed as not covered may hold more copies.');
    }
    return scanExitCode({
      failing: scope.failing,
      receipt: result.receipt,
      acceptedGaps,
      exitZero: flags.exitZero ?? false,
      allowEmpty: isUnstaged || flags.allowEmpty === true,
    });
  });
}
