/** Discord's package of one's own data: `messages/c<id>/messages.json` or `.csv`, with `channel.json` beside it. */
import type { ExportFile, ExportReader, ExportRecord, RecordSink, RecordText } from '../contract.js';
import { csvHeadOf, openCsv } from '../csv-rows.js';
import { decodeHead } from '../decode-text.js';
import { defined } from '../defined.js';
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
import { fromIso, type Instant, recordTime } from '../times.js';
import { withQuotedIds } from './big-ids.js';
import { type DiscordChannel, discordLink, discordPlace, isSigned, snowflake } from './discord-place.js';

const columns = ['ID', 'Timestamp', 'Contents', 'Attachments'];

function isHeader(cells: readonly string[]): boolean {
  return columns.every((name, i) => cells[i] === name);
}

export const discordPackageJsonReader: ExportReader = {
  id: 'discord-package-messages-json',
  system: 'discord',
  label: 'Discord data package, messages (JSON)',
  most: 0.93,
  jsonKeys: ['ID'],

  recognise({ json }) {
    if (json?.root !== 'array' || !columns.every((name) => json.keys.includes(name))) return undefined;
    return { score: 0.93, reason: `keys ${columns.join(', ')}` };
  },

  async read(file, sink, hints) {
    const messages = new PackageMessages(await channelBeside(file), sink, hints.includeDirect);
    // Ids may be bare numbers that JavaScript would round. The ranges of the changed text are not those of the file.
    await readJsonRecords(withQuotedIds(file, 'ID'), ['/*'], sink, {
      record: ({ value }) => {
        if (isObject(value)) messages.object(value);
        else sink.note('malformed');
      },
    });
  },
};

export const discordPackageCsvReader: ExportReader = {
  id: 'discord-package-messages-csv',
  system: 'discord',
  label: 'Discord data package, messages (CSV)',
  isNeverJson: true,
  most: 0.93,

  recognise(probe) {
    if (!probe.text.slice(0, 120).includes('Timestamp')) return undefined;
    const head = csvHeadOf(probe.text, isHeader);
    return isHeader(head?.rows[head.headerIndex] ?? [])
      ? { score: 0.93, reason: `columns ${columns.join(', ')}` }
      : undefined;
  },

  async read(file, sink, hints) {
    const messages = new PackageMessages(await channelBeside(file), sink, hints.includeDirect);
    const table = await openCsv(file, sink, { isHeader });
    for await (const rows of table.rows) {
      for (const { cells, raw } of rows) {
        const [id = '', time = '', contents = '', ...attachments] = cells;
        messages.message(id, time, contents, attachments, raw);
      }
      if (sink.aborted) return;
      await sink.drained();
    }
  },
};

const maxChannelBytes = 1024 * 1024;

/** The channel by the file beside the messages, else by the name of their folder. */
async function channelBeside(file: ExportFile): Promise<DiscordChannel> {
  const slash = file.name.lastIndexOf('/');
  const folder = slash < 0 ? '' : file.name.slice(0, slash);
  const bytes = await file.tree.read(
    folder === '' ? 'channel.json' : `${folder}/channel.json`,
    maxChannelBytes,
  );
  const named = folder.slice(folder.lastIndexOf('/') + 1).replace(/^c(?=\d)/, '');
  const id = snowflake.test(named) ? named : undefined;
  if (bytes !== undefined) {
    try {
      const channel: unknown = JSON.parse(decodeHead(bytes));
      if (isObject(channel)) return channelOf(channel, id);
    } catch {
      // Reported where that file is read.
    }
  }
  return {
    guildId: undefined,
    id: id ?? (named || 'unknown'),
    name: undefined,
    isDirect: false,
    hasId: id !== undefined,
  };
}

function channelOf(channel: JsonObject, folderId: string | undefined): DiscordChannel {
  const guild = objectOf(channel, 'guild');
  const type = channel['type'];
  const isGroup = type === 3 || type === 'GROUP_DM';
  // Numbers beyond 2^53 are rounded: the folder's name is not.
  const told = typeof channel['id'] === 'string' ? channel['id'] : undefined;
  const id = told ?? folderId ?? idOf(channel, 'id') ?? 'unknown';
  return {
    guildId: guild === undefined ? undefined : idOf(guild, 'id'),
    id,
    name: stringOf(channel, 'name'),
    isDirect: type === 1 || type === 'DM' || isGroup,
    isGroup,
    hasId: snowflake.test(id),
  };
}

class PackageMessages {
  readonly #channel: DiscordChannel;
  readonly #sink: RecordSink;
  readonly #includeDirect: boolean;

  constructor(channel: DiscordChannel, sink: RecordSink, includeDirect: boolean) {
    this.#channel = channel;
    this.#sink = sink;
    this.#includeDirect = includeDirect;
  }

  object(message: JsonObject): void {
    const { ID: id, Timestamp: time, Contents: contents, Attachments: attachments, ...rest } = message;
    const { texts } = textsOf(rest, { field: () => undefined }, (key) => this.#sink.unknownKey(key));
    const list = Array.isArray(attachments) ? attachments : [attachments];
    const urls = list.filter((url) => typeof url === 'string');
    this.message(String(id), time, typeof contents === 'string' ? contents : '', urls, undefined, texts);
  }

  message(
    id: string,
    time: unknown,
    contents: string,
    attachments: readonly string[],
    raw: ExportRecord['raw'],
    others: readonly RecordText[] = [],
  ): void {
    if (this.#channel.isDirect && !this.#includeDirect) {
      this.#sink.note('direct-message');
      return;
    }
    const texts: RecordText[] = [];
    if (contents !== '')
      texts.push({ text: contents, dialect: 'markdown', field: { path: 'Contents', role: 'body' } });
    for (const url of attachments.flatMap((cell) => cell.split(/\s+/))) {
      if (url === '') continue;
      const artifact = isSigned(url);
      texts.push({
        text: url,
        dialect: 'plain',
        field: { path: 'Attachments', role: 'link' },
        ...(artifact ? { artifact } : {}),
      });
      this.#sink.note('attachment-missing');
    }
    texts.push(...others);
    if (texts.length === 0) return;
    this.#sink.record(
      defined<ExportRecord>({
        place: discordPlace(this.#channel),
        type: 'message',
        id,
        time: recordTime(inUtc(fromIso(time))),
        revision: { state: 'current' },
        permalink: discordLink(this.#channel, id),
        action: 'edit',
        texts,
        raw,
      }),
    );
  }
}

/** The package's times are in UTC, whether or not they say so. */
function inUtc(instant: Instant | undefined): Instant | undefined {
  if (instant === undefined || instant.precision === 'day' || /(?:Z|[+-]\d\d:\d\d)$/.test(instant.text))
    return instant;
  return { ...instant, text: `${instant.text}Z` };
}

const channelFormat: ObjectFormat = {
  noise: new Set(['id', 'type', 'recipients']),
  field: (path) => (path.at(-1) === 'name' ? { role: 'setting', dialect: 'plain' } : undefined),
};

/** `channel.json`: names. */
export const discordPackageChannelReader: ExportReader = {
  id: 'discord-package-channel',
  system: 'discord',
  label: 'Discord data package, channel',
  most: 0.8,

  recognise({ json, isWhole }) {
    if (json?.root !== 'object' || !isWhole) return undefined;
    const { keys, first } = json;
    if (!isObject(first) || keys[0] !== 'id' || !keys.includes('type') || keys.length > 6) return undefined;
    if (!keys.includes('guild') && !keys.includes('recipients')) return undefined;
    return /^\d{15,20}$/.test(String(first['id']))
      ? { score: 0.8, reason: 'keys id, type, guild' }
      : undefined;
  },

  async read(file, sink, hints) {
    const named = await channelBeside(file);
    await readJsonRecords(withQuotedIds(file, 'id'), [''], sink, {
      record: ({ value }) => {
        if (!isObject(value)) return;
        const channel = channelOf(value, named.hasId === true ? named.id : undefined);
        if (channel.isDirect && !hints.includeDirect) return;
        const { texts } = textsOf(value, channelFormat, (key) => sink.unknownKey(key));
        if (texts.length === 0) return;
        const place = discordPlace(channel);
        sink.record({ place, type: 'setting', id: channel.id, revision: { state: 'current' }, texts });
      },
    });
  },
};
