/** `attachments` of messages: what bots write, and what Slack shows of links and of other messages. */
import type { RecordSink } from '../contract.js';
import { isObject, type JsonObject } from '../object-texts.js';
import { addFile } from './file-texts.js';
import { addBlocks } from './rich-text.js';
import type { TextList } from './text-list.js';

const noiseKeys = new Set([
  'id',
  'color',
  'ts',
  'mrkdwn_in',
  'author_id',
  'author_icon',
  'author_avatar',
  'footer_icon',
  'service_icon',
  'msg_subtype',
  'channel_id',
  'channel_team',
  'bot_id',
  'bot_team_id',
  'app_id',
  'attachment_type',
  'thumb_tiny',
]);
const bodyKeys = new Set(['fallback', 'pretext', 'text', 'footer', 'author_name', 'author_subname']);
const linkKeys = new Set([
  'title_link',
  'from_url',
  'original_url',
  'image_url',
  'thumb_url',
  'author_link',
  'app_unfurl_url',
  'video_url',
  'url',
]);
const htmlKeys = new Set(['video_html', 'audio_html', 'html']);
const knownKeys = new Set([
  'service_name',
  'service_url',
  'channel_name',
  'callback_id',
  'preview',
  'metadata',
  'event_payload',
  'confirm',
  'options',
]);

type AddMember = (value: unknown, path: string, out: TextList, sink: RecordSink) => void;

const members: ReadonlyMap<string, AddMember> = new Map<string, AddMember>([
  ['title', (value, path, out) => out.add(path, 'title', value, 'slack-mrkdwn')],
  ...[...bodyKeys].map((key): [string, AddMember] => [
    key,
    (value, path, out) => out.add(path, 'body', value, 'slack-mrkdwn'),
  ]),
  ...[...linkKeys].map((key): [string, AddMember] => [key, (value, path, out) => out.link(path, value)]),
  ...[...htmlKeys].map((key): [string, AddMember] => [
    key,
    (value, path, out) => out.add(path, 'body', value, 'html'),
  ]),
  ['fields', addFields],
  ['blocks', addBlocks],
  ['message_blocks', addMessageBlocks],
  ['actions', addActions],
  ['files', addFiles],
]);

/** Adds the texts of one attachment. */
export function addAttachment(attachment: JsonObject, path: string, out: TextList, sink: RecordSink): void {
  for (const key in attachment) {
    const value = attachment[key];
    if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) continue;
    const add = members.get(key);
    if (noiseKeys.has(key)) out.noise(`${path}.${key}`, key, value);
    else if (add !== undefined) add(value, `${path}.${key}`, out, sink);
    else out.sweep(`${path}.${key}`, key, value, knownKeys);
  }
}

/** Title and value: what detectors judge together. */
function addFields(fields: unknown, path: string, out: TextList): void {
  if (!Array.isArray(fields)) return;
  for (let i = 0; i < fields.length; i++) {
    const field: unknown = fields[i];
    if (!isObject(field)) continue;
    const title = field['title'];
    out.add(`${path}.${i}.title`, 'body', title, 'slack-mrkdwn');
    const label = typeof title === 'string' ? title : undefined;
    out.add(`${path}.${i}.value`, 'custom-field', field['value'], 'slack-mrkdwn', label);
    for (const key in field) {
      if (key !== 'title' && key !== 'value') out.sweep(`${path}.${i}.${key}`, key, field[key]);
    }
  }
}

const actionKeys = new Set(['text', 'value', 'name', 'confirm', 'title', 'options', 'description']);

function addActions(actions: unknown, path: string, out: TextList): void {
  if (!Array.isArray(actions)) return;
  for (let i = 0; i < actions.length; i++) {
    const action: unknown = actions[i];
    if (!isObject(action)) continue;
    for (const key in action) {
      const at = `${path}.${i}.${key}`;
      if (key === 'url') out.link(at, action[key]);
      else if (key !== 'id' && key !== 'type' && key !== 'style') out.sweep(at, key, action[key], actionKeys);
    }
  }
}

/** The blocks of another message: `[{ team, channel, ts, message: { blocks } }]`. */
function addMessageBlocks(list: unknown, path: string, out: TextList): void {
  if (!Array.isArray(list)) return;
  for (let i = 0; i < list.length; i++) {
    const item: unknown = list[i];
    if (!isObject(item)) continue;
    const { message, team: _team, channel: _channel, ts: _ts, ...others } = item;
    out.sweep(`${path}.${i}`, 'message_blocks', others);
    if (!isObject(message)) continue;
    const { blocks, ...rest } = message;
    addBlocks(blocks, `${path}.${i}.message.blocks`, out);
    out.sweep(`${path}.${i}.message`, 'message', rest);
  }
}

/** What an attachment shows that stands elsewhere; undefined for one that a bot wrote itself. */
export function shownBy(
  attachment: JsonObject,
  ownChannel: string | undefined,
): { readonly state: 'quoted-copy' | 'preview'; readonly of?: string } | undefined {
  const url = attachment['from_url'] ?? attachment['original_url'] ?? attachment['app_unfurl_url'];
  const from = typeof url === 'string' && url !== '' ? url : undefined;
  const link = from === undefined ? null : messageLink.exec(from);
  const isMessage =
    attachment['is_msg_unfurl'] === true ||
    attachment['is_share'] === true ||
    attachment['message_blocks'] !== undefined ||
    link !== null;
  if (!isMessage) return from === undefined ? undefined : { state: 'preview', of: from };
  const channel = stringOr(attachment['channel_id'], link?.[1]);
  const told = attachment['ts'];
  const ts = link === null ? stringOr(told, undefined) : `${link[2]}.${link[3]}`;
  if (ts === undefined) return { state: 'quoted-copy', ...(from === undefined ? {} : { of: from }) };
  const isElsewhere = channel !== undefined && channel !== ownChannel;
  return { state: 'quoted-copy', of: isElsewhere ? `${channel}/${ts}` : ts };
}

const messageLink = /^https:\/\/[\w.-]+\.slack\.com\/archives\/([A-Z0-9]+)\/p(\d{9,10})(\d{6})/;

function stringOr(value: unknown, other: string | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : other;
}

/** `files` of an attachment or message. */
export function addFiles(files: unknown, path: string, out: TextList, sink: RecordSink): void {
  if (!Array.isArray(files)) return;
  for (let i = 0; i < files.length; i++) addFile(files[i], `${path}.${i}`, out, sink);
}
