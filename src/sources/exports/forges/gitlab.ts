/** GitLab project and group exports (`tree/**.ndjson`, the old `project.json`), and answers of its REST interface. */
import type { ExportReader, Probe, Recognition } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { readJsonRecords } from '../json-records.js';
import { jsonShapeOf } from '../json-shape.js';
import { isObject } from '../object-texts.js';
import { type GitlabKind, gitlabKindOf, isProjectRoot, projectRelations } from './gitlab-kinds.js';
import { gitlabProjectOf, readGitlabAddress, siteOf } from './gitlab-project.js';
import { GitlabWalk } from './gitlab-walk.js';

/** Keys of rows that no other system writes. */
const ownNames: ReadonlySet<string> = new Set(
  `noteable_type merge_request_diff iid visibility_level merge_requests_enabled source_project_id
   cached_markdown_version push_access_levels merge_access_levels resource_label_events award_emoji label_links
   path_with_namespace group_runners_enabled short_id variable_type test_case_events ci_config_path
   group_access_level notification_level wiki_access_level`.split(/\s+/),
);
const ownKeys = new RegExp(`"(?:${[...ownNames].join('|')})"\\s*:`);
/** Where exports keep their relations. */
const exportPath = /(?:^|\/)tree\/(?:project|groups)\/|(?:^|\/)tree\/project\.json$/;

function recognise(probe: Probe): Recognition | undefined {
  const shape = probe.json;
  if (shape === undefined) return undefined;
  const { keys, root, first } = shape;
  if (root === 'object' && isProjectRoot(keys))
    return { score: 0.93, reason: 'settings of a GitLab project' };
  const row = isObject(first) ? first : {};
  if (keys.includes('web_url') && readGitlabAddress(row['web_url']) !== undefined)
    return { score: 0.93, reason: 'pages of GitLab in web_url' };
  const isInTree = exportPath.test(probe.name);
  const byRow = rowRecognition(probe.text, keys, gitlabKindOf(row, ''));
  if (byRow !== undefined) return isInTree ? { ...byRow, score: Math.max(byRow.score, 0.95) } : byRow;
  return isInTree ? { score: 0.85, reason: 'lies where GitLab exports keep a relation' } : undefined;
}

function rowRecognition(
  text: string,
  keys: readonly string[],
  kind: GitlabKind | undefined,
): Recognition | undefined {
  // A pattern over the whole text costs; most files are of other systems.
  if (kind === undefined && !keys.some((key) => ownNames.has(key))) return undefined;
  const own = ownKeys.exec(text)?.[0].replace(/[":\s]/g, '');
  if (own !== undefined && keys.includes(own))
    return kind === undefined
      ? { score: 0.8, reason: `key ${own}` }
      : { score: 0.92, reason: `${kind} with ${own}` };
  if (kind === undefined) return undefined;
  if (own !== undefined) return { score: 0.8, reason: `${kind} with ${own}` };
  return keys.includes('project_id') ? { score: 0.7, reason: `${kind} with project_id` } : undefined;
}

export const gitlabReader: ExportReader = {
  id: 'gitlab-export',
  system: 'gitlab',
  label: 'GitLab export',
  most: 0.95,
  recognise,
  read: async (file, sink, hints) => {
    const shape = jsonShapeOf(decodeHead(file.head));
    const walk = new GitlabWalk(sink, {
      project: await gitlabProjectOf(file),
      site: siteOf(hints),
      fileName: file.name,
      relation: /([^/]+)\.\w+$/.exec(file.name)?.[1] ?? '',
    });
    const isRoot = shape?.root === 'object' && isProjectRoot(shape.keys);
    const paths = isRoot
      ? projectRelations.map((name) => `/${name}/*`)
      : shape?.root === 'array'
        ? ['/*']
        : [''];
    await readJsonRecords(file, paths, sink, {
      record: (record) => walk.walk(record.value, record.pointer, record.raw),
      end: (root) => {
        if (isRoot) walk.walk(root, '', undefined);
      },
    });
  },
};
