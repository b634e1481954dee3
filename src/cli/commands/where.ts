/** `sprawl where`: every place that holds a secret, and how far that answer reaches. */
import { Command } from 'commander';
import { shownFingerprintLength } from '../../model/ids.js';
import { ProblemError } from '../../model/problem.js';
import { findingRecord, revealedRecord } from '../../report/finding-record.js';
import { historyOf } from '../../report/location-text.js';
import { coverageLine } from '../../report/receipt-text.js';
import { beginRecord, coverageRecord, jsonLine, receiptRecord } from '../../report/records.js';
import type { RevealLocation } from '../../report/report-input.js';
import { counted, safeText } from '../../report/safe-text.js';
import { locationLine, valueLine } from '../../report/text.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { parseDays, shownCopies } from '../quantities.js';
import { resolveExposure } from '../secret-argument.js';
import { readSecret } from '../secret-input.js';
import { type Session, withSession } from '../session.js';
import { certainCopies, doubtfulPlaces, type WhereAnswer } from '../where-answer.js';
import { whereFingerprint, whereIdentifier, whereValue, whereValueDeep } from '../where-sources.js';

interface WhereFlags {
  readonly all?: boolean;
  readonly id?: string;
  readonly maxAge: number;
  readonly deep?: boolean;
  readonly exitZero?: boolean;
  readonly showSecrets?: boolean;
}

/** Coverage older than this many days makes "not found" doubtful. */
const defaultMaxAgeDays = 30;

export function whereCommand(bind: Bind): Command {
  return new Command('where')
    .summary('every place that holds a secret')
    .description(
      'Answers where a secret stands, by its fingerprint, by its value on stdin ("-"; prompted without echo on\n' +
        'a terminal), or by an identifier beside it. Exit code 1 when found, 0 when not, 3 when it cannot be said.',
    )
    .argument('[secret]', 'beginning of a fingerprint, or "-" for a value on stdin')
    .option('--id <text>', 'a key id, account, serial, or masked form such as "ghp_…3fQ9"')
    .option(
      '--max-age <age>',
      'coverage older than this is stale (default: 30d)',
      parseDays,
      defaultMaxAgeDays,
    )
    .option(
      '--deep',
      'with a value: read everything that was ever scanned again, for short and weak values too',
    )
    .option('--all', `every copy in text, not the first ${shownCopies}`)
    .option('--exit-zero', 'exit 0 whatever the answer')
    .option('--show-secrets', 'print values, re-read from their sources; nothing is stored')
    .action(bind(runWhere));
}

async function answer(
  context: Context,
  session: Session,
  flags: WhereFlags,
  subject: string | undefined,
): Promise<WhereAnswer> {
  const coverage = await session.store.coverage();
  if (flags.deep === true && (flags.id !== undefined || (subject !== undefined && subject !== '-'))) {
    throw new ProblemError({ code: 'usage', message: '--deep looks for a value: give it on stdin, as "-".' });
  }
  if (flags.id !== undefined) {
    if (subject !== undefined) {
      throw new ProblemError({ code: 'usage', message: 'Give either a secret or --id, not both.' });
    }
    return { ...(await whereIdentifier(context, session, flags.id)), coverage };
  }
  if (subject === undefined || subject === '-') {
    const value = await readSecret(context.io);
    const find = flags.deep === true ? whereValueDeep : whereValue;
    return { ...(await find(context, session, value)), coverage };
  }
  const exposure = await resolveExposure(session.store, subject);
  return { ...(await whereFingerprint(context, session, [exposure])), coverage };
}

const notRecordedText =
  'Bare copies of this value are not recorded (too short, too weak, or asked for by identifier): only copies ' +
  'that a detector recognised are known. "sprawl where - --deep" reads everything again for the value.';

/** How far a deep answer reaches. */
function deepText({ read, gone, problems }: NonNullable<WhereAnswer['deep']>): string {
  const left = [
    ...(gone > 0 ? [`${counted(gone, 'root is', 'roots are')} gone`] : []),
    ...(problems > 0 ? [`${counted(problems, 'part')} could not be read`] : []),
  ];
  const doubt = left.length === 0 ? '' : `; ${left.join(', ')}, so there may be more copies`;
  return `${counted(read, 'root was', 'roots were')} read again in every spelling${doubt}.`;
}

/** The sentence that an empty answer must carry. */
function emptyText(result: WhereAnswer): string {
  if (result.coverage.length === 0) return 'Nothing has been scanned yet, so nothing is known.';
  const reach = `in the ${counted(result.coverage.length, 'place')} read`;
  if (result.deep !== undefined) return `Not found by value; ${deepText(result.deep)}`;
  return `Not found ${result.ground} ${reach}.${result.notRecorded ? `\n${notRecordedText}` : ''}`;
}

async function printText(
  context: Context,
  result: WhereAnswer,
  doubtful: number,
  reveal: RevealLocation | undefined,
  all: boolean,
): Promise<void> {
  const { out, terminal } = context;
  const { style } = terminal;
  const now = context.io.now();
  const shown = all ? result.copies : result.copies.slice(0, shownCopies);
  for (const { facts, location, ground } of shown) {
    const secret = style.strong(facts.fingerprint.slice(0, shownFingerprintLength));
    const place = style.name(safeText(location.placeName));
    const spot =
      ground === 'unverified' ? 'may hold a copy, but its source is gone' : locationLine(location, style);
    const history = historyOf(location);
    const since = history === '' ? '' : style.dim(`; ${history}`);
    await out.printLine(`${secret}  ${place}  ${spot}${since} [${ground}]`);
    if (reveal !== undefined) await out.print(await valueLine(location, reveal, style));
  }
  const left = result.copies.length - shown.length;
  if (left > 0) await out.printLine(`and ${counted(left, 'more copy', 'more copies')}: --all shows them`);
  if (result.copies.length === 0) await out.printLine(emptyText(result));
  else {
    const places = new Set(result.copies.map(({ location }) => location.place)).size;
    const found = `${counted(result.copies.length, 'copy', 'copies')} in ${counted(places, 'place')}`;
    await out.printLine(`\n${found}, of ${counted(result.coverage.length, 'place')} read.`);
    if (result.notRecorded) await out.printLine(notRecordedText);
    if (result.deep !== undefined) await out.printLine(deepText(result.deep));
  }
  const verbose = (context.flags.verbose ?? 0) > 0 || result.coverage.length <= 10;
  const listed = verbose ? result.coverage : result.coverage.filter((place) => !place.complete);
  for (const place of listed) await out.printLine(style.dim(`  ${coverageLine(place, now)}`));
  if (doubtful > 0) {
    await context.tell(
      `Coverage of ${counted(doubtful, 'place')} is incomplete or stale; there may be more copies.`,
    );
  }
}

async function printJson(
  context: Context,
  result: WhereAnswer,
  reveal: RevealLocation | undefined,
): Promise<void> {
  const { out } = context;
  await out.print(jsonLine(beginRecord(context.version, { generatedAt: context.io.now() })));
  for (const { facts, location, ground } of result.copies) {
    const record = { ...findingRecord(facts, location, undefined), ground };
    await out.print(jsonLine(await revealedRecord(record, location, reveal)));
  }
  for (const place of result.coverage) await out.print(jsonLine(coverageRecord(place)));
  const secrets = new Set(result.copies.map(({ facts }) => facts.fingerprint)).size;
  const open = new Set(
    result.copies
      .filter(({ location }) => location.status.status === 'open')
      .map(({ facts }) => facts.fingerprint),
  ).size;
  const receipt = receiptRecord(result, { secrets, locations: result.copies.length, open });
  await out.print(
    jsonLine({ ...receipt, ground: result.ground, notRecorded: result.notRecorded, deep: result.deep }),
  );
}

async function runWhere(context: Context, flags: WhereFlags, subject: string | undefined): Promise<number> {
  return withSession(context, 'read', async (session) => {
    const result = await answer(context, session, flags, subject);
    const accepted = await session.store.acceptedGaps();
    const doubtful = doubtfulPlaces(result.coverage, accepted, flags.maxAge, context.io.now()).length;
    const deps = { ...session, onEvent: () => {}, signal: context.signal };
    const reveal: RevealLocation | undefined =
      flags.showSecrets === true ? (location) => context.services.reveal(location, deps) : undefined;
    if (context.flags.json === true) await printJson(context, result, reveal);
    else await printText(context, result, doubtful, reveal, flags.all === true);
    if (context.signal.aborted) return exitCodes.interrupted;
    if (flags.exitZero === true) return exitCodes.clean;
    if (certainCopies(result).length > 0) return exitCodes.open;
    if (result.deep !== undefined && result.copies.length === 0) {
      const { read, gone, problems } = result.deep;
      return read > 0 && gone + problems === 0 ? exitCodes.clean : exitCodes.incomplete;
    }
    const unsure =
      result.copies.length > 0 || doubtful > 0 || result.coverage.length === 0 || result.notRecorded;
    return unsure ? exitCodes.incomplete : exitCodes.clean;
  });
}
