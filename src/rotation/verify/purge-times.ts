/**
 * When each copy was purged, as the log has it. A step names its copies by a hash of what they are, which is made again here
 * for every way in which the copy could have been cleaned: what stood at a tip then stands in history now.
 */
import type { Copy } from '../dossier.js';
import type { PlanState } from '../log/state.js';
import { stepId } from '../plan/step-draft.js';
import { documentKeys, documentOf, placeKeys } from '../plan/steps/purge-keys.js';

const purgeId = /^purge-/;

function later(a: string | undefined, b: string): string {
  return a === undefined || Date.parse(a) < Date.parse(b) ? b : a;
}

/** Key of one document of a place. */
export function documentKey(copy: Pick<Copy, 'location'>): string {
  return `${copy.location.place}\0${documentOf(copy)}`;
}

/** Done purges by the beginning of their ids, which is what ids have where nothing collides. */
function donePurges({ steps }: PlanState): ReadonlyMap<string, string> {
  const done = new Map<string, string>();
  for (const [id, { state, at }] of steps) if (purgeId.test(id) && state === 'done') done.set(id, at);
  return done;
}

/**
 * The last purge of a document (by {@link documentKey}), of anything in a place (by its key), and of the plan (by '').
 *
 * @param copies of a secret, gone ones included
 */
export function purgeTimes(
  plan: PlanState | undefined,
  copies: readonly Copy[],
): ReadonlyMap<string, string> {
  const times = new Map<string, string>();
  const done = plan === undefined ? new Map<string, string>() : donePurges(plan);
  if (done.size === 0) return times;
  const note = (name: string, at: string): void => {
    times.set(name, later(times.get(name), at));
  };
  for (const at of done.values()) note('', at);
  const atOf = (key: readonly string[]): string | undefined => done.get(stepId('purge', key.join('\0')));
  for (const copy of copies) {
    for (const key of [...documentKeys(copy), ...placeKeys(copy)]) {
      const at = atOf(key);
      if (at === undefined) continue;
      note(documentKey(copy), at);
      note(copy.location.place, at);
    }
  }
  return times;
}
