/** Notion: objects of its interface (blocks, pages, databases, comments, people), alone, in lists or in pages of lists. */
import type { ExportReader, ExportRecord, Probe, RecordActor, RecordSink } from '../contract.js';
import { defined } from '../defined.js';
import { readJsonRecords } from '../json-records.js';
import {
  idOf,
  isObject,
  type JsonObject,
  lastKey,
  memberOf,
  type ObjectFormat,
  objectOf,
  stringOf,
  textsOf,
} from '../object-texts.js';
import { recordPaths, recordPathsOf } from '../record-paths.js';
import { fromIso, recordTime } from '../times.js';
import { bareId, notionPlace, pageLink } from './notion-ids.js';
import { joinRichText } from './notion-rich-text.js';

export const notionApiReader: ExportReader = {
  id: 'notion-api',
  system: 'notion',
  label: 'Notion objects (API)',
  most: 0.93,
  jsonKeys: ['object'],
  recognise(probe: Probe) {
    if (recordPaths(probe.json, isNotionObject) === undefined) return undefined;
    return { score: 0.93, reason: 'keys object, id, created_time, last_edited_time' };
  },
  async read(file, sink) {
    await readJsonRecords(file, recordPathsOf(file, isNotionObject) ?? ['/*'], sink, {
      record: ({ value, raw }) => {
        if (isObject(value)) give(value, undefined, raw, sink);
        else sink.note('malformed');
      },
    });
  },
};

function isNotionObject(keys: readonly string[]): boolean {
  const all = new Set(keys);
  if (!all.has('object') || !all.has('id')) return false;
  if (all.has('created_time') && (all.has('last_edited_time') || all.has('rich_text'))) return true;
  return all.has('type') && (all.has('person') || all.has('bot')) && all.has('name');
}

const known = new Set([
  'name',
  'url',
  'email',
  'phone_number',
  'expression',
  'plain_text',
  'number_format',
  'cover',
]);
const noise = new Set([
  'object',
  'type',
  'color',
  'language',
  'request_id',
  'created_time',
  'last_edited_time',
  'expiry_time',
  'emoji',
  'avatar_url',
  'public_url',
]);

const format: ObjectFormat = {
  known,
  noise,
  isRecord: (value) =>
    isNotionObject(Object.keys(value)) && typeof memberOf(value, 'created_time') === 'string',
  field(path, _text, holder) {
    const key = lastKey(path);
    const label = path[0] === 'properties' ? path[1] : undefined;
    const named = label === undefined ? {} : { label };
    if (key === 'plain_text') {
      const isTitle = path.includes('title');
      return {
        role: isTitle ? 'title' : label === undefined ? 'body' : 'custom-field',
        dialect: path[0] === 'code' ? 'code' : 'plain',
        ...(isTitle ? {} : named),
      };
    }
    if (path.length === 1 && key === 'url') return 'skip';
    // Files in Notion's own store have addresses that open them for an hour.
    if (key === 'url' && Object.hasOwn(holder, 'expiry_time'))
      return { role: 'link', dialect: 'plain', artifact: true };
    if (key === 'url' || path.includes('href')) return { role: 'link', dialect: 'plain' };
    return label === undefined || key === 'id' || key === 'type' || key === 'name'
      ? undefined
      : { role: 'custom-field', dialect: 'plain', ...named };
  },
};

function give(
  source: JsonObject,
  outer: string | undefined,
  raw: NonNullable<ExportRecord['raw']>,
  sink: RecordSink,
): void {
  const value = joinRichText(source);
  const { texts, inner } = textsOf(value, format, (key) => sink.unknownKey(key));
  const record = recordOf(value, outer);
  const title = texts.find((text) => text.field.role === 'title')?.text;
  if (texts.length > 0) sink.record({ ...record, ...(title === undefined ? {} : { title }), texts, raw });
  for (const child of inner) give(child.value, record.thread ?? record.id, raw, sink);
}

const types: ReadonlyMap<string, ExportRecord['type']> = new Map([
  ['comment', 'comment'],
  ['user', 'profile'],
  ['database', 'setting'],
]);

/** @param outer id of the page or block that holds it, when it was nested */
function recordOf(value: JsonObject, outer: string | undefined): Omit<ExportRecord, 'texts'> {
  const kind = stringOf(value, 'object') ?? 'object';
  const id = bareId(idOf(value, 'id') ?? 'unknown');
  const page = idOf(objectOf(value, 'parent') ?? {}, 'page_id') ?? outer;
  const thread = page !== undefined && (kind === 'block' || kind === 'comment') ? bareId(page) : undefined;
  const isGone = value['archived'] === true || value['in_trash'] === true;
  return defined({
    place: notionPlace,
    type: types.get(kind) ?? 'page',
    id,
    thread,
    time: recordTime(fromIso(value['created_time']), fromIso(value['last_edited_time'])),
    actor: actorOf(objectOf(value, 'created_by')),
    revision: { state: isGone ? 'deleted' : 'current' },
    action: 'edit',
    permalink: kind === 'user' ? undefined : linkOf(value, id, thread),
  });
}

function linkOf(value: JsonObject, id: string, page: string | undefined): ExportRecord['permalink'] {
  const url = stringOf(value, 'url');
  if (url !== undefined) return { url };
  return page === undefined ? pageLink(id) : pageLink(page, id);
}

function actorOf(person: JsonObject | undefined): RecordActor | undefined {
  const id = person && idOf(person, 'id');
  if (person === undefined || id === undefined) return undefined;
  return defined({
    id,
    kind: stringOf(person, 'type') === 'bot' ? 'bot' : 'user',
    name: stringOf(person, 'name'),
    email: stringOf(objectOf(person, 'person') ?? {}, 'email'),
  });
}
