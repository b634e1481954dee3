/** What readers of the database get: a secret with its locations. Holds no value. */
import type { Appearance } from './appearance.js';
import type { Attribute, Confidence, RelationKind, Spelling, View } from './finding.js';
import type { ContentId, Fingerprint, KindId, PlaceKey, RuleId } from './ids.js';
import type { Audience, System } from './place.js';
import type { Position, Span } from './span.js';

export const statuses = [
  'open',
  'allowed',
  'baselined',
  'author-suppressed',
  'low',
  'known-public',
  'vanished',
] as const;
/** Status of a finding (design §11.4). A secret is open when one of its locations is. */
export type Status = (typeof statuses)[number];

export interface StatusDetail {
  readonly status: Status;
  /** Who or what decided, for people: `allow entry by ana: rotated`, `gitleaks:allow`. */
  readonly by?: string;
}

/** One copy: one sighting of the value in a content, at one appearance of that content. */
export interface Location {
  readonly fingerprint: Fingerprint;
  readonly kind: KindId;
  readonly rule: RuleId;
  readonly confidence: Confidence;
  readonly reasons: readonly string[];
  readonly status: StatusDetail;
  readonly place: PlaceKey;
  readonly placeName: string;
  readonly system: System;
  readonly audience: Audience;
  readonly appearance: Appearance;
  /** Keyed id of the content that holds it: how a git object is found again. Absent where a reader made it up. */
  readonly content?: ContentId;
  readonly chain: readonly string[];
  readonly spelling: readonly Spelling[];
  readonly view: View;
  readonly span: Span;
  readonly rawRanges?: readonly Span[];
  readonly exact: boolean;
  readonly position: Position;
  readonly slot?: string;
  readonly account?: string;
  /** RFC 3339 UTC: start of the first and of the latest scan that saw it. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Numbers of the scan that first saw it and of the latest: clocks of two processes do not agree on an order. */
  readonly firstScan: number;
  readonly lastScan: number;
}

export interface KindLabel {
  readonly kind: KindId;
  readonly rule: RuleId;
  readonly confidence: Confidence;
}

export interface Relation {
  readonly relation: RelationKind;
  readonly to: Fingerprint;
}

/** A secret without its locations: one row of `list`. */
export interface SecretSummary {
  readonly fingerprint: Fingerprint;
  /** All labels, the most specific first. */
  readonly labels: readonly KindLabel[];
  readonly confidence: Confidence;
  readonly status: Status;
  readonly weak: boolean;
  readonly strengthBits: number;
  readonly preview?: string;
  readonly lengthClass: string;
  readonly knownPublic?: string;
  readonly locationCount: number;
  readonly openLocationCount: number;
  readonly places: readonly PlaceKey[];
  readonly systems: readonly System[];
  /** True when a location is live: git-head, git-other-tip, file. */
  readonly live: boolean;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly firstScan: number;
}

export interface Exposure extends SecretSummary {
  readonly locations: readonly Location[];
  readonly attributes: readonly Attribute[];
  readonly relations: readonly Relation[];
  readonly aliases: readonly { readonly domain: string; readonly fingerprint: Fingerprint }[];
}

/** What `where` must say about how far an answer reaches. */
export interface PlaceCoverage {
  readonly place: PlaceKey;
  readonly placeName: string;
  readonly system: System;
  /** RFC 3339 UTC of the last scan that ended; absent when none did. */
  readonly lastScan?: string;
  readonly complete: boolean;
  readonly gaps: Readonly<Record<string, number>>;
}
