/** Builds records from parts that may be absent. */
import type { ExportRecord } from '../contract.js';
import { defined, type Loose } from '../defined.js';

/** A record whose optional members may be undefined, its revision too. */
type Parts = Omit<Loose<ExportRecord>, 'revision'> & {
  readonly revision?: ExportRecord['revision'] | undefined;
};

/** The record without the members that are undefined; current unless the parts say otherwise. */
export function tidyRecord(parts: Parts): ExportRecord {
  return defined<ExportRecord>({ ...parts, revision: parts.revision ?? { state: 'current' } });
}

const tags =
  /<\/?(?:p|br|div|span|a|b|i|strong|em|u|ul|ol|li|table|tr|td|th|code|pre|img|h[1-6]|blockquote|body|html|font|hr|style)(?:\s[^<>]{0,2000})?\/?>/i;

/** HTML where the text has tags, else the other dialect. */
export function htmlOr<T extends string>(text: string, other: T): 'html' | T {
  return text.includes('<') && tags.test(text.slice(0, 65_536)) ? 'html' : other;
}
