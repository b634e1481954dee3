/**
 * Tells what an object of GitHub data is, whichever interface wrote it: REST (`snake_case`), `gh --json` and GraphQL
 * (`camelCase`), migration archives (`type`), events.
 */
import { isObject, type JsonObject, memberOf } from '../object-texts.js';
import { type GithubTarget, readGithubAddress, targetOf } from './github-links.js';

export type GithubKind =
  | Exclude<GithubTarget['kind'], 'run' | 'label' | 'milestone' | 'repository' | 'event'>
  | 'edit'
  | 'user'
  | 'label'
  | 'milestone'
  | 'repository'
  | 'event'
  | 'renamed'
  | 'check'
  | 'annotation'
  | 'file'
  | 'attachment'
  | 'variable'
  | 'hook'
  | 'alert'
  | 'deployment'
  | 'run';

/** GraphQL `__typename` and, lower case without `_`, `type` of migration archives. */
const typeNames: ReadonlyMap<string, GithubKind> = new Map([
  ['issue', 'issue'],
  ['pullrequest', 'pull'],
  ['issuecomment', 'comment'],
  ['pullrequestreview', 'review'],
  ['pullrequestreviewcomment', 'review-comment'],
  ['commitcomment', 'commit-comment'],
  ['discussion', 'discussion'],
  ['discussioncomment', 'discussion-comment'],
  ['release', 'release'],
  ['gist', 'gist'],
  ['commit', 'commit'],
  ['pullrequestcommit', 'commit'],
  ['usercontentedit', 'edit'],
  ['user', 'user'],
  ['bot', 'user'],
  ['mannequin', 'user'],
  ['organization', 'user'],
  ['repository', 'repository'],
  ['label', 'label'],
  ['milestone', 'milestone'],
  ['checkrun', 'check'],
  ['issueevent', 'event'],
  ['renamedtitleevent', 'renamed'],
  ['attachment', 'attachment'],
]);

function has(object: JsonObject, ...keys: readonly string[]): boolean {
  return keys.some((key) => memberOf(object, key) !== undefined);
}

function hasText(object: JsonObject, ...keys: readonly string[]): boolean {
  return keys.some((key) => typeof memberOf(object, key) === 'string');
}

/** Values of `type` in the rows of a migration archive. */
export const archiveTypes: ReadonlySet<string> = new Set(
  `issue issue_comment issue_event pull_request pull_request_review pull_request_review_comment
   pull_request_review_thread commit_comment release milestone project project_column project_card protected_branch
   attachment discussion discussion_comment discussion_category repository repository_file organization team user bot
   mannequin label`.split(/\s+/),
);

/**
 * @param under name of the member in which the object stands, `''` at the top; `nodes`, `edges` and the like passed over
 * @param isArchive rows of a migration archive, whose `type` says what they are
 */
export function kindOf(object: JsonObject, under: string, isArchive = false): GithubKind | undefined {
  const named = memberOf(object, '__typename') ?? (isArchive ? memberOf(object, 'type') : undefined);
  if (typeof named === 'string') {
    const kind = typeNames.get(named.toLowerCase().replaceAll('_', ''));
    if (kind === 'event' && hasText(object, 'title_was', 'title_is')) return 'renamed';
    if (kind !== undefined) return kind;
  }
  return kindByPosition(object, under) ?? kindByKeys(object) ?? kindByAddress(object);
}

function kindByPosition(object: JsonObject, under: string): GithubKind | undefined {
  if (hasText(object, 'login')) return 'user';
  switch (under) {
    case 'userContentEdits':
      return has(object, 'diff') ? 'edit' : undefined;
    case 'labels':
      return hasText(object, 'name') ? 'label' : undefined;
    case 'milestone':
    case 'milestones':
      return hasText(object, 'title') ? 'milestone' : undefined;
    case 'variables':
    case 'secrets':
      return hasText(object, 'name') ? 'variable' : undefined;
    case 'annotations':
      return hasText(object, 'message') ? 'annotation' : undefined;
    case 'check_runs':
    case 'checkRuns':
      return 'check';
    case 'workflow_runs':
    case 'jobs':
      return hasText(object, 'name') ? 'run' : undefined;
    case 'webhooks':
    case 'hooks':
      return 'hook';
    case 'latestReviews':
    case 'reviews':
      return hasText(object, 'body') ? 'review' : undefined;
    default:
      return undefined;
  }
}

/** Signs of a kind, the surest first. */
const signs: readonly (readonly [GithubKind, (object: JsonObject) => boolean])[] = [
  ['review-comment', (object) => hasText(object, 'diff_hunk', 'diffHunk')],
  ['review', (object) => hasText(object, 'body') && has(object, 'submitted_at', 'submittedAt')],
  ['release', (object) => hasText(object, 'tag_name', 'tagName')],
  ['repository', (object) => hasText(object, 'full_name', 'nameWithOwner')],
  ['alert', (object) => has(object, 'secret_type')],
  ['gist', isGist],
  [
    'commit',
    (object) => hasText(object, 'message', 'messageHeadline') && has(object, 'sha', 'oid', 'commit_id'),
  ],
  ['commit', (object) => has(object, 'sha') && isObject(memberOf(object, 'commit'))],
  ['renamed', (object) => isObject(memberOf(object, 'rename'))],
  ['renamed', (object) => hasText(object, 'previousTitle', 'currentTitle')],
  ['annotation', (object) => hasText(object, 'annotation_level')],
  ['check', (object) => isObject(memberOf(object, 'output')) && has(object, 'head_sha', 'conclusion')],
  ['hook', (object) => isObject(memberOf(object, 'config')) && Array.isArray(memberOf(object, 'events'))],
  ['deployment', (object) => has(object, 'statuses_url') && has(object, 'environment')],
];

function kindByKeys(object: JsonObject): GithubKind | undefined {
  if (has(object, 'number') && hasText(object, 'title')) return numberedKind(object);
  const sign = signs.find(([, fits]) => fits(object));
  if (sign !== undefined) return sign[0];
  if (hasText(object, 'body') && has(object, 'author', 'user') && !hasText(object, 'title', 'name'))
    return kindByAddress(object) ?? 'comment';
  if (hasText(object, 'event') && has(object, 'actor')) return kindByAddress(object) ?? 'event';
  return undefined;
}

function numberedKind(object: JsonObject): GithubKind {
  const byAddress = kindByAddress(object);
  if (byAddress !== undefined) return byAddress;
  if (has(object, 'open_issues', 'due_on', 'dueOn')) return 'milestone';
  return has(object, 'pull_request', 'diff_url', 'head', 'headRefName', 'isDraft', 'mergeable')
    ? 'pull'
    : 'issue';
}

function isGist(object: JsonObject): boolean {
  const files = memberOf(object, 'files');
  if (files === undefined || !has(object, 'git_pull_url', 'forks_url', 'public', 'isPublic')) return false;
  return isObject(files) || Array.isArray(files);
}

/** Members that a record of this kind has; an object that only points to one has none of them. */
const textKeys: Readonly<Partial<Record<GithubTarget['kind'], readonly string[]>>> = {
  issue: ['title', 'body'],
  pull: ['title', 'body'],
  discussion: ['title', 'body'],
  comment: ['body'],
  'review-comment': ['body'],
  review: ['body'],
  'commit-comment': ['body'],
  'discussion-comment': ['body'],
  commit: ['message', 'commit', 'messageHeadline'],
  milestone: ['title', 'description'],
  label: ['name'],
  repository: ['name', 'description'],
  event: ['event'],
  run: ['name', 'display_title', 'output'],
};

function kindByAddress(object: JsonObject): GithubKind | undefined {
  for (const key of ['html_url', 'url']) {
    const address = readGithubAddress(memberOf(object, key));
    const target = address === undefined ? undefined : targetOf(address);
    if (target === undefined) continue;
    const needed = textKeys[target.kind];
    if (needed !== undefined && has(object, ...needed)) return target.kind;
  }
  return undefined;
}
