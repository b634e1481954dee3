/** Telegram Desktop, JSON: one chat, or the whole account with all its chats. */
import type {
  ExportReader,
  ExportRecord,
  RecordActor,
  RecordPlace,
  RecordSink,
  RecordText,
} from '../contract.js';
import { defined } from '../defined.js';
import { readJsonRecords } from '../json-records.js';
import {
  idOf,
  isObject,
  type JsonObject,
  lastKey,
  type ObjectFormat,
  stringOf,
  textsOf,
} from '../object-texts.js';
import { fromEpoch, fromIso, type Instant, recordTime } from '../times.js';

const chatTypes = new Set([
  'personal_chat',
  'bot_chat',
  'saved_messages',
  'replies',
  'verification_codes',
  'private_group',
  'private_supergroup',
  'public_supergroup',
  'private_channel',
  'public_channel',
]);
const accountKeys = [
  'personal_information',
  'contacts',
  'frequent_contacts',
  'sessions',
  'left_chats',
  'about',
];

const chatPaths = ['/messages/*', '/chats/list/*/messages/*', '/left_chats/list/*/messages/*'];
/** Lists of an account that are no messages: contacts, devices, sites. */
const listPaths = [
  '/contacts/list/*',
  '/frequent_contacts/list/*',
  '/sessions/list/*',
  '/web_sessions/list/*',
  '/profile_pictures/*',
  '/stories/*',
];

export const telegramReader: ExportReader = {
  id: 'telegram-json',
  system: 'telegram',
  label: 'Telegram Desktop JSON',
  most: 0.93,

  recognise({ json }) {
    if (json?.root !== 'object') return undefined;
    const { keys, first } = json;
    const messageKeys = json.inner['messages'];
    if (
      keys.includes('name') &&
      keys.includes('type') &&
      (messageKeys !== undefined || keys.includes('messages'))
    ) {
      const isChat = isObject(first) && chatTypes.has(String(first['type']));
      const hasMessages =
        messageKeys?.includes('id') === true &&
        messageKeys.some(
          (key) =>
            key === 'from_id' || key === 'actor_id' || key === 'date_unixtime' || key === 'text_entities',
        );
      if (isChat || hasMessages) return { score: 0.93, reason: 'keys name, type, id, messages' };
    }
    const found = accountKeys.filter((key) => keys.includes(key));
    const isAccount = (keys.includes('chats') && found.length > 0) || found.length > 2;
    return isAccount ? { score: 0.9, reason: `keys ${found.join(', ')}` } : undefined;
  },

  async read(file, sink, hints) {
    const reader = new ChatReader(sink, hints.includeDirect);
    await readJsonRecords(file, [...chatPaths, ...listPaths], sink, {
      record: ({ pointer, value, ancestors, raw }) => {
        if (!isObject(value)) return;
        if (pointer.includes('/messages/')) reader.message(value, ancestors.at(-1) ?? {}, raw);
        else reader.entry(value, pointer, raw);
      },
      end: (root) => {
        if (isObject(root)) reader.rest(root);
      },
    });
  },
};

const noise = new Set([
  'id',
  'type',
  'date',
  'edited',
  'from_id',
  'actor_id',
  'media_type',
  'mime_type',
  'thumbnail',
  'sticker_emoji',
  'document_id',
  'user_id',
  'reply_to_peer_id',
  'date_unixtime',
  'edited_unixtime',
  'discard_reason',
  'action',
  'color',
  'currency',
  'language',
]);
const known = new Set([
  'performer',
  'question',
  'answers',
  'text',
  'first_name',
  'last_name',
  'phone_number',
  'forwarded_from',
  'saved_from',
  'via_bot',
  'author',
  'members',
  'new_title',
  'place_name',
  'address',
  'game_title',
  'game_description',
  'game_link',
  'inviter',
  'signature',
  'contact_vcard',
  'invoice_information',
  'description',
  'name',
  'username',
  'bio',
  'about',
]);

/** Members of the pieces of a text. */
const pieceKeys = new Set(['type', 'href', 'language', 'document_id', 'user_id']);

/** What is written where a file was not taken along. */
const missing = /^\(File /;
const fileKeys = new Set(['file', 'photo', 'thumbnail', 'contact_vcard']);

const format: ObjectFormat = {
  noise,
  known,
  field(path, text) {
    const [top] = path;
    const key = lastKey(path);
    // Joined from their pieces.
    if (top === 'text' || top === 'text_entities')
      return key === 'text' || path.length < 3 || pieceKeys.has(key) ? 'skip' : undefined;
    if (fileKeys.has(key) && path.length === 1) {
      return missing.test(text) || key === 'thumbnail' ? 'skip' : { role: 'filename', dialect: 'plain' };
    }
    switch (key) {
      case 'file_name':
        return { role: 'filename', dialect: 'plain' };
      case 'title':
      case 'new_title':
        return { role: 'title', dialect: 'plain' };
      case 'from':
      case 'actor':
        return path.length === 1 ? 'skip' : undefined;
      case 'data':
      case 'data_base64':
        return top === 'inline_bot_buttons' ? { role: 'metadata', dialect: 'plain' } : undefined;
      default:
        return top === 'reactions' ? 'skip' : undefined;
    }
  },
};

/** Names remembered so that each is handed over once. */
const maxPeople = 100_000;

class ChatReader {
  readonly #sink: RecordSink;
  readonly #includeDirect: boolean;
  /** The chat whose name was handed over last. */
  #lastChat: JsonObject | undefined;
  readonly #people = new Set<string>();

  constructor(sink: RecordSink, includeDirect: boolean) {
    this.#sink = sink;
    this.#includeDirect = includeDirect;
  }

  message(message: JsonObject, chat: JsonObject, raw: ExportRecord['raw']): void {
    const place = placeOf(chat);
    const isDirect = place.kind === 'dm' || place.kind === 'group-dm';
    if (isDirect && !this.#includeDirect) {
      this.#sink.note('direct-message');
      return;
    }
    if (chat !== this.#lastChat) this.#chat(chat, place);
    const actor = actorOf(message);
    if (actor !== undefined) this.#person(actor, place);
    const id = idOf(message, 'id') ?? `byte ${raw?.start ?? 0}`;
    const { texts: others } = textsOf(message, format, (key) => this.#sink.unknownKey(key));
    const texts = [...bodyTexts(message), ...others];
    for (const key of fileKeys) {
      const file = message[key];
      if (typeof file === 'string' && missing.test(file)) this.#sink.note('attachment-missing');
    }
    if (texts.length === 0) return;
    const isForward = message['forwarded_from'] !== undefined || message['forwarded_from_id'] !== undefined;
    this.#sink.record(
      defined<ExportRecord>({
        place,
        type: 'message',
        id,
        actor,
        time: recordTime(
          instantOf(message['date_unixtime'], message['date']),
          instantOf(message['edited_unixtime'], message['edited']),
        ),
        revision: { state: isForward ? 'quoted-copy' : 'current' },
        permalink: linkOf(chat, id),
        action: isForward || message['type'] === 'service' ? 'delete' : 'edit',
        texts,
        raw,
      }),
    );
  }

  /** Names come with every message; a record of its own, once, holds them. */
  #person(actor: RecordActor, place: RecordPlace): void {
    const { id, name } = actor;
    const key = `${id ?? ''}/${name ?? ''}`;
    if (name === undefined || this.#people.has(key)) return;
    if (this.#people.size < maxPeople) this.#people.add(key);
    this.#sink.record({
      place,
      type: 'profile',
      id: id ?? name,
      actor,
      revision: { state: 'current' },
      texts: [{ text: name, dialect: 'plain', field: { path: 'from', role: 'profile' } }],
    });
  }

  /** Names of groups; those of direct chats are people's. */
  #chat(chat: JsonObject, place: RecordPlace): void {
    this.#lastChat = chat;
    const { messages: _messages, ...header } = chat;
    const { texts } = textsOf(header, chatFormat, (key) => this.#sink.unknownKey(key));
    if (texts.length === 0) return;
    this.#sink.record({ place, type: 'setting', id: place.id, revision: { state: 'current' }, texts });
  }

  /** A contact, a device, a site where one is signed in. */
  entry(entry: JsonObject, pointer: string, raw: ExportRecord['raw']): void {
    const list = pointer.split('/')[1] ?? '';
    const { texts } = textsOf(entry, entryFormat, (key) => this.#sink.unknownKey(key));
    if (texts.length === 0) return;
    const isPerson = list.includes('contacts');
    const id = idOf(entry, 'user_id', 'id', 'phone_number', 'name') ?? pointer;
    this.#sink.record(
      defined<ExportRecord>({
        place: accountPlace,
        type: isPerson ? 'profile' : 'setting',
        id: `${list}/${id}`,
        time: recordTime(instantOf(entry['date_unixtime'], entry['date'])),
        revision: { state: 'current' },
        texts,
        raw,
      }),
    );
  }

  /** The owner, and all that stands beside the lists. */
  rest(root: JsonObject): void {
    // The header of a single chat was told with its messages.
    if (root['messages'] !== undefined) return;
    const { texts } = textsOf(root, restFormat, (key) => this.#sink.unknownKey(key));
    if (texts.length === 0) return;
    this.#sink.record({
      place: accountPlace,
      type: 'profile',
      id: 'account',
      revision: { state: 'current' },
      texts,
    });
  }
}

const accountPlace: RecordPlace = {
  kind: 'workspace',
  id: 'account',
  name: 'Telegram account',
  audience: 'restricted',
};

const chatFormat: ObjectFormat = {
  noise,
  known,
  field: (path) =>
    path.length === 1 && path[0] === 'name' ? { role: 'setting', dialect: 'plain' } : undefined,
};

const entryFormat: ObjectFormat = {
  noise,
  known: new Set([
    ...known,
    'last_ip',
    'last_country',
    'last_region',
    'device_model',
    'platform',
    'system_version',
    'application_name',
    'application_version',
    'domain',
    'browser',
    'bot_username',
    'photo',
    'category',
    'text',
  ]),
  field: () => undefined,
};

/** Lists whose entries were records are empty; `about` texts explain the export. */
const restFormat: ObjectFormat = {
  noise,
  known,
  field: (path) => (lastKey(path) === 'about' && path[0] !== 'personal_information' ? 'skip' : undefined),
};

/** `text` is a string, or pieces; `text_entities` repeats it in pieces only. */
function bodyTexts(message: JsonObject): RecordText[] {
  const text = joined(message['text']);
  const entities = joined(message['text_entities']);
  const texts: RecordText[] = [];
  if (text !== '') texts.push({ text, dialect: 'plain', field: { path: 'text', role: 'body' } });
  if (entities !== '' && entities !== text)
    texts.push({ text: entities, dialect: 'plain', field: { path: 'text_entities', role: 'body' } });
  for (const href of new Set([...linksIn(message['text']), ...linksIn(message['text_entities'])]))
    texts.push({ text: href, dialect: 'plain', field: { path: 'text.href', role: 'link' } });
  return texts;
}

/** Targets of links whose label is another text. */
function linksIn(pieces: unknown): string[] {
  if (!Array.isArray(pieces)) return [];
  return pieces.flatMap((piece: unknown) => (isObject(piece) ? (stringOf(piece, 'href') ?? []) : []));
}

function joined(pieces: unknown): string {
  if (typeof pieces === 'string') return pieces;
  if (!Array.isArray(pieces)) return '';
  return pieces
    .map((piece: unknown) =>
      typeof piece === 'string' ? piece : isObject(piece) ? (stringOf(piece, 'text') ?? '') : '',
    )
    .join('');
}

function actorOf(message: JsonObject): RecordActor | undefined {
  const id = stringOf(message, 'from_id', 'actor_id');
  const name = stringOf(message, 'from', 'actor');
  if (id === undefined && name === undefined) return undefined;
  return defined<RecordActor>({ id, name, kind: 'user' });
}

/** The time in seconds is in UTC; the other one is local and does not say where. */
function instantOf(seconds: unknown, local: unknown): Instant | undefined {
  return fromEpoch(seconds, 's') ?? fromIso(local);
}

function placeOf(chat: JsonObject): RecordPlace {
  const type = stringOf(chat, 'type') ?? '';
  const id = idOf(chat, 'id') ?? 'unknown';
  const name = stringOf(chat, 'name');
  const isGroup = type.includes('group') || type.includes('channel');
  const isDirect = !isGroup && type !== '';
  return {
    kind: isDirect ? 'dm' : 'channel',
    id,
    name: isDirect ? (type === 'saved_messages' ? 'Saved Messages' : `direct message ${id}`) : (name ?? id),
    audience: type.startsWith('public') ? 'public' : type === '' ? 'unknown' : 'restricted',
  };
}

/** Only supergroups and channels have addresses. */
function linkOf(chat: JsonObject, id: string): ExportRecord['permalink'] {
  const type = stringOf(chat, 'type') ?? '';
  const chatId = idOf(chat, 'id')?.replace(/^-100/, '');
  if (chatId === undefined || !/^(?:private|public)_(?:supergroup|channel)$/.test(type)) return undefined;
  return /^\d+$/.test(chatId) && /^\d+$/.test(id) ? { url: `https://t.me/c/${chatId}/${id}` } : undefined;
}
