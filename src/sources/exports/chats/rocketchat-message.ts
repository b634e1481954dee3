/** One message of Rocket.Chat, as the database keeps it and as room exports write it. */
import type { ExportRecord, RecordActor, RecordPlace, RecordSink } from '../contract.js';
import { defined } from '../defined.js';
import {
  idOf,
  isObject,
  type JsonObject,
  type ObjectFormat,
  objectOf,
  stringOf,
  textsOf,
} from '../object-texts.js';
import { fromEpoch, fromIso, type Instant, recordTime } from '../times.js';
import { cardField } from './card-fields.js';
import { joinedMarkdown } from './rocketchat-markdown.js';

const noise = new Set([
  '_id',
  'rid',
  'tmid',
  'prid',
  'drid',
  't',
  'type',
  'ts',
  '_updatedAt',
  'editedAt',
  'mentions',
  'channels',
  'reactions',
  'starred',
  'replies',
  'unread',
  'federation',
  'username',
  'image_type',
  'audio_type',
  'video_type',
  'image_preview',
  'emoji',
  'avatar',
  'algorithm',
  'sessionId',
]);

const format: ObjectFormat = {
  noise,
  known: new Set(['customFields', 'name', 'role', 'alias', 'topic', 'reason', 'format', 'typeGroup', 'path']),
  isRecord: (value, path) =>
    (path[0] === 'attachments' && path.length === 2 && isQuote(value)) ||
    (path[0] === 'urls' && path.length === 2),
  field(path, text, holder) {
    const [top] = path;
    if (path.length === 1) return topField(top ?? '');
    switch (top) {
      case 'u':
      case 'editedBy':
      case 'mentions':
      case 'channels':
      case 'reactions':
      case 'starred':
      // Told as one text.
      case 'md':
        return 'skip';
      case 'attachments':
        if (path.at(-1) === 'image_preview' || path.includes('md')) return 'skip';
        return cardField(path.slice(2), text, holder, 'markdown');
      case 'files':
      case 'file':
        return path.at(-1) === 'name' ? { role: 'filename', dialect: 'plain' } : undefined;
      default:
        return undefined;
    }
  },
};

function topField(key: string): ReturnType<ObjectFormat['field']> {
  if (key === 'msg') return { role: 'body', dialect: 'markdown' };
  if (key === 'html') return { role: 'body', dialect: 'html' };
  return key === 'username' || key === 'userId' ? 'skip' : undefined;
}

const previewFormat: ObjectFormat = {
  known: new Set([
    'pageTitle',
    'ogTitle',
    'ogDescription',
    'description',
    'ogSiteName',
    'twitterTitle',
    'contentType',
  ]),
  field(path) {
    if (path[0] === 'url') return { role: 'link', dialect: 'plain' };
    // Parts of the address, and headers of the page.
    return path[0] === 'parsedUrl' || path[0] === 'headers' ? 'skip' : undefined;
  },
};

/** An attachment that shows another message. */
function isQuote(attachment: JsonObject): boolean {
  return quotedId(attachment) !== undefined;
}

function quotedId(attachment: JsonObject): string | undefined {
  const link = stringOf(attachment, 'message_link');
  return link === undefined ? undefined : /[?&]msg=([\w-]{1,64})/.exec(link)?.[1];
}

export interface MessageSetting {
  readonly place: RecordPlace;
  readonly id: string;
  readonly permalink: ExportRecord['permalink'];
  readonly raw: ExportRecord['raw'];
}

/** Hands over a message, and what it shows of others. */
export function readRocketChatMessage(message: JsonObject, at: MessageSetting, sink: RecordSink): void {
  const isEncrypted = message['t'] === 'e2e' || isCipher(message['content']);
  if (isEncrypted) sink.note('encrypted');
  const shown = isEncrypted ? withoutCipher(message) : message;
  const { texts, inner } = textsOf(shown, format, (key) => sink.unknownKey(key));
  const body = stringOf(shown, 'msg');
  const rich = isEncrypted ? '' : joinedMarkdown(shown['md']);
  const all =
    rich === '' || rich === body
      ? texts
      : [...texts, { text: rich, dialect: 'plain' as const, field: { path: 'md', role: 'body' as const } }];
  // With `Message_KeepHistory` old wordings are documents of their own that name the message.
  const parent = message['_hidden'] === true ? stringOf(message, 'parent') : undefined;
  const id = parent ?? at.id;
  const record: Omit<ExportRecord, 'texts'> = defined<Omit<ExportRecord, 'texts'>>({
    place: at.place,
    type: 'message',
    id,
    thread: stringOf(message, 'tmid'),
    actor: actorOf(message),
    time: recordTime(instantOf(message['ts']), instantOf(message['editedAt'])),
    revision: parent === undefined ? { state: 'current' } : { state: 'previous', id: at.id },
    permalink: at.permalink,
    action: parent === undefined ? 'edit' : 'ask-admin',
    raw: at.raw,
  });
  if (all.length > 0) sink.record({ ...record, texts: all });
  for (const { value, path } of inner) readShown(value, path, record, sink);
  if (hasFile(message)) sink.note('attachment-missing');
}

/** A quoted message, or what stands at an address. */
function readShown(
  value: JsonObject,
  path: readonly string[],
  record: Omit<ExportRecord, 'texts'>,
  sink: RecordSink,
): void {
  const part = path.join('.');
  const isQuoted = path[0] === 'attachments';
  const { texts } = isQuoted
    ? textsOf({ attachments: [value] }, { ...format, isRecord: () => false }, (key) => sink.unknownKey(key))
    : textsOf(value, previewFormat, (key) => sink.unknownKey(key));
  if (texts.length === 0) return;
  const of = isQuoted ? quotedId(value) : stringOf(value, 'url');
  const id = record.revision.id === undefined ? part : `${record.revision.id}/${part}`;
  sink.record({
    ...record,
    revision: { state: isQuoted ? 'quoted-copy' : 'preview', id, ...(of === undefined ? {} : { of }) },
    action: 'delete',
    texts,
  });
}

function actorOf(message: JsonObject): RecordActor | undefined {
  const user = objectOf(message, 'u');
  const name =
    stringOf(message, 'alias') ?? (user === undefined ? undefined : stringOf(user, 'name', 'username'));
  const id = user === undefined ? undefined : idOf(user, '_id', 'username');
  const told = stringOf(message, 'username');
  if (id === undefined && name === undefined && told === undefined) return undefined;
  const isBot = message['bot'] !== undefined && message['bot'] !== null;
  return defined<RecordActor>({ id: id ?? told, name: name ?? told, kind: isBot ? 'bot' : 'user' });
}

/** A date of BSON, of its JSON form, or as text. */
export function instantOf(value: unknown): Instant | undefined {
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? undefined : fromEpoch(value.getTime(), 'ms');
  if (isObject(value)) return instantOf(value['$date']);
  return typeof value === 'number' ? fromEpoch(value, 'ms') : fromIso(value);
}

function isCipher(content: unknown): boolean {
  return isObject(content) && typeof content['ciphertext'] === 'string';
}

function withoutCipher(message: JsonObject): JsonObject {
  const { msg: _msg, md: _md, content: _content, ...rest } = message;
  return rest;
}

function hasFile(message: JsonObject): boolean {
  return isObject(message['file']) || (Array.isArray(message['files']) && message['files'].length > 0);
}
