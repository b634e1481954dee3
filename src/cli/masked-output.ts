/**
 * Output that repeats what files of the scanned places say now: names of jobs, paths, owners. Names in the database were
 * checked when they were stored; these were not.
 */
import type { Context } from './context.js';
import type { Session } from './session.js';

export type PrintLines = (lines: Iterable<string>) => Promise<void>;

/** Printer of lines without what rules call a secret in them; for output that comes in pieces. */
export async function maskedPrinter(context: Context, session: Session): Promise<PrintLines> {
  const known = await session.store.anchors();
  return async (lines) => {
    const text = await context.services.maskSecrets([...lines].join('\n'), { keys: session.keys, known });
    await context.out.printLine(text);
  };
}

export async function printMasked(
  context: Context,
  session: Session,
  lines: Iterable<string>,
): Promise<void> {
  await (await maskedPrinter(context, session))(lines);
}
