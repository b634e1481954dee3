/** What other collections of a mongodump say of the one that is read: rooms, and the address of the site. */
import type { Audience } from '../../../model/place.js';
import type { ExportFile, ReaderHints, RecordPlace } from '../contract.js';
import { defined } from '../defined.js';
import { gunzipped } from '../gunzipped.js';
import { type JsonObject, stringOf } from '../object-texts.js';
import { bsonDocuments } from './bson-documents.js';
import { filesBeside } from './side-files.js';

/** Larger collections are not held. */
const maxBytes = 64 * 1024 * 1024;

export interface RocketChatFacts {
  readonly rooms: ReadonlyMap<string, RocketChatRoom>;
  readonly baseUrl: string | undefined;
}

export interface RocketChatRoom {
  readonly kind: RecordPlace['kind'];
  readonly audience: Audience;
  /** Part of the room's address: `channel`, `group`, `direct`. */
  readonly path: string;
  readonly name: string | undefined;
  readonly label: string | undefined;
  readonly isArchived: boolean;
}

export async function rocketChatFacts(file: ExportFile, hints: ReaderHints): Promise<RocketChatFacts> {
  const [roomFile] = await filesBeside(file, /^rocketchat_room\.bson(?:\.gz)?$/i);
  const [settingsFile] = await filesBeside(file, /^rocketchat_settings\.bson(?:\.gz)?$/i);
  const rooms = await file.tree.memo(`rocketchat-rooms:${roomFile ?? ''}`, async () => {
    const found = new Map<string, RocketChatRoom>();
    for (const room of await documentsOf(file, roomFile)) {
      const id = stringOf(room, '_id');
      if (id !== undefined) found.set(id, roomOf(room));
    }
    return found;
  });
  const site = await file.tree.memo(`rocketchat-site:${settingsFile ?? ''}`, async () => {
    const settings = await documentsOf(file, settingsFile);
    const setting = settings.find((document) => document['_id'] === 'Site_Url');
    return setting === undefined ? undefined : stringOf(setting, 'value');
  });
  return { rooms, baseUrl: (hints.baseUrl ?? site)?.replace(/\/+$/, '') };
}

async function documentsOf(file: ExportFile, name: string | undefined): Promise<readonly JsonObject[]> {
  const bytes = name === undefined ? undefined : await file.tree.read(name, maxBytes);
  // `mongodump --gzip` packs each collection.
  return bytes === undefined ? [] : bsonDocuments(gunzipped(bytes, maxBytes));
}

/** A room by its document. */
export function roomOf(room: JsonObject): RocketChatRoom {
  const type = room['t'];
  const people = room['usernames'];
  const isDirect = type === 'd';
  const isGroup = isDirect && Array.isArray(people) && people.length > 2;
  return {
    kind: isGroup ? 'group-dm' : isDirect ? 'dm' : 'channel',
    audience: type === 'c' ? 'internal' : type === 'p' || isDirect ? 'restricted' : 'unknown',
    path: type === 'c' ? 'channel' : isDirect ? 'direct' : type === 'l' ? 'live' : 'group',
    name: stringOf(room, 'name'),
    label: stringOf(room, 'fname', 'name'),
    isArchived: room['archived'] === true,
  };
}

/** Ids of users are 17 characters, and a direct room's is made of two of them. */
const userIdLength = 17;

export function rocketChatPlace(facts: RocketChatFacts, rid: string): RecordPlace {
  const room = facts.rooms.get(rid);
  const isDirect = room === undefined ? rid.length === 2 * userIdLength : room.kind !== 'channel';
  const kind = room?.kind ?? (isDirect ? 'dm' : 'channel');
  return defined<RecordPlace>({
    kind,
    tenant: hostOf(facts.baseUrl),
    id: rid,
    // The names of direct rooms are those of people.
    name: kind === 'channel' ? `#${room?.label ?? rid}` : `direct message ${rid}`,
    audience: room?.audience ?? (isDirect ? 'restricted' : 'unknown'),
    archived: room?.isArchived === true ? true : undefined,
  });
}

export function serverPlace(facts: RocketChatFacts): RecordPlace {
  const host = hostOf(facts.baseUrl);
  return defined<RecordPlace>({
    kind: 'workspace',
    tenant: host,
    id: host ?? 'server',
    name: host ?? 'Rocket.Chat',
    audience: 'internal',
  });
}

function hostOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : /^https?:\/\/([^/?#]+)/.exec(url)?.[1];
}

/** Link to a message. */
export function rocketChatLink(
  facts: RocketChatFacts,
  rid: string,
  id: string,
): { readonly url: string } | undefined {
  const room = facts.rooms.get(rid);
  if (facts.baseUrl === undefined || room === undefined || room.path === 'live') return undefined;
  // A direct room is addressed by its id; the others by their name.
  const name = room.path === 'direct' ? rid : room.name;
  if (name === undefined) return undefined;
  return { url: `${facts.baseUrl}/${room.path}/${encodeURIComponent(name)}?msg=${encodeURIComponent(id)}` };
}
