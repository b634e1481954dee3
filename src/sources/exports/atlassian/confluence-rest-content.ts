/** One content of Confluence's REST interfaces (pages, blog posts, comments, attachments) as a record. */
import type { ExportRecord, RecordActor, RecordPlace, RecordText } from '../contract.js';
import { defined } from '../defined.js';
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
import type { AtlassianSite } from './atlassian-site.js';
import { bodyTexts } from './confluence-texts.js';

/** What a content inherits from what it stands in. */
export interface ContentContext {
  readonly pointer: string;
  readonly site: AtlassianSite;
  readonly place: RecordPlace | undefined;
  /** Id of the content that holds it. */
  readonly holder: string | undefined;
}

export type ContentKind = 'page' | 'comment' | 'attachment';

const kinds: ReadonlyMap<unknown, ContentKind> = new Map<unknown, ContentKind>([
  ['page', 'page'],
  ['blogpost', 'page'],
  ['comment', 'comment'],
  ['attachment', 'attachment'],
]);

/** What an object of an answer is; undefined for people, spaces, labels and what stands around. */
export function contentKind(object: JsonObject): ContentKind | undefined {
  const named = kinds.get(object['type']);
  if (idOf(object, 'id') === undefined) return undefined;
  // What was cut off has lost its links, which come last.
  if (named !== undefined && (isObject(object['_links']) || isObject(object['body']))) return named;
  if (object['pageId'] !== undefined || object['blogPostId'] !== undefined)
    return object['mediaType'] === undefined ? 'comment' : 'attachment';
  return object['spaceId'] !== undefined && isObject(object['version']) ? 'page' : undefined;
}

/** Lists in which contents stand within contents; elsewhere they are only named. */
const holders: ReadonlySet<string> = new Set(['results', 'children', 'descendants', 'value', 'content']);

const format: ObjectFormat = {
  known: new Set(
    `title message name value label prefix key comment fileDescription collaborators data mediaTypeDescription
     inlineOriginalSelection inline-original-selection originalSelection description displayName email location`.split(
      /\s+/,
    ),
  ),
  noise: new Set(
    `_links _expandable webui editui tinyui self base next download context profilePicture ancestors type status
     representation mediaType authorId ownerId parentId parentType spaceId lastOwnerId accountId accountType userKey
     username publicName createdAt when friendlyWhen createdDate syncRev confRev contentTypeModified fileId
     collectionName inline-marker-ref inlineMarkerRef markerRef resolutionStatus contentState subtype`.split(
      /\s+/,
    ),
  ),
  isRecord: (value, path) => path.some((part) => holders.has(part)) && contentKind(value) !== undefined,
  field: (path, _text, holder) => {
    const key = lastKey(path);
    if (
      path.includes('container') ||
      path.includes('ancestors') ||
      path.includes('_links') ||
      path.includes('_expandable')
    )
      return 'skip';
    if (key === 'title') return path.length === 1 ? { role: 'title', dialect: 'plain' } : undefined;
    if (key === 'message' && 'number' in holder) return { role: 'comment', dialect: 'plain' };
    return undefined;
  },
};

export interface ContentRecord {
  readonly record: ExportRecord | undefined;
  readonly inner: readonly { readonly value: JsonObject; readonly path: readonly string[] }[];
  readonly place: RecordPlace;
}

export function contentRecord(
  content: JsonObject,
  kind: ContentKind,
  context: ContentContext,
  onUnknown: (key: string) => void,
): ContentRecord {
  const { body, ...rest } = content;
  const { texts, inner } = textsOf(rest, format, onUnknown);
  const all = [...bodiesOf(body, kind === 'comment' ? 'comment' : 'body'), ...texts];
  const place = placeOf(content, context);
  if (all.length === 0) return { record: undefined, inner, place };
  const version = objectOf(content, 'version');
  const history = objectOf(content, 'history');
  const created =
    stringOf(history ?? {}, 'createdDate') ??
    stringOf(content, 'createdAt') ??
    (history === undefined ? stringOf(version ?? {}, 'createdAt', 'when') : undefined);
  const edited = stringOf(version ?? {}, 'createdAt', 'when');
  const holder =
    idOf(content, 'pageId', 'blogPostId') ??
    idOf(objectOf(content, 'container') ?? {}, 'id') ??
    context.holder;
  const record = defined<ExportRecord>({
    place,
    type: kind,
    id: idOf(content, 'id') ?? context.pointer,
    title: kind === 'page' ? stringOf(content, 'title') : undefined,
    thread: kind === 'page' ? undefined : holder,
    actor: actorOf(content, version, history),
    time: recordTime(fromIso(created), edited === created ? undefined : fromIso(edited)),
    revision: revisionOf(content, version),
    permalink: linkOf(content, context.site),
    action: kind === 'attachment' ? 'purge-attachment' : 'edit',
    texts: all,
  });
  return { record, inner, place };
}

/** Source first; what is rendered of it says the same. */
const forms = ['storage', 'atlas_doc_format', 'wiki', 'editor', 'editor2', 'raw'];

function bodiesOf(body: unknown, role: 'body' | 'comment'): RecordText[] {
  if (!isObject(body)) return [];
  const names = [
    ...forms.filter((name) => name in body),
    ...Object.keys(body).filter((name) => !forms.includes(name)),
  ];
  return names.flatMap((name) => {
    const form = body[name];
    // A body that was asked for in one form may stand there without its name.
    const text = isObject(form)
      ? stringOf(form, 'value')
      : name === 'value' && typeof form === 'string'
        ? form
        : undefined;
    if (text === undefined) return [];
    const field = { path: `body.${name}`, role } as const;
    if (/view$/.test(name)) return [{ text, dialect: 'html' as const, field }];
    return bodyTexts(text, name === 'wiki' ? '0' : '2', role).map((one) => ({
      ...one,
      field: { ...one.field, path: one.field.path.replace(/^body/, field.path) },
    }));
  });
}

function placeOf(content: JsonObject, { site, place }: ContentContext): RecordPlace {
  const space = objectOf(content, 'space');
  const links = objectOf(content, '_links') ?? {};
  const path = stringOf(links, 'webui', 'self') ?? '';
  const key =
    stringOf(space ?? {}, 'key') ??
    /\/(?:spaces|display)\/([^/?#]{1,255})(?:[/?#]|$)/.exec(path)?.[1] ??
    (place === undefined ? idOf(content, 'spaceId') : undefined);
  if (key === undefined && place !== undefined) return place;
  const tenant = site.tenant === undefined ? {} : { tenant: site.tenant };
  if (key === undefined)
    return {
      kind: 'workspace',
      ...tenant,
      id: 'site',
      name: site.tenant ?? 'Confluence',
      audience: 'unknown',
    };
  return {
    kind: 'space',
    ...tenant,
    id: key,
    name: stringOf(space ?? {}, 'name') ?? key,
    audience: 'unknown',
  };
}

function actorOf(
  content: JsonObject,
  version: JsonObject | undefined,
  history: JsonObject | undefined,
): RecordActor | undefined {
  const person = objectOf(version ?? {}, 'by') ?? objectOf(history ?? {}, 'createdBy');
  const id =
    stringOf(person ?? {}, 'accountId', 'userKey', 'username') ??
    stringOf(version ?? {}, 'authorId') ??
    stringOf(content, 'authorId');
  const name = stringOf(person ?? {}, 'displayName', 'publicName');
  if (id === undefined && name === undefined) return undefined;
  return defined<RecordActor>({ id, name, email: stringOf(person ?? {}, 'email'), kind: 'user' });
}

function revisionOf(content: JsonObject, version: JsonObject | undefined): ExportRecord['revision'] {
  const id = idOf(version ?? {}, 'number');
  const status = content['status'];
  if (status === 'draft') return { state: 'draft' };
  if (status === 'trashed' || status === 'deleted') return { state: 'deleted' };
  if (status === 'historical') return defined<ExportRecord['revision']>({ state: 'previous', id });
  return { state: 'current' };
}

function linkOf(content: JsonObject, { base }: AtlassianSite): ExportRecord['permalink'] {
  const path = stringOf(objectOf(content, '_links') ?? {}, 'webui');
  return base === undefined || path === undefined || !path.startsWith('/') ? undefined : { url: base + path };
}
