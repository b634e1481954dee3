/** Microsoft Teams: `chatMessage` objects of Graph, in whatever list, page or tree they were saved. */
import type { ExportReader, ExportRecord, Probe, RecordActor, RecordPlace, RecordSink } from '../contract.js';
import { readJsonRecords } from '../json-records.js';
import { jsonInString, noClaims, unclaimedTexts } from '../leaves.js';
import {
  type InnerRecord,
  idOf,
  isObject,
  type JsonObject,
  lastKey,
  type ObjectFormat,
  objectOf,
  stringOf,
  textsOf,
} from '../object-texts.js';
import { recordPaths, recordPathsOf } from '../record-paths.js';
import { fromIso, recordTime } from '../times.js';
import { smallKey, smallKeys, type TeamsNames, teamsNames } from './teams-names.js';

export const teamsMessagesReader: ExportReader = {
  id: 'teams-messages',
  system: 'teams',
  label: 'Microsoft Teams messages',
  most: 0.95,
  jsonKeys: ['messageType', 'MessageType'],
  recognise(probe: Probe) {
    if (recordPaths(probe.json, isMessage) === undefined) return undefined;
    return { score: 0.95, reason: 'keys messageType, createdDateTime, body and a chat or channel' };
  },
  async read(file, sink, hints) {
    const names = await teamsNames(file);
    const reader = new MessageReader(names, hints.includeDirect, sink);
    await readJsonRecords(file, recordPathsOf(file, isMessage) ?? ['/*'], sink, {
      record: ({ value, raw }) => {
        const message = smallKeys(value);
        if (isObject(message)) reader.message(message, raw);
        else sink.note('malformed');
      },
    });
    await sink.drained();
  },
};

function isMessage(keys: readonly string[]): boolean {
  const small = new Set(keys.map(smallKey));
  if (!small.has('messageType') || !small.has('createdDateTime') || !small.has('body')) return false;
  return small.has('chatId') || small.has('channelIdentity');
}

const known = new Set([
  'complianceUrl',
  'matchedConditionDescriptions',
  'teamsAppDisplayName',
  'userPrincipalName',
  'callRecordingDisplayName',
  'callRecordingUrl',
  'callTranscriptUrl',
  'meetingOrganizer',
  'joinWebUrl',
  'contentUrl',
  'tabUrl',
  'applicationIdentityType',
  'actions',
  'onBehalfOf',
  'policyTip',
  'generalText',
  'justificationText',
  'mentionText',
  'displayName',
  'locale',
  'teamsAppId',
]);
const noise = new Set([
  'id',
  'etag',
  'callId',
  'callEventType',
  'callDuration',
  'callRecordingStatus',
  'callRecordingDuration',
  'calendarEventId',
  'conversationIdentityType',
  'verdictDetails',
  'dlpAction',
  'userAction',
  'tenantId',
  'teamId',
  'channelId',
  'chatId',
  'replyToId',
  'importance',
  'locale',
  'messageType',
  'userIdentityType',
  'reactionType',
  'reactionContentUrl',
  'thumbnailUrl',
  'contentBytes',
  'createdDateTime',
  'lastModifiedDateTime',
  'lastEditedDateTime',
  'deletedDateTime',
  'modifiedDateTime',
  '@odata.type',
  '@odata.context',
  '@odata.etag',
]);

/** `attachments.<n>`, the attachment that a path leads into. */
function attachmentKey(path: readonly string[]): string | undefined {
  return path.length === 3 && path[0] === 'attachments' ? path[2] : undefined;
}

const format: ObjectFormat = {
  known,
  noise,
  isRecord: (value, path) => path.length === 2 && path[0] === 'replies' && isMessage(Object.keys(value)),
  field(path, _text, holder) {
    const key = lastKey(path);
    if (path.length === 2 && path[0] === 'body')
      return key === 'content' ? { role: 'body', dialect: dialectOf(holder) } : 'skip';
    if (path.length === 1 && key === 'subject') return { role: 'title', dialect: 'plain' };
    if (path.length === 1 && key === 'summary') return { role: 'description', dialect: 'plain' };
    if (path.length === 1 && key === 'webUrl') return 'skip';
    if (path[0] === 'eventDetail' && /displayName|description|topic|name$/i.test(key))
      return { role: 'topic', dialect: 'plain' };
    switch (attachmentKey(path)) {
      case 'name':
        return { role: 'attachment-name', dialect: 'plain' };
      case 'contentUrl':
        return { role: 'link', dialect: 'plain' };
      case 'content':
        // A JSON text in a string, taken apart by `contents`.
        return 'skip';
      case 'contentType':
        return 'skip';
      default:
        return undefined;
    }
  },
};

function dialectOf(body: JsonObject): 'html' | 'plain' {
  return stringOf(body, 'contentType')?.toLowerCase() === 'text' ? 'plain' : 'html';
}

type Raw = ExportRecord['raw'];

class MessageReader {
  readonly #names: TeamsNames;
  readonly #includeDirect: boolean;
  readonly #sink: RecordSink;

  constructor(names: TeamsNames, includeDirect: boolean, sink: RecordSink) {
    this.#names = names;
    this.#includeDirect = includeDirect;
    this.#sink = sink;
  }

  message(message: JsonObject, raw: Raw): void {
    const place = this.#place(message);
    if (place.kind !== 'channel' && !this.#includeDirect) {
      this.#sink.note('direct-message');
      return;
    }
    const { texts, inner } = textsOf(message, format, (key) => this.#sink.unknownKey(key));
    const contents = contentsOf(message, (key) => this.#sink.unknownKey(key));
    const record = this.#record(message, place, raw);
    this.#sink.record({ ...record, texts: [...texts, ...contents.texts] });
    for (const quote of contents.quotes) this.#quote(quote, record);
    for (const reply of inner) this.#reply(reply, message, raw);
  }

  /** A reply that Graph nested in its root (`$expand=replies`); it need not repeat the channel. */
  #reply(reply: InnerRecord, root: JsonObject, raw: Raw): void {
    const more = Object.create(null) as Record<string, unknown>;
    for (const key of ['channelIdentity', 'chatId']) {
      if (reply.value[key] == null) more[key] = root[key];
    }
    if (reply.value['replyToId'] == null) more['replyToId'] = root['id'];
    this.message({ ...reply.value, ...more }, raw);
  }

  #record(message: JsonObject, place: RecordPlace, raw: Raw): ExportRecord {
    const id = idOf(message, 'id') ?? stringOf(message, 'createdDateTime') ?? 'unknown';
    const isEvent = stringOf(message, 'messageType') !== 'message';
    const time = recordTime(fromIso(message['createdDateTime']), fromIso(message['lastEditedDateTime']));
    const actor =
      this.#actor(objectOf(message, 'from')) ?? (isEvent ? { kind: 'system' as const } : undefined);
    const thread = idOf(message, 'replyToId') ?? (place.kind === 'channel' ? id : undefined);
    const title = stringOf(message, 'subject');
    const permalink = permalinkOf(message, place, id);
    return {
      place,
      type: isEvent ? 'event' : 'message',
      id,
      revision: { state: stringOf(message, 'deletedDateTime') === undefined ? 'current' : 'deleted' },
      action: isEvent ? 'ask-admin' : 'delete',
      texts: [],
      ...(title === undefined ? {} : { title }),
      ...(thread === undefined ? {} : { thread }),
      ...(actor === undefined ? {} : { actor }),
      ...(time === undefined ? {} : { time }),
      ...(permalink === undefined ? {} : { permalink }),
      ...(raw === undefined ? {} : { raw }),
    };
  }

  #place(message: JsonObject): RecordPlace {
    const channel = objectOf(message, 'channelIdentity');
    const channelId = channel && idOf(channel, 'channelId');
    if (channelId !== undefined) {
      const teamId = channel && idOf(channel, 'teamId');
      const team = this.#names.channels.get(teamId ?? '');
      const own = this.#names.channels.get(channelId);
      const name = own?.name ?? channelId;
      const isRestricted = own?.isPrivate === true || team?.isPrivate === true;
      return {
        kind: 'channel',
        id: channelId,
        name: team === undefined ? name : `${team.name} / ${name}`,
        audience: isRestricted ? 'restricted' : 'internal',
      };
    }
    const chatId = idOf(message, 'chatId') ?? 'unknown chat';
    const name = this.#names.channels.get(chatId)?.name ?? chatId;
    // Chats of two are named after both people.
    const kind = chatId.endsWith('@unq.gbl.spaces') || chatId.startsWith('48:') ? 'dm' : 'group-dm';
    return { kind, id: chatId, name, audience: 'restricted' };
  }

  #actor(from: JsonObject | undefined): RecordActor | undefined {
    if (from === undefined) return undefined;
    for (const [key, kind] of [
      ['user', 'user'],
      ['application', 'app'],
      ['device', 'bot'],
    ] as const) {
      const identity = objectOf(from, key);
      if (identity === undefined) continue;
      const id = idOf(identity, 'id');
      const listed = this.#names.people.get(id ?? '');
      const name = stringOf(identity, 'displayName') ?? listed?.name;
      return {
        kind,
        ...(id === undefined ? {} : { id }),
        ...(name === undefined ? {} : { name }),
        ...(listed?.email === undefined ? {} : { email: listed.email }),
      };
    }
    return undefined;
  }

  #quote(quote: Quote, outer: ExportRecord): void {
    const { actor: _actor, time: _time, title: _title, ...rest } = outer;
    const actor = this.#actor(quote.sender);
    const time = recordTime(fromIso(quote.sent));
    this.#sink.record({
      ...rest,
      id: `${outer.id}/${quote.index}`,
      revision: { state: 'quoted-copy', ...(quote.of === undefined ? {} : { of: quote.of }) },
      texts: quote.texts,
      ...(actor === undefined ? {} : { actor }),
      ...(time === undefined ? {} : { time }),
    });
  }
}

/** Another message that an attachment shows: a reply's original, a forward. */
interface Quote {
  readonly index: number;
  readonly of: string | undefined;
  readonly sender: JsonObject | undefined;
  readonly sent: string | undefined;
  readonly texts: ExportRecord['texts'];
}

interface Contents {
  readonly texts: ExportRecord['texts'];
  readonly quotes: readonly Quote[];
}

const quoteKnown = new Set(['displayName', 'messagePreview', 'originalMessageContent']);

/** What stands in the `content` strings of attachments: cards, code, and other messages. */
function contentsOf(message: JsonObject, onUnknown: (key: string) => void): Contents {
  const texts: ExportRecord['texts'][number][] = [];
  const quotes: Quote[] = [];
  const attachments: unknown = message['attachments'];
  if (!Array.isArray(attachments)) return { texts, quotes };
  attachments.forEach((attachment: unknown, index) => {
    const content = isObject(attachment) ? attachment['content'] : undefined;
    if (!isObject(attachment) || typeof content !== 'string' || content === '') return;
    const prefix = `attachments.${index}.content`;
    const inner = smallKeys(jsonInString(content));
    if (inner === undefined) {
      texts.push({ text: content, dialect: 'html', field: { path: prefix, role: 'body' } });
    } else if (isObject(inner) && /messageReference$/i.test(stringOf(attachment, 'contentType') ?? '')) {
      quotes.push(quoteOf(inner, index, prefix, onUnknown));
    } else {
      // Cards are markup trees of any maker: all strings, those of text blocks among them.
      texts.push(
        ...unclaimedTexts(inner, noClaims, { prefix, role: 'body', dialect: 'markdown', noise: cardNoise }),
      );
    }
  });
  return { texts, quotes };
}

const cardNoise = new Set(['$schema', 'version', 'size', 'weight', 'spacing', 'horizontalAlignment']);

function quoteOf(inner: JsonObject, index: number, prefix: string, onUnknown: (key: string) => void): Quote {
  const { texts } = textsOf(
    inner,
    {
      known: quoteKnown,
      noise,
      field(path) {
        const key = lastKey(path);
        if (path.length > 1) return undefined;
        if (key === 'originalMessageContent') return { role: 'body', dialect: 'html' };
        if (key === 'messagePreview') return { role: 'body', dialect: 'plain' };
        return /^(?:original)?(?:message|conversation)Id$/i.test(key) || key === 'originalSentDateTime'
          ? 'skip'
          : undefined;
      },
    },
    onUnknown,
  );
  return {
    index,
    of: idOf(inner, 'originalMessageId', 'messageId'),
    sender: objectOf(inner, 'originalMessageSender', 'messageSender'),
    sent: stringOf(inner, 'originalSentDateTime'),
    texts: texts.map((text) => ({ ...text, field: { ...text.field, path: `${prefix}.${text.field.path}` } })),
  };
}

/** Channels tell their own links; a chat's is put together from its ids, and opens the message in the chat. */
function permalinkOf(
  message: JsonObject,
  place: RecordPlace,
  id: string,
): ExportRecord['permalink'] | undefined {
  const url = stringOf(message, 'webUrl');
  if (url !== undefined) return { url };
  if (place.kind === 'channel' || idOf(message, 'chatId') === undefined) return undefined;
  const context = encodeURIComponent('{"contextType":"chat"}');
  return {
    url: `https://teams.microsoft.com/l/message/${encodeURIComponent(place.id)}/${encodeURIComponent(id)}?context=${context}`,
    level: 'record',
  };
}
