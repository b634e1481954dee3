/** Records of what is no message: people, conversations, files, logs. */
import type { ExportRecord, RecordSink } from '../contract.js';
import { isObject, type JsonObject, stringOf } from '../object-texts.js';
import { fromEpoch, recordTime } from '../times.js';
import { addFile } from './file-texts.js';
import { placeOfConversation, type SlackPlace, workspacePlace } from './places.js';
import { TextList } from './text-list.js';
import { type Conversation, personOf, type Workspace } from './workspace.js';

const profileNoise = /^(?:image_\w+|avatar_hash|team|bot_id|api_app_id|app_id|status_emoji)$/;
const userNoise = new Set([
  'id',
  'team_id',
  'color',
  'tz',
  'tz_label',
  'locale',
  'enterprise_user',
  'two_factor_type',
  'who_can_share_contact_card',
]);

/** A person's profile; undefined for what is none. */
export function profileRecord(
  user: JsonObject,
  workspace: Workspace,
  sink: RecordSink,
): ExportRecord | undefined {
  const id = stringOf(user, 'id');
  if (id === undefined) return undefined;
  const out = new TextList(sink);
  for (const key in user) {
    const value = user[key];
    if (key === 'profile' && isObject(value)) addProfile(value, out);
    else if (userNoise.has(key)) out.noise(key, key, value);
    else if (typeof value === 'string') out.add(key, 'profile', value, 'plain');
    else out.sweep(key, key, value);
  }
  if (out.texts.length === 0) return undefined;
  const person = personOf(user);
  const time = recordTime(undefined, fromEpoch(user['updated'], 's'));
  return {
    place: workspacePlace(workspace),
    type: 'profile',
    id,
    actor: {
      id,
      ...(person.name === undefined ? {} : { name: person.name }),
      ...(person.email === undefined ? {} : { email: person.email }),
      kind: person.isBot ? 'bot' : 'user',
    },
    ...(time === undefined ? {} : { time }),
    revision: { state: 'current' },
    action: 'edit',
    texts: out.texts,
  };
}

function addProfile(profile: JsonObject, out: TextList): void {
  for (const key in profile) {
    const value = profile[key];
    if (profileNoise.test(key)) out.noise(`profile.${key}`, key, value);
    else if (typeof value === 'string') {
      // Normalised forms repeat the name.
      const isRepeated =
        key.endsWith('_normalized') && value === profile[key.slice(0, -'_normalized'.length)];
      if (!isRepeated) out.add(`profile.${key}`, 'profile', value, 'plain');
    } else if (key === 'fields' && isObject(value)) addFields(value, out);
    else out.sweep(`profile.${key}`, key, value, 'all');
  }
}

/** Fields that the workspace defined: `{ Xf123: { value, alt } }`. */
function addFields(fields: JsonObject, out: TextList): void {
  for (const key in fields) {
    const field = fields[key];
    if (!isObject(field)) continue;
    const label = stringOf(field, 'label', 'name');
    for (const inner in field) {
      const value = field[inner];
      if (typeof value === 'string' && inner !== 'label')
        out.add(`profile.fields.${key}.${inner}`, 'profile', value, 'plain', label);
    }
  }
}

const conversationNoise = new Set([
  'id',
  'created',
  'creator',
  'user',
  'members',
  'is_moved',
  'locale',
  'last_read',
  'latest',
  'pins',
  'shared_team_ids',
  'internal_team_ids',
  'connected_team_ids',
  'pending_shared',
  'context_team_id',
  'conversation_host_id',
  'enterprise_id',
]);
const conversationKnown = new Set([
  'previous_names',
  'properties',
  'title',
  'label',
  'link',
  'emoji',
  'name',
]);

/** What a conversation says of itself: topic, purpose, names, tabs. */
export function conversationRecord(
  item: JsonObject,
  conversation: Conversation,
  workspace: Workspace,
  sink: RecordSink,
): ExportRecord | undefined {
  const out = new TextList(sink);
  for (const key in item) {
    if (conversationNoise.has(key)) out.noise(key, key, item[key]);
    else addSetting(item, key, out);
  }
  if (out.texts.length === 0) return undefined;
  const time = recordTime(fromEpoch(item['created'], 's'));
  const creator = stringOf(item, 'creator');
  return {
    place: placeOfConversation(workspace, conversation).place,
    type: 'setting',
    id: conversation.id,
    ...(creator === undefined ? {} : { actor: { id: creator } }),
    ...(time === undefined ? {} : { time }),
    revision: { state: 'current' },
    action: 'edit',
    texts: out.texts,
  };
}

function addSetting(item: JsonObject, key: string, out: TextList): void {
  const value = item[key];
  if (key === 'topic' || key === 'purpose') {
    const role = key === 'topic' ? 'topic' : 'description';
    if (isObject(value)) out.add(`${key}.value`, role, value['value'], 'slack-mrkdwn');
    else out.add(key, role, value, 'slack-mrkdwn');
  } else if (key === 'name') out.add(key, 'setting', value, 'plain');
  else if (key === 'properties') out.sweep(key, key, value, 'all');
  else if (key !== 'name_normalized') out.sweep(key, key, value, conversationKnown);
  else if (value !== item['name']) out.add(key, 'setting', value, 'plain');
}

/** A file by itself: canvases, lists, uploads. */
export function fileRecord(
  file: JsonObject,
  workspace: Workspace,
  sink: RecordSink,
  at?: SlackPlace,
): ExportRecord | undefined {
  const id = stringOf(file, 'id');
  if (id === undefined) return undefined;
  const out = new TextList(sink);
  addFile(file, 'file', out, sink);
  if (out.texts.length === 0) return undefined;
  const title = stringOf(file, 'title', 'name');
  const url = stringOf(file, 'permalink');
  const user = stringOf(file, 'user');
  const name = user === undefined ? undefined : workspace.people.get(user)?.name;
  const time = recordTime(
    fromEpoch(file['created'] ?? file['timestamp'], 's'),
    fromEpoch(file['updated'], 's'),
  );
  return {
    place: at?.place ?? workspacePlace(workspace),
    type: 'attachment',
    id,
    ...(title === undefined ? {} : { title }),
    ...(user === undefined
      ? {}
      : { actor: { id: user, ...(name === undefined ? {} : { name }), kind: 'user' } }),
    ...(time === undefined ? {} : { time }),
    revision: { state: 'current' },
    ...(url === undefined ? {} : { permalink: { url } }),
    action: 'delete',
    texts: out.texts,
  };
}

const logKnown = new Set([
  'service_type',
  'app_type',
  'scope',
  'change_type',
  'reason',
  'user_name',
  'admin_app_id',
]);

/** One line of the log of installed apps. */
export function integrationRecord(
  log: JsonObject,
  workspace: Workspace,
  sink: RecordSink,
): ExportRecord | undefined {
  const out = new TextList(sink);
  for (const key in log) {
    const value = log[key];
    if (key === 'user_id' || key === 'channel' || key === 'date') continue;
    // The scope and the sort of change are no enum to the sweep when a vendor writes sentences in them.
    if (key === 'reason' && typeof value === 'string') out.add(key, 'body', value, 'plain');
    else out.sweep(key, key, value, logKnown);
  }
  if (out.texts.length === 0) return undefined;
  const what = stringOf(log, 'service_id', 'app_id') ?? 'app';
  const user = stringOf(log, 'user_id');
  const name = stringOf(log, 'user_name');
  const time = recordTime(fromEpoch(log['date'], 's'));
  return {
    place: workspacePlace(workspace),
    type: 'event',
    id: [what, log['date'], log['change_type']].filter((part) => part !== undefined).join('/'),
    ...(user === undefined
      ? {}
      : { actor: { id: user, ...(name === undefined ? {} : { name }), kind: 'user' } }),
    ...(time === undefined ? {} : { time }),
    revision: { state: 'current' },
    action: 'ask-admin',
    texts: out.texts,
  };
}
