/** Paths as bytes: what the file system has, next to a text for people. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { PathName } from '../../model/appearance.js';
import { type PlaceKey, parsePlaceKey } from '../../model/ids.js';

const slash: Buffer = Buffer.from('/');

export function pathNameOf(path: Buffer): PathName {
  const text = path.toString('utf8');
  return isUtf8(path) ? { text } : { text, bytes: path.toString('base64') };
}

export function pathBytesOf(path: PathName): Buffer {
  return path.bytes === undefined ? Buffer.from(path.text) : Buffer.from(path.bytes, 'base64');
}

/** `folder/name`; an empty folder gives the name alone. */
export function joinPath(folder: Buffer, name: Buffer): Buffer {
  if (folder.length === 0) return name;
  return folder.at(-1) === 0x2f ? Buffer.concat([folder, name]) : Buffer.concat([folder, slash, name]);
}

/** Splits an absolute path into its folder and its last part. */
export function splitPath(path: Buffer): { readonly folder: Buffer; readonly name: Buffer } {
  const at = path.lastIndexOf(0x2f);
  return { folder: path.subarray(0, Math.max(1, at)), name: path.subarray(at + 1) };
}

/**
 * One-to-one text of a path for keys: control characters, `%` and bytes that are not UTF-8 are written
 * `%XX`, so that two paths never share a key.
 */
export function escapePath(path: Buffer): string {
  const hex = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  if (!isUtf8(path)) {
    return [...path]
      .map((b) => (b < 0x20 || b >= 0x7f || b === 0x25 ? hex(b) : String.fromCharCode(b)))
      .join('');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
  return path.toString('utf8').replace(/[\u0000-\u001f\u007f%]/g, (c) => hex(c.charCodeAt(0)));
}

/** Most characters of a place key that a path fills; a longer one is cut to half and ends in a digest. */
const maxKeyPath = 900;

/** Key of the place that a folder is: `folder:<absolute path>`. */
export function folderPlaceKey(path: Buffer): PlaceKey {
  const text = escapePath(path);
  if (text.length <= maxKeyPath) return parsePlaceKey(`folder:${text}`);
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 32);
  return parsePlaceKey(
    `folder:${Array.from(text)
      .slice(0, maxKeyPath / 2)
      .join('')}~${digest}`,
  );
}
