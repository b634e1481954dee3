/** Fingerprints: HMAC-SHA-256(sub-key, domain tag ‖ bytes). No rule, kind or place goes into one. */
import { createHmac } from 'node:crypto';
import { type Fingerprint, parseFingerprint } from '../model/ids.js';

/** Domain of the literal value, as opposed to the domains of aliases. */
const literalDomain = 'literal';

function keyed(key: Buffer, domain: string, bytes: Uint8Array): Fingerprint {
  // The NUL ends the tag, so no domain can be continued by a value.
  const digest = createHmac('sha256', key).update(`${domain}\0`).update(bytes).digest('hex');
  return parseFingerprint(digest);
}

/** Fingerprint of a literal value. `key` is `IdentityKeys.fingerprint`. */
export function fingerprintOf(key: Buffer, value: Uint8Array): Fingerprint {
  return keyed(key, literalDomain, value);
}

/** Fingerprint of a value's normal form under the domain of that form. */
export function aliasFingerprintOf(key: Buffer, domain: string, normalForm: Uint8Array): Fingerprint {
  if (domain === literalDomain) throw new RangeError('the literal domain is not an alias');
  return keyed(key, `alias/${domain}`, normalForm);
}
