/** `sprawl plan`: what to do in which order to rotate a secret, or all of them, without breaking anything. */
import { Command, Option } from 'commander';
import { ProblemError } from '../../model/problem.js';
import { safeText } from '../../report/safe-text.js';
import type { Portfolio } from '../../rotation/plan/plan.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { maskedPrinter } from '../masked-output.js';
import { parseCount } from '../quantities.js';
import type { PlanFormat } from '../rotation/print-plans.js';
import { recordTime } from '../rotation/record.js';
import type { Rotation } from '../rotation/rotation.js';
import { addRotationFlags, type RotationFlags, rotationOptions } from '../rotation/rotation-flags.js';
import { type Session, withSession } from '../session.js';
import { addPlanActions } from './plan-actions.js';

const planFormats: readonly PlanFormat[] = ['text', 'md', 'json', 'issues'];

interface PlanFlags extends RotationFlags {
  readonly all?: boolean;
  readonly format?: PlanFormat;
  readonly capacity?: number;
  /** False under `--no-record`. */
  readonly record?: boolean;
}

export function planCommand(bind: Bind): Command {
  const command = new Command('plan')
    .summary('how to rotate a secret without breaking anything')
    .description(
      'Says step by step how to replace a secret: who must agree, what to update in which order, how to go back, what\n' +
        'proves that it is done. Nothing is contacted and nothing is changed; the plan is noted in the evidence log.',
    )
    .argument('[secret...]', 'unique beginnings of fingerprints, or handles of plans')
    .option('--all', 'every secret: what to do today, what waits for whom')
    .addOption(new Option('-f, --format <format>', 'format on stdout').choices(planFormats).default('text'))
    .option('--capacity <n>', 'with --all: only the first plans that can be worked on now', parseCount)
    .option('--no-record', 'do not note the plan in the evidence log');
  return addPlanActions(addRotationFlags(command).action(bind(runPlan)), bind);
}

async function runPlan(context: Context, flags: PlanFlags, secrets: readonly string[]): Promise<number> {
  if (secrets.length === 0 && flags.all !== true) {
    throw new ProblemError({
      code: 'usage',
      message: 'Name a secret to plan for, or ask for every one with --all.',
      hint: '"sprawl list" shows fingerprints.',
    });
  }
  return withSession(context, 'read', async (session) => {
    const format = context.flags.json === true ? 'json' : (flags.format ?? 'text');
    const print = await maskedPrinter(context, session);
    const isRecorded = flags.record !== false && flags.all !== true;
    if (flags.all === true) (await import('../rotation/small-heap.js')).keepHeapSmall();
    const rotation = await context.services.rotation(context, session, {
      ...rotationOptions(flags),
      log: isRecorded ? 'append' : 'read',
      wanted: await Promise.all(secrets.map((secret) => wantedOf(session, secret))),
    });
    try {
      const { printAll, printPlans } = await import('../rotation/print-plans.js');
      if (flags.all === true) {
        const { capacity } = flags;
        await printAll(context, print, rotation, { format, ...(capacity === undefined ? {} : { capacity }) });
      } else {
        const portfolio = await somePlans(context, session, rotation, secrets, flags);
        await printPlans(context, print, rotation, { format, portfolio });
      }
      await tellUnread(context, rotation.unread);
      await tellUnscanned(context, rotation.unscanned);
      const { idleLines } = await import('../import-text.js');
      for (const line of idleLines(rotation.idle)) await context.tell(line);
      return exitCodes.clean;
    } finally {
      rotation.close();
    }
  });
}

const namedAtMost = 3;

/** What uses a secret may stand in files that are not there any more. */
async function tellUnread(context: Context, places: readonly string[]): Promise<void> {
  if (places.length === 0) return;
  await context.tell(
    `The current files of ${someOf(places)} cannot be read: consumers and owners are known by paths only there.`,
  );
}

/** Of these not even the other files are known. */
async function tellUnscanned(context: Context, places: readonly string[]): Promise<void> {
  if (places.length === 0) return;
  await context.tell(
    `Only reports of other tools tell of ${someOf(places)}: scan what they name to know consumers, owners and other copies there.`,
  );
}

function someOf(places: readonly string[]): string {
  const named = places.slice(0, namedAtMost).map(safeText).join(', ');
  return places.length > namedAtMost ? `${named} and ${places.length - namedAtMost} more` : named;
}

async function somePlans(
  context: Context,
  session: Session,
  rotation: Rotation,
  secrets: readonly string[],
  { record, now }: PlanFlags,
): Promise<Portfolio> {
  const { secretOfArgument, plansOf } = await import('../rotation/find-plans.js');
  const { recordPlans } = await import('../rotation/record-plans.js');
  const wanted = new Set<string>();
  for (const secret of secrets) wanted.add(await secretOfArgument(session, rotation, secret));
  const { portfolio } = await plansOf(rotation, wanted);
  const time = recordTime(context, now);
  const state =
    record === false ? undefined : await recordPlans(portfolio.plans, rotation, time, context.tell);
  // Dates and approvals count from what was just noted.
  return state === undefined ? portfolio : (await plansOf(rotation, wanted, state)).portfolio;
}

/** A fingerprint that is looked at whatever its status; handles of plans are looked up later. */
async function wantedOf({ store }: Session, argument: string): Promise<string> {
  const [found] = /^[0-9a-f]{4,64}$/i.test(argument) ? await store.resolvePrefix(argument.toLowerCase()) : [];
  return found ?? argument;
}
