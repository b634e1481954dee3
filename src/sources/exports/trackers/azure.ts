/** Azure DevOps: work items, their revisions, updates and comments as the REST interface gives them, and other answers. */
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
} from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { readJsonRecords } from '../json-records.js';
import { jsonShapeOf } from '../json-shape.js';
import { idOf, isObject, type JsonObject, memberOf, objectOf, stringOf, textsOf } from '../object-texts.js';
import { fromIso, recordTime } from '../times.js';
import { azureActor, azureFormat, fieldOf, stepTexts } from './azure-fields.js';
import { tidyRecord } from './tidy-record.js';

const site =
  /^https?:\/\/(?:dev\.azure\.com\/([^/?#\s]{1,100})|([\w-]{1,100})\.visualstudio\.com)(?:\/([^/?#\s]{1,200}))?/i;
const siteInText =
  /https:\/\/(?:dev\.azure\.com\/[^/"\s]{1,100}|[\w-]{1,100}\.visualstudio\.com)\/[^"\s]{0,200}_apis\//;

function recognise({ json, text }: Probe): Recognition | undefined {
  if (json === undefined) return undefined;
  const { keys } = json;
  if (keys.includes('fields') && /"System\.[A-Z][A-Za-z]+"\s*:/.test(text))
    return { score: 0.93, reason: 'work item' };
  const isList = keys.includes('value') || keys.includes('values');
  if (isList && /"(?:System|Microsoft\.VSTS)\.[A-Z][\w.]+"\s*:/.test(text))
    return { score: 0.95, reason: 'list of work items' };
  if (keys.includes('comments') && /"workItemId"\s*:/.test(text))
    return { score: 0.95, reason: 'comments of a work item' };
  if (keys.includes('count') && isList && siteInText.test(text))
    return { score: 0.9, reason: 'answer of Azure DevOps' };
  return keys.includes('_links') && siteInText.test(text)
    ? { score: 0.7, reason: 'links of Azure DevOps' }
    : undefined;
}

function pathsOf(file: ExportFile): string[] {
  const shape = jsonShapeOf(decodeHead(file.head));
  if (shape?.root === 'array') return ['/*'];
  if (shape?.root !== 'object') return [''];
  const lists = ['value', 'values', 'comments'].filter((key) => shape.keys.includes(key));
  return lists.length === 0 || shape.keys.includes('fields') ? [''] : lists.map((key) => `/${key}/*`);
}

export const azureReader: ExportReader = {
  id: 'azure-devops-json',
  system: 'azure-devops',
  label: 'Azure DevOps JSON',
  most: 0.95,
  jsonKeys: ['fields', 'value', 'values', 'comments', '_links'],
  recognise,
  read: async (file, sink, hints) => {
    const items = new AzureItems(sink, file.name, hints);
    const paths = pathsOf(file);
    await readJsonRecords(file, paths, sink, {
      record: (record) => items.add(record.value, record.pointer, record.raw),
      end: (root) => items.add(root, '', undefined),
    });
    items.end();
  },
};

class AzureItems {
  readonly #sink: RecordSink;
  readonly #fileName: string;
  readonly #hints: ReaderHints;
  /** The work item read last: it is the current one unless a later revision follows. */
  #last: { readonly id: string; readonly rev: string; readonly record: ExportRecord } | undefined;
  /** Texts of the revision before it, which need not be told again. */
  #told = new Set<string>();

  constructor(sink: RecordSink, fileName: string, hints: ReaderHints) {
    this.#sink = sink;
    this.#fileName = fileName;
    this.#hints = hints;
  }

  add(value: unknown, pointer: string, raw: ExportRecord['raw']): void {
    if (!isObject(value)) return;
    const fields = objectOf(value, 'fields');
    if (fields !== undefined && isUpdate(fields)) this.#update(value, fields, raw);
    else if (fields !== undefined) this.#item(value, fields, raw);
    else if (memberOf(value, 'workItemId') !== undefined && stringOf(value, 'text') !== undefined)
      this.#comment(value, raw);
    else this.#other(value, pointer, raw);
  }

  /** Hands over the work item read last as the current one. */
  end(): void {
    if (this.#last !== undefined) this.#sink.record(this.#last.record);
    this.#last = undefined;
    this.#told = new Set();
  }

  #item(value: JsonObject, fields: JsonObject, raw: ExportRecord['raw']): void {
    const id = idOf(value, 'id') ?? idOf(fields, 'System.Id') ?? '';
    const rev = idOf(value, 'rev') ?? idOf(fields, 'System.Rev') ?? '';
    if (this.#last?.id === id && this.#last.rev !== rev) this.#previous();
    else this.end();
    const { texts } = textsOf(value, azureFormat, (key) => this.#sink.unknownKey(key));
    const history = texts.filter((text) => text.field.path === 'fields.System.History');
    const title = stringOf(fields, 'System.Title');
    const common = {
      place: this.#placeOf(value, fields),
      title: `${id} ${title ?? ''}`.trim(),
      permalink: this.#permalinkOf(value, id),
      raw,
    };
    const changed = fromIso(stringOf(fields, 'System.ChangedDate'));
    if (history.length > 0)
      this.#sink.record(
        tidyRecord({
          ...common,
          type: 'comment',
          id: `${id}/${rev}`,
          thread: id,
          actor: azureActor(memberOf(fields, 'System.ChangedBy')),
          time: recordTime(changed),
          action: 'ask-admin',
          texts: history,
        }),
      );
    const record = tidyRecord({
      ...common,
      type: 'issue',
      id,
      actor: azureActor(memberOf(fields, 'System.CreatedBy')),
      time: recordTime(fromIso(stringOf(fields, 'System.CreatedDate')), changed),
      action: 'clear-history',
      texts: [...texts.filter((text) => !history.includes(text)), ...stepTexts(fields)],
    });
    this.#last = { id, rev, record };
  }

  /** The item read last was followed by a later revision of itself. */
  #previous(): void {
    const last = this.#last;
    if (last === undefined) return;
    const { record } = last;
    const keyOf = (text: RecordText): string => `${text.field.path}\0${text.text}`;
    const texts = record.texts.filter((text) => !this.#told.has(keyOf(text)));
    this.#told = new Set(record.texts.map(keyOf));
    if (texts.length > 0)
      this.#sink.record({
        ...record,
        texts,
        action: 'ask-admin',
        revision: { state: 'previous', id: last.rev },
      });
  }

  /** What a change replaced, and what it wrote. */
  #update(value: JsonObject, fields: JsonObject, raw: ExportRecord['raw']): void {
    this.end();
    const id = idOf(value, 'workItemId') ?? '';
    const rev = idOf(value, 'rev', 'id') ?? '';
    const common = {
      place: this.#placeOf(value, fields),
      actor: azureActor(memberOf(value, 'revisedBy')),
      time: recordTime(changeTime(value, fields)),
      permalink: this.#permalinkOf(value, id),
      action: 'ask-admin' as const,
      raw,
    };
    const before = changedTexts(fields, 'oldValue', 'history-old');
    if (before.length > 0)
      this.#sink.record(
        tidyRecord({
          ...common,
          type: 'issue',
          id,
          revision: { state: 'previous', id: `before ${rev}` },
          texts: before,
        }),
      );
    const rest = { ...value, fields: undefined };
    const { texts } = textsOf(rest, azureFormat, (key) => this.#sink.unknownKey(key));
    const after = [...changedTexts(fields, 'newValue', 'history-new'), ...texts];
    if (after.length > 0)
      this.#sink.record(
        tidyRecord({ ...common, type: 'change', id: `${id}/${rev}`, thread: id, texts: after }),
      );
  }

  #comment(value: JsonObject, raw: ExportRecord['raw']): void {
    const thread = idOf(value, 'workItemId') ?? '';
    const { texts } = textsOf(value, azureFormat, (key) => this.#sink.unknownKey(key));
    this.#sink.record(
      tidyRecord({
        place: this.#placeOf(value, {}),
        type: 'comment',
        id: idOf(value, 'id', 'commentId') ?? `${thread}/${stringOf(value, 'createdDate') ?? ''}`,
        thread,
        actor: azureActor(memberOf(value, 'createdBy')),
        time: recordTime(fromIso(stringOf(value, 'createdDate')), fromIso(stringOf(value, 'modifiedDate'))),
        permalink: this.#permalinkOf(value, thread),
        action: 'clear-history',
        texts,
        raw,
      }),
    );
  }

  #other(value: JsonObject, pointer: string, raw: ExportRecord['raw']): void {
    const { texts } = textsOf(value, azureFormat, (key) => this.#sink.unknownKey(key));
    if (texts.length === 0) return;
    const id = idOf(value, 'id', 'name');
    this.#sink.record(
      tidyRecord({
        place: this.#placeOf(value, {}),
        type: 'setting',
        id: id === undefined ? pointer || '/' : `${stringOf(value, 'name') ?? ''}#${id}`,
        title: stringOf(value, 'name', 'title', 'buildNumber'),
        action: 'edit',
        texts,
        raw,
      }),
    );
  }

  #placeOf(value: JsonObject, fields: JsonObject): RecordPlace {
    const named = site.exec(stringOf(value, 'url') ?? '') ?? site.exec(this.#hints.baseUrl ?? '');
    const tenant = named?.[1] ?? named?.[2];
    const inLink = named?.[3]?.startsWith('_') === true ? undefined : named?.[3];
    const project =
      nameIn(fields['System.TeamProject']) ??
      stringOf(objectOf(value, 'project', 'teamProject') ?? {}, 'name') ??
      (inLink === undefined ? undefined : decoded(inLink));
    const id = project ?? this.#fileName;
    return {
      kind: project === undefined ? 'folder' : 'project',
      ...(tenant !== undefined && { tenant: tenant.toLowerCase() }),
      id,
      name: id,
      audience: 'unknown',
    };
  }

  #permalinkOf(value: JsonObject, id: string): ExportRecord['permalink'] {
    const html = stringOf(objectOf(objectOf(value, '_links') ?? {}, 'html') ?? {}, 'href');
    if (html !== undefined && /^https?:\/\/\S+$/.test(html)) return { url: html, level: 'record' };
    const base = /^(https?:\/\/[^\s?#]{1,400}?)\/_apis\/wit\/work[iI]tems\//.exec(
      stringOf(value, 'url') ?? '',
    )?.[1];
    return base === undefined || id === ''
      ? undefined
      : { url: `${base}/_workitems/edit/${id}`, level: 'record' };
  }
}

function isUpdate(fields: JsonObject): boolean {
  const first = Object.values(fields).find((value) => isObject(value));
  return (
    isObject(first) &&
    (memberOf(first, 'newValue') !== undefined || memberOf(first, 'oldValue') !== undefined)
  );
}

/** A plain value, or the new one of an update. */
function nameIn(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  return isObject(value) ? stringOf(value, 'newValue', 'oldValue') : undefined;
}

/** Updates that are still in force say they were revised in the year 9999. */
function changeTime(value: JsonObject, fields: JsonObject): ReturnType<typeof fromIso> {
  const revised = stringOf(value, 'revisedDate');
  const text = revised?.startsWith('9999') === true ? undefined : revised;
  return fromIso(nameIn(fields['System.ChangedDate']) ?? text);
}

function changedTexts(
  fields: JsonObject,
  which: 'oldValue' | 'newValue',
  role: 'history-old' | 'history-new',
): RecordText[] {
  return Object.keys(fields).flatMap((name): readonly RecordText[] => {
    const change = fields[name];
    if (!isObject(change)) return [];
    const value = memberOf(change, which);
    if (typeof value !== 'string')
      return textsOf({ fields: { [`${name}.${which}`]: value } }, azureFormat).texts;
    const steps = stepTexts({ [name]: value });
    if (steps.length > 0) return steps;
    const field = fieldOf(name, value);
    if (field === 'skip') return [];
    const own = field ?? { dialect: 'plain' as const };
    if (field === undefined && /^(?:System\.(?:Id|Rev|\w*Date|WatermarkId|\w*Id)|.*Date)$/.test(name))
      return [];
    return value.length < 3
      ? []
      : [{ ...own, text: value, field: { path: `fields.${name}.${which}`, role } }];
  });
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
