/** Jenkins (`C3`) and further CI systems (`C4`): by job where the file names its jobs, else the whole pipeline. */
import { matchedReferences, wordReferences } from '../lines.js';
import { replacedNames } from '../replaced-names.js';
import { baseOf, type Reference, type SourceFile, type Workload } from '../workload.js';
import { at, documentsOf } from '../yaml-tree.js';

const systems: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)\.circleci\//, 'circleci'],
  [/azure-pipelines/, 'azure-pipelines'],
  [/bitbucket-pipelines/, 'bitbucket'],
  [/\.travis\.ya?ml$/, 'travis'],
  [/\.drone\./, 'drone'],
  [/\.buildkite\//, 'buildkite'],
  [/cloudbuild/, 'cloudbuild'],
  [/\.woodpecker/, 'woodpecker'],
  [/\.teamcity\//, 'teamcity'],
  [/appveyor/, 'appveyor'],
  [/buildspec/, 'codebuild'],
];
/** Keys below which files name their jobs. */
const jobKeys = ['jobs', 'steps', 'pipelines'] as const;

const base = {
  kind: 'ci',
  reload: 'hot',
  runs: 'on-demand',
  note: 'update the secret of the CI system',
} as const;

export function otherCiWorkloads(file: SourceFile): readonly Workload[] {
  const system = systems.find(([pattern]) => pattern.test(file.path))?.[1] ?? 'ci';
  const pipeline = `${system}:${file.repository}/${baseOf(file.path)}`;
  const documents = /\.ya?ml$/.test(file.path) ? documentsOf(file.text) : [];
  const jobs = documents.flatMap((document) =>
    jobKeys.flatMap((key) =>
      (at(document, key)?.entries ?? []).filter(({ value }) => value.entries.length > 0),
    ),
  );
  const inJob = (line: number): boolean => jobs.some((job) => job.line <= line && line <= job.value.to);
  const shared = wordReferences(file.lines).filter(({ line }) => !inJob(line));
  if (jobs.length === 0) return [{ name: pipeline, ...base, references: shared, sets: replacedNames(file) }];
  return jobs.map(({ key, line, value }) => ({
    name: `${pipeline}#${key}`,
    ...base,
    from: line,
    to: value.to,
    references: [...shared, ...wordReferences(file.lines, line, value.to)],
    sets: replacedNames(file, line, value.to),
  }));
}

const credentialsId = /\bcredentials\(\s*['"]([\w-]+)['"]|\bcredentialsId\s*[:=]\s*['"]?([\w-]+)/g;
const stage = /\bstage\s*\(\s*['"]([\w .-]{1,60})['"]/;

export function jenkinsWorkloads(file: SourceFile): readonly Workload[] {
  const references: readonly Reference[] = [
    ...matchedReferences(file.lines, credentialsId),
    ...wordReferences(file.lines),
  ];
  const name = `jenkins:${file.repository}/${file.path}`;
  const stages = file.lines.flatMap((text, index) => {
    const found = stage.exec(text)?.[1];
    return found === undefined ? [] : [{ title: found, line: index + 1 }];
  });
  const [first] = stages;
  if (first === undefined) return [{ name, ...base, references, sets: replacedNames(file) }];
  const shared = references.filter(({ line }) => line < first.line);
  return stages.map(({ title, line: from }, index) => {
    const to = (stages[index + 1]?.line ?? file.lines.length + 1) - 1;
    const own = references.filter(({ line }) => from <= line && line <= to);
    return {
      name: `${name}#${title}`,
      ...base,
      from,
      to,
      references: [...shared, ...own],
      sets: replacedNames(file, from, to),
    };
  });
}
