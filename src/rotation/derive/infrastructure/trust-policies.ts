/**
 * Policies that let a CI log in to a cloud without a stored key, and do not say which of its jobs: every repository of that
 * CI, of anybody, may then take the role (`OIDC_TRUST_WIDE`).
 */
import type { FactEvidence } from '../../fact.js';
import { argumentsOf, type HclBlock, literalOf } from './hcl.js';
import { statementsOf } from './policy-text.js';

export interface WideTrust {
  /** How consumers of the CI are called: `gha`, `gitlab`. */
  readonly ci: string;
  readonly evidence: FactEvidence;
}

const issuers: readonly (readonly [RegExp, string])[] = [
  [/token\.actions\.githubusercontent\.com/, 'gha'],
  [/(?:^|[^\w.-])gitlab\.com(?![\w.-])/, 'gitlab'],
  [/oidc\.circleci\.com/, 'circleci'],
  [/agent\.buildkite\.com/, 'buildkite'],
  [/api\.bitbucket\.org/, 'bitbucket'],
  [/vstoken\.dev\.azure\.com/, 'azure-pipelines'],
];

function issuerIn(text: string): string | undefined {
  return issuers.find(([pattern]) => pattern.test(text))?.[1];
}

const webIdentity = /AssumeRoleWithWebIdentity/i;
/** `token.actions.githubusercontent.com:sub`, and the claims that can stand for it. */
const subjectKey = /:(?:sub|job_workflow_ref|repository|project_path)["'\s\]]/;
const anySubject = /:sub["']?\s*[\]:=,]*\s*(?:values\s*=\s*)?\[?\s*["'](?:\*|repo:\*[^"']*)["']/;

/** A policy without a subject, or with one that everybody has. */
function isWide(text: string): boolean {
  return !subjectKey.test(text) || anySubject.test(text);
}

function isWidePolicy(text: string): boolean {
  return statementsOf(text).some(
    (statement) => webIdentity.test(statement) && issuerIn(statement) !== undefined && isWide(statement),
  );
}

/** Trust in blocks of Terraform. */
export function wideTrustOfBlock(block: HclBlock, evidence: FactEvidence): readonly WideTrust[] {
  const text = block.lines.join('\n');
  const [kind = ''] = block.labels;
  const note = block.labels.join('.');
  if (kind === 'google_iam_workload_identity_pool_provider') {
    const ci = issuerIn(argumentsOf(block, 'issuer_uri').join(' '));
    const condition = argumentsOf(block, 'attribute_condition')[0];
    const isOpen = condition === undefined || literalOf(condition) === '';
    return ci !== undefined && isOpen
      ? [{ ci, evidence: { ...evidence, note: `${note} has no attribute_condition` } }]
      : [];
  }
  const ci = webIdentity.test(text) ? issuerIn(text) : undefined;
  if (ci === undefined || !isWidePolicy(text)) return [];
  return [{ ci, evidence: { ...evidence, note: `${note} trusts every job of the issuer` } }];
}

/** Trust in templates and policy documents (JSON, YAML): one finding a file and CI. */
export function wideTrustOfText(place: string, path: string, text: string): readonly WideTrust[] {
  if (!webIdentity.test(text) || !isWidePolicy(text)) return [];
  const ci = issuerIn(text);
  const index = text.search(webIdentity);
  const line = text.slice(0, index).split('\n').length;
  return ci === undefined
    ? []
    : [{ ci, evidence: { place, path, line, note: 'trusts every job of the issuer' } }];
}
