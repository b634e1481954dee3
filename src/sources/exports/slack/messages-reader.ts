/**
 * Messages: day files of workspace exports, dumps in one object, pages of the API, and messages line by line as
 * archivers write them.
 */
import type { ExportFile, ExportReader, Probe, Recognition, RecordSink } from '../contract.js';
import { readJsonRecords } from '../json-records.js';
import { isObject, stringOf } from '../object-texts.js';
import { probeOf } from '../probe.js';
import { LeanMessages } from './lean-messages.js';
import { MessageReader } from './message.js';
import { envelopeKeys, isMessage, messagesIn } from './message-shape.js';
import type { SlackPlace } from './places.js';
import { TextList } from './text-list.js';
import { domainOfFiles, folderOf, lastPart, workspaceOf } from './workspace.js';

/** A `ts` member anywhere in a head whose first message is too long to be seen whole. */
const stampMember = /"ts"\s{0,4}:\s{0,4}"\d{9,10}\.\d{6}"/;

function recognise(probe: Probe): Recognition | undefined {
  const { json } = probe;
  if (json === undefined) return undefined;
  if (isMessage(json.first)) {
    return { score: 0.95, reason: `${json.root} of messages with ts` };
  }
  const inner = json.inner['messages'];
  if (inner?.includes('ts') === true && stampMember.test(probe.text)) {
    const isDump = json.keys.includes('channel_id');
    return {
      score: isDump ? 0.95 : 0.88,
      reason: `keys ${json.keys.slice(0, 4).join(', ')} with messages by ts`,
    };
  }
  if (json.first === undefined) return recogniseCut(json.keys, probe.text);
  return messagesIn(json.first).length > 0
    ? { score: 0.86, reason: 'messages with ts in an envelope' }
    : undefined;
}

/** The first message is longer than the head. */
function recogniseCut(keys: readonly string[], text: string): Recognition | undefined {
  const isLikely = keys.includes('ts') && (keys.includes('text') || keys.includes('blocks'));
  if (isLikely && stampMember.test(text)) return { score: 0.85, reason: 'keys ts, text' };
  const known = keys.filter((key) => cutKeys.has(key));
  return keys.includes('type') && known.length > 1 && typeMember.test(text)
    ? { score: 0.7, reason: `type message, keys ${known.join(', ')}` }
    : undefined;
}

const typeMember = /"type"\s{0,4}:\s{0,4}"message"/;
const cutKeys = new Set([
  'user',
  'bot_id',
  'text',
  'blocks',
  'files',
  'attachments',
  'client_msg_id',
  'subtype',
]);

export const messagesReader: ExportReader = {
  id: 'slack-messages',
  system: 'slack',
  label: 'Slack messages',
  most: 0.95,
  jsonKeys: ['ts', 'type', ...envelopeKeys],
  recognise,

  async read(file, sink, hints) {
    const workspace = await workspaceOf(file, hints);
    const domain = domainOfFiles(file.head);
    const reader = new MessageReader(workspace, sink, hints, domain);
    const here = reader.place(conversationKeyOf(file.name));
    const paths = pathsOf(file);
    const placeOf = (ancestors: Ancestors): SlackPlace => hostOf(reader, ancestors, here);
    const full = { reader, workspace, hints, domain, placeOf };
    await readJsonRecords(file, paths, sink, {
      lean: sink.lean && new LeanMessages(sink.lean, full),
      record: ({ value, ancestors, raw }) => {
        const at = placeOf(ancestors);
        const found = messagesIn(value);
        if (found.length === 0) sweepOther(value, at, sink);
        for (const { message, holder } of found) {
          reader.read(message, holder === undefined ? at : hostOf(reader, [holder], at), raw);
        }
      },
      end: (root) => {
        if (isObject(root) && paths !== wholeRoot) sweepOther(root, hostOf(reader, [root], here), sink);
      },
    });
    reader.end();
  },
};

/** A message by itself, or one in each line. */
const wholeRoot: readonly string[] = [''];

/** Where messages stand in this file. */
function pathsOf(file: ExportFile): readonly string[] {
  const { json } = probeOf(file.name, file.head, false);
  if (json?.root === 'array') return ['/*'];
  const inner = json === undefined ? [] : Object.keys(json.inner);
  return inner.includes('messages') && !isMessage(json?.first) ? ['/messages/*'] : wholeRoot;
}

/** Messages lie in the folder of their conversation; a lone file may itself have its name. */
function conversationKeyOf(name: string): string {
  const folder = lastPart(folderOf(name));
  if (folder !== '') return folder;
  const stem = lastPart(name).replace(/\.[a-z]{2,6}$/i, '');
  return stem === '' || /^\d{4}-\d\d-\d\d$/.test(stem) ? 'unknown' : stem;
}

type Ancestors = readonly Readonly<Record<string, unknown>>[];

/** The conversation that a dump or an envelope names. */
function hostOf(reader: MessageReader, ancestors: Ancestors, otherwise: SlackPlace): SlackPlace {
  for (let i = ancestors.length - 1; i >= 0; i--) {
    const holder = ancestors[i];
    if (holder === undefined) continue;
    const channel = holder['channel'];
    const id =
      stringOf(holder, 'channel_id') ??
      (isObject(channel) ? stringOf(channel, 'id') : stringOf(holder, 'channel'));
    if (id !== undefined) {
      const name = isObject(channel) ? stringOf(channel, 'name') : stringOf(holder, 'channel_name', 'name');
      return reader.place(id, name);
    }
  }
  return otherwise;
}

/** What stands around the messages, or between them and is none. */
function sweepOther(value: unknown, at: SlackPlace, sink: RecordSink): void {
  const out = new TextList(sink);
  if (isObject(value)) {
    for (const key in value) if (!aroundNoise.has(key)) out.sweep(key, key, value[key], aroundKnown);
  } else out.sweep('', '', value);
  if (out.texts.length === 0) return;
  sink.record({
    place: at.place,
    type: 'setting',
    id: `${at.place.id}/around`,
    revision: { state: 'current' },
    texts: out.texts,
  });
}

const aroundNoise = new Set([
  'messages',
  'channel_id',
  'thread_ts',
  'ok',
  'has_more',
  'response_metadata',
  'oldest',
  'latest',
]);
const aroundKnown = new Set(['name', 'channel', 'query', 'topic', 'purpose']);
