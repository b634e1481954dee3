/** What a project's or group's export says of itself: its place and its people, from the files beside the one read. */

import type { ExportFile, ExportTree, ReaderHints, RecordPlace } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { defined } from '../defined.js';
import { idOf, isObject, type JsonObject, memberOf, objectOf, stringOf } from '../object-texts.js';

export interface GitlabPerson {
  readonly name?: string;
  readonly username?: string;
  readonly email?: string;
}

export interface GitlabProject {
  /** Path of the project, e.g. `group/project`, when something says it. */
  readonly path: string | undefined;
  /** Id within the instance that wrote the export. */
  readonly projectId: string | undefined;
  readonly visibility: RecordPlace['audience'];
  /** By id of the user. */
  readonly people: ReadonlyMap<string, GitlabPerson>;
}

const maxSideBytes = 16 * 1024 * 1024;

/** Small relations that every export has and whose rows name the project. */
const idFiles: readonly string[] = [
  'project_feature',
  'ci_cd_settings',
  'labels',
  'triggers',
  'protected_branches',
  'milestones',
];

export function gitlabProjectOf(file: ExportFile): Promise<GitlabProject> {
  const folder = folderOf(file.name);
  return file.tree.memo(`gitlab-project:${folder}`, () => readProject(file.tree, folder));
}

async function readProject(tree: ExportTree, folder: string): Promise<GitlabProject> {
  const root = await readRoot(tree, folder);
  let projectId = root === undefined ? undefined : idOf(root, 'id', 'project_id');
  const listed = new Set(await tree.list(folder));
  for (const name of idFiles) {
    if (projectId !== undefined) break;
    const file = join(folder, `${name}.ndjson`);
    if (!listed.has(file)) continue;
    const [first] = await readLines(tree, file);
    projectId = first === undefined ? undefined : idOf(first, 'project_id');
  }
  const people = new Map<string, GitlabPerson>();
  for (const name of ['project_members.ndjson', 'members.ndjson']) {
    const file = join(folder, name);
    if (listed.has(file)) addMembers(await readLines(tree, file), people);
  }
  const members = root === undefined ? undefined : memberOf(root, 'project_members');
  if (Array.isArray(members)) addMembers(members.filter(isObject), people);
  return {
    path: root === undefined ? undefined : pathOf(root),
    projectId,
    visibility: visibilityOf(root),
    people,
  };
}

/** `tree/project.json` beside `tree/project/`, `tree/groups/7.json` beside `tree/groups/7/`. */
async function readRoot(tree: ExportTree, folder: string): Promise<JsonObject | undefined> {
  for (const name of folder === '' ? ['project.json'] : [`${folder}.json`, join(folder, 'project.json')]) {
    const bytes = await tree.read(name, maxSideBytes);
    const value = bytes === undefined ? undefined : parse(decodeHead(bytes));
    if (isObject(value)) return value;
  }
  return undefined;
}

async function readLines(tree: ExportTree, name: string): Promise<JsonObject[]> {
  const bytes = await tree.read(name, maxSideBytes);
  if (bytes === undefined) return [];
  return decodeHead(bytes).split('\n').map(parse).filter(isObject);
}

/** Undefined for what is no JSON: side files only add, their damage is reported where they are read themselves. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

function addMembers(rows: readonly JsonObject[], people: Map<string, GitlabPerson>): void {
  for (const row of rows) {
    const user = objectOf(row, 'user') ?? row;
    const id = idOf(user, 'id', 'user_id') ?? idOf(row, 'user_id');
    if (id !== undefined) people.set(id, personOf(user));
  }
}

export function personOf(user: JsonObject): GitlabPerson {
  const name = stringOf(user, 'name');
  const username = stringOf(user, 'username');
  const email = stringOf(user, 'public_email', 'email');
  return defined({ name, username, email });
}

function pathOf(root: JsonObject): string | undefined {
  return stringOf(root, 'path_with_namespace', 'full_path', 'path');
}

/** Levels of GitLab: 0 private, 10 internal, 20 public. */
export function visibilityOf(root: JsonObject | undefined): RecordPlace['audience'] {
  const level =
    root === undefined ? undefined : (memberOf(root, 'visibility_level') ?? memberOf(root, 'visibility'));
  if (level === 0 || level === 'private') return 'restricted';
  if (level === 10 || level === 'internal') return 'internal';
  return level === 20 || level === 'public' ? 'public' : 'unknown';
}

/** Where a page of GitLab stands: `https://host/group/project/-/issues/3`. */
export interface GitlabAddress {
  readonly origin: string;
  readonly host: string;
  readonly project: string;
}

const page =
  /^(https?:\/\/([^/?#\s]{1,255}))\/([^?#\s]{1,500}?)(?:\/-)?\/(?:issues|merge_requests|snippets|commit|releases|pipelines|jobs|milestones|epics|work_items|incidents|blob|tree|tags)\//;

export function readGitlabAddress(value: unknown): GitlabAddress | undefined {
  if (typeof value !== 'string') return undefined;
  const match = page.exec(`${value}/`);
  if (match === null || match[3]?.startsWith('api/') === true) return undefined;
  return { origin: match[1] ?? '', host: (match[2] ?? '').toLowerCase(), project: match[3] ?? '' };
}

/** Site and, when the user gave the project's own page, its path. */
export function siteOf(
  hints: ReaderHints,
): { origin: string; host: string; path: string | undefined } | undefined {
  const match = /^(https?:\/\/([^/?#\s]{1,255}))(?:\/([^?#\s]*))?/.exec(hints.baseUrl ?? '');
  if (match === null) return undefined;
  const path = (match[3] ?? '').replace(/(?:\/-)?\/*$/, '');
  return {
    origin: match[1] ?? '',
    host: (match[2] ?? '').toLowerCase(),
    path: path.includes('/') ? path : undefined,
  };
}

function folderOf(name: string): string {
  return name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '';
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
