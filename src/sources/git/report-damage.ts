/** What is told of a store that is not whole. */
import { join } from 'node:path';
import type { PlanEvents } from '../source.js';
import type { GitStoreLocation } from './discover.js';
import { checkPacks, countAlternateObjects } from './pack-files.js';

/** A store, by the name under which its problems are told. */
export interface NamedStore {
  readonly location: GitStoreLocation;
  readonly where: string;
  readonly oidBytes: 20 | 32;
  /** Whether borrowed objects are left out and so to be counted. */
  readonly skipsAlternates: boolean;
}

/**
 * @param unreadable number of objects that git cannot read
 * @returns false when whole packs are lost, which is said once and not again for each of their objects
 */
export function reportDamage(store: NamedStore, unreadable: number, events: PlanEvents): boolean {
  const { location, where } = store;
  const objects = join(location.commonDir, 'objects');
  const faults = checkPacks(objects, store.oidBytes);
  for (const { name, fault } of faults)
    events.problem({ code: 'corrupt-pack', where, detail: `${name}: ${fault}` });
  if (store.skipsAlternates && location.alternates) {
    const count = countAlternateObjects(objects);
    if (count > 0) events.skipped('alternate-object', count);
  }
  if (unreadable > 0 && faults.length === 0) {
    const detail = `${unreadable} object(s) that git cannot read; git fsck names them`;
    events.problem({ code: 'corrupt-object', where, detail });
  }
  return faults.length === 0;
}

/** @param missing number of objects that the store names and lacks; in a partial clone they are absent on purpose */
export function reportMissing(
  { location, where }: Pick<NamedStore, 'location' | 'where'>,
  missing: number,
  events: PlanEvents,
): void {
  if (missing === 0) return;
  if (location.promisor) events.skipped('missing-promised-object', missing);
  else events.problem({ code: 'missing-object', where, detail: `${missing} object(s)` });
}
