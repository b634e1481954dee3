/** Names of git as bytes plus a text to show. */
import { isUtf8 } from 'node:buffer';
import type { PathName } from '../../model/appearance.js';

export function pathNameOf(bytes: Buffer): PathName {
  const text = bytes.toString('utf8');
  return isUtf8(bytes) ? { text } : { text, bytes: bytes.toString('base64') };
}
