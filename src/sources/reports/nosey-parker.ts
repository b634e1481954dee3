/** Nosey Parker, JSON and JSON Lines: findings with all their matches; groups and snippets as base64 or as text. */
import { defined } from '../exports/defined.js';
import type { ReportedSpot, ReportNode, ReportReader, ReportSink } from './contract.js';
import { commitOf, Fields, isMasked, isObject, secretOf } from './fields.js';

/** Seconds since 1970 and the zone, as git stores times; later versions write them as texts. */
function timeOf(fields: Fields, name: string): string | undefined {
  const text = fields.has(name) ? fields.scalar(name) : undefined;
  const parts = /^(\d{1,11}) ([+-]\d{4})$/.exec(text ?? '');
  return parts === null ? text : new Date(Number(parts[1]) * 1000).toISOString();
}

function gitSpot(provenance: Fields): ReportedSpot {
  const first = provenance.object('first_commit');
  const commit = first?.object('commit_metadata');
  const name = commit?.text('author_name') ?? commit?.text('committer_name');
  const email = commit?.text('author_email') ?? commit?.text('committer_email');
  return defined<ReportedSpot>({
    repository: provenance.text('repo_path'),
    path: first?.text('blob_path'),
    ...commitOf(commit?.text('commit_id')),
    author: name === undefined && email === undefined ? undefined : { name: name ?? '', email: email ?? '' },
    date:
      commit === undefined
        ? undefined
        : (timeOf(commit, 'author_timestamp') ?? timeOf(commit, 'committer_timestamp')),
  });
}

function spotOf(provenance: Fields): ReportedSpot {
  const kind = provenance.text('kind');
  if (kind === 'git_repo') return gitSpot(provenance);
  const path = kind === 'extended' ? provenance.object('payload')?.text('path') : provenance.text('path');
  return defined<ReportedSpot>({ path });
}

/** The innermost group is the value; reports before 0.17 wrote text, later ones base64. */
function groupText(group: unknown, snippet: string): string | undefined {
  if (typeof group !== 'string' || group === '') return undefined;
  if (snippet.includes(group)) return group;
  const decoded = /^[A-Za-z0-9+/]+={0,2}$/.test(group) ? Buffer.from(group, 'base64').toString('utf8') : '';
  return decoded === '' || decoded.includes('\ufffd') ? group : decoded;
}

function readMatch({ value, where }: ReportNode, sink: ReportSink): void {
  const fields = new Fields(value, where, sink);
  const snippet = fields.object('snippet');
  const before = snippet?.text('before') ?? '';
  const matching = snippet?.text('matching') ?? '';
  const after = snippet?.text('after') ?? '';
  const groups = fields.list('groups').map((group) => groupText(group.value, matching));
  const secret = groups.find((group) => group !== undefined);
  const isHidden = secret === undefined || isMasked(secret);
  const span = fields.object('location')?.object('source_span');
  const start = span?.object('start');
  const end = span?.object('end');
  const rule = fields.text('rule_text_id') ?? fields.required('rule_name');
  // One match is told for each way in which its blob was met.
  const provenance = fields.list('provenance').map((item) => new Fields(item.value, item.where, sink));
  const spots = provenance.map(spotOf);
  const at = defined<ReportedSpot>({
    line: start?.count('line'),
    column: start?.count('column'),
    endLine: end?.count('line'),
  });
  if (fields.isBroken || provenance.some(({ isBroken }) => isBroken)) return;
  for (const spot of spots.length === 0 ? [{}] : spots) {
    sink.row({
      tool: 'nosey-parker',
      rule,
      where,
      values: isHidden ? [] : [secretOf(secret)],
      ...(isHidden
        ? { hidden: secret === undefined ? 'absent' : 'redacted' }
        : { context: secretOf(before + matching + after) }),
      spot: { ...spot, ...at },
    });
  }
}

export const noseyParker: ReportReader = {
  name: 'Nosey Parker',
  recognises: (value) =>
    isObject(value) &&
    Array.isArray(value['matches']) &&
    ('rule_text_id' in value || 'rule_structural_id' in value),
  read({ value, where }: ReportNode, sink: ReportSink): void {
    for (const match of new Fields(value, where, sink).list('matches')) readMatch(match, sink);
  },
};
