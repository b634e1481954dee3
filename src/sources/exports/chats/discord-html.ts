/** DiscordChatExporter, HTML. */
import type { ExportReader, ExportRecord, RecordActor } from '../contract.js';
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

  recognise(probe) {
    if (!probe.text.includes('chatlog__')) return undefined;
    if (!probe.text.includes('preamble') && !probe.text.includes(mark)) return undefined;
    return { score: 0.94, reason: 'classes chatlog__ and preamble' };
  },

  async read(file, sink, hints) {
    let channel = channelOfFileName(file.name);
    let author: RecordActor | undefined;
    let last: Omit<ExportRecord, 'texts'> | undefined;
    for await (const pieces of htmlMessages(file, mark)) {
      for (const piece of pieces) {
        if (piece.isHead) {
          channel = channelOf(piece.html, channel);
          const text = preambleOf(piece.html);
          if ((channel.isDirect && !hints.includeDirect) || text === '') continue;
          sink.record({
            place: discordPlace(channel),
            type: 'setting',
            id: channel.id,
            revision: { state: 'current' },
            texts: [{ text, dialect: 'html', field: { path: 'preamble', role: 'setting' } }],
          });
          continue;
        }
        if (channel.isDirect && !hints.includeDirect) {
          sink.note('direct-message');
          continue;
        }
        // Messages of a group have their author in the first of them only.
        author = actorOf(piece.html) ?? author;
        if (!piece.isContinued || last === undefined) last = recordOf(piece, channel, author);
        sink.record({
          ...last,
          texts: [{ text: piece.html, dialect: 'html', field: { path: 'html', role: 'body' } }],
        });
      }
      if (sink.aborted) return;
      await sink.drained();
    }
  },
};

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
