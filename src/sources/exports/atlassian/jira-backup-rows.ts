/** Rows of a Jira backup: `<Issue id="1" summary="..."><description><![CDATA[...]]></description></Issue>`. */
import type { XmlTree } from './xml-trees.js';

export interface BackupRow {
  readonly entity: string;
  /** Short values are attributes, long ones and those of several lines are elements. */
  readonly fields: ReadonlyMap<string, string>;
  readonly raw: XmlTree['raw'];
}

export function rowOf(tree: XmlTree): BackupRow {
  const fields = new Map(tree.attributes);
  for (const child of tree.children) {
    const before = fields.get(child.name);
    fields.set(child.name, before === undefined ? child.text : `${before}\n${child.text}`);
  }
  if (tree.text.trim() !== '') fields.set('text', tree.text);
  return { entity: tree.name, fields, raw: tree.raw };
}

/** A field's value; undefined when it is empty. */
export function fieldOf(row: BackupRow, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = row.fields.get(name);
    if (value) return value;
  }
  return undefined;
}

export function idOfRow(row: BackupRow): string {
  return fieldOf(row, 'id') ?? `byte ${row.raw.start}`;
}

/** What a row costs in memory besides its text. */
const rowCost = 500;

export function lengthOfRow(row: BackupRow): number {
  let length = rowCost;
  for (const value of row.fields.values()) length += value.length;
  return length;
}
