/** English times in words: `Thursday, November 3, 2016 at 11:59:50 AM UTC` of Google, `March 25, 2025 7:49 AM` of Notion. */
import { fromIso, fromRfc822, type Instant } from './times.js';

/** Blanks may be narrow ones. */
const sentence =
  /^(?:[a-z]+, )?([a-z]{3})[a-z]* (\d{1,2}), (\d{4})(?:,| at|) (\d{1,2}):(\d\d)(?::(\d\d))?(?: ?([ap])\.?m\.?)?(?: (utc|gmt|z))?/i;

export function longTime(value: unknown): Instant | undefined {
  if (typeof value !== 'string') return undefined;
  const match = sentence.exec(value.slice(0, 100).replace(/\s+/g, ' ').trim());
  if (match === null) return fromIso(value);
  const [, month, day, year, hour, minute, second, half, zone] = match;
  const hours =
    half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const clock = `${hours}:${minute}${second === undefined ? '' : `:${second}`}`;
  return fromRfc822(`${day} ${month} ${year} ${clock} ${zone ?? ''}`.trim());
}
