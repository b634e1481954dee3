/** GitHub Actions (`C1`): each job of a workflow, and actions made of steps. */
import { sortedSet } from '../../../order.js';
import { declaredEnvironment } from '../environment-of.js';
import { matchedReferences } from '../lines.js';
import { replacedNames } from '../replaced-names.js';
import { baseOf, type Reference, type SourceFile, type Workload } from '../workload.js';
import { at, documentsOf, type Tree, textAt } from '../yaml-tree.js';

const requested = /\b(?:secrets|vars)\.([A-Za-z_]\w*)|\b(?:secrets|vars)\[['"]([A-Za-z_]\w*)['"]\]/g;

/** Steps that trade the job's own identity for a session, and the input that says so. */
const federatedLogins: readonly (readonly [RegExp, string])[] = [
  [/^aws-actions\/configure-aws-credentials@/, 'role-to-assume'],
  [/^azure\/login@/i, 'client-id'],
  [/^google-github-actions\/auth@/, 'workload_identity_provider'],
  [/^hashicorp\/vault-action@/, 'role'],
];

function isFederated(step: Tree): boolean {
  const uses = textAt(step, 'uses') ?? '';
  const inputs = at(step, 'with');
  const hasStoredKey =
    textAt(inputs, 'aws-secret-access-key') ?? textAt(inputs, 'creds') ?? textAt(inputs, 'token');
  return (
    hasStoredKey === undefined &&
    federatedLogins.some(([action, input]) => action.test(uses) && textAt(inputs, input) !== undefined)
  );
}

/** Lines of steps that log in without a stored key: what they name identifies, and opens nothing. */
function federatedLines(job: Tree): (line: number) => boolean {
  const spans = (at(job, 'steps')?.items ?? []).filter(isFederated);
  return (line) => spans.some(({ from, to }) => from <= line && line <= to);
}

/** Actions whose name says that they write a secret, and the inputs that name it. */
const writer =
  /(?:set|create|update|write|rotate|sync|push)[\w-]*secrets?(?:[\w-]*)@|secrets?-(?:sync|writer|update)[\w-]*@/i;
const namingInputs = ['name', 'secret_name', 'secret-name'] as const;

function setByActions(job: Tree): readonly string[] {
  return (at(job, 'steps')?.items ?? []).flatMap((step) => {
    if (!writer.test(textAt(step, 'uses') ?? '')) return [];
    return namingInputs.flatMap((input) => textAt(step, 'with', input) ?? []);
  });
}

function environmentOf(job: Tree): string | undefined {
  const declared = textAt(job, 'environment') ?? textAt(job, 'environment', 'name');
  return declared?.includes('${{') === true ? undefined : declaredEnvironment(declared);
}

function schedulesOf(document: Tree): readonly string[] {
  const expressions = (at(document, 'on', 'schedule')?.items ?? []).map((item) => textAt(item, 'cron'));
  return expressions.filter((expression) => expression !== undefined);
}

function runsOf(document: Tree): string {
  const [first] = schedulesOf(document);
  return first === undefined ? 'on-demand' : `cron ${first}`;
}

function noteOf(job: Tree, document: Tree): string {
  const permissions = textAt(job, 'permissions', 'id-token') ?? textAt(document, 'permissions', 'id-token');
  const notes = ['update the Actions secret'];
  if (textAt(job, 'secrets') === 'inherit') notes.push('hands all secrets to the workflow it calls');
  if (permissions === 'write') notes.push('can log in without a stored key');
  return notes.join('; ');
}

/** Requests outside the jobs hold for each of them. */
function sharedReferences(file: SourceFile, jobs: Tree | undefined): readonly Reference[] {
  const spans = jobs?.entries ?? [];
  return matchedReferences(file.lines, requested).filter(
    ({ line }) => !spans.some((entry) => entry.line <= line && line <= entry.value.to),
  );
}

function wholeFile(name: string, file: SourceFile): Workload {
  return {
    name,
    kind: 'ci',
    reload: 'hot',
    runs: 'on-demand',
    references: matchedReferences(file.lines, requested),
    note: 'update the Actions secret',
  };
}

export function githubWorkloads(file: SourceFile): readonly Workload[] {
  const base = baseOf(file.path);
  const isAction = /^action\.ya?ml$/.test(base);
  const workflow = `gha:${file.repository}/${isAction ? file.path : base}`;
  const [document] = documentsOf(file.text);
  const jobs = at(document, 'jobs');
  if (document === undefined || jobs === undefined || jobs.entries.length === 0)
    return [wholeFile(workflow, file)];
  const shared = sharedReferences(file, jobs);
  return jobs.entries.map(({ key, line, value: job }) => {
    const isLogin = federatedLines(job);
    const own = matchedReferences(file.lines, requested, line, job.to).filter(
      (found) => !isLogin(found.line),
    );
    const environment = environmentOf(job);
    return {
      name: `${workflow}#${key}`,
      kind: 'ci',
      reload: 'hot',
      runs: runsOf(document),
      ...(environment === undefined ? {} : { environment }),
      from: line,
      to: job.to,
      references: [...shared, ...own],
      sets: sortedSet([...replacedNames(file, line, job.to), ...setByActions(job)]),
      note: noteOf(job, document),
    };
  });
}
