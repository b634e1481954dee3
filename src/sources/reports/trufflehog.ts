/** TruffleHog 3, JSON: one finding a line. The metadata differ by source; those of git and of files are read in full. */
import { type System, systems } from '../../model/place.js';
import { defined } from '../exports/defined.js';
import type { ReportedRecord, ReportedSpot, ReportNode, ReportReader, ReportSink } from './contract.js';
import { commitOf, Fields, isMasked, isObject, secretOf } from './fields.js';

/** Sources whose metadata name a file of a repository. */
const repositories: ReadonlySet<string> = new Set([
  'git',
  'github',
  'gitlab',
  'bitbucket',
  'azurerepos',
  'huggingface',
  'gerrit',
]);

/** What of the metadata names the place, the widest first; the rest names the thing within it. */
const placeMembers = [
  'channel_id',
  'space',
  'bucket',
  'container',
  'image',
  'registry',
  'package',
  'workspace_uuid',
  'project_slug',
  'project_name',
  'project',
  'repo',
  'repository',
  'org',
  'index',
];
const idMembers = [
  'link',
  'issue',
  'page',
  'file',
  'filename',
  'path',
  'timestamp',
  'document_id',
  'event_id',
  'secret_arn',
  'build_number',
  'request_id',
  'layer',
  'docid',
];

const renamed: Readonly<Record<string, System>> = { slackcontinuous: 'slack', googledrive: 'generic' };

/** Git writes its own form, `2024-01-02 03:04:05 +0000`. */
function timeOf(text: string | undefined): string | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)?/.exec(text ?? '');
  if (parts === null) return undefined;
  const [, day = '', time = '', zone = 'Z'] = parts;
  return `${day}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`;
}

/** `Ana <ana@acme.example>`, or an address alone. */
function authorOf(email: string | undefined): ReportedSpot['author'] {
  if (email === undefined) return undefined;
  const named = /^([^<]*)<([^<>]*)>\s*$/.exec(email);
  return named === null ? { name: '', email } : { name: (named[1] ?? '').trim(), email: named[2] ?? '' };
}

function firstOf(data: Fields, members: readonly string[]): string | undefined {
  for (const name of members) {
    const text = data.has(name) ? data.scalar(name) : undefined;
    if (text !== undefined) return text;
  }
  return undefined;
}

function recordOf(source: string, data: Fields): ReportedRecord {
  const lower = source.toLowerCase();
  const named = renamed[lower] ?? systems.find((system) => system.replace('-', '') === lower);
  const system = named ?? 'generic';
  const place = firstOf(data, placeMembers) ?? lower;
  return {
    system,
    ...(named === undefined ? { tenant: lower } : {}),
    place,
    id: firstOf(data, idMembers) ?? place,
  };
}

function spotOf(source: string, data: Fields): ReportedSpot {
  const lower = source.toLowerCase();
  const path = data.text('file');
  const common = {
    date: timeOf(data.text('timestamp')),
    author: authorOf(data.text('email')),
    link: data.text('link'),
  };
  if (lower === 'filesystem' || lower === 'test')
    return defined<ReportedSpot>({ ...common, path, line: data.count('line') });
  const commit = commitOf(data.text('commit'));
  if (!repositories.has(lower) || (commit.commit === undefined && path === undefined))
    return defined<ReportedSpot>({ ...common, record: recordOf(source, data) });
  const url = data.text('repository') ?? data.text('project');
  return defined<ReportedSpot>({
    ...common,
    // Of a local repository the other member names a temporary copy.
    repository: url ?? data.text('repository_local_path'),
    path,
    line: data.count('line'),
    ...commit,
  });
}

/** Metadata are an object of one member, called after the source. */
function metadataOf(fields: Fields): readonly [string, Fields] | undefined {
  const data = fields.object('SourceMetadata')?.object('Data');
  const name = data?.names()[0];
  const own = name === undefined ? undefined : data?.object(name);
  if (name === undefined || own === undefined) return undefined;
  const inner = name === 'Forager' || name === 'Webhook' ? own.names()[0] : undefined;
  const nested = inner === undefined ? undefined : own.object(inner);
  return nested === undefined || inner === undefined ? [name, own] : [inner, nested];
}

export const trufflehog: ReportReader = {
  name: 'TruffleHog',
  recognises: (value) => isObject(value) && 'SourceMetadata' in value && 'DetectorName' in value,
  read({ value, where }: ReportNode, sink: ReportSink): void {
    const fields = new Fields(value, where, sink);
    const texts = [fields.text('Raw'), fields.text('RawV2')].filter((text) => text !== undefined);
    const values = [...new Set(texts)].filter((text) => !isMasked(text));
    const metadata = metadataOf(fields);
    const rule = fields.required('DetectorName');
    const isVerified = fields.flag('Verified');
    const spot = metadata === undefined ? {} : spotOf(...metadata);
    if (fields.isBroken) return;
    sink.row({
      tool: 'trufflehog',
      rule,
      where,
      values: values.map(secretOf),
      ...(values.length > 0 ? {} : { hidden: texts.length === 0 ? 'absent' : 'redacted' }),
      ...(isVerified ? { isVerified } : {}),
      spot,
    });
  },
};
