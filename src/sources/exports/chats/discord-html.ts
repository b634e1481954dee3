/** DiscordChatExporter, HTML. */
import type { ExportReader, ExportRecord, RecordActor, RecordSink, RecordText } from '../contract.js';
import { defined } from '../defined.js';
import { fromEpoch, recordTime } from '../times.js';
import { channelOfFileName, type DiscordChannel, discordLink, discordPlace } from './discord-place.js';
import { type HtmlPiece, htmlMessages, textAfter, withoutStyles } from './html-messages.js';

const mark = 'data-message-id=';
/** Milliseconds of 2015, from which Discord counts. */
const epoch = 1_420_070_400_000n;

export const discordHtmlReader: ExportReader = {
  id: 'discord-chat-exporter-html',
  system: 'discord',
  label: 'DiscordChatExporter HTML',
  most: 0.94,
  // End tags that HTML does not need are left out by some versions.
  ending: { pattern: /<\/(?:html|body|div)>\s*$/i, isSure: false },
  isNeverJson: true,

  recognise(probe) {
    if (!probe.text.includes('chatlog__')) return undefined;
    if (!probe.text.includes('preamble') && !probe.text.includes(mark)) return undefined;
    return { score: 0.94, reason: 'classes chatlog__ and preamble' };
  },

  async read(file, sink, hints) {
    const page = new Page(channelOfFileName(file.name), sink, hints.includeDirect);
    for await (const pieces of htmlMessages(file, mark)) {
      for (const piece of pieces) {
        if (piece.isHead) page.head(piece);
        else page.message(piece);
      }
      if (sink.aborted) return;
      await sink.drained();
    }
  },
};

class Page {
  #channel: DiscordChannel;
  readonly #sink: RecordSink;
  readonly #includeDirect: boolean;
  /** Messages of a group have their author in the first of them only. */
  #author: RecordActor | undefined;
  #last: Omit<ExportRecord, 'texts'> | undefined;

  constructor(channel: DiscordChannel, sink: RecordSink, includeDirect: boolean) {
    this.#channel = channel;
    this.#sink = sink;
    this.#includeDirect = includeDirect;
  }

  head({ html }: HtmlPiece): void {
    this.#channel = channelOf(html, this.#channel);
    const text = preambleOf(html);
    if (this.#isLeftOut() || text === '') return;
    this.#sink.record({
      place: discordPlace(this.#channel),
      type: 'setting',
      id: this.#channel.id,
      revision: { state: 'current' },
      texts: [{ text, dialect: 'html', field: { path: 'preamble', role: 'setting' } }],
    });
  }

  message(piece: HtmlPiece): void {
    if (this.#isLeftOut()) {
      if (!piece.isContinued) this.#sink.note('direct-message');
      return;
    }
    this.#author = actorOf(piece.html) ?? this.#author;
    if (!piece.isContinued || this.#last === undefined) {
      this.#last = recordOf(piece, this.#channel, this.#author);
    }
    const texts: RecordText[] = [
      { text: piece.html, dialect: 'html', field: { path: 'html', role: 'body' } },
    ];
    this.#sink.record({ ...this.#last, texts });
  }

  #isLeftOut(): boolean {
    return this.#channel.isDirect && !this.#includeDirect;
  }
}

function channelOf(head: string, named: DiscordChannel): DiscordChannel {
  const guildId = /\/icons\/(\d{15,20})\//.exec(head)?.[1];
  const isDirect = named.isDirect || textAfter(head, 'preamble__entry') === 'Direct Messages';
  return { ...named, guildId, isDirect };
}

/** Names of server and channel, and the topic. */
function preambleOf(head: string): string {
  const body = withoutStyles(head);
  const at = body.search(/<div class="?preamble/);
  return at < 0 ? body : body.slice(at);
}

function recordOf(
  piece: HtmlPiece,
  channel: DiscordChannel,
  author: RecordActor | undefined,
): Omit<ExportRecord, 'texts'> {
  const id = /data-message-id="?(\d{1,20})/.exec(piece.html)?.[1];
  return defined<Omit<ExportRecord, 'texts'>>({
    place: discordPlace(channel),
    type: 'message',
    id: id ?? `byte ${piece.start}`,
    actor: author,
    // Shown times are in the user's zone and locale; the id holds the exact one.
    time: id === undefined ? undefined : recordTime(timeOfSnowflake(id)),
    revision: { state: 'current' },
    permalink: discordLink(channel, id),
    action: 'edit',
    raw: { start: piece.start, end: piece.end },
  });
}

/** Time in an id of Discord's. */
function timeOfSnowflake(id: string): ReturnType<typeof fromEpoch> {
  return id.length < 15 ? undefined : fromEpoch(Number((BigInt(id) >> 22n) + epoch), 'ms');
}

function actorOf(html: string): RecordActor | undefined {
  const tag = /<span class="?chatlog__author\b[^>]{0,400}>/.exec(html)?.[0];
  if (tag === undefined) return undefined;
  return defined<RecordActor>({
    id: /data-user-id="?(\d{1,20})/.exec(tag)?.[1],
    name: textAfter(html, tag.slice(1, -1)),
    kind: html.includes('chatlog__author-tag') ? 'bot' : 'user',
  });
}
