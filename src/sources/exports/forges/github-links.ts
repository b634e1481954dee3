/**
 * Reads the addresses in which GitHub data names itself: web pages (`html_url`, `url` in GraphQL and migration
 * archives) and the REST interface (`url`). Both lead to the same repository and the same ids.
 */

export interface GithubAddress {
  /** Host of the web pages: `github.com`, or that of an Enterprise server. */
  readonly host: string;
  /** `owner/name`; absent for people, organisations and gists. */
  readonly repo?: string;
  /** Path below the repository, split: `['issues', '12']`. */
  readonly rest: readonly string[];
  /** What follows `#`. */
  readonly fragment: string;
  /** True for an address of the REST interface. */
  readonly isApi: boolean;
}

/** First path parts that are no owner of repositories. */
const reserved: ReadonlySet<string> = new Set([
  'orgs',
  'users',
  'apps',
  'settings',
  'marketplace',
  'sponsors',
  'notifications',
  'gists',
  'gist',
  'teams',
  'organizations',
  'enterprises',
  'login',
  'about',
  'features',
  'advisories',
]);

const address = /^https?:\/\/([^/?#\s]{1,255})(\/[^?#\s]{0,2000})?(?:\?[^#\s]{0,2000})?(?:#(\S{0,200}))?$/i;

/** Undefined for what is no address, e.g. a member of the same name in another system's data. */
export function readGithubAddress(value: unknown): GithubAddress | undefined {
  if (typeof value !== 'string') return undefined;
  const match = address.exec(value);
  if (match === null) return undefined;
  let host = (match[1] ?? '').toLowerCase();
  let parts = (match[2] ?? '').split('/').filter((part) => part !== '');
  let isApi = false;
  if (host.startsWith('api.')) {
    isApi = true;
    host = host.slice('api.'.length);
  } else if (parts[0] === 'api' && /^v\d$/.test(parts[1] ?? '')) {
    isApi = true;
    parts = parts.slice(2);
  }
  const fragment = match[3] ?? '';
  if (host.startsWith('gist.'))
    return { host: host.slice('gist.'.length), rest: ['gists', ...parts.slice(-1)], fragment, isApi };
  if (isApi) {
    if (parts[0] !== 'repos' || parts[2] === undefined) return { host, rest: parts, fragment, isApi };
    return { host, repo: `${parts[1]}/${parts[2]}`, rest: parts.slice(3), fragment, isApi };
  }
  const [owner, name] = parts;
  if (owner === undefined || name === undefined || reserved.has(owner.toLowerCase()))
    return { host, rest: parts, fragment, isApi };
  return { host, repo: `${owner}/${name.replace(/\.git$/, '')}`, rest: parts.slice(2), fragment, isApi };
}

/** A record that an address names, in the words used for ids in this project. */
export interface GithubTarget {
  readonly kind:
    | 'issue'
    | 'pull'
    | 'discussion'
    | 'comment'
    | 'review-comment'
    | 'review'
    | 'commit-comment'
    | 'discussion-comment'
    | 'release'
    | 'commit'
    | 'milestone'
    | 'label'
    | 'event'
    | 'run'
    | 'gist'
    | 'repository';
  /** Id of the record, as all exports of one repository give it. */
  readonly id: string;
  /** For comments and reviews: id of the issue, pull request, discussion or commit they stand under. */
  readonly thread?: string;
}

/** Fragments of web addresses: what the record is, and how ids that could meet are kept apart. */
const fragments: readonly (readonly [RegExp, GithubTarget['kind'], string])[] = [
  [/^issuecomment-(\d+)$/, 'comment', ''],
  [/^(?:discussion_)?r(\d+)$/, 'review-comment', 'r'],
  [/^pullrequestreview-(\d+)$/, 'review', ''],
  [/^commitcomment-(\d+)$/, 'commit-comment', 'c'],
  [/^discussioncomment-(\d+)$/, 'discussion-comment', 'd'],
  [/^event-(\d+)$/, 'event', ''],
];

/** Id of a review comment, as apart from an issue comment with the same number. */
export function reviewCommentId(id: string): string {
  return `r${id}`;
}

const threadFolders: Readonly<Record<string, GithubTarget['kind']>> = {
  issues: 'issue',
  pull: 'pull',
  pulls: 'pull',
  discussions: 'discussion',
};

/** What an address names; undefined when it is none of the records that hold text. */
export function targetOf(at: GithubAddress): GithubTarget | undefined {
  const [folder, id, sub, subId] = at.rest;
  if (folder === 'gists' && id !== undefined) return { kind: 'gist', id };
  if (at.repo === undefined) return undefined;
  if (folder === undefined) return { kind: 'repository', id: at.repo };
  if (id === undefined) return undefined;
  return (
    fragmentTarget(at.fragment, folder, id) ??
    (at.isApi ? apiTarget(folder, id, sub) : undefined) ??
    pageTarget(folder, id, sub, subId)
  );
}

function fragmentTarget(fragment: string, folder: string, id: string): GithubTarget | undefined {
  for (const [pattern, kind, prefix] of fragments) {
    const match = pattern.exec(fragment);
    if (match === null) continue;
    const isThread = Object.hasOwn(threadFolders, folder) || folder === 'commit';
    return { kind, id: `${prefix}${match[1]}`, ...(isThread ? { thread: id } : {}) };
  }
  return undefined;
}

/** `/repos/o/r/issues/comments/5`, `/repos/o/r/pulls/comments/5`, `/repos/o/r/comments/5`. */
function apiTarget(folder: string, id: string, sub: string | undefined): GithubTarget | undefined {
  if (id === 'comments' && sub !== undefined) {
    if (folder === 'issues') return { kind: 'comment', id: sub };
    if (folder === 'pulls') return { kind: 'review-comment', id: reviewCommentId(sub) };
  }
  if (folder === 'comments') return { kind: 'commit-comment', id: `c${id}` };
  return undefined;
}

function pageTarget(
  folder: string,
  id: string,
  sub: string | undefined,
  subId: string | undefined,
): GithubTarget | undefined {
  if (Object.hasOwn(threadFolders, folder)) {
    const isNumber = /^\d+$/.test(id);
    return isNumber ? { kind: threadFolders[folder] ?? 'issue', id } : undefined;
  }
  if (folder === 'releases') {
    if (id === 'tag') return sub === undefined ? undefined : { kind: 'release', id: decoded(sub) };
    return undefined;
  }
  if (folder === 'commit' || folder === 'commits') return { kind: 'commit', id };
  if (folder === 'milestone' || folder === 'milestones') return { kind: 'milestone', id: decoded(id) };
  if (folder === 'labels') return { kind: 'label', id: decoded(id) };
  if (folder === 'check-runs') return { kind: 'run', id };
  if (folder === 'runs') return { kind: 'run', id };
  if (folder === 'actions' && id === 'runs' && sub !== undefined) return { kind: 'run', id: subId ?? sub };
  return undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Login of a person from the address of their page, e.g. in migration archives. */
export function loginOf(value: unknown): string | undefined {
  const at = readGithubAddress(value);
  if (at === undefined || at.repo !== undefined) return undefined;
  const login = at.rest[0] === 'users' || at.rest[0] === 'orgs' ? at.rest[1] : at.rest[0];
  return login === undefined || at.rest.length > 2 ? undefined : decoded(login);
}
