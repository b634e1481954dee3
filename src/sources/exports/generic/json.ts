/** Any JSON or NDJSON: the elements of its arrays are records, else the whole is one. */
import type { ExportFile, ExportReader, JsonShape, Probe, Recognition } from '../contract.js';
import { readJsonRecords } from '../json-records.js';
import { isObject } from '../object-texts.js';
import { probeOf } from '../probe.js';
import { folderPlace, RecordIds } from './file-place.js';
import { factsOfObject, looksLikeRecords, type RecordFacts } from './record-keys.js';
import { leafTexts } from './record-texts.js';

/** A root object larger than this is not held whole. */
const maxRootBytes = 16 * 1024 * 1024;

export const genericJson: ExportReader = {
  id: 'generic-json',
  system: 'generic',
  label: 'JSON',
  most: 0.2,
  recognise,
  async read(file, sink) {
    const place = folderPlace(file);
    const ids = new RecordIds(file);
    const give = (
      pointer: string,
      value: unknown,
      raw?: { start: number; end: number; line?: number },
    ): void => {
      const { id, ...facts }: RecordFacts = isObject(value) ? factsOfObject(value) : {};
      const texts = leafTexts(value, isObject(value) ? undefined : pointer.slice(1) || 'value');
      if (texts.length === 0) return;
      sink.record({
        place,
        type: 'row',
        id: ids.next(id ?? (pointer || '/')),
        ...facts,
        revision: { state: 'current' },
        texts,
        ...(raw === undefined ? {} : { raw }),
      });
    };
    const paths = recordPaths(file);
    await readJsonRecords(file, paths, sink, {
      record: ({ pointer, value, raw }) => give(pointer, value, raw),
      // Without records apart the root has been given already.
      ...(paths.includes('') ? {} : { end: (root: unknown) => give('', root) }),
    });
  },
};

function recognise(probe: Probe): Recognition | undefined {
  const { json } = probe;
  if (json === undefined) return undefined;
  if (json.root === 'object') {
    const inner = Object.keys(json.inner).find((key) => looksLikeRecords(json.inner[key] ?? []));
    if (inner !== undefined)
      return { score: 0.2, reason: 'an array of objects with text, id, time or author' };
  } else if (looksLikeRecords(json.keys))
    return { score: 0.2, reason: 'objects with text, id, time or author' };
  return isJsonText(probe, json) ? { score: 0.05, reason: 'JSON syntax' } : undefined;
}

/** An opening bracket alone is no JSON. */
function isJsonText(probe: Probe, json: JsonShape): boolean {
  return (
    json.first !== undefined ||
    json.keys.length > 0 ||
    /^\s*\[\s*(?:["\d[\]{]|true|false|null|-\d)/.test(probe.text)
  );
}

/** Where the records are, as far as the beginning of the file tells. */
function recordPaths(file: ExportFile): string[] {
  const shape = probeOf(file.name, file.head, file.size === file.head.length).json;
  if (shape?.root === 'array') return ['/*'];
  if (shape?.root === 'lines') return [''];
  const inner = Object.keys(shape?.inner ?? {});
  if (inner.length > 0) return inner.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}/*`);
  return file.size === undefined || file.size > maxRootBytes ? ['/*/*'] : [''];
}
