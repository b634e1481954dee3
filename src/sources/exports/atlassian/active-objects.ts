/**
 * Tables of apps, as Jira (`activeobjects.xml`) and Confluence (`*.pdata`) keep them beside their own data: each row a
 * record, each value under the name of its column.
 */
import type { System } from '../../../model/place.js';
import type { ExportFile, ExportReader, Probe, ReaderHints, RecordSink, RecordText } from '../contract.js';
import { isNoise, jsonInString, labelOf, noClaims, unclaimedTexts } from '../leaves.js';
import { readXml } from '../xml-pieces.js';
import { append } from './append.js';
import { siteOfBase } from './atlassian-site.js';
import { type XmlTree, XmlTrees } from './xml-trees.js';

function readerFor(id: string, system: System, label: string, nameOf: RegExp, sure: number): ExportReader {
  return {
    id,
    system,
    label,
    isNeverJson: true,
    most: sure,
    recognise: (probe: Probe) =>
      /<backup\s[^>]{0,500}?atlassian\.com\/ao["']/.test(probe.text.slice(0, 16 * 1024))
        ? { score: nameOf.test(probe.name) ? sure : 0.9, reason: 'root backup of active objects' }
        : undefined,
    read: (file, sink, hints) => readTables(file, sink, hints, label),
  };
}

export const jiraActiveObjects: ExportReader = readerFor(
  'jira-active-objects',
  'jira',
  'Jira app tables',
  /activeobjects\.xml$/i,
  0.95,
);
/** The files are alike: only the name tells Confluence's. */
export const confluenceActiveObjects: ExportReader = readerFor(
  'confluence-active-objects',
  'confluence',
  'Confluence app tables',
  /\.pdata$|(?:^|\/)plugin-data\//i,
  0.94,
);

/** Columns of a table; more were never made. */
const maxColumns = 2000;

async function readTables(
  file: ExportFile,
  sink: RecordSink,
  hints: ReaderHints,
  label: string,
): Promise<void> {
  const { tenant } = siteOfBase(hints.baseUrl);
  const place = {
    kind: 'workspace',
    ...(tenant === undefined ? {} : { tenant }),
    id: 'site',
    name: tenant ?? label,
    audience: 'unknown',
  } as const;
  let table = '';
  let columns: string[] = [];
  let count = 0;
  const row = (tree: XmlTree): void => {
    count++;
    const texts = tree.children.flatMap((cell, i) => cellTexts(columns[i] ?? `column ${i + 1}`, cell.text));
    if (tree.text.trim() !== '') append(texts, cellTexts('row', tree.text));
    if (texts.length === 0) return;
    const id = tree.children[columns.indexOf('ID')]?.text.trim() || `row ${count}`;
    sink.record({
      place,
      type: 'row',
      id: `${table}/${id}`,
      title: table,
      revision: { state: 'current' },
      action: 'ask-admin',
      texts,
      raw: tree.raw,
    });
  };
  const trees = new XmlTrees((element) => element.name === 'row', row, sink);
  await readXml(file, sink, {
    open(element, parents) {
      if (element.name === 'data') {
        table = element.attributes.get('tableName') ?? '';
        columns = [];
        count = 0;
      } else if (element.name === 'column' && parents.at(-1)?.name === 'data' && columns.length < maxColumns)
        columns.push(element.attributes.get('name') ?? '');
      trees.open(element);
    },
    text: (text, at) => trees.text(text, at),
    close: (element, end, parents, isEnded) => trees.close(element, end, parents, isEnded),
  });
}

function cellTexts(column: string, cell: string): RecordText[] {
  const text = cell.trim();
  // Columns are in capitals, which no list of keys expects.
  const key = column.toLowerCase();
  if (text === '' || text === 'true' || text === 'false' || isNoise(key, text)) return [];
  const json = jsonInString(text);
  if (json !== undefined) return unclaimedTexts(json, noClaims, { prefix: column });
  const label = labelOf(key, text);
  return [
    {
      text,
      dialect: /^<[a-z]/i.test(text) ? 'html' : 'plain',
      field: { path: column, role: 'metadata' },
      ...(label === undefined ? {} : { label }),
    },
  ];
}
