/** Names of Jira's custom fields, from a saved `/field` list beside an export. */
import type { ExportFile, ExportTree } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { isObject } from '../object-texts.js';
import type { FieldNames } from './jira-custom-fields.js';
import { stringOf } from './jira-values.js';

/** A site with thousands of fields has a list of about this size. */
const maxListBytes = 8 * 1024 * 1024;
/** Files tried per folder. */
const maxLists = 4;

/** True for an entry of the `/field` list. */
export function isFieldEntry(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value['name'] === 'string' &&
    typeof value['id'] === 'string' &&
    'custom' in value
  );
}

/** Names by field id from a list that lies beside `file` or one folder above it; undefined when there is none. */
export async function fieldNamesBeside(file: ExportFile): Promise<FieldNames | undefined> {
  const folder = parentOf(file.name);
  const near = await namesIn(file.tree, folder);
  return near ?? (folder === '' ? undefined : namesIn(file.tree, parentOf(folder)));
}

function namesIn(tree: ExportTree, folder: string): Promise<FieldNames | undefined> {
  return tree.memo(`jira-field-names:${folder}`, async () => {
    const candidates = (await tree.list(folder)).filter((name) => /fields?\b[^/]*\.json$/i.test(name));
    for (const name of candidates.slice(0, maxLists)) {
      const bytes = await tree.read(name, maxListBytes);
      const names = bytes === undefined ? undefined : namesOf(decodeHead(bytes));
      if (names !== undefined) return names;
    }
    return undefined;
  });
}

function namesOf(text: string): FieldNames | undefined {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  const entries = Array.isArray(list) ? list : isObject(list) ? list['values'] : undefined;
  if (!Array.isArray(entries)) return undefined;
  const names = entries.filter(isFieldEntry).flatMap((entry) => {
    const name = isObject(entry) ? stringOf(entry['name']) : undefined;
    return name === undefined ? [] : [[(entry as { id: string }).id, name] as const];
  });
  return names.length === 0 ? undefined : Object.fromEntries(names);
}

function parentOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}
