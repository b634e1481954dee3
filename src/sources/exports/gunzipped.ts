/** Side files that a tool has packed one by one; the file that is read itself arrives unpacked. */
import { gunzipSync } from 'node:zlib';

/** The content of gzipped bytes, empty when it is damaged or larger than `maxBytes`; other bytes as they are. */
export function gunzipped(bytes: Buffer, maxBytes: number): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch {
    return Buffer.alloc(0);
  }
}
