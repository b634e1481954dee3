/** Revisions, uploads and log entries of a MediaWiki dump to records. */
import type { Dialect, ExportRecord, RecordActor, RecordPlace, RecordSink, RecordText } from '../contract.js';
import { decodeText, encodingOf } from '../decode-text.js';
import { fromIso, recordTime } from '../times.js';
import type { Fields } from './mediawiki-fields.js';

type Raw = NonNullable<ExportRecord['raw']>;

interface Page {
  readonly id: string;
  readonly title: string | undefined;
}

/** Ids, times and the like; all other elements hold text. */
const noise =
  /^(?:id|ns|title|parentid|timestamp|minor|model|format|sha1|bytes|size|origin|type|action|rel|isdeleted|contributor(?:\/(?:id|username|ip))?|redirect|restrictions|content\/(?:role|origin|model|format))$/;

export class MediaWikiRecords {
  readonly #sink: RecordSink;
  #place: RecordPlace = { kind: 'space', id: 'wiki', name: 'wiki', audience: 'unknown' };
  /** Address of a page without its title, from the address of the main page. */
  #pageBase: string | undefined;
  #page: Page = { id: 'unknown', title: undefined };
  /** The newest revision of the page so far: whether it is the current one is known when the page ends. */
  #newest: { readonly number: number; readonly record: ExportRecord } | undefined;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  site(fields: Fields): void {
    const base = fields.get('base');
    const host = /^https?:\/\/([^/?#]{1,255})/.exec(base ?? '')?.[1];
    const id = fields.get('dbname') ?? host ?? fields.get('sitename') ?? 'wiki';
    this.#place = {
      kind: 'space',
      ...(host === undefined ? {} : { tenant: host }),
      id,
      name: fields.get('sitename') ?? id,
      audience: 'unknown',
    };
    this.#pageBase = base?.replace(/[^/=]*$/, '');
  }

  /** Takes what a page says of itself before its next revision. */
  page(fields: Fields): void {
    this.#page = { id: fields.get('id') ?? 'unknown', title: fields.get('title') };
  }

  /** No more revisions of the page come: the newest one is the page as it is. */
  endPage(fields: Fields, raw: Raw): void {
    this.page(fields);
    const newest = this.#newest?.record;
    this.#newest = undefined;
    const { id, title } = this.#page;
    const titles: RecordText[] =
      title === undefined ? [] : [{ text: title, dialect: 'plain', field: { path: 'title', role: 'title' } }];
    const texts = [...titles, ...this.#texts(fields), ...(newest?.texts ?? [])];
    if (newest !== undefined) {
      const revision = { ...newest.revision, state: 'current' as const };
      this.#sink.record({ ...newest, revision, action: 'edit', texts });
    } else if (texts.length > 0) {
      const revision = { state: 'unknown' as const };
      this.#sink.record({ ...this.#common(fields, raw), type: 'page', id, revision, texts });
    }
  }

  /** A revision or upload of the page, or an entry of the wiki's log. */
  part(fields: Fields, raw: Raw): void {
    for (const _ of fields.hidden) this.#sink.note('redacted');
    if (fields.element.name === 'revision') this.#revision(fields, raw);
    else this.#other(fields, raw);
  }

  #revision(fields: Fields, raw: Raw): void {
    const id = fields.get('id');
    const url = this.#permalink(id);
    const record: ExportRecord = {
      ...this.#common(fields, raw),
      type: 'page',
      id: this.#page.id,
      revision: { state: 'previous', ...(id === undefined ? {} : { id }) },
      action: 'delete-revision',
      texts: this.#texts(fields),
      ...(this.#page.title === undefined ? {} : { title: this.#page.title }),
      ...(url === undefined ? {} : { permalink: { url } }),
    };
    const number = Number(id) || 0;
    // Mostly the oldest comes first; some exports are the other way round.
    const isNewest = this.#newest === undefined || number >= this.#newest.number;
    const older = isNewest ? this.#newest?.record : record;
    if (isNewest) this.#newest = { number, record };
    if (older !== undefined) this.#sink.record(older);
  }

  /** An upload is a file's version, a log entry an event with a comment. */
  #other(fields: Fields, raw: Raw): void {
    const isUpload = fields.element.name === 'upload';
    const title = isUpload ? (fields.get('filename') ?? this.#page.title) : fields.get('logtitle');
    const version = fields.get('timestamp');
    this.#sink.record({
      ...this.#common(fields, raw),
      type: isUpload ? 'attachment' : 'event',
      id: isUpload ? (title ?? this.#page.id) : (fields.get('id') ?? `at ${raw.start}`),
      revision: { state: isUpload ? 'unknown' : 'current', ...(isUpload && version ? { id: version } : {}) },
      action: isUpload ? 'purge-attachment' : 'ask-admin',
      texts: this.#texts(fields),
      ...(isUpload ? { thread: this.#page.id } : {}),
      ...(title === undefined ? {} : { title }),
    });
  }

  #common(fields: Fields, raw: Raw): Pick<ExportRecord, 'place' | 'actor' | 'time' | 'raw'> {
    const actor = actorOf(fields);
    const time = recordTime(fromIso(fields.get('timestamp')));
    return {
      place: this.#place,
      raw,
      ...(actor === undefined ? {} : { actor }),
      ...(time === undefined ? {} : { time }),
    };
  }

  #texts(fields: Fields): RecordText[] {
    const texts: RecordText[] = [];
    for (const [path, text] of fields.texts) {
      if (text.trim() === '' || noise.test(path)) continue;
      const found = this.#text(path, text, fields);
      if (found !== undefined) texts.push(found);
    }
    return texts;
  }

  #text(path: string, text: string, fields: Fields): RecordText | undefined {
    switch (path) {
      case 'text':
      // Since 0.11 a revision can have several slots.
      case 'content/text':
        return { text, dialect: textDialect(fields), field: { path, role: 'body' } };
      case 'comment':
        return { text, dialect: 'wikitext', field: { path, role: 'comment' } };
      case 'filename':
      case 'archivename':
        return { text, dialect: 'plain', field: { path, role: 'attachment-name' } };
      case 'src':
        return { text, dialect: 'plain', field: { path, role: 'link' } };
      case 'logtitle':
        return { text, dialect: 'plain', field: { path, role: 'title' } };
      case 'params':
        return { text, dialect: 'plain', field: { path, role: 'metadata' } };
      case 'contents':
        return contentsText(text, fields);
      default:
        this.#sink.unknownKey(path);
        return { text, dialect: 'plain', field: { path, role: 'metadata' }, label: path };
    }
  }

  #permalink(revision: string | undefined): string | undefined {
    const { title } = this.#page;
    if (this.#pageBase === undefined || revision === undefined || title === undefined) return undefined;
    const path = encodeURI(title.replaceAll(' ', '_').replace(/\p{Surrogate}/gu, '\ufffd')).replace(
      /[?#&+]/g,
      (char) => encodeURIComponent(char),
    );
    return `${this.#pageBase}${path}${this.#pageBase.endsWith('=') ? '&' : '?'}oldid=${revision}`;
  }
}

function textDialect(fields: Fields): Dialect {
  const model = fields.get('model') ?? fields.get('content/model') ?? 'wikitext';
  const format = fields.get('format') ?? fields.get('content/format') ?? '';
  if (format === 'text/html') return 'html';
  return model === 'wikitext' || model === 'flow-board' ? 'wikitext' : model === 'text' ? 'plain' : 'code';
}

/** A file within the dump, when it is text. */
function contentsText(source: string, fields: Fields): RecordText | undefined {
  const isBase64 = fields.attributes.get('contents')?.get('encoding') === 'base64';
  const bytes = isBase64 ? Buffer.from(source, 'base64') : Buffer.from(source, 'utf8');
  if (bytes.includes(0)) return undefined;
  const name = fields.get('filename');
  return {
    text: decodeText(bytes, encodingOf(bytes)),
    dialect: 'code',
    field: { path: 'contents', role: 'attachment-text' },
    ...(name === undefined ? {} : { chain: [name] }),
  };
}

function actorOf(fields: Fields): RecordActor | undefined {
  const id = fields.get('contributor/id');
  const name = fields.get('contributor/username') ?? fields.get('contributor/ip');
  if (id === undefined && name === undefined) return undefined;
  return { kind: 'user', ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
}
