/** Messenger and Instagram: a conversation's `message_1.json`, of the account's download or the encrypted backup's. */
import { isUtf8 } from 'node:buffer';
import type { ExportFile, ExportReader, ExportRecord, Probe, RecordPlace, RecordSink } from '../contract.js';
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
import { recordPaths } from '../record-paths.js';
import { fromEpoch, recordTime } from '../times.js';
import { inMemory, silent } from './twice.js';

export const messengerReader: ExportReader = {
  id: 'messenger-thread',
  system: 'messenger',
  label: 'Messenger or Instagram conversation',
  most: 0.95,
  jsonKeys: ['sender_name', 'senderName'],
  recognise(probe: Probe) {
    if (recordPaths(probe.json, isMessage) === undefined) return undefined;
    return { score: 0.95, reason: 'messages with sender_name and timestamp_ms' };
  },
  async read(file, sink, hints) {
    if (!hints.includeDirect) {
      // All of it is between people.
      await readJsonRecords(file, ['/messages/*'], sink, { record: () => sink.note('direct-message') });
      return;
    }
    const held = await inMemory(file);
    const header = held === undefined ? undefined : await headerOf(held, sink);
    const reader = new ThreadReader(file.name, sink);
    await readJsonRecords(held ?? file, ['/messages/*'], sink, {
      record: ({ value, ancestors, raw }) => {
        if (isObject(value)) reader.message(value, header ?? ancestors[0] ?? {}, raw);
        else sink.note('malformed');
      },
      end: (root) => {
        if (isObject(root)) reader.header(root);
      },
    });
  },
};

function isMessage(keys: readonly string[]): boolean {
  const all = new Set(keys);
  if (all.has('sender_name') && all.has('timestamp_ms')) return true;
  return all.has('senderName') && all.has('timestamp') && all.has('isUnsent');
}

/** Title and path of the conversation stand behind its messages. */
async function headerOf(file: ExportFile, sink: RecordSink): Promise<JsonObject | undefined> {
  let header: JsonObject | undefined;
  await readJsonRecords(file, ['/messages/*'], silent(sink), {
    record: () => undefined,
    end: (root) => {
      if (isObject(root)) header = root;
    },
  });
  return header;
}

const format: ObjectFormat = {
  known: new Set([
    'thread_path',
    'name',
    'link',
    'share_text',
    'title',
    'actor',
    'reaction',
    'ip',
    'original_content_owner',
    'text',
  ]),
  noise: new Set(['type', 'media_path_INTERNAL', 'type_INTERNAL', 'thread_type']),
  field(path) {
    const key = lastKey(path);
    if (path.length === 1 && (key === 'sender_name' || key === 'senderName')) return 'skip';
    if (path.length === 1 && (key === 'content' || key === 'text')) return { role: 'body', dialect: 'plain' };
    if (path.length === 1 && (key === 'title' || key === 'threadName'))
      return { role: 'title', dialect: 'plain' };
    if (key === 'uri') return { role: 'attachment-name', dialect: 'plain' };
    return path[0] === 'share' && key === 'link' ? { role: 'link', dialect: 'plain' } : undefined;
  },
};

class ThreadReader {
  readonly #fileName: string;
  readonly #sink: RecordSink;
  #place: RecordPlace | undefined;
  /** Id of the last message, and how many in a row have it. */
  #last = { id: '', count: 0 };

  constructor(fileName: string, sink: RecordSink) {
    this.#fileName = fileName;
    this.#sink = sink;
  }

  message(source: JsonObject, header: JsonObject, raw: NonNullable<ExportRecord['raw']>): void {
    const message = readable(source) as JsonObject;
    this.#place ??= placeOf(readable(header) as JsonObject, this.#fileName);
    const sender = stringOf(message, 'sender_name', 'senderName');
    const { texts } = textsOf(message, format, (key) => this.#sink.unknownKey(key));
    if (texts.length === 0) return;
    const isUnsent = message['is_unsent'] === true || message['isUnsent'] === true;
    this.#sink.record(
      defined({
        place: this.#place,
        type: 'message',
        id: this.#id(message, sender),
        actor: sender === undefined ? undefined : { name: sender, kind: 'user' },
        time: recordTime(fromEpoch(message['timestamp_ms'] ?? message['timestamp'], 'ms')),
        revision: { state: isUnsent ? 'deleted' : 'current' },
        action: 'delete',
        texts,
        raw,
      }),
    );
  }

  header(root: JsonObject): void {
    const header = readable(root) as JsonObject;
    const { texts } = textsOf(header, format, (key) => this.#sink.unknownKey(key));
    const place = this.#place ?? placeOf(header, this.#fileName);
    if (texts.length > 0)
      this.#sink.record({ place, type: 'setting', id: 'thread', revision: { state: 'current' }, texts });
  }

  /** Messages have no ids: time and sender name one, and its turn when several share both. */
  #id(message: JsonObject, sender: string | undefined): string {
    const id = `${idOf(message, 'timestamp_ms', 'timestamp') ?? '?'}/${sender ?? '?'}`;
    this.#last = id === this.#last.id ? { id, count: this.#last.count + 1 } : { id, count: 1 };
    return this.#last.count === 1 ? id : `${id}/${this.#last.count}`;
  }
}

function placeOf(header: JsonObject, fileName: string): RecordPlace {
  const folder = fileName.split('/').slice(-3, -1).join('/');
  const id =
    stringOf(header, 'thread_path', 'threadName') ?? (folder === '' ? 'unknown conversation' : folder);
  const name = stringOf(header, 'title', 'threadName') ?? id;
  const people: unknown = header['participants'];
  const kind = Array.isArray(people) && people.length > 2 ? 'group-dm' : 'dm';
  return { kind, id, name, audience: 'restricted' };
}

const maxDepth = 32;

/** The download writes each byte of UTF-8 as a character of its own: undone in all strings where that fits. */
function readable(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return fromBytes(value);
  if (typeof value !== 'object' || value === null || depth > maxDepth) return value;
  if (Array.isArray(value)) return value.map((element: unknown) => readable(element, depth + 1));
  const object = Object.create(null) as Record<string, unknown>;
  for (const [key, child] of Object.entries(value)) object[fromBytes(key)] = readable(child, depth + 1);
  return object;
}

function fromBytes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes are what is looked for.
  if (!/[\x80-\xff]/.test(text) || /[^\x00-\xff]/.test(text)) return text;
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : text;
}
