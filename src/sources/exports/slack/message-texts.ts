/** Texts of a message object, key by key. */
import type { RecordSink } from '../contract.js';
import { isNoise } from '../leaves.js';
import { isObject, type JsonObject } from '../object-texts.js';
import { addAttachment, addFiles, shownBy } from './attachment-texts.js';
import { addComment, addFile } from './file-texts.js';
import { isMessage } from './message-shape.js';
import { addBlocks } from './rich-text.js';
import type { TextList } from './text-list.js';

type AddMember = (value: unknown, key: string, out: TextList, sink: RecordSink) => void;

const members: ReadonlyMap<string, AddMember> = new Map<string, AddMember>([
  ['text', (value, key, out) => out.add(key, 'body', value, 'slack-mrkdwn')],
  ['blocks', addBlocks],
  ['attachments', addOwnAttachments],
  ['files', addFiles],
  ['file', addFile],
  ['comment', addComment],
  ['initial_comment', addComment],
  ['topic', (value, key, out) => addTopic(key, 'topic', value, out)],
  ['purpose', (value, key, out) => addTopic(key, 'description', value, out)],
  ['metadata', (value, _key, out) => addMetadata(value, out)],
  ['reactions', addReactions],
  ['username', addName],
  ['name', addName],
  ['old_name', addName],
  ['permalink', (value, key, out) => out.link(key, value)],
  ['bot_link', (value, key, out) => out.link(key, value)],
]);

/**
 * Adds all texts of the message itself, without what stands in messages within it.
 *
 * @returns keys under which other messages stand
 */
export function addMessageTexts(message: JsonObject, out: TextList, sink: RecordSink): readonly string[] {
  const nested: string[] = [];
  for (const key in message) {
    const value = message[key];
    if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) continue;
    if (readElsewhere.has(key)) continue;
    const add = members.get(key);
    if (messageNoise.has(key)) out.noise(key, key, value);
    else if (add !== undefined) add(value, key, out, sink);
    else if (isMessageIn(key, value)) nested.push(key);
    // Who replied and when; the replies stand in the files of their days.
    else if (key !== 'replies') addOther(key, value, out);
  }
  return nested;
}

/** Huddles, conversations with assistants: all that stands in them is known to be text or nothing. */
const wholeKeys = new Set(['room', 'assistant_app_thread', 'parent_conversation', 'item']);

function addOther(key: string, value: unknown, out: TextList): void {
  if (typeof value !== 'string' || (value !== '' && !isNoise(key, value)))
    out.sweep(key, key, value, wholeKeys.has(key) ? 'all' : messageKnown);
}

/** Names of emoji are short words; whatever is longer was typed by somebody. */
export function addReactions(reactions: unknown, key: string, out: TextList): void {
  if (!Array.isArray(reactions)) return;
  for (let i = 0; i < reactions.length; i++) {
    const name: unknown = isObject(reactions[i]) ? reactions[i].name : undefined;
    if (typeof name === 'string' && name.length > longestEmoji)
      out.add(`${key}.${i}.name`, 'metadata', name, 'plain');
  }
}

const longestEmoji = 24;

function addName(value: unknown, key: string, out: TextList): void {
  out.add(key, 'metadata', value, 'plain');
}

/** What bots attach themselves; what is shown of other things becomes a record of its own. */
function addOwnAttachments(attachments: unknown, key: string, out: TextList, sink: RecordSink): void {
  if (!Array.isArray(attachments)) return;
  for (let i = 0; i < attachments.length; i++) {
    const attachment: unknown = attachments[i];
    if (isObject(attachment) && shownBy(attachment, undefined) === undefined)
      addAttachment(attachment, `${key}.${i}`, out, sink);
  }
}

function addTopic(key: string, role: 'topic' | 'description', value: unknown, out: TextList): void {
  out.add(key, role, isObject(value) ? value['value'] : value, 'slack-mrkdwn');
}

/** `metadata.event_payload`: whatever an app keeps with its message. */
function addMetadata(metadata: unknown, out: TextList): void {
  if (!isObject(metadata)) return;
  for (const key in metadata) {
    const value = metadata[key];
    if (key !== 'event_type') out.sweep(`metadata.${key}`, key, value, 'all');
    else out.noise('metadata.event_type', key, value);
  }
}

/** Keys under which whole messages stand. */
function isMessageIn(key: string, value: unknown): boolean {
  if (key === 'slackdump_thread_replies' || key === 'thread_replies' || key === 'replies') {
    return Array.isArray(value) && value.some(isMessage);
  }
  if (!isObject(value)) return false;
  if (key === 'original' || key === 'previous_message' || key === 'previous') return true;
  return (key === 'message' || key === 'root' || key === 'parent') && isMessage(value);
}

const readElsewhere = new Set(['user_profile', 'bot_profile', 'edited']);

/** Keys of a message that hold ids, words of a closed set and counts, and no text. */
export const messageNoise: ReadonlySet<string> = new Set([
  'type',
  'subtype',
  'ts',
  'thread_ts',
  'event_ts',
  'deleted_ts',
  'latest_reply',
  'last_read',
  'user',
  'user_id',
  'team',
  'team_id',
  'user_team',
  'source_team',
  'bot_id',
  'bot_team_id',
  'app_id',
  'client_msg_id',
  'parent_user_id',
  'inviter',
  'editor_id',
  'channel',
  'channel_id',
  'channel_name',
  'channel_type',
  'icons',
  'reply_users',
  'pinned_to',
  'pinned_info',
  'members',
  'hash',
  'x_files',
  'item_type',
  'trigger_id',
  'service_team_id',
  'saved',
]);
const messageKnown = new Set([
  'name',
  'reason',
  'title',
  'title_blocks',
  'permalink',
  'text',
  'topic',
  'service_name',
  'service_url',
  'user_name',
]);
