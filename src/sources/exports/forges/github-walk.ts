import type { ExportRecord, RecordActor, RecordPlace, RecordSink, RecordText } from '../contract.js';
import { defined } from '../defined.js';
import { idOf, isObject, type JsonObject, memberOf, objectOf, stringOf, textsOf } from '../object-texts.js';
import { type Pending, visitObjects } from '../object-walk.js';
import {
  actionOf,
  editState,
  isComment,
  ownTarget,
  permalinkOf,
  recordTypes,
  timeOf,
  titleOf,
} from './github-facts.js';
import { githubFormat } from './github-fields.js';
import { type GithubKind, kindOf } from './github-kinds.js';
import {
  type GithubAddress,
  type GithubTarget,
  loginOf,
  readGithubAddress,
  targetOf,
} from './github-links.js';
import {
  addressKeys,
  audienceOf,
  gistPlace,
  hostOf,
  peoplePlace,
  placeOfRepo,
  repoKeys,
  repoPlace,
} from './github-places.js';

type Located = Pick<ExportRecord, 'raw'>;

/** What a record inherits from what it stands in. */
interface Context {
  readonly place: RecordPlace | undefined;
  /** The issue, pull request, discussion, gist or commit that is open. */
  readonly thread: string | undefined;
  readonly title: string | undefined;
  /** Member in which the value stands. */
  readonly under: string;
  /** JSON pointer, for the ids of what has none. */
  readonly pointer: string;
  /** The record of which an edit is an earlier wording. */
  readonly edited?: Pick<ExportRecord, 'type' | 'id' | 'permalink' | 'thread' | 'title'> & {
    readonly body?: string;
  };
}

export interface Person {
  readonly name?: string;
  readonly email?: string;
}

export interface GithubWalkOptions {
  readonly isArchive?: boolean;
  /** Names and addresses of people by login. */
  readonly people?: ReadonlyMap<string, Person>;
  /** Name of the file, the place of what says no repository. */
  readonly fileName: string;
  /** Page of the repository that the user gave. */
  readonly baseUrl?: string;
}

/** Records that other records bring along again and again: given once a file. */
const repeated: ReadonlySet<GithubKind> = new Set(['user', 'label', 'milestone', 'repository']);
const mostRemembered = 10_000;

/** Members of connections, which say nothing about what they hold. */
const connectionKeys: ReadonlySet<string> = new Set(['nodes', 'edges', 'node', 'items', 'data']);

export class GithubWalk {
  readonly #sink: RecordSink;
  readonly #options: GithubWalkOptions;
  readonly #seen = new Set<string>();

  constructor(sink: RecordSink, options: GithubWalkOptions) {
    this.#sink = sink;
    this.#options = options;
  }

  walk(value: unknown, pointer: string, raw?: ExportRecord['raw'], outer: readonly JsonObject[] = []): void {
    const located: Located = raw === undefined ? {} : { raw };
    visitObjects(value, this.#outerContext(outer, pointer), {
      object: (object, context) => this.#object(object, context, located),
      text: (text, context) => this.#bareString(text, context, located),
    });
  }

  /** Context that the objects around a streamed record give it. */
  #outerContext(outer: readonly JsonObject[], pointer: string): Context {
    let context: Context = {
      place: undefined,
      thread: undefined,
      title: undefined,
      under: nameOf(pointer.split('/').slice(1)),
      pointer,
    };
    for (const object of outer) {
      const kind = kindOf(object, '', this.#options.isArchive);
      const place = this.#placeOf(object, kind, context);
      context = { ...context, place };
      if (kind !== undefined && threadKinds.has(kind))
        context = { ...context, thread: this.#idOf(object, kind, context), title: titleOf(object, kind) };
    }
    return context;
  }

  #object(object: JsonObject, context: Context, located: Located): Pending<Context>[] {
    const isTop = context.pointer.split('/').length <= 2;
    const kind =
      kindOf(object, context.under, this.#options.isArchive) ?? (isTop ? topKind(object) : undefined);
    if (kind !== undefined && repeated.has(kind) && this.#isRepeated(object, context)) return [];
    const place = this.#placeOf(object, kind, context);
    const permalink = permalinkOf(object);
    const format = githubFormat(
      (value, path) => kindOf(value, nameOf(path), false) !== undefined,
      kind === undefined ? undefined : permalink,
    );
    const { texts, inner } = textsOf(object, format, (key) => this.#sink.unknownKey(key));
    const id =
      kind === undefined
        ? (stringOf(object, 'url') ?? (context.pointer || '/'))
        : this.#idOf(object, kind, context);
    const title = kind === undefined ? context.title : (titleOf(object, kind) ?? context.title);
    const page = permalink ?? this.#builtLink(kind, id, place);
    const record = this.#record({ object, kind, place, id, title, permalink: page, context, texts });
    if (texts.length > 0) this.#sink.record({ ...record, ...located });
    const isThread = kind !== undefined && threadKinds.has(kind);
    return inner.map(({ value, path }) => ({
      value,
      context: {
        place,
        thread: isThread ? id : context.thread,
        title,
        under: nameOf(path),
        pointer: `${context.pointer}/${path.join('/')}`,
        ...(kind === undefined ? {} : { edited: { ...record, body: stringOf(object, 'body') ?? '' } }),
      },
    }));
  }

  #record(parts: {
    readonly object: JsonObject;
    readonly kind: GithubKind | undefined;
    readonly place: RecordPlace | undefined;
    readonly id: string;
    readonly title: string | undefined;
    readonly permalink: string | undefined;
    readonly context: Context;
    readonly texts: readonly RecordText[];
  }): ExportRecord {
    const { object, kind, context, title } = parts;
    const place = parts.place ?? this.#fallbackPlace();
    const actor = this.#actorOf(object, kind);
    const time = timeOf(object, kind);
    const action = actionOf(kind);
    const common = { place, ...(actor && { actor }), ...(time && { time }), ...(action && { action }) };
    if (kind === 'edit' && context.edited !== undefined) {
      const { type, id, permalink, thread, title: about, body } = context.edited;
      return {
        ...common,
        type,
        id,
        ...(about !== undefined && { title: about }),
        ...(thread !== undefined && { thread }),
        ...(permalink && { permalink: { ...permalink, level: 'record' } }),
        revision: editState(object, parts.id, body),
        texts: parts.texts,
      };
    }
    const thread = kind === undefined ? undefined : threadOf(object, kind, context);
    return {
      ...common,
      type: kind === undefined ? 'setting' : recordTypes[kind],
      id: parts.id,
      ...(title !== undefined && { title }),
      ...(thread !== undefined && { thread }),
      ...(parts.permalink !== undefined && kind !== undefined && { permalink: { url: parts.permalink } }),
      revision: kind === 'renamed' ? { state: 'previous', id: parts.id } : { state: 'current' },
      texts:
        kind !== undefined && isComment.has(kind)
          ? parts.texts.map((text) =>
              text.field.role === 'body' ? { ...text, field: { ...text.field, role: 'comment' } } : text,
            )
          : parts.texts,
    };
  }

  /** True when the very same object was met in this place before. */
  #isRepeated(object: JsonObject, context: Context): boolean {
    const key = `${context.place?.id ?? ''}\0${JSON.stringify(object)}`;
    if (this.#seen.has(key)) return true;
    if (this.#seen.size >= mostRemembered) this.#seen.clear();
    this.#seen.add(key);
    return false;
  }

  /** A string where an object was expected, e.g. in a list of names. */
  #bareString(text: string, context: Context, located: Located): void {
    this.#sink.record({
      place: context.place ?? this.#fallbackPlace(),
      type: 'setting',
      id: context.pointer,
      revision: { state: 'current' },
      texts: [{ text, dialect: 'plain', field: { path: context.pointer, role: 'metadata' } }],
      ...located,
    });
  }

  #placeOf(object: JsonObject, kind: GithubKind | undefined, context: Context): RecordPlace | undefined {
    if (kind === 'user') return peoplePlace(hostOf(object) ?? context.place?.tenant ?? 'github.com');
    if (kind === 'gist') return gistPlace(object, hostOf(object) ?? 'github.com');
    for (const key of addressKeys) {
      const place = repoPlace(object, memberOf(object, key), kind === 'repository' || repoKeys.has(key));
      if (place !== undefined) return place;
    }
    const name = stringOf(object, 'nameWithOwner', 'full_name');
    if (name !== undefined && /^[^/\s]{1,100}\/[^/\s]{1,100}$/.test(name))
      return placeOfRepo(context.place?.tenant ?? 'github.com', name, audienceOf(object));
    return context.place;
  }

  #idOf(object: JsonObject, kind: GithubKind, context: Context): string {
    const target = ownTarget(object);
    if (target !== undefined && target.kind === targetKindOf(kind)) return target.id;
    switch (kind) {
      case 'issue':
      case 'pull':
      case 'discussion':
        return idOf(object, 'number') ?? target?.id ?? context.pointer;
      case 'review-comment':
        return prefixed('r', object, context);
      case 'commit-comment':
        return prefixed('c', object, context);
      case 'discussion-comment':
        return prefixed('d', object, context);
      case 'commit':
        return idOf(object, 'sha', 'oid', 'commit_id', 'id') ?? context.pointer;
      case 'user':
        return stringOf(object, 'login', 'url', 'name') ?? context.pointer;
      case 'release':
        return stringOf(object, 'tag_name', 'tagName', 'name') ?? context.pointer;
      case 'label':
      case 'milestone':
      case 'variable':
        return `${kind}/${target?.id ?? stringOf(object, 'name', 'title') ?? context.pointer}`;
      case 'repository':
        return 'repository';
      case 'edit':
        return idOf(object, 'id', 'editedAt', 'createdAt') ?? context.pointer;
      case 'alert':
        return `alert/${idOf(object, 'number', 'id') ?? context.pointer}`;
      case 'attachment':
        return stringOf(object, 'url', 'asset_url') ?? context.pointer;
      case 'file':
        return stringOf(object, 'filename', 'path') ?? context.pointer;
      case 'annotation':
        return `${context.thread ?? ''}${context.pointer}`;
      default:
        return recordId(object, context);
    }
  }

  #actorOf(object: JsonObject, kind: GithubKind | undefined): RecordActor | undefined {
    if (kind === 'user') return undefined;
    for (const key of actorKeys) {
      const value = memberOf(object, key);
      const actor = Array.isArray(value) ? this.#actor(value[0]) : this.#actor(value);
      if (actor !== undefined) return actor;
    }
    const commit = objectOf(object, 'commit');
    return commit === undefined ? undefined : this.#actor(memberOf(commit, 'author'));
  }

  #actor(value: unknown): RecordActor | undefined {
    const login = isObject(value) ? stringOf(value, 'login') : loginOf(value);
    const own: Person = isObject(value) ? personOf(value) : {};
    if (login === undefined && own.name === undefined && own.email === undefined) return undefined;
    const side = login === undefined ? undefined : this.#options.people?.get(login);
    const name = own.name ?? side?.name ?? login;
    const email = own.email ?? side?.email;
    const isBot =
      login?.endsWith('[bot]') === true ||
      (isObject(value) && (memberOf(value, 'type') === 'Bot' || memberOf(value, 'is_bot') === true));
    return {
      ...(login !== undefined && { id: login }),
      ...(name !== undefined && { name }),
      ...(email !== undefined && { email }),
      ...(isBot && { kind: 'bot' as const }),
    };
  }

  /** Place of what says no repository: the one that the user gave, else the file. */
  #fallbackPlace(): RecordPlace {
    const { fileName } = this.#options;
    const base = this.#base();
    if (base?.repo !== undefined) return placeOfRepo(base.host, base.repo, 'unknown');
    return { kind: 'folder', id: fileName, name: fileName, audience: 'unknown' };
  }

  #base(): GithubAddress | undefined {
    return readGithubAddress(this.#options.baseUrl?.replace(/\/+$/, ''));
  }

  /** Page of an issue whose own address is not in the data, within the repository that the user gave. */
  #builtLink(kind: GithubKind | undefined, id: string, place: RecordPlace | undefined): string | undefined {
    const base = this.#base();
    const folder = kind === undefined ? undefined : pageFolders.get(kind);
    if (base?.repo === undefined || folder === undefined || !/^\d+$/.test(id)) return undefined;
    const isSame = place === undefined || (place.id === base.repo && place.tenant === base.host);
    return isSame ? `https://${base.host}/${base.repo}/${folder}/${id}` : undefined;
  }
}

const pageFolders: ReadonlyMap<GithubKind, string> = new Map([
  ['issue', 'issues'],
  ['pull', 'pull'],
  ['discussion', 'discussions'],
]);
const threadKinds: ReadonlySet<GithubKind> = new Set([
  'issue',
  'pull',
  'discussion',
  'gist',
  'commit',
  'check',
  'run',
]);
const actorKeys = [
  'user',
  'author',
  'editor',
  'actor',
  'creator',
  'sender',
  'authors',
  'owner',
  'uploader',
  'committer',
];
const threadKeys = [
  'issue_url',
  'pull_request_url',
  'issue',
  'pull_request',
  'issue_comment',
  'pull_request_review_comment',
  'discussion',
];

/** Records that carry no sign of their own, recognised at the top of a file only. */
function topKind(object: JsonObject): GithubKind | undefined {
  if (stringOf(object, 'filename') !== undefined && memberOf(object, 'patch') !== undefined) return 'file';
  if (stringOf(object, 'name') !== undefined && typeof memberOf(object, 'value') === 'string')
    return 'variable';
  return undefined;
}

function nameOf(path: readonly string[]): string {
  for (let i = path.length - 1; i >= 0; i--) {
    const key = path[i] ?? '';
    if (!/^\d+$/.test(key) && !connectionKeys.has(key)) return key;
  }
  return '';
}

/** Kinds that an address can name, as the address names them. */
function targetKindOf(kind: GithubKind): GithubTarget['kind'] | undefined {
  switch (kind) {
    case 'comment':
    case 'review-comment':
    case 'commit-comment':
    case 'discussion-comment':
    case 'review':
    case 'gist':
    case 'event':
      return kind;
    case 'renamed':
      return 'event';
    default:
      return undefined;
  }
}

function prefixed(prefix: string, object: JsonObject, context: Context): string {
  const id = idOf(object, 'databaseId', 'fullDatabaseId', 'id');
  return id === undefined ? recordId(object, context) : `${prefix}${id}`;
}

/** Own id; else what comes nearest to one that lasts. */
function recordId(object: JsonObject, context: Context): string {
  const id = idOf(object, 'databaseId', 'fullDatabaseId', 'id');
  if (id !== undefined) return id;
  const created = stringOf(object, 'created_at', 'createdAt', 'submittedAt');
  const author = objectOf(object, 'author', 'user', 'actor');
  const login = author === undefined ? undefined : stringOf(author, 'login');
  if (created === undefined && login === undefined) return context.pointer;
  const ordinal = /(\d+)$/.exec(context.pointer)?.[1] ?? '0';
  return [context.thread, created, login, ordinal].filter((part) => part !== undefined).join('/');
}

function threadOf(object: JsonObject, kind: GithubKind, context: Context): string | undefined {
  if (threadKinds.has(kind) && kind !== 'commit') return undefined;
  const own = ownTarget(object)?.thread;
  if (own !== undefined) return own;
  for (const key of threadKeys) {
    const address = readGithubAddress(memberOf(object, key));
    const target = address === undefined ? undefined : targetOf(address);
    if (target !== undefined) return target.thread ?? target.id;
  }
  if (recordTypes[kind] === 'setting' || kind === 'user') return undefined;
  return context.thread;
}

function personOf(value: JsonObject): Person {
  const name = stringOf(value, 'name');
  const email = stringOf(value, 'email');
  return defined({ name, email });
}
