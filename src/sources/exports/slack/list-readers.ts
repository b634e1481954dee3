/** The lists at the top of an export: people, conversations, files, and the log of apps. */
import type { ExportReader, ExportRecord, Probe, Recognition, RecordSink } from '../contract.js';
import { readJsonRecords } from '../json-records.js';
import { isObject, type JsonObject } from '../object-texts.js';
import { conversationRecord, fileRecord, integrationRecord, profileRecord } from './records.js';
import { conversationOf, lastPart, type Workspace, workspaceOf } from './workspace.js';

type ToRecord = (item: JsonObject, workspace: Workspace, sink: RecordSink) => ExportRecord | undefined;

function listReader(
  id: string,
  label: string,
  most: number,
  recognise: (probe: Probe) => Recognition | undefined,
  toRecord: ToRecord,
): ExportReader {
  return {
    id,
    system: 'slack',
    label,
    most,
    recognise,
    async read(file, sink, hints) {
      const workspace = await workspaceOf(file, hints);
      await readJsonRecords(file, ['/*'], sink, {
        record: ({ value, raw }) => {
          const record = isObject(value) ? toRecord(value, workspace, sink) : undefined;
          if (record !== undefined) sink.record({ ...record, raw });
        },
      });
    },
  };
}

/** Keys of the objects in a list; undefined for what is no list of objects. */
function listKeys(probe: Probe): readonly string[] | undefined {
  return probe.json?.root === 'array' ? probe.json.keys : undefined;
}

function idMember(probe: Probe, letters: string): boolean {
  const first = probe.json?.first;
  if (isObject(first)) {
    return typeof first['id'] === 'string' && new RegExp(`^[${letters}][A-Z0-9]{6,16}$`).test(first['id']);
  }
  return new RegExp(`^\\s{0,8}\\[\\s{0,8}\\{\\s{0,16}"id"\\s{0,4}:\\s{0,4}"[${letters}][A-Z0-9]{6,16}"`).test(
    probe.text,
  );
}

export const usersReader: ExportReader = listReader(
  'slack-users',
  'Slack list of people',
  0.94,
  (probe) => {
    const keys = listKeys(probe);
    if (keys?.includes('profile') !== true || !idMember(probe, 'UWB')) return undefined;
    return { score: 0.94, reason: 'list of people with profile and U... ids' };
  },
  profileRecord,
);

export const integrationLogReader: ExportReader = listReader(
  'slack-integration-logs',
  'Slack log of apps',
  0.92,
  (probe) => {
    const keys = listKeys(probe);
    const isLog = keys?.includes('change_type') === true && keys.includes('date');
    if (!isLog || !(keys.includes('user_id') || keys.includes('app_id'))) return undefined;
    if (!keys.some((key) => appKeys.has(key))) return undefined;
    return { score: 0.92, reason: 'keys change_type, date, user_id' };
  },
  integrationRecord,
);

const appKeys = new Set(['service_id', 'service_type', 'app_type', 'scope', 'reason', 'app_id']);

export const filesReader: ExportReader = listReader(
  'slack-files',
  'Slack list of canvases or files',
  0.9,
  (probe) => {
    const keys = listKeys(probe);
    if (keys === undefined || !idMember(probe, 'F')) return undefined;
    const isOfSlack = keys.some((key) => fileKeys.has(key)) || probe.text.includes('.slack.com/');
    return isOfSlack ? { score: 0.9, reason: 'list of files with F... ids' } : undefined;
  },
  fileRecord,
);
const fileKeys = new Set(['filetype', 'url_private', 'permalink', 'quip_thread_id']);

export const conversationsReader: ExportReader = {
  id: 'slack-conversations',
  system: 'slack',
  label: 'Slack list of conversations',
  most: 0.94,

  recognise(probe) {
    const keys = listKeys(probe);
    if (keys === undefined || !idMember(probe, 'CGD')) return undefined;
    const isList = keys.includes('created') && (keys.includes('members') || keys.includes('is_channel'));
    return isList
      ? { score: 0.94, reason: 'list of conversations with C... ids, created, members' }
      : undefined;
  },

  async read(file, sink, hints) {
    const workspace = await workspaceOf(file, hints);
    const list = lastPart(file.name).toLowerCase();
    await readJsonRecords(file, ['/*'], sink, {
      record: ({ value, raw }) => {
        const conversation = isObject(value) ? conversationOf(value, list) : undefined;
        if (!isObject(value) || conversation === undefined) return;
        if (conversation.kind !== 'channel' && !hints.includeDirect) return;
        const record = conversationRecord(value, conversation, workspace, sink);
        if (record !== undefined) sink.record({ ...record, raw });
      },
    });
  },
};
