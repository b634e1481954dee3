/** Logs as interfaces answer them: lines of Drone and Woodpecker, the whole text in one member at Buildkite and Travis. */
import type { ExportFile, ExportReader, JsonShape, RecordSink } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { readJsonRecords } from '../json-records.js';
import { jsonShapeOf } from '../json-shape.js';
import { idOf, isObject, type JsonObject, type ObjectFormat, stringOf, textsOf } from '../object-texts.js';
import { buildkiteLog } from './hosted-formats.js';
import { type LogFormat, travisLog } from './log-formats.js';
import { type LogPlace, logPlaceOf } from './log-place.js';
import { Steps } from './log-reader.js';
import { LogRecords } from './log-records.js';
import { UnfinishedLine } from './unfinished-line.js';

/** An answer that has a line, or what was written at a time, in each object. */
interface LineAnswer {
  readonly reason: string;
  readonly keys: readonly string[];
  textOf(line: JsonObject): string;
}

const lineAnswers: readonly LineAnswer[] = [
  {
    reason: 'lines of Drone: pos, out, time',
    keys: ['pos', 'out', 'time'],
    textOf: (line) => stringOf(line, 'out') ?? '',
  },
  {
    reason: 'lines of Woodpecker: step_id, line, data',
    keys: ['step_id', 'line', 'data'],
    // Bytes of a line, with or without its end.
    textOf: (line) =>
      `${Buffer.from(stringOf(line, 'data') ?? '', 'base64')
        .toString('utf8')
        .replace(/\n$/, '')}\n`,
  },
];

/** An answer that is one object, with the log under `content`. */
interface TextAnswer {
  readonly reason: string;
  readonly keys: readonly string[];
  readonly format: LogFormat;
  /** Keys that stand before the end of the log: of a long one no others are seen. */
  readonly first: ReadonlySet<string>;
  /** What gives it away where the log is cut. */
  readonly sign: RegExp;
}

const textAnswers: readonly TextAnswer[] = [
  {
    reason: 'a log of Buildkite: content, header_times',
    keys: ['content', 'header_times'],
    format: buildkiteLog,
    first: new Set(['url', 'size', 'content']),
    sign: /\\u001b_bk;t=\d{13}/i,
  },
  {
    reason: 'a log of Travis CI: content, log_parts',
    keys: ['@type', 'content', 'log_parts'],
    format: travisLog,
    first: new Set(['@type', '@href', '@representation', '@permissions', 'id', 'content']),
    sign: /"@type"\s*:\s*"log"/,
  },
];

function answerIn<A extends { readonly keys: readonly string[] }>(
  answers: readonly A[],
  keys: readonly string[],
): A | undefined {
  return answers.find((answer) => answer.keys.every((key) => keys.includes(key)));
}

function answerOf(
  shape: JsonShape | undefined,
  text: string,
): { readonly reason: string; readonly format?: LogFormat } | undefined {
  if (shape === undefined) return undefined;
  if (shape.root !== 'object') return answerIn(lineAnswers, shape.keys);
  const { keys } = shape;
  return (
    answerIn(textAnswers, keys) ??
    (keys.at(-1) === 'content'
      ? textAnswers.find(({ first, sign }) => keys.every((key) => first.has(key)) && sign.test(text))
      : undefined)
  );
}

export const ciAnswersReader: ExportReader = {
  id: 'ci-log-json',
  system: 'ci-log',
  label: 'CI log as JSON',
  most: 0.94,
  recognise: ({ json, text }) => {
    const answer = answerOf(json, text);
    return answer && { score: 0.94, reason: answer.reason };
  },
  read: async (file, sink, hints) => {
    const at = await logPlaceOf(file, hints);
    const shape = jsonShapeOf(decodeHead(file.head));
    if (shape?.root === 'object') await readText(file, sink, at);
    else await readLines(file, sink, at, shape?.root === 'lines' ? '' : '/*');
  },
};

async function readLines(file: ExportFile, sink: RecordSink, at: LogPlace, path: string): Promise<void> {
  const records = new LogRecords(sink, at);
  const rest = new UnfinishedLine();
  let number = 1;
  let place = { start: 0, end: 0 };
  let step: string | undefined;
  const give = (text: string): void =>
    records.line({ text, number: number++, ...place, isCut: false, isLossy: false });
  const finish = (): void => {
    const text = rest.take();
    if (text !== '') give(text);
  };
  await readJsonRecords(file, [path], sink, {
    record: ({ value, raw }) => {
      if (!isObject(value)) return;
      const id = idOf(value, 'step_id') ?? 'start';
      if (id !== step) {
        finish();
        records.begin({ key: id === 'start' ? id : `step ${id}` });
        step = id;
      }
      place = { start: raw.start, end: raw.end };
      const answer = answerIn(lineAnswers, Object.keys(value));
      if (answer !== undefined) for (const line of rest.add(answer.textOf(value))) give(line);
      else giveOthers(value, sink, at, raw);
    },
  });
  finish();
  records.end();
}

async function readText(file: ExportFile, sink: RecordSink, at: LogPlace): Promise<void> {
  await readJsonRecords(file, [''], sink, {
    record: ({ value, raw }) => {
      if (!isObject(value)) return;
      const records = new LogRecords(sink, at);
      const format = answerIn(textAnswers, Object.keys(value))?.format;
      const steps = format && new Steps(format, records);
      let number = 1;
      for (const text of (stringOf(value, 'content') ?? '').split(/\r?\n/)) {
        steps?.look(text);
        records.line({
          text,
          number: number++,
          start: raw.start,
          end: raw.end,
          isCut: false,
          isLossy: false,
        });
      }
      records.end();
      giveOthers(value, sink, at, raw);
    },
  });
}

const format: ObjectFormat = {
  known: new Set([
    'url',
    '@href',
    '@type',
    '@permissions',
    '@representation',
    '@raw_log_href',
    'type',
    'out',
  ]),
  noise: new Set(['data']),
  field: (path) => {
    if (path.length === 1 && path[0] === 'content') return 'skip';
    // Travis has the log once more, in pieces.
    return path[0] === 'log_parts' && path.at(-1) === 'content' ? 'skip' : undefined;
  },
};

/** What stands beside the log. */
function giveOthers(
  value: JsonObject,
  sink: RecordSink,
  { place, job, permalink }: LogPlace,
  raw: { readonly start: number; readonly end: number },
): void {
  const { texts } = textsOf(value, format, (key) => sink.unknownKey(key));
  if (texts.length === 0) return;
  sink.record({
    place,
    type: 'log-step',
    id: `${job ?? ''}/answer`,
    ...(permalink && { permalink }),
    action: 'delete',
    revision: { state: 'current' },
    texts,
    raw,
  });
}
