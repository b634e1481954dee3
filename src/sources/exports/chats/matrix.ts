/** Matrix: Element's JSON export of a room, and lists of raw events. */
import type { ExportReader, ExportRecord, Probe, RecordSink } from '../contract.js';
import { type JsonRecord, readJsonRecords } from '../json-records.js';
import { isObject, type JsonObject, type ObjectFormat, textsOf } from '../object-texts.js';
import { recordPaths, recordPathsOf } from '../record-paths.js';
import { EventReader, placeOf } from './matrix-events.js';
import { MatrixRoom } from './matrix-room.js';
import { inMemory, silent } from './twice.js';

export const matrixReader: ExportReader = {
  id: 'matrix-events',
  system: 'matrix',
  label: 'Matrix room export',
  most: 0.95,
  jsonKeys: ['event_id', 'room_name'],
  recognise(probe: Probe) {
    if (recordPaths(probe.json, isEvent) !== undefined)
      return { score: 0.95, reason: 'keys event_id, origin_server_ts, sender, type, content' };
    const keys = new Set(probe.json?.keys);
    if (!keys.has('room_name') || !keys.has('exported_by') || !keys.has('messages')) return undefined;
    return { score: 0.9, reason: 'keys room_name, exported_by, messages' };
  },
  async read(file, sink, hints) {
    const paths = recordPathsOf(file, isEvent) ?? ['/messages/*'];
    const room = new MatrixRoom();
    const held = await inMemory(file);
    if (held !== undefined) await firstLook(held, paths, room, sink);
    const events = new EventReader(room, hints.includeDirect, sink);
    await readJsonRecords(held ?? file, paths, sink, {
      record: ({ value, ancestors, raw }: JsonRecord) => {
        const header = ancestors[0];
        if (header !== undefined) room.header(header);
        if (isObject(value)) events.event(value, raw);
        else sink.note('malformed');
      },
      end: (root) => {
        if (isObject(root) && paths[0] !== '') readHeader(root, room, hints.includeDirect, sink);
      },
    });
  },
};

/** Learns what later events say of earlier ones: which were edited, and whether the room is between two people. */
async function firstLook(
  file: Parameters<typeof readJsonRecords>[0],
  paths: readonly string[],
  room: MatrixRoom,
  sink: RecordSink,
): Promise<void> {
  await readJsonRecords(file, paths, silent(sink), {
    record: ({ value }) => {
      if (isObject(value)) room.learn(value);
    },
    end: (root) => {
      if (isObject(root)) room.header(root);
    },
  });
}

function isEvent(keys: readonly string[]): boolean {
  const all = new Set(keys);
  return ['event_id', 'origin_server_ts', 'sender', 'type', 'content'].every((key) => all.has(key));
}

const headerFormat: ObjectFormat = {
  known: new Set(['room_creator', 'exported_by']),
  noise: new Set(['export_date', 'start', 'end', 'next_batch']),
  field(path) {
    if (path[0] === 'room_name') return { role: 'title', dialect: 'plain' };
    return path[0] === 'topic' ? { role: 'topic', dialect: 'plain' } : undefined;
  },
};

/** The room itself: its name and topic. */
function readHeader(root: JsonObject, room: MatrixRoom, includeDirect: boolean, sink: RecordSink): void {
  room.header(root);
  const { texts } = textsOf(root, headerFormat, (key) => sink.unknownKey(key));
  if (texts.length === 0 || (room.isDirect && !includeDirect)) return;
  const record: ExportRecord = {
    place: placeOf(room, undefined),
    type: 'setting',
    id: 'room',
    revision: { state: 'current' },
    action: 'edit',
    texts,
  };
  sink.record(record);
}
