/** Answers of Confluence's REST interfaces (both versions), as scripts and backup tools save them. */
import type { ExportFile, ExportReader, Probe, ReaderHints, Recognition, RecordSink } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { readJsonRecords } from '../json-records.js';
import { jsonShapeOf } from '../json-shape.js';
import { isObject, type JsonObject, objectOf, stringOf, textsOf } from '../object-texts.js';
import { type Pending, visitObjects } from '../object-walk.js';
import { type AtlassianSite, siteOfBase } from './atlassian-site.js';
import { type ContentContext, contentKind, contentRecord } from './confluence-rest-content.js';

/** An answer up to this size is read whole: the address of the site follows after the contents. */
const wholeBytes = 48 * 1024 * 1024;

const body =
  /"representation"\s*:\s*"(?:storage|view|export_view|styled_view|atlas_doc_format|editor2?|wiki)"/;
const address =
  /"(?:webui|self)"\s*:\s*"[^"\s]{0,300}?(?:\/rest\/api\/content\/|\/(?:spaces|display)\/[^"\s]{1,300}|\/pages\/viewpage)/;

export const confluenceRest: ExportReader = {
  id: 'confluence-rest',
  system: 'confluence',
  label: 'Confluence REST JSON',
  most: 0.93,

  recognise({ json, text }: Probe): Recognition | undefined {
    if (json === undefined || !text.includes('"_links"') || !address.test(text)) return undefined;
    const own = body.exec(text)?.[0] ?? /"(?:spaceId|_expandable)"/.exec(text)?.[0];
    if (own === undefined) return undefined;
    return { score: 0.93, reason: `contents with _links and ${own.replace(/[\s"]/g, '')}` };
  },

  read: readContents,
};

async function readContents(file: ExportFile, sink: RecordSink, hints: ReaderHints): Promise<void> {
  const shape = jsonShapeOf(decodeHead(file.head));
  const isWhole = file.size !== undefined && file.size <= wholeBytes;
  const paths =
    shape?.root === 'array'
      ? ['/*']
      : !isWhole && shape?.root === 'object'
        ? ['/results/*', '/page/results/*']
        : [''];
  const walk = new Walk(sink, hints.baseUrl);
  await readJsonRecords(file, paths, sink, {
    record: ({ value, pointer, ancestors }) => walk.value(value, pointer, ancestors[0]),
    end: (root) => {
      if (isObject(root) && !paths.includes('')) walk.value(root, '', undefined);
    },
  });
}

class Walk {
  readonly #sink: RecordSink;
  readonly #hint: string | undefined;

  constructor(sink: RecordSink, hint: string | undefined) {
    this.#sink = sink;
    this.#hint = hint;
  }

  value(value: unknown, pointer: string, root: JsonObject | undefined): void {
    const context: ContentContext = {
      pointer,
      site: this.#siteOf(root),
      place: undefined,
      holder: undefined,
    };
    visitObjects(value, context, { object: (object, at) => this.#object(object, at) });
  }

  #object(object: JsonObject, context: ContentContext): Pending<ContentContext>[] {
    const site = context.site.base === undefined ? this.#siteOf(object) : context.site;
    const kind = contentKind(object);
    if (kind !== undefined) {
      const { record, inner, place } = contentRecord(object, kind, { ...context, site }, (key) =>
        this.#sink.unknownKey(key),
      );
      if (record !== undefined) this.#sink.record(record);
      return inner.map(({ value, path }) => ({
        value,
        context: {
          pointer: `${context.pointer}/${path.join('/')}`,
          site,
          place,
          holder: record?.id ?? context.holder,
        },
      }));
    }
    return this.#around({ ...context, site }, object);
  }

  /** What is no content: answers, search results, spaces. Contents within are visited. */
  #around(context: ContentContext, object: JsonObject): Pending<ContentContext>[] {
    const { texts, inner } = textsOf(object, around, (key) => this.#sink.unknownKey(key));
    if (texts.length > 0)
      this.#sink.record({
        place: {
          kind: 'workspace',
          ...(context.site.tenant === undefined ? {} : { tenant: context.site.tenant }),
          id: 'site',
          name: context.site.tenant ?? 'Confluence',
          audience: 'unknown',
        },
        type: 'setting',
        id: `${String(object['type'] ?? 'answer')}/${String(object['id'] ?? object['key'] ?? context.pointer)}`,
        revision: { state: 'current' },
        texts,
      });
    return inner.map(({ value, path }) => ({
      value,
      context: { ...context, pointer: `${context.pointer}/${path.join('/')}` },
    }));
  }

  /** The site by the address that stands beside the contents, or in them. */
  #siteOf(object: JsonObject | undefined): AtlassianSite {
    const links = objectOf(object ?? {}, '_links') ?? {};
    const self = stringOf(links, 'self');
    const base =
      stringOf(links, 'base') ??
      /^(https?:\/\/[^?#\s]{1,300}?)\/(?:rest\/api|api\/v2)\//.exec(self ?? '')?.[1];
    return siteOfBase(base ?? this.#hint);
  }
}

const around = {
  field: () => undefined,
  isRecord: (value: JsonObject) => contentKind(value) !== undefined || Array.isArray(value['results']),
  known: new Set([
    'name',
    'title',
    'value',
    'description',
    'excerpt',
    'cqlQuery',
    'displayName',
    'url',
    'key',
  ]),
  noise: new Set(
    '_links _expandable base next self context webui type status entityType iconCssClass lastModified friendlyLastModified representation'.split(
      ' ',
    ),
  ),
};
