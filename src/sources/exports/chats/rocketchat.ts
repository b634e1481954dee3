/** Rocket.Chat: collections of a mongodump, and the JSON form of a room's export. */
import type { ExportReader, ExportRecord, Probe, RecordPlace, RecordSink, RecordText } from '../contract.js';
import { defined } from '../defined.js';
import { readJsonRecords } from '../json-records.js';
import { idOf, isObject, type JsonObject, type ObjectFormat, stringOf, textsOf } from '../object-texts.js';
import { Ordinals } from '../ordinals.js';
import { recordPaths, recordPathsOf } from '../record-paths.js';
import { recordTime } from '../times.js';
import { bsonKeys, readBson } from './bson-documents.js';
import {
  type RocketChatFacts,
  rocketChatFacts,
  rocketChatLink,
  rocketChatPlace,
  serverPlace,
} from './rocketchat-facts.js';
import { instantOf, readRocketChatMessage } from './rocketchat-message.js';

type Has = (key: string) => boolean;
interface Context {
  readonly facts: RocketChatFacts;
  readonly sink: RecordSink;
  readonly includeDirect: boolean;
  readonly raw: NonNullable<ExportRecord['raw']>;
}

/** One collection: by which keys it is known, and how its documents are read. */
interface Collection {
  readonly id: string;
  readonly label: string;
  readonly fits: (has: Has) => boolean;
  readonly read: (document: JsonObject, context: Context) => void;
}

const collections: readonly Collection[] = [
  {
    id: 'rocketchat-messages',
    label: 'Rocket.Chat messages',
    fits: (has) => has('rid') && has('msg') && (has('u') || has('ts')),
    read: readMessage,
  },
  {
    id: 'rocketchat-rooms',
    label: 'Rocket.Chat rooms',
    fits: (has) => has('t') && !has('rid') && (has('msgs') || has('usernames') || has('usersCount')),
    read: readRoom,
  },
  {
    id: 'rocketchat-users',
    label: 'Rocket.Chat users',
    fits: (has) => has('username') && (has('services') || has('emails') || has('roles')) && !has('rid'),
    read: readUser,
  },
  {
    id: 'rocketchat-settings',
    label: 'Rocket.Chat settings',
    fits: (has) => has('value') && (has('packageValue') || has('i18nLabel') || has('valueSource')),
    read: readSetting,
  },
  {
    id: 'rocketchat-uploads',
    label: 'Rocket.Chat uploads',
    fits: (has) => has('store') && has('name') && (has('rid') || has('userId') || has('complete')),
    read: readUpload,
  },
  {
    id: 'rocketchat-upload-chunks',
    label: 'Rocket.Chat contents of uploads',
    fits: (has) => has('files_id') && has('n') && has('data'),
    read: readChunk,
  },
  {
    id: 'rocketchat-documents',
    label: 'Rocket.Chat collection',
    // Whatever else lies in the dump: subscriptions, integrations with their scripts and tokens, OAuth apps.
    fits: (has) => has('_id'),
    read: readOther,
  },
];

export const rocketChatReaders: readonly ExportReader[] = collections.map((collection) => ({
  id: collection.id,
  system: 'rocketchat',
  label: collection.label,
  isNeverJson: true,
  most: 0.94,

  recognise(probe: Probe) {
    const keys = bsonKeys(probe.head);
    if (keys === undefined || !collection.fits((key) => keys.includes(key))) return undefined;
    const reason = `BSON documents with ${keys.slice(0, 5).join(', ')}`;
    if (collection.read !== readOther) return { score: 0.94, reason };
    // Any mongodump has this shape.
    return /(?:^|\/)rocketchat_/i.test(probe.name) ? { score: 0.8, reason } : undefined;
  },

  async read(file, sink, hints) {
    const facts = await rocketChatFacts(file, hints);
    for await (const documents of readBson(file, sink)) {
      for (const { value, raw, isPartial } of documents) {
        // It may be of a direct message.
        if (isPartial === true && !hints.includeDirect && idOf(value, 'rid') === undefined) continue;
        collection.read(value, { facts, sink, includeDirect: hints.includeDirect, raw });
      }
      if (sink.aborted) return;
      await sink.drained();
    }
  },
}));

function readMessage(message: JsonObject, { facts, sink, includeDirect, raw }: Context): void {
  const rid = idOf(message, 'rid') ?? 'unknown';
  const place = rocketChatPlace(facts, rid);
  if (place.kind !== 'channel' && !includeDirect) {
    sink.note('direct-message');
    return;
  }
  const id = idOf(message, '_id') ?? 'unknown';
  readRocketChatMessage(message, { place, id, permalink: rocketChatLink(facts, rid, id), raw }, sink);
}

const roomFormat: ObjectFormat = {
  noise: new Set([
    '_id',
    't',
    'prid',
    'usernames',
    'muted',
    'uids',
    'avatarETag',
    'e2eKeyId',
    'ts',
    '_updatedAt',
  ]),
  known: new Set(['customFields', 'name', 'fname']),
  field(path) {
    if (path[0] === 'u' || path[0] === 'lastMessage') return 'skip';
    if (path.length !== 1) return undefined;
    switch (path[0]) {
      case 'topic':
      case 'announcement':
        return { role: 'topic', dialect: 'markdown' };
      case 'description':
        return { role: 'description', dialect: 'markdown' };
      case 'name':
      case 'fname':
        return { role: 'setting', dialect: 'plain' };
      default:
        return undefined;
    }
  },
};

function readRoom(room: JsonObject, context: Context): void {
  const id = idOf(room, '_id') ?? 'unknown';
  const place = rocketChatPlace(context.facts, id);
  if (place.kind !== 'channel' && !context.includeDirect) return;
  const { texts } = textsOf(room, roomFormat, (key) => context.sink.unknownKey(key));
  give(context, { place, type: 'setting', id, texts, created: room['ts'] });
  // A copy of the newest message.
  const last = room['lastMessage'];
  if (isObject(last)) readMessage({ rid: id, ...last }, context);
}

const userNoise = new Set([
  '_id',
  'type',
  'status',
  'statusConnection',
  'statusDefault',
  'roles',
  'avatarETag',
  'avatarOrigin',
]);

const userFormat: ObjectFormat = {
  known: new Set(['customFields', 'language', 'requirePasswordChangeReason']),
  field(path) {
    // Hashes, login tokens, second factors.
    if (path[0] === 'services') {
      return { role: 'setting', dialect: 'plain', label: path.at(-1) ?? 'services', artifact: true };
    }
    if (path[0] === 'settings' || path[0] === '__rooms' || userNoise.has(path[0] ?? '')) return 'skip';
    return path.length === 1 || path[0] === 'emails' ? { role: 'profile', dialect: 'plain' } : undefined;
  },
};

function readUser(user: JsonObject, context: Context): void {
  const id = idOf(user, '_id') ?? 'unknown';
  const { texts } = textsOf(user, userFormat, (key) => context.sink.unknownKey(key));
  give(context, {
    place: serverPlace(context.facts),
    type: 'profile',
    id,
    texts,
    created: user['createdAt'],
  });
}

/** Settings are pairs of `_id` and `value`: passwords of mail servers, keys of stores. */
function readSetting(setting: JsonObject, context: Context): void {
  const id = idOf(setting, '_id') ?? 'unknown';
  const texts: RecordText[] = [];
  for (const key of ['value', 'packageValue']) {
    const value = setting[key];
    // What is as it was delivered is nobody's secret; the value says the same.
    if (typeof value !== 'string' || value === '' || (key === 'packageValue' && value === setting['value']))
      continue;
    texts.push({ text: value, dialect: 'plain', field: { path: key, role: 'setting' }, label: id });
  }
  give(context, {
    place: serverPlace(context.facts),
    type: 'setting',
    id,
    texts,
    created: setting['createdAt'],
  });
}

const uploadFormat: ObjectFormat = {
  noise: new Set(['_id', 'rid', 'userId', 'store', 'type', 'extension', 'etag', 'typeGroup', 'instanceId']),
  known: new Set(['description', 'content']),
  field: (path) =>
    path.length > 1
      ? undefined
      : path[0] === 'name'
        ? { role: 'filename', dialect: 'plain' }
        : path[0] === 'url' || path[0] === 'path'
          ? { role: 'link', dialect: 'plain' }
          : undefined,
};

function readUpload(upload: JsonObject, context: Context): void {
  const id = idOf(upload, '_id') ?? 'unknown';
  const rid = idOf(upload, 'rid');
  const place = rid === undefined ? serverPlace(context.facts) : rocketChatPlace(context.facts, rid);
  if (isDirect(place) && !context.includeDirect) return;
  const { texts } = textsOf(upload, uploadFormat, (key) => context.sink.unknownKey(key));
  const title = stringOf(upload, 'name');
  give(context, { place, type: 'attachment', id, title, texts, created: upload['uploadedAt'] });
}

function isDirect(place: RecordPlace): boolean {
  return place.kind === 'dm' || place.kind === 'group-dm';
}

/** A piece of an uploaded file; its room is not known, so it is only read with the direct messages. */
function readChunk(chunk: JsonObject, context: Context): void {
  const { data } = chunk;
  if (!context.includeDirect) {
    context.sink.note('direct-message');
    return;
  }
  if (typeof data !== 'string') {
    context.sink.note('undecodable');
    return;
  }
  const id = `${idOf(chunk, 'files_id') ?? 'unknown'}/${idOf(chunk, 'n') ?? ''}`;
  const text: RecordText = {
    text: data,
    dialect: 'plain',
    field: { path: 'data', role: 'attachment-text' },
  };
  give(context, { place: serverPlace(context.facts), type: 'attachment', id, texts: [text] });
}

const otherFormat: ObjectFormat = { field: () => undefined };

function readOther(document: JsonObject, context: Context): void {
  const rid = idOf(document, 'rid');
  const place = rid === undefined ? serverPlace(context.facts) : rocketChatPlace(context.facts, rid);
  if (isDirect(place) && !context.includeDirect) return;
  // Which keys there are is the collection's business: nothing here is unknown.
  const { texts } = textsOf(document, otherFormat);
  give(context, { place, type: 'setting', id: idOf(document, '_id') ?? 'unknown', texts });
}

function give(
  { sink, raw }: Context,
  record: Pick<ExportRecord, 'place' | 'type' | 'id' | 'texts'> & {
    readonly title?: string | undefined;
    readonly created?: unknown;
  },
): void {
  if (record.texts.length === 0) return;
  const { created, ...rest } = record;
  sink.record(
    defined<ExportRecord>({
      ...rest,
      time: recordTime(instantOf(created)),
      revision: { state: 'current' },
      action: 'edit',
      raw,
    }),
  );
}

/** All that a room's export says of a message. */
const exportedKeys = new Set(['msg', 'username', 'ts', 'attachments', 'type', 'drid', 'tmid', 'url']);

/** `{ msg, username, ts, attachments }`, one a line or in an array. */
function isExported(keys: readonly string[]): boolean {
  if (!keys.includes('msg') || !keys.includes('ts') || keys.includes('level')) return false;
  if (keys[0] === 'msg' && keys[1] === 'username' && keys.every((key) => exportedKeys.has(key))) return true;
  // Logs have messages and times too, but neither cards nor rooms.
  return keys.includes('username')
    ? keys.includes('attachments') || keys.includes('rid')
    : keys.includes('u');
}

export const rocketChatRoomReader: ExportReader = {
  id: 'rocketchat-room-export',
  system: 'rocketchat',
  label: 'Rocket.Chat room export',
  most: 0.75,
  jsonKeys: ['msg'],

  recognise({ json }) {
    if (json === undefined || recordPaths(json, isExported) === undefined) return undefined;
    return { score: 0.75, reason: 'messages with msg, username, ts' };
  },

  async read(file, sink, hints) {
    const facts = await rocketChatFacts(file, hints);
    const folder = file.name.split('/').slice(0, -1).pop();
    const room = folder ?? file.name.replace(/\.[a-z]{2,6}$/i, '');
    const ordinals = new Ordinals();
    await readJsonRecords(file, recordPathsOf(file, isExported) ?? [''], sink, {
      record: ({ value, raw }) => {
        if (!isObject(value)) return;
        const place = rocketChatPlace(facts, idOf(value, 'rid') ?? room);
        // Without an id in the export, the time is what lasts.
        const id = idOf(value, '_id') ?? ordinals.next(String(value['ts']));
        readRocketChatMessage(value, { place, id, permalink: undefined, raw }, sink);
      },
    });
  },
};
