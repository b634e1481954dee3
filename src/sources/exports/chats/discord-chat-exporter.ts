/** DiscordChatExporter, JSON: one channel or thread a file. */
import type { ExportReader, ExportRecord, RecordActor, RecordPlace, RecordSink } from '../contract.js';
import { defined } from '../defined.js';
import { readJsonRecords } from '../json-records.js';
import {
  idOf,
  isObject,
  type JsonObject,
  lastKey,
  type ObjectFormat,
  objectOf,
  stringOf,
  textsOf,
} from '../object-texts.js';
import { fromIso, recordTime } from '../times.js';
import { cardField } from './card-fields.js';
import { type DiscordChannel, discordLink, discordPlace, isSigned } from './discord-place.js';

const noise = new Set(['id', 'timestamp', 'timestampEdited', 'callEndedTimestamp', 'color', 'code']);
const pictureKeys = new Set(['avatarUrl', 'iconUrl', 'imageUrl', 'sourceUrl']);
/** A picture at Discord, or downloaded beside the messages. */
const picture = /^[^\s?]{1,400}(?:\?size=\d{1,5})?$|\.(?:png|jpe?g|gif|webp|svg|json)$/i;
/** Longer names of emoji, sorts of messages and the like are not what they should be. */
const longestWord = 40;

/** Words of closed sets and addresses of pictures, when they look the part. */
function isPlain(key: string, text: string): boolean {
  if (pictureKeys.has(key)) return picture.test(text);
  return text.length <= longestWord && plainKeys.has(key) && /^[\w#-]+$/.test(text);
}
const plainKeys = new Set(['type', 'discriminator', 'format', 'after', 'before', 'exportedAt']);

const format: ObjectFormat = {
  noise,
  known: new Set(['name', 'question', 'answers', 'text', 'category', 'description']),
  isRecord: (_value, path) => path[0] === 'forwardedMessage' && path.length === 1,
  field(path, text, holder) {
    const [top] = path;
    const key = lastKey(path);
    if (isPlain(key, text)) return 'skip';
    switch (top) {
      case 'content':
        return { role: 'body', dialect: 'markdown' };
      case 'author':
        return 'skip';
      case 'attachments':
        if (key === 'fileName') return { role: 'filename', dialect: 'plain' };
        return key === 'url' ? linkField(text) : undefined;
      case 'embeds':
        return embedField(path.slice(2), text, holder);
      // Who is mentioned and who reacted; the words of the mention are in the content.
      case 'mentions':
      case 'reactions':
      case 'roles':
      case 'inlineEmojis':
        return text.length <= longestWord ? 'skip' : undefined;
      case 'interaction':
        return path[1] === 'user' ? 'skip' : { role: 'metadata', dialect: 'plain' };
      default:
        return undefined;
    }
  },
};

function linkField(url: string): ReturnType<ObjectFormat['field']> {
  return { role: 'link', dialect: 'plain', ...(isSigned(url) ? { artifact: true } : {}) };
}

function embedField(
  path: readonly string[],
  text: string,
  holder: JsonObject,
): ReturnType<ObjectFormat['field']> {
  const key = lastKey(path);
  if (key === 'url' || key === 'canonicalUrl') return linkField(text);
  if (path[0] === 'author' && key === 'name') return { role: 'body', dialect: 'markdown' };
  return cardField(path, text, holder, 'markdown');
}

const channelFormat: ObjectFormat = {
  noise,
  field(path, text) {
    const key = lastKey(path);
    if (isPlain(key, text)) return 'skip';
    if (path.join('.') === 'channel.topic') return { role: 'topic', dialect: 'markdown' };
    return key === 'name' || key === 'category' ? { role: 'setting', dialect: 'plain' } : undefined;
  },
};

export const discordChatExporterReader: ExportReader = {
  id: 'discord-chat-exporter-json',
  system: 'discord',
  label: 'DiscordChatExporter JSON',
  most: 0.95,
  jsonKeys: ['guild'],

  recognise({ json }) {
    if (json?.root !== 'object') return undefined;
    const { keys } = json;
    if (!keys.includes('guild') || !keys.includes('channel')) return undefined;
    if (!keys.includes('messages') && !keys.includes('dateRange')) return undefined;
    return { score: 0.95, reason: 'keys guild, channel, messages' };
  },

  async read(file, sink, hints) {
    const reader = new ChannelReader(sink, hints.includeDirect);
    await readJsonRecords(file, ['/messages/*'], sink, {
      record: ({ value, ancestors, raw }) => {
        reader.header(ancestors[0]);
        if (isObject(value)) reader.message(value, raw);
        else sink.note('malformed');
      },
      end: (root) => reader.header(isObject(root) ? root : undefined),
    });
  },
};

/** Members of the root that are no header. */
const notHeader = new Set(['messages', 'messageCount', 'dateRange', 'exportedAt']);
/** Authors remembered so that each is handed over once. */
const maxAuthors = 100_000;

class ChannelReader {
  readonly #sink: RecordSink;
  readonly #includeDirect: boolean;
  #channel: DiscordChannel | undefined;
  #place: RecordPlace | undefined;
  readonly #authors = new Set<string>();

  constructor(sink: RecordSink, includeDirect: boolean) {
    this.#sink = sink;
    this.#includeDirect = includeDirect;
  }

  /** What stands before the messages: server and channel. Told once. */
  header(root: JsonObject | undefined): void {
    if (root === undefined || this.#channel !== undefined) return;
    const guild = objectOf(root, 'guild') ?? {};
    const channel = objectOf(root, 'channel') ?? {};
    const guildId = idOf(guild, 'id');
    const type = stringOf(channel, 'type') ?? '';
    const isDirect = guildId === '0' || type.startsWith('Direct');
    this.#channel = {
      guildId,
      id: idOf(channel, 'id') ?? 'unknown',
      name: stringOf(channel, 'name'),
      isDirect,
      isGroup: type === 'DirectGroupTextChat',
    };
    this.#place = discordPlace(this.#channel);
    if (isDirect && !this.#includeDirect) return;
    const shown = Object.fromEntries(Object.entries(root).filter(([key]) => !notHeader.has(key)));
    const { texts } = textsOf(shown, channelFormat, (key) => this.#sink.unknownKey(key));
    if (texts.length === 0) return;
    this.#sink.record({
      place: this.#place,
      type: 'setting',
      id: this.#channel.id,
      revision: { state: 'current' },
      action: 'edit',
      texts,
    });
  }

  message(message: JsonObject, raw: ExportRecord['raw']): void {
    if (this.#channel === undefined || this.#place === undefined) this.header({});
    const channel = this.#channel;
    const place = this.#place;
    if (channel === undefined || place === undefined) return;
    if (channel.isDirect && !this.#includeDirect) {
      this.#sink.note('direct-message');
      return;
    }
    const id = idOf(message, 'id') ?? `byte ${raw?.start ?? 0}`;
    const author = objectOf(message, 'author');
    if (author !== undefined) this.#author(author, place);
    const record = defined<Omit<ExportRecord, 'texts'>>({
      place,
      type: 'message',
      id,
      actor: author === undefined ? undefined : actorOf(author),
      time: recordTime(fromIso(message['timestamp']), fromIso(message['timestampEdited'])),
      revision: { state: 'current' },
      permalink: discordLink(channel, id),
      action: author?.['isBot'] === true ? 'delete' : 'edit',
      raw,
    });
    const { own, previews } = splitEmbeds(message);
    const { texts, inner } = textsOf(own, format, (key) => this.#sink.unknownKey(key));
    if (texts.length > 0) this.#sink.record({ ...record, texts });
    for (const { index, embed } of previews) this.#preview(embed, index, record);
    for (const { value } of inner) this.#forwarded(value, message, record);
    this.#noteFiles(message['attachments']);
  }

  /** A link that the client shows: what stands at its address. */
  #preview(embed: JsonObject, index: number, record: Omit<ExportRecord, 'texts'>): void {
    const embeds: unknown[] = [];
    embeds[index] = embed;
    const { texts } = textsOf({ embeds }, format, (key) => this.#sink.unknownKey(key));
    const of = stringOf(embed, 'url');
    if (texts.length === 0) return;
    this.#sink.record({
      ...record,
      revision: { state: 'preview', id: `embeds.${index}`, ...(of === undefined ? {} : { of }) },
      action: 'delete',
      texts,
    });
  }

  #forwarded(value: JsonObject, message: JsonObject, record: Omit<ExportRecord, 'texts'>): void {
    const { texts } = textsOf(value, format, (key) => this.#sink.unknownKey(key));
    const reference = objectOf(message, 'reference');
    const of = reference === undefined ? undefined : idOf(reference, 'messageId');
    if (texts.length === 0) return;
    this.#sink.record({
      ...record,
      revision: { state: 'quoted-copy', id: 'forwardedMessage', ...(of === undefined ? {} : { of }) },
      action: 'delete',
      texts,
    });
  }

  /** Names come with every message; a record of its own, once, holds them. */
  #author(author: JsonObject, place: RecordPlace): void {
    const id = idOf(author, 'id') ?? 'unknown';
    const { texts } = textsOf(author, authorFormat, (key) => this.#sink.unknownKey(key));
    const seen = `${id}\n${texts.map((text) => text.text).join('\n')}`;
    if (texts.length === 0 || this.#authors.has(seen)) return;
    if (this.#authors.size < maxAuthors) this.#authors.add(seen);
    this.#sink.record({
      place,
      type: 'profile',
      id,
      actor: actorOf(author),
      revision: { state: 'current' },
      texts,
    });
  }

  /** Files that were not downloaded have an address at Discord instead of a path. */
  #noteFiles(attachments: unknown): void {
    if (!Array.isArray(attachments)) return;
    for (const attachment of attachments) {
      const url = isObject(attachment) ? stringOf(attachment, 'url') : undefined;
      if (url?.startsWith('http') === true) this.#sink.note('attachment-missing');
    }
  }
}

const authorFormat: ObjectFormat = {
  noise,
  field(path, text) {
    const key = lastKey(path);
    if (key === 'id' || isPlain(key, text)) return 'skip';
    return key === 'name' || path.length === 1 ? { role: 'profile', dialect: 'plain' } : undefined;
  },
};

function actorOf(author: JsonObject): RecordActor {
  return defined<RecordActor>({
    id: idOf(author, 'id'),
    name: stringOf(author, 'nickname', 'name'),
    kind: author['isBot'] === true ? 'bot' : 'user',
  });
}

/** Bots write embeds; for people the client makes them of links. */
function splitEmbeds(message: JsonObject): {
  readonly own: JsonObject;
  readonly previews: readonly { readonly index: number; readonly embed: JsonObject }[];
} {
  const { embeds } = message;
  const author = objectOf(message, 'author');
  if (!Array.isArray(embeds) || embeds.length === 0 || author?.['isBot'] === true)
    return { own: message, previews: [] };
  const previews = embeds.flatMap((embed: unknown, index) =>
    isObject(embed) && stringOf(embed, 'url') !== undefined ? [{ index, embed }] : [],
  );
  const shown = new Set(previews.map(({ index }) => index));
  return {
    own: { ...message, embeds: embeds.map((embed: unknown, index) => (shown.has(index) ? null : embed)) },
    previews,
  };
}
