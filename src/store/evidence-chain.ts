/**
 * The chain of the evidence log: each record holds the hash of the one before, so that an edit, a gap or another order
 * shows. What records mean is no matter of the store: see rotation/log.
 *
 * `hash` is the hex SHA-256 of the canonical JSON (canonical-json.ts) of the record without `hash`. A line of the file is
 * the canonical JSON of the whole record, byte by byte, so that not even a blank can be added unseen.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../model/canonical-json.js';

/** What a record says. */
export interface ChainEntry {
  readonly action: string;
  readonly subject: string;
  readonly plan?: string;
  readonly step?: string;
  readonly data: object;
}

export interface ChainRecord extends ChainEntry {
  /** From 1, without holes. */
  readonly seq: number;
  /** RFC 3339 UTC, never before that of the record before. */
  readonly at: string;
  /** Pseudonym of who did it, or `sprawl`. */
  readonly actor: string;
  readonly prevHash: string;
  readonly hash: string;
}

/** Where a chain stands. */
export interface ChainHead {
  readonly seq: number;
  /** Hex SHA-256. */
  readonly hash: string;
  /** RFC 3339 UTC; undefined for an empty log. */
  readonly at: string | undefined;
}

/** Head of an empty log. */
export const startOfChain: ChainHead = { seq: 0, hash: '0'.repeat(64), at: undefined };

function hashOf(record: Omit<ChainRecord, 'hash'>): string {
  return createHash('sha256').update(canonicalJson(record)).digest('hex');
}

export function headOf({ seq, hash, at }: ChainRecord): ChainHead {
  return { seq, hash, at };
}

/** Gives an entry its place after `head`. */
export function seal<Entry extends ChainEntry>(
  entry: Entry,
  head: ChainHead,
  at: string,
  actor: string,
): Entry & ChainRecord {
  const record = { ...entry, seq: head.seq + 1, at, actor, prevHash: head.hash };
  return { ...record, hash: hashOf(record) };
}

const hexHash = /^[0-9a-f]{64}$/;
const utcTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isRecord(value: unknown): value is ChainRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { seq, at, actor, action, subject, plan, step, data, prevHash, hash } = value as Record<
    string,
    unknown
  >;
  return (
    Number.isSafeInteger(seq) &&
    isText(at) &&
    utcTime.test(at) &&
    isText(actor) &&
    isText(action) &&
    isText(subject) &&
    (plan === undefined || isText(plan)) &&
    (step === undefined || isText(step)) &&
    typeof data === 'object' &&
    data !== null &&
    isText(prevHash) &&
    hexHash.test(prevHash) &&
    isText(hash) &&
    hexHash.test(hash)
  );
}

/** The record on a line when the line is one, written as we write it and unchanged since; where it stands is not looked at. */
export function parseLine(line: string): ChainRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || canonicalJson(value) !== line) return undefined;
  const { hash, ...rest } = value;
  return hashOf(rest) === hash ? value : undefined;
}

/** What is wrong with a record that should follow `head`; undefined when it does follow. */
function faultAfter(head: ChainHead, record: ChainRecord): string | undefined {
  const seq = head.seq + 1;
  if (record.seq > seq) return `is missing: record ${record.seq} stands in its place`;
  if (record.seq < seq) return `is not there: record ${record.seq} stands in its place a second time`;
  if (record.prevHash !== head.hash) {
    return head.seq === 0
      ? 'should be the first, and names one before it'
      : `does not follow from record ${head.seq}: one of the two was changed`;
  }
  if (head.at !== undefined && Date.parse(record.at) < Date.parse(head.at)) {
    return `is dated before record ${head.seq}`;
  }
  return undefined;
}

export interface ChainFault {
  /** Number of the first bad record. */
  readonly seq: number;
  /** What follows "record N". */
  readonly why: string;
}

/** Takes lines one by one and says where the chain breaks. */
export class ChainReader {
  head: ChainHead = startOfChain;

  /** The record on the next line, or what is wrong there; after a fault nothing more can be read. */
  next(line: string | undefined): ChainRecord | ChainFault {
    const record = line === undefined ? undefined : parseLine(line);
    if (record === undefined) return { seq: this.head.seq + 1, why: 'was changed or damaged' };
    const why = faultAfter(this.head, record);
    if (why !== undefined) return { seq: this.head.seq + 1, why };
    this.head = headOf(record);
    return record;
  }
}

export type ChainVerdict =
  | { readonly ok: true; readonly head: ChainHead; readonly expectedAt?: number }
  | ({ readonly ok: false; readonly head: ChainHead } & ChainFault);

/**
 * Looks for an edit, a gap, another order, and with `expected` (the hash that stood at the end when somebody wrote it
 * down) for a cut or a rewritten end. A log may have grown since: `expectedAt` says which record has that hash.
 */
export function verifyChain(lines: Iterable<string | undefined>, expected?: string): ChainVerdict {
  const reader = new ChainReader();
  let expectedAt = expected === startOfChain.hash ? 0 : undefined;
  for (const line of lines) {
    const next = reader.next(line);
    if ('why' in next) return { ok: false, head: reader.head, seq: next.seq, why: next.why };
    if (next.hash === expected) expectedAt = next.seq;
  }
  const { head } = reader;
  if (expected === undefined) return { ok: true, head };
  if (expectedAt !== undefined) return { ok: true, head, expectedAt };
  const why = 'is not there, or records before it were rewritten: no record has the expected hash';
  return { ok: false, head, seq: head.seq + 1, why };
}
