/** CircleCI: output of a step, and a build with its steps, as JSON. */
import type { ExportFile, ExportReader, RecordPlace, RecordSink } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { readJsonRecords } from '../json-records.js';
import { jsonShapeOf } from '../json-shape.js';
import {
  isObject,
  type JsonObject,
  lastKey,
  memberOf,
  type ObjectFormat,
  objectOf,
  stringOf,
  textsOf,
} from '../object-texts.js';
import { fromIso, recordTime } from '../times.js';
import { type LogPlace, logPlaceOf } from './log-place.js';
import { LogRecords } from './log-records.js';
import { UnfinishedLine } from './unfinished-line.js';

const format: ObjectFormat = {
  known: new Set(
    `name subject body author_name author_email committer_name committer_email vcs_url build_url branch reponame
     username output_url command step workspace_id workflow_name job_name why circle_yml string message config
     compare title login vcs_tag`.split(/\s+/),
  ),
  field: (path) => {
    switch (lastKey(path)) {
      case 'message':
        return { role: 'body', dialect: 'log-ansi' };
      case 'bash_command':
        return { role: 'code', dialect: 'code' };
      case 'subject':
        return { role: 'title', dialect: 'plain' };
      default:
        return undefined;
    }
  },
};

export const circleReader: ExportReader = {
  id: 'circleci-json',
  system: 'ci-log',
  label: 'CircleCI JSON',
  most: 0.95,
  jsonKeys: ['message', 'steps'],
  recognise: ({ json, text }) => {
    if (json === undefined) return undefined;
    const { keys } = json;
    if (keys.includes('message') && keys.includes('time') && keys.includes('type') && keys.length <= 5)
      return /"type"\s*:\s*"(?:out|err)"/.test(text)
        ? { score: 0.9, reason: 'output of CircleCI steps' }
        : undefined;
    const isBuild = keys.includes('steps') && keys.includes('build_num');
    return isBuild ? { score: 0.95, reason: 'build of CircleCI with steps' } : undefined;
  },
  read: async (file, sink, hints) => {
    const at = await logPlaceOf(file, hints);
    if (jsonShapeOf(decodeHead(file.head))?.root === 'array') return readOutput(file, sink, at);
    await readJsonRecords(file, [''], sink, {
      record: ({ value, pointer, raw }) => {
        if (!isObject(value)) return;
        const { texts } = textsOf(value, format, (key) => sink.unknownKey(key));
        if (texts.length === 0) return;
        const time = recordTime(fromIso(stringOf(value, 'start_time', 'queued_at')));
        const build = stringOf(value, 'build_url');
        const permalink = build === undefined ? at.permalink : { url: build, level: 'record' as const };
        sink.record({
          place: buildPlace(value) ?? at.place,
          type: 'log-step',
          id: `${at.job ?? ''}${pointer || '/'}`,
          ...(time && { time }),
          ...(permalink && { permalink }),
          action: 'delete',
          revision: { state: 'current' },
          texts,
          raw,
        });
      },
    });
  },
};

/** Output comes in messages that end anywhere: they are joined before they are cut into lines again. */
async function readOutput(file: ExportFile, sink: RecordSink, at: LogPlace): Promise<void> {
  const records = new LogRecords(sink, at);
  const rest = new UnfinishedLine();
  let number = 1;
  let isFirst = true;
  const give = (text: string, raw: { readonly start: number; readonly end: number }): void =>
    records.line({ text, number: number++, start: raw.start, end: raw.end, isCut: false, isLossy: false });
  let last = { start: 0, end: 0 };
  await readJsonRecords(file, ['/*'], sink, {
    record: ({ value, raw }) => {
      if (!isObject(value)) return;
      const time = stringOf(value, 'time');
      if (isFirst) records.begin({ key: time ?? 'start', time: fromIso(time) });
      isFirst = false;
      last = raw;
      if (memberOf(value, 'truncated') === true) sink.note('truncated');
      for (const line of rest.add(stringOf(value, 'message') ?? '')) give(line, raw);
    },
  });
  const end = rest.take();
  if (end !== '') give(end, last);
  records.end();
}

/** Build by its number and repository. */
function buildPlace(value: JsonObject): RecordPlace | undefined {
  const number = memberOf(value, 'build_num');
  const repo = stringOf(value, 'reponame') ?? stringOf(objectOf(value, 'repo') ?? {}, 'name');
  if (typeof number !== 'number' || repo === undefined) return undefined;
  const id = `${stringOf(value, 'username') ?? ''}/${repo}/${number}`;
  return { kind: 'run', tenant: 'circleci', id, name: id, audience: 'unknown' };
}
