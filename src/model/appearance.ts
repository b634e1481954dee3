/**
 * Appearances: where a content stands. A location is one sighting of a value in a content times one
 * appearance of that content.
 */
import type { CommitId } from './ids.js';
import type { Place } from './place.js';

/** Person as git or an export names them; kept apart in the store so that they can be erased. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

/** One commit as far as a reader of findings needs it. */
export interface CommitFacts {
  readonly id: CommitId;
  readonly author: Person;
  /** RFC 3339 with the author's own offset. */
  readonly authorDate: string;
  readonly committerDate: string;
}

export const locationKinds = [
  'git-head',
  'git-other-tip',
  'git-history',
  'git-unreachable',
  'git-reflog',
  'git-stash',
  'git-note',
  'git-staged',
  'git-commit-message',
  'git-tag-message',
  'git-metadata',
  'loose-file',
  'archive-entry',
  'stdin',
  'metadata',
  'ticket-body',
  'ticket-comment',
  'ticket-attachment',
  'chat-message',
  'chat-thread',
  'chat-file',
  'wiki-page',
  'mail',
  'notebook-output',
  'log',
  'dump',
  'profile',
  'chat-edit-history',
  'record-history',
] as const;
/**
 * What sort of copy it is. `git-head`: in the tree of the default branch's tip. `git-other-tip`: in another
 * ref's tip (named in `refs`). `git-history`: reachable, but in no tip. `git-reflog`: only through a reflog.
 * `git-unreachable`: no ref and no reflog leads there. `git-metadata`: a ref name, author or path.
 * `chat-edit-history` and `record-history`: a wording that was replaced or deleted, and that the system keeps.
 */
export type LocationKind = (typeof locationKinds)[number];

/** Path as bytes plus display text: `bytes` (base64) is present only when the name is not UTF-8. */
export interface PathName {
  readonly text: string;
  readonly bytes?: string;
}

interface AppearanceBase {
  readonly locationKind: LocationKind;
}

/** A blob at a path in history. `path` is absent for a blob that no tree names. */
export interface GitBlobAppearance extends AppearanceBase {
  readonly type: 'git-blob';
  readonly path?: PathName;
  /** The commit that introduced the blob at this path, earliest in topological order; absent when no commit holds it. */
  readonly introduced?: CommitFacts;
  /** The commit after which the blob no longer stood at this path anywhere; absent while a tip has it. */
  readonly removed?: CommitFacts;
  /** Refs whose tip tree holds it, sorted, at most 20; the count is exact. */
  readonly refs: readonly string[];
  readonly refCount: number;
}

/** Text of a commit, tag or note object; `commit` is the commit itself, or the one that a note is about. */
export interface GitTextAppearance extends AppearanceBase {
  readonly type: 'git-text';
  readonly commit?: CommitFacts;
  /** Tag name, ref name, or the metadata field that held it (`author`, `ref`, `path`). */
  readonly label?: string;
  readonly refs: readonly string[];
  readonly refCount: number;
}

export interface FileAppearance extends AppearanceBase {
  readonly type: 'file';
  readonly path: PathName;
  /** RFC 3339, UTC; absent for archive entries without a time and for stdin. */
  readonly modified?: string;
  /** True when git ignores the file: the likeliest live secret. */
  readonly ignored: boolean;
  /** True when git tracks the file; its history is in the git place as well. */
  readonly tracked: boolean;
}

/** Version of a record. `quoted-copy` and `preview` show another record's text and must be cleaned on their own. */
export type RevisionState =
  | 'current'
  | 'previous'
  | 'deleted'
  | 'draft'
  | 'quoted-copy'
  | 'preview'
  | 'unknown';

export type FieldRole =
  | 'body'
  | 'title'
  | 'comment'
  | 'topic'
  | 'description'
  | 'snippet'
  | 'code'
  | 'attachment-name'
  | 'attachment-text'
  | 'link'
  | 'header'
  | 'custom-field'
  | 'history-old'
  | 'history-new'
  | 'metadata'
  | 'setting'
  | 'profile'
  | 'filename';

/** Which text of a record. */
export interface RecordField {
  /** Path within the record: JSON keys joined with `.`, a column header, a MIME part, e.g. `fields.description`. */
  readonly path: string;
  readonly role: FieldRole;
}

/** What one has to do to be rid of a copy. */
export type ActionHint =
  | 'edit'
  | 'delete'
  | 'delete-revision'
  | 'purge-attachment'
  | 'clear-history'
  | 'ask-admin'
  | 'cannot-remove';

/** What is known of a record besides its natural key. Holds ids and words, no text of the record. */
export interface RecordFacts {
  /** Reader that gave it, e.g. `slack-messages`. */
  readonly reader: string;
  /** File of the export, relative to the target, container entries joined with `!/`. */
  readonly source: string;
  readonly role: FieldRole;
  /** Id of the record that opens the thread, or of the issue or page that a comment is about. */
  readonly thread?: string;
  /** RFC 3339. */
  readonly edited?: string;
  /** Precision of `created`; absent: as written. */
  readonly precision?: 'us' | 'ms' | 's' | 'min' | 'day';
  /** What the permalink leads to when it is not the record itself. */
  readonly permalinkLevel?: 'record' | 'container';
  readonly action?: ActionHint;
  /** Id of the record that a quoted copy or preview shows. */
  readonly of?: string;
  /** Other fields of the record that hold the same value. */
  readonly alsoIn?: readonly string[];
  /** True for a credential of the export itself (file-URL token, password hash): not a copy that people made. */
  readonly artifact?: boolean;
}

/** A record of an export: message, ticket, comment, page revision, log step. */
export interface RecordAppearance extends AppearanceBase {
  readonly type: 'record';
  /** Where it stands, on the way from the reader to the writer; a location read back names its place itself. */
  readonly place?: Place;
  readonly recordType: string;
  /** Id within the place and type. */
  readonly recordId: string;
  /** Path of the field within the record. */
  readonly field: string;
  readonly revision: RevisionState;
  /** Number or id of the revision when there are several. */
  readonly revisionId?: string;
  readonly author?: Person;
  /** RFC 3339; without an offset where the export has none. */
  readonly created?: string;
  readonly permalink?: string;
  readonly title?: string;
  readonly facts?: RecordFacts;
}

export type Appearance = GitBlobAppearance | GitTextAppearance | FileAppearance | RecordAppearance;
