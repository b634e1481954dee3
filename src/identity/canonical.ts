/**
 * Aliases of a detected value, and everything that a pasted one may mean.
 *
 * Detection undoes only what the enclosing syntax says; a value on stdin has no syntax round it, so each
 * reading of it is tried, the literal first. Readings are for looking up only: nothing is stored or merged
 * because of them, so a password that is itself valid base64 stays its own secret.
 */
import type { Alias } from '../model/finding.js';
import type { Fingerprint } from '../model/ids.js';
import { aliasFingerprintOf, fingerprintOf } from './fingerprint.js';
import { type AliasForm, aliasForms, normalFormOf } from './normal-forms.js';
import { readings } from './readings.js';

/** Aliases of a value in the normal form of its kind. @param key `IdentityKeys.fingerprint` */
export function aliasesOf(form: AliasForm | undefined, value: Buffer, key: Buffer): Alias[] {
  const normal = form === undefined ? undefined : normalFormOf(form, value);
  if (normal === undefined) return [];
  return [{ domain: normal.domain, fingerprint: aliasFingerprintOf(key, normal.domain, normal.bytes) }];
}

/** One reading of a pasted value; `via` names what was undone, outermost first, empty for the literal. */
export interface CanonicalCandidate {
  readonly bytes: Buffer;
  readonly via: readonly string[];
}

/** Layers undone one after the other at most. */
const maxDepth = 5;
/** Readings at most; each costs a handful of HMACs. */
const maxCandidates = 96;

/** All readings of a pasted value, the literal first, fewest steps first, each once. */
export function canonicalCandidates(value: Buffer): CanonicalCandidate[] {
  const seen = new Set([value.toString('latin1')]);
  const candidates: CanonicalCandidate[] = [{ bytes: value, via: [] }];
  let level = candidates.slice();
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    const next: CanonicalCandidate[] = [];
    for (const candidate of level) {
      for (const { step, bytes } of readings(candidate.bytes, candidate.via)) {
        const text = bytes.toString('latin1');
        if (bytes.length === 0 || seen.has(text)) continue;
        seen.add(text);
        next.push({ bytes, via: [...candidate.via, step] });
      }
    }
    candidates.push(...next);
    if (candidates.length >= maxCandidates) return candidates.slice(0, maxCandidates);
    level = next;
  }
  return candidates;
}

export interface Lookup {
  readonly fingerprint: Fingerprint;
  /** `literal`, or the domain of an alias. */
  readonly domain: string;
  readonly via: readonly string[];
}

/** Every fingerprint under which a pasted value may be known, the most literal first, each once. */
export function lookupsOf(key: Buffer, value: Buffer): Lookup[] {
  const found = new Map<Fingerprint, Lookup>();
  for (const { bytes, via } of canonicalCandidates(value)) {
    const fingerprint = fingerprintOf(key, bytes);
    if (!found.has(fingerprint)) found.set(fingerprint, { fingerprint, domain: 'literal', via });
    for (const form of aliasForms) {
      for (const alias of aliasesOf(form, bytes, key)) {
        if (!found.has(alias.fingerprint)) found.set(alias.fingerprint, { ...alias, via });
      }
    }
  }
  return [...found.values()];
}
