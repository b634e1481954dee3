/** GitLab CI (`C2`): each job of a pipeline file. */
import { declaredEnvironment } from '../environment-of.js';
import { wordReferences } from '../lines.js';
import { replacedNames } from '../replaced-names.js';
import type { SourceFile, Workload } from '../workload.js';
import { at, documentsOf, type Tree, textAt } from '../yaml-tree.js';

/** Keys of the top level that are no jobs. */
const settings: ReadonlySet<string> = new Set(
  'after_script before_script cache default image include pages:deploy services spec stages types variables workflow'.split(
    ' ',
  ),
);

function isJob(key: string, value: Tree): boolean {
  return !settings.has(key) && value.entries.length > 0;
}

function noteOf(job: Tree): string {
  const isFederated = at(job, 'id_tokens') !== undefined;
  return isFederated
    ? 'update the CI/CD variable; can log in without a stored key'
    : 'update the CI/CD variable';
}

function environmentOf(job: Tree): string | undefined {
  const declared = textAt(job, 'environment') ?? textAt(job, 'environment', 'name');
  return declared?.includes('$') === true ? undefined : declaredEnvironment(declared?.split('/')[0]);
}

export function gitlabWorkloads(file: SourceFile): readonly Workload[] {
  const jobs = documentsOf(file.text).flatMap((document) =>
    document.entries.filter(({ key, value }) => isJob(key, value)),
  );
  const inJob = (line: number): boolean => jobs.some((job) => job.line <= line && line <= job.value.to);
  const shared = wordReferences(file.lines).filter(({ line }) => !inJob(line));
  if (jobs.length === 0) {
    return [
      { name: `gitlab:${file.repository}`, kind: 'ci', reload: 'hot', runs: 'on-demand', references: shared },
    ];
  }
  return jobs.map(({ key, line, value: job }) => {
    const environment = environmentOf(job);
    return {
      name: `gitlab:${file.repository}#${key}`,
      kind: 'ci',
      reload: 'hot',
      runs: 'on-demand',
      ...(environment === undefined ? {} : { environment }),
      from: line,
      to: job.to,
      references: [...shared, ...wordReferences(file.lines, line, job.to)],
      sets: replacedNames(file, line, job.to),
      note: noteOf(job),
    };
  });
}

/** Paths of local files that a pipeline includes. */
export function includedFiles(text: string): readonly string[] {
  return documentsOf(text).flatMap((document) => {
    const include = at(document, 'include');
    if (include === undefined) return [];
    return [include, ...include.items].flatMap((item) => {
      const path = item.text ?? textAt(item, 'local');
      return path === undefined || /^https?:|[*$]/.test(path) ? [] : [path.replace(/^\//, '')];
    });
  });
}
