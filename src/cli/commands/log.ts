/** `sprawl log`: the evidence log: is it whole, what does it say, and a bundle of it for others. */
import { Command } from 'commander';
import type { Bind, Context } from '../context.js';
import type { ExportFlags } from '../rotation/actions/export-log.js';
import type { ShowLogFlags } from '../rotation/actions/show-log.js';
import type { VerifyLogFlags } from '../rotation/actions/verify-log.js';

const signing = `
Whoever owns the file can rewrite all of it. To notice that, keep its head elsewhere, or sign it:
  sprawl log verify | ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n sprawl-evidence > head.sig
  sprawl log verify --head <hash from back then>`;

export function logCommand(bind: Bind): Command {
  return new Command('log')
    .summary('the evidence log')
    .description(
      'What was decided, approved, done and proven, one record after the other, chained by hashes. People stand in it\n' +
        'under pseudonyms.',
    )
    .addCommand(
      new Command('verify')
        .summary('is the chain whole?')
        .description(
          'Looks for an edit, a gap or another order, and names the first bad record (exit code 1). Prints the number and\n' +
            'the hash of the last record.',
        )
        .option(
          '--head <hash>',
          'hash that the log once ended with: finds what was cut off or rewritten since',
        )
        .addHelpText('after', signing)
        .action(
          bind(async (context: Context, flags: VerifyLogFlags) => {
            const { runVerifyLog } = await import('../rotation/actions/verify-log.js');
            return runVerifyLog(context, flags);
          }),
        ),
    )
    .addCommand(
      new Command('show')
        .summary('what it says, for people')
        .description('Prints the records, oldest first, with the names of people as far as they are known.')
        .option('--plan <id>', 'only of this plan')
        .action(
          bind(async (context: Context, flags: ShowLogFlags) => {
            const { runShowLog } = await import('../rotation/actions/show-log.js');
            return runShowLog(context, flags);
          }),
        ),
    )
    .addCommand(
      new Command('export')
        .summary('a bundle for an auditor')
        .description(
          'Writes a private folder with the log, the plans as they are now, the policy, the provider facts they rest on,\n' +
            'and what was scanned when. It holds no values.',
        )
        .argument('<folder>', 'a folder that does not exist yet')
        .option('--policy <file>', 'policy instead of .sprawl/policy.yaml or the default one')
        .option('--now <time>', 'take this for the present time (RFC 3339)')
        .addHelpText('after', signing)
        .action(
          bind(async (context: Context, flags: ExportFlags, folder: string) => {
            const { runExportLog } = await import('../rotation/actions/export-log.js');
            return runExportLog(context, flags, folder);
          }),
        ),
    );
}
