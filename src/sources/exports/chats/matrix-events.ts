/** Events of a Matrix room to records. */
import type { ExportRecord, RecordPlace, RecordSink, RecordText } from '../contract.js';
import { defined } from '../defined.js';
import {
  idOf,
  type JsonObject,
  lastKey,
  type ObjectFormat,
  objectOf,
  stringOf,
  textsOf,
} from '../object-texts.js';
import { fromEpoch, recordTime } from '../times.js';
import { splitHtmlReply, splitPlainReply } from './matrix-replies.js';
import { editedBy, type MatrixRoom, relationOf } from './matrix-room.js';

const known = new Set([
  'displayname',
  'reason',
  'sender',
  'name',
  'answer',
  'question',
  'geo_uri',
  'room_version',
  'url',
  'alias',
  'alt_aliases',
  'aliases',
  'filename',
  'join_rule',
  'history_visibility',
  'guest_access',
  'via',
  'creator',
  'additional_creators',
  'predecessor',
  'replacement_room',
  'server_name',
  'allow',
  'deny',
  'users',
  'user_ids',
  'signed',
  'token',
  'mxid',
  'public_key',
  'key_validity_url',
  'display_name',
  'pinned',
  'key',
  'shortcode',
  'external_url',
  'candidate',
  'sdp',
  'sdpMid',
  'description',
  'transaction',
  'entity',
  'recommendation',
  'creatorUserId',
  'domain',
  'conferenceId',
  'roomName',
  'content_uri',
  'redacts',
  'origin',
]);
/** `iv` and `hashes` of encrypted attachments are public; their key is not. */
const noise = new Set([
  'algorithm',
  'device_id',
  'session_id',
  'sender_key',
  'call_id',
  'party_id',
  'room_type',
  'origin_server_ts',
  'blurhash',
  'event_id',
  'room_id',
  'type',
  'msgtype',
  'format',
  'user_id',
  'avatar_url',
  'membership',
  'iv',
  'sha256',
  'mimetype',
  'rel_type',
  'state_key',
  'alg',
  'kty',
  'key_ops',
  'v',
  'transaction_id',
  'thumbnail_url',
  'xyz.amorgan.blurhash',
]);

const format: ObjectFormat = {
  known,
  noise,
  field(path) {
    const key = lastKey(path);
    if (path[0] !== 'content') return path.length === 1 && key === 'sender' ? 'skip' : undefined;
    const inner = path.length === 2 || (path.length === 3 && path[1] === 'm.new_content') ? key : '';
    switch (inner) {
      case 'body':
        return { role: 'body', dialect: 'plain' };
      case 'formatted_body':
        return { role: 'body', dialect: 'html' };
      case 'filename':
        return { role: 'attachment-name', dialect: 'plain' };
      case 'topic':
        return { role: 'topic', dialect: 'plain' };
      case 'name':
        return { role: 'title', dialect: 'plain' };
      default:
        // Opens an attachment that the homeserver keeps encrypted.
        return key === 'k' && path.includes('key')
          ? { role: 'metadata', dialect: 'plain', label: 'k', artifact: true }
          : undefined;
    }
  },
};

export function placeOf(room: MatrixRoom, event: JsonObject | undefined): RecordPlace {
  const id = (event && idOf(event, 'room_id')) ?? room.id ?? room.name ?? 'unknown room';
  const name = room.name ?? id;
  if (room.isDirect) return { kind: 'dm', id, name, audience: 'restricted' };
  const audience =
    room.joinRule === 'public' ? 'public' : room.joinRule === undefined ? 'unknown' : 'restricted';
  return { kind: 'channel', id, name, audience };
}

export class EventReader {
  readonly #room: MatrixRoom;
  readonly #includeDirect: boolean;
  readonly #sink: RecordSink;

  constructor(room: MatrixRoom, includeDirect: boolean, sink: RecordSink) {
    this.#room = room;
    this.#includeDirect = includeDirect;
    this.#sink = sink;
  }

  event(event: JsonObject, raw: NonNullable<ExportRecord['raw']>): void {
    const place = placeOf(this.#room, event);
    if (place.kind === 'dm' && !this.#includeDirect) {
      this.#sink.note('direct-message');
      return;
    }
    if (isUndecrypted(event)) this.#sink.note('encrypted');
    const edited = editedBy(event);
    const { texts } = textsOf(event, format, (key) => this.#sink.unknownKey(key));
    const wording = edited === undefined ? texts : withoutFallback(texts);
    const reply = idOf(objectOf(relationOf(event) ?? {}, 'm.in_reply_to') ?? {}, 'event_id');
    const parts = reply === undefined ? { own: wording, quoted: [] } : splitReply(wording);
    const record = this.#record(event, place, edited, raw);
    if (parts.own.length > 0) this.#sink.record({ ...record, texts: parts.own });
    if (parts.quoted.length === 0 || reply === undefined) return;
    const { actor: _actor, time: _time, ...rest } = record;
    this.#sink.record({
      ...rest,
      id: `${record.id}/quote`,
      revision: { state: 'quoted-copy', of: reply },
      texts: parts.quoted,
    });
  }

  #record(
    event: JsonObject,
    place: RecordPlace,
    edited: string | undefined,
    raw: NonNullable<ExportRecord['raw']>,
  ): Omit<ExportRecord, 'texts'> {
    const own =
      idOf(event, 'event_id') ?? `${String(event['origin_server_ts'])} ${stringOf(event, 'sender') ?? ''}`;
    // All wordings of a message are revisions of one record.
    const id = edited ?? own;
    const relation = relationOf(event);
    const isThread = relation !== undefined && stringOf(relation, 'rel_type') === 'm.thread';
    const room = idOf(event, 'room_id');
    const sender = stringOf(event, 'sender', 'user_id');
    return defined({
      place,
      type: typeOf(stringOf(event, 'type') ?? ''),
      id,
      thread: isThread ? idOf(relation, 'event_id') : undefined,
      actor: sender === undefined ? undefined : { id: sender, kind: 'user' },
      time: recordTime(fromEpoch(event['origin_server_ts'], 'ms')),
      revision: this.#revision(event, own, id),
      permalink:
        room === undefined || !own.startsWith('$')
          ? undefined
          : { url: `https://matrix.to/#/${encodeURIComponent(room)}/${encodeURIComponent(own)}` },
      action: 'delete',
      raw,
    });
  }

  #revision(event: JsonObject, own: string, message: string): ExportRecord['revision'] {
    if (isRedacted(event)) return { state: 'deleted' };
    const current = this.#room.currentOf(message);
    const isReplaced = objectOf(
      objectOf(objectOf(event, 'unsigned') ?? {}, 'm.relations') ?? {},
      'm.replace',
    );
    const isOld = current === undefined ? isReplaced !== undefined : current !== own;
    if (isOld) return { state: 'previous', id: own };
    return own === message ? { state: 'current' } : { state: 'current', id: own };
  }
}

function isUndecrypted(event: JsonObject): boolean {
  const content = objectOf(event, 'content') ?? {};
  return stringOf(event, 'type') === 'm.room.encrypted' || stringOf(content, 'msgtype') === 'm.bad.encrypted';
}

function isRedacted(event: JsonObject): boolean {
  const unsigned = objectOf(event, 'unsigned') ?? {};
  return (
    objectOf(event, 'redacted_because') !== undefined || objectOf(unsigned, 'redacted_because') !== undefined
  );
}

function typeOf(type: string): ExportRecord['type'] {
  if (type === 'm.room.topic' || type === 'm.room.name') return 'setting';
  return /^m\.(?:room\.(?:message|encrypted)|sticker|poll\.)/.test(type) ? 'message' : 'event';
}

/**
 * An edit says the new wording twice: under `m.new_content`, and for old clients behind `* `. The second is kept only
 * where it says something else.
 */
function withoutFallback(texts: readonly RecordText[]): readonly RecordText[] {
  const fresh = new Map<string, string>();
  for (const { field, text } of texts) {
    if (field.path.startsWith('content.m.new_content.')) fresh.set(field.path.slice(22), text);
  }
  return texts.filter(({ field, text }) => {
    const replaced = field.path.startsWith('content.') ? fresh.get(field.path.slice(8)) : undefined;
    return replaced === undefined || (text !== replaced && text !== `* ${replaced}`);
  });
}

/** Parts a reply from the copy of what it answers. */
function splitReply(texts: readonly RecordText[]): { own: RecordText[]; quoted: RecordText[] } {
  const own: RecordText[] = [];
  const quoted: RecordText[] = [];
  for (const text of texts) {
    const parts =
      text.field.role !== 'body'
        ? undefined
        : text.dialect === 'html'
          ? splitHtmlReply(text.text)
          : splitPlainReply(text.text);
    if (parts === undefined) own.push(text);
    else {
      quoted.push({ ...text, text: parts.quoted });
      if (parts.own !== '') own.push({ ...text, text: parts.own });
    }
  }
  return { own, quoted };
}
