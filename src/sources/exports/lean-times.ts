/** Times of lean records in ms since 1970, told from bytes. */
import type { JsonTape } from '../../prefilter/json-tape.js';
import { fromIso } from './times.js';

const zero = 0x30;
const dash = 0x2d;
const colon = 0x3a;
const dot = 0x2e;
const plus = 0x2b;
const letterT = 0x54;
const letterZ = 0x5a;

/** The time that the string at an entry writes as `fromIso` reads it; undefined when that is none. */
export function isoMsAt(tape: JsonTape, entry: number): number | undefined {
  const common = commonMs(tape.bytes, tape.start(entry), tape.endOf(entry));
  if (common !== undefined) return common;
  const instant = fromIso(tape.string(entry));
  return instant === undefined ? undefined : Date.parse(instant.text);
}

/** Of `2024-03-02T10:00:00.000+0000` and its kin: milliseconds or none, `Z` or an offset. */
function commonMs(bytes: Buffer, start: number, end: number): number | undefined {
  if (end - start < 20 || end - start > 29) return undefined;
  const isClock =
    bytes[start + 4] === dash &&
    bytes[start + 7] === dash &&
    bytes[start + 10] === letterT &&
    bytes[start + 13] === colon &&
    bytes[start + 16] === colon;
  if (!isClock) return undefined;
  const year = twoAt(bytes, start) * 100 + twoAt(bytes, start + 2);
  const month = twoAt(bytes, start + 5);
  const day = twoAt(bytes, start + 8);
  const hour = twoAt(bytes, start + 11);
  const minute = twoAt(bytes, start + 14);
  const second = twoAt(bytes, start + 17);
  // Not every day of a month is in each; what is rare is left to the full reading.
  const isCommon = year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 28;
  if (!isCommon || !(hour <= 23 && minute <= 59 && second <= 59)) return undefined;
  let at = start + 19;
  let ms = 0;
  if (bytes[at] === dot) {
    ms = twoAt(bytes, at + 1) * 10 + (twoAt(bytes, at + 2) % 10);
    at += 4;
  }
  const offset = offsetAt(bytes, at, end);
  const time = Date.UTC(year, month - 1, day, hour, minute, second, ms) - offset * 60_000;
  return Number.isNaN(time) ? undefined : time;
}

/** Minutes of an offset that ends at `end`; NaN for what is none. */
function offsetAt(bytes: Buffer, at: number, end: number): number {
  const first = bytes[at];
  if (first === letterZ && end === at + 1) return 0;
  if (first !== plus && first !== dash) return Number.NaN;
  const minuteAt = bytes[at + 3] === colon ? at + 4 : at + 3;
  if (end !== minuteAt + 2) return Number.NaN;
  const hours = twoAt(bytes, at + 1);
  const minutes = twoAt(bytes, minuteAt);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  const offset = hours * 60 + minutes;
  return first === plus ? offset : -offset;
}

/** Number that two digits write; NaN for anything else. */
function twoAt(bytes: Buffer, at: number): number {
  const high = (bytes[at] as number) - zero;
  const low = (bytes[at + 1] as number) - zero;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : Number.NaN;
}
