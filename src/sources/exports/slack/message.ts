/** One message object to records: itself, earlier wordings kept with it, and what it quotes. */
import type { ExportRecord, ReaderHints, RecordActor, RecordSink, RecordText } from '../contract.js';
import { isObject, type JsonObject, stringOf } from '../object-texts.js';
import { fromEpoch, recordTime } from '../times.js';
import { addAttachment, shownBy } from './attachment-texts.js';
import { isHosted } from './file-texts.js';
import { isStamp } from './message-shape.js';
import { addMessageTexts } from './message-texts.js';
import { permalinkOf, placeOf, placeOfConversation, type SlackPlace, workspacePlace } from './places.js';
import { TextList } from './text-list.js';
import { type Conversation, domainOfUrl, maxProfiles, type Workspace } from './workspace.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Which version of a message is read, when it is not simply the message. */
interface Version {
  readonly revision: ExportRecord['revision'];
  /** Id of the record, when the object has no `ts` of its own or stands for another's. */
  readonly id?: string;
}

const current: Version = { revision: { state: 'current' } };
const deleted: Version = { revision: { state: 'deleted' } };

/** A new wording that waits: a later edit in the same file makes it an earlier one. */
interface PendingEdit {
  readonly message: JsonObject;
  readonly version: string;
  readonly at: SlackPlace;
  readonly raw: ExportRecord['raw'];
}

/** Edits remembered; beyond that new wordings are told as current at once. */
const maxPending = 10_000;
/** Messages in messages: replies of tools, quotes of quotes. */
const maxNesting = 8;

/** Reads the messages of one file. */
export class MessageReader {
  readonly #workspace: Workspace;
  readonly #sink: RecordSink;
  readonly #hints: ReaderHints;
  /** Domain that this file itself tells, when the workspace's is not known. */
  readonly #domain: string | undefined;
  readonly #places = new Map<string, SlackPlace>();
  readonly #pending = new Map<string, PendingEdit>();
  /** Version (`edited.ts`) of edited messages that stand in the file themselves. */
  readonly #versions = new Map<string, string>();

  constructor(workspace: Workspace, sink: RecordSink, hints: ReaderHints, domain?: string) {
    this.#workspace = workspace;
    this.#sink = sink;
    this.#hints = hints;
    this.#domain = workspace.domain ?? domain;
  }

  /** Place of a conversation by its id or the name of its folder. */
  place(key: string, name?: string): SlackPlace {
    const cached = this.#places.get(key);
    if (cached !== undefined) return cached;
    const place = placeOf(this.#workspace, key, name);
    this.#places.set(key, place);
    return place;
  }

  /** Takes note of a conversation that the file itself describes. */
  learn(conversation: Conversation): void {
    if (!this.#workspace.conversations.has(conversation.id))
      this.#places.set(conversation.id, placeOfConversation(this.#workspace, conversation));
  }

  /**
   * Hands over a message and all that stands in it.
   *
   * @param at conversation of the file; a message that names its own is told there
   */
  read(message: JsonObject, at: SlackPlace, raw?: ExportRecord['raw']): void {
    this.#read(message, at, raw, isKeptDeleted(message) ? deleted : current, 0);
  }

  /** Hands over a wording that a message had before. @param version tells it from others of the message */
  readFormer(message: JsonObject, at: SlackPlace, version: string, raw?: ExportRecord['raw']): void {
    const revision = { state: 'previous', id: versionOf(message) ?? version } as const;
    this.#read(message, at, raw, { revision }, 0);
  }

  /** To be called at the end of the file. */
  end(): void {
    for (const [ts, edit] of this.#pending) {
      const visible = this.#versions.get(ts);
      this.#readEdit(ts, edit, visible === undefined || visible === edit.version ? 'current' : 'previous');
    }
    this.#pending.clear();
  }

  /** The same as {@link read}, for a message that was read in the lean form. */
  noteEdit(id: string, edited: unknown): void {
    if (isObject(edited)) this.#rememberVersion(id, edited);
  }

  #read(
    message: JsonObject,
    host: SlackPlace,
    raw: ExportRecord['raw'],
    version: Version,
    depth: number,
  ): void {
    const at = this.#ownPlace(message, host);
    if (at.isDirect && !this.#hints.includeDirect) {
      this.#sink.note('direct-message');
      return;
    }
    const ts = stringOf(message, 'ts');
    const id = version.id ?? ts;
    if (id === undefined) {
      this.#sink.note('malformed');
      return;
    }
    const out = new TextList(this.#sink);
    const nested = addMessageTexts(message, out, this.#sink);
    this.#readProfile(message, 'user_profile');
    this.#readProfile(message, 'bot_profile');
    const record = this.#recordOf(message, at, id, ts ?? id, version, out.texts);
    if (raw !== undefined) record.raw = raw;
    if (out.texts.length > 0) this.#sink.record(record);
    this.#noteFiles(message);
    if (version === current && isObject(message['edited'])) this.#rememberVersion(id, message['edited']);
    this.#readUnfurls(message, at, record);
    for (const key of nested) this.#readNested(message, key, at, record, depth);
  }

  /** The place that the message names itself, else that of its file. */
  #ownPlace(message: JsonObject, host: SlackPlace): SlackPlace {
    const channel = message['channel'] ?? message['channel_id'];
    const id =
      typeof channel === 'string' ? channel : isObject(channel) ? stringOf(channel, 'id') : undefined;
    if (id !== undefined && id !== '' && id !== host.channelId) {
      const name = isObject(channel) ? stringOf(channel, 'name') : undefined;
      return this.place(id, name ?? stringOf(message, 'channel_name'));
    }
    const name = message['channel_name'];
    return id === undefined && host.channelId === undefined && typeof name === 'string' && name !== ''
      ? this.place(name)
      : host;
  }

  /** Members are set one by one: this runs for every message, and spreads cost more than all else in it. */
  #recordOf(
    message: JsonObject,
    at: SlackPlace,
    id: string,
    ts: string,
    version: Version,
    texts: readonly RecordText[],
  ): Writable<ExportRecord> {
    const threadTs = message['thread_ts'];
    const thread = isStamp(threadTs) ? threadTs : undefined;
    const actor = this.#actorOf(message);
    const record: Writable<ExportRecord> = {
      place: at.place,
      type: 'message',
      id,
      revision: version.revision,
      action: actionFor(version.revision.state, actor),
      texts,
    };
    if (thread !== undefined) record.thread = thread;
    if (actor !== undefined) record.actor = actor;
    const edited = isObject(message['edited']) ? fromEpoch(message['edited']['ts'], 's') : undefined;
    const time = recordTime(fromEpoch(ts, 's'), edited);
    if (time !== undefined) record.time = time;
    const permalink = this.#permalinkOf(message, at, id, thread);
    if (permalink !== undefined) record.permalink = permalink;
    return record;
  }

  #permalinkOf(
    message: JsonObject,
    at: SlackPlace,
    ts: string,
    thread: string | undefined,
  ): ExportRecord['permalink'] {
    const told = message['permalink'];
    if (typeof told === 'string' && domainOfUrl(told) !== undefined) return { url: told };
    if (!isStamp(ts)) return undefined;
    const domain = this.#domain;
    return permalinkOf(this.#workspace, domain, at.channelId, ts, thread);
  }

  #actorOf(message: JsonObject): RecordActor | undefined {
    const user = stringOf(message, 'user', 'user_id');
    const botId = stringOf(message, 'bot_id');
    if (user !== undefined) return this.#userOf(user, botId, message);
    const bot = message['bot_profile'];
    const name = stringOf(message, 'username') ?? (isObject(bot) ? stringOf(bot, 'name') : undefined);
    if (botId === undefined && name === undefined) return undefined;
    const actor: Writable<RecordActor> = { kind: 'bot' };
    if (botId !== undefined) actor.id = botId;
    if (name !== undefined) actor.name = name;
    return actor;
  }

  #userOf(user: string, botId: string | undefined, message: JsonObject): RecordActor {
    const person = this.#workspace.people.get(user);
    const isBot = botId !== undefined || person?.isBot === true;
    const actor: Writable<RecordActor> = {
      id: user,
      kind: user === 'USLACKBOT' ? 'system' : isBot ? 'bot' : 'user',
    };
    const profile = message['user_profile'];
    const inline = isObject(profile) ? stringOf(profile, 'display_name', 'real_name', 'name') : undefined;
    const name = person?.name ?? inline ?? stringOf(message, 'username', 'user_name');
    if (name !== undefined) actor.name = name;
    if (person?.email !== undefined) actor.email = person.email;
    return actor;
  }

  /** Names come with every message; a record of its own, once, holds them. */
  #readProfile(message: JsonObject, key: 'user_profile' | 'bot_profile'): void {
    const profile = message[key];
    if (!isObject(profile)) return;
    const id = key === 'bot_profile' ? stringOf(profile, 'id') : stringOf(message, 'user');
    let names = id ?? '';
    for (const inner in profile) {
      const value = profile[inner];
      if (typeof value === 'string') names += `\n${value}`;
    }
    const { seenProfiles } = this.#workspace;
    if (id === undefined || seenProfiles.has(names)) return;
    if (seenProfiles.size < maxProfiles) seenProfiles.add(names);
    const out = new TextList(this.#sink);
    for (const inner in profile) {
      const value = profile[inner];
      if (profileNoise.test(inner)) out.noise(`${key}.${inner}`, inner, value);
      else if (typeof value === 'string') out.add(`${key}.${inner}`, 'profile', value, 'plain');
      else out.sweep(`${key}.${inner}`, inner, value);
    }
    if (out.texts.length === 0) return;
    this.#sink.record({
      place: workspacePlace(this.#workspace),
      type: 'profile',
      id,
      actor: { id, kind: key === 'bot_profile' ? 'bot' : 'user' },
      revision: { state: 'current' },
      texts: out.texts,
    });
  }

  #noteFiles(message: JsonObject): void {
    const files: unknown = message['files'] ?? (message['file'] === undefined ? [] : [message['file']]);
    if (!Array.isArray(files)) return;
    for (const file of files) {
      const id = isObject(file) ? stringOf(file, 'id') : undefined;
      if (isHosted(file) && (id === undefined || !this.#workspace.localFiles.has(id)))
        this.#sink.note('attachment-missing');
    }
  }

  /** Links and messages shown below the message: copies of what stands elsewhere. */
  #readUnfurls(message: JsonObject, at: SlackPlace, record: ExportRecord): void {
    const attachments = message['attachments'];
    if (!Array.isArray(attachments)) return;
    for (let i = 0; i < attachments.length; i++) {
      const attachment: unknown = attachments[i];
      if (!isObject(attachment)) continue;
      const shown = shownBy(attachment, at.channelId);
      if (shown === undefined) continue;
      const out = new TextList(this.#sink);
      addAttachment(attachment, `attachments.${i}`, out, this.#sink);
      if (out.texts.length === 0) continue;
      const revision = { ...shown, id: revisionIdOf(record, `attachments.${i}`) };
      this.#sink.record({ ...record, revision, action: 'delete', texts: out.texts });
    }
  }

  #readNested(message: JsonObject, key: string, at: SlackPlace, record: ExportRecord, depth: number): void {
    const value = message[key];
    if (depth >= maxNesting) {
      this.#sweepNested(key, value, record);
      return;
    }
    if (Array.isArray(value)) {
      for (const item of value) {
        if (isObject(item)) this.#read(item, at, record.raw, current, depth + 1);
      }
      return;
    }
    if (!isObject(value)) return;
    const ts = stringOf(value, 'ts');
    const subtype = message['subtype'];
    const stands = ts ?? stringOf(message, 'deleted_ts') ?? record.id;
    if (key === 'original' || key === 'previous_message' || key === 'previous') {
      const isDeleted = subtype === 'message_deleted' || typeof message['deleted_ts'] === 'string';
      const revision = {
        state: isDeleted ? 'deleted' : 'previous',
        id: versionOf(value) ?? record.id,
      } as const;
      this.#read(value, at, record.raw, { revision, id: stands }, depth + 1);
    } else if (key === 'message' && subtype === 'message_changed' && ts !== undefined) {
      this.#addEdit(ts, { message: value, version: versionOf(value) ?? record.id, at, raw: record.raw });
    } else {
      const revision = { state: 'quoted-copy', id: revisionIdOf(record, key), of: stands } as const;
      this.#read(value, at, record.raw, { revision, id: record.id }, depth + 1);
    }
  }

  /** Messages nested deeper than any tool writes: their texts, without more ado. */
  #sweepNested(key: string, value: unknown, record: ExportRecord): void {
    const out = new TextList(this.#sink);
    out.sweep(key, key, value, 'all');
    if (out.texts.length > 0) this.#sink.record({ ...record, texts: out.texts });
  }

  /** The wording that an edit led to is the current one, unless a later edit in the file says otherwise. */
  #addEdit(ts: string, edit: PendingEdit): void {
    const earlier = this.#pending.get(ts);
    if (earlier === undefined) {
      if (this.#pending.size < maxPending) this.#pending.set(ts, edit);
      else this.#readEdit(ts, edit, 'current');
      return;
    }
    const isLater = edit.version >= earlier.version;
    this.#readEdit(ts, isLater ? earlier : edit, 'previous');
    if (isLater) this.#pending.set(ts, edit);
  }

  #readEdit(ts: string, edit: PendingEdit, state: 'current' | 'previous'): void {
    const revision = state === 'current' ? { state } : { state, id: edit.version };
    this.#read(edit.message, edit.at, edit.raw, { revision, id: ts }, 1);
  }

  #rememberVersion(ts: string, edited: JsonObject): void {
    const version = stringOf(edited, 'ts');
    if (version !== undefined && this.#versions.size < maxPending) this.#versions.set(ts, version);
  }
}

/** A message that retention kept as it was, with a mark; the event of a deletion holds it instead. */
function isKeptDeleted(message: JsonObject): boolean {
  return typeof message['deleted_ts'] === 'string' && message['subtype'] !== 'message_deleted';
}

/** Version of a wording: when it was written. */
function versionOf(message: JsonObject): string | undefined {
  return isObject(message['edited']) ? stringOf(message['edited'], 'ts') : undefined;
}

/** Quotes within an earlier wording are told apart from those of the message. */
function revisionIdOf(record: ExportRecord, part: string): string {
  return record.revision.id === undefined ? part : `${record.revision.id}/${part}`;
}

function actionFor(
  state: ExportRecord['revision']['state'],
  actor: RecordActor | undefined,
): NonNullable<ExportRecord['action']> {
  // Kept edits and deletions can be removed by administrators only.
  if (state === 'previous' || state === 'deleted') return 'ask-admin';
  return state === 'current' && actor?.kind === 'user' ? 'edit' : 'delete';
}

const profileNoise =
  /^(?:avatar_hash|image_.*|icons|team|team_id|id|app_id|api_app_id|bot_id|status_emoji|is_.*)$/;
