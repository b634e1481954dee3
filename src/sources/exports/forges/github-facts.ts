/** What a GitHub object tells of its record: type, title, time, link, and what rids one of it. */
import type { ActionHint } from '../../../model/appearance.js';
import type { ExportRecord, RecordType } from '../contract.js';
import { idOf, type JsonObject, memberOf, objectOf, stringOf } from '../object-texts.js';
import { fromIso, recordTime } from '../times.js';
import type { GithubKind } from './github-kinds.js';
import { type GithubTarget, readGithubAddress, targetOf } from './github-links.js';

export const recordTypes: Readonly<Record<GithubKind, RecordType>> = {
  issue: 'issue',
  pull: 'issue',
  discussion: 'issue',
  comment: 'comment',
  'review-comment': 'comment',
  'commit-comment': 'comment',
  'discussion-comment': 'comment',
  review: 'review',
  edit: 'change',
  release: 'release',
  commit: 'change',
  gist: 'snippet',
  user: 'profile',
  label: 'setting',
  milestone: 'setting',
  repository: 'setting',
  variable: 'setting',
  hook: 'setting',
  event: 'change',
  renamed: 'change',
  check: 'event',
  annotation: 'event',
  deployment: 'event',
  alert: 'event',
  run: 'event',
  file: 'file',
  attachment: 'attachment',
};

/** Kinds whose text has a history that stays readable behind "edited" until each revision is deleted. */
const keepsHistory: ReadonlySet<GithubKind> = new Set([
  'issue',
  'pull',
  'discussion',
  'comment',
  'review-comment',
  'commit-comment',
  'discussion-comment',
  'review',
  'edit',
]);

const editable: ReadonlySet<GithubKind> = new Set([
  'release',
  'label',
  'milestone',
  'repository',
  'variable',
  'hook',
  'user',
]);

export const isComment: ReadonlySet<GithubKind> = new Set([
  'comment',
  'review-comment',
  'commit-comment',
  'discussion-comment',
  'review',
]);

export function titleOf(object: JsonObject, kind: GithubKind): string | undefined {
  const title = stringOf(object, 'title', 'name', 'description', 'display_title');
  if (kind === 'issue' || kind === 'pull' || kind === 'discussion') {
    const number = idOf(object, 'number') ?? ownTarget(object)?.id;
    return number === undefined ? title : `#${number} ${title ?? ''}`.trim();
  }
  if (kind === 'release') return stringOf(object, 'name', 'tag_name', 'tagName');
  if (kind === 'repository') return stringOf(object, 'full_name', 'nameWithOwner', 'name');
  if (kind === 'gist' || kind === 'check' || kind === 'run' || kind === 'milestone' || kind === 'label')
    return title;
  return undefined;
}

export function actionOf(kind: GithubKind | undefined): ActionHint | undefined {
  if (kind === undefined) return undefined;
  if (keepsHistory.has(kind)) return 'clear-history';
  if (editable.has(kind)) return 'edit';
  if (kind === 'gist' || kind === 'run' || kind === 'deployment') return 'delete';
  if (kind === 'attachment') return 'purge-attachment';
  // Commit messages are part of the history; titles stay in the timeline.
  return kind === 'commit' || kind === 'renamed' ? 'ask-admin' : undefined;
}

export function editState(
  object: JsonObject,
  id: string,
  body: string | undefined,
): ExportRecord['revision'] {
  if (stringOf(object, 'deletedAt') !== undefined) return { state: 'deleted', id };
  // The newest revision is the text as it stands.
  return memberOf(object, 'diff') === body ? { state: 'current' } : { state: 'previous', id };
}

export function timeOf(object: JsonObject, kind: GithubKind | undefined): ExportRecord['time'] {
  const commit = objectOf(object, 'commit');
  const person = objectOf(commit ?? object, 'author', 'committer');
  const created = fromIso(
    stringOf(
      object,
      ...(kind === 'edit' ? ['editedAt'] : []),
      'created_at',
      'createdAt',
      'submitted_at',
      'submittedAt',
      'authoredDate',
      'committedDate',
      'published_at',
      'publishedAt',
      'started_at',
      'startedAt',
    ) ?? (person === undefined ? undefined : stringOf(person, 'date')),
  );
  // `updated_at` of an issue is any activity; of a comment or release it is an edit.
  const hasEdits = kind !== undefined && (isComment.has(kind) || kind === 'release' || kind === 'gist');
  const edited = fromIso(
    stringOf(object, 'lastEditedAt', 'last_edited_at', ...(hasEdits ? ['updated_at', 'updatedAt'] : [])),
  );
  return recordTime(created, edited?.text === created?.text ? undefined : edited);
}

export function permalinkOf(object: JsonObject): string | undefined {
  for (const key of ['html_url', 'url', 'web_url']) {
    const url = stringOf(object, key);
    const address = readGithubAddress(url);
    if (url !== undefined && address !== undefined && !address.isApi) return url;
  }
  return undefined;
}

/** What an object's own addresses say it is. */
export function ownTarget(object: JsonObject): GithubTarget | undefined {
  for (const key of ['html_url', 'url']) {
    const address = readGithubAddress(memberOf(object, key));
    const target = address === undefined ? undefined : targetOf(address);
    if (target !== undefined) return target;
  }
  return undefined;
}
