/** Subcommands of `sprawl plan` that record what people did: approve, step, gate, close. */
import { Argument, Command } from 'commander';
import { recordableStates } from '../../rotation/log/step-rules.js';
import { gateNames } from '../../rotation/policy/decision.js';
import type { Bind, Context } from '../context.js';
import { collect } from '../flags.js';
import type { ApproveFlags } from '../rotation/actions/approve.js';
import type { CloseFlags } from '../rotation/actions/close.js';
import type { GateFlags } from '../rotation/actions/gate.js';
import type { StepFlags } from '../rotation/actions/step.js';
import { addRecordingFlags } from '../rotation/recording-flags.js';

/** For the help and for completion; what is none of them is refused with the record it was meant for. */
function oneOf(argument: Argument, words: readonly string[]): Argument {
  argument.argChoices = [...words];
  return argument;
}

function approveCommand(bind: Bind): Command {
  const command = new Command('approve')
    .summary('agree to a plan as it is now')
    .description(
      'Records an approval. It holds for the revision that the plan has now: when strategy, consumers, waves or the point\n' +
        'of no return change, it is void. Nothing checks that somebody holds a role; who says so is recorded.',
    )
    .argument('<plan>', 'beginning of its id, or of the fingerprint of its secret')
    .requiredOption('--role <role>', 'in which role: owner, security, or one that the policy names')
    .option('--reject', 'disagree instead')
    .option('--comment <text>', 'why, for the log');
  return addRecordingFlags(command).action(
    bind(async (context: Context, flags: ApproveFlags, plan: string) => {
      const { runApprove } = await import('../rotation/actions/approve.js');
      return runApprove(context, flags, plan);
    }),
  );
}

function stepCommand(bind: Bind): Command {
  const command = new Command('step')
    .summary('record work on a step')
    .description(
      'Records that a step was begun, done, failed or skipped. It is refused out of order, before its gates have passed,\n' +
        'and while approvals are missing.',
    )
    .argument('<plan>', 'beginning of its id, or of the fingerprint of its secret')
    .argument('<step>', 'number or id of the step')
    .addArgument(oneOf(new Argument('<state>', 'what is recorded of it'), recordableStates))
    .option('--reason <text>', 'why; needed for failed, skipped and --force')
    .option('--force', 'against the order of the plan; gates are never forced')
    .option(
      '--successor <fingerprint>',
      'with "issue done": fingerprint of the new value, "-" for the value on stdin',
    );
  return addRecordingFlags(command).action(
    bind(async (context: Context, flags: StepFlags, plan: string, step: string, state: string) => {
      const { runStep } = await import('../rotation/actions/step.js');
      return runStep(context, flags, plan, step, state);
    }),
  );
}

function gateCommand(bind: Bind): Command {
  const command = new Command('gate')
    .summary('record a proof')
    .description(
      'Records the result of a gate. It counts when it is complete, begins after what it proves was done, has ended, and,\n' +
        'for old_use_zero, rollback_rehearsed and third_party_confirmed, comes from somebody who carried out no step of\n' +
        'the plan. What does not count is kept with the reason (exit code 1). A failure fails the step.',
    )
    .argument('<plan>', 'beginning of its id, or of the fingerprint of its secret')
    .argument('<step>', 'number or id of the step')
    .addArgument(oneOf(new Argument('<gate>', 'which proof'), gateNames))
    .addArgument(oneOf(new Argument('<result>', 'how it went'), ['pass', 'fail']))
    .requiredOption('--from <time>', 'since when it was watched (RFC 3339)')
    .requiredOption('--to <time>', 'until when it was watched (RFC 3339)')
    .requiredOption('--source <text>', 'where the result comes from: dashboard, log query, ticket')
    .option('--value <text>', 'what was measured');
  return addRecordingFlags(command).action(
    bind(
      async (
        context: Context,
        flags: GateFlags,
        plan: string,
        step: string,
        gate: string,
        result: string,
      ) => {
        const { runGate } = await import('../rotation/actions/gate.js');
        return runGate(context, flags, plan, step, gate, result);
      },
    ),
  );
}

function closeCommand(bind: Bind): Command {
  const command = new Command('close')
    .summary('end a plan whose evidence is complete')
    .description(
      'Closes a plan, or says everything that is missing (exit code 1). Never while the value is at a head, unproven,\n' +
        'reappeared, or in what people can read; with history that remains only when the value is attested dead and the\n' +
        'custodian of each place accepts it.',
    )
    .argument('<plan>', 'beginning of its id, or of the fingerprint of its secret')
    .option('--accept <place>', 'a place whose remaining copies are accepted; repeatable', collect)
    .option('--custodian <name>', 'who accepts: one for all places, or one for each', collect);
  return addRecordingFlags(command).action(
    bind(async (context: Context, flags: CloseFlags, plan: string) => {
      const { runClose } = await import('../rotation/actions/close.js');
      return runClose(context, flags, plan);
    }),
  );
}

/** Adds `approve`, `step`, `gate` and `close` to a command. */
export function addPlanActions(command: Command, bind: Bind): Command {
  for (const make of [approveCommand, stepCommand, gateCommand, closeCommand]) command.addCommand(make(bind));
  return command;
}
