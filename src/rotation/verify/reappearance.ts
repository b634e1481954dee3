/** Finds values that came back: gone or in history only when they were looked for, and at a tip or in a new message now. */
import type { VerdictState } from '../log/state.js';
import { isAfter } from './judge-root.js';
import type { CopyVerdict, Reappearance } from './verdict.js';

const cleanVerdicts: ReadonlySet<string> = new Set(['clean', 'history-remains', 'unreachable-remains']);

/** The latest look that found it nowhere in use. */
export function lastCleanLook(earlier: readonly VerdictState[]): VerdictState | undefined {
  return earlier.findLast(({ verdict, verdicts }) =>
    [verdict, ...verdicts].every((name) => cleanVerdicts.has(name)),
  );
}

/** @param isReturned the slots of the secret show that it took its place again after another value */
export function reappearances(
  copies: readonly CopyVerdict[],
  earlier: readonly VerdictState[],
  isReturned: boolean,
): Reappearance[] {
  const clean = lastCleanLook(earlier);
  return copies.flatMap((copy): Reappearance[] => {
    if (copy.state !== 'present') return [];
    const { location } = copy;
    const why = whyOf(copy, clean, isReturned);
    if (why === undefined) return [];
    return [{ why, location, ...(clean === undefined ? {} : { cleanAt: clean.at }) }];
  });
}

function whyOf(
  copy: CopyVerdict,
  clean: VerdictState | undefined,
  isReturned: boolean,
): Reappearance['why'] | undefined {
  const { appearance } = copy.location;
  if (copy.class === 'head') {
    if (isReturned && appearance.type === 'git-blob') return 'old-value-returned';
    return clean === undefined ? undefined : 'at-head-again';
  }
  // A message from before that look was there, and is a copy that nobody knew of.
  const isNewer = copy.class === 'human' && clean !== undefined && isAfter(writtenAt(copy), clean.at);
  return isNewer ? 'newer-message' : undefined;
}

function writtenAt({ location: { appearance } }: CopyVerdict): string | undefined {
  if (appearance.type !== 'record') return undefined;
  const { created, facts } = appearance;
  return isAfter(facts?.edited, created) ? facts?.edited : created;
}
