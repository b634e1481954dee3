/** Times of a record as Atlassian's systems write them. */
import type { RecordTime } from '../contract.js';
import { type Instant, recordTime } from '../times.js';

/** Each record has a time of its last change; when that is its creation, it was never edited. */
export function lifeTime(created: Instant | undefined, changed: Instant | undefined): RecordTime | undefined {
  return recordTime(created, changed?.text === created?.text ? undefined : changed);
}
