/** secretlint, JSON: files with messages. What a message is about stands in the text of the file, at its range. */
import { defined } from '../exports/defined.js';
import type { ReportedSpot, ReportNode, ReportReader, ReportSink } from './contract.js';
import { Fields, isMasked, isObject, secretOf } from './fields.js';

/** Characters before and behind a value that are read as its context. */
const reach = 200;

function rangeOf(message: Fields, length: number): readonly [number, number] | undefined {
  const [start, end] = message.list('range').map(({ value }) => value);
  if (typeof start !== 'number' || typeof end !== 'number') return undefined;
  return Number.isSafeInteger(start) && start >= 0 && end > start && end <= length ? [start, end] : undefined;
}

function readMessage(
  node: ReportNode,
  file: { path: string | undefined; source: string },
  sink: ReportSink,
): void {
  const message = new Fields(node.value, node.where, sink);
  if (message.text('type') === 'ignore') return;
  const range = rangeOf(message, file.source.length);
  const value = range === undefined ? undefined : file.source.slice(range[0], range[1]);
  const isHidden = value === undefined || isMasked(value);
  const rule = (message.text('ruleId') ?? message.required('messageId')).replace(/^.*\/secretlint-rule-/, '');
  const start = message.object('loc')?.object('start');
  const column = start?.count('column', 0);
  const spot = defined<ReportedSpot>({
    path: file.path,
    line: start?.count('line'),
    column: column === undefined ? undefined : column + 1,
  });
  if (message.isBroken) return;
  sink.row({
    tool: 'secretlint',
    rule,
    where: node.where,
    values: isHidden ? [] : [secretOf(value)],
    ...(isHidden || range === undefined
      ? { hidden: value === undefined ? 'absent' : 'redacted' }
      : { context: secretOf(file.source.slice(Math.max(0, range[0] - reach), range[1] + reach)) }),
    spot,
  });
}

export const secretlint: ReportReader = {
  name: 'secretlint',
  recognises: (value) =>
    isObject(value) && typeof value['filePath'] === 'string' && Array.isArray(value['messages']),
  read({ value, where }: ReportNode, sink: ReportSink): void {
    const fields = new Fields(value, where, sink);
    const file = { path: fields.text('filePath'), source: fields.text('sourceContent') ?? '' };
    for (const message of fields.list('messages')) readMessage(message, file, sink);
  },
};
