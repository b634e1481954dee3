/**
 * Where to go on behind damage: the next place that begins like a record, or like what leads to records, does.
 *
 * What earlier records and their containers began with is remembered as their leading keys. Within a string that is
 * whole, `{"` cannot stand, as quotes are escaped there; so a search needs no knowledge of strings.
 */
import {
  backslash,
  colon,
  comma,
  lastBefore,
  newline,
  openBrace,
  openBracket,
  quote,
  skipSpaces,
} from './json-bytes.js';
import type { PathPattern } from './json-paths.js';

/** Bytes looked at for leading keys. */
export const leadBytes = 512;
/** Leading keys that are compared. */
const maxLeads = 3;
/** Number of records after which no others are expected than such as were seen. */
const wellKnown = 4;
/** Different beginnings remembered of one kind. */
const maxBeginnings = 8;
/** Different leading keys remembered of one kind. */
const maxKeys = 64;
/** Bytes of a first member that is compared. */
const longestMember = 64;

/** How a value is reached from what holds it. */
export type Holder = 'root' | 'array' | 'object';

export interface Candidate {
  readonly at: number;
  readonly pattern: PathPattern;
  /** Number of containers around the value. */
  readonly level: number;
  /** Key of a member of an object. */
  readonly key: string | undefined;
}

/** What is open where the damage is. */
export interface OpenContainers {
  /** Key of the open container at a level; undefined when none is open there. */
  keyAt(level: number): string | undefined;
  readonly isOfLines: boolean;
}

interface Beginning {
  readonly pattern: PathPattern;
  readonly level: number;
  readonly holder: Holder;
  /** Leading keys of values seen there. */
  readonly leads: string[][];
  /** All of these keys. */
  readonly keys: Set<string>;
  /** First members, as they are written. */
  readonly firsts: Set<string>;
  /** True when such a value was seen before any damage. */
  isSure: boolean;
  /** Blanks before the value in its line; -1 when other things stand there too. */
  readonly indent: number;
  /** Number of values seen. */
  count: number;
}

const opens = new Uint8Array(256);
opens[openBrace] = 1;
opens[openBracket] = 1;

export class Resync {
  readonly #patterns: readonly PathPattern[];
  readonly #beginnings: Beginning[] = [];
  /** Where to search on once more bytes are there. */
  next = 0;

  constructor(patterns: readonly PathPattern[]) {
    this.#patterns = patterns;
  }

  /** Remembers what a value began with. `isSure` when there was no damage before it. */
  learn(
    pattern: PathPattern,
    level: number,
    holder: Holder,
    bytes: Buffer,
    at: number,
    end: number,
    isSure: boolean,
  ): void {
    const lead = leadingKeys(bytes, at, end);
    if (lead.length === 0) return;
    let beginning = this.#beginnings.find(
      (one) => one.pattern === pattern && one.level === level && one.holder === holder,
    );
    if (beginning === undefined) {
      const indent = indentOf(bytes, at);
      beginning = {
        pattern,
        level,
        holder,
        leads: [],
        keys: new Set(),
        firsts: new Set(),
        isSure,
        indent,
        count: 0,
      };
      this.#beginnings.push(beginning);
    }
    beginning.count++;
    beginning.isSure ||= isSure;
    const { leads } = beginning;
    if (leads.length < maxBeginnings && !leads.some((known) => sameKeys(known, lead) === lead.length))
      leads.push(lead);
    if (beginning.firsts.size < maxBeginnings) beginning.firsts.add(firstMember(bytes, at));
    if (beginning.keys.size < maxKeys) for (const key of lead) beginning.keys.add(key);
  }

  /** True when it is not well known how the records of a pattern begin. */
  isNew(pattern: PathPattern): boolean {
    return !this.#beginnings.some(
      (one) => one.pattern === pattern && one.level === pattern.parts.length && one.count >= wellKnown,
    );
  }

  /**
   * The first place in `bytes[from, end)` to go on at. Without one, `next` is where to search on; with `isFinal`
   * there is nothing behind `end`.
   */
  find(
    bytes: Buffer,
    from: number,
    end: number,
    isFinal: boolean,
    open: OpenContainers,
  ): Candidate | undefined {
    const last = isFinal ? end : end - leadBytes;
    let at = from;
    for (;;) {
      while (at < last && opens[bytes[at] as number] === 0) at++;
      if (at >= last) break;
      const found = this.#candidateAt(bytes, at, end, open);
      if (found !== undefined) return found;
      at++;
    }
    this.next = Math.max(from, at);
    return undefined;
  }

  #candidateAt(bytes: Buffer, at: number, end: number, open: OpenContainers): Candidate | undefined {
    const before = lastBefore(bytes, at);
    const byte = bytes[before];
    const key = byte === colon ? keyBefore(bytes, before) : undefined;
    const lead = bytes[at] === openBrace ? leadingKeys(bytes, at, end) : [];
    return (
      this.#known(bytes, at, before, key, lead, open) ??
      this.#alike(bytes, at, before, lead) ??
      this.#named(at, key, open) ??
      this.#unknown(bytes, at, before, lead, open)
    );
  }

  /** Level of what was seen before that begins like the object at `at`; undefined when nothing does. */
  levelOf(bytes: Buffer, at: number, end: number, open: OpenContainers): number | undefined {
    const before = lastBefore(bytes, at);
    const key = bytes[before] === colon ? keyBefore(bytes, before) : undefined;
    return this.#known(bytes, at, before, key, leadingKeys(bytes, at, end), open)?.level;
  }

  /** The first place in `bytes[from, end)`, behind a comma, that begins like many an element of an array of records. */
  findRecord(bytes: Buffer, from: number, end: number): number | undefined {
    const known = this.#beginnings.filter(
      ({ pattern, level, holder }) => holder === 'array' && level === pattern.parts.length,
    );
    if (known.length === 0) return undefined;
    for (
      let at = bytes.indexOf(openBrace, from);
      at >= 0 && at < end;
      at = bytes.indexOf(openBrace, at + 1)
    ) {
      if (bytes[lastBefore(bytes, at)] !== comma) continue;
      const lead = leadingKeys(bytes, at, end);
      if (known.some(({ leads }) => leads.some((keys) => sameKeys(keys, lead) > 1))) return at;
    }
    return undefined;
  }

  /** Begins with the keys of what was seen before. */
  #known(
    bytes: Buffer,
    at: number,
    before: number,
    key: string | undefined,
    lead: readonly string[],
    open: OpenContainers,
  ): Candidate | undefined {
    if (lead.length === 0) return undefined;
    let best: Beginning | undefined;
    let bestScore = 0;
    for (const beginning of this.#beginnings) {
      if (!mayStand(beginning, bytes, at, before, key, open)) continue;
      for (const known of beginning.leads) {
        // Of equals, the deeper: a record rather than what holds it.
        const score = sameKeys(known, lead) * 16 + beginning.level;
        if (score >= 16 && score > bestScore) {
          bestScore = score;
          best = beginning;
        }
      }
    }
    return best && { at, pattern: best.pattern, level: best.level, key };
  }

  /** An element of an array of records with leading keys in another order, or others, at the same indent. */
  #alike(bytes: Buffer, at: number, before: number, lead: readonly string[]): Candidate | undefined {
    const [first] = lead;
    if (first === undefined || bytes[before] !== comma) return undefined;
    const indent = indentOf(bytes, at);
    // Without layout an element of an array within a record may look the same.
    if (indent <= 0) return undefined;
    const like = this.#beginnings.find(
      ({ pattern, level, holder, keys, indent: own }) =>
        holder === 'array' && level === pattern.parts.length && own === indent && keys.has(first),
    );
    return like && { at, pattern: like.pattern, level: like.level, key: undefined };
  }

  /** Stands under a key that a pattern names, and is not open yet. */
  #named(at: number, key: string | undefined, open: OpenContainers): Candidate | undefined {
    if (key === undefined) return undefined;
    for (const pattern of this.#patterns) {
      const level = pattern.parts.indexOf(key) + 1;
      if (level > 0 && open.keyAt(level) !== key) return { at, pattern, level, key };
    }
    return undefined;
  }

  /** False for what does not begin like the one record, perhaps a damaged one, that was seen: it stands within that. */
  #mayBegin(
    pattern: PathPattern,
    level: number,
    [first, second]: readonly string[],
    bytes: Buffer,
    at: number,
  ): boolean {
    const known = this.#beginnings.filter(
      (one) => one.pattern === pattern && one.level === level && one.isSure,
    );
    if (known.length === 0) return true;
    const indent = indentOf(bytes, at);
    const member = firstMember(bytes, at);
    return known.some(
      (one) =>
        (indent > 0 && one.indent === indent) ||
        one.leads.some(
          (lead) =>
            lead[0] === first &&
            // What stands in a record often begins with the same key, `type` or `id`.
            (lead[1] === undefined || second === undefined || lead[1] === second || one.firsts.has(member)),
        ),
    );
  }

  /** Begins a line of JSON, or, where no record was seen before, like any record. */
  #unknown(
    bytes: Buffer,
    at: number,
    before: number,
    lead: readonly string[],
    open: OpenContainers,
  ): Candidate | undefined {
    if (bytes[at] === openBrace && lead.length === 0) return undefined;
    const [first] = this.#patterns;
    if (first !== undefined && open.isOfLines && bytes[at - 1] === newline)
      return { at, pattern: first, level: 0, key: undefined };
    // Within an array of records what is unknown belongs to one of them, not to a list that would stand elsewhere.
    const within = this.#patterns.filter(
      ({ parts }) => parts.length > 1 && open.keyAt(parts.length - 1) !== undefined,
    );
    for (const pattern of within.length > 0 ? within : this.#patterns) {
      const level = this.isNew(pattern) ? unknownLevel(pattern, bytes, at, bytes[before], open) : undefined;
      if (level !== undefined && this.#mayBegin(pattern, level, lead, bytes, at))
        return { at, pattern, level, key: undefined };
    }
    return undefined;
  }
}

/** Level at which an object or array that looks like nothing seen before is taken for a record, or for the root. */
function unknownLevel(
  { parts }: PathPattern,
  bytes: Buffer,
  at: number,
  before: number | undefined,
  open: OpenContainers,
): number | undefined {
  const isElement = before === comma || before === openBracket;
  const isObject = bytes[at] === openBrace;
  if (open.keyAt(0) === undefined && !open.isOfLines) {
    // Behind a comma the root cannot be: the bracket that opened the array is lost.
    if (parts.length === 1 && parts[0] === '*' && before === comma && isObject) return 1;
    if (!isElement && before !== colon && (isObject || (parts[0] ?? '*') === '*')) return 0;
  }
  const level = parts.length;
  if (parts[level - 1] !== '*' || !isObject || !isElement) return undefined;
  // The first element of an array within the lost record would be taken for the next record.
  if (open.keyAt(level - 1) !== undefined) return before === comma ? level : undefined;
  return parts.indexOf('*') === level - 1 ? level : undefined;
}

function mayStand(
  { pattern, level, holder }: Beginning,
  bytes: Buffer,
  at: number,
  before: number,
  key: string | undefined,
  open: OpenContainers,
): boolean {
  const byte = bytes[before];
  if (holder === 'array') return byte !== colon;
  if (holder === 'object') {
    const part = pattern.parts[level - 1];
    return key !== undefined && (part === '*' || part === key);
  }
  if (open.isOfLines) return bytes[at - 1] === newline || byte === openBrace + 2;
  return byte !== colon && byte !== comma && byte !== openBracket;
}

function indentOf(bytes: Buffer, at: number): number {
  let start = at;
  while (start > 0 && (bytes[start - 1] === 0x20 || bytes[start - 1] === 0x09)) start--;
  return bytes[start - 1] === newline ? at - start : -1;
}

/** How many keys two beginnings share; 0 when they differ where both say something. */
function sameKeys(a: readonly string[], b: readonly string[]): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return 0;
  return shared;
}

/** First member of the object at `at` up to the comma behind it, when it is a short one. */
function firstMember(bytes: Buffer, at: number): string {
  const found = bytes.indexOf(comma, at);
  return found < 0 || found > at + longestMember ? '' : bytes.toString('latin1', at, found);
}

/** First keys of the object at `at`, as they are written, up to a value that is an object or array. */
function leadingKeys(bytes: Buffer, at: number, given: number): string[] {
  const end = Math.min(given, at + leadBytes);
  const keys: string[] = [];
  let next = bytes[at] === openBrace ? at + 1 : end;
  while (keys.length < maxLeads) {
    next = skipSpaces(bytes, next, end);
    if (bytes[next] !== quote || next >= end) break;
    const close = stringEnd(bytes, next, end);
    const colonAt = skipSpaces(bytes, close, end);
    if (close >= end || bytes[colonAt] !== colon) break;
    keys.push(bytes.toString('latin1', next + 1, close - 1));
    const value = skipSpaces(bytes, colonAt + 1, end);
    next = bytes[value] === quote ? stringEnd(bytes, value, end) : scalarEnd(bytes, value, end);
    next = skipSpaces(bytes, next, end);
    if (bytes[next] !== comma) break;
    next++;
  }
  return keys;
}

/** Behind the closing quote of the string that begins at `at`. */
function stringEnd(bytes: Buffer, at: number, end: number): number {
  let next = at + 1;
  while (next < end && bytes[next] !== quote) next += bytes[next] === backslash ? 2 : 1;
  return Math.min(next + 1, end);
}

function scalarEnd(bytes: Buffer, at: number, end: number): number {
  let next = at;
  while (next < end && (bytes[next] as number) > comma && opens[bytes[next] as number] === 0) next++;
  return next;
}

/** The key that ends before the colon at `at`. */
function keyBefore(bytes: Buffer, at: number): string | undefined {
  const close = lastBefore(bytes, at);
  if (bytes[close] !== quote) return undefined;
  let start = close - 1;
  const least = Math.max(0, close - leadBytes);
  while (start >= least && bytes[start] !== quote) start--;
  if (start < least) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8', start, close + 1)) as string;
  } catch {
    return undefined;
  }
}
