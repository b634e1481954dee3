/** Any XML: elements that repeat below the root, or below its only child, are records; else the root is one. */
import type { ExportReader, Probe, Recognition } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { readXml, readXmlText, type XmlElement } from '../xml-pieces.js';
import { folderPlace, RecordIds } from './file-place.js';
import { looksLikeRecords } from './record-keys.js';
import { XmlRecords } from './xml-records.js';

/** How far below the root repeated elements are looked for: `rss/channel/item` is 2. */
const maxRecordDepth = 3;

export const genericXml: ExportReader = {
  id: 'generic-xml',
  system: 'generic',
  label: 'XML',
  isNeverJson: true,
  most: 0.2,
  recognise,
  async read(file, sink) {
    const repeated = repeatedElement(decodeHead(file.head));
    const records = new XmlRecords(new RecordIds(file), folderPlace(file), sink, repeated?.path);
    await readXml(file, sink, records);
    records.end();
  },
};

function recognise({ text }: Probe): Recognition | undefined {
  const begin = text.slice(0, 1000).replace(/^\ufeff?\s+/, '');
  if (!/^<(?:\?xml\s|!--|[A-Za-z_][\w.:-]{0,100}[\s/>])/.test(begin)) return undefined;
  if (/^(?:<!--.*)?<(?:!doctype\s+)?html[\s>]/is.test(begin)) return undefined;
  const repeated = repeatedElement(text);
  if (repeated !== undefined && repeated.count > 1 && looksLikeRecords(repeated.keys))
    return { score: 0.2, reason: 'repeated elements with text, id, time or author' };
  return { score: 0.05, reason: 'XML syntax' };
}

export interface RepeatedElement {
  /** Names of the elements around it and its own, outermost first. */
  readonly path: readonly string[];
  readonly count: number;
  /** Names of its attributes and children. */
  readonly keys: readonly string[];
}

/**
 * The element that repeats most, at the least depth at which any does. Undefined when none repeats in the beginning of
 * the text.
 */
export function repeatedElement(text: string): RepeatedElement | undefined {
  const found = new Map<string, { depth: number; path: string[]; count: number; keys: Set<string> }>();
  const pathOf = (element: XmlElement, parents: readonly XmlElement[]): string[] => [
    ...parents.map((parent) => parent.name),
    element.name,
  ];
  const quiet = { damaged: (): void => undefined };
  readXmlText(text, quiet, {
    open(element, parents) {
      if (element.depth > maxRecordDepth + 1) return;
      const path = pathOf(element, parents);
      const parent = found.get(path.slice(0, -1).join('\0'));
      parent?.keys.add(element.name);
      if (element.depth < 1 || element.depth > maxRecordDepth) return;
      const key = path.join('\0');
      const own = found.get(key) ?? { depth: element.depth, path, count: 0, keys: new Set<string>() };
      own.count++;
      for (const name of element.attributes.keys()) own.keys.add(name);
      found.set(key, own);
    },
  });
  let best: { depth: number; path: string[]; count: number; keys: Set<string> } | undefined;
  for (const candidate of found.values()) {
    // Leaves that repeat (`<tag>a</tag><tag>b</tag>`) are values of one record.
    if (candidate.count < 2 || candidate.keys.size < 2) continue;
    if (
      best === undefined ||
      candidate.depth < best.depth ||
      (candidate.depth === best.depth && candidate.count > best.count)
    )
      best = candidate;
  }
  return best === undefined ? undefined : { path: best.path, count: best.count, keys: [...best.keys] };
}
