/** Deployment targets that a YAML file declares for one of its lines: the job, step, document or block around it. */
import { isMap, isPair, isScalar, isSeq } from 'yaml';
import { type YamlText, yamlRange } from '../yaml-text.js';
import type { DeclaredTarget } from './declared-files.js';

/** A key and its value that reach over the line, from the outside in. */
interface Block {
  readonly key: string;
  readonly line: number;
  readonly value: unknown;
}

/** Blocks around a line (from 1), and the document they stand in. */
function around(
  { documents, counter, lineOf }: YamlText,
  line: number,
): { readonly document: unknown; readonly blocks: readonly Block[] } {
  const start = counter.lineStarts[line - 1] ?? 0;
  const end = counter.lineStarts[line] ?? Number.POSITIVE_INFINITY;
  const covers = (from: unknown, to: unknown): boolean => {
    const first = yamlRange(from);
    const last = yamlRange(to) ?? first;
    return first !== undefined && last !== undefined && first[0] < end && last[1] > start;
  };
  const document = documents.find((contents) => covers(contents, contents));
  const blocks: Block[] = [];
  let node: unknown = document;
  while (isMap(node) || isSeq(node)) {
    const item: unknown = (node.items as readonly unknown[]).findLast((candidate) =>
      isPair(candidate)
        ? covers(candidate.key, candidate.value ?? candidate.key)
        : covers(candidate, candidate),
    );
    if (isPair(item)) {
      const key = isScalar(item.key) ? String(item.key.value) : '';
      blocks.push({ key, line: lineOf(item.key), value: item.value });
      node = item.value;
    } else {
      if (item !== undefined) blocks.push({ key: '', line: lineOf(item), value: item });
      node = item;
    }
  }
  return { document, blocks };
}

function member(node: unknown, ...keys: readonly string[]): unknown {
  let found = node;
  for (const key of keys) {
    if (!isMap(found)) return undefined;
    found = found.get(key, true);
  }
  return found;
}

function target(yaml: YamlText, node: unknown, by: string): DeclaredTarget[] {
  if (!isScalar(node) || typeof node.value !== 'string') return [];
  const name = node.value.trim();
  // `${{ inputs.target }}` is filled in when it runs.
  if (name === '' || name.length > 200 || /[${]/.test(name)) return [];
  return [{ name, by, line: yaml.lineOf(node) }];
}

/** `environment: prod`, or with a name and an address. */
function environmentOf(yaml: YamlText, job: unknown, by: string): DeclaredTarget[] {
  const node = member(job, 'environment');
  return target(yaml, isMap(node) ? member(node, 'name') : node, by);
}

type TargetReader = (yaml: YamlText, line: number) => readonly DeclaredTarget[];

const gitHubJob: TargetReader = (yaml, line) => {
  const [jobs, job] = around(yaml, line).blocks;
  return jobs?.key === 'jobs' ? environmentOf(yaml, job?.value, 'GitHub environment') : [];
};

const gitLabJob: TargetReader = (yaml, line) =>
  environmentOf(yaml, around(yaml, line).blocks[0]?.value, 'GitLab environment');

const bitbucketStep: TargetReader = (yaml, line) => {
  const step = around(yaml, line).blocks.findLast(({ key }) => key === 'step' || key === 'stage');
  return target(yaml, member(step?.value, 'deployment'), 'Bitbucket deployment');
};

const serverlessStage: TargetReader = (yaml) =>
  yaml.documents.flatMap((document) =>
    target(yaml, member(document, 'provider', 'stage'), 'serverless stage'),
  );

/** `production:` of `config/database.yml`. */
const railsBlock: TargetReader = (yaml, line) => {
  const [block] = around(yaml, line).blocks;
  return block === undefined ? [] : [{ name: block.key, by: 'Rails environment', line: block.line }];
};

const kubernetesNamespace: TargetReader = (yaml, line) => {
  const { document } = around(yaml, line);
  if (member(document, 'apiVersion') === undefined || member(document, 'kind') === undefined) return [];
  return target(yaml, member(document, 'metadata', 'namespace'), 'Kubernetes namespace');
};

const springProfile: TargetReader = (yaml, line) => {
  const { document } = around(yaml, line);
  return [
    member(document, 'spring', 'config', 'activate', 'on-profile'),
    member(document, 'spring.config.activate.on-profile'),
    member(document, 'spring', 'profiles'),
  ].flatMap((node) => target(yaml, node, 'Spring profile'));
};

const readers: readonly (readonly [RegExp, TargetReader])[] = [
  [/(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/, gitHubJob],
  [/\.gitlab-ci\.ya?ml$/, gitLabJob],
  [/(?:^|\/)bitbucket-pipelines\.ya?ml$/, bitbucketStep],
  [/(?:^|\/)serverless\.ya?ml$/, serverlessStage],
  [/(?:^|\/)config\/(?:database|secrets|storage|cable|credentials|mongoid|redis)\.ya?ml$/, railsBlock],
  [/(?:^|\/)(?:application|bootstrap)\.ya?ml$/, springProfile],
  [/\.ya?ml$/, kubernetesNamespace],
];

/** True when a file of this name may declare a target for its lines. */
export function mayDeclareTargets(path: string): boolean {
  return readers.some(([pattern]) => pattern.test(path));
}

export function targetsOfYaml(path: string, yaml: YamlText, line: number): readonly DeclaredTarget[] {
  const read = readers.find(([pattern]) => pattern.test(path))?.[1];
  return read === undefined ? [] : read(yaml, line);
}

/** Namespace that the kustomization beside a file gives to all of its folder. */
export function kustomizeNamespace(yaml: YamlText): readonly DeclaredTarget[] {
  return yaml.documents.flatMap((document) =>
    target(yaml, member(document, 'namespace'), 'Kustomize namespace'),
  );
}
