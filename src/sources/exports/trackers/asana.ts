/** Asana: JSON of a project, answers of the interface, lines of an organisation's graph export. */

import type {
  ExportFile,
  ExportReader,
  ExportRecord,
  Probe,
  Recognition,
  RecordActor,
  RecordPlace,
  RecordSink,
} from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { defined } from '../defined.js';
import { readJsonRecords } from '../json-records.js';
import { jsonShapeOf } from '../json-shape.js';
import {
  idOf,
  isObject,
  type JsonObject,
  lastKey,
  memberOf,
  type ObjectFormat,
  objectOf,
  stringOf,
  type TextField,
  textsOf,
} from '../object-texts.js';
import { type Pending, visitObjects } from '../object-walk.js';
import { fromIso, recordTime } from '../times.js';
import { tidyRecord } from './tidy-record.js';

type Kind = 'task' | 'story' | 'project' | 'attachment' | 'user' | 'other';

interface Context {
  readonly pointer: string;
  readonly task: string | undefined;
  readonly title: string | undefined;
  readonly place: RecordPlace | undefined;
}

const recordTypes: Readonly<Record<Kind, ExportRecord['type']>> = {
  task: 'issue',
  story: 'comment',
  project: 'setting',
  attachment: 'attachment',
  user: 'profile',
  other: 'setting',
};

const prose: ReadonlyMap<string, TextField> = new Map<string, TextField>([
  ['notes', { role: 'body', dialect: 'plain' }],
  ['html_notes', { role: 'body', dialect: 'html' }],
  ['text', { role: 'comment', dialect: 'plain' }],
  ['html_text', { role: 'comment', dialect: 'html' }],
  ['description', { role: 'description', dialect: 'plain' }],
  ['html_description', { role: 'description', dialect: 'html' }],
]);

const known: ReadonlySet<string> = new Set(
  `name display_value text_value number_value enum_value email permalink_url resource_subtype resource_type view_url
   download_url permanent_url host title old_name new_name old_text_value new_text_value assignee_status color
   current_status due_on start_on section tags memberships custom_fields followers likes path uri url
   external data`.split(/\s+/),
);

const enums =
  /^(?:resource_type|resource_subtype|type|assignee_status|color|approval_status|host|icon|default_view|source)$/;

function formatOf(kind: Kind, permalink: string | undefined): ObjectFormat {
  return {
    known,
    noise: new Set(['gid', 'sync', 'offset']),
    isRecord: (value, path) => {
      const inner = kindOf(value, lastKey(path));
      return (
        inner === 'story' || inner === 'attachment' || (inner === 'task' && lastKey(path) === 'subtasks')
      );
    },
    field: (path, text, holder) => {
      const key = lastKey(path);
      if (text === permalink && key === 'permalink_url') return 'skip';
      if (enums.test(key) && /^[a-z_-]{1,40}$/.test(text)) return 'skip';
      if (path.includes('custom_fields')) return answerOf(key, holder);
      if (path.length === 1 && key === 'name')
        return { role: kind === 'attachment' ? 'attachment-name' : 'title', dialect: 'plain' };
      return fieldOf(key, text);
    },
  };
}

/** The name of a custom field stands beside its value. */
function answerOf(key: string, holder: JsonObject): TextField | undefined {
  if (key === 'name') return { role: 'custom-field', dialect: 'plain' };
  if (key !== 'display_value' && key !== 'text_value') return undefined;
  const label = stringOf(holder, 'name');
  return { role: 'custom-field', dialect: 'plain', ...(label !== undefined && { label }) };
}

function fieldOf(key: string, text: string): TextField | undefined {
  if (key === 'download_url' || (key === 'view_url' && text.includes('?')))
    return { role: 'link', dialect: 'plain', artifact: true };
  if (key.startsWith('old_')) return { role: 'history-old', dialect: 'plain' };
  if (key.startsWith('new_')) return { role: 'history-new', dialect: 'plain' };
  return prose.get(key);
}

function has(object: JsonObject, ...keys: readonly string[]): boolean {
  return keys.some((key) => memberOf(object, key) !== undefined);
}

const namedKinds: ReadonlySet<string> = new Set(['task', 'story', 'project', 'attachment', 'user']);

function kindOf(object: JsonObject, under: string): Kind {
  const named = stringOf(object, 'resource_type');
  // A bare reference has no more than its id and name.
  if (has(object, 'text', 'html_text') && has(object, 'created_by', 'type', 'resource_subtype', 'target'))
    return 'story';
  if (has(object, 'notes', 'html_notes', 'completed', 'subtasks', 'memberships'))
    return has(object, 'members', 'current_status', 'default_view') && !has(object, 'completed_at')
      ? 'project'
      : 'task';
  if (has(object, 'download_url', 'view_url', 'permanent_url')) return 'attachment';
  if (has(object, 'email') && has(object, 'name')) return 'user';
  if (under === 'subtasks' && has(object, 'name')) return 'task';
  return named !== undefined && namedKinds.has(named) ? (named as Kind) : 'other';
}

function recognise({ json, text }: Probe): Recognition | undefined {
  if (json === undefined || !/"gid"\s*:\s*"\d/.test(text)) return undefined;
  const { keys } = json;
  if (
    /"(?:resource_type|permalink_url|html_notes|assignee_status)"\s*:/.test(text) &&
    (keys.includes('data') || keys.includes('gid'))
  )
    return { score: 0.95, reason: 'gid and resource_type' };
  return keys.includes('data') || keys.includes('gid') ? { score: 0.75, reason: 'key gid' } : undefined;
}

export const asanaReader: ExportReader = {
  id: 'asana-json',
  system: 'asana',
  label: 'Asana JSON',
  most: 0.95,
  jsonKeys: ['gid', 'data'],
  recognise,
  read: async (file, sink) => {
    const walk = new AsanaWalk(sink, file);
    const shape = jsonShapeOf(decodeHead(file.head));
    const isList = shape?.root === 'object' && shape.inner['data'] !== undefined;
    await readJsonRecords(file, shape?.root === 'array' ? ['/*'] : isList ? ['/data/*'] : [''], sink, {
      record: ({ value, pointer, raw }) => walk.walk(value, pointer, raw),
      end: (root) => {
        if (isObject(root)) walk.walk(root, '', undefined);
      },
    });
  },
};

class AsanaWalk {
  readonly #sink: RecordSink;
  readonly #fileName: string;

  constructor(sink: RecordSink, file: ExportFile) {
    this.#sink = sink;
    this.#fileName = file.name;
  }

  walk(value: unknown, pointer: string, raw: ExportRecord['raw']): void {
    const single = isObject(value) && isObject(memberOf(value, 'data')) ? memberOf(value, 'data') : value;
    const context: Context = { pointer, task: undefined, title: undefined, place: undefined };
    visitObjects(single, context, { object: (object, at) => this.#object(object, at, raw) });
    if (single === value || !isObject(value)) return;
    visitObjects({ ...value, data: undefined }, context, {
      object: (object, at) => this.#object(object, at, raw),
    });
  }

  #object(object: JsonObject, context: Context, raw: ExportRecord['raw']): Pending<Context>[] {
    const kind = kindOf(object, lastKey(context.pointer.split('/').slice(1)));
    const gid = idOf(object, 'gid');
    const project = projectOf(object) ?? (kind === 'project' ? object : undefined);
    const place = placeOf(kind, project) ?? context.place ?? placeOfFile(this.#fileName);
    const permalink = permalinkOf(object, kind, project);
    const { texts, inner } = textsOf(object, formatOf(kind, permalink), (key) => this.#sink.unknownKey(key));
    const title = stringOf(object, 'name') ?? context.title;
    if (kind === 'attachment') this.#sink.note('attachment-missing');
    if (texts.length > 0)
      this.#sink.record(
        tidyRecord({
          place,
          ...roleOf(object, kind),
          id: gid ?? (context.pointer || '/'),
          title,
          thread: idOf(objectOf(object, 'target', 'parent') ?? {}, 'gid') ?? context.task,
          actor: actorOf(object),
          time: recordTime(fromIso(stringOf(object, 'created_at'))),
          permalink: permalink === undefined ? undefined : { url: permalink },
          texts,
          raw,
        }),
      );
    return inner.map(({ value, path }) => ({
      value,
      context: {
        pointer: `${context.pointer}/${path.join('/')}`,
        task: kind === 'task' ? gid : context.task,
        title,
        place,
      },
    }));
  }
}

function roleOf(object: JsonObject, kind: Kind): Pick<ExportRecord, 'type' | 'action'> {
  if (kind === 'story' && (memberOf(object, 'type') === 'system' || isSystemStory(object)))
    return { type: 'change', action: 'ask-admin' };
  return { type: recordTypes[kind], action: kind === 'attachment' ? 'purge-attachment' : 'edit' };
}

/** Stories that the system writes name what happened: `name_changed`, `notes_changed`. */
function isSystemStory(object: JsonObject): boolean {
  const type = stringOf(object, 'resource_subtype');
  return type !== undefined && type !== 'comment_added' && type !== 'story';
}

function projectOf(object: JsonObject): JsonObject | undefined {
  const memberships = memberOf(object, 'memberships');
  const first: unknown = Array.isArray(memberships) ? memberships[0] : undefined;
  const project = isObject(first) ? objectOf(first, 'project') : undefined;
  if (project !== undefined) return project;
  const projects = memberOf(object, 'projects');
  const named: unknown = Array.isArray(projects) ? projects[0] : undefined;
  return isObject(named) ? named : objectOf(object, 'project');
}

function placeOf(kind: Kind, project: JsonObject | undefined): RecordPlace | undefined {
  if (kind === 'user') return { kind: 'workspace', id: 'people', name: 'people', audience: 'unknown' };
  const id = project === undefined ? undefined : idOf(project, 'gid');
  if (project === undefined || id === undefined) return undefined;
  const isPublic = memberOf(project, 'public');
  const audience = isPublic === true ? 'internal' : isPublic === false ? 'restricted' : 'unknown';
  return { kind: 'project', id, name: stringOf(project, 'name') ?? id, audience };
}

function placeOfFile(name: string): RecordPlace {
  return { kind: 'folder', id: name, name, audience: 'unknown' };
}

function permalinkOf(object: JsonObject, kind: Kind, project: JsonObject | undefined): string | undefined {
  const own = stringOf(object, 'permalink_url');
  if (own !== undefined && /^https?:\/\/\S+$/.test(own)) return own;
  const gid = idOf(object, 'gid');
  if (kind !== 'task' || gid === undefined || !/^\d+$/.test(gid)) return undefined;
  return `https://app.asana.com/0/${(project === undefined ? undefined : idOf(project, 'gid')) ?? '0'}/${gid}`;
}

function actorOf(object: JsonObject): RecordActor | undefined {
  const person = objectOf(object, 'created_by', 'owner', 'author');
  if (person === undefined) return undefined;
  const id = idOf(person, 'gid');
  const name = stringOf(person, 'name');
  const email = stringOf(person, 'email');
  return defined({ id, name, email });
}
