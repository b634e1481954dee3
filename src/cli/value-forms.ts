/** All forms under which a value given by hand may be known, with what is needed to find bare copies. */
import { strengthBits } from '../detect/strength.js';
import { fingerprintOf } from '../identity/fingerprint.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import { sipKeyOf } from '../identity/siphash.js';
import { anchorOf } from '../identity/sweep.js';
import { type Fingerprint, parseKindId } from '../model/ids.js';
import type { ValueForm } from './services.js';

/** Kind of a value that no detector flagged; a recorded secret brings its own. */
const unknownKind = parseKindId('known-value');

/** A form that can stand bare in a text. */
function literalForm(bytes: Buffer, fingerprint: Fingerprint, keys: IdentityKeys): ValueForm {
  const anchor = anchorOf(sipKeyOf(keys.sweep), bytes);
  if (anchor === undefined) return { fingerprint, domain: 'literal' };
  const known = { ...anchor, fingerprint, kind: unknownKind, confidence: 'medium' as const };
  return { fingerprint, domain: 'literal', anchor: { ...known, strengthBits: strengthBits(bytes) } };
}

export function formsOf(value: Buffer, keys: IdentityKeys): readonly ValueForm[] {
  return [literalForm(value, fingerprintOf(keys.fingerprint, value), keys)];
}
