/**
 * The evidence log of a database: append-only, chained by hashes, private, written by one process at a time. A last line
 * that a crash cut off was never acknowledged: the next write moves it aside, in a file of its own, and tells so.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { canonicalJson } from '../model/canonical-json.js';
import { ProblemError } from '../model/problem.js';
import {
  type ChainEntry,
  type ChainFault,
  type ChainHead,
  ChainReader,
  type ChainRecord,
  type ChainVerdict,
  headOf,
  parseLine,
  seal,
  startOfChain,
  verifyChain,
} from './evidence-chain.js';
import {
  appendBytes,
  evidencePath,
  type FileLine,
  lastLines,
  linesOf,
  openEvidenceFile,
  syncFolderOf,
} from './evidence-file.js';
import { asProblem } from './sqlite-problem.js';

export interface AppendOptions {
  /** RFC 3339. A time before that of the last record is refused. */
  readonly at: string;
  /** Pseudonym, or `sprawl`; a list names one for each entry. */
  readonly actor: string | readonly string[];
  /**
   * True when `at` is what the clock said at the start of the run: then a record of another process that is up to five
   * minutes younger lends its time.
   */
  readonly isClock?: boolean;
  /** Hash of the last record that the caller knew: refused when the log has grown since. */
  readonly after?: string;
}

/** The rest of an unfinished record that was moved aside. */
export interface TornRecord {
  readonly bytes: number;
  readonly file: string;
}

export interface Appended<Entry extends ChainEntry> {
  readonly records: readonly (Entry & ChainRecord)[];
  readonly head: ChainHead;
  readonly torn?: TornRecord;
}

export interface EvidenceLog {
  readonly path: string;
  /**
   * All records, each checked against the chain. Throws `database-corrupt` at the first that does not follow. Actions
   * of later versions are given as they are.
   */
  records(): Iterable<ChainRecord>;
  /** As {@link verifyChain}; an unfinished last line is a fault here, though reading and writing get over it. */
  verify(expected?: string): ChainVerdict;
  append<Entry extends ChainEntry>(
    entries: readonly Entry[],
    options: AppendOptions,
  ): Promise<Appended<Entry>>;
}

/** How much younger than a caller's clock a record of another process may be. */
const clockToleranceMs = 300_000;

/**
 * @param databasePath the database whose log it is; the log is made at the first append
 * @param mode `read`: appending is refused
 */
export function openEvidenceLog(databasePath: string, mode: 'read' | 'append'): EvidenceLog {
  const path = evidencePath(databasePath);
  return {
    path,
    records: () => recordsOf(path),
    verify: (expected) => verifyFile(path, expected),
    append: async (entries, options) => {
      if (mode === 'read') throw new TypeError('the evidence log was opened for reading');
      const { withEvidenceLock } = await import('./evidence-lock.js');
      return withEvidenceLock(path, () => {
        try {
          return appendTo(path, entries, options);
        } catch (error) {
          throw asProblem(error, path);
        }
      });
    },
  };
}

function corrupt(path: string, { seq, why }: ChainFault): ProblemError {
  return new ProblemError({
    code: 'database-corrupt',
    message: `The evidence log ${path} is broken: record ${seq} ${why}.`,
    hint: 'See "sprawl log verify". Restore the file from a copy whose head you know; nothing is recorded until then.',
  });
}

function* withFile<Item>(path: string, read: (descriptor: number) => Iterable<Item>): Generator<Item> {
  const descriptor = openEvidenceFile(path, 'read');
  if (descriptor === undefined) return;
  try {
    yield* read(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** True for the rest of a record whose write was cut off. */
function isTorn({ text, isWhole }: FileLine): boolean {
  return !isWhole && (text === undefined || parseLine(text) === undefined);
}

function* recordsOf(path: string): Generator<ChainRecord> {
  const reader = new ChainReader();
  for (const line of withFile(path, linesOf)) {
    if (isTorn(line)) return;
    const next = reader.next(line.text);
    if ('why' in next) throw corrupt(path, next);
    yield next;
  }
}

function verifyFile(path: string, expected: string | undefined): ChainVerdict {
  let isCut = false;
  function* texts(): Generator<string | undefined> {
    for (const line of withFile(path, linesOf)) {
      if (!line.isWhole) isCut = true;
      if (!isTorn(line)) yield line.text;
    }
  }
  const verdict = verifyChain(texts(), expected);
  if (!isCut || !verdict.ok) return verdict;
  const why = 'was not written to its end (the next write repairs that)';
  const { head } = verdict;
  return { ok: false, head, seq: head.seq + 1, why };
}

/** Where the chain stands, and from which byte on the file holds an unfinished record. */
function endOf(descriptor: number, path: string): { head: ChainHead; tornFrom?: number; lacksEnd: boolean } {
  const [last, before] = lastLines(descriptor);
  if (last === undefined) return { head: startOfChain, lacksEnd: false };
  const torn = isTorn(last);
  const line = torn ? before : last;
  const tornFrom = torn ? { tornFrom: last.start } : {};
  if (line === undefined) return { head: startOfChain, lacksEnd: false, ...tornFrom };
  const record = line.text === undefined ? undefined : parseLine(line.text);
  if (record === undefined) {
    const { seq, why } = firstFault(path);
    throw corrupt(path, { seq, why });
  }
  return { head: headOf(record), lacksEnd: !line.isWhole, ...tornFrom };
}

function firstFault(path: string): ChainFault {
  const verdict = verifyFile(path, undefined);
  return verdict.ok ? { seq: verdict.head.seq, why: 'was changed meanwhile' } : verdict;
}

/** Keeps the bytes of an unfinished record in a file of their own, then cuts the log where they began. */
function moveAside(descriptor: number, path: string, from: number): TornRecord {
  const bytes = Buffer.alloc(fstatSync(descriptor).size - from);
  readSync(descriptor, bytes, 0, bytes.length, from);
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  for (let number = 1; ; number++) {
    const file = `${path}.torn-${number}`;
    let kept: number;
    try {
      kept = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw error;
    }
    try {
      writeSync(kept, bytes);
      fsyncSync(kept);
    } finally {
      closeSync(kept);
    }
    ftruncateSync(descriptor, from);
    return { bytes: bytes.length, file };
  }
}

/** The time that a record gets, in UTC. */
function timeOf({ at, isClock }: AppendOptions, head: ChainHead): string {
  const time = Date.parse(at);
  if (Number.isNaN(time))
    throw new ProblemError({ code: 'usage', message: 'The time of a record is no date.' });
  const last = head.at === undefined ? time : Date.parse(head.at);
  if (time >= last) return new Date(time).toISOString();
  if (isClock === true && last - time <= clockToleranceMs) return new Date(last).toISOString();
  throw new ProblemError({
    code: 'usage',
    message: `The evidence log already has a record of ${head.at}; nothing is recorded before that.`,
    hint: isClock === true ? 'See whether the clock of this machine is right.' : 'Give a later --now.',
  });
}

function appendTo<Entry extends ChainEntry>(
  path: string,
  entries: readonly Entry[],
  options: AppendOptions,
): Appended<Entry> {
  const descriptor = openEvidenceFile(path, 'append') as number;
  try {
    const end = endOf(descriptor, path);
    if (options.after !== undefined && options.after !== end.head.hash) {
      throw new ProblemError({
        code: 'database-busy',
        message: 'Another process recorded something in the evidence log meanwhile; nothing was recorded.',
        hint: 'Run the command again: it will see what was recorded.',
      });
    }
    const at = timeOf(options, end.head);
    const torn = end.tornFrom === undefined ? {} : { torn: moveAside(descriptor, path, end.tornFrom) };
    let { head } = end;
    const records: (Entry & ChainRecord)[] = [];
    for (const [index, entry] of entries.entries()) {
      const { actor } = options;
      const record = seal(entry, head, at, typeof actor === 'string' ? actor : (actor[index] ?? 'sprawl'));
      head = headOf(record);
      records.push(record);
    }
    const text = records.map((record) => `${canonicalJson(record)}\n`).join('');
    appendBytes(descriptor, Buffer.from(end.lacksEnd ? `\n${text}` : text));
    if (end.head.seq === 0) syncFolderOf(path);
    return { records, head, ...torn };
  } finally {
    closeSync(descriptor);
  }
}
