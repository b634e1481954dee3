/**
 * What must stand near a keyword so that it counts: a run of token bytes as long as the shortest value that
 * its rules could capture. Most keywords in a text (`key`, `token`, `ODU`) stand beside none.
 */

export interface KeywordGate {
  /** Fewest token bytes in a row, 1 to 255. */
  readonly run: number;
  /** Bytes before and behind the keyword's start between which they stand, at most 65535. */
  readonly before: number;
  readonly behind: number;
}

const tokenByte = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_.-~:') {
  tokenByte[char.charCodeAt(0)] = 1;
}

/** True when `bytes[from, to)` has `length` token bytes in a row; reads few of the bytes that are none. */
export function hasTokenRun(bytes: Uint8Array, from: number, to: number, length: number): boolean {
  return tokenRunIn(bytes, from, to, length) >= 0;
}

/** Where the first such run starts; -1 when there is none. */
export function tokenRunIn(bytes: Uint8Array, from: number, to: number, length: number): number {
  let start = from;
  while (start + length <= to) {
    let i = start + length - 1;
    while (i >= start && tokenByte[bytes[i] as number] === 1) i--;
    if (i < start) return start;
    start = i + 1;
  }
  return -1;
}

/** Whether a keyword that starts at `start` counts. */
export function isGateOpen(gate: KeywordGate | undefined, bytes: Uint8Array, start: number): boolean {
  if (gate === undefined) return true;
  const from = Math.max(0, start - gate.before);
  return hasTokenRun(bytes, from, Math.min(bytes.length, start + gate.behind), gate.run);
}
