/** What a condition sees of a field. */
import { durationText } from './duration.js';
import type { FieldSort } from './fields.js';

export type Scalar = string | number | boolean;

export interface Seen {
  /** One for most fields, any number for sets; undefined: unknown. */
  readonly values: readonly Scalar[] | undefined;
  /** What was stated of it is too old, or its subject changed since: it has no value that anybody may act on. */
  readonly stale: boolean;
  /** The true number is this or larger; the true set may hold more. */
  readonly isAtLeast?: boolean;
}

export const unknownField: Seen = { values: undefined, stale: false };

export function seen(value: Scalar): Seen {
  return { values: [value], stale: false };
}

const namedAtMost = 3;

/** For people: `prod, staging`, `at least 412d`, `unknown (stale)`. */
export function seenText({ values, stale, isAtLeast }: Seen, sort: FieldSort): string {
  if (values === undefined) return stale ? 'unknown (stale)' : 'unknown';
  if (values.length === 0) return 'nothing';
  const texts = values.slice(0, namedAtMost).map((value) => scalarText(value, sort));
  const more = values.length - namedAtMost;
  const listed = more > 0 ? `${texts.join(', ')} and ${more} more` : texts.join(', ');
  return isAtLeast === true ? `at least ${listed}` : listed;
}

export function scalarText(value: Scalar, sort: FieldSort): string {
  return sort.type === 'duration' && typeof value === 'number' ? durationText(value) : String(value);
}
