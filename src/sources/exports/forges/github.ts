/** GitHub data as the REST interface, the `gh` command line and GraphQL write it. */
import type { ExportFile, ExportReader, Probe, Recognition } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { type JsonRecordEvents, readJsonRecords } from '../json-records.js';
import { jsonShapeOf } from '../json-shape.js';
import { isObject, memberOf } from '../object-texts.js';
import { kindOf } from './github-kinds.js';
import { readGithubAddress, targetOf } from './github-links.js';
import { GithubWalk } from './github-walk.js';

/** Keys that no other tracker uses. */
const ownKeys =
  /"(?:author_?association|authorAssociation|nameWithOwner|reactionGroups|stargazers_url|comments_url|node_id|headRefName|diff_hunk|diffHunk|userContentEdits|forks_url|git_pull_url|isDraft|performed_via_github_app|secret_type|check_suite|squash_merge_commit_title)"\s*:/;

/** Members that `gh --json` writes for issues, pull requests and releases. */
const ghKeys: ReadonlySet<string> = new Set(
  `additions assignees author autoMergeRequest baseRefName baseRefOid body changedFiles closed closedAt
   closingIssuesReferences comments commits createdAt deletions files fullDatabaseId headRefName headRefOid
   headRepository headRepositoryOwner id isCrossRepository isDraft isPinned labels latestReviews maintainerCanModify
   mergeCommit mergeStateStatus mergeable mergedAt mergedBy milestone number potentialMergeCommit projectCards
   projectItems reactionGroups reviewDecision reviewRequests reviews state stateReason statusCheckRollup title updatedAt
   url apiUrl assets databaseId isImmutable isPrerelease name publishedAt tagName tarballUrl targetCommitish uploadUrl
   zipballUrl isLatest repository authorAssociation commentsCount isLocked isPullRequest category answer`.split(
    /\s+/,
  ),
);

/** Lists of the REST interface that come with a count: `{ "total_count": 3, "check_runs": [] }`. */
const countedLists: ReadonlySet<string> = new Set(
  'items check_runs workflow_runs jobs variables secrets environments workflows artifacts check_suites'.split(
    ' ',
  ),
);

/** Other systems that answer in GraphQL. */
const otherGraphql = /https:\/\/(?:linear\.app|[\w.-]{1,100}\/-\/(?:issues|merge_requests)\/)/;

function recognise(probe: Probe): Recognition | undefined {
  const shape = probe.json;
  if (shape === undefined) return undefined;
  const { keys } = shape;
  const list = keys.find((key) => countedLists.has(key));
  if (shape.root === 'object' && keys.includes('total_count') && list !== undefined)
    return { score: 0.9, reason: `keys total_count, ${list}` };
  const own = ownKeys.exec(probe.text)?.[0].replace(/[":\s]/g, '');
  const isGraphql = shape.root === 'object' && keys[0] === 'data';
  if (own !== undefined) {
    if (isGraphql) return { score: 0.93, reason: `GraphQL data with ${own}` };
    if (isGithubRecord(shape.first)) return { score: 0.95, reason: `record of GitHub with ${own}` };
    const isLikely = hasText(keys) && (keys.includes(own) || isKnown(shape.first));
    return { score: isLikely ? 0.85 : 0.5, reason: `key ${own}` };
  }
  if (isGithubRecord(shape.first)) return { score: 0.9, reason: 'addresses of issues, comments or releases' };
  if (
    isGraphql &&
    !otherGraphql.test(probe.text) &&
    /"pageInfo"\s*:|"(?:issues|pullRequests?|issue|discussions)"\s*:\s*\{/.test(probe.text)
  )
    return { score: 0.7, reason: 'GraphQL data with issues' };
  return ghList(keys);
}

function isKnown(first: unknown): boolean {
  return isObject(first) && kindOf(first, '') !== undefined;
}

/** The first record names itself by its address, e.g. `https://github.com/o/r/issues/1`. */
function isGithubRecord(first: unknown): boolean {
  if (!isObject(first)) return false;
  const keys = ['html_url', 'url'].filter((key) => memberOf(first, key) !== undefined);
  // What an object is takes longer to tell than that it has no address.
  if (keys.length === 0 || !isKnown(first)) return false;
  return keys.some((key) => {
    const address = readGithubAddress(memberOf(first, key));
    if (address === undefined) return false;
    const target = targetOf(address);
    return target !== undefined && (target.kind !== 'repository' || address.isApi);
  });
}

function hasText(keys: readonly string[]): boolean {
  return keys.some((key) => ['title', 'body', 'message', 'commit', 'files', 'full_name'].includes(key));
}

/** What `gh issue list --json number,title,body` writes: nothing but its members. */
function ghList(keys: readonly string[]): Recognition | undefined {
  if (keys.length < 3 || !keys.every((key) => ghKeys.has(key))) return undefined;
  const isNumbered = keys.includes('number') && (keys.includes('title') || keys.includes('body'));
  const isRelease = keys.includes('tagName');
  if (!isNumbered && !isRelease) return undefined;
  const isCamel = keys.some((key) => /[a-z][A-Z]/.test(key));
  return { score: isCamel ? 0.75 : 0.5, reason: `members of gh --json: ${keys.slice(0, 4).join(', ')}` };
}

/** A GraphQL answer up to this size is read whole: what its pages stand in follows after them. */
const wholeBytes = 48 * 1024 * 1024;

/** Where the records of a file stand, by its beginning. */
function recordPaths(file: ExportFile): string[] {
  const shape = jsonShapeOf(decodeHead(file.head));
  if (shape?.root === 'array') return ['/*'];
  if (shape === undefined || shape.root === 'lines') return [''];
  if (file.size !== undefined && file.size <= wholeBytes) return [''];
  const lists = Object.keys(shape.inner).map((key) => `/${escapePointer(key)}/*`);
  const pages = ['/data', '/data/*', '/data/*/*', '/data/*/*/*'].flatMap((at) => [
    `${at}/nodes/*`,
    `${at}/edges/*`,
  ]);
  return [...lists, ...pages];
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

export const githubReader: ExportReader = {
  id: 'github-json',
  system: 'github',
  label: 'GitHub JSON',
  most: 0.95,
  recognise,
  read: async (file, sink, hints) => {
    const { baseUrl } = hints;
    const walk = new GithubWalk(sink, { fileName: file.name, ...(baseUrl !== undefined && { baseUrl }) });
    const paths = recordPaths(file);
    const isWhole = paths.includes('');
    const events: JsonRecordEvents = {
      record: (record) => walk.walk(record.value, record.pointer, record.raw, record.ancestors),
      // What stands around the records of a large file.
      end: (root) => {
        if (!isWhole && isObject(root)) walk.walk(root, '');
      },
    };
    await readJsonRecords(file, paths, sink, events);
  },
};
