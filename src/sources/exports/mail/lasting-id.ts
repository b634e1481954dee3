/**
 * What a mail without an id of its own is known by, wherever it lies: when it was written, by whom and to whom. Its text
 * has no part in it, nor has its subject but for the length: ids are kept, and a digest of a short secret tells it.
 */
import { createHash } from 'node:crypto';
import { fieldValue, type HeaderField } from './header-fields.js';
import { firstAddress } from './mailbox.js';

/** Undefined for a mail without a date: drafts are too many and too much alike. */
export function lastingId(fields: readonly HeaderField[]): string | undefined {
  const value = (name: string): string => fieldValue(fields, name)?.replace(/\s+/g, ' ').trim() ?? '';
  const date = value('date');
  const from = firstAddress(fieldValue(fields, 'from'))?.email;
  if (date === '' || from === undefined) return undefined;
  const parts = [date, from, value('to'), value('cc'), String(value('subject').length)];
  return `unnamed-${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)}`;
}
