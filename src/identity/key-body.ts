/** The literal of an armoured key: what its base64 body encodes, without what follows the structure. */
import { announcedLength, derTags } from './der.js';

/** @param body base64 characters of the block; from the first `=` on there is padding and checksum only */
export function keyBodyBytes(body: string): Buffer {
  const bytes = Buffer.from(body.replace(/=.*$/s, ''), 'base64');
  const announced = bytes[0] === derTags.sequence ? announcedLength(bytes) : undefined;
  return announced !== undefined && announced <= bytes.length ? bytes.subarray(0, announced) : bytes;
}
