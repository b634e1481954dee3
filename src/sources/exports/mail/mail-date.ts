/** Times of messages: the `Date` header, and the separator of an mbox (`From a@b Sun Dec 25 21:33:37 2011`). */
import type { RecordTime } from '../contract.js';
import { fromIso, fromRfc822, recordTime } from '../times.js';

const separatorDate =
  /\b([a-z]{3}) +(\d{1,2}) +(\d{1,2}:\d{2}(?::\d{2})?) +(?:([+-]\d{4}|[a-z]{3,4}) +)?(\d{4})(?: +([+-]\d{4}))?/i;

/** Time of a `Date` header; some programs write ISO 8601 or the form of an mbox there. */
export function headerTime(value: string | undefined): RecordTime | undefined {
  if (value === undefined) return undefined;
  const source = value.slice(0, 200).trim();
  return recordTime(fromRfc822(source) ?? fromIso(source)) ?? separatorTime(source);
}

/** Time of an mbox separator; mostly it has no zone. */
export function separatorTime(line: string | undefined): RecordTime | undefined {
  const match = separatorDate.exec((line ?? '').slice(0, 400));
  if (match === null) return undefined;
  const [, month, day, clock, zone, year, lateZone] = match;
  return recordTime(fromRfc822(`${day} ${month} ${year} ${clock} ${zone ?? lateZone ?? ''}`.trim()));
}
