/**
 * What a mail without an id of its own is known by, wherever it lies: when it was written, by whom and to whom. Its text
 * has no part in it, nor has its subject but for the length: ids are kept, and a digest of a short secret tells it.
 */
import { createHash } from 'node:crypto';
import { fieldValue, type HeaderField } from './header-fields.js';
import { firstAddress } from './mailbox.js';

/** Headers that no two mails share, for those that have no date: what programs number drafts and deliveries by. */
const ownHeaders = [
  'x-universally-unique-identifier',
  'x-apple-mail-remote-attachments-uuid',
  'x-gm-msgid',
  'x-uidl',
  'x-ms-exchange-organization-network-message-id',
  'x-ms-exchange-crosstenant-network-message-id',
  'resent-message-id',
  'thread-index',
  'received',
];
/** What programs draw anew for each mail of several parts; short ones are the same in all mails of a script. */
const drawnBoundary = /\bboundary="?([^";\s]{16,})/i;

/**
 * Undefined for a mail that has neither a date nor anything else that is its own.
 *
 * @param separator the line before it in its mailbox
 */
export function lastingId(fields: readonly HeaderField[], separator?: string): string | undefined {
  const value = (name: string): string => fieldValue(fields, name)?.replace(/\s+/g, ' ').trim() ?? '';
  const date = value('date');
  const from = firstAddress(fieldValue(fields, 'from'))?.email;
  const own = date === '' || from === undefined ? (ownOf(value) ?? separator) : '';
  if (own === undefined) return undefined;
  const parts = [date, from ?? '', value('to'), value('cc'), String(value('subject').length)];
  if (own !== '') parts.push(own);
  return `unnamed-${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)}`;
}

function ownOf(value: (name: string) => string): string | undefined {
  for (const name of ownHeaders) {
    const own = value(name);
    if (own !== '') return `${name} ${own}`;
  }
  const [, boundary] = drawnBoundary.exec(value('content-type')) ?? [];
  return boundary === undefined ? undefined : `boundary ${boundary}`;
}
