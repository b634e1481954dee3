/** Insomnia: exports of version 4 (JSON or YAML with `resources`) and 5 (YAML, one file a collection). */
import type { ExportReader, Probe, Recognition, RecordPlace, RecordSink } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { folderPlace, RecordIds } from '../generic/file-place.js';
import { readJsonRecords } from '../json-records.js';
import { claims, unclaimedTexts } from '../leaves.js';
import { isObject, type JsonObject, memberOf, objectOf, stringOf } from '../object-texts.js';
import { withoutReferences } from './references.js';
import { yamlDocuments } from './yaml-documents.js';

/** YAML is held whole. */
const maxYamlBytes = 32 * 1024 * 1024;
const version5 = /^type:\s*["']?[a-z.]*insomnia\.rest\/5/m;
const version4Yaml = /^_type:\s*["']?export\b/m;

export const insomnia: ExportReader = {
  id: 'insomnia',
  system: 'insomnia',
  label: 'Insomnia export',
  most: 0.96,
  recognise,
  async read(file, sink) {
    const give = new ResourceWalk(sink, folderPlace(file), new RecordIds(file));
    if (/^\s*\{/.test(decodeHead(file.head.subarray(0, 200)))) {
      await readJsonRecords(file, ['/resources/*'], sink, {
        record: ({ value }) => give.resource(value, [], 0),
        end: (root) => give.resource(root, [], 0),
      });
      return;
    }
    const text = decodeHead(await file.bytes(maxYamlBytes));
    const { documents, isDamaged } = yamlDocuments(text, sink);
    for (const document of documents) give.resource(document, [], 0);
    if (isDamaged) give.resource({ text }, [], 0);
  },
};

function recognise({ json, text }: Probe): Recognition | undefined {
  if (json?.root === 'object') {
    const isExport = json.keys.includes('_type') && json.keys.includes('resources');
    return isExport && /"__export_(?:format|source)"|insomnia/i.test(text)
      ? { score: 0.96, reason: 'keys _type and resources' }
      : undefined;
  }
  if (version5.test(text)) return { score: 0.96, reason: 'type of insomnia.rest' };
  if (version4Yaml.test(text) && /^resources:/m.test(text))
    return { score: 0.9, reason: 'keys _type and resources' };
  return undefined;
}

const maxDepth = 100;
const nested = ['resources', 'collection', 'children', 'subEnvironments', 'requests'] as const;
const ownClaims = claims(
  ...nested,
  '_id',
  'parentId',
  '_type',
  'meta',
  'environments',
  'cookieJar',
  'method',
);

class ResourceWalk {
  readonly #sink: RecordSink;
  readonly #place: RecordPlace;
  readonly #ids: RecordIds;

  constructor(sink: RecordSink, place: RecordPlace, ids: RecordIds) {
    this.#sink = sink;
    this.#place = place;
    this.#ids = ids;
  }

  /** A request, group, environment, cookie jar, or the export itself; what stands below it are records of their own. */
  resource(value: unknown, folders: readonly string[], depth: number): void {
    if (!isObject(value)) return;
    const name = stringOf(value, 'name');
    const path = name === undefined ? folders : [...folders, name];
    this.#give(value, path, depth >= maxDepth);
    if (depth >= maxDepth) return;
    for (const key of nested) {
      const children = memberOf(value, key);
      if (Array.isArray(children)) for (const child of children) this.resource(child, path, depth + 1);
    }
    for (const key of ['environments', 'cookieJar'] as const)
      this.resource(objectOf(value, key), path, depth + 1);
  }

  #give(value: JsonObject, path: readonly string[], isWhole: boolean): void {
    const texts = unclaimedTexts(value, isWhole ? claims() : ownClaims).flatMap(
      (text) => withoutReferences(text) ?? [],
    );
    if (texts.length === 0) return;
    const isRequest = Object.hasOwn(value, 'url') || memberOf(value, '_type') === 'request';
    const id =
      stringOf(value, '_id') ?? stringOf(objectOf(value, 'meta') ?? {}, 'id') ?? (path.join('/') || 'export');
    this.#sink.record({
      place: this.#place,
      type: isRequest ? 'request' : 'setting',
      id: this.#ids.next(id),
      ...(path.length === 0 ? {} : { title: path.join(' / ').slice(0, 300) }),
      revision: { state: 'current' },
      texts,
    });
  }
}
