/** Finds the secret that a fingerprint prefix on the command line means. */
import type { Exposure } from '../model/exposure.js';
import { type Fingerprint, shownFingerprintLength } from '../model/ids.js';
import { ProblemError } from '../model/problem.js';
import type { Store } from '../store/store.js';

/** Fewer digits would be a guess rather than a name. */
const minPrefixDigits = 4;

/** True when the text can be the beginning of a fingerprint. */
export function looksLikePrefix(text: string): boolean {
  return text.length >= minPrefixDigits && text.length <= 64 && /^[0-9a-f]+$/i.test(text);
}

/** The one fingerprint that begins with the prefix. Never echoes an argument that is none: it may be a value. */
export async function resolveFingerprint(store: Store, prefix: string): Promise<Fingerprint> {
  if (!looksLikePrefix(prefix)) {
    throw new ProblemError({
      code: 'usage',
      message: `The argument is not a fingerprint: at least ${minPrefixDigits} hex digits are needed.`,
      hint: 'Values belong on stdin: sprawl where -',
    });
  }
  const found = await store.resolvePrefix(prefix.toLowerCase());
  const [only] = found;
  if (only === undefined) {
    throw new ProblemError({
      code: 'not-found',
      message: `No secret begins with ${prefix}.`,
      hint: 'See "sprawl list --all".',
    });
  }
  if (found.length > 1) {
    const shown = found.map((fingerprint) => fingerprint.slice(0, shownFingerprintLength)).join(', ');
    throw new ProblemError({
      code: 'ambiguous-fingerprint',
      message: `${prefix} begins several secrets: ${shown}.`,
    });
  }
  return only;
}

/** @param limit copies to read at most; the sums are of all */
export async function resolveExposure(store: Store, prefix: string, limit?: number): Promise<Exposure> {
  const fingerprint = await resolveFingerprint(store, prefix);
  const exposure = await store.exposure(fingerprint, limit === undefined ? {} : { limit });
  if (exposure !== undefined) return exposure;
  throw new ProblemError({
    code: 'not-found',
    message: `The secret ${prefix} is not in the database any more.`,
  });
}
