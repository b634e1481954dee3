/**
 * What must stand near a keyword so that it counts: a run of bytes as long as the shortest value that its rules
 * could capture, and no letter before a keyword that begins a word. Most keywords in a text (`key`, `token`, `ODU`)
 * stand beside none, or inside another word.
 */
import { joinedSet, setsOfByte, tokenBytes, urlEndBytes } from '../rules/byte-set.js';

export interface KeywordGate {
  /** Fewest bytes in a row, to 255; 0: no run is needed. */
  readonly run: number;
  /** The set of rules/byte-set.ts in which they are. */
  readonly runSet: number;
  /** Bytes before and behind the keyword's start between which they stand, at most 65535. */
  readonly before: number;
  readonly behind: number;
  /** Sets of rules/byte-set.ts of which none may stand before the keyword. */
  readonly border: number;
  /** Whether an at sign must stand behind the keyword's start before its URL ends. */
  readonly asksAt: boolean;
}

/** Bytes of a URL in which the at sign of its authority stands, keyword and scheme included. */
export const mostUrlBytes = 1152;

/** The gate of a keyword that counts where either does; undefined when nothing need stand near it. */
export function eitherGate(a: KeywordGate, b: KeywordGate): KeywordGate | undefined {
  const gate = {
    run: Math.min(a.run, b.run),
    runSet: joinedSet(a.runSet, b.runSet),
    before: Math.max(a.before, b.before),
    behind: Math.max(a.behind, b.behind),
    border: a.border & b.border,
    asksAt: a.asksAt && b.asksAt,
  };
  return gate.run === 0 && gate.border === 0 && !gate.asksAt ? undefined : gate;
}

/** True when `bytes[from, to)` has `length` bytes of a set in a row; reads few of the bytes that are not. */
export function hasTokenRun(
  bytes: Uint8Array,
  from: number,
  to: number,
  length: number,
  set: number = tokenBytes,
): boolean {
  return tokenRunIn(bytes, from, to, length, set) >= 0;
}

/** Where the first such run starts; -1 when there is none. */
export function tokenRunIn(
  bytes: Uint8Array,
  from: number,
  to: number,
  length: number,
  set: number = tokenBytes,
): number {
  let start = from;
  while (start + length <= to) {
    let i = start + length - 1;
    while (i >= start && ((setsOfByte[bytes[i] as number] as number) & set) !== 0) i--;
    if (i < start) return start;
    start = i + 1;
  }
  return -1;
}

/** Whether a byte of the sets stands before `start`. */
export function isInside(bytes: Uint8Array, start: number, sets: number): boolean {
  return start > 0 && ((setsOfByte[bytes[start - 1] as number] as number) & sets) !== 0;
}

/** Whether an at sign stands in the URL that `start` is in, behind it. */
function hasAtSign(bytes: Uint8Array, start: number): boolean {
  const ceiling = Math.min(bytes.length, start + mostUrlBytes);
  for (let at = start; at < ceiling; at++) {
    const byte = bytes[at] as number;
    if (byte === 0x40) return true;
    if (((setsOfByte[byte] as number) & urlEndBytes) !== 0) return false;
  }
  return false;
}

/** Bytes from a keyword's start that are all alike, with the one before, where it stands amid one letter over and over. */
const amidBytes = 16;

/**
 * Of `AAAA…`, zeros in base64, every offset begins a keyword of ten such letters, and every window has megabytes of them
 * to read. What begins or ends with the run stands at its first or last offsets, which count. Asked without a gate too: gates are
 * set when the first hit is looked at, and by then all of a document may be listed.
 */
function isAmidRun(bytes: Uint8Array, start: number): boolean {
  if (start === 0 || start + amidBytes > bytes.length) return false;
  const before = bytes[start - 1];
  for (let at = start; at < start + amidBytes; at++) if (bytes[at] !== before) return false;
  return true;
}

/** Whether a keyword that starts at `start` counts. */
export function isGateOpen(gate: KeywordGate | undefined, bytes: Uint8Array, start: number): boolean {
  if (isAmidRun(bytes, start)) return false;
  if (gate === undefined) return true;
  if (isInside(bytes, start, gate.border)) return false;
  if (gate.asksAt && !hasAtSign(bytes, start)) return false;
  if (gate.run === 0) return true;
  const from = Math.max(0, start - gate.before);
  return hasTokenRun(bytes, from, Math.min(bytes.length, start + gate.behind), gate.run, gate.runSet);
}
