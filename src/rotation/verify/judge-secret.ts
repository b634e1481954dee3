/** The verdict over one secret: what all its copies add up to, worst first, with what it rests on. */
import { verdictOfClass } from './copy-class.js';
import type { VerifyInput } from './evidence.js';
import { judgeCopies } from './judge-copies.js';
import { reappearances } from './reappearance.js';
import { historyOf, notesOf, openRoots } from './remains.js';
import { type CopyVerdict, type SecretVerdict, type VerdictName, worstFirst } from './verdict.js';

export function judgeSecret(input: VerifyInput): SecretVerdict {
  const copies = judgeCopies(input);
  const returned = reappearances(copies, input.earlier, input.isReturned);
  const held = copies.flatMap(verdictOfCopy);
  if (returned.length > 0) held.push('reappeared');
  // A secret of which no copy was ever recorded was looked for nowhere.
  if (copies.length === 0) held.push('unproven');
  const verdicts = worstFirst(held.length === 0 ? ['clean'] : held);
  return {
    fingerprint: input.fingerprint,
    verdict: verdicts[0] ?? 'unproven',
    verdicts,
    ground: input.isByValue ? 'clean-by-value' : 'clean-by-detection',
    copies,
    history: historyOf(copies, input.refCounts),
    open: openRoots(input),
    notes: notesOf(copies, input),
    returned,
  };
}

function verdictOfCopy(copy: CopyVerdict): VerdictName[] {
  if (copy.state === 'gone') return [];
  return [copy.state === 'unproven' ? 'unproven' : verdictOfClass[copy.class]];
}
