/** `sprawl fingerprint -`: what a value is called in the database, without asking the database. */
import { Command } from 'commander';
import { ProblemError } from '../../model/problem.js';
import { beginRecord, jsonLine } from '../../report/records.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { readSecret } from '../secret-input.js';
import { openKeys } from '../session.js';

export function fingerprintCommand(bind: Bind): Command {
  return new Command('fingerprint')
    .summary('the fingerprints of a value on stdin')
    .description(
      'Prints every fingerprint under which the value on stdin may be known, its literal one first.',
    )
    .argument('[value]', 'only "-": the value is read from stdin, or prompted without echo', '-')
    .action(bind(runFingerprint));
}

async function runFingerprint(context: Context, _flags: object, source: string): Promise<number> {
  if (source !== '-') {
    throw new ProblemError({
      code: 'usage',
      message: 'A value must not be an argument: other processes can read those.',
      hint: 'Pipe it in: ... | sprawl fingerprint -',
    });
  }
  const keys = await openKeys(context);
  const value = await readSecret(context.io);
  const forms = await context.services.formsOf(value.reveal(), keys);
  if (context.flags.json === true) await context.out.print(jsonLine(beginRecord(context.version)));
  for (const { fingerprint, domain } of forms) {
    await context.out.print(
      context.flags.json === true
        ? jsonLine({ type: 'fingerprint', fingerprint, domain, keyId: keys.id })
        : `${fingerprint}  ${domain}\n`,
    );
  }
  return exitCodes.clean;
}
