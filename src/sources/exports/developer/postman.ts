/**
 * Postman: collections (v1, v2), environments, globals, backups. Each request is a record with its headers, body,
 * scripts and saved answers; each folder, collection and environment has one for what is its own.
 */
import type { FieldRole } from '../../../model/appearance.js';
import type { ExportReader, Probe, Recognition, RecordPlace, RecordSink, RecordText } from '../contract.js';
import { folderPlace, RecordIds } from '../generic/file-place.js';
import { readJsonRecords } from '../json-records.js';
import { type Claims, claims, unclaimedTexts } from '../leaves.js';
import { isObject, type JsonObject, memberOf, objectOf, stringOf } from '../object-texts.js';
import { withoutReferences } from './references.js';

export const postman: ExportReader = {
  id: 'postman',
  system: 'postman',
  label: 'Postman collection or environment',
  most: 0.97,
  recognise,
  async read(file, sink) {
    const ids = new RecordIds(file);
    const fallback = folderPlace(file);
    await readJsonRecords(
      file,
      ['/item/*', '/requests/*', '/collections/*', '/environments/*', '/globals/*'],
      sink,
      {
        record({ pointer, value, ancestors }) {
          if (!isObject(value)) return;
          const walk = new CollectionWalk(sink, ids, placeOf(ancestors[0] ?? {}, fallback));
          if (/^\/(?:collections|environments|globals)\//.test(pointer)) {
            new CollectionWalk(sink, ids, placeOf(value, fallback)).whole(value);
          } else walk.item(value, [], 0);
        },
        end(root) {
          if (isObject(root))
            new CollectionWalk(sink, ids, placeOf(root, fallback)).own(root, [], 'collection');
        },
      },
    );
  },
};

function recognise({ json, text }: Probe): Recognition | undefined {
  if (json?.root !== 'object') return undefined;
  const keys = new Set(json.keys);
  if (keys.has('_postman_variable_scope')) return { score: 0.97, reason: 'key _postman_variable_scope' };
  const isNamed = text.includes('postman');
  if (isNamed && /"(?:_postman_)?schema"\s*:\s*"https?:\/\/schema\.(?:get)?postman\.com/.test(text))
    return { score: 0.97, reason: 'schema of Postman' };
  if (isNamed && /"_postman_(?:id|exported_at|exported_using)"/.test(text))
    return { score: 0.93, reason: 'keys _postman_' };
  const requests = json.inner['requests'] ?? [];
  if (keys.has('requests') && keys.has('order') && requests.includes('url') && requests.includes('method'))
    return { score: 0.9, reason: 'keys requests and order' };
  if (
    keys.has('collections') &&
    keys.has('environments') &&
    (keys.has('globals') || keys.has('headerPresets'))
  )
    return { score: 0.9, reason: 'keys collections, environments, globals' };
  const values = json.inner['values'] ?? [];
  if (keys.has('values') && keys.has('name') && values.includes('key') && values.includes('enabled'))
    return { score: 0.75, reason: 'values with key and enabled' };
  return undefined;
}

/** The collection or environment; the folder where the file does not say. */
function placeOf(root: JsonObject, fallback: RecordPlace): RecordPlace {
  const info = objectOf(root, 'info') ?? root;
  const name = stringOf(info, 'name');
  const id = stringOf(info, '_postman_id', 'id', '_exporter_id') ?? name;
  if (id === undefined) return fallback;
  return { kind: 'project', id, name: name ?? id, audience: 'unknown' };
}

/** Folders within folders. */
const maxDepth = 100;

const ownClaims = claims(
  'item',
  'requests',
  'order',
  'folders_order',
  'event.*.script.exec',
  'info.schema',
  'info._postman_schema',
  'collections',
  'environments',
  'globals',
);
const requestClaims = claims(
  'item',
  'event.*.script.exec',

  'request.url.host',
  'request.url.path',
  'request.url.port',
  'request.url.protocol',
  'response.*.originalRequest.url.host',
  'response.*.originalRequest.url.path',
  'response.*.originalRequest.url.protocol',
);
const rawlessClaims = claims('item', 'event.*.script.exec');

class CollectionWalk {
  readonly #sink: RecordSink;
  readonly #ids: RecordIds;
  readonly #place: RecordPlace;

  constructor(sink: RecordSink, ids: RecordIds, place: RecordPlace) {
    this.#sink = sink;
    this.#ids = ids;
    this.#place = place;
  }

  /** A collection or environment within a backup. */
  whole(root: JsonObject): void {
    for (const key of ['item', 'requests'] as const) {
      const items = memberOf(root, key);
      if (Array.isArray(items)) for (const item of items) if (isObject(item)) this.item(item, [], 0);
    }
    this.own(root, [], 'collection');
  }

  /** A folder, or a request. */
  item(item: JsonObject, folders: readonly string[], depth: number): void {
    const path = [...folders, stringOf(item, 'name') ?? stringOf(item, 'id') ?? 'unnamed'];
    const children = memberOf(item, 'item');
    if (!Array.isArray(children) || depth >= maxDepth) {
      const hasRaw = stringOf(objectOf(objectOf(item, 'request') ?? {}, 'url') ?? {}, 'raw') !== undefined;
      this.#give(
        item,
        path,
        'request',
        depth >= maxDepth ? claims() : hasRaw ? requestClaims : rawlessClaims,
      );
      return;
    }
    for (const child of children) if (isObject(child)) this.item(child, path, depth + 1);
    this.own(item, path, 'folder');
  }

  /** What a collection, folder or environment says of itself: variables, credentials, scripts. */
  own(object: JsonObject, path: readonly string[], what: string): void {
    const isEnvironment = Object.hasOwn(object, 'values');
    this.#give(object, path, isEnvironment ? 'environment' : what, ownClaims);
  }

  #give(object: JsonObject, path: readonly string[], what: string, claimed: Claims): void {
    const onUnknown = (key: string): void => {
      if (/^_/.test(key)) this.#sink.unknownKey(key);
    };
    const swept = unclaimedTexts(object, claimed, { noise, onUnknown });
    const texts = [...scriptTexts(object), ...swept.filter(isNoMethod).map(withRole)].flatMap(
      (text) => withoutReferences(text) ?? [],
    );
    if (texts.length === 0) return;
    const id = stringOf(object, '_postman_id', 'id', 'uid') ?? (path.join('/') || what);
    this.#sink.record({
      place: this.#place,
      type: what === 'request' ? 'request' : 'setting',
      id: this.#ids.next(id),
      ...(path.length === 0 ? {} : { title: path.join(' / ').slice(0, 300) }),
      revision: { state: 'current' },
      texts,
    });
  }
}

const noise: ReadonlySet<string> = new Set([
  '_postman_previewlanguage',
  '_exporter_id',
  '_postman_exported_at',
  '_postman_exported_using',
  'listen',
]);

/** Scripts are arrays of lines. */
function scriptTexts(object: JsonObject): RecordText[] {
  const events = memberOf(object, 'event');
  if (!Array.isArray(events)) return [];
  return events.flatMap((event: unknown, index): RecordText[] => {
    const script = isObject(event) ? objectOf(event, 'script') : undefined;
    const exec = script === undefined ? undefined : memberOf(script, 'exec');
    const text = Array.isArray(exec) ? exec.filter((line) => typeof line === 'string').join('\n') : exec;
    if (typeof text !== 'string' || text.trim() === '') return [];
    return [{ text, dialect: 'code', field: { path: `event.${index}.script.exec`, role: 'code' } }];
  });
}

const roles: readonly (readonly [RegExp, FieldRole])[] = [
  [/(?:^|\.)(?:description|documentation)(?:\.|$)/, 'description'],
  [/(?:^|\.)(?:header|headers|headerData|cookie)(?:\.|$)/, 'header'],
  [/(?:^|\.)(?:url|queryParams)(?:\.|$)/, 'link'],
  [/(?:^|\.)(?:body|rawModeData|data|formdata|urlencoded|graphql)(?:\.|$)/, 'body'],
  [/(?:^|\.)(?:preRequestScript|tests|exec|prerequest)(?:\.|$)/, 'code'],
  [/(?:^|\.)(?:variable|variables|values|auth|helperAttributes)(?:\.|$)/, 'setting'],
  [/^(?:name|info\.name)$/, 'title'],
];

/** Methods say nothing. */
function isNoMethod({ text, field }: RecordText): boolean {
  return !(/(?:^|\.)method$/.test(field.path) && /^[A-Z]{3,10}$/.test(text));
}

function withRole(text: RecordText): RecordText {
  const role = roles.find(([path]) => path.test(text.field.path))?.[1];
  if (role === undefined) return text;
  const dialect = role === 'code' ? 'code' : role === 'description' ? 'markdown' : text.dialect;
  return { ...text, dialect, field: { ...text.field, role } };
}
