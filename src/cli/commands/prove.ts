/** `sprawl prove <plan|fp>`: one page for an auditor: what was exposed, what changed, how it is known, what remains. */
import { Command, Option } from 'commander';
import type { Bind, Context } from '../context.js';
import type { ProveFlags } from '../prove-run.js';
import { addRotationFlags } from '../rotation/rotation-flags.js';

const formats = ['text', 'md', 'json'] as const satisfies readonly NonNullable<ProveFlags['format']>[];

export function proveCommand(bind: Bind): Command {
  const command = new Command('prove')
    .summary('the page for the auditor: what was exposed, changed, shown, and what remains')
    .description(
      'Prints the continuity statement of a plan from the evidence log and the database. Refused (exit code 3, with what is\n' +
        'missing) when nothing was verified. It says "evidence for" or "evidence against" a control, never "compliant".',
    )
    .argument('<plan|fingerprint>', 'the plan, or a secret that it is about')
    .addOption(new Option('-f, --format <format>', 'format on stdout (default: text)').choices(formats))
    .option('--no-record', 'do not note in the evidence log that it was made');
  return addRotationFlags(command).action(
    bind(async (context: Context, flags: ProveFlags, subject: string) => {
      const { runProve } = await import('../prove-run.js');
      return runProve(context, flags, subject);
    }),
  );
}
