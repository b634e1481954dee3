/** ServiceNow: XML of a record or a list (`unload`), JSON of the table interface. */
import type {
  ExportFile,
  ExportReader,
  ExportRecord,
  Probe,
  ReaderHints,
  Recognition,
  RecordPlace,
  RecordSink,
  RecordText,
  RecordType,
} from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { readJsonRecords } from '../json-records.js';
import { jsonShapeOf } from '../json-shape.js';
import { isObject, type JsonObject, memberOf, objectOf, stringOf, textsOf } from '../object-texts.js';
import { fromIso, type Instant, recordTime } from '../times.js';
import { AttachmentPieces } from './servicenow-attachments.js';
import { flatRow, payloadTexts, rowFormat, storedOf, tableOfNumber } from './servicenow-rows.js';
import { htmlOr, tidyRecord } from './tidy-record.js';
import { readXmlObjects } from './xml-objects.js';

function recogniseXml({ text }: Probe): Recognition | undefined {
  if (/^\s*(?:<\?xml[^>]{0,200}\?>\s*)?<unload\s+unload_date\s*=/.test(text))
    return { score: 0.97, reason: 'root unload with unload_date' };
  const isList = /^\s*(?:<\?xml[^>]{0,200}\?>\s*)?<xml>\s*<[a-z][a-z0-9_]*[\s>]/.test(text);
  return isList && /<sys_(?:id|created_on|updated_on)[\s>/]/.test(text)
    ? { score: 0.93, reason: 'list of records with sys_id' }
    : undefined;
}

function recogniseJson({ json, text }: Probe): Recognition | undefined {
  if (json === undefined || !/"sys_id"\s*:/.test(text)) return undefined;
  const list = json.keys.find((key) => key === 'result' || key === 'records');
  if (json.root === 'object' && list !== undefined) return { score: 0.94, reason: `${list} with sys_id` };
  const isRow =
    json.keys.includes('sys_id') && /"sys_(?:created_on|updated_on|class_name|mod_count)"/.test(text);
  return isRow ? { score: 0.88, reason: 'rows with sys_id' } : undefined;
}

export const servicenowXmlReader: ExportReader = {
  id: 'servicenow-xml',
  system: 'servicenow',
  label: 'ServiceNow XML',
  isNeverJson: true,
  most: 0.97,
  recognise: recogniseXml,
  read: async (file, sink, hints) => {
    const tables = new ServicenowTables(sink, file, hints);
    await readXmlObjects(file, sink, {
      isRecord: (element) => element.depth === 1,
      record: ({ name, value, raw }) => tables.row(name, value, raw),
      around: (text, name) => tables.around(text, name),
    });
    tables.end();
  },
};

export const servicenowJsonReader: ExportReader = {
  id: 'servicenow-json',
  system: 'servicenow',
  label: 'ServiceNow JSON',
  most: 0.94,
  jsonKeys: ['result', 'records', 'sys_id'],
  recognise: recogniseJson,
  read: async (file, sink, hints) => {
    const tables = new ServicenowTables(sink, file, hints);
    const shape = jsonShapeOf(decodeHead(file.head));
    const isSingle =
      shape?.root === 'object' && Object.keys(shape.inner).length === 0 && shape.keys.includes('result');
    const paths =
      shape?.root === 'array' ? ['/*'] : shape?.root === 'lines' ? [''] : ['/result/*', '/records/*'];
    await readJsonRecords(file, isSingle ? ['/result'] : paths, sink, {
      record: ({ value, raw }) => {
        if (isObject(value)) tables.row(undefined, value, raw);
      },
      end: (root) => {
        if (isObject(root)) tables.row('export', root, undefined);
      },
    });
    tables.end();
  },
};

/** A record that others are about. */
interface Parent {
  readonly place: RecordPlace;
  readonly id: string;
  readonly title: string | undefined;
}

interface Attachment {
  readonly name: string;
  readonly contentType: string;
  readonly size: number;
  readonly record: ExportRecord;
}

const mostRemembered = 200_000;

const rowTypes: Readonly<Record<string, RecordType>> = {
  sys_journal_field: 'comment',
  sys_attachment: 'attachment',
  sys_audit: 'change',
  sys_history_line: 'change',
  sys_email: 'mail',
  kb_knowledge: 'page',
  sys_user: 'profile',
  sys_properties: 'setting',
  sys_update_xml: 'setting',
};

class ServicenowTables {
  readonly #sink: RecordSink;
  readonly #fileTable: string;
  readonly #tenant: string | undefined;
  readonly #baseUrl: string | undefined;
  readonly #parents = new Map<string, Parent>();
  readonly #attachments = new Map<string, Attachment>();
  readonly #pieces: AttachmentPieces;

  constructor(sink: RecordSink, file: ExportFile, hints: ReaderHints) {
    this.#sink = sink;
    this.#pieces = new AttachmentPieces(sink);
    this.#fileTable = (file.name.split('/').at(-1) ?? '').replace(/(?:\(\d+\))?\.\w+$/, '') || 'rows';
    this.#baseUrl = /^https?:\/\/[^/?#\s]{1,255}/.exec(hints.baseUrl ?? '')?.[0];
    this.#tenant = this.#baseUrl?.replace(/^https?:\/\//, '').toLowerCase();
  }

  /** @param name the table, when the export says it */
  row(name: string | undefined, row: JsonObject, raw: ExportRecord['raw']): void {
    if (name === 'sys_attachment_doc' || (name === undefined && isPiece(row))) {
      this.#piece(row);
      return;
    }
    const number = storedOf(row, 'number');
    const sysId = storedOf(row, 'sys_id');
    const table = name ?? storedOf(row, 'sys_class_name') ?? tableOfNumber(number) ?? this.#fileTable;
    const record = this.#record(table, row, raw);
    const { place, id } = record;
    if (sysId !== undefined && number !== undefined)
      this.#remember(sysId, { place, id, title: record.title });
    if (table === 'sys_audit') this.#audit(row, record);
    else if (record.texts.length > 0) this.#sink.record(record);
    if (table === 'sys_attachment' && sysId !== undefined) this.#attachment(sysId, row, record);
  }

  #record(table: string, row: JsonObject, raw: ExportRecord['raw']): ExportRecord {
    const number = storedOf(row, 'number');
    const sysId = storedOf(row, 'sys_id');
    const parent = this.#parentOf(row);
    const subject = storedOf(row, 'short_description') ?? storedOf(row, 'subject');
    const title = [number, subject].filter((part) => part !== undefined).join(' ');
    const about = ['element_id', 'table_sys_id', 'documentkey'].map((key) => storedOf(row, key));
    return tidyRecord({
      place: parent?.place ?? this.#placeOf(table, row),
      type: rowTypes[table] ?? (number === undefined ? 'row' : 'issue'),
      id: number ?? sysId ?? `${table}@${raw?.start ?? 'export'}`,
      title: title === '' ? parent?.title : title,
      thread: parent?.id ?? about.find((id) => id !== undefined),
      actor: actorOf(row),
      time: recordTime(utc(storedOf(row, 'sys_created_on') ?? storedOf(row, 'opened_at'))),
      permalink: this.#permalinkOf(table, sysId, row),
      action: actions[table] ?? 'edit',
      texts: this.#textsOf(table, row),
      raw,
    });
  }

  around(text: string, name: string): void {
    if (name === 'unload_date' || text.trim().length < 3) return;
    this.#sink.record(
      tidyRecord({
        place: this.#placeOf(this.#fileTable, {}),
        type: 'row',
        id: `export/${name}`,
        texts: [{ text, dialect: 'plain', field: { path: name, role: 'metadata' } }],
      }),
    );
  }

  /** Hands over the attachments whose number of pieces nothing told. */
  end(): void {
    for (const id of this.#pieces.ids) this.#give(id);
  }

  #textsOf(table: string, row: JsonObject): readonly RecordText[] {
    const flat = { ...flatRow(row) };
    const payload = memberOf(flat, 'payload');
    const isPayload = typeof payload === 'string' && payload.trimStart().startsWith('<');
    if (isPayload) delete flat['payload'];
    const texts: RecordText[] = isPayload ? payloadTexts(payload) : [];
    const value = memberOf(flat, 'value');
    const label = valueLabel(flat);
    if (typeof value === 'string' && value !== '' && (label !== undefined || table === 'sys_journal_field')) {
      delete flat['value'];
      texts.push(
        label === undefined
          ? { text: value, dialect: htmlOr(value, 'plain'), field: { path: 'value', role: 'comment' } }
          : { text: value, dialect: 'plain', field: { path: 'value', role: 'custom-field' }, label },
      );
    }
    return [...texts, ...textsOf(flat, rowFormat, (key) => this.#sink.unknownKey(key)).texts];
  }

  /** Audit rows keep both wordings of a field. */
  #audit(row: JsonObject, record: ExportRecord): void {
    const label = storedOf(row, 'fieldname') ?? 'value';
    for (const [key, role] of [
      ['oldvalue', 'history-old'],
      ['newvalue', 'history-new'],
    ] as const) {
      const text = storedOf(row, key);
      if (text === undefined) continue;
      const isOld = role === 'history-old';
      this.#sink.record({
        ...record,
        action: 'ask-admin',
        revision: isOld ? { state: 'previous', id: 'old' } : { state: 'current' },
        texts: [
          {
            text,
            dialect: htmlOr(text, 'plain'),
            field: { path: `${key}.${label}`, role },
            ...(text.includes('\n') ? {} : { label }),
          },
        ],
      });
    }
    const rest = record.texts.filter(
      (text) => text.field.path !== 'oldvalue' && text.field.path !== 'newvalue',
    );
    if (rest.length > 0) this.#sink.record({ ...record, texts: rest });
  }

  #piece(row: JsonObject): void {
    const id = storedOf(row, 'sys_attachment');
    const data = storedOf(row, 'data');
    if (id === undefined || data === undefined) return;
    this.#pieces.add(id, Number(storedOf(row, 'position') ?? 0) || 0, data);
    const size = this.#attachments.get(id)?.size ?? 0;
    if (size > 0 && this.#pieces.sizeOf(id) >= size) this.#give(id);
  }

  #attachment(id: string, row: JsonObject, record: ExportRecord): void {
    const size = Number(storedOf(row, 'size_compressed') ?? 0) || 0;
    const name = storedOf(row, 'file_name') ?? 'attachment';
    if (this.#attachments.size >= mostRemembered) this.#attachments.clear();
    this.#attachments.set(id, { name, contentType: storedOf(row, 'content_type') ?? '', size, record });
    if (size > 0 && this.#pieces.sizeOf(id) >= size) this.#give(id);
  }

  #give(id: string): void {
    const known = this.#attachments.get(id);
    const text = this.#pieces.textOf(id, known?.contentType ?? '');
    this.#attachments.delete(id);
    if (text === undefined || text.trim() === '') return;
    const name = known?.name ?? id;
    const record =
      known?.record ??
      tidyRecord({
        place: this.#placeOf('sys_attachment', {}),
        type: 'attachment',
        id,
        action: 'purge-attachment',
        texts: [],
      });
    this.#sink.record({
      ...record,
      texts: [
        {
          text,
          dialect: /\.html?$/i.test(name) ? 'html' : 'plain',
          field: { path: name, role: 'attachment-text' },
          chain: [name],
        },
      ],
    });
  }

  #parentOf(row: JsonObject): Parent | undefined {
    for (const key of ['element_id', 'table_sys_id', 'documentkey', 'request_item', 'instance']) {
      const id = storedOf(row, key);
      const parent = id === undefined ? undefined : this.#parents.get(id);
      if (parent !== undefined) return parent;
    }
    return undefined;
  }

  #remember(sysId: string, parent: Parent): void {
    if (this.#parents.size < mostRemembered) this.#parents.set(sysId, parent);
  }

  #placeOf(table: string, row: JsonObject): RecordPlace {
    const about = table === 'sys_journal_field' ? storedOf(row, 'name') : storedOf(row, 'table_name');
    const id = about ?? table;
    const tenant = this.#tenant ?? instanceOf(row);
    return { kind: 'project', ...(tenant !== undefined && { tenant }), id, name: id, audience: 'unknown' };
  }

  #permalinkOf(table: string, sysId: string | undefined, row: JsonObject): ExportRecord['permalink'] {
    const instance = instanceOf(row);
    const base = this.#baseUrl ?? (instance === undefined ? undefined : `https://${instance}`);
    if (base === undefined || sysId === undefined) return undefined;
    return {
      url: `${base}/nav_to.do?uri=${encodeURIComponent(`${table}.do?sys_id=${sysId}`)}`,
      level: 'record',
    };
  }
}

const actions: Readonly<Record<string, ExportRecord['action']>> = {
  sys_attachment: 'purge-attachment',
  sys_journal_field: 'ask-admin',
  sys_audit: 'ask-admin',
  sys_email: 'delete',
};

function isPiece(row: JsonObject): boolean {
  return (
    memberOf(row, 'data') !== undefined &&
    memberOf(row, 'position') !== undefined &&
    memberOf(row, 'sys_attachment') !== undefined
  );
}

/** The question to which a value is the answer. */
function valueLabel(flat: JsonObject): string | undefined {
  return stringOf(flat, 'item_option_new', 'question', 'variable', 'name') !== undefined &&
    memberOf(flat, 'element_id') === undefined
    ? stringOf(flat, 'item_option_new', 'question', 'variable', 'name')
    : undefined;
}

function actorOf(row: JsonObject): ExportRecord['actor'] {
  for (const key of ['opened_by', 'caller_id', 'sys_created_by', 'user']) {
    const value = memberOf(row, key);
    const shown = isObject(value) ? stringOf(value, '@display_value', 'display_value') : undefined;
    const stored = storedOf(row, key);
    if (shown === undefined && stored === undefined) continue;
    const isId = stored !== undefined && /^[0-9a-f]{32}$/.test(stored);
    return {
      ...(isId && { id: stored }),
      ...(shown !== undefined ? { name: shown } : !isId && stored !== undefined && { name: stored }),
    };
  }
  return undefined;
}

/** Stored times are in UTC, and say no zone. */
function utc(text: string | undefined): Instant | undefined {
  const read = fromIso(text);
  if (read === undefined || read.precision === 'day' || /Z$|[+-]\d\d:\d\d$/.test(read.text)) return read;
  return { ...read, text: `${read.text}Z` };
}

/** Host of the instance, from the links of the table interface. */
function instanceOf(row: JsonObject): string | undefined {
  for (const key of [
    'opened_by',
    'sys_domain',
    'assigned_to',
    'caller_id',
    'cmdb_ci',
    'company',
    'assignment_group',
  ]) {
    const link = stringOf(objectOf(row, key) ?? {}, 'link');
    const host = /^https:\/\/([^/?#\s]{1,255})\/api\/now\//.exec(link ?? '')?.[1];
    if (host !== undefined) return host.toLowerCase();
  }
  return undefined;
}
