/**
 * Paths while a folder is walked: texts in which each character is a byte of the name (Latin-1). They compare and join
 * as the bytes do, and cost no buffer for each of ten thousand names.
 */
import type { PathName } from '../../model/appearance.js';
import { pathNameOf } from './path-bytes.js';

export type LatinPath = string;

// biome-ignore lint/suspicious/noControlCharactersInRegex: all that is one byte in UTF-8
const ascii = /^[\u0000-\u007f]*$/;

export function latinPathOf(path: Buffer): LatinPath {
  return path.toString('latin1');
}

/** As the file system takes it. */
export function systemPath(path: LatinPath): string | Buffer {
  return ascii.test(path) ? path : Buffer.from(path, 'latin1');
}

/** The path read as UTF-8. */
export function pathText(path: LatinPath): string {
  return ascii.test(path) ? path : Buffer.from(path, 'latin1').toString('utf8');
}

export function latinPathName(path: LatinPath): PathName {
  return ascii.test(path) ? { text: path } : pathNameOf(Buffer.from(path, 'latin1'));
}

/** `folder/name`; an empty folder gives the name alone. */
export function joinLatin(folder: LatinPath, name: string): LatinPath {
  if (folder === '') return name;
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}
