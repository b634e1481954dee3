/** Walks GitLab data and hands over every record in it. */
import type {
  ExportRecord,
  RecordActor,
  RecordPlace,
  RecordSink,
  RecordText,
  RecordType,
} from '../contract.js';
import { idOf, type JsonObject, memberOf, objectOf, stringOf, textsOf } from '../object-texts.js';
import { type Pending, visitObjects } from '../object-walk.js';
import { fromIso, recordTime } from '../times.js';
import { gitlabFormat } from './gitlab-fields.js';
import { type GitlabKind, gitlabKindOf, isInnerGitlabRecord } from './gitlab-kinds.js';
import { type GitlabProject, personOf, readGitlabAddress, visibilityOf } from './gitlab-project.js';

export interface GitlabWalkOptions {
  readonly project: GitlabProject;
  readonly site:
    | { readonly origin: string; readonly host: string; readonly path: string | undefined }
    | undefined;
  /** Name of the file, the place of what says no project. */
  readonly fileName: string;
  /** Relation whose rows the file holds, by its name. */
  readonly relation: string;
}

interface Context {
  readonly pointer: string;
  readonly under: string;
  readonly place: RecordPlace | undefined;
  readonly thread: string | undefined;
  readonly title: string | undefined;
  /** Page of the thread, for links to what stands in it. */
  readonly page: string | undefined;
}

const recordTypes: Readonly<Record<GitlabKind, RecordType>> = {
  issue: 'issue',
  'merge-request': 'issue',
  epic: 'issue',
  note: 'comment',
  snippet: 'snippet',
  release: 'release',
  milestone: 'setting',
  label: 'setting',
  'diff-file': 'file',
  commit: 'change',
  pipeline: 'event',
  schedule: 'setting',
  trigger: 'setting',
  integration: 'setting',
  variable: 'setting',
  hook: 'setting',
  member: 'profile',
  project: 'setting',
};

/** Members of the place in the address of a record, by kind. */
const pages: Readonly<Partial<Record<GitlabKind, string>>> = {
  issue: 'issues',
  'merge-request': 'merge_requests',
  snippet: 'snippets',
  release: 'releases',
  pipeline: 'pipelines',
  milestone: 'milestones',
  commit: 'commit',
};

export class GitlabWalk {
  readonly #sink: RecordSink;
  readonly #options: GitlabWalkOptions;

  constructor(sink: RecordSink, options: GitlabWalkOptions) {
    this.#sink = sink;
    this.#options = options;
  }

  walk(value: unknown, pointer: string, raw: ExportRecord['raw']): void {
    const context: Context = {
      pointer,
      under: nameOf(pointer.split('/')) || this.#options.relation,
      place: undefined,
      thread: undefined,
      title: undefined,
      page: undefined,
    };
    visitObjects(value, context, { object: (object, at) => this.#object(object, at, raw) });
  }

  #object(object: JsonObject, context: Context, raw: ExportRecord['raw']): Pending<Context>[] {
    const kind = gitlabKindOf(object, context.under);
    const place = this.#placeOf(object, context);
    const id = idOfKind(object, kind, context);
    const permalink = this.#permalinkOf(object, kind, id, context);
    const format = gitlabFormat(kind, {
      permalink,
      isRecord: (value, path) => isInnerGitlabRecord(value, nameOf(path)),
      onEncrypted: () => this.#sink.note('encrypted'),
    });
    const { texts, inner } = textsOf(object, format, (key) => this.#sink.unknownKey(key));
    const title = titleOf(object, kind) ?? context.title;
    if (texts.length > 0)
      this.#sink.record({
        ...this.#record(object, { kind, place, id, title, permalink, context, texts }),
        ...(raw && { raw }),
      });
    const isThread = kind !== undefined && threadKinds.has(kind);
    return inner.map(({ value, path }) => ({
      value,
      context: {
        pointer: `${context.pointer}/${path.join('/')}`,
        under: nameOf(path),
        place,
        thread: isThread ? id : context.thread,
        title,
        page: isThread ? permalink : context.page,
      },
    }));
  }

  #record(
    object: JsonObject,
    parts: {
      readonly kind: GitlabKind | undefined;
      readonly place: RecordPlace;
      readonly id: string;
      readonly title: string | undefined;
      readonly permalink: string | undefined;
      readonly context: Context;
      readonly texts: readonly RecordText[];
    },
  ): ExportRecord {
    const { kind, context, permalink, title } = parts;
    const actor = this.#actorOf(object, kind);
    const time = timeOf(object);
    const thread =
      kind === 'note' || kind === 'diff-file' || kind === 'commit' ? threadOf(object, context) : undefined;
    const isOwnPage = permalink !== undefined && permalink !== context.page;
    const action = kind === undefined || fixed.has(kind) ? undefined : 'edit';
    return {
      place: parts.place,
      type: kind === undefined ? 'setting' : recordTypes[kind],
      id: parts.id,
      revision: { state: 'current' },
      texts: parts.texts,
      ...(title !== undefined && { title }),
      ...(thread !== undefined && { thread }),
      ...(actor && { actor }),
      ...(time && { time }),
      ...(permalink !== undefined && {
        permalink: { url: permalink, level: isOwnPage ? 'exact' : 'record' },
      }),
      ...(action && { action }),
    };
  }

  #placeOf(object: JsonObject, context: Context): RecordPlace {
    const { project, site } = this.#options;
    const own = readGitlabAddress(memberOf(object, 'web_url')) ?? projectPage(object);
    if (own !== undefined) return placeOf(own.host, own.project, visibilityOf(object));
    if (context.place !== undefined) return context.place;
    const path = site?.path ?? project.path;
    if (path !== undefined) return placeOf(site?.host, path, project.visibility);
    const id = project.projectId ?? idOf(object, 'project_id', 'target_project_id', 'group_id');
    if (id !== undefined)
      return { ...placeOf(site?.host, `project/${id}`, project.visibility), name: `project ${id}` };
    const { fileName } = this.#options;
    return { kind: 'folder', id: fileName, name: fileName, audience: project.visibility };
  }

  #permalinkOf(
    object: JsonObject,
    kind: GitlabKind | undefined,
    id: string,
    context: Context,
  ): string | undefined {
    if (kind === undefined) return undefined;
    const own = stringOf(object, 'web_url');
    if (own !== undefined && /^https?:\/\/\S+$/.test(own)) return own;
    if (kind === 'note') {
      const noteId = idOf(object, 'id');
      return context.page === undefined || noteId === undefined
        ? context.page
        : `${context.page}#note_${noteId}`;
    }
    if (kind === 'diff-file') return context.page;
    const { site, project } = this.#options;
    const path = site?.path ?? project.path;
    const folder = pages[kind];
    if (site === undefined || path === undefined || folder === undefined) return undefined;
    return `${site.origin}/${path}/-/${folder}/${encodeURIComponent(id.replace(/^(?:[!]|milestone\/)/, ''))}`;
  }

  #actorOf(object: JsonObject, kind: GitlabKind | undefined): RecordActor | undefined {
    if (kind === 'member') return undefined;
    const author = objectOf(object, 'author', 'user', 'owner', 'commit_author');
    const id = idOf(object, 'author_id', 'owner_id', 'user_id') ?? (author && idOf(author, 'id'));
    const side = id === undefined ? undefined : this.#options.project.people.get(id);
    const own = author === undefined ? {} : personOf(author);
    const name = own.name ?? side?.name ?? stringOf(object, 'author_name') ?? own.username ?? side?.username;
    const email = own.email ?? side?.email ?? stringOf(object, 'author_email');
    if (id === undefined && name === undefined && email === undefined) return undefined;
    return {
      ...(id !== undefined && { id }),
      ...(name !== undefined && { name }),
      ...(email !== undefined && { email }),
      ...(memberOf(object, 'system') === true && { kind: 'system' as const }),
    };
  }
}

/** Kinds whose text nobody can change on a page. */
const fixed: ReadonlySet<GitlabKind> = new Set(['diff-file', 'commit', 'pipeline', 'member']);
const threadKinds: ReadonlySet<GitlabKind> = new Set([
  'issue',
  'merge-request',
  'epic',
  'snippet',
  'pipeline',
]);

function placeOf(host: string | undefined, path: string, audience: RecordPlace['audience']): RecordPlace {
  return { kind: 'repo', ...(host !== undefined && { tenant: host }), id: path, name: path, audience };
}

/** Place of a project by its own page, which has nothing behind its path. */
function projectPage(object: JsonObject): { host: string; project: string } | undefined {
  const path = stringOf(object, 'path_with_namespace');
  const url = stringOf(object, 'web_url');
  const host = /^https?:\/\/([^/?#\s]{1,255})\//.exec(url ?? '')?.[1];
  return path === undefined || host === undefined ? undefined : { host: host.toLowerCase(), project: path };
}

function idOfKind(object: JsonObject, kind: GitlabKind | undefined, context: Context): string {
  switch (kind) {
    case 'issue':
      return idOf(object, 'iid') ?? context.pointer;
    case 'merge-request':
      return `!${idOf(object, 'iid') ?? context.pointer}`;
    case 'epic':
      return `&${idOf(object, 'iid') ?? context.pointer}`;
    case 'milestone':
    case 'label':
    case 'integration':
    case 'variable':
      return `${kind}/${idOf(object, 'iid', 'title', 'type_new', 'type', 'key', 'name', 'id') ?? context.pointer}`;
    case 'trigger':
    case 'schedule':
    case 'hook':
      return `${kind}/${idOf(object, 'id') ?? context.pointer}`;
    case 'release':
      return idOf(object, 'tag', 'tag_name') ?? context.pointer;
    case 'diff-file':
      return `${context.thread ?? ''}/${stringOf(object, 'new_path', 'old_path') ?? context.pointer}`;
    case 'commit':
      return idOf(object, 'sha', 'id') ?? context.pointer;
    case 'member':
      return (
        idOf(object, 'user_id') ??
        idOf(objectOf(object, 'user') ?? {}, 'id') ??
        idOf(object, 'id') ??
        context.pointer
      );
    case 'project':
      return 'project';
    case 'note':
      return idOf(object, 'id') ?? noteId(object, context);
    default:
      return idOf(object, 'id') ?? (context.pointer || '/');
  }
}

/** What comes nearest to an id that lasts; commit notes of exports have none. */
function noteId(object: JsonObject, context: Context): string {
  const ordinal = /(\d+)$/.exec(context.pointer)?.[1] ?? '0';
  return [
    threadOf(object, context) ?? '',
    stringOf(object, 'created_at') ?? '',
    idOf(object, 'author_id') ?? '',
    ordinal,
  ].join('/');
}

function threadOf(object: JsonObject, context: Context): string | undefined {
  if (context.thread !== undefined) return context.thread;
  const type = stringOf(object, 'noteable_type');
  const iid = idOf(object, 'noteable_iid');
  if (iid !== undefined) return type === 'MergeRequest' ? `!${iid}` : iid;
  return type === 'Commit' ? stringOf(object, 'commit_id') : undefined;
}

function titleOf(object: JsonObject, kind: GitlabKind | undefined): string | undefined {
  if (kind === undefined || kind === 'note' || kind === 'diff-file' || kind === 'commit') return undefined;
  const title = stringOf(object, 'title', 'name');
  const iid = idOf(object, 'iid');
  const sign = kind === 'issue' ? '#' : kind === 'merge-request' ? '!' : kind === 'epic' ? '&' : undefined;
  return sign === undefined || iid === undefined ? title : `${sign}${iid} ${title ?? ''}`.trim();
}

function timeOf(object: JsonObject): ExportRecord['time'] {
  const created = fromIso(stringOf(object, 'created_at', 'authored_date', 'committed_date', 'released_at'));
  const edited = fromIso(stringOf(object, 'last_edited_at'));
  return recordTime(created, edited);
}

function nameOf(path: readonly string[]): string {
  for (let i = path.length - 1; i >= 0; i--) {
    const key = path[i] ?? '';
    if (key !== '' && !/^\d+$/.test(key)) return key;
  }
  return '';
}
