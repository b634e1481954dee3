/** `sprawl list`: secrets, the most pressing first, one line each. */
import { Command } from 'commander';
import type { SecretSummary } from '../../model/exposure.js';
import { shownFingerprintLength } from '../../model/ids.js';
import { ageDays } from '../../report/receipt-text.js';
import { beginRecord, jsonLine, receiptRecord, secretRecord } from '../../report/records.js';
import { counted } from '../../report/safe-text.js';
import { previewText } from '../../report/text.js';
import type { Bind, Context } from '../context.js';
import { addFilterFlags, addJudgeFlags, type FilterFlags, filterOf, type JudgeFlags } from '../flags.js';
import { requireKnownKinds } from '../known-kind.js';
import { parseDays } from '../quantities.js';
import { readerExitCode } from '../reader-exit-code.js';
import { withSession } from '../session.js';
import { tableLines } from '../table.js';

interface ListFlags extends FilterFlags, JudgeFlags {
  readonly all?: boolean;
  readonly olderThan?: number;
  readonly newerThan?: number;
}

export function listCommand(bind: Bind): Command {
  const command = new Command('list')
    .summary('secrets, the most pressing first')
    .description(
      'Lists the secrets in the database, open ones unless asked otherwise: the surest first, of those the ones that stand\n' +
        'at a tip, in most places, in most copies. The priority from 0 to 100, which counts who can read them and what\n' +
        'they open, is that of "plan --all" and "explain".',
    )
    .option('--all', 'of every status')
    .option('--older-than <age>', 'first seen at least this long ago, e.g. 90d', parseDays)
    .option('--newer-than <age>', 'first seen at most this long ago, e.g. 7d', parseDays)
    .action(bind(runList));
  return addJudgeFlags(addFilterFlags(command));
}

function ofAge(flags: ListFlags, now: string): (secret: SecretSummary) => boolean {
  return ({ firstSeen }) => {
    const days = ageDays(firstSeen, now);
    return days >= (flags.olderThan ?? 0) && days <= (flags.newerThan ?? Number.POSITIVE_INFINITY);
  };
}

function cells(secret: SecretSummary): string[] {
  return [
    secret.fingerprint.slice(0, shownFingerprintLength),
    secret.labels[0]?.kind ?? '',
    secret.confidence,
    secret.status,
    `${secret.openLocationCount}/${secret.locationCount}`,
    String(secret.places.length),
    secret.status === 'vanished' ? 'gone' : secret.live ? 'live' : 'history',
    secret.firstSeen.slice(0, 10),
    previewText(secret),
  ];
}

const header = [
  'secret',
  'kind',
  'confidence',
  'status',
  'open/copies',
  'places',
  'stands',
  'first seen',
  'value',
];

async function runList(context: Context, flags: ListFlags): Promise<number> {
  return withSession(context, 'read', async ({ store }) => {
    await requireKnownKinds(context, store, flags.kind);
    const filter = filterOf(flags, flags.all === true ? undefined : ['open']);
    const fits = ofAge(flags, context.io.now());
    const secrets = (await store.listSecrets(filter)).filter(fits);
    const coverage = await store.coverage();
    const open = secrets.filter(({ status }) => status === 'open');
    if (context.flags.json === true) {
      await context.out.print(jsonLine(beginRecord(context.version)));
      for (const secret of secrets) await context.out.print(jsonLine(secretRecord(secret)));
      const locations = secrets.reduce((sum, secret) => sum + secret.locationCount, 0);
      const counts = { secrets: secrets.length, locations, open: open.length };
      await context.out.print(jsonLine(receiptRecord({ coverage }, counts)));
    } else if (secrets.length > 0) {
      for (const line of tableLines(header, secrets.map(cells), context.terminal.style)) {
        await context.out.printLine(line);
      }
    }
    // Nothing may only mean that the filters were narrow, or that all is settled.
    const others = secrets.length === 0 ? (await store.listSecrets({})).length : 0;
    const known =
      others === 0
        ? ''
        : ` ${counted(others, 'other')} did not fit: "sprawl list --all" without filters shows all.`;
    await context.tell(
      `${counted(secrets.length, 'secret')} in ${counted(coverage.length, 'place')} read.${known}`,
    );
    const isHigh = ({ confidence }: SecretSummary): boolean =>
      confidence === 'high' || confidence === 'proven';
    const failing = flags.failOn === 'high' ? open.filter(isHigh).length : open.length;
    return readerExitCode(flags, failing, coverage, await store.acceptedGaps());
  });
}
