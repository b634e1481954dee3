/** Answers of Linear's GraphQL interface, as scripts save them: issues, comments, documents, whatever stands in lists. */
import type {
  ExportReader,
  ExportRecord,
  ReaderHints,
  RecordActor,
  RecordSink,
  RecordType,
} from '../contract.js';
import { defined } from '../defined.js';
import { readJsonRecords } from '../json-records.js';
import {
  idOf,
  type JsonObject,
  lastKey,
  memberOf,
  type ObjectFormat,
  objectOf,
  stringOf,
  type TextField,
  textsOf,
} from '../object-texts.js';
import { visitObjects } from '../object-walk.js';
import { fromIso, recordTime } from '../times.js';
import { tidyRecord } from './tidy-record.js';

const address = /"https:\/\/linear\.app\/([\w-]{1,100})\//;
const own = /"(?:identifier|branchName|priorityLabel|slugId|descriptionState)"\s*:/;

const prose: ReadonlyMap<string, TextField> = new Map<string, TextField>([
  ['title', { role: 'title', dialect: 'plain' }],
  ['description', { role: 'body', dialect: 'markdown' }],
  ['body', { role: 'comment', dialect: 'markdown' }],
  ['content', { role: 'body', dialect: 'markdown' }],
  ['documentContent', { role: 'body', dialect: 'markdown' }],
]);

const format: ObjectFormat = {
  known: new Set(
    `name displayName email url label priorityLabel metadata subtitle summary bodyData descriptionData quotedText
     fromTitle toTitle fromDescription toDescription branchName`.split(/\s+/),
  ),
  noise: new Set(
    'id identifier slugId icon color type state avatarUrl endCursor startCursor cursor __typename'.split(' '),
  ),
  isRecord: (value, path) => /^\d+$/.test(path.at(-1) ?? '') || kindOf(value) !== undefined,
  field: (path, text) => {
    const key = lastKey(path);
    if (/^(?:\w+At|dueDate|startDate|targetDate)$/.test(key)) return 'skip';
    if (key === 'url' && path.length === 1 && text.startsWith('https://linear.app/')) return 'skip';
    // Old and new wordings in a history.
    if (/^from(?:Title|Description)$/.test(key)) return { role: 'history-old', dialect: 'markdown' };
    return path.length === 1 ? prose.get(key) : undefined;
  },
};

interface Context {
  readonly pointer: string;
  /** Key of the issue that holds it. */
  readonly issue: string | undefined;
  readonly url: string | undefined;
}

function kindOf(object: JsonObject): RecordType | undefined {
  if (typeof memberOf(object, 'identifier') === 'string' && memberOf(object, 'title') !== undefined)
    return 'issue';
  if (typeof memberOf(object, 'body') === 'string') return 'comment';
  return typeof memberOf(object, 'content') === 'string' ? 'page' : undefined;
}

export const linearJson: ExportReader = {
  id: 'linear-json',
  system: 'linear',
  label: 'Linear JSON',
  most: 0.92,

  recognise: ({ json, text }) =>
    json !== undefined && text.includes('linear.app/') && address.test(text) && own.test(text)
      ? { score: 0.92, reason: 'addresses and identifiers of Linear' }
      : undefined,

  async read(file, sink, hints) {
    const workspace = address.exec(file.head.toString('latin1'))?.[1] ?? workspaceOf(hints);
    await readJsonRecords(file, [''], sink, {
      record: ({ value }) =>
        visitObjects<Context>(
          value,
          { pointer: '', issue: undefined, url: undefined },
          { object: (object, at) => readObject(object, at, workspace, sink) },
        ),
    });
  },
};

function workspaceOf(hints: ReaderHints): string | undefined {
  return /^https?:\/\/linear\.app\/([\w-]{1,100})/.exec(hints.baseUrl ?? '')?.[1];
}

function readObject(object: JsonObject, at: Context, workspace: string | undefined, sink: RecordSink) {
  const { texts, inner } = textsOf(object, format, (key) => sink.unknownKey(key));
  const kind = kindOf(object);
  const key = kind === 'issue' ? stringOf(object, 'identifier') : at.issue;
  const url = linkOf(object) ?? at.url;
  if (texts.length > 0) sink.record(recordOf(object, kind, { key, at, workspace, texts }));
  return inner.map(({ value, path }) => ({
    value,
    context: { pointer: `${at.pointer}/${path.join('/')}`, issue: key, url },
  }));
}

function recordOf(
  object: JsonObject,
  kind: RecordType | undefined,
  {
    key,
    at,
    workspace,
    texts,
  }: {
    readonly key: string | undefined;
    readonly at: Context;
    readonly workspace: string | undefined;
    readonly texts: ExportRecord['texts'];
  },
): ExportRecord {
  const team = /^([A-Za-z]\w{0,30})-\d+$/.exec(key ?? '')?.[1];
  const own = linkOf(object);
  const url =
    own ??
    (kind === 'issue' && workspace !== undefined ? `https://linear.app/${workspace}/issue/${key}` : at.url);
  return tidyRecord({
    place: defined({
      kind: team === undefined ? ('workspace' as const) : ('project' as const),
      tenant: workspace,
      id: team ?? 'workspace',
      name: team ?? workspace ?? 'Linear',
      audience: 'unknown' as const,
    }),
    type: kind ?? 'setting',
    id: (kind === 'issue' ? key : idOf(object, 'id')) ?? (at.pointer || '/'),
    title: kind === 'issue' ? `${key} ${stringOf(object, 'title') ?? ''}`.trim() : stringOf(object, 'title'),
    thread: kind === 'issue' ? undefined : key,
    actor: actorOf(object),
    time: recordTime(fromIso(stringOf(object, 'createdAt')), fromIso(stringOf(object, 'editedAt'))),
    permalink:
      url === undefined
        ? undefined
        : { url, ...(own === undefined && kind !== 'issue' ? { level: 'record' as const } : {}) },
    action: 'edit',
    texts,
  });
}

function linkOf(object: JsonObject): string | undefined {
  const url = stringOf(object, 'url');
  return url?.startsWith('https://linear.app/') === true ? url : undefined;
}

function actorOf(object: JsonObject): RecordActor | undefined {
  const person = objectOf(object, 'creator', 'user', 'actor', 'botActor');
  if (person === undefined) return undefined;
  const id = idOf(person, 'id');
  const name = stringOf(person, 'displayName', 'name');
  const email = stringOf(person, 'email');
  return id === undefined && name === undefined && email === undefined
    ? undefined
    : defined<RecordActor>({ id, name, email });
}
