/** Skype and Teams free: the personal export, one `messages.json` with all conversations. */
import type { ExportReader, ExportRecord, Probe, RecordPlace, RecordSink } from '../contract.js';
import { readJsonRecords } from '../json-records.js';
import {
  idOf,
  isObject,
  type JsonObject,
  type ObjectFormat,
  objectOf,
  stringOf,
  textsOf,
} from '../object-texts.js';
import { fromEpoch, fromIso, recordTime } from '../times.js';
import { type SkypeQuote, splitQuotes } from './skype-quotes.js';

export const skypeReader: ExportReader = {
  id: 'teams-personal',
  system: 'teams',
  label: 'Skype or Teams personal export',
  most: 0.95,
  jsonKeys: ['conversations'],
  recognise(probe: Probe) {
    const keys = probe.json?.keys ?? [];
    if (probe.json?.root !== 'object' || !keys.includes('conversations')) return undefined;
    const isSure = keys.includes('exportDate') && keys.includes('userId');
    const inner = probe.json.inner['conversations'] ?? [];
    if (!isSure && !inner.includes('MessageList')) return undefined;
    return { score: isSure ? 0.95 : 0.85, reason: 'keys userId, exportDate, conversations' };
  },
  async read(file, sink, hints) {
    const reader = new ConversationReader(sink);
    await readJsonRecords(file, ['/conversations/*/MessageList/*'], sink, {
      record: ({ value, ancestors, raw }) => {
        // All of it is between people: there are no channels.
        if (!hints.includeDirect) sink.note('direct-message');
        else if (isObject(value)) reader.message(value, ancestors.at(-1) ?? {}, raw);
        else sink.note('malformed');
      },
      end: (root) => {
        if (hints.includeDirect && isObject(root)) reader.root(root);
      },
    });
    await sink.drained();
  },
};

const noise = new Set([
  'id',
  'version',
  'messagetype',
  'originalarrivaltime',
  'conversationid',
  'amsreferences',
  'composetime',
  'cid',
  'albumId',
]);
const known = new Set(['displayName', 'from', 'urlpreviews', 'emotions', 'userId', 'members']);

const messageFormat: ObjectFormat = {
  known,
  noise,
  field(path, _text, holder) {
    if (path.length !== 1 || path[0] !== 'content') return undefined;
    return { role: 'body', dialect: stringOf(holder, 'messagetype') === 'Text' ? 'plain' : 'html' };
  },
};

const conversationFormat: ObjectFormat = {
  known,
  noise,
  field(path) {
    if (path.length === 1 && path[0] === 'displayName') return { role: 'title', dialect: 'plain' };
    return path.at(-1) === 'topic' ? { role: 'topic', dialect: 'plain' } : undefined;
  },
};

class ConversationReader {
  readonly #sink: RecordSink;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  message(message: JsonObject, conversation: JsonObject, raw: NonNullable<ExportRecord['raw']>): void {
    const content = splitQuotes(stringOf(message, 'content') ?? '');
    const own = content.quotes.length === 0 ? message : { ...message, content: content.own };
    const { texts } = textsOf(own, messageFormat, (key) => this.#sink.unknownKey(key));
    const record = { ...recordOf(message, conversation), texts, raw };
    this.#sink.record(record);
    content.quotes.forEach((quote, index) => {
      this.#sink.record(quoteRecord(record, quote, index));
    });
  }

  /** The conversations themselves, once all messages are read. */
  root(root: JsonObject): void {
    const { conversations, ...header } = root;
    const headerTexts = textsOf(header, conversationFormat, (key) => this.#sink.unknownKey(key)).texts;
    if (headerTexts.length > 0) this.#sink.record({ ...exportRecord, texts: headerTexts });
    if (!Array.isArray(conversations)) return;
    for (const conversation of conversations) {
      if (!isObject(conversation)) continue;
      const { MessageList: _, ...rest } = conversation;
      const { texts } = textsOf(rest, conversationFormat, (key) => this.#sink.unknownKey(key));
      const place = placeOf(conversation);
      if (texts.length > 0)
        this.#sink.record({ place, type: 'setting', id: place.id, revision: { state: 'current' }, texts });
    }
  }
}

const exportRecord: Omit<ExportRecord, 'texts'> = {
  place: { kind: 'workspace', id: 'export', name: 'Skype export', audience: 'restricted' },
  type: 'setting',
  id: 'export',
  revision: { state: 'current' },
};

function recordOf(message: JsonObject, conversation: JsonObject): Omit<ExportRecord, 'texts'> {
  const properties = objectOf(message, 'properties') ?? {};
  const created = fromIso(message['originalarrivaltime']);
  const time = recordTime(created, fromEpoch(properties['edittime'], 'ms'));
  const id = idOf(message, 'id') ?? created?.text ?? 'unknown';
  const from = stringOf(message, 'from');
  const name = stringOf(message, 'displayName');
  const isEvent = stringOf(message, 'messagetype')?.startsWith('ThreadActivity/') === true;
  const fallback = idOf(message, 'conversationid');
  return {
    place: placeOf(conversation, fallback),
    type: isEvent ? 'event' : 'message',
    id,
    revision: { state: idOf(properties, 'deletetime') === undefined ? 'current' : 'deleted' },
    action: 'delete',
    ...(time === undefined ? {} : { time }),
    ...(from === undefined && name === undefined
      ? {}
      : {
          actor: {
            kind: 'user',
            ...(from === undefined ? {} : { id: from.slice(from.lastIndexOf('/') + 1) }),
            ...(name === undefined ? {} : { name }),
          },
        }),
  };
}

function quoteRecord(outer: ExportRecord, quote: SkypeQuote, index: number): ExportRecord {
  const { actor: _actor, time: _time, ...rest } = outer;
  const time = recordTime(fromEpoch(quote.timestamp, 's'));
  return {
    ...rest,
    id: `${outer.id}/${index}`,
    revision: { state: 'quoted-copy', ...(quote.of === undefined ? {} : { of: quote.of }) },
    texts: [{ text: quote.text, dialect: 'html', field: { path: 'content.quote', role: 'body' } }],
    ...(quote.author === undefined ? {} : { actor: { kind: 'user', name: quote.author } }),
    ...(time === undefined ? {} : { time }),
  };
}

/** `8:` are people, `19:` groups; `48:` are the user's own notes and calls. */
function placeOf(conversation: JsonObject, fallback?: string): RecordPlace {
  const id = idOf(conversation, 'id') ?? fallback ?? 'unknown conversation';
  const properties = objectOf(conversation, 'threadProperties') ?? {};
  const name = stringOf(conversation, 'displayName') ?? stringOf(properties, 'topic') ?? id;
  return { kind: id.startsWith('19:') ? 'group-dm' : 'dm', id, name, audience: 'restricted' };
}
