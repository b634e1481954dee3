/** Text that a person typed, on its way to where it stays or is shown: it must hold no value. */
import { ProblemError } from '../model/problem.js';
import { safeText } from '../report/safe-text.js';
import type { Context } from './context.js';
import type { Session } from './session.js';

/** A path or line as it may be printed; what people call their folders and files may be a secret. */
export async function shownText({ services }: Pick<Context, 'services'>, text: string): Promise<string> {
  return safeText(await services.maskSecrets(text));
}

/** The text with marks in place of values, those of known secrets too. */
export async function maskedText(context: Context, session: Session, text: string): Promise<string> {
  const known = await session.store.anchors();
  return context.services.maskSecrets(text, { keys: session.keys, known });
}

/** Throws `usage` when a text that would be kept holds a value. @param flag how the text was given */
export async function refuseValues(
  context: Context,
  session: Session,
  flag: string,
  text: string,
): Promise<void> {
  if ((await maskedText(context, session, text)) !== text) throw valueProblem(flag);
}

/** The same for what is kept in a file that others read, without a database. */
export async function refuseDetected(context: Context, flag: string, text: string): Promise<void> {
  if ((await context.services.maskSecrets(text)) !== text) throw valueProblem(flag);
}

function valueProblem(flag: string): ProblemError {
  return new ProblemError({
    code: 'usage',
    message: `The text of ${flag} holds a secret, so nothing was recorded.`,
    hint: 'It is kept for others to read: name secrets by their fingerprint.',
  });
}
