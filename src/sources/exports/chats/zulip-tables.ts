/** Zulip: the other tables of an export: `realm.json`, `attachment.json` and the like. */
import type { ExportReader, ExportRecord, Probe, RecordPlace } from '../contract.js';
import { defined } from '../defined.js';
import { readJsonRecords } from '../json-records.js';
import { idOf, isObject, type JsonObject, lastKey, type ObjectFormat, textsOf } from '../object-texts.js';
import { fromEpoch, recordTime } from '../times.js';
import { channelOf, realmBeside } from './zulip-realm.js';

export const zulipTablesReader: ExportReader = {
  id: 'zulip-tables',
  system: 'zulip',
  label: 'Zulip realm and settings',
  most: 0.95,
  recognise(probe: Probe) {
    const keys = probe.json?.root === 'object' ? probe.json.keys : [];
    const table = keys.find((key) => key.startsWith('zerver_'));
    if (table === undefined || keys.includes('zerver_message')) return undefined;
    return { score: 0.95, reason: `key ${table.slice(0, 40)}` };
  },
  async read(file, sink) {
    const { tenant } = await realmBeside(file);
    await readJsonRecords(file, ['/*/*'], sink, {
      record: ({ pointer, value, raw }) => {
        if (!isObject(value)) return;
        const table = pointer.split('/')[1] ?? '';
        const { texts } = textsOf(value, formatOf(table), (key) => sink.unknownKey(key));
        if (texts.length > 0) sink.record({ ...recordOf(table, pointer, value, tenant), texts, raw });
      },
    });
  },
};

/** Credentials of the realm itself: keys of users' interfaces and of mail gateways. */
const artifact =
  /^(?:api_key|password|token|email_token|secret|invite_token|zoom_token|third_party_api_flow_key|mobile_flow_otp)$/;
const noise = new Set([
  'emoji_code',
  'reaction_type',
  'event_type',
  'tos_version',
  'plan_type',
  'color_scheme',
  'emojiset',
  'backfilled',
  'avatar_source',
  'avatar_hash',
  'color',
  'path_id',
  'rendered_description',
  'last_active_message_id',
  'recipient',
]);
const known = new Set([
  'full_name',
  'email',
  'delivery_email',
  'string_id',
  'file_name',
  'value',
  'key',
  'pronouns',
  'timezone',
  'default_language',
  'notification_sound',
  'url',
  'uri',
  'host',
  'domain',
  'subdomain',
  'topic_name',
  'topic',
  'status_text',
  'emoji_name',
  'pattern',
  'url_format_string',
  'url_template',
  'example_input',
  'reverse_template',
  'pygments_language',
  'base_url',
  'query',
  'hint',
  'field_data',
  'invite_expires_at',
  'referred_by',
  'giphy_rating',
  'video_chat_provider',
  'jitsi_server_url',
  'digest_weekday',
  'extra_data',
  'last_connected',
  'zerver_realm',
  'demo_organization_scheduled_deletion_date',
  'notifications_stream',
  'topics_policy',
  'folder',
  'fragment',
  'alert_words',
  'word',
  'client',
  'format',
]);

function formatOf(table: string): ObjectFormat {
  return {
    known,
    noise,
    field(path) {
      const key = lastKey(path);
      if (artifact.test(key)) return { role: 'setting', dialect: 'plain', label: key, artifact: true };
      if (path.length > 1) return undefined;
      if (key === 'name' || key === 'title') return { role: 'title', dialect: 'plain' };
      if (key === 'description') return { role: 'description', dialect: 'markdown' };
      if (key === 'status_text') return { role: 'profile', dialect: 'plain' };
      if (key === 'content' || key === 'text') return { role: 'body', dialect: 'markdown' };
      return table === 'zerver_attachment' && key === 'file_name'
        ? { role: 'attachment-name', dialect: 'plain' }
        : undefined;
    },
  };
}

function recordOf(
  table: string,
  pointer: string,
  row: JsonObject,
  tenant: string | undefined,
): Omit<ExportRecord, 'texts'> {
  const realm: RecordPlace = defined({
    kind: 'workspace',
    tenant,
    id: tenant ?? 'realm',
    name: tenant ?? 'Zulip realm',
    audience: 'internal',
  });
  return defined({
    place: table === 'zerver_stream' ? channelOf(row, tenant) : realm,
    type: table.startsWith('zerver_userprofile') ? 'profile' : 'setting',
    id: `${table}/${idOf(row, 'id') ?? pointer.slice(pointer.lastIndexOf('/') + 1)}`,
    time: recordTime(fromEpoch(row['date_created'] ?? row['date_joined'] ?? row['create_time'], 's')),
    revision: { state: 'current' },
    action: 'edit',
  });
}
