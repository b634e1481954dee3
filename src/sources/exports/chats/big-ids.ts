/** JSON whose ids are bare numbers that JavaScript would round. */
import type { ExportFile } from '../contract.js';

/** Bytes kept back, so that a member is not cut in two by the end of a chunk. */
const keptBytes = 96;

/** More is not kept for want of a comma. */
const maxKeptBytes = 1024 * 1024;

/**
 * The same file with the large whole numbers under `key` in quotes. Its byte ranges are not those of the original.
 */
export function withQuotedIds(file: ExportFile, key: string): ExportFile {
  // Within a string the quotes would be escaped: nothing but a member can match.
  const member = new RegExp(`("${key}"\\s{0,8}:\\s{0,8})(\\d{16,20})(?=\\s{0,8}[,}\\]])`, 'g');
  const quoted = (bytes: Buffer): Buffer =>
    Buffer.from(bytes.toString('latin1').replace(member, '$1"$2"'), 'latin1');
  return {
    name: file.name,
    size: undefined,
    head: file.head,
    tree: file.tree,
    ...(file.modifiedMs === undefined ? {} : { modifiedMs: file.modifiedMs }),
    bytes: async (maxBytes) => quoted(await file.bytes(maxBytes)),
    async *chunks() {
      let kept: Buffer = Buffer.alloc(0);
      for await (const chunk of file.chunks()) {
        const bytes = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
        // Cut behind a comma, so that a number and what follows it stay together.
        const comma = bytes.lastIndexOf(0x2c, Math.max(0, bytes.length - keptBytes));
        const isLong = bytes.length > maxKeptBytes;
        const cut = comma >= 0 ? comma + 1 : isLong ? bytes.length - keptBytes : 0;
        if (cut > 0) yield quoted(bytes.subarray(0, cut));
        kept = bytes.subarray(cut);
      }
      if (kept.length > 0) yield quoted(kept);
    },
  };
}
