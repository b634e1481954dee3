/** Commands that record something: the pipeline with the log open for writing, and who acts when. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { ProblemError } from '../../model/problem.js';
import type { LogEntry } from '../../rotation/log/record.js';
import type { ChainRecord } from '../../store/evidence-chain.js';
import { evidencePath } from '../../store/evidence-file.js';
import type { Context } from '../context.js';
import { type Session, withSession } from '../session.js';
import { databasePath } from '../user-paths.js';
import { guardWorkTree } from '../work-tree-guard.js';
import { actorName, rememberNames } from './people.js';
import { appendBatches, type Batch, checkedTime, itself, type RecordTime, recordTime } from './record.js';
import { recordedText } from './recorded-text.js';
import type { RecordingFlags } from './recording-flags.js';
import type { Rotation } from './rotation.js';
import { rotationOptions } from './rotation-flags.js';

export interface Recording {
  readonly context: Context;
  readonly session: Session;
  readonly rotation: Rotation;
  /** Pseudonym of who acts. */
  readonly actor: string;
  readonly time: RecordTime;
  /** Checks a free text and takes people out of it. */
  text(flag: string, text: string): Promise<string>;
  /** Pseudonym of somebody who is named, whose name is kept for display. */
  named(name: string): string;
  /** Appends all or nothing; `entries` in the name of who acts. */
  append(entries: readonly LogEntry[]): Promise<readonly ChainRecord[]>;
  appendAll(batches: readonly Batch[]): Promise<readonly ChainRecord[]>;
}

async function requireDatabase({ io, flags, services }: Context): Promise<void> {
  const { path, explicit } = databasePath(io, flags.db);
  if (existsSync(path)) {
    return guardWorkTree({ path: evidencePath(path), explicit }, 'evidence log', services.isTracked);
  }
  throw new ProblemError({
    code: 'database-unavailable',
    message: `There is no database at ${path}.`,
    hint: 'Run "sprawl scan" first, or name the database with --db.',
  });
}

export async function withRecording<Result>(
  context: Context,
  flags: RecordingFlags,
  run: (recording: Recording) => Promise<Result>,
  wanted: readonly string[] = [],
): Promise<Result> {
  checkedTime(flags.now);
  const name = actorName(context, flags.by);
  await requireDatabase(context);
  return withSession(context, 'write', async (session) => {
    const options = { ...rotationOptions(flags), log: 'append', wanted } as const;
    const rotation = await context.services.rotation(context, session, options);
    try {
      return await run(recordingOf(context, session, rotation, name, recordTime(context, flags.now)));
    } finally {
      rotation.close();
    }
  });
}

/** What is recorded rests on the policy of that time, so that a change of it is recorded before. */
export function policyChange({ policy, state }: Pick<Rotation, 'policy' | 'state'>): Batch {
  if (policy.sha256 === state.policy) return { actor: itself, entries: [] };
  const { sha256, file } = policy;
  return {
    actor: itself,
    entries: [{ action: 'policy-changed', subject: basename(file), data: { sha256 } }],
  };
}

function recordingOf(
  context: Context,
  session: Session,
  rotation: Rotation,
  name: string,
  time: RecordTime,
): Recording {
  const { people, imports, log, state } = rotation;
  const written = [name];
  const actor = people.pseudonymOf(name);
  const who = { people, parties: imports.parties };
  const appendAll: Recording['appendAll'] = async (batches) => {
    const policy = policyChange(rotation);
    const all = batches.some(({ entries }) => entries.length > 0) ? [policy, ...batches] : [];
    // Names are kept apart from the log, but kept: whoever pastes a token behind --by is refused like everywhere.
    for (const given of new Set(written)) await recordedText(context, session, who, 'a name', given);
    const records = await appendBatches(context, log, all, time, state.head);
    if (records.length > 0) await rememberNames(session, people, written, time.at);
    return records;
  };
  return {
    context,
    session,
    rotation,
    actor,
    time,
    text: (flag, text) => recordedText(context, session, who, flag, text),
    named: (other) => {
      written.push(other);
      return people.pseudonymOf(other);
    },
    append: (entries) => appendAll([{ actor, entries }]),
    appendAll,
  };
}
