/**
 * What every reader of exports supplies, and what it gets.
 *
 * A reader turns one file of an export (a file on disk, or an entry of an archive) into *records*: a message, a
 * comment, a page revision, a log step. It knows formats and nothing of secrets; what it hands over is decoded text
 * with its place, author and time. Nothing is invented: what the export does not say stays absent.
 */
import type { ActionHint, RecordField, RevisionState } from '../../model/appearance.js';
import type { Audience, System } from '../../model/place.js';
import type { Dialect } from '../../text/dialects/dialect.js';
import type { LeanSink } from './lean-record.js';

export type { RecordField } from '../../model/appearance.js';
export type { Dialect } from '../../text/dialects/dialect.js';

/** First bytes of a file that a recogniser may look at. */
export const probeBytes: number = 64 * 1024;

/** What a recogniser sees: nothing is read beyond it. */
export interface Probe {
  /** Path within the tree (folder or archive), `/` between parts; `-` for stdin. May have been renamed by anyone. */
  readonly name: string;
  /** At most {@link probeBytes}, as they lie. */
  readonly head: Buffer;
  /** `head` decoded (byte order mark, UTF-16, UTF-8, else windows-1252), without a mark at its start. */
  readonly text: string;
  /** True when `head` is the whole file. */
  readonly isWhole: boolean;
  /**
   * The top-level shape when the text is JSON: keys of the root object, or of the first element of a root array, in
   * order, as far as the head shows them. Undefined when it is no JSON. See json-shape.ts.
   */
  readonly json: JsonShape | undefined;
}

/** Shape of the beginning of a JSON text. NDJSON is an object root followed by another object. */
export interface JsonShape {
  readonly root: 'object' | 'array' | 'lines';
  /** Keys of the root object, of the first element of the root array, or of the first line. */
  readonly keys: readonly string[];
  /** First complete record in the head (array element or line), or the root object when it is complete. */
  readonly first: unknown;
  /** Keys of the first object within each root key that holds an array of objects: `{ messages: ['id', ...] }`. */
  readonly inner: Readonly<Record<string, readonly string[]>>;
  /**
   * True when all that was looked at is JSON, and either goes on or is all there is: it cannot be a text of another kind
   * that begins so.
   */
  readonly isSure: boolean;
}

/** How sure a recogniser is, and why; the highest score reads the file. */
export interface Recognition {
  /** 0..1: 0.9 and more for a signature that nothing else has, 0.5 for a likely shape, 0.1 for the generic readers. */
  readonly score: number;
  /** What gave it away, for `--explain` and receipts, e.g. `keys guild, channel, messages`. No scanned text. */
  readonly reason: string;
}

/** Files beside the one that is read: the folder or the archive it lies in. */
export interface ExportTree {
  /** Names (paths within the tree) of the entries directly in a folder of the tree (`''` is its top). */
  list(folder: string): Promise<readonly string[]>;
  /** Content of an entry; undefined when there is none or it is larger than `maxBytes`. */
  read(name: string, maxBytes: number): Promise<Buffer | undefined>;
  /**
   * A value computed once per tree and worker, e.g. the names of all users: the first caller's `make` is kept under
   * `key`.
   */
  memo<T>(key: string, make: () => Promise<T>): Promise<T>;
}

/** One file to be read. */
export interface ExportFile {
  /** Path within the tree. */
  readonly name: string;
  /** Path with the folder around the export, when that was taken off `name`. */
  readonly fullName?: string;
  /** Size in bytes when it is known. */
  readonly size: number | undefined;
  readonly modifiedMs?: number;
  readonly head: Buffer;
  readonly tree: ExportTree;
  /** The whole content, as it lies. To be called once; throws `FileTooLarge` above `maxBytes` (default 256 MiB). */
  bytes(maxBytes?: number): Promise<Buffer>;
  /** The content piece by piece, as it lies. To be called once, instead of {@link bytes}. Ends early where damage does. */
  chunks(): AsyncIterable<Buffer>;
  /** True when {@link chunks} may be called again, for formats whose names stand behind what refers to them. */
  readonly isRepeatable?: boolean;
  /** Bytes from anywhere in the file, fewer at its end; where the file can be read so. */
  at?(position: number, length: number): Buffer;
}

export class FileTooLarge extends Error {
  override readonly name: string = 'FileTooLarge';
}

/** By its name: readers are a bundle of their own, with a class of their own. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof Error && error.name === 'FileTooLarge';
}

/** What the user said, where the export does not. */
export interface ReaderHints {
  /** `--include-direct`: direct messages are read; else they are counted and left out. */
  readonly includeDirect: boolean;
  /** Base URL of the site, e.g. `https://jira.example.org`, when the user gave it. */
  readonly baseUrl?: string;
}

/** What stands at the end of each whole file of a format. */
export interface FileEnding {
  /** Is tried on the last characters. */
  readonly pattern: RegExp;
  /** False when whole files may end otherwise: then no more than a note is made of it. */
  readonly isSure: boolean;
}

/** One format, or a family that is told apart by content. */
export interface ExportReader {
  /** Stable id, e.g. `slack-messages`. */
  readonly id: string;
  readonly system: System;
  /** For people: `Slack export`. */
  readonly label: string;
  /** True when no JSON is a file of this format: a text that surely is JSON is not shown to `recognise`. */
  readonly isNeverJson?: true;
  /**
   * What surely is JSON is shown to `recognise` only when one of these keys stands in its root, in its first record, or in
   * the first record of a list in one of them: most files of a folder have none of them, and need not be looked at.
   */
  readonly jsonKeys?: readonly string[];
  /** How a file that is whole ends, for formats that cannot tell by their syntax. */
  readonly ending?: FileEnding;
  /** Highest score that `recognise` gives: it is not asked where another is as sure already. */
  readonly most: number;
  recognise(probe: Probe): Recognition | undefined;
  /**
   * Hands over all records of the file. Resolves at its end, also at the end of what damage left of it; throws only
   * what reading the file itself throws. Memory stays bounded for files of any size.
   */
  read(file: ExportFile, sink: RecordSink, hints: ReaderHints): Promise<void>;
}

/** Where records, and all that keeps "0 secrets" apart from "0 read", go. Calls are synchronous and ordered. */
export interface RecordSink {
  record(record: ExportRecord): void;
  /** Counts what is in the export and was not handed over, or not whole. */
  note(note: CoverageNote, count?: number): void;
  /** A key that holds text and that this reader does not know; its text was handed over as role `metadata`. */
  unknownKey(key: string): void;
  /** Damage: what could not be read, as `at byte N`, without scanned text. */
  damaged(detail: string): void;
  /** Present when records may be handed over in the lean form as well. */
  readonly lean?: LeanSink | undefined;
  /** True when the scan is being stopped: return soon. */
  readonly aborted: boolean;
  /**
   * Resolves when there is room for more records: to be awaited now and then (each chunk or each thousand records),
   * so that memory stays bounded.
   */
  drained(): Promise<void>;
}

export const coverageNotes = [
  /** A direct message that is left out without `--include-direct`. */
  'direct-message',
  /** A record that the exporter could not decrypt, or that is encrypted at rest. */
  'encrypted',
  /** A field that the exporter cut. */
  'truncated',
  /** What is longer than a reader holds, or pages beyond its limits: a gap. */
  'too-large',
  /** A record that lacks parts which its own counts announce, e.g. paged comments. */
  'incomplete',
  /** A record whose syntax is broken. */
  'malformed',
  /** Text with bytes that no encoding explains. */
  'undecodable',
  /** Text blacked out by the exporter. */
  'redacted',
  /** Attachment whose bytes are not in the export. */
  'attachment-missing',
] as const;
export type CoverageNote = (typeof coverageNotes)[number];

/** Channel, project, space, mailbox ... in which a record stands. */
export interface RecordPlace {
  readonly kind:
    | 'channel'
    | 'dm'
    | 'group-dm'
    | 'project'
    | 'space'
    | 'board'
    | 'mailbox'
    | 'repo'
    | 'run'
    | 'workspace'
    | 'folder';
  /** Workspace, site or organisation: id, host or name, whatever is most lasting. */
  readonly tenant?: string;
  /** Most lasting id within system and tenant: channel id, project key, space key. Part of the place's key. */
  readonly id: string;
  /** Name for people, e.g. `#deploys`. */
  readonly name: string;
  readonly audience: Audience;
  readonly archived?: boolean;
}

/** Who wrote it. */
export interface RecordActor {
  /** Id within the system. */
  readonly id?: string;
  readonly name?: string;
  readonly email?: string;
  readonly kind?: 'user' | 'bot' | 'app' | 'system';
}

export interface RecordTime {
  /** RFC 3339; with the offset or `Z` only when the export says which, else without. */
  readonly created?: string;
  readonly edited?: string;
  readonly precision?: 'us' | 'ms' | 's' | 'min' | 'day';
}

export type RecordType =
  | 'message'
  | 'issue'
  | 'comment'
  | 'worklog'
  | 'change'
  | 'page'
  | 'attachment'
  | 'event'
  | 'request'
  | 'log-step'
  | 'setting'
  | 'profile'
  | 'mail'
  | 'row'
  | 'cell'
  | 'release'
  | 'review'
  | 'snippet'
  | 'file';

export interface ExportRecord {
  readonly place: RecordPlace;
  readonly type: RecordType;
  /** Id of the record, unique within the place and type, lasting from one export to the next: `ts`, issue key, event id. */
  readonly id: string;
  /** What people call it: subject, page title, `API-12 Login fails`. */
  readonly title?: string;
  /** Id of the record that opens the thread, or of the issue or page that a comment is about. */
  readonly thread?: string;
  readonly actor?: RecordActor;
  readonly time?: RecordTime;
  readonly revision: {
    readonly state: RevisionState;
    /** Number or id of the revision when there are several. */
    readonly id?: string;
    /** For a quoted copy or preview: id of the record that it shows. */
    readonly of?: string;
  };
  readonly permalink?: {
    readonly url: string;
    /** `record`: the page that shows it; `container`: the nearest page that can be linked. Default `exact`. */
    readonly level?: 'exact' | 'record' | 'container';
  };
  readonly action?: ActionHint;
  /**
   * All texts of the record. Several forms of one text (`text` and `blocks`, HTML and plain) come together, the one a
   * person would edit first.
   */
  readonly texts: readonly RecordText[];
  /** Where the record lies in the file's bytes, when that is known. */
  readonly raw?: { readonly start: number; readonly end: number; readonly line?: number };
}

/** One text of a record. */
export interface RecordText {
  /** Decoded value (view `decoded`): container, JSON, XML or CSV syntax undone, dialect not. */
  readonly text: string;
  readonly dialect: Dialect;
  readonly field: RecordField;
  /**
   * Name under which the value stands (key, column header, variable): detectors judge `password` + value together.
   * Leave it out for prose.
   */
  readonly label?: string;
  /** The export's own credential (file-URL token, password hash): reported once per export. */
  readonly artifact?: boolean;
  /** Container entries within the record, outermost first, when the text comes from an attachment's inside. */
  readonly chain?: readonly string[];
}
