/**
 * Slackdump's own archive: one JSON object for each call of the API, with a type `t`. The files are gzipped; what
 * arrives here is unpacked.
 */
import type { ExportReader, ExportRecord, Probe, ReaderHints, Recognition, RecordSink } from '../contract.js';
import { readJsonRecords } from '../json-records.js';
import { isObject, type JsonObject, stringOf } from '../object-texts.js';
import { MessageReader } from './message.js';
import { isMessage } from './message-shape.js';
import { type SlackPlace, workspacePlace } from './places.js';
import { conversationRecord, fileRecord, profileRecord } from './records.js';
import { TextList } from './text-list.js';
import { conversationOf, domainOfFiles, type Workspace, workspaceOf } from './workspace.js';

/** Keys under which a chunk keeps what the API gave. */
const payloadKeys = ['m', 'p', 'f', 'u', 'ch', 'ci', 'cu', 'w', 'st', 'b', 'sm', 'sf'];

function recognise(probe: Probe): Recognition | undefined {
  const { json } = probe;
  if (json === undefined || json.root === 'array') return undefined;
  const { first, keys } = json;
  if (keys[0] !== 't' || keys[1] !== 'ts' || !keys.some((key) => payloadKeys.includes(key))) return undefined;
  if (isObject(first) ? typeof first['t'] !== 'number' : !/^\s{0,8}\{"t":\d{1,2},"ts":\d/.test(probe.text))
    return undefined;
  return { score: 0.93, reason: 'chunks with t, ts and a payload' };
}

export const slackdumpReader: ExportReader = {
  id: 'slack-slackdump-chunks',
  system: 'slack',
  label: 'Slackdump archive',
  most: 0.93,
  jsonKeys: ['t'],
  recognise,

  async read(file, sink, hints) {
    const workspace = await workspaceOf(file, hints);
    const reader = new MessageReader(workspace, sink, hints, domainOfFiles(file.head));
    const nowhere = reader.place('unknown');
    await readJsonRecords(file, [''], sink, {
      record: ({ value, raw }) => {
        if (!isObject(value)) return;
        const id = stringOf(value, 'id');
        const at = (): SlackPlace => (id === undefined ? nowhere : reader.place(id));
        readChunk(value, { reader, workspace, sink, hints, raw, at });
      },
    });
    reader.end();
  },
};

interface ChunkContext {
  readonly reader: MessageReader;
  readonly workspace: Workspace;
  readonly sink: RecordSink;
  readonly hints: ReaderHints;
  readonly raw: ExportRecord['raw'];
  /** Conversation of the chunk, which the chunk may itself describe. */
  readonly at: () => SlackPlace;
}

type ReadItem = (item: JsonObject, context: ChunkContext) => void;

/** How the items of each payload are read; the others are swept. */
const payloads: ReadonlyMap<string, ReadItem> = new Map<string, ReadItem>([
  ['m', readMessage],
  ['p', readMessage],
  ['sm', readMessage],
  ['u', (user, context) => give(profileRecord(user, context.workspace, context.sink), context)],
  ['f', readFile],
  ['sf', readFile],
  ['ch', readConversation],
  ['ci', readConversation],
]);

function readChunk(chunk: JsonObject, context: ChunkContext): void {
  const out = new TextList(context.sink);
  for (const key of Object.keys(chunk)) {
    if (headerKeys.has(key)) continue;
    const read = payloads.get(key);
    const value = chunk[key];
    if (read === undefined) out.sweep(key, key, value, restKnown);
    else for (const item of Array.isArray(value) ? value : [value]) if (isObject(item)) read(item, context);
  }
  if (out.texts.length > 0) giveRest(chunk, out, context);
}

function give(record: ExportRecord | undefined, { sink, raw }: ChunkContext): void {
  if (record !== undefined) sink.record({ ...record, ...(raw === undefined ? {} : { raw }) });
}

function readMessage(message: JsonObject, { reader, at, raw }: ChunkContext): void {
  if (isMessage(message)) reader.read(message, at(), raw);
}

function readFile(file: JsonObject, context: ChunkContext): void {
  if (context.at().isDirect && !context.hints.includeDirect) return;
  give(fileRecord(file, context.workspace, context.sink, context.at()), context);
}

function readConversation(item: JsonObject, context: ChunkContext): void {
  const conversation = conversationOf(item);
  if (conversation === undefined) return;
  context.reader.learn(conversation);
  if (conversation.kind !== 'channel' && !context.hints.includeDirect) return;
  give(conversationRecord(item, conversation, context.workspace, context.sink), context);
}

const headerKeys = new Set(['t', 'ts', 'id', 'n', 'nt', 'r', 'l', 'to', 'cu']);
const restKnown = new Set(['title', 'link', 'url', 'team', 'user', 'message', 'text', 'sq', 'emoji']);

/** Bookmarks, starred items, the workspace, the words searched for. */
function giveRest(chunk: JsonObject, out: TextList, context: ChunkContext): void {
  const isOfChannel = typeof chunk['id'] === 'string';
  const place = isOfChannel ? context.at().place : workspacePlace(context.workspace);
  const record: ExportRecord = {
    place,
    type: 'setting',
    id: `chunk-${String(chunk['t'])}`,
    revision: { state: 'current' },
    texts: out.texts,
  };
  give(record, context);
}
