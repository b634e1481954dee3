/** What the text of a malformed record still says. See json-frames.ts for who asks. */
import { parseJson } from './json-batch.js';
import { newline } from './json-bytes.js';
import { repairWhole } from './json-remainder.js';
import type { Resync } from './json-resync.js';
import { Skim } from './json-skim.js';
import type { JsonWindow } from './json-window.js';

/** A part of the window: indexes of its first byte and behind its last, and the line of the first (from 1). */
export interface TextPart {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

export interface SalvagedPart extends TextPart {
  /** As it was written when `isWhole`, else what could be told of it. */
  readonly value: unknown;
  readonly isWhole: boolean;
}

/** The record itself, repaired, and behind it each record that it swallowed with a lost bracket. */
export function* salvagedParts(window: JsonWindow, resync: Resync, text: TextPart): Generator<SalvagedPart> {
  const { bytes } = window;
  let { line } = text;
  for (let start = text.start; start < text.end; ) {
    const next = resync.findRecord(bytes, start + 1, text.end) ?? text.end;
    const whole = start === text.start ? undefined : wholeAt(window, start, next);
    if (whole === undefined)
      yield { start, end: next, line, value: repairWhole(window.text(start, next), false), isWhole: false };
    else yield { start, end: whole.end, line, value: whole.value, isWhole: true };
    line += newlinesIn(bytes, start, next);
    start = next;
  }
}

/** The value that begins at `start`, when it is whole. */
function wholeAt(
  window: JsonWindow,
  start: number,
  end: number,
): { readonly value: unknown; readonly end: number } | undefined {
  const skim = new Skim();
  skim.start(start);
  if (skim.run(window.bytes, end) !== 'whole') return undefined;
  const value = parseJson(window.text(start, skim.at));
  return value === undefined ? undefined : { value, end: skim.at };
}

function newlinesIn(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (bytes[at] === newline) count++;
  return count;
}
