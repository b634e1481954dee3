/**
 * Baselines: the findings that a repository lives with, as a committed file that works without the key, for
 * teammates, CI and forks. A baseline turns findings into status `baselined`; it never drops one.
 *
 * Strong values are told again by a memory-hard hash under the file's own public salt, so that the file
 * confirms a guess only at the price of scrypt. Weak values could be guessed at any price, so nothing of
 * the value goes in: they are told by place, path, slot and kind.
 */
import { randomBytes, scryptSync } from 'node:crypto';
import { ProblemError } from '../model/problem.js';

/** scrypt's cost (RFC 7914): `n` a power of two, memory is 128 * n * r bytes. */
export interface ScryptParams {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB and some 0.1 s a value: a strong value of 2^40 guesses costs thousands of CPU years. */
export const defaultScrypt: ScryptParams = { n: 2 ** 15, r: 8, p: 1 };
/** What a file may ask for at most, since the file may be hostile: 256 MiB. */
const maxScrypt: ScryptParams = { n: 2 ** 18, r: 16, p: 4 };
const maxMemoryBytes = 256 * 1024 * 1024;

/** Bytes of the salt and of a hash. */
const saltBytes = 16;
const hashBytes = 16;

export const maxBaselineBytes: number = 64 * 1024 * 1024;
const maxEntries = 200_000;

export interface BaselineHeader {
  /** Public, random, one per file. */
  readonly salt: Uint8Array;
  readonly scrypt: ScryptParams;
}

/** `path` of a strong entry is only for people: the value is known wherever it turns up. */
export interface StrongBaselineEntry {
  readonly type: 'strong';
  /** 32 hex characters, see {@link committedHash}. */
  readonly hash: string;
  readonly kind: string;
  readonly path?: string;
  readonly reason?: string;
}

export interface WeakBaselineEntry {
  readonly type: 'weak';
  readonly kind: string;
  readonly place: string;
  readonly path: string;
  /** Name under which the value stands; empty when it has none. */
  readonly slot: string;
  readonly reason?: string;
}

export type BaselineEntry = StrongBaselineEntry | WeakBaselineEntry;

export interface Baseline extends BaselineHeader {
  readonly entries: readonly BaselineEntry[];
}

/** What the worker knows of a finding while its value is in memory. Texts are redacted ones. */
export interface BaselineFacts {
  readonly weak: boolean;
  readonly kind: string;
  readonly place: string;
  readonly path: string;
  readonly slot?: string;
}

export interface BaselineCheck {
  /** Current findings that the baseline knows. */
  readonly known: readonly BaselineEntry[];
  readonly fresh: readonly BaselineEntry[];
  /** Entries of the baseline that nothing matches any more: to be pruned. */
  readonly stale: readonly BaselineEntry[];
}

export function newBaselineHeader(): BaselineHeader {
  return { salt: randomBytes(saltBytes), scrypt: defaultScrypt };
}

/** scrypt(`sprawl/baseline/1` NUL value, salt), 16 bytes as hex. Some 0.1 s: ask once per value. */
export function committedHash(salt: Uint8Array, params: ScryptParams, value: Uint8Array): string {
  const { n, r, p } = params;
  const input = Buffer.concat([Buffer.from('sprawl/baseline/1\0'), value]);
  const memory = 128 * n * r + 128 * r * p + 1024 * 1024;
  return scryptSync(input, salt, hashBytes, { N: n, r, p, maxmem: memory }).toString('hex');
}

/** Entry of one finding. Must be called where the value is, and lets nothing of a weak value through. */
export function baselineEntryOf(
  header: BaselineHeader,
  facts: BaselineFacts,
  value: Uint8Array,
): BaselineEntry {
  const { kind, place, path, slot = '' } = facts;
  if (facts.weak) return { type: 'weak', kind, place, path, slot };
  return { type: 'strong', hash: committedHash(header.salt, header.scrypt, value), kind, path };
}

export function checkBaseline(baseline: Baseline, current: readonly BaselineEntry[]): BaselineCheck {
  const known = new Set(baseline.entries.map(keyOf));
  const seen = new Set(current.map(keyOf));
  return {
    known: current.filter((entry) => known.has(keyOf(entry))),
    fresh: current.filter((entry) => !known.has(keyOf(entry))),
    stale: baseline.entries.filter((entry) => !seen.has(keyOf(entry))),
  };
}

/** Adds entries; reasons of entries that are there already stay. */
export function mergeBaseline(baseline: Baseline, added: readonly BaselineEntry[]): Baseline {
  const entries = new Map([...added, ...baseline.entries].map((entry) => [keyOf(entry), entry]));
  return { ...baseline, entries: [...entries.values()] };
}

export function pruneBaseline(baseline: Baseline, current: readonly BaselineEntry[]): Baseline {
  const { stale } = checkBaseline(baseline, current);
  const gone = new Set(stale.map(keyOf));
  return { ...baseline, entries: baseline.entries.filter((entry) => !gone.has(keyOf(entry))) };
}

function keyOf(entry: BaselineEntry): string {
  if (entry.type === 'strong') return `strong\0${entry.hash}`;
  return weakEntryKey(entry);
}

/** What a weak finding is known again by. */
export function weakEntryKey(entry: Pick<WeakBaselineEntry, 'kind' | 'place' | 'path' | 'slot'>): string {
  return ['weak', entry.kind, entry.place, entry.path, entry.slot].join('\0');
}

/** JSON with one entry a line, sorted, so that two branches merge line by line. */
export function formatBaseline(baseline: Baseline): string {
  const { n, r, p } = baseline.scrypt;
  const unique = new Map(baseline.entries.map((entry) => [keyOf(entry), entry]));
  const lines = [...unique]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => JSON.stringify(plain(entry)));
  const head = [
    '{',
    '"format": 1,',
    `"salt": "${Buffer.from(baseline.salt).toString('hex')}",`,
    `"scrypt": {"n": ${n}, "r": ${r}, "p": ${p}},`,
    '"entries": [',
  ];
  return [...head, ...(lines.length === 0 ? [] : [lines.join(',\n')]), ']', '}', ''].join('\n');
}

/** The same fields in the same order whatever the entry was made of. */
function plain(entry: BaselineEntry): Readonly<Record<string, string>> {
  const { kind, path, reason } = entry;
  const named = {
    kind,
    ...(path === undefined ? {} : { path }),
    ...(entry.type === 'weak' ? { place: entry.place, slot: entry.slot } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
  return entry.type === 'strong' ? { hash: entry.hash, ...named } : named;
}

/** Parses a baseline strictly. Throws `config-invalid` that names the file and the faulty entry. */
export function parseBaseline(text: string, file: string): Baseline {
  const fail = (what: string): never => {
    throw new ProblemError({
      code: 'config-invalid',
      message: `The baseline ${file} is not valid: ${what}.`,
    });
  };
  if (text.length > maxBaselineBytes) return fail(`larger than ${maxBaselineBytes} bytes`);
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, and the cause would carry it along.
    return fail('not JSON (an unfinished merge?)');
  }
  if (!isObject(root)) return fail('not an object');
  if (root['format'] !== 1) return fail('field "format" must be 1');
  const unknown = Object.keys(root).some((key) => !['format', 'salt', 'scrypt', 'entries'].includes(key));
  if (unknown) return fail('unknown field');
  const salt = root['salt'];
  if (typeof salt !== 'string' || !/^[0-9a-f]{32,128}$/.test(salt) || salt.length % 2 !== 0)
    return fail('field "salt"');
  const scrypt = parseScrypt(root['scrypt']) ?? fail('field "scrypt"');
  const items = root['entries'];
  if (!Array.isArray(items) || items.length > maxEntries) return fail('field "entries"');
  const entries = items.map((item: unknown, i) => parseEntry(item) ?? fail(`entry ${i + 1}`));
  return { salt: Buffer.from(salt, 'hex'), scrypt, entries };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseScrypt(value: unknown): ScryptParams | undefined {
  if (!isObject(value) || Object.keys(value).length !== 3) return undefined;
  const within = (field: unknown, max: number): number =>
    typeof field === 'number' && Number.isInteger(field) && field >= 1 && field <= max ? field : 0;
  const n = within(value['n'], maxScrypt.n);
  const r = within(value['r'], maxScrypt.r);
  const p = within(value['p'], maxScrypt.p);
  const isPowerOfTwo = n > 1 && (n & (n - 1)) === 0;
  return isPowerOfTwo && r > 0 && p > 0 && 128 * n * r <= maxMemoryBytes ? { n, r, p } : undefined;
}

function parseEntry(value: unknown): BaselineEntry | undefined {
  if (!isObject(value) || !Object.values(value).every((field) => typeof field === 'string')) return undefined;
  const { hash, kind, path, place, slot, reason, ...rest } = value as Readonly<Record<string, string>>;
  if (Object.keys(rest).length > 0 || kind === undefined || kind === '') return undefined;
  const why = reason === undefined ? {} : { reason };
  if (hash !== undefined) {
    if (!/^[0-9a-f]{32}$/.test(hash) || place !== undefined || slot !== undefined) return undefined;
    return { type: 'strong', hash, kind, ...(path === undefined ? {} : { path }), ...why };
  }
  if (path === undefined || place === undefined || slot === undefined) return undefined;
  return { type: 'weak', kind, place, path, slot, ...why };
}
