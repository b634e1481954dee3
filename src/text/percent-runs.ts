/**
 * All percent-encoded runs of a text as one view, a line each. One view instead of one per run: an access
 * log has a million of them, and what follows costs more per view than per byte.
 */
import type { DecodeBudget } from './decode-budget.js';
import { isPrintableText } from './decoded-text.js';
import { OffsetMapBuilder } from './offset-map.js';
import { hexDigitValue, urlByte } from './run-classes.js';
import type { TextView } from './view.js';

/** Shorter runs hold no secret. */
const minRunBytes = 8;
/** Bytes looked at before the first `%` of a run. */
const maxLead = 1024;

function escapedByte(bytes: Uint8Array, at: number): number {
  const high = hexDigitValue[bytes[at + 1] ?? 0] as number;
  const low = hexDigitValue[bytes[at + 2] ?? 0] as number;
  return high === 255 || low === 255 ? -1 : high * 16 + low;
}

/** Decodes `[start, end)` into `output` at `to`; returns the new end. */
function decodeInto(
  bytes: Buffer,
  start: number,
  end: number,
  output: Buffer,
  to: number,
  builder: OffsetMapBuilder,
): number {
  let at = start;
  let out = to;
  while (at < end) {
    const value = bytes[at] === 0x25 ? escapedByte(bytes, at) : -1;
    if (value >= 0) {
      output[out++] = value;
      builder.replace(at, 3, 1);
      at += 3;
      continue;
    }
    const next = bytes.indexOf(0x25, at + 1);
    const copyEnd = next < 0 || next > end ? end : next;
    bytes.copy(output, out, at, copyEnd);
    builder.copy(at, copyEnd - at);
    out += copyEnd - at;
    at = copyEnd;
  }
  return out;
}

function decodedRun(bytes: Buffer, start: number, end: number): Buffer {
  const output = Buffer.allocUnsafe(end - start);
  return output.subarray(0, decodeInto(bytes, start, end, output, 0, new OffsetMapBuilder()));
}

/** Whether a percent escape stands anywhere. */
export function hasPercentEscape(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(0x25); at !== -1; at = bytes.indexOf(0x25, at + 1)) {
    if (escapedByte(bytes, at) >= 0) return true;
  }
  return false;
}

/** The view of all runs, or undefined when there are none. */
export function percentView(bytes: Buffer, budget: DecodeBudget): TextView | undefined {
  const builder = new OffsetMapBuilder();
  const parts: Buffer[] = [];
  let free = 0;
  for (let at = bytes.indexOf(0x25); at !== -1; at = bytes.indexOf(0x25, Math.max(at + 1, free))) {
    if (escapedByte(bytes, at) < 0) continue;
    const least = Math.max(free, at - maxLead);
    let start = at;
    while (start > least && urlByte[bytes[start - 1] as number] === 1) start--;
    let end = at + 3;
    const most = Math.min(bytes.length, start + budget.limits.maxRunBytes);
    while (end < most && urlByte[bytes[end] as number] === 1) end++;
    free = end;
    if (end - start < minRunBytes) continue;
    const text = decodedRun(bytes, start, end);
    if (!isPrintableText(text)) continue;
    if (!budget.take(text.length, 0)) break;
    decodeInto(bytes, start, end, text, 0, builder);
    builder.replace(end, 0, 1);
    parts.push(text, lineFeed);
  }
  if (parts.length === 0) return undefined;
  return { bytes: Buffer.concat(parts), map: builder.build(), view: 'decoded', spelling: ['percent'] };
}

const lineFeed = Buffer.from('\n');
