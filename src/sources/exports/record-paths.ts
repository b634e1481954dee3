/** Where the records of a JSON export stand, by the shape of its beginning. */

import type { ExportFile, JsonShape } from './contract.js';
import { decodeHead } from './decode-text.js';
import { jsonShapeOf } from './json-shape.js';

export type IsRecord = (keys: readonly string[]) => boolean;

/**
 * JSON pointer patterns of the objects that have the keys of a record: the root itself (each line, for NDJSON), the
 * elements of a root array, or those of an array in the root object. Undefined when none has.
 */
export function recordPaths(shape: JsonShape | undefined, isRecord: IsRecord): string[] | undefined {
  if (shape === undefined) return undefined;
  if (isRecord(shape.keys)) return shape.root === 'array' ? ['/*'] : [''];
  for (const [key, keys] of Object.entries(shape.inner)) {
    if (isRecord(keys)) return [`/${pointerPart(key)}/*`];
  }
  const pages = shape.root === 'array' ? pageKey(shape.first, isRecord) : undefined;
  if (pages === undefined) return undefined;
  // Records within a record that lacks a key: a message with its replies.
  return isAlike(shape.first, pages) ? ['/*'] : [`/*/${pointerPart(pages)}/*`];
}

/** Whether what holds a list has most keys of what is in it. */
function isAlike(holder: unknown, list: string): boolean {
  const inner = Object.keys((holder as Record<string, object[]>)[list]?.[0] ?? {});
  const shared = inner.filter((key) => Object.hasOwn(holder as object, key)).length;
  return shared * 2 > inner.length;
}

/** The same for a file that is about to be read. */
export function recordPathsOf(file: ExportFile, isRecord: IsRecord): string[] | undefined {
  return recordPaths(jsonShapeOf(decodeHead(file.head)), isRecord);
}

/** Key of the records in an array of pages, each an object with an array of records. */
function pageKey(first: unknown, isRecord: IsRecord): string | undefined {
  if (typeof first !== 'object' || first === null) return undefined;
  for (const [key, value] of Object.entries(first)) {
    const record: unknown = Array.isArray(value) ? value[0] : undefined;
    if (typeof record === 'object' && record !== null && isRecord(Object.keys(record))) return key;
  }
  return undefined;
}

function pointerPart(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
