/** Mattermost: bulk exports, one object a line. */
import { createHash } from 'node:crypto';
import type { Audience } from '../../../model/place.js';
import type {
  ExportReader,
  ExportRecord,
  Probe,
  ReaderHints,
  Recognition,
  RecordActor,
  RecordPlace,
  RecordSink,
} from '../contract.js';
import { defined } from '../defined.js';
import { readJsonRecords } from '../json-records.js';
import {
  isObject,
  type JsonObject,
  type ObjectFormat,
  objectOf,
  stringOf,
  textsOf,
} from '../object-texts.js';
import { Ordinals } from '../ordinals.js';
import { fromEpoch, recordTime } from '../times.js';
import { cardField } from './card-fields.js';

const lineTypes = new Set([
  'version',
  'scheme',
  'role',
  'team',
  'channel',
  'user',
  'bot',
  'post',
  'direct_channel',
  'direct_post',
  'emoji',
]);

function recognise({ json }: Probe): Recognition | undefined {
  if (json === undefined || json.root === 'array') return undefined;
  const { first, keys } = json;
  if (keys.length > 3 || !keys.includes('type')) return undefined;
  const type = isObject(first) ? first['type'] : keys.find((key) => lineTypes.has(key));
  if (typeof type !== 'string' || !lineTypes.has(type) || !keys.includes(type)) return undefined;
  return { score: 0.93, reason: `lines with type and a key of that name, first ${type}` };
}

export const mattermostReader: ExportReader = {
  id: 'mattermost-bulk',
  system: 'mattermost',
  label: 'Mattermost bulk export',
  most: 0.93,
  recognise,
  async read(file, sink, hints) {
    const lines = new BulkLines(sink, hints);
    await readJsonRecords(file, [''], sink, {
      record: ({ value, raw }) => {
        if (isObject(value)) lines.read(value, raw);
        else sink.note('malformed');
      },
    });
  },
};

/** Keys whose strings are names of closed sets, or of people who did something with a message. */
const noise = new Set([
  'type',
  'roles',
  'permissions',
  'auth_service',
  'locale',
  'flagged_by',
  'emoji_name',
  'create_at',
  'image',
  'channel_members',
  'members',
  'participants',
  'favorited_by',
  'theme',
  'from_webhook',
  'from_bot',
  'from_plugin',
  'use_military_time',
  'collapse_previews',
  'message_display',
  'collapsed_threads',
]);

const postFormat: ObjectFormat = {
  noise,
  known: new Set(['override_username', 'override_icon_url', 'path', 'username', 'addedUsername', 'priority']),
  isRecord: (_value, path) => path[0] === 'replies',
  field(path, text, holder) {
    const [top, second] = path;
    if (path.length === 1) {
      if (top === 'message') return { role: 'body', dialect: 'markdown' };
      if (top === 'team' || top === 'channel' || top === 'user') return 'skip';
    }
    if (top === 'reactions') return 'skip';
    if (top === 'attachments' && path.at(-1) === 'path') return { role: 'filename', dialect: 'plain' };
    if (top === 'props' && second === 'attachments')
      return cardField(path.slice(3), text, holder, 'markdown');
    return undefined;
  },
};

const settingFormat: ObjectFormat = {
  noise,
  known: new Set(['name', 'display_name', 'scheme', 'generator', 'version']),
  field(path) {
    switch (path.length === 1 ? path[0] : undefined) {
      case 'header':
        return { role: 'topic', dialect: 'markdown' };
      case 'purpose':
      case 'description':
        return { role: 'description', dialect: 'markdown' };
      case 'display_name':
        return { role: 'setting', dialect: 'plain' };
      case 'team':
        return 'skip';
      default:
        return undefined;
    }
  },
};

/** Names of teams and roles, and words of closed sets, are no longer. */
const longestSwitch = 64;

const userFormat: ObjectFormat = {
  noise,
  field(path, text) {
    const [top] = path;
    if (path[1] === 'mention_keys' || path[1] === 'auto_responder_message')
      return { role: 'profile', dialect: 'plain' };
    // Memberships and switches.
    if (top === 'teams' || top === 'notify_props') return text.length <= longestSwitch ? 'skip' : undefined;
    // Files made for an import may hold a password.
    if (top === 'password') return { role: 'profile', dialect: 'plain', label: 'password' };
    return path.length === 1 ? { role: 'profile', dialect: 'plain' } : undefined;
  },
};

interface ChannelFacts {
  readonly name: string;
  readonly audience: Audience;
}

/** Names remembered, so that an absurd file does not fill the memory. */
const maxNames = 500_000;
/** People kept ready as authors. */
const maxActors = 10_000;

class BulkLines {
  readonly #sink: RecordSink;
  readonly #hints: ReaderHints;
  readonly #baseUrl: string | undefined;
  readonly #tenant: string | undefined;
  readonly #channels = new Map<string, ChannelFacts>();
  readonly #people = new Map<string, RecordActor>();
  readonly #ordinals = new Ordinals();
  readonly #actors = new Map<
    string,
    { readonly told: RecordActor | undefined; readonly actor: RecordActor }
  >();

  constructor(sink: RecordSink, hints: ReaderHints) {
    this.#sink = sink;
    this.#hints = hints;
    this.#baseUrl = hints.baseUrl?.replace(/\/+$/, '');
    this.#tenant = /^https?:\/\/([^/?#]+)/.exec(this.#baseUrl ?? '')?.[1];
  }

  read(line: JsonObject, raw: ExportRecord['raw']): void {
    const type = stringOf(line, 'type') ?? '';
    const value = objectOf(line, type);
    if (value === undefined) {
      this.#setting(line, type, this.#workspace(), 'line', raw);
      return;
    }
    // Further members of the line, such as the `info` of the version.
    const { type: _type, [type]: _value, ...others } = line;
    if (Object.keys(others).length > 0) this.#setting(others, type, this.#workspace(), type, raw);
    switch (type) {
      case 'post':
      case 'direct_post':
        this.#post(value, this.#placeOf(value), raw);
        break;
      case 'channel':
        this.#channel(value, raw);
        break;
      case 'direct_channel':
        if (this.#hints.includeDirect) this.#setting(value, type, this.#placeOf(value), type, raw);
        break;
      case 'user':
        this.#user(value, raw);
        break;
      case 'team': {
        const name = stringOf(value, 'name') ?? 'team';
        this.#setting(value, type, { ...this.#workspace(), id: name, name }, name, raw);
        break;
      }
      default:
        if (isDraft(type)) this.#post(value, this.#placeOf(value), raw, 'draft');
        else this.#setting(value, type, this.#workspace(), `${type}/${stringOf(value, 'name') ?? ''}`, raw);
    }
  }

  #workspace(): RecordPlace {
    const name = this.#tenant ?? 'Mattermost';
    return defined<RecordPlace>({
      kind: 'workspace',
      tenant: this.#tenant,
      id: this.#tenant ?? 'server',
      name,
      audience: 'internal',
    });
  }

  /** Channels have no id here; team and name are what lasts. */
  #placeOf(value: JsonObject): RecordPlace {
    const members = value['channel_members'] ?? value['members'];
    const team = stringOf(value, 'team');
    const channel = stringOf(value, 'channel', 'name');
    if (team === undefined || channel === undefined) {
      const names = memberNames(members);
      return defined<RecordPlace>({
        kind: names.length > 2 ? 'group-dm' : 'dm',
        tenant: this.#tenant,
        // The members are what lasts, and their names are those of people.
        id: `direct-${createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 16)}`,
        name: names.length > 2 ? `group message of ${names.length}` : 'direct message',
        audience: 'restricted',
      });
    }
    const id = `${team}/${channel}`;
    const facts = this.#channels.get(id);
    return defined<RecordPlace>({
      kind: 'channel',
      tenant: this.#tenant,
      id,
      name: `#${facts?.name ?? channel}`,
      audience: facts?.audience ?? 'unknown',
    });
  }

  #channel(channel: JsonObject, raw: ExportRecord['raw']): void {
    const team = stringOf(channel, 'team') ?? '';
    const name = stringOf(channel, 'name') ?? '';
    const id = `${team}/${name}`;
    const type = channel['type'];
    if (this.#channels.size < maxNames) {
      const audience = type === 'O' ? 'internal' : type === 'P' ? 'restricted' : 'unknown';
      this.#channels.set(id, { name: stringOf(channel, 'display_name') ?? name, audience });
    }
    this.#setting(channel, 'channel', this.#placeOf(channel), id, raw);
  }

  #user(user: JsonObject, raw: ExportRecord['raw']): void {
    const id = stringOf(user, 'username');
    const names = [stringOf(user, 'first_name'), stringOf(user, 'last_name')].filter(
      (part) => part !== undefined,
    );
    const actor = defined<RecordActor>({
      id,
      name: names.join(' ') || stringOf(user, 'nickname') || id,
      email: stringOf(user, 'email'),
      kind: 'user',
    });
    if (id !== undefined && this.#people.size < maxNames) this.#people.set(id, actor);
    const { texts } = textsOf(user, userFormat, (key) => this.#sink.unknownKey(key));
    if (texts.length === 0) return;
    this.#sink.record(
      defined<ExportRecord>({
        place: this.#workspace(),
        type: 'profile',
        id: id ?? 'unknown',
        actor,
        revision: { state: 'current' },
        action: 'edit',
        texts,
        raw,
      }),
    );
  }

  #setting(value: JsonObject, type: string, place: RecordPlace, id: string, raw: ExportRecord['raw']): void {
    const { texts } = textsOf(value, settingFormat, (key) => this.#sink.unknownKey(key));
    if (texts.length === 0) return;
    const state = isDraft(type) ? 'draft' : 'current';
    this.#sink.record(
      defined<ExportRecord>({
        place,
        type: 'setting',
        id,
        time: recordTime(fromEpoch(value['create_at'], 'ms')),
        revision: { state },
        action: 'edit',
        texts,
        raw,
      }),
    );
  }

  #post(
    post: JsonObject,
    place: RecordPlace,
    raw: ExportRecord['raw'],
    state: 'current' | 'draft' = 'current',
    parent?: string,
  ): void {
    const isDirect = place.kind !== 'channel';
    const user = stringOf(post, 'user', 'username');
    // Posts have no id: their time is what lasts, that of replies behind their parent's. Names stay out of it.
    const own = String(post['create_at']);
    const id = this.#ordinals.next(parent === undefined ? own : `${parent}/${own}`, place.id);
    const { texts, inner } = textsOf(post, postFormat, (key) => this.#sink.unknownKey(key));
    if (isDirect && !this.#hints.includeDirect) this.#sink.note('direct-message', 1 + inner.length);
    else {
      if (texts.length > 0)
        this.#sink.record(
          defined<ExportRecord>({
            place,
            type: 'message',
            id,
            thread: parent ?? (inner.length > 0 ? id : undefined),
            actor: user === undefined ? undefined : this.#actorOf(user, post),
            time: recordTime(fromEpoch(post['create_at'], 'ms'), fromEpoch(post['edit_at'], 'ms')),
            revision: { state },
            permalink: this.#permalink(place),
            action: 'edit',
            texts,
            raw,
          }),
        );
      for (const { value } of inner) this.#post(value, place, raw, state, id);
    }
  }

  #actorOf(user: string, post: JsonObject): RecordActor {
    const props = objectOf(post, 'props');
    const override = props === undefined ? undefined : stringOf(props, 'override_username');
    const isBot = props?.['from_webhook'] === 'true' || props?.['from_bot'] === 'true';
    const told = this.#people.get(user);
    if (override === undefined && !isBot) return this.#person(user, told);
    const known = told ?? { id: user, kind: 'user' };
    return defined<RecordActor>({ ...known, name: override ?? known.name, kind: isBot ? 'bot' : 'user' });
  }

  /** Most posts are of a few people, each of whom is made once. */
  #person(user: string, told: RecordActor | undefined): RecordActor {
    const made = this.#actors.get(user);
    if (made !== undefined && made.told === told) return made.actor;
    if (this.#actors.size >= maxActors) this.#actors.clear();
    const actor = defined<RecordActor>({ id: user, ...told, kind: 'user' });
    this.#actors.set(user, { told, actor });
    return actor;
  }

  /** A post cannot be linked without its id, which is not exported; its channel can. */
  #permalink(place: RecordPlace): ExportRecord['permalink'] {
    if (this.#baseUrl === undefined || place.kind !== 'channel') return undefined;
    const [team, channel] = place.id.split('/').map(encodeURIComponent);
    return { url: `${this.#baseUrl}/${team}/channels/${channel}`, level: 'container' };
  }
}

function isDraft(type: string): boolean {
  return type.includes('draft') || type === 'scheduled_post';
}

/** Members by name, in an order that does not depend on the export. */
function memberNames(members: unknown): string[] {
  if (!Array.isArray(members)) return [];
  return members
    .map((member: unknown) => (isObject(member) ? stringOf(member, 'username') : member))
    .filter((name) => typeof name === 'string')
    .sort();
}
