/** What `sprawl prove` does: gathers, states, notes that it did. Loaded when the command is run. */
import { createHash } from 'node:crypto';
import { ProblemError } from '../model/problem.js';
import { recordOf } from '../report/finding-record.js';
import { beginRecord, jsonLine, receiptRecord } from '../report/records.js';
import { markdownText, safeText, wholeSeconds } from '../report/safe-text.js';
import type { LogEntry } from '../rotation/log/record.js';
import { makeStatement, missingForStatement, type Statement } from '../rotation/verify/statement.js';
import type { StatementInput } from '../rotation/verify/statement-input.js';
import { hashLine, statementLines } from '../rotation/verify/statement-text.js';
import type { Context } from './context.js';
import { exitCodes } from './exit-codes.js';
import { gatherStatement } from './prove-input.js';
import type { RotationFlags } from './rotation/rotation-flags.js';
import { type Session, withSession } from './session.js';

export interface ProveFlags extends RotationFlags {
  readonly format?: 'text' | 'md' | 'json';
  /** False under `--no-record`. */
  readonly record: boolean;
}

export async function runProve(context: Context, flags: ProveFlags, subject: string): Promise<number> {
  if (flags.now !== undefined && Number.isNaN(Date.parse(flags.now)))
    throw new ProblemError({ code: 'usage', message: '--now takes a time such as 2026-11-22T10:00:00Z.' });
  return withSession(context, 'read', async (session) => {
    const { input, log } = await gatherStatement(context, session, subject, flags);
    const missing = missingForStatement(input);
    if (missing.length > 0) {
      for (const line of missing) await context.tell(`Nothing can be stated yet: ${safeText(line)}.`);
      return exitCodes.incomplete;
    }
    const statement = await masked(context, session, makeStatement(input));
    const text = statementLines(printable(statement, safeText), 'text').join('\n');
    const sha256 = createHash('sha256').update(text).digest('hex');
    if (flags.record) {
      const { plan } = input;
      const entry: LogEntry = {
        action: 'proved',
        subject: plan.fingerprint,
        plan: plan.id,
        data: { sha256 },
      };
      await log.append([entry], { at: input.now, actor: 'sprawl', isClock: flags.now === undefined });
    }
    await print(context, flags, statement, input, sha256);
    return exitCodes.clean;
  });
}

/** Titles of steps and names of consumers come from files as they are now, and were not checked when they were stored. */
async function masked(context: Context, session: Session, statement: Statement): Promise<Statement> {
  const known = await session.store.anchors();
  const text = await context.services.maskSecrets(JSON.stringify(statement), { keys: session.keys, known });
  return JSON.parse(text) as Statement;
}

function printable(statement: Statement, safe: (text: string) => string): Statement {
  const sections = statement.sections.map((section) => ({
    ...section,
    lines: section.lines.map((line) => safe(wholeSeconds(line))),
  }));
  return { ...statement, standing: wholeSeconds(statement.standing), sections };
}

async function print(
  context: Context,
  { format }: ProveFlags,
  statement: Statement,
  { head }: StatementInput,
  sha256: string,
): Promise<void> {
  const { out } = context;
  const record = { type: 'statement', ...statement, logHead: head.hash, logRecords: head.seq, sha256 };
  if (format === 'json') {
    await out.printLine(
      JSON.stringify({ format: 1, tool: 'sprawl', version: context.version, ...record }, null, 2),
    );
  } else if (format === undefined && context.flags.json === true) {
    await out.print(jsonLine(beginRecord(context.version, { generatedAt: context.io.now() })));
    await out.print(jsonLine(recordOf(record)));
    await out.print(
      jsonLine({ ...receiptRecord({ coverage: [] }, { secrets: 0, locations: 0, open: 0 }), complete: true }),
    );
  } else {
    const isMarkdown = format === 'md';
    const lines = statementLines(
      printable(statement, isMarkdown ? markdownText : safeText),
      format ?? 'text',
    );
    await out.printLine(lines.join('\n'));
    await out.printLine(isMarkdown ? `\n${hashLine(sha256)}` : hashLine(sha256));
  }
}
