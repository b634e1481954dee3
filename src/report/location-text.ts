/** Says where a location is, in the words of its system. Every string that comes back is safe to print. */
import type { Appearance, CommitFacts, LocationKind, PathName } from '../model/appearance.js';
import type { Location } from '../model/exposure.js';
import { recordName, recordParts } from './record-text.js';
import { safeText } from './safe-text.js';

/** What sort of copy it is, as the end of "this copy is ...". */
export const standingText: Readonly<Record<LocationKind, string>> = {
  'git-head': 'at the tip of the default branch',
  'git-other-tip': 'at the tip of another branch',
  'git-history': 'only in history',
  'git-unreachable': 'in an unreachable object',
  'git-reflog': 'only through the reflog',
  'git-stash': 'in a stash',
  'git-note': 'in a note',
  'git-staged': 'staged',
  'git-commit-message': 'in a commit message',
  'git-tag-message': 'in a tag message',
  'git-metadata': 'in the name of a ref, path or person',
  'loose-file': 'in a file',
  'archive-entry': 'in an archive',
  stdin: 'on stdin',
  metadata: 'in a name or title',
  'ticket-body': 'in a ticket',
  'ticket-comment': 'in a comment',
  'ticket-attachment': 'in an attachment',
  'chat-message': 'in a chat message',
  'chat-thread': 'in a reply of a chat thread',
  'chat-file': 'in a file of a chat',
  'wiki-page': 'in a wiki page',
  mail: 'in a mail',
  'notebook-output': 'in a cell of a notebook',
  log: 'in a log',
  dump: 'in a record of an export',
  profile: 'in the profile of a person',
  'chat-edit-history': 'in a former wording of a chat message',
  'record-history': 'in a former version of a record',
};

/** Path of the outer document; undefined for texts that have none (commit messages, unnamed blobs). */
export function pathNameOf(appearance: Appearance): PathName | undefined {
  switch (appearance.type) {
    case 'git-blob':
    case 'file':
      return appearance.path;
    case 'git-text':
      return undefined;
    case 'record':
      return { text: appearance.facts?.source ?? '' };
    default: {
      const never: never = appearance;
      return never;
    }
  }
}

/** Path with the container chain behind it, joined with `!/`; the empty string when there is no path. */
export function fullPathOf(location: Location): string {
  const path = pathNameOf(location.appearance)?.text ?? '';
  return [path, ...location.chain].join('!/');
}

/** The commit in which the copy came to stand there, or which is itself the text. */
export function commitOf(appearance: Appearance): CommitFacts | undefined {
  if (appearance.type === 'git-blob') return appearance.introduced;
  if (appearance.type === 'git-text') return appearance.commit;
  return undefined;
}

/**
 * What tells one document of a place from all others: its path, and for records their own key, since an export's file
 * holds thousands.
 */
export function documentKeyOf(location: Location): string {
  const { appearance } = location;
  if (appearance.type !== 'record') return fullPathOf(location);
  const { recordType, recordId, field, revision, revisionId = '' } = appearance;
  return JSON.stringify([recordType, recordId, field, revision, revisionId, ...location.chain]);
}

/** Stands in for a path where there is none. */
function headOf(appearance: Appearance): string {
  if (appearance.type === 'record') return recordName(appearance);
  if (appearance.type !== 'git-text') return '(no path)';
  const label = appearance.label === undefined ? '' : ` ${appearance.label}`;
  switch (appearance.locationKind) {
    case 'git-commit-message':
      return 'commit message';
    case 'git-tag-message':
      return `tag message${label}`;
    case 'git-note':
      return `note${label}`;
    default:
      return `git metadata${label}`;
  }
}

/** `src/config.ts:12:18`, or what stands in for a path: `commit message:3:1`. */
export function spotText(location: Location): string {
  const { line, column } = location.position;
  const path = location.appearance.type === 'record' ? '' : fullPathOf(location);
  return `${safeText(path === '' ? headOf(location.appearance) : path)}:${line}:${column}`;
}

/** Hex digits of a commit id shown to people. */
const shownCommitDigits = 10;

/** `1a2b3c4d5e by Ana <ana@example.org> on 2024-01-02`. */
export function commitText(commit: CommitFacts): string {
  const { name, email } = commit.author;
  const who = email === '' ? name : name === '' ? email : `${name} <${email}>`;
  const by = who === '' ? '' : ` by ${safeText(who)}`;
  // What another tool reported need not have all of them.
  const on = commit.authorDate === '' ? '' : ` on ${commit.authorDate.slice(0, 10)}`;
  return `${commit.id.slice(0, shownCommitDigits)}${by}${on}`;
}

function refsText(refs: readonly string[], count: number): string {
  const shown = refs.slice(0, 3).map((ref) => safeText(ref.replace(/^refs\/(heads|remotes|tags)\//, '')));
  return count > shown.length ? `${shown.join(', ')} and ${count - shown.length} more` : shown.join(', ');
}

/** What qualifies the standing itself. */
function qualifiersOf(appearance: Appearance): (string | undefined)[] {
  switch (appearance.type) {
    case 'git-blob': {
      const { refs, refCount, locationKind } = appearance;
      return [refCount > 0 && locationKind !== 'git-head' ? `in ${refsText(refs, refCount)}` : undefined];
    }
    case 'git-text':
      return [];
    case 'file':
      return [appearance.ignored ? 'ignored by git' : appearance.tracked ? 'tracked by git' : undefined];
    case 'record':
      return [appearance.revision === 'current' ? undefined : `${appearance.revision} version`];
    default: {
      const never: never = appearance;
      return never;
    }
  }
}

/** How the copy stands in its system, e.g. `at the tip of another branch, in dev`. */
export function standingOf(location: Location): string {
  const qualifiers = qualifiersOf(location.appearance).filter((part) => part !== undefined);
  return [standingText[location.appearance.locationKind], ...qualifiers].join(', ');
}

function historyParts(appearance: Appearance): (string | undefined)[] {
  switch (appearance.type) {
    case 'git-blob':
      return [
        appearance.introduced && `since ${commitText(appearance.introduced)}`,
        appearance.removed && `removed in ${commitText(appearance.removed)}`,
      ];
    case 'git-text':
      return [appearance.commit && commitText(appearance.commit)];
    case 'file':
      return [appearance.modified && `changed ${appearance.modified.slice(0, 10)}`];
    case 'record':
      return recordParts(appearance);
    default: {
      const never: never = appearance;
      return never;
    }
  }
}

/** Who put it there and when, e.g. `since 1a2b ... by Ana on 2024-01-02, removed in ...`; may be empty. */
export function historyOf(location: Location): string {
  return historyParts(location.appearance)
    .filter((part) => part !== undefined)
    .join(', ');
}

/** The status of the copy and who decided it: `allowed (allow entry by ana: rotated)`. */
export function statusText(location: Location): string {
  const { status, by } = location.status;
  return by === undefined ? status : `${status} (${safeText(by)})`;
}

/** How the value is written there; empty for a plain copy whose position is exact. */
export function spellingText(location: Location): string {
  const layers = location.spelling.filter((layer) => layer !== 'plain');
  const written = layers.length === 0 ? '' : `as ${layers.join('+')}`;
  if (location.exact) return written;
  return written === '' ? 'position inexact' : `${written}, position inexact`;
}
