/** Kingfisher, JSON and JSON Lines: `{rule, finding}`, alone, under `matches`, or in the envelope of later versions. */
import { defined } from '../exports/defined.js';
import type { ReportedSpot, ReportNode, ReportReader, ReportSink } from './contract.js';
import { commitOf, Fields, isMasked, isObject, secretOf } from './fields.js';

function isMatch(value: unknown): boolean {
  return isObject(value) && isObject(value['rule']) && isObject(value['finding']);
}

function memberList(value: unknown, member: string): readonly unknown[] {
  const list = isObject(value) ? value[member] : undefined;
  return Array.isArray(list) ? list : [];
}

/** Matches of a node: its own, or those of its findings. */
function holdsMatch(value: unknown): boolean {
  const own = memberList(value, 'matches');
  const findings = memberList(value, 'findings');
  return [...own, ...findings, ...findings.flatMap((finding) => memberList(finding, 'matches'))].some(
    isMatch,
  );
}

/** Columns of Kingfisher count from 0; the line from 1. */
function columnOf(fields: Fields, name: string): number | undefined {
  const column = fields.count(name, 0);
  return column === undefined ? undefined : column + 1;
}

function spotOf(finding: Fields): ReportedSpot {
  const git = finding.object('git_metadata');
  const commit = git?.object('commit');
  const committer = commit?.object('author') ?? commit?.object('committer');
  const name = committer?.text('name');
  const email = committer?.text('email');
  const file = git?.object('file');
  return defined<ReportedSpot>({
    repository: git?.text('repository_url'),
    path: file?.text('path') ?? finding.text('path'),
    line: finding.count('line'),
    column: columnOf(finding, 'column_start'),
    endColumn: columnOf(finding, 'column_end'),
    ...commitOf(commit?.text('id')),
    date: commit?.text('date'),
    author: name === undefined && email === undefined ? undefined : { name: name ?? '', email: email ?? '' },
    link: file?.text('url'),
  });
}

function readMatch({ value, where }: ReportNode, sink: ReportSink): void {
  const fields = new Fields(value, where, sink);
  const rule = fields.object('rule');
  const finding = fields.object('finding');
  if (rule === undefined || finding === undefined) {
    if (!fields.isBroken) fields.fault('finding', 'is missing');
    return;
  }
  const snippet = finding.text('snippet');
  const isHidden = snippet === undefined || isMasked(snippet);
  const status = finding.object('validation')?.text('status');
  const name = rule.text('id') ?? rule.required('name');
  const spot = spotOf(finding);
  if (fields.isBroken) return;
  sink.row({
    tool: 'kingfisher',
    rule: name,
    where,
    values: isHidden ? [] : [secretOf(snippet)],
    ...(isHidden ? { hidden: snippet === undefined ? 'absent' : 'redacted' } : {}),
    ...(/^active\b/i.test(status ?? '') ? { isVerified: true } : {}),
    spot,
  });
}

export const kingfisher: ReportReader = {
  name: 'Kingfisher',
  recognises: (value) => isMatch(value) || holdsMatch(value),
  read(node: ReportNode, sink: ReportSink): void {
    if (isMatch(node.value)) {
      readMatch(node, sink);
      return;
    }
    const fields = new Fields(node.value, node.where, sink);
    const outer = [...fields.list('findings'), ...fields.list('matches')];
    if (outer.length === 0 && !fields.isBroken) fields.fault('matches', 'is missing');
    for (const { value, where } of outer) {
      const inner = isMatch(value) ? [] : memberList(value, 'matches');
      if (inner.length === 0) readMatch({ value, where }, sink);
      for (const [i, match] of inner.entries())
        readMatch({ value: match, where: `${where}, matches[${i}]` }, sink);
    }
  },
};
