/** gitleaks and betterleaks, JSON: a list of findings that share one shape. */
import { defined } from '../exports/defined.js';
import type { ReportedSpot, ReportNode, ReportReader, ReportRow, ReportSink } from './contract.js';
import { commitOf, Fields, isMasked, isObject, secretOf } from './fields.js';

/** Members that only betterleaks writes. */
const newerMembers = ['Attributes', 'MatchContext', 'ValidationStatus', 'RequiredSets', 'CaptureGroups'];

/** Attributes that name the repository, the surest first. */
const repositoryNames = ['git.remote_url', 'github.repo_url', 'gitlab.project.url', 'huggingface.repo_url'];

function repositoryOf(attributes: Fields | undefined, link: string | undefined): string | undefined {
  for (const name of repositoryNames) {
    const url = attributes?.text(name);
    if (url !== undefined) return url;
  }
  return link === undefined ? undefined : repositoryOfLink(link);
}

/** Repository of a link to one of its files, as the usual hosts write them. */
export function repositoryOfLink(link: string): string | undefined {
  const match =
    /^(https?:\/\/[^/?#\s]+\/[^?#\s]+?)\/(?:-\/)?(?:blob|src|raw|tree|commit|commits)\/[0-9a-f]{7,64}(?:[/?#]|$)/.exec(
      link.slice(0, 2000),
    );
  return match?.[1];
}

function spotOf(fields: Fields): ReportedSpot {
  const attributes = fields.object('Attributes');
  const link = fields.text('Link') ?? attributes?.text('url');
  const name = fields.text('Author') ?? attributes?.text('git.author_name');
  const email = fields.text('Email') ?? attributes?.text('git.author_email');
  return defined<ReportedSpot>({
    repository: repositoryOf(attributes, link),
    path: fields.text('SymlinkFile') ?? fields.text('File') ?? attributes?.text('path'),
    line: fields.count('StartLine'),
    endLine: fields.count('EndLine'),
    column: fields.count('StartColumn'),
    endColumn: fields.count('EndColumn'),
    ...commitOf(fields.text('Commit') ?? attributes?.text('git.sha')),
    author: name === undefined && email === undefined ? undefined : { name: name ?? '', email: email ?? '' },
    date: fields.text('Date') ?? attributes?.text('git.date'),
    link,
  });
}

export const gitleaks: ReportReader = {
  name: 'gitleaks',
  recognises: (value) =>
    isObject(value) && 'RuleID' in value && ('Secret' in value || 'Match' in value) && 'File' in value,
  read({ value, where }: ReportNode, sink: ReportSink): void {
    const fields = new Fields(value, where, sink);
    const secret = fields.text('Secret');
    const context = fields.text('Match');
    const isHidden = secret === undefined || isMasked(secret);
    const row: ReportRow = {
      tool: newerMembers.some((name) => fields.has(name)) ? 'betterleaks' : 'gitleaks',
      rule: fields.required('RuleID'),
      where,
      values: isHidden ? [] : [secretOf(secret)],
      ...(isHidden || context === undefined ? {} : { context: secretOf(context) }),
      ...(isHidden ? { hidden: secret === undefined ? 'absent' : 'redacted' } : {}),
      ...(/^valid$/i.test(fields.text('ValidationStatus') ?? '') ? { isVerified: true } : {}),
      spot: spotOf(fields),
    };
    if (!fields.isBroken) sink.row(row);
  },
};
