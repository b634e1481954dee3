/** Writes to the evidence log, in the name of whoever runs the command. */
import { ProblemError } from '../../model/problem.js';
import type { LogEntry } from '../../rotation/log/record.js';
import type { ChainRecord } from '../../store/evidence-chain.js';
import type { EvidenceLog, TornRecord } from '../../store/evidence-log.js';
import type { Context } from '../context.js';

/** Records of one actor, to be written one after the other. */
export interface Batch {
  /** Pseudonym, or `sprawl`. */
  readonly actor: string;
  readonly entries: readonly LogEntry[];
}

/** What the tool does by itself. */
export const itself = 'sprawl';

export interface RecordTime {
  /** RFC 3339. */
  readonly at: string;
  /** False when the user said what time it is. */
  readonly isClock: boolean;
}

/** Throws for a `--now` that is no time. */
export function checkedTime(now: string | undefined): void {
  if (now === undefined || (/^\d{4}-\d\d-\d\dT/.test(now) && !Number.isNaN(Date.parse(now)))) return;
  throw new ProblemError({
    code: 'usage',
    message: '--now is no time.',
    hint: 'Give RFC 3339, e.g. 2026-11-22T10:00:00Z.',
  });
}

/** The time of a command's records: `--now`, else the clock. */
export function recordTime(context: Context, now: string | undefined): RecordTime {
  return { at: now ?? context.io.now(), isClock: now === undefined };
}

/**
 * Appends batches, all or none, and gives the records.
 *
 * @param after head that the decisions rest on: refused when another process recorded something since
 */
export async function appendBatches(
  context: Context,
  log: EvidenceLog,
  batches: readonly Batch[],
  time: RecordTime,
  after: string,
): Promise<readonly ChainRecord[]> {
  const entries = batches.flatMap((batch) => batch.entries);
  if (entries.length === 0) return [];
  const actor = batches.flatMap((batch) => batch.entries.map(() => batch.actor));
  const { records, torn } = await log.append(entries, { ...time, actor, after });
  if (torn !== undefined) await tellTorn(context, torn);
  return records;
}

async function tellTorn(context: Context, { bytes, file }: TornRecord): Promise<void> {
  await context.tell(
    `warning: the evidence log ended in an unfinished record of ${bytes} bytes (a crash while writing); kept in ${file}.`,
  );
}
