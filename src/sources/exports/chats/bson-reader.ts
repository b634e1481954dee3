/** A mongodump of whatever database: each document is a record. */
import type { ExportReader, RecordPlace } from '../contract.js';
import { idOf, textsOf } from '../object-texts.js';
import { bsonKeys, readBson } from './bson-documents.js';

export const bsonReader: ExportReader = {
  id: 'bson-documents',
  system: 'generic',
  label: 'BSON documents',
  most: 0.4,
  isNeverJson: true,

  recognise(probe) {
    const keys = bsonKeys(probe.head);
    return keys === undefined
      ? undefined
      : { score: 0.4, reason: `BSON documents with ${keys.slice(0, 5).join(', ')}` };
  },

  async read(file, sink) {
    // mongodump names the file after the collection.
    const name = file.name.slice(file.name.lastIndexOf('/') + 1).replace(/\.bson$/i, '');
    const place: RecordPlace = { kind: 'folder', id: name, name, audience: 'unknown' };
    for await (const documents of readBson(file, sink)) {
      for (const { value, raw } of documents) {
        // Which keys there are is the collection's business: none is unknown.
        const { texts } = textsOf(value, { field: () => undefined });
        if (texts.length === 0) continue;
        const id = idOf(value, '_id') ?? `byte ${raw.start}`;
        sink.record({ place, type: 'row', id, revision: { state: 'current' }, texts, raw });
      }
      if (sink.aborted) return;
      await sink.drained();
    }
  },
};
