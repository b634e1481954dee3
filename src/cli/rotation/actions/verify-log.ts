/** `sprawl log verify`: needs no key and no database that can be read, only the file. */
import { ProblemError } from '../../../model/problem.js';
import { recordOf } from '../../../report/finding-record.js';
import { beginRecord, jsonLine } from '../../../report/records.js';
import { openEvidenceLog } from '../../../store/evidence-log.js';
import type { Context } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { databasePath } from '../../user-paths.js';
import { guardWorkTree } from '../../work-tree-guard.js';

export interface VerifyLogFlags {
  readonly head?: string;
}

function expectedHead({ head }: VerifyLogFlags): string | undefined {
  if (head === undefined || /^[0-9a-f]{64}$/i.test(head)) return head?.toLowerCase();
  throw new ProblemError({ code: 'usage', message: '--head takes the 64 hex digits of a hash.' });
}

export async function runVerifyLog(context: Context, flags: VerifyLogFlags): Promise<number> {
  const expected = expectedHead(flags);
  const database = databasePath(context.io, context.flags.db);
  const log = openEvidenceLog(database.path, 'read');
  const { isTracked } = context.services;
  await guardWorkTree({ path: log.path, explicit: database.explicit }, 'evidence log', isTracked);
  const verdict = log.verify(expected);
  const { head } = verdict;
  if (context.flags.json === true) {
    await context.out.print(jsonLine(beginRecord(context.version)));
    await context.out.print(
      jsonLine(
        recordOf({
          type: 'log',
          ok: verdict.ok,
          records: head.seq,
          head: head.hash,
          ...(verdict.ok ? { expectedAt: verdict.expectedAt } : { firstBad: verdict.seq, why: verdict.why }),
        }),
      ),
    );
  } else if (verdict.ok) {
    // On stdout and always in this form: it is what people sign.
    await context.out.printLine(`${head.seq} ${head.hash}`);
    const grown =
      verdict.expectedAt === undefined ? '' : `; the expected head is record ${verdict.expectedAt}`;
    await context.tell(head.seq === 0 ? 'The log is empty.' : `The chain is whole${grown}.`);
  } else {
    await context.out.printLine(`record ${verdict.seq} ${verdict.why}`);
    await context.tell(`Whole up to record ${head.seq}, whose hash is ${head.hash}.`);
  }
  return verdict.ok ? exitCodes.clean : exitCodes.open;
}
