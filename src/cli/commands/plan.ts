/** `sprawl plan`: what to do in which order to rotate a secret, or all of them, without breaking anything. */
import { Command, Option } from 'commander';
import { ProblemError } from '../../model/problem.js';
import { beginRecord } from '../../report/records.js';
import type { Plan } from '../../rotation/plan/plan.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { printMasked } from '../masked-output.js';
import { parseCount } from '../quantities.js';
import { addRotationFlags, type RotationFlags, rotationOptions } from '../rotation/rotation-flags.js';
import { type Session, withSession } from '../session.js';

const planFormats = ['text', 'md', 'json', 'issues'] as const;
type PlanFormat = (typeof planFormats)[number];

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
  return addRotationFlags(command).action(bind(runPlan));
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
    const { secretOfArgument, plansOf } = await import('../rotation/find-plans.js');
    const { recordPlans } = await import('../rotation/record-plans.js');
    const isRecorded = flags.record !== false && flags.all !== true;
    const rotation = await context.services.rotation(context, session, {
      ...rotationOptions(flags),
      log: isRecorded ? 'append' : 'read',
      wanted: await Promise.all(secrets.map((secret) => wantedOf(session, secret))),
    });
    try {
      const wanted = new Set<string>();
      for (const secret of secrets) wanted.add(await secretOfArgument(session, rotation.state, secret));
      if (flags.all === true) for (const fingerprint of rotation.fingerprints) wanted.add(fingerprint);
      let found = await plansOf(rotation, wanted);
      if (isRecorded) {
        const state = await recordPlans(found.portfolio.plans, rotation, context.tell);
        // Dates and approvals count from what was just noted.
        if (state !== undefined) found = await plansOf(rotation, wanted, state);
      }
      await printPlans(context, session, flags, found.portfolio.plans);
      return exitCodes.clean;
    } finally {
      rotation.close();
    }
  });
}

/** A fingerprint that is looked at whatever its status; handles of plans are looked up later. */
async function wantedOf({ store }: Session, argument: string): Promise<string> {
  const [found] = /^[0-9a-f]{4,64}$/i.test(argument) ? await store.resolvePrefix(argument.toLowerCase()) : [];
  return found ?? argument;
}

async function printPlans(
  context: Context,
  session: Session,
  flags: PlanFlags,
  plans: readonly Plan[],
): Promise<void> {
  const { planLines } = await import('../plan-text/plan-lines.js');
  const { planRecord } = await import('../plan-text/plan-record.js');
  const isJson = context.flags.json === true || flags.format === 'json';
  const lines = isJson
    ? [JSON.stringify(beginRecord(context.version)), ...plans.map((plan) => JSON.stringify(planRecord(plan)))]
    : plans.flatMap((plan) => [...planLines(plan, context.terminal.style), '']);
  await printMasked(context, session, lines);
}
