/** Places of GitHub data: repositories, gists, people. */
import type { RecordPlace } from '../contract.js';
import { idOf, isObject, type JsonObject, memberOf, objectOf, stringOf } from '../object-texts.js';
import { readGithubAddress } from './github-links.js';

/** Members that hold the repository itself, not something in it. */
export const repoKeys: ReadonlySet<string> = new Set(['repository_url', 'repository', 'repo']);

/** First part of what lies below a repository; an address without one of them may be anybody's. */
const repoFolders: ReadonlySet<string> = new Set(
  `issues pull pulls discussions releases commit commits milestone milestones labels blob tree raw actions runs
   compare wiki projects contents comments`.split(/\s+/),
);

/** Members that name the repository in which an object stands, the surest first. */
export const addressKeys: readonly string[] = [
  'html_url',
  'url',
  'repository_url',
  'repository',
  'repo',
  'issue_url',
  'pull_request_url',
  'issue',
  'pull_request',
  'contents_url',
  'blob_url',
  'base',
];

/** Host by an object's own address. */
export function hostOf(object: JsonObject): string | undefined {
  return readGithubAddress(memberOf(object, 'html_url') ?? memberOf(object, 'url'))?.host;
}

export function peoplePlace(host: string): RecordPlace {
  return { kind: 'workspace', tenant: host, id: 'people', name: host, audience: 'unknown' };
}

export function gistPlace(object: JsonObject, host: string): RecordPlace {
  const id = idOf(object, 'id', 'name') ?? 'gists';
  return { kind: 'repo', tenant: host, id: `gist/${id}`, name: `gist ${id}`, audience: audienceOf(object) };
}

/** Place by a member that names the repository: its address, that of something in it, or an object for it. */
export function repoPlace(object: JsonObject, value: unknown, isRepo: boolean): RecordPlace | undefined {
  if (typeof value === 'string') {
    const address = readGithubAddress(value.replace(/\{[^{}]{0,60}\}/g, ''));
    if (address?.repo === undefined) return undefined;
    const [folder] = address.rest;
    if (folder === undefined ? !isRepo : !address.isApi && !repoFolders.has(folder)) return undefined;
    return placeOfRepo(address.host, address.repo, audienceOf(object));
  }
  if (!isObject(value)) return undefined;
  const repo = objectOf(value, 'repo') ?? value;
  const address = readGithubAddress(memberOf(repo, 'html_url') ?? memberOf(repo, 'url'));
  if (address?.repo !== undefined) return placeOfRepo(address.host, address.repo, audienceOf(repo));
  const name = stringOf(repo, 'full_name', 'nameWithOwner');
  return name === undefined ? undefined : placeOfRepo('github.com', name, audienceOf(repo));
}

export function placeOfRepo(host: string, repo: string, audience: RecordPlace['audience']): RecordPlace {
  return { kind: 'repo', tenant: host, id: repo, name: repo, audience };
}

/** Who can read a repository or gist, as far as the data says. */
export function audienceOf(object: JsonObject): RecordPlace['audience'] {
  const repo = objectOf(object, 'repository', 'repo') ?? object;
  const visibility = stringOf(repo, 'visibility')?.toLowerCase();
  if (visibility === 'public') return 'public';
  if (visibility === 'internal') return 'internal';
  if (visibility === 'private' || memberOf(repo, 'private') === true || memberOf(repo, 'isPrivate') === true)
    return 'restricted';
  if (memberOf(repo, 'private') === false || memberOf(repo, 'isPrivate') === false) return 'public';
  if (memberOf(repo, 'public') === true || memberOf(repo, 'isPublic') === true) return 'public';
  return 'unknown';
}
