/**
 * What every source offers: a plan of work ranges in the main thread, and a reader that opens a range
 * inside a worker. Only ranges (ids, paths, numbers) cross between threads, never text.
 */
import type { Appearance, PathName } from '../model/appearance.js';
import type { Place } from '../model/place.js';
import type { InputProblem } from '../model/problem.js';
import type { SkipReason } from '../model/receipt.js';
import type { ExportOffer } from './exports/offer.js';
import type { ExportOptions } from './exports/options.js';
import type { PackTable } from './git/pack/pack-table.js';
import type { WalkPlan } from './git/pack/walk-plan.js';

/** How to start git on one store without letting the store's own configuration run anything. */
export interface GitStoreHandle {
  /** Absolute path of the (common) git directory. */
  readonly gitDir: string;
  /**
   * Our own git directory over the store's objects: what git is really started on (git/neutral-dir.ts). May be a
   * path that is only reserved; it also tells one opened store from another.
   */
  readonly neutralDir: string;
  readonly objectFormat: 'sha1' | 'sha256';
  /** Extra `-c key=value` pairs, e.g. the user's safe.directory entries. */
  readonly config: readonly string[];
  readonly alternates: boolean;
}

/** Objects of one store in pack order. `oids` holds them back to back, 20 or 32 bytes each. */
export interface GitObjectsRange {
  readonly type: 'git-objects';
  readonly store: GitStoreHandle;
  readonly oids: Uint8Array;
}

/** A pack opened in the main thread; its arrays are views of shared memory, so that posting copies nothing. */
export interface SharedPackPlan {
  /** Tells one plan from another within a process. */
  readonly id: string;
  readonly table: PackTable;
  readonly walk: WalkPlan;
}

/** One batch of a pack's delta forest, read without git. */
export interface GitPackRange {
  readonly type: 'git-pack';
  readonly store: GitStoreHandle;
  readonly plan: SharedPackPlan;
  readonly batch: number;
}

export interface FileEntry {
  readonly path: PathName;
  readonly size: number;
  readonly modifiedMs: number;
  /** Time of the last change of content or inode, which nobody can set back; part of a folder's state. */
  readonly changedMs?: number;
  readonly ignored: boolean;
  readonly tracked: boolean;
  /** Blob id (hex) that git's index holds for a tracked file: an equal file is covered by the history. */
  readonly indexOid?: string;
}

export interface FilesRange {
  readonly type: 'files';
  /** Absolute folder that the paths are relative to; base64 of its bytes. */
  readonly root: string;
  readonly files: readonly FileEntry[];
  /** Absent: exports are read as plain files. */
  readonly exports?: ExportOptions;
}

export interface StdinRange {
  readonly type: 'stdin';
  readonly exports?: ExportOptions;
}

export type WorkRange = GitObjectsRange | GitPackRange | FilesRange | StdinRange;

/** Identity of a raw document as its reader knows it. */
export type DocumentRef =
  | { readonly type: 'git-object'; readonly objectType: 'blob' | 'commit' | 'tag'; readonly oid: Uint8Array }
  | { readonly type: 'file'; readonly entry: FileEntry }
  | { readonly type: 'stdin' };

/** How an object was rebuilt from a pack. Valid, with the document's bytes, until the call that hands it over returns. */
export interface RebuiltObject {
  /** Numbers of the object and of the one that it is a delta on, in the pack; -1: none. */
  readonly entry: number;
  readonly base: number;
  /** True when the object belongs to another range, and comes only because others are deltas on it. */
  readonly isRepeat: boolean;
  /** Present when the base was handed over before. */
  readonly delta?: {
    /** Pairs (start, end): what the base does not have, with 16 bytes on either side. */
    readonly changed: Uint32Array;
    /** Triples (start, end, start in the base): what it has. */
    readonly copies: Uint32Array;
    /** The base, in the memory that holds the document's bytes. */
    readonly baseAddress: number;
    readonly baseLength: number;
  };
}

/** One document, or one segment of a large one (see detect/analysis.ts `Segment`). */
export interface RawDocument {
  readonly ref: DocumentRef;
  readonly bytes: Buffer;
  /** Entries of archives from the outside in, redaction is the caller's; empty for plain documents. */
  readonly chain: readonly string[];
  /** Commits and tags: offset of the message; what lies before it are headers. Else 0. */
  readonly textStart: number;
  readonly rebuilt?: RebuiltObject;
  /** Archive entries: the entry's own time, milliseconds since 1970 UTC, when the container says. */
  readonly modifiedMs?: number;
  /** Present when `bytes` is a part: where it lies, and whether it is the last. */
  readonly segment?: {
    readonly baseOffset: number;
    readonly ownedStart: number;
    readonly ownedEnd: number;
    readonly first: boolean;
    readonly last: boolean;
  };
}

/** A repository of git, or a bundle, that a reader met in a file or an archive. */
export interface FoundGit {
  readonly ref: DocumentRef;
  /** Containers within the file from the outside in; a bundle within an archive is the last. */
  readonly chain: readonly string[];
  /** Folder of the repository in the innermost container; empty for a bundle, and for the root of an archive. */
  readonly folder: string;
}

/** What a range reader reports besides documents. */
export interface RangeEvents {
  document(document: RawDocument): void;
  /**
   * A tracked file (`indexOid`) whose bytes are those of its blob, which is read with the history. Readers that are
   * not given this hand such a file over as a document.
   */
  covered?(entry: FileEntry, bytes: number): void;
  /** A file in which there is nothing to be read but its name. */
  named?(entry: FileEntry): void;
  /**
   * Offers a file that git does not track to the readers of exports. True: a reader has read it, so it is no plain
   * document. Absent where exports are not wanted.
   */
  exported?: ((offer: ExportOffer) => Promise<boolean>) | undefined;
  /**
   * Told of a repository whose objects are not handed over; for one in an archive with each of its files that was
   * met. Absent where nobody would open it: it is then handed over as documents.
   */
  embedded?(found: FoundGit): void;
  problem(problem: InputProblem): void;
  skipped(reason: SkipReason, count: number): void;
}

/** Opens a range in the calling thread; resolves when all its documents were handed over. */
export type RangeReader = (range: WorkRange, events: RangeEvents, signal: AbortSignal) => Promise<void>;

/** What planning found besides work. */
export interface PlanEvents {
  problem(problem: InputProblem): void;
  skipped(reason: SkipReason, count: number): void;
}

/** Object of a store that is known to hold a hit, to be attributed. */
export interface HitObject {
  readonly oid: Uint8Array;
  readonly objectType: 'blob' | 'commit' | 'tag';
}

/** Text that is not a document but will be stored or printed: ref names, tag names, notes refs. */
export interface MetadataString {
  readonly text: string;
  readonly label: string;
}

export interface AttributedObject {
  /** Lower-case hex object id; stays in memory. */
  readonly oid: string;
  readonly appearances: readonly Appearance[];
}

export interface AttributedName {
  /** Index of the name in the question. */
  readonly name: number;
  /** Paths that end in it. */
  readonly appearances: readonly Appearance[];
}

/** One opened target. Git stores implement all of it; folders leave attribution out. */
export interface OpenSource {
  readonly place: Place;
  /** Absolute path of the git directory, folder or file; `-` for stdin. */
  readonly locator: string;
  /** How readers reach the objects. Git only. */
  readonly store?: GitStoreHandle;
  /**
   * Digest input of the source's state (packs, loose objects, refs, reflogs): equal bytes mean that
   * nothing can have changed. Undefined when the source has no cheap state (folders).
   *
   * @param met told of bytes that are there to be read, as they are met
   */
  state(met?: (bytes: number) => void): Promise<Uint8Array | undefined>;
  /** Lists all work. `known` says which ids need no reading: 1 per id when already analysed. */
  plan(options: PlanOptions, events: PlanEvents): AsyncIterable<PlannedRange>;
  /** What the last plan found out about links; undefined where nothing may be remembered. Git only. */
  linkFindings?(): LinkFindings | undefined;
  /** What the next scan may be given of this one's view of history; undefined where it must look again. Git only. */
  history?(): Uint8Array | undefined;
  metadata(): Promise<readonly MetadataString[]>;
  /** The place with facts that cost more than opening, such as root commits; asked when something is read. */
  fullPlace?(): Promise<Place>;
  /** Frees what the source holds; nothing of it can be read afterwards. */
  close?(): void;
  /** Finds every appearance of the hit objects. Git only. */
  attribute?(
    hits: readonly HitObject[],
    events: PlanEvents,
    signal: AbortSignal,
  ): AsyncIterable<AttributedObject>;
  /**
   * Names of files and folders in the trees that the last plan met and that no earlier one has, each once, without
   * those that are too short to hold anything. Bytes, valid until the source is closed. Git only.
   */
  entryNames?(): Iterable<Uint8Array>;
  /** Finds every path that ends in one of these names; those of a scope are what it brings in. Git only. */
  attributeNames?(
    names: readonly Uint8Array[],
    events: PlanEvents,
    signal: AbortSignal,
  ): AsyncIterable<AttributedName>;
  /** Finds objects again by the first 30 hex digits of their ids; those that the store lacks are left out. Git only. */
  resolve?(prefixes: Iterable<string>): Promise<readonly HitObject[]>;
}

export interface PlanOptions {
  /**
   * Asked in batches: ids back to back (20 or 32 bytes each) and git's type numbers (1 commit, 3 blob, 4 tag)
   * -> 1 where the content needs no reading.
   */
  isKnown(oids: Uint8Array, types: Uint8Array): Promise<Uint8Array>;
  /** What an earlier plan found, so that links between objects are followed from new ones only. */
  readonly links?: LinkMemory;
}

/** What {@link LinkFindings} of earlier plans amount to; remembered without the ids themselves. */
export interface LinkMemory {
  /** How many packs were followed, and whether one (`LinkFindings.packs`) is among them. */
  readonly packs: number;
  hasPack(name: string): boolean;
  /** How many objects they named that nobody had, and whether one is among those. */
  readonly missing: number;
  isMissing(oid: Uint8Array): boolean;
  equals(other: LinkMemory): boolean;
}

/** Packs never change: what they name stays named, and what lies in them stays there as long as they do. */
export interface LinkFindings {
  /** All packs, by names that tell their content; everything that they name lies in one of them, or is missing. */
  readonly packs: readonly string[];
  /** False when `missing` is what came to that of the memory. */
  readonly isWhole: boolean;
  readonly missing: readonly Uint8Array[];
  /** What the memory had as missing, and is here now. */
  readonly found: readonly Uint8Array[];
}

export interface PlannedRange {
  readonly range: WorkRange;
  /** For progress only. */
  readonly documents: number;
  readonly bytes: number;
}
