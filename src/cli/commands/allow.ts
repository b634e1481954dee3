/** `sprawl allow`: accepts a secret, a rule, a path or a gap, with a reason and until when; and takes it back. */
import { Command } from 'commander';
import { inputProblemCodes, ProblemError } from '../../model/problem.js';
import { recordOf } from '../../report/finding-record.js';
import { beginRecord, jsonLine } from '../../report/records.js';
import type { AllowEntry, Store } from '../../store/store.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { parseMoment } from '../quantities.js';
import { looksLikePrefix, resolveFingerprint } from '../secret-argument.js';
import { withSession } from '../session.js';
import { tableLines } from '../table.js';
import { maskedText, refuseValues } from '../value-free-text.js';

interface AllowFlags {
  readonly reason?: string;
  readonly until?: string;
  readonly gap?: string;
  readonly list?: boolean;
  readonly remove?: boolean;
}

export function allowCommand(bind: Bind): Command {
  return new Command('allow')
    .summary('accept a secret, a rule, a path or a gap')
    .description(
      'Accepts a secret (by fingerprint), a rule (by id), paths (by glob) or a kind of gap. Nothing is removed:\n' +
        'the copies stay listed with status "allowed", who allowed them and why.',
    )
    .argument('[subject]', 'fingerprint, rule id or path glob; rule:ID and path:GLOB when it could be either')
    .option('--gap <kind>', 'accept this kind of gap, e.g. broken-archive')
    .option('--reason <text>', 'why')
    .option('--until <date>', 'until when, e.g. 2027-01-31 or 90d; for good when left out')
    .option('--list', 'list what is allowed')
    .option('--remove', 'take an entry back; what it covered is open again')
    .action(bind(runAllow));
}

type Subject = Pick<AllowEntry, 'subject' | 'target'>;

function gapSubject(code: string): Subject {
  if ((inputProblemCodes as readonly string[]).includes(code)) return { subject: 'gap', target: code };
  throw new ProblemError({
    code: 'usage',
    message: 'There is no such kind of gap.',
    hint: `Kinds: ${inputProblemCodes.join(', ')}.`,
  });
}

async function subjectOf(context: Context, store: Store, text: string): Promise<Subject> {
  const prefixed = /^(rule|path):(.+)$/s.exec(text);
  if (prefixed?.[1] === 'rule') return ruleSubject(context, prefixed[2] ?? '');
  if (prefixed?.[1] === 'path') return { subject: 'path', target: prefixed[2] ?? '' };
  if (looksLikePrefix(text)) return { subject: 'secret', target: await resolveFingerprint(store, text) };
  if (/[/*?.]/.test(text)) return { subject: 'path', target: text };
  return ruleSubject(context, text);
}

async function ruleSubject(context: Context, id: string): Promise<Subject> {
  const { rules } = (await context.services.ownRules(context.io.cwd, undefined)).rules;
  if (rules.some((rule) => rule.id === id)) return { subject: 'rule', target: id };
  throw new ProblemError({
    code: 'not-found',
    message: 'The subject is no fingerprint, no rule and no path glob.',
    hint: 'Rules: "sprawl rules list". For a path without "/", "." or "*" write path:NAME.',
  });
}

async function listEntries(context: Context, store: Store): Promise<number> {
  const entries = await store.allowEntries();
  if (context.flags.json === true) {
    await context.out.print(jsonLine(beginRecord(context.version)));
    for (const entry of entries) await context.out.print(jsonLine(recordOf({ type: 'allow', ...entry })));
    return exitCodes.clean;
  }
  const rows = entries.map(({ subject, target, reason, by, until }) => [
    subject,
    shownTarget({ subject, target }),
    until?.slice(0, 10) ?? 'for good',
    by,
    reason,
  ]);
  if (rows.length === 0) await context.tell('Nothing is allowed.');
  else {
    for (const line of tableLines(['what', 'which', 'until', 'by', 'reason'], rows, context.terminal.style)) {
      await context.out.printLine(line);
    }
  }
  return exitCodes.clean;
}

/** The entry that is meant: as it was given, as it is listed, or by any beginning of a fingerprint that is unique. */
function entryOf(entries: readonly AllowEntry[], text: string, gap: string | undefined): AllowEntry {
  const [, kind, rest = text] = /^(rule|path):(.+)$/s.exec(text) ?? [];
  const meant = entries.filter(({ subject, target }) => {
    if (gap !== undefined) return subject === 'gap' && target === gap;
    if (kind !== undefined && subject !== kind) return false;
    return subject === 'secret'
      ? looksLikePrefix(text) && target.startsWith(text.toLowerCase())
      : subject !== 'gap' && target === rest;
  });
  const [only, ...others] = meant;
  if (only !== undefined && others.length === 0) return only;
  throw new ProblemError({
    code: 'not-found',
    message: only === undefined ? 'There is no such entry.' : 'The subject is that of several entries.',
    hint: 'See "sprawl allow --list"; what a file in the repository allows is taken back in that file.',
  });
}

async function runRemove(context: Context, flags: AllowFlags, text: string | undefined): Promise<number> {
  requireOneSubject(flags, text);
  return withSession(context, 'write', async ({ store }) => {
    const entry = entryOf(await store.allowEntries(), text ?? '', flags.gap);
    await store.disallow(entry);
    await context.tell(`No longer allowed: ${entry.subject} ${shownTarget(entry)}.`);
    return exitCodes.clean;
  });
}

function shownTarget({ subject, target }: Subject): string {
  return subject === 'secret' ? target.slice(0, 12) : target;
}

function requireOneSubject(flags: AllowFlags, text: string | undefined): void {
  if ((text === undefined) !== (flags.gap === undefined)) return;
  throw new ProblemError({
    code: 'usage',
    message: 'Name one subject: a fingerprint, a rule, a path, or --gap KIND.',
  });
}

async function runAllow(context: Context, flags: AllowFlags, text: string | undefined): Promise<number> {
  if (flags.remove === true) return runRemove(context, flags, text);
  if (flags.list === true) return withSession(context, 'read', ({ store }) => listEntries(context, store));
  const { reason } = flags;
  if (reason === undefined || reason.trim() === '') {
    throw new ProblemError({ code: 'usage', message: 'An entry needs its reason: --reason "..."' });
  }
  requireOneSubject(flags, text);
  const until = flags.until === undefined ? undefined : parseMoment(flags.until, context.io.now(), 1);
  if (until !== undefined && until < context.io.now()) {
    throw new ProblemError({
      code: 'usage',
      message: `The date after --until is past: ${until.slice(0, 10)}.`,
    });
  }
  return withSession(context, 'write', async (session) => {
    const { store } = session;
    await refuseValues(context, session, '--reason', reason);
    const { subject: what, target } =
      flags.gap === undefined ? await subjectOf(context, store, text ?? '') : gapSubject(flags.gap);
    // Paths are stored and matched with marks in place of values.
    const subject = {
      subject: what,
      target: what === 'path' ? await maskedText(context, session, target) : target,
    };
    const { env } = context.io;
    const user = env['SPRAWL_USER'] ?? env['USER'] ?? env['LOGNAME'] ?? 'unknown';
    const by = await maskedText(context, session, user);
    await store.allow({ ...subject, reason: reason.trim(), by, ...(until !== undefined && { until }) });
    await context.tell(
      `Allowed ${subject.subject} ${shownTarget(subject)}${until === undefined ? '' : ` until ${until.slice(0, 10)}`}.`,
    );
    return exitCodes.clean;
  });
}
