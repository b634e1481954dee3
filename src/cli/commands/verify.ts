/** `sprawl verify`: looks again wherever a secret was, and says what is left of it and how that is known. */
import { Command, Option } from 'commander';
import { peopleModes } from '../../model/people-mode.js';
import type { Bind, Context } from '../context.js';
import { addRotationFlags } from '../rotation/rotation-flags.js';
import type { VerifyFlags } from '../verify-run.js';

export function verifyCommand(bind: Bind): Command {
  const command = new Command('verify')
    .summary('look again wherever a secret was: is it gone?')
    .description(
      'Reads again every source that ever held a secret (or the secrets of a plan) and gives a verdict, copy by copy:\n' +
        'present, gone, or unproven. Exit code 0: clean, 1: something is left, 3: unproven.',
    )
    .argument('<plan-or-fingerprint>', 'a recorded plan, or any unique beginning of a fingerprint')
    .option('--no-rescan', 'judge by what the database knows; read nothing')
    .option(
      '--value <->',
      'the value on stdin ("-"): look for it in every spelling, wherever it was ever scanned',
    )
    .option('--fetch', 'ask the remotes of URLs that were scanned; else nothing goes to the network')
    .option('--no-record', 'do not write the verdict into the evidence log')
    .option('--vendor', 'also read vendor and build trees')
    .option('--alternates', 'also read objects that the store borrows from others')
    .option('--include-direct', 'also read direct messages of chats')
    .addOption(
      new Option('--people <mode>', 'authors of messages and tickets (default: pseudonym)').choices(
        peopleModes,
      ),
    )
    .option('--trust-owner', 'read repositories that belong to somebody else');
  return addRotationFlags(command).action(
    bind(async (context: Context, flags: VerifyFlags, subject: string) => {
      const { runVerify } = await import('../verify-run.js');
      return runVerify(context, flags, subject);
    }),
  );
}
