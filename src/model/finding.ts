/**
 * Candidate (unproven, holds the value) and finding (judged, fingerprinted, holds no value).
 *
 * A finding is plain data: it crosses from a worker to the writer and is all that is ever stored.
 */
import type { Fingerprint, KindId, RuleId } from './ids.js';
import type { SecretValue } from './secret-value.js';
import type { Position, Span } from './span.js';

export const confidences = ['low', 'medium', 'high', 'proven'] as const;
/** How sure the judge is; `proven` by a checksum or a structure that cannot occur by chance. */
export type Confidence = (typeof confidences)[number];

export const spellings = [
  'plain',
  'base64',
  'base64url',
  'hex',
  'percent',
  'json-escaped',
  'xml-escaped',
  'shell-escaped',
  'quoted-printable',
  'utf-16',
  'pem',
  'pem-escaped',
  'der',
  'in-url',
  'basic-header',
  'data-value',
  'gzip',
  'split-over-leaves',
  'link-mangled',
] as const;
/** How a location writes the value. Layers are listed outermost first, joined with `+`. */
export type Spelling = (typeof spellings)[number];

export const views = ['raw', 'decoded', 'plain', 'compact'] as const;
/** Which derived text a match was made in; `raw` means the bytes as they lie. */
export type View = (typeof views)[number];

export const relationKinds = [
  'pair',
  'contains',
  'keypair',
  'same-principal',
  'signs',
  'mints',
  'opens',
  'encrypts',
  'alternate',
  'supersedes',
] as const;
export type RelationKind = (typeof relationKinds)[number];

/**
 * Safe fact about a value, captured because it is gone once the value is dropped. `name` comes from the
 * allow-list in identity/attributes.ts; `text` has been scanned itself.
 */
export interface Attribute {
  readonly name: string;
  readonly text: string;
}

/**
 * A second fingerprint of the same secret in a kind's own normal form. `domain` says which form
 * (`public-key`, `hex-lower`, `base64-bytes`, ...). Strong aliases join secrets; weak ones only link.
 */
export interface Alias {
  readonly domain: string;
  readonly fingerprint: Fingerprint;
}

/**
 * Facts of something public (a certificate, a ciphertext) that belong to whatever secret has the alias `about`,
 * wherever that is found. They stand beside secrets and are none: no copy, no location.
 */
export interface PublicFact {
  readonly about: Fingerprint;
  readonly attributes: readonly Attribute[];
}

/** Edge to another secret that text alone shows. */
export interface FindingRelation {
  readonly relation: RelationKind;
  readonly to: Fingerprint;
}

/**
 * How to find bare copies of the value again without having it: `tag` is the keyed tag of its strongest
 * token run, `lead` the bytes before that run, `length` the bytes of the whole value (identity/sweep.ts).
 */
export interface SweepAnchor {
  readonly tag: number;
  readonly lead: number;
  readonly length: number;
}

/** One secret as far as the sweep needs to know it; a bare copy takes over kind and confidence. */
export interface KnownAnchor extends SweepAnchor {
  readonly fingerprint: Fingerprint;
  readonly kind: KindId;
  readonly confidence: Confidence;
  readonly strengthBits: number;
}

/** A match in memory, not yet judged. Never leaves the worker that saw it. */
export interface Candidate {
  readonly rule: RuleId;
  readonly kind: KindId;
  readonly value: SecretValue;
  /** Where the value lies in the raw document. */
  readonly span: Span;
  readonly spelling: readonly Spelling[];
}

/** Who muted a finding inside the document itself, e.g. `gitleaks:allow`. */
export interface InlineMark {
  /** Marker as written, without its argument, e.g. `sprawl:allow`. */
  readonly marker: string;
}

export interface Finding {
  readonly kind: KindId;
  readonly rule: RuleId;
  readonly fingerprint: Fingerprint;
  readonly aliases: readonly Alias[];
  readonly confidence: Confidence;
  /** Reason ids, most telling first, e.g. `checksum-valid`, `entropy-4.1`, `test-file`. */
  readonly reasons: readonly string[];
  /** Layers from the outside in; `['plain']` when nothing had to be undone. */
  readonly spelling: readonly Spelling[];
  readonly view: View;
  /** The hull of {@link rawRanges} in bytes of the document (or of the innermost archive entry). */
  readonly span: Span;
  /** All raw pieces when the value is split; absent when it is one piece, i.e. `span`. */
  readonly rawRanges?: readonly Span[];
  /** False when a transform lost the exact position and `span` is the enclosing record. */
  readonly exact: boolean;
  readonly position: Position;
  /** Container entries from the outside in when the document is an archive, e.g. `['lib.jar', 'a.properties']`. */
  readonly chain: readonly string[];
  /** Prefix and at most the last 4 characters, only for provider formats of 20 or more; else absent. */
  readonly preview?: string;
  /** Length class of the value, e.g. `20-39`. */
  readonly lengthClass: string;
  /** Estimated guesses in bits, rounded; below {@link weakBelowBits} the value is weak. */
  readonly strengthBits: number;
  readonly weak: boolean;
  /** Account the credential belongs to, `user@host/db`-like, when the syntax shows it. Weak values link only within it. */
  readonly account?: string;
  /** Name under which the value stands: variable, key path, header. */
  readonly slot?: string;
  readonly attributes: readonly Attribute[];
  readonly relations: readonly FindingRelation[];
  /** Absent when the value is too weak or has no token run to anchor a sweep on. */
  readonly anchor?: SweepAnchor;
  readonly mark?: InlineMark;
  /** Where the value is published, when it is a documented sample. */
  readonly knownPublic?: string;
  /** Glob that a rule demands of the document's path; attribution promotes or discards the finding. */
  readonly pathCondition?: string;
}

/** Values that need fewer guesses than 2^this are weak: copies link only within one account. */
export const weakBelowBits = 36;

/** Length class of a value of `bytes` bytes: the class says little, the exact length is only in the span. */
export function lengthClassOf(bytes: number): string {
  if (bytes < 8) return '1-7';
  if (bytes < 12) return '8-11';
  if (bytes < 20) return '12-19';
  if (bytes < 40) return '20-39';
  if (bytes < 80) return '40-79';
  if (bytes < 256) return '80-255';
  return '256+';
}
