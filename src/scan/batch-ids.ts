/** Content ids of all objects of a batch, worked out together: one by one they cost 3.5 µs each, most of it calls. */
import { contentIdBytes, contentIdsOf } from '../identity/content-id.js';
import { type ContentId, parseContentId } from '../model/ids.js';
import type { GitPackRange } from '../sources/source.js';

const hexDigits = contentIdBytes * 2;

export class BatchIds {
  readonly #ids: string;
  /** Place of an entry in the batch. */
  readonly #places = new Map<number, number>();

  /** @param key `IdentityKeys.content` */
  constructor(key: Buffer, { plan: { table, walk }, batch }: GitPackRange) {
    const entries = walk.entries.subarray(walk.batches[batch], walk.batches[batch + 1]);
    const { oids, oidBytes, rows, types } = table;
    const digests = new Uint8Array(entries.length * oidBytes);
    const parts = new Uint8Array(entries.length);
    entries.forEach((entry, i) => {
      const from = (rows[entry] ?? 0) * oidBytes;
      digests.set(oids.subarray(from, from + oidBytes), i * oidBytes);
      // git's number of the type is that of the part: a blob, or the message of a commit or tag.
      parts[i] = types[entry] ?? 0;
      this.#places.set(entry, i);
    });
    this.#ids = contentIdsOf(key, digests, oidBytes, parts).toString('hex');
  }

  /** The id of an entry's message or blob; undefined when the entry is not of this batch. */
  of(entry: number): ContentId | undefined {
    const place = this.#places.get(entry);
    if (place === undefined) return undefined;
    return parseContentId(this.#ids.slice(place * hexDigits, (place + 1) * hexDigits));
  }
}
