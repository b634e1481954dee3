/** Builds records from parts that may be absent. */
import type { ExportRecord, RecordText } from '../contract.js';

type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };
type Parts = Loose<Omit<ExportRecord, 'place' | 'type' | 'id' | 'texts'>> &
  Pick<ExportRecord, 'place' | 'type' | 'id'> & { readonly texts: readonly RecordText[] };

const optional = ['title', 'thread', 'actor', 'time', 'permalink', 'action', 'raw'] as const;

/** The record without the members that are undefined; current unless the parts say otherwise. */
export function tidyRecord(parts: Parts): ExportRecord {
  const { place, type, id, texts, revision = current } = parts;
  const record: ExportRecord = { place, type, id, revision, texts };
  const members = record as unknown as Record<string, unknown>;
  for (const key of optional) if (parts[key] !== undefined) members[key] = parts[key];
  return record;
}

const current: ExportRecord['revision'] = { state: 'current' };

const tags =
  /<\/?(?:p|br|div|span|a|b|i|strong|em|u|ul|ol|li|table|tr|td|th|code|pre|img|h[1-6]|blockquote|body|html|font|hr|style)(?:\s[^<>]{0,2000})?\/?>/i;

/** HTML where the text has tags, else the other dialect. */
export function htmlOr<T extends string>(text: string, other: T): 'html' | T {
  return text.includes('<') && tags.test(text.slice(0, 65_536)) ? 'html' : other;
}
