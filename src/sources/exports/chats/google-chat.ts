/** Google Chat: `messages.json` of a Takeout, with the lists of members beside it. */
import type {
  ExportFile,
  ExportReader,
  ExportRecord,
  Probe,
  RecordActor,
  RecordPlace,
  RecordSink,
} from '../contract.js';
import { defined } from '../defined.js';
import { readJsonRecords } from '../json-records.js';
import { longTime } from '../long-times.js';
import {
  type InnerRecord,
  isObject,
  type JsonObject,
  lastKey,
  type ObjectFormat,
  objectOf,
  stringOf,
  textsOf,
} from '../object-texts.js';
import { recordPaths, recordPathsOf } from '../record-paths.js';
import { recordTime } from '../times.js';
import { filesBeside, jsonBeside } from './side-files.js';

export const googleChatReader: ExportReader = {
  id: 'google-chat-messages',
  system: 'google-chat',
  label: 'Google Chat messages (Takeout)',
  most: 0.95,
  jsonKeys: ['created_date'],
  recognise(probe: Probe) {
    if (recordPaths(probe.json, isMessage) === undefined) return undefined;
    return { score: 0.95, reason: 'messages with creator, created_date and a topic or message id' };
  },
  async read(file, sink, hints) {
    const group = await groupBeside(file);
    const reader = new MessageReader(file.name, group, hints.includeDirect, sink);
    await readJsonRecords(file, recordPathsOf(file, isMessage) ?? ['/messages/*'], sink, {
      record: ({ value, raw }) => {
        if (isObject(value)) reader.message(value, raw);
        else sink.note('malformed');
      },
    });
  },
};

function isMessage(keys: readonly string[]): boolean {
  const all = new Set(keys);
  return all.has('creator') && all.has('created_date') && (all.has('topic_id') || all.has('message_id'));
}

async function groupBeside(file: ExportFile): Promise<JsonObject | undefined> {
  const [name] = await filesBeside(file, /^group_info\.json$/i);
  const folder = file.name.slice(0, file.name.lastIndexOf('/') + 1);
  // One further up belongs to another group.
  if (name === undefined || name.slice(0, name.lastIndexOf('/') + 1) !== folder) return undefined;
  const json = await jsonBeside(file, name);
  return isObject(json) ? json : undefined;
}

const format: ObjectFormat = {
  known: new Set([
    'name',
    'email',
    'title',
    'snippet',
    'private_do_not_access_or_else_safe_url_wrapped_value',
    'original_name',
    'export_name',
    'emails',
    'unicode',
    'should_not_render',
    'meeting_url',
    'meeting_code',
    'thumbnail_url',
    'domain',
    'url',
    'shortcode',
    'custom_emoji',
    'reactor_emails',
    'command_name',
    'arguments_hint',
    'drive_url',
    'description',
    'display_name',
    'event_title',
    'room_name',
  ]),
  noise: new Set([
    'user_type',
    'created_date',
    'updated_date',
    'message_id',
    'topic_id',
    'message_state',
    'mime_type',
    'id',
    'image_url',
    'type',
    'deletion_type',
    'format_type',
    'client_type',
    'start_time',
    'calendar_event_id',
    'task_id',
    'emoji_id',
  ]),
  isRecord: (value, path) =>
    path.length === 1 && path[0] === 'quoted_message_metadata' && Object.keys(value).length > 0,
  field(path) {
    const key = lastKey(path);
    if (path.length === 1 && key === 'text') return { role: 'body', dialect: 'plain' };
    if (path[0] === 'attached_files' && /name$/.test(key))
      return { role: 'attachment-name', dialect: 'plain' };
    if (key.startsWith('private_do_not_access')) return { role: 'link', dialect: 'plain' };
    return undefined;
  },
};

class MessageReader {
  readonly #fileName: string;
  readonly #group: JsonObject | undefined;
  readonly #includeDirect: boolean;
  readonly #sink: RecordSink;

  constructor(fileName: string, group: JsonObject | undefined, includeDirect: boolean, sink: RecordSink) {
    this.#fileName = fileName;
    this.#group = group;
    this.#includeDirect = includeDirect;
    this.#sink = sink;
  }

  message(message: JsonObject, raw: NonNullable<ExportRecord['raw']>): void {
    const ids = (stringOf(message, 'message_id') ?? '').split('/');
    const place = googleChatPlace(this.#fileName, this.#group, ids.length === 3 ? ids[0] : undefined);
    if (place.kind !== 'channel' && !this.#includeDirect) {
      this.#sink.note('direct-message');
      return;
    }
    const { texts, inner } = textsOf(message, format, (key) => this.#sink.unknownKey(key));
    const isDeleted =
      stringOf(message, 'message_state') === 'DELETED' ||
      objectOf(message, 'deletion_metadata') !== undefined;
    const created = longTime(message['created_date']);
    const record: Omit<ExportRecord, 'texts'> = defined({
      place,
      type: 'message',
      id:
        stringOf(message, 'message_id') ?? `${stringOf(message, 'topic_id') ?? '?'}/${created?.text ?? '?'}`,
      thread: stringOf(message, 'topic_id'),
      actor: actorOf(objectOf(message, 'creator')),
      time: recordTime(created, longTime(message['updated_date'])),
      revision: { state: isDeleted ? 'deleted' : 'current' },
      permalink:
        ids.length === 3 && place.kind === 'channel'
          ? { url: `https://chat.google.com/room/${ids.map(encodeURIComponent).join('/')}`, level: 'record' }
          : undefined,
      action: 'delete',
      raw,
    });
    this.#sink.record({ ...record, texts });
    for (const quote of inner) this.#quote(quote, record);
  }

  #quote(quote: InnerRecord, outer: Omit<ExportRecord, 'texts'>): void {
    const { actor: _actor, time: _time, ...rest } = outer;
    const { texts } = textsOf(quote.value, format, (key) => this.#sink.unknownKey(key));
    if (texts.length === 0) return;
    this.#sink.record({
      ...rest,
      ...defined<Pick<ExportRecord, 'actor' | 'time'>>({
        actor: actorOf(objectOf(quote.value, 'creator')),
        time: recordTime(longTime(quote.value['created_date'])),
      }),
      id: `${outer.id}/quote`,
      revision: defined({ state: 'quoted-copy', of: stringOf(quote.value, 'message_id') }),
      texts: texts.map((text) => ({
        ...text,
        field: { ...text.field, path: `${quote.path.join('.')}.${text.field.path}` },
      })),
    });
  }
}

function actorOf(creator: JsonObject | undefined): RecordActor | undefined {
  if (creator === undefined) return undefined;
  return defined({
    name: stringOf(creator, 'name'),
    email: stringOf(creator, 'email'),
    kind: /bot/i.test(stringOf(creator, 'user_type') ?? '') ? 'bot' : 'user',
  });
}

/** The folder (`Space AAA`, `DM BBB`) and the group's own file tell what it is; the messages only tell its id. */
export function googleChatPlace(
  fileName: string,
  group: JsonObject | undefined,
  space: string | undefined,
): RecordPlace {
  const folder = /(?:^|\/)(DM|Space) ([^/]{1,200})\/[^/]*$/.exec(fileName);
  const id = space ?? folder?.[2] ?? 'unknown space';
  const given = group && stringOf(group, 'name');
  const isDirect = folder === null ? group !== undefined && given === undefined : folder[1] === 'DM';
  if (!isDirect) return { kind: 'channel', id, name: given ?? id, audience: 'internal' };
  const members: unknown = group?.['members'];
  const isGroup = Array.isArray(members) && members.length > 2;
  return { kind: isGroup ? 'group-dm' : 'dm', id, name: given ?? id, audience: 'restricted' };
}
