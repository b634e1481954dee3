/** `sprawl offboard`: what to do about secrets when people leave, or principals, workloads, vendors and agents end. */
import { Command, Option } from 'commander';
import { addressIdentity, pseudonymOf } from '../../identity/pseudonym.js';
import { ProblemError } from '../../model/problem.js';
import { beginRecord, jsonLine } from '../../report/records.js';
import type { Dossier } from '../../rotation/dossier.js';
import type { Collector } from '../../rotation/offboard/collect.js';
import type { OffboardCase, OffboardReport } from '../../rotation/offboard/offboard-case.js';
import type { Offboarding } from '../../rotation/offboard/offboarding.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { collect } from '../flags.js';
import { printMasked } from '../masked-output.js';
import type { Rotation, RotationOptions } from '../rotation/rotation.js';
import { type Session, withSession } from '../session.js';

interface OffboardFlags {
  readonly all?: boolean;
  readonly format?: 'text' | 'md' | 'json';
  readonly inventory?: readonly string[];
  readonly now?: string;
}

type Finder = (offboarding: Offboarding, name: string) => Collector;

/** What can be offboarded, with how it is named and found. */
const sorts: readonly (readonly [sort: string, argument: string, text: string, find: Finder])[] = [
  [
    'person',
    'id, address or handle',
    'What a person who leaves owned, could have kept, and takes along.',
    (offboarding, name) => offboarding.person(name),
  ],
  [
    'principal',
    'key, or id in the inventory',
    'Takes a principal out of service, unless something uses it.',
    (offboarding, name) => offboarding.principal(name),
  ],
  [
    'workload',
    'name of a consumer',
    'What a workload used that nothing else uses.',
    (offboarding, name) => offboarding.workload(name),
  ],
  ['vendor', 'id in the inventory', 'What a vendor held.', (offboarding, name) => offboarding.vendor(name)],
  [
    'agent',
    'name of the agent or its tool server',
    'What an agent could read.',
    (offboarding, name) => offboarding.agent(name),
  ],
];

function addFlags(command: Command): Command {
  return command
    .addOption(new Option('-f, --format <format>', 'format on stdout').choices(['text', 'md', 'json']))
    .option('--inventory <file>', 'read this inventory too, for this run (repeatable)', collect)
    .option('--now <time>', 'take this for the present time (RFC 3339)');
}

export function offboardCommand(bind: Bind): Command {
  const command = new Command('offboard')
    .summary('what to do when somebody or something leaves')
    .description(
      'Lists what to do about secrets when a person leaves, or a principal, workload, vendor or agent is retired: what\n' +
        'needs a new owner, what must be rotated, what is revoked, in which order. Only what was imported says that\n' +
        'somebody left; nobody is assigned, and nothing is concluded from activity.',
    )
    .option('--all', 'everything that was imported as left, ended or retired, and what stayed behind')
    .action(bind(runAll));
  addFlags(command);
  for (const [sort, argument, text, find] of sorts) {
    const one = new Command(sort)
      .description(text)
      .argument('<name>', argument)
      .action(
        bind((context: Context, flags: OffboardFlags, name: string) => runOne(context, flags, name, find)),
      );
    command.addCommand(addFlags(one));
  }
  return command;
}

async function runAll(context: Context, flags: OffboardFlags): Promise<number> {
  if (flags.all !== true) {
    throw new ProblemError({
      code: 'usage',
      message: 'Say who or what leaves ("sprawl offboard person <id>"), or --all.',
    });
  }
  return runReport(context, flags, (offboarding) => offboarding.all());
}

async function runOne(context: Context, flags: OffboardFlags, name: string, find: Finder): Promise<number> {
  // Commander gives flags that a command and its subcommand share to the former, wherever they stand.
  const all: OffboardFlags = { ...flags, ...context.flags };
  return runReport(context, { ...all, all: false }, (offboarding) => find(offboarding, name));
}

async function runReport(
  context: Context,
  flags: OffboardFlags,
  collectorOf: (offboarding: Offboarding) => Collector,
): Promise<number> {
  return withSession(context, 'read', async (session) => {
    const rotation = await context.services.rotation(context, session, rotationOptions(flags));
    try {
      const { offboardingOf, offboardReport } = await import('../../rotation/offboard/offboarding.js');
      const offboarding = offboardingOf({
        imports: rotation.imports,
        places: await session.store.places(),
        now: rotation.now,
        soakMs: rotation.policy.settings.soakMs,
        pseudonymOf: (email) => pseudonymOf(session.keys.pseudonym, addressIdentity(email)),
      });
      const isAll = flags.all === true;
      const report = await offboardReport(collectorOf(offboarding), dossiersOf(rotation), isAll);
      if (!isAll && report.cases.length === 0) throw unknownName();
      await print(context, session, flags, report);
      return report.cases.some(isOpen) || report.leftovers.length > 0 ? exitCodes.open : exitCodes.clean;
    } finally {
      rotation.close();
    }
  });
}

function rotationOptions({ now, inventory }: OffboardFlags): RotationOptions {
  return {
    ...(now === undefined ? {} : { now }),
    ...(inventory === undefined ? {} : { inventory }),
  };
}

async function* dossiersOf(rotation: Rotation): AsyncGenerator<readonly Dossier[]> {
  for await (const { dossiers } of rotation.look()) yield dossiers;
}

function unknownName(): ProblemError {
  return new ProblemError({
    code: 'usage',
    message: 'Nothing by that name is imported, and no secret names it.',
    hint: '"sprawl explain <fingerprint>" shows the names that are known; an inventory may add others.',
  });
}

/** Something is left to do. */
function isOpen({ reOwn, rotate, revoke, retire }: OffboardCase): boolean {
  return reOwn.length + rotate.length + revoke.length + retire.length > 0;
}

function* jsonLines(report: OffboardReport, version: string): Generator<string> {
  yield jsonLine(beginRecord(version)).trimEnd();
  for (const found of report.cases) yield JSON.stringify({ type: 'offboard', ...found });
  for (const leftover of report.leftovers) yield JSON.stringify({ type: 'offboard-leftover', ...leftover });
}

async function print(
  context: Context,
  session: Session,
  flags: OffboardFlags,
  report: OffboardReport,
): Promise<void> {
  const format = flags.format ?? (context.flags.json === true ? 'json' : 'text');
  if (format === 'json') {
    await printMasked(context, session, jsonLines(report, context.version));
    return;
  }
  if (report.cases.length + report.leftovers.length === 0) {
    await context.out.printLine('Nothing is imported as left, ended or retired, and nothing stayed behind.');
    return;
  }
  if (format === 'md') {
    const { offboardMarkdown } = await import('../offboard-text/offboard-markdown.js');
    await printMasked(context, session, offboardMarkdown(report));
    return;
  }
  const { offboardLines } = await import('../offboard-text/offboard-plain.js');
  await printMasked(context, session, offboardLines(report, context.terminal.style));
}
