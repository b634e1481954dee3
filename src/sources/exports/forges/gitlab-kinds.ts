/** Tells what an object of GitLab data is: rows of project exports, and what the REST interface answers. */
import { type JsonObject, memberOf } from '../object-texts.js';

export type GitlabKind =
  | 'issue'
  | 'merge-request'
  | 'epic'
  | 'note'
  | 'snippet'
  | 'release'
  | 'milestone'
  | 'label'
  | 'diff-file'
  | 'commit'
  | 'pipeline'
  | 'schedule'
  | 'trigger'
  | 'integration'
  | 'variable'
  | 'hook'
  | 'member'
  | 'project';

function has(object: JsonObject, ...keys: readonly string[]): boolean {
  return keys.some((key) => memberOf(object, key) !== undefined);
}

function isText(object: JsonObject, key: string): boolean {
  return typeof memberOf(object, key) === 'string';
}

type Sign = (object: JsonObject, under: string) => boolean;

/** Signs of a kind, the surest first; `under` is the relation or member in which the object stands. */
const signs: readonly (readonly [GitlabKind, Sign])[] = [
  ['note', (o, under) => isText(o, 'note') && (has(o, 'noteable_type', 'author_id') || under === 'notes')],
  ['note', (o) => isText(o, 'body') && has(o, 'noteable_type', 'noteable_id')],
  ['diff-file', (o) => has(o, 'diff', 'utf8_diff') && has(o, 'new_path', 'old_path')],
  ['merge-request', (o) => has(o, 'source_branch') && has(o, 'target_branch') && has(o, 'title', 'iid')],
  ['milestone', (o, under) => isText(o, 'title') && /^(?:group_)?milestones?$/.test(under)],
  [
    'milestone',
    (o) => isText(o, 'title') && has(o, 'start_date') && has(o, 'iid') && !has(o, 'author_id', 'author'),
  ],
  ['epic', (o, under) => isText(o, 'title') && (under === 'epics' || under === 'epic')],
  ['label', (o) => isText(o, 'color') && has(o, 'title', 'name') && !has(o, 'iid')],
  ['issue', (o) => has(o, 'iid') && isText(o, 'title')],
  ['snippet', (o) => isText(o, 'title') && (isText(o, 'content') || has(o, 'file_name')) && !has(o, 'iid')],
  ['release', (o) => has(o, 'tag', 'tag_name') && has(o, 'description', 'released_at', 'links')],
  ['schedule', (o) => isText(o, 'cron')],
  ['integration', (o) => has(o, 'properties') && has(o, 'type', 'type_new', 'slug', 'category')],
  ['trigger', (o, under) => isText(o, 'token') && (under === 'triggers' || isTrigger(o))],
  ['hook', (o) => isText(o, 'url') && has(o, 'push_events', 'enable_ssl_verification')],
  [
    'variable',
    (o) => isText(o, 'key') && isText(o, 'value') && has(o, 'variable_type', 'protected', 'masked'),
  ],
  [
    'commit',
    (o) => isText(o, 'message') && has(o, 'authored_date', 'committed_date', 'relative_order', 'short_id'),
  ],
  ['pipeline', (o) => has(o, 'sha') && has(o, 'ref') && has(o, 'stages', 'source', 'yaml_errors', 'web_url')],
  ['member', (o) => has(o, 'access_level') && has(o, 'user', 'user_id', 'source_type', 'username')],
  ['project', (o) => has(o, 'path_with_namespace', 'visibility_level') && !has(o, 'title')],
];

function isTrigger(object: JsonObject): boolean {
  const keys = Object.keys(object);
  return has(object, 'project_id', 'owner_id', 'owner') && keys.length <= 12 && !has(object, 'properties');
}

export function gitlabKindOf(object: JsonObject, under: string): GitlabKind | undefined {
  return signs.find(([, fits]) => fits(object, under))?.[0];
}

/** Kinds that are records of their own also within other records. */
const apart: ReadonlySet<GitlabKind> = new Set([
  'note',
  'diff-file',
  'commit',
  'milestone',
  'label',
  'issue',
  'merge-request',
  'epic',
  'snippet',
  'release',
  'pipeline',
  'trigger',
  'integration',
  'schedule',
  'hook',
]);

export function isInnerGitlabRecord(object: JsonObject, under: string): boolean {
  const kind = gitlabKindOf(object, under);
  return kind !== undefined && apart.has(kind);
}

/** Lists of the single `project.json` that exports had before 13.0. */
export const projectRelations: readonly string[] = [
  'issues',
  'merge_requests',
  'snippets',
  'labels',
  'milestones',
  'releases',
  'commit_notes',
  'ci_pipelines',
  'pipelines',
  'pipeline_schedules',
  'triggers',
  'services',
  'integrations',
  'hooks',
  'project_members',
  'protected_branches',
  'protected_tags',
  'protected_environments',
  'variables',
  'custom_attributes',
  'project_badges',
  'boards',
  'auto_devops',
  'designs',
  'external_pull_requests',
  'push_rule',
  'epics',
  'members',
];

/** True for the root of a project's export, whole or without its relations. */
export function isProjectRoot(keys: readonly string[]): boolean {
  const marks = [
    'visibility_level',
    'merge_requests_ff_only_enabled',
    'ci_config_path',
    'import_type',
    'build_timeout',
    'shared_runners_enabled',
    'project_members',
    'merge_requests',
    'project_feature',
    'snippets',
    'merge_requests_rebase_enabled',
    'build_coverage_regex',
    'printing_merge_request_link_enabled',
  ];
  return marks.filter((key) => keys.includes(key)).length >= 2 && !keys.includes('iid');
}
