/** `sprawl except`: accept a secret for a while, with controls in its place, an owner of the risk, and an end. */
import { Command } from 'commander';
import type { Bind, Context } from '../context.js';
import { collect } from '../flags.js';
import type { EndFlags, GrantFlags, RenewFlags } from '../rotation/actions/except.js';
import type { ListExceptionsFlags } from '../rotation/actions/list-exceptions.js';
import { addRecordingFlags } from '../rotation/recording-flags.js';

function addTerms(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why it cannot be rotated now')
    .requiredOption('--control <text>', 'what limits the risk meanwhile; repeatable', collect)
    .requiredOption(
      '--risk-owner <name>',
      'who answers for the risk; neither --by nor who carries out the plan',
    )
    .requiredOption(
      '--until <date>',
      'when it ends, e.g. 2027-01-31 or 60d; at most exception_max of the policy',
    )
    .option('--ticket <id>', 'where it was agreed');
}

function grantCommand(bind: Bind): Command {
  const command = new Command('grant')
    .summary('accept a secret for a while')
    .description(
      'Suspends deadline and strategy of what it covers; findings, priority and copies stay visible. It covers the secrets\n' +
        'that are known now, and is void as soon as exposure rises, a consumer or environment is added, or the owner leaves.\n' +
        'Emergencies, and secrets whose alternate is exposed too, are never excepted.',
    )
    .option('--secret <fingerprint>', 'this secret')
    .option('--slot <id>', 'what stands in this slot: place:path#key')
    .option('--principal <key>', 'all secrets of this principal')
    .option('--rule <id>', 'with --path: secrets that this detection rule found')
    .option('--path <glob>', 'with --rule: whose copies all lie here, as place:glob or glob');
  return addRecordingFlags(addTerms(command)).action(
    bind(async (context: Context, flags: GrantFlags) => {
      const { runGrant } = await import('../rotation/actions/except.js');
      return runGrant(context, flags);
    }),
  );
}

function renewCommand(bind: Bind): Command {
  const command = new Command('renew')
    .summary('extend an exception')
    .description(
      'Grants it again for what is known now. From the third renewal on it takes the role security, and nobody is spared\n' +
        'the rules of a first grant.',
    )
    .argument('<id>', 'id of the exception')
    .option('--role <role>', 'in which role: security for the third renewal and later ones');
  return addRecordingFlags(addTerms(command)).action(
    bind(async (context: Context, flags: RenewFlags, id: string) => {
      const { runRenew } = await import('../rotation/actions/except.js');
      return runRenew(context, flags, id);
    }),
  );
}

function endCommand(bind: Bind): Command {
  const command = new Command('end')
    .summary('end an exception before its time')
    .description('What it covered returns to its rule at once.')
    .argument('<id>', 'id of the exception')
    .requiredOption('--reason <text>', 'why');
  return addRecordingFlags(command).action(
    bind(async (context: Context, flags: EndFlags, id: string) => {
      const { runEnd } = await import('../rotation/actions/except.js');
      return runEnd(context, flags, id);
    }),
  );
}

function listCommand(bind: Bind): Command {
  return new Command('list')
    .summary('exceptions and what they amount to')
    .description(
      "Prints exceptions with where they stand (those that end within 14 days are marked), the share of each team's open\n" +
        'secrets, and rules of the policy with more exceptions than matches.',
    )
    .option('--policy <file>', 'policy instead of .sprawl/policy.yaml or the default one')
    .option('--now <time>', 'take this for the present time (RFC 3339)')
    .action(
      bind(async (context: Context, flags: ListExceptionsFlags) => {
        const { runListExceptions } = await import('../rotation/actions/list-exceptions.js');
        return runListExceptions(context, flags);
      }),
    );
}

export function exceptCommand(bind: Bind): Command {
  const command = new Command('except')
    .summary('exceptions from the policy')
    .description(
      'Accepts secrets for a while, visibly: with a reason, controls, an owner of the risk and an end.',
    );
  for (const make of [grantCommand, renewCommand, endCommand, listCommand]) command.addCommand(make(bind));
  return command;
}
