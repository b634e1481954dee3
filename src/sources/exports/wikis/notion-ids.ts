/** Ids of Notion's pages, and the places and links made of them. */
import type { ExportRecord, RecordPlace } from '../contract.js';

/** An export does not name its workspace, and ids of pages are unique in all of Notion. */
export const notionPlace: RecordPlace = {
  kind: 'workspace',
  id: 'workspace',
  name: 'Notion',
  audience: 'unknown',
};

/** `Title <32 hex>.md`, `Name <32 hex>_all.csv`: names end in the page's id. */
const named = /(?:^|[ /_-])([0-9a-f]{32})(?:_all)?\.(md|csv|html?)$/i;

export interface NotionName {
  readonly id: string;
  readonly extension: string;
  /** What stands before the id; cut by Notion when it is long. */
  readonly title: string;
}

export function notionName(name: string): NotionName | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1);
  const match = named.exec(base);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const title = base.slice(0, match.index).trim();
  return { id: match[1].toLowerCase(), extension: match[2].toLowerCase(), title };
}

/** The form of an id without dashes. */
export function bareId(id: string): string {
  return id.replaceAll('-', '').toLowerCase();
}

export function pageLink(id: string, block?: string): NonNullable<ExportRecord['permalink']> {
  return { url: `https://www.notion.so/${bareId(id)}${block === undefined ? '' : `#${bareId(block)}`}` };
}
