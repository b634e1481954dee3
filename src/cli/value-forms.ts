/** All forms under which a value given by hand may be known, with what is needed to find bare copies. */
import { strengthBits } from '../detect/strength.js';
import { canonicalCandidates, lookupsOf } from '../identity/canonical.js';
import { fingerprintOf } from '../identity/fingerprint.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import { sipKeyOf } from '../identity/siphash.js';
import { anchorOf } from '../identity/sweep.js';
import type { KnownAnchor } from '../model/finding.js';
import { type Fingerprint, parseKindId } from '../model/ids.js';
import type { ValueForm } from './services.js';

/** Kind of a value that no detector flagged; a recorded secret brings its own. */
const unknownKind = parseKindId('known-value');

/** The forms, the literal one first. Only readings of the bytes have anchors: aliases stand in no text. */
export function formsOf(value: Buffer, keys: IdentityKeys): readonly ValueForm[] {
  const sipKey = sipKeyOf(keys.sweep);
  const anchors = new Map<Fingerprint, KnownAnchor>();
  for (const { bytes } of canonicalCandidates(value)) {
    const anchor = anchorOf(sipKey, bytes);
    if (anchor === undefined) continue;
    const fingerprint = fingerprintOf(keys.fingerprint, bytes);
    anchors.set(fingerprint, {
      ...anchor,
      fingerprint,
      kind: unknownKind,
      confidence: 'medium',
      strengthBits: strengthBits(bytes),
    });
  }
  return lookupsOf(keys.fingerprint, value).map(({ fingerprint, domain, via }) => {
    const anchor = anchors.get(fingerprint);
    const name = via.length === 0 ? domain : `${domain} (${via.join(', ')})`;
    return { fingerprint, domain: name, ...(anchor && { anchor }) };
  });
}
