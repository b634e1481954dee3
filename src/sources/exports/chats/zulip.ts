/** Zulip: the messages of an export (`messages-000001.json`), old wordings among them. */
import type { ExportReader, ExportRecord, Probe, RecordPlace, RecordSink, RecordText } from '../contract.js';
import { defined } from '../defined.js';
import { readJsonRecords } from '../json-records.js';
import { jsonInString } from '../leaves.js';
import { idOf, isObject, type JsonObject, type ObjectFormat, stringOf, textsOf } from '../object-texts.js';
import { fromEpoch, recordTime } from '../times.js';
import { realmBeside, type ZulipRealm } from './zulip-realm.js';

export const zulipMessagesReader: ExportReader = {
  id: 'zulip-messages',
  system: 'zulip',
  label: 'Zulip messages',
  most: 0.97,
  jsonKeys: ['zerver_message'],
  recognise(probe: Probe) {
    if (probe.json?.root !== 'object' || !probe.json.keys.includes('zerver_message')) return undefined;
    return { score: 0.97, reason: 'key zerver_message' };
  },
  async read(file, sink, hints) {
    const reader = new MessageReader(await realmBeside(file), hints.baseUrl, hints.includeDirect, sink);
    // Who read what is the larger table; named here, it is not kept.
    await readJsonRecords(file, ['/zerver_message/*', '/zerver_usermessage/*'], sink, {
      record: ({ pointer, value, raw }) => {
        if (!pointer.startsWith('/zerver_message/')) return;
        if (isObject(value)) reader.message(value, raw);
        else sink.note('malformed');
      },
    });
  },
};

const format: ObjectFormat = {
  known: new Set(['sending_client']),
  field(path) {
    if (path.length !== 1) return undefined;
    switch (path[0]) {
      case 'content':
        return { role: 'body', dialect: 'markdown' };
      case 'rendered_content':
        return { role: 'body', dialect: 'html' };
      case 'subject':
        return { role: 'topic', dialect: 'plain' };
      case 'edit_history':
        // A JSON text, whose entries are records of their own.
        return 'skip';
      default:
        return undefined;
    }
  },
};

const historyFormat: ObjectFormat = {
  known: new Set(),
  field(path) {
    switch (path.length === 1 ? path[0] : undefined) {
      case 'prev_content':
        return { role: 'body', dialect: 'markdown' };
      case 'prev_rendered_content':
        return { role: 'body', dialect: 'html' };
      case 'prev_subject':
      case 'prev_topic':
        return { role: 'topic', dialect: 'plain' };
      case 'subject':
      case 'topic':
        // What the topic became: the next entry's old one, or the message's own.
        return 'skip';
      default:
        return undefined;
    }
  },
};

class MessageReader {
  readonly #realm: ZulipRealm;
  readonly #baseUrl: string | undefined;
  readonly #includeDirect: boolean;
  readonly #sink: RecordSink;

  constructor(realm: ZulipRealm, baseUrl: string | undefined, includeDirect: boolean, sink: RecordSink) {
    this.#realm = realm;
    this.#baseUrl = (baseUrl ?? realm.url)?.replace(/\/+$/, '');
    this.#includeDirect = includeDirect;
    this.#sink = sink;
  }

  message(message: JsonObject, raw: NonNullable<ExportRecord['raw']>): void {
    const place = this.#place(message);
    if (place.kind !== 'channel' && !this.#includeDirect) {
      this.#sink.note('direct-message');
      return;
    }
    const id = idOf(message, 'id') ?? 'unknown';
    const topic = stringOf(message, 'subject');
    const sent = fromEpoch(message['date_sent'], 's');
    const sender = idOf(message, 'sender');
    const record: Omit<ExportRecord, 'texts' | 'revision'> = defined({
      place,
      type: 'message',
      id,
      title: topic,
      actor:
        sender === undefined ? undefined : (this.#realm.people.get(sender) ?? { id: sender, kind: 'user' }),
      time: recordTime(sent, fromEpoch(message['last_edit_time'], 's')),
      permalink: this.#permalink(place, topic, id),
      action: 'delete',
      raw,
    });
    const { texts } = textsOf(message, format, (key) => this.#sink.unknownKey(key));
    this.#sink.record({ ...record, revision: { state: 'current' }, texts });
    for (const old of this.#history(message)) {
      this.#sink.record({
        ...record,
        ...defined<Pick<ExportRecord, 'actor' | 'time'>>({ time: recordTime(sent, old.written) }),
        revision: { state: 'previous', id: String(old.number) },
        texts: old.texts,
      });
    }
  }

  /** Old wordings: entries stand newest first, and each says what was there before it. */
  #history(
    message: JsonObject,
  ): { number: number; written: ReturnType<typeof fromEpoch>; texts: readonly RecordText[] }[] {
    const source = message['edit_history'];
    const history = typeof source === 'string' ? jsonInString(source) : source;
    if (!Array.isArray(history)) {
      if (typeof source === 'string' && source.trim() !== '') this.#sink.note('malformed');
      return [];
    }
    const entries: readonly unknown[] = history;
    return entries.flatMap((entry, index) => {
      if (!isObject(entry)) return [];
      const { texts } = textsOf(entry, historyFormat, (key) => this.#sink.unknownKey(key));
      const older = entries.slice(index + 1).find(isObject);
      const written = fromEpoch(older?.['timestamp'], 's');
      return texts.length === 0 ? [] : [{ number: entries.length - index, written, texts }];
    });
  }

  #place(message: JsonObject): RecordPlace {
    const id = idOf(message, 'recipient') ?? 'unknown';
    const recipient = this.#realm.recipients.get(id);
    const tenant = this.#realm.tenant;
    if (recipient?.type === '2') {
      return (
        this.#realm.channels.get(recipient.id) ??
        defined({ kind: 'channel', tenant, id: recipient.id, name: `#${recipient.id}`, audience: 'unknown' })
      );
    }
    if (recipient === undefined && stringOf(message, 'subject') !== undefined) {
      // Only messages to channels have a topic.
      return defined({
        kind: 'channel',
        tenant,
        id: `recipient ${id}`,
        name: `recipient ${id}`,
        audience: 'unknown',
      });
    }
    const person = recipient?.type === '1' ? this.#realm.people.get(recipient.id)?.name : undefined;
    const name = person ?? `recipient ${id}`;
    const kind = recipient?.type === '3' ? 'group-dm' : 'dm';
    return defined({ kind, tenant, id: `recipient ${id}`, name, audience: 'restricted' });
  }

  #permalink(place: RecordPlace, topic: string | undefined, id: string): ExportRecord['permalink'] {
    if (this.#baseUrl === undefined || place.kind !== 'channel' || !/^\d+$/.test(place.id)) return undefined;
    const channel = `${place.id}-${hashPart(place.name.replace(/^#/, '').replaceAll(' ', '-'))}`;
    return { url: `${this.#baseUrl}/#narrow/channel/${channel}/topic/${hashPart(topic ?? '')}/near/${id}` };
  }
}

/** Zulip's encoding behind the `#`: percent signs become dots. */
function hashPart(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replace(/[.()]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%', '.');
}
