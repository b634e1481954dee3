/**
 * The store's interface. Asynchronous and with natural keys only, since PostgreSQL will stand beside
 * SQLite; row ids never leave this folder.
 *
 * Write model: a scan writes *contents* (analysed once, whoever holds them) with their sightings, notes
 * for each *root* which hit contents it holds, and replaces the *appearances* of a place at the end.
 */

import type { Appearance, PathName } from '../model/appearance.js';
import type { Exposure, Location, PlaceCoverage, SecretSummary, Status } from '../model/exposure.js';
import type { Finding, FindingRelation, KnownAnchor, PublicFact } from '../model/finding.js';
import type { ContentId, Fingerprint, PlaceKey } from '../model/ids.js';
import type { Place, System } from '../model/place.js';
import type { Receipt } from '../model/receipt.js';

/** Result of analysing one content. */
export interface ContentResult {
  readonly id: ContentId;
  readonly bytes: number;
  readonly findings: readonly Finding[];
  /** True when a cap or damage kept part of it unread: never taken for known, so the gap is reported each time. */
  readonly partial?: boolean;
  /**
   * Where it stands, when the reader knows (files, commit messages). Undefined for blobs, which are attributed at the end.
   */
  readonly appearances?: readonly Appearance[];
}

/** Sweep index of up to 48 neighbouring contents: bit i of `masks[k]` says that `contents[i]` has `tags[k]`. */
export interface SweepChunk {
  readonly contents: readonly ContentId[];
  readonly tags: Float64Array;
  readonly masks: Float64Array;
}

/**
 * A {@link SweepChunk} as the store takes it: `contents[16 i..]` are ids as bytes, `masks` are the distinct masks,
 * the most frequent first, and `tags[k]` (in any order) has the mask `masks[numbers[k]]`.
 */
export interface PackedChunk {
  readonly contents: Uint8Array;
  readonly tags: Float64Array;
  readonly masks: Float64Array;
  readonly numbers: Uint32Array;
}

/** Analysis id of contents that were read in part: never that of a whole reading, so they are read again. */
export function partialAnalysisId(analysisId: string): string {
  return `${analysisId}/partial`;
}

/** Most contents of one sweep chunk: the mask must be exact in a double. */
export const maxChunkContents = 48;

export interface ScanBatch {
  readonly contents: readonly ContentResult[];
  /** Ids as bytes, 16 each, of more contents: analysed whole and without findings. */
  readonly clean?: Uint8Array;
  readonly chunks: readonly PackedChunk[];
  /** What stands in the contents and says something of secrets elsewhere. */
  readonly publicFacts?: readonly PublicFact[];
}

/** What a scan covers; decides whether anything may vanish. */
export interface ScanScope {
  /** Targets as typed, redacted. */
  readonly targets: readonly string[];
  /** True when each root is read whole: only then missing copies vanish. */
  readonly whole: boolean;
  /** Hex id of rules, engine semantics, decoders and limits. */
  readonly analysisId: string;
  /** Makes the database one that keeps names of people and machines as keyed hashes, for good. */
  readonly hashNames?: boolean;
}

/** A root: one clone, folder or file from which a place is read. */
export interface RootRef {
  readonly place: PlaceKey;
  readonly locator: string;
  /** For a place that an export holds: place of the target itself, read from the same locator. Used when it is new. */
  readonly main?: PlaceKey;
}

/** What an export holds of one place. */
export interface RecordsRead {
  readonly count: number;
  /** When the first and the last record were written, RFC 3339; absent when no record says so. */
  readonly first?: string;
  readonly last?: string;
  /** Ids of the readers that gave them. */
  readonly readers: readonly string[];
}

export interface RootRecord {
  /** Keyed digest of the source's state at the end of the last complete scan. */
  readonly state?: Uint8Array;
  readonly analysisId?: string;
  readonly receipt?: Receipt;
}

/** A root as the last scan left it. */
export interface RootMemory extends Pick<RootRecord, 'state' | 'analysisId'> {
  readonly place: Place;
}

/** Sightings of one content that a sweep found after the content had been analysed. */
export interface SweepHit {
  readonly content: ContentId;
  readonly findings: readonly Finding[];
}

/** Contents that may hold a copy, by the sweep index. */
export interface SweepCandidate {
  readonly tag: number;
  readonly place: PlaceKey;
  readonly locator: string;
  readonly content: ContentId;
}

/** Statuses that the files of a place can give; `author-suppressed` when they are not trusted. */
export type PlaceAllowStatus = Extract<Status, 'allowed' | 'baselined' | 'author-suppressed'>;

/** What the files of a place say about findings in it. All given criteria must hold. */
export interface PlaceAllow {
  readonly status: PlaceAllowStatus;
  /** Hex beginning of a fingerprint. */
  readonly secret?: string;
  readonly rule?: string;
  /** Glob of paths. */
  readonly glob?: string;
  /** One path. */
  readonly path?: PathName;
  /** Only findings with an inline mark. */
  readonly marked?: boolean;
  /** Which file and why, redacted, e.g. `.sprawl/config.yaml line 4: rotated`. */
  readonly by: string;
  /** RFC 3339 UTC; absent: for good. */
  readonly until?: string;
}

/** A content and all places where it stands in a root. */
export interface StandingContent {
  readonly content: ContentId;
  readonly appearances: readonly Appearance[];
}

export interface ScanWriter {
  /** Number of this scan, from 1. */
  readonly scan: number;
  upsertPlace(place: Place): Promise<void>;
  root(ref: RootRef): Promise<RootRecord>;
  /** 0 unknown or analysed differently, 1 analysed and without sightings, 2 analysed with sightings. */
  knownContents(ids: Buffer, analysisId: string): Promise<Uint8Array>;
  /**
   * Contents, sightings, holdings of the root and, where given, appearances. Idempotent. Batches wait in memory
   * for some seconds and are written together, in one transaction: a scan that is killed reads them again.
   * All that is asked of the writer or its store counts them in.
   */
  writeBatch(root: RootRef, batch: ScanBatch): Promise<void>;
  /** Notes that the root holds contents that were analysed before and have sightings. */
  addHoldings(root: RootRef, contents: readonly ContentId[]): Promise<void>;
  /** All hit contents that the root is known to hold. */
  holdings(root: RootRef): Promise<readonly ContentId[]>;
  /** Adds sweep sightings to contents. */
  addSightings(root: RootRef, hits: readonly SweepHit[]): Promise<void>;
  /** Sets the appearances of the given contents in the root; called batch by batch. */
  writeAppearances(root: RootRef, batch: readonly StandingContent[]): Promise<void>;
  /**
   * Ends a root. With `whole`, appearances of the root that this scan did not write or confirm become vanished, and
   * with `records` those of older exports of the place that lie between its first and its last.
   */
  finishRoot(
    root: RootRef,
    result: {
      readonly state?: Uint8Array;
      readonly analysisId: string;
      readonly receipt: Receipt;
      readonly whole: boolean;
      readonly records?: RecordsRead;
      /** Takes the place of what was kept for {@link Store.historyAt}; a whole scan without one drops it. */
      readonly history?: Uint8Array;
    },
  ): Promise<void>;
  /** The places that were read from an export's root, in this scan and before. */
  rootsBelow(root: RootRef): Promise<readonly RootRef[]>;
  /** Confirms all appearances of an unchanged root, and of the places below it. */
  confirmRoot(root: RootRef): Promise<void>;
  /** Anchors of all secrets that a sweep may look for: strong, medium or higher, not known-public. `sinceScan` limits to secrets first seen then or later. */
  anchors(sinceScan?: number): Promise<readonly KnownAnchor[]>;
  sweepCandidates(tags: Float64Array): Promise<readonly SweepCandidate[]>;
  /** Adds edges of a secret that is stored; of one that is not, nothing. */
  addRelations(from: Fingerprint, relations: readonly FindingRelation[]): Promise<void>;
  /** Every stored string (paths, names, refs, labels, slots, attributes), to be checked against new secrets; `replace` returns the redacted text or undefined to keep it. */
  redactStrings(replace: (text: string) => string | undefined): Promise<number>;
  /**
   * Drops what reports of other tools say of these places where a scan of the place knows the same copy; gives the
   * contents that went.
   */
  settleReported(places: readonly PlaceKey[]): Promise<readonly ContentId[]>;
  /** Replaces all that the files of a place say about its findings. */
  replacePlaceAllows(place: PlaceKey, entries: readonly PlaceAllow[]): Promise<void>;
  finish(receipt: Receipt): Promise<void>;
}

export interface SecretFilter {
  readonly kinds?: readonly string[];
  readonly places?: readonly string[];
  readonly systems?: readonly System[];
  readonly statuses?: readonly Status[];
  readonly minConfidence?: 'low' | 'medium' | 'high' | 'proven';
  /** At least this many places. */
  readonly minPlaces?: number;
  readonly live?: boolean;
  /** First seen in this scan or later. */
  readonly sinceScan?: number;
  /** Only secrets with a location in these roots' places, seen by the latest scan. */
  readonly roots?: readonly RootRef[];
}

export interface AllowEntry {
  readonly subject: 'secret' | 'rule' | 'path' | 'gap';
  /** Fingerprint, rule id, glob, or gap code. */
  readonly target: string;
  readonly reason: string;
  /** Who, as given by the user's environment. */
  readonly by: string;
  /** RFC 3339 UTC; absent: for good. */
  readonly until?: string;
}

/** What sort of thing somebody stated. */
export const statementTypes = [
  'party',
  'environment',
  'identity',
  'place',
  'organisation-secret',
  'vault',
  'liveness',
  'attestation',
  'gate',
  // Who a pseudonym of the evidence log is; stated by this tool, not by a file.
  'actor-name',
] as const;
export type StatementType = (typeof statementTypes)[number];

/** Types whose statements tell of an event: a newer file adds to them and takes none back. */
export const eventTypes: ReadonlySet<StatementType> = new Set<StatementType>([
  'liveness',
  'gate',
  'actor-name',
]);

/** One thing that an imported file states. `data` is plain JSON without values; its shape is that of src/rotation/imports.ts. */
export interface StatementItem {
  readonly type: StatementType;
  /** Unique among the statements of its type and source. */
  readonly key: string;
  readonly data: unknown;
}

export interface Statement extends StatementItem {
  /** Name of the file. */
  readonly source: string;
  /** RFC 3339 UTC of the import that brought it as it is now. */
  readonly importedAt: string;
}

/** How many statements an import touched. */
export interface StatementChange {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
}

export interface StoreStats {
  readonly secrets: number;
  readonly locations: number;
  readonly places: number;
  readonly contents: number;
  readonly sweepTags: number;
  readonly scans: number;
  readonly bytes: number;
  readonly schemaVersion: number;
  readonly keyId: string;
}

export interface CheckResult {
  readonly ok: boolean;
  readonly faults: readonly string[];
  /** Hex SHA-256 over the views without ids and times. */
  readonly digest: string;
}

/** A copy as one root shows it. */
export interface RootCopy {
  /** The root that has it, or had it. */
  readonly locator: string;
  /** `vanished`: this root was read whole since, and has it no more (or a newer export of the place has it no more). */
  readonly location: Location;
}

/** When a root was read, and what of it was. */
export interface RootReading extends RootRef {
  /** Number and start (RFC 3339 UTC) of the last scan that ended on it, whole or not. */
  readonly last?: ScanTime;
  /** The last that read it whole, or found it unchanged. */
  readonly whole?: ScanTime;
  /** Of the last scan that set out to read it whole. */
  readonly receipt?: Receipt;
  /** Id of the rules, engine semantics, decoders and limits that it was read by. */
  readonly analysisId?: string;
  /** What the last scan found of the place in an export. */
  readonly records?: Omit<RecordsRead, 'readers'>;
  /** When the newest record of the whole export was written, RFC 3339. */
  readonly newestRecord?: string;
  /** Ids of the readers that read the export, sorted. */
  readonly readers: readonly string[];
  /** An archive held it once, and does not any more. */
  readonly isGone: boolean;
}

export interface ScanTime {
  readonly scan: number;
  readonly at: string;
}

export interface Store {
  readonly path: string;
  /** Begins a scan; several processes may scan into one file. */
  beginScan(scope: ScanScope): Promise<ScanWriter>;
  /** Secrets, sorted by priority (the store's documented order), then fingerprint. */
  listSecrets(filter: SecretFilter): Promise<readonly SecretSummary[]>;
  /**
   * One secret with its locations, by full fingerprint (or alias). With `limit`, only the first so many
   * locations; `locationCount` and the other sums are of all.
   */
  exposure(fingerprint: Fingerprint, options?: { readonly limit?: number }): Promise<Exposure | undefined>;
  /** The copies of a secret root by root: clones of one place count apart. By locator, then in the order of locations. */
  rootCopies(fingerprint: Fingerprint): Promise<readonly RootCopy[]>;
  /** Readings of all roots of these places, sorted by place and locator. */
  readings(places: readonly PlaceKey[]): Promise<readonly RootReading[]>;
  /** Exposures in the order of {@link listSecrets}. */
  exposures(filter: SecretFilter): AsyncIterable<Exposure>;
  /** Fingerprints (not aliases) that begin with the hex prefix, at most 10. */
  resolvePrefix(prefix: string): Promise<readonly Fingerprint[]>;
  /** Secrets that own one of these fingerprints or strong aliases. */
  findByFingerprints(fingerprints: readonly Fingerprint[]): Promise<readonly Fingerprint[]>;
  /** Secrets that have an edge to this one: edges are stored at the end where they were seen. */
  relatedTo(fingerprint: Fingerprint): Promise<readonly Fingerprint[]>;
  /** Secrets with an attribute of this text (key ids, accounts, serials). */
  findByIdentifier(text: string): Promise<readonly Fingerprint[]>;
  sweepCandidates(tags: Float64Array): Promise<readonly SweepCandidate[]>;
  anchors(): Promise<readonly KnownAnchor[]>;
  coverage(): Promise<readonly PlaceCoverage[]>;
  places(): Promise<readonly Place[]>;
  /**
   * What is known of the root that was read at this locator last: spares a clone without an origin the walk to
   * its root commits, and names that were checked a second look.
   */
  rootAt(locator: string): Promise<RootMemory | undefined>;
  /** What the last complete scan of that root kept of its history (src/scan/history-memory.ts). */
  historyAt(locator: string): Promise<Uint8Array | undefined>;
  /** All targets ever read, sorted by place and locator; not the places that their exports hold. */
  roots(): Promise<readonly RootRef[]>;
  /** The targets whose exports hold a place: their locators and (as `main`) their own places. */
  exportsOf(place: PlaceKey): Promise<readonly RootRef[]>;
  upsertPlace(place: Place): Promise<void>;
  allow(entry: AllowEntry): Promise<void>;
  /** Takes an entry back; false when there is none. */
  disallow(entry: Pick<AllowEntry, 'subject' | 'target'>): Promise<boolean>;
  allowEntries(): Promise<readonly AllowEntry[]>;
  acceptedGaps(): Promise<readonly string[]>;
  /** What was imported, sorted by type, source and key; all types when none are named. */
  statements(types?: readonly StatementType[]): Promise<readonly Statement[]>;
  /**
   * Takes over what a file states. What an earlier file of that name stated and this one does not is removed, events
   * ({@link eventTypes}) excepted; the same file again changes nothing.
   */
  replaceStatements(source: string, items: readonly StatementItem[], at: string): Promise<StatementChange>;
  /** Removes all that a file stated, events too. Gives the number of statements. */
  removeStatements(source: string): Promise<number>;
  stats(): Promise<StoreStats>;
  check(): Promise<CheckResult>;
  /** Folds another database of the same key into this one. */
  merge(otherPath: string): Promise<{ readonly secrets: number; readonly locations: number }>;
  forget(what: {
    readonly person?: string;
    readonly place?: string;
    readonly before?: string;
    /** Name of a report of another tool. */
    readonly report?: string;
  }): Promise<{ readonly erased: number }>;
  vacuum(): Promise<void>;
  close(): void;
}

export interface OpenOptions {
  readonly path: string;
  readonly keyId: string;
  /** `read`: a reader, works on read-only media by opening a copy; `write`: creates the file (0600) when missing. */
  readonly mode: 'read' | 'write';
  /** Clock for `first_seen` and `last_seen`, RFC 3339 UTC; that of the machine when left out. */
  readonly now?: () => string;
  /** Makes the hashes of a database that keeps no names (identity/hashed-text.ts); needed to write to one. */
  readonly hashText?: HashText;
}

/** The text to keep in place of that of an attribute, or of a copy's `account`. */
export type HashText = (name: string, text: string) => string;
