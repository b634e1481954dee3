/**
 * Output that repeats what files of the scanned places say now: names of jobs, paths, owners. Names in the database were
 * checked when they were stored; these were not.
 */
import type { Context } from './context.js';
import type { Session } from './session.js';

/** Prints lines without what rules call a secret in them. */
export async function printMasked(
  context: Context,
  session: Session,
  lines: Iterable<string>,
): Promise<void> {
  const known = await session.store.anchors();
  const text = await context.services.maskSecrets([...lines].join('\n'), { keys: session.keys, known });
  await context.out.printLine(text);
}
