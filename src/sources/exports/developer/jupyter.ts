/** Jupyter notebooks, nbformat 3 (worksheets) and 4: each cell is a record with its source and outputs. */
import type { Dialect, ExportReader, Probe, Recognition, RecordText } from '../contract.js';
import { baseName, folderPlace, RecordIds } from '../generic/file-place.js';
import { readJsonRecords } from '../json-records.js';
import { claims, noClaims, unclaimedTexts } from '../leaves.js';
import { isObject, type JsonObject, memberOf, objectOf, stringOf } from '../object-texts.js';

export const jupyter: ExportReader = {
  id: 'jupyter',
  system: 'jupyter',
  label: 'Jupyter notebook',
  most: 0.98,
  jsonKeys: ['nbformat', 'cells', 'worksheets'],
  recognise,
  async read(file, sink) {
    const place = folderPlace(file);
    const ids = new RecordIds(file);
    let count = 0;
    await readJsonRecords(file, ['/cells/*', '/worksheets/*/cells/*'], sink, {
      record({ value, raw }) {
        count++;
        if (!isObject(value)) return;
        const texts = cellTexts(value, (key) => sink.unknownKey(key));
        if (texts.length === 0) return;
        sink.record({
          place,
          type: 'cell',
          id: ids.next(stringOf(value, 'id') ?? `cell ${count}`),
          title: `${baseName(file)}, cell ${count}`,
          revision: { state: 'current' },
          texts,
          raw,
        });
      },
      end(root) {
        // Metadata is free: no key of it is unknown.
        const texts = unclaimedTexts(root, noClaims, { role: 'setting' });
        if (texts.length > 0)
          sink.record({
            place,
            type: 'setting',
            id: ids.next('metadata'),
            revision: { state: 'current' },
            texts,
          });
      },
    });
  },
};

function recognise({ json }: Probe): Recognition | undefined {
  if (json?.root !== 'object') return undefined;
  const keys = new Set(json.keys);
  if (keys.has('nbformat') && (keys.has('cells') || keys.has('worksheets')))
    return { score: 0.98, reason: 'keys nbformat and cells' };
  const cells = json.inner['cells'] ?? [];
  // The head of a large notebook ends within its cells, before nbformat.
  const isCell =
    cells.includes('cell_type') &&
    (cells.includes('source') || cells.includes('outputs') || cells.includes('metadata'));
  if (isCell || (keys.has('worksheets') && keys.has('metadata')))
    return { score: 0.95, reason: 'cells with cell_type' };
  return undefined;
}

const cellClaims = claims('id', 'cell_type', 'source', 'input', 'outputs', 'attachments');

function cellTexts(cell: JsonObject, onUnknown: (key: string) => void): RecordText[] {
  const type = memberOf(cell, 'cell_type');
  const texts: RecordText[] = [];
  for (const key of ['source', 'input'] as const) {
    const text = joined(memberOf(cell, key));
    if (text === undefined) continue;
    const isCode = type === 'code' || key === 'input';
    const dialect = isCode ? 'code' : type === 'raw' ? 'plain' : 'markdown';
    texts.push({ text, dialect, field: { path: key, role: isCode ? 'code' : 'body' } });
  }
  const outputs = memberOf(cell, 'outputs');
  if (Array.isArray(outputs)) {
    for (const [index, output] of outputs.entries())
      if (isObject(output)) texts.push(...outputTexts(output, `outputs.${index}`, onUnknown));
  }
  const attachments = objectOf(cell, 'attachments');
  for (const name of Object.keys(attachments ?? {}))
    texts.push(...bundleTexts(memberOf(attachments ?? {}, name), `attachments.${name}`));
  const rest = unclaimedTexts(cell, cellClaims);
  return [...texts, ...rest];
}

/** In nbformat 3 the parts of a bundle are keys of the output, without a slash. */
const oldNames = new Map<string, string>([
  ['html', 'text/html'],
  ['svg', 'image/svg+xml'],
  ['latex', 'text/latex'],
  ['json', 'application/json'],
  ['javascript', 'application/javascript'],
  ['png', 'image/png'],
  ['jpeg', 'image/jpeg'],
  ['pdf', 'application/pdf'],
]);
const outputClaims = claims('text', 'data', 'traceback', 'evalue', 'output_type', ...oldNames.keys());

function outputTexts(output: JsonObject, path: string, onUnknown: (key: string) => void): RecordText[] {
  const texts: RecordText[] = [];
  const add = (key: string, value: unknown, separator: string): void => {
    const text = joined(value, separator);
    if (text !== undefined) texts.push(outputText(text, `${path}.${key}`, 'log-ansi'));
  };
  add('text', memberOf(output, 'text'), '');
  add('traceback', memberOf(output, 'traceback'), '\n');
  add('evalue', memberOf(output, 'evalue'), '');
  texts.push(...bundleTexts(memberOf(output, 'data'), `${path}.data`));
  for (const [key, mime] of oldNames) {
    if (Object.hasOwn(output, key)) texts.push(...mimeTexts(mime, output[key], `${path}.${key}`));
  }
  const rest = unclaimedTexts(output, outputClaims, { prefix: path, known: outputKeys, onUnknown });
  return [...texts, ...rest];
}

const outputKeys: ReadonlySet<string> = new Set([
  'ename',
  'name',
  'stream',
  'prompt_number',
  'source',
  'filename',
]);

/** `{ mime type: value }`. */
function bundleTexts(bundle: unknown, path: string): RecordText[] {
  if (!isObject(bundle)) return [];
  return Object.keys(bundle).flatMap((mime) => mimeTexts(mime, bundle[mime], `${path}.${mime}`));
}

const dialectOfMime = new Map<string, Dialect>([
  ['text/plain', 'log-ansi'],
  ['text/html', 'html'],
  ['image/svg+xml', 'html'],
  ['text/markdown', 'markdown'],
  ['application/javascript', 'code'],
]);

function mimeTexts(mime: string, value: unknown, path: string): RecordText[] {
  const isPicture = /^(?:image|audio|video)\//.test(mime) && mime !== 'image/svg+xml';
  if (isPicture || mime === 'application/pdf') return [];
  const text = joined(value);
  if (text !== undefined) return [outputText(text, path, dialectOfMime.get(mime) ?? 'plain')];
  return unclaimedTexts(value, noClaims, { prefix: path });
}

function outputText(text: string, path: string, dialect: Dialect): RecordText {
  return { text, dialect, field: { path, role: 'body' } };
}

/** A text that is stored as a string or as an array of lines, which keep their line ends. */
function joined(value: unknown, separator = ''): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  if (!value.every((line) => typeof line === 'string')) return undefined;
  return value.join(separator) || undefined;
}
