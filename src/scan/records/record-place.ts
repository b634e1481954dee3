/** Places and appearances of records, in the words of the database. */
import type { LocationKind, Person, RecordAppearance, RecordFacts } from '../../model/appearance.js';
import { parsePlaceKey } from '../../model/ids.js';
import { chatSystems, type Place, type System } from '../../model/place.js';
import type { ExportRecord, RecordPlace, RecordText, RecordType } from '../../sources/exports/contract.js';

/** Longest title, id or link kept. */
const maxText = 1000;

/** Key of a place: (system, tenant, id), so that next month's export and another format of it meet. */
export function placeOf(system: System, { tenant, id, name, audience, archived }: RecordPlace): Place {
  const key = `${system}:${tenant === undefined ? '' : `${cleanText(tenant, 300)}/`}${cleanText(id, 600) || '-'}`;
  return {
    key: parsePlaceKey(key),
    system,
    ...(tenant === undefined ? {} : { tenant: cleanText(tenant, 300) }),
    name: cleanText(name, 300) || cleanText(id, 300) || system,
    audience,
    ...(archived === undefined ? {} : { archived }),
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what goes
const controls = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g;

/** One line without control characters and without those that turn the direction of text. */
export function cleanText(text: string, most: number = maxText): string {
  return Buffer.from(text, 'utf8').toString().replace(controls, ' ').trim().slice(0, most);
}

export interface AppearanceContext {
  readonly system: System;
  readonly reader: string;
  /** File of the export, relative to the target. */
  readonly source: string;
  readonly place: Place;
  readonly author: Person | undefined;
}

export function appearanceOf(
  record: ExportRecord,
  text: RecordText,
  alsoIn: readonly string[],
  { reader, source, place, author, system }: AppearanceContext,
): RecordAppearance {
  const { time, revision, permalink, title } = record;
  const facts: RecordFacts = {
    reader,
    source: cleanText(source),
    role: text.field.role,
    ...(record.thread === undefined ? {} : { thread: cleanText(record.thread) }),
    ...(time?.edited === undefined ? {} : { edited: cleanText(time.edited) }),
    ...(time?.precision === undefined ? {} : { precision: time.precision }),
    ...(permalink?.level === undefined || permalink.level === 'exact'
      ? {}
      : { permalinkLevel: permalink.level }),
    ...(record.action === undefined ? {} : { action: record.action }),
    ...(revision.of === undefined ? {} : { of: cleanText(revision.of) }),
    ...(alsoIn.length === 0 ? {} : { alsoIn: alsoIn.map((path) => cleanText(path)) }),
  };
  return {
    type: 'record',
    locationKind: locationKindOf(system, record, text),
    place,
    recordType: record.type,
    recordId: cleanText(record.id),
    field: cleanText(text.field.path),
    revision: revision.state,
    ...(revision.id === undefined ? {} : { revisionId: cleanText(revision.id) }),
    ...(author === undefined ? {} : { author }),
    ...(time?.created === undefined ? {} : { created: cleanText(time.created) }),
    ...(permalink === undefined ? {} : { permalink: cleanText(permalink.url, 4000) }),
    ...(title === undefined || title === '' ? {} : { title: cleanText(title, 300) }),
    facts,
  };
}

const chats: ReadonlySet<System> = new Set<System>(chatSystems);

const kinds: Readonly<Partial<Record<RecordType, LocationKind>>> = {
  issue: 'ticket-body',
  comment: 'ticket-comment',
  worklog: 'ticket-comment',
  review: 'ticket-comment',
  change: 'record-history',
  page: 'wiki-page',
  mail: 'mail',
  'log-step': 'log',
  cell: 'notebook-output',
  profile: 'profile',
};

function locationKindOf(system: System, record: ExportRecord, { field }: RecordText): LocationKind {
  const isChat = chats.has(system);
  const { state } = record.revision;
  if (state === 'previous' || state === 'deleted') return isChat ? 'chat-edit-history' : 'record-history';
  if (record.type === 'attachment' || field.role === 'attachment-text' || field.role === 'snippet')
    return isChat ? 'chat-file' : 'ticket-attachment';
  if (isChat && record.type === 'message') {
    return record.thread === undefined || record.thread === record.id ? 'chat-message' : 'chat-thread';
  }
  return kinds[record.type] ?? 'dump';
}
