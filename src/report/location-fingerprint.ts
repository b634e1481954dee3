/** What viewers of reports track a copy by from one report to the next. */
import { createHash } from 'node:crypto';
import type { Location } from '../model/exposure.js';
import { commitOf, documentKeyOf } from './location-text.js';

/** Stable across runs and machines with the same key. Copies of one secret in one document share it. */
export function locationFingerprint(location: Location): string {
  const commit = commitOf(location.appearance)?.id ?? '';
  const parts = [
    location.fingerprint,
    location.place,
    documentKeyOf(location),
    commit,
    location.spelling.join('+'),
  ];
  return createHash('sha256').update(parts.join('\0')).digest('hex');
}

/**
 * Tells the copies of one secret apart that share a fingerprint, by number instead of by line: a line inserted above
 * them makes no new copy.
 */
export class CopyNumbers {
  readonly #seen = new Map<string, number>();

  /** Fingerprint of the copy and how many before it had the same. */
  next(location: Location): { readonly fingerprint: string; readonly number: number } {
    const fingerprint = locationFingerprint(location);
    const number = this.#seen.get(fingerprint) ?? 0;
    this.#seen.set(fingerprint, number + 1);
    return { fingerprint, number };
  }
}
