/** Messages of Outlook's files, which have properties instead of MIME parts, in the shape of those that have. */
import { type HeaderField, splitEntity } from './header-fields.js';
import type { ParsedMessage } from './message-records.js';
import type { MimeLeaf } from './mime-parts.js';
import { parseStructured } from './parameters.js';

/** What the packages that read Outlook's files tell of a message; empty strings for what it has not. */
export interface OutlookMessage {
  /** Header block of a message that came over the internet. */
  readonly headers: string;
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  readonly messageId: string;
  /** As a `Date` header, or in ISO 8601. */
  readonly date: string;
  readonly body: string;
  readonly html: string;
  /** Rich text, when it is the only form. */
  readonly rtf: string;
  readonly folder: string;
  /** Other properties that hold text, e.g. of a contact or an appointment. */
  readonly more?: readonly (readonly [string, string])[];
  readonly attachments: readonly OutlookAttachment[];
}

export interface OutlookAttachment {
  readonly name: string;
  readonly type: string;
  /** Undefined when the package could not give them. */
  readonly bytes: Buffer | undefined;
  readonly message?: OutlookMessage;
}

export function parsedOutlook(message: OutlookMessage, root = ''): ParsedMessage {
  const fields = fieldsOf(message);
  const leaves: MimeLeaf[] = [];
  const attached = new Map<MimeLeaf, ParsedMessage>();
  const add = (type: string, body: Buffer, name?: string): MimeLeaf => {
    const path = `${root === '' ? '' : `${root}.`}${leaves.length + 1}`;
    const params = name === undefined ? new Map<string, string>() : new Map([['filename', name]]);
    const disposition = { value: name === undefined ? '' : 'attachment', params };
    const leaf = { path, fields: [], type: parseStructured(type), disposition, body, isOutside: false };
    leaves.push(leaf);
    return leaf;
  };
  for (const [type, text] of [
    ['text/plain', message.body],
    ['text/html', message.html],
    ['text/plain', message.body === '' && message.html === '' ? message.rtf : ''],
  ] as const) {
    if (text !== '') add(`${type}; charset=utf-8`, Buffer.from(text, 'utf8'));
  }
  let missing = 0;
  for (const attachment of message.attachments) {
    if (attachment.message !== undefined) {
      const leaf = add('message/rfc822', Buffer.alloc(0), attachment.name || 'message');
      attached.set(leaf, parsedOutlook(attachment.message, leaf.path));
    } else {
      if (attachment.bytes === undefined) missing++;
      add(
        attachment.type || 'application/octet-stream',
        attachment.bytes ?? Buffer.alloc(0),
        attachment.name || 'attachment',
      );
    }
  }
  return { fields, leaves, isCut: false, missing, attached };
}

/** The header block, with what only the properties tell. */
function fieldsOf(message: OutlookMessage): HeaderField[] {
  const fields = [...splitEntity(Buffer.from(message.headers.trimStart(), 'utf8')).fields];
  const known = new Set(fields.map((field) => field.key));
  for (const [name, value] of [
    ['Subject', message.subject],
    ['From', message.from],
    ['To', message.to],
    ['Cc', message.cc],
    ['Date', message.date],
    ['Message-ID', message.messageId],
    ['X-Folder', message.folder],
  ] as const) {
    const key = name.toLowerCase();
    if (value !== '' && !known.has(key)) fields.push({ name, key, value });
  }
  for (const [name, value] of message.more ?? []) fields.push({ name, key: `property ${name}`, value });
  return fields;
}

/** A string of a property; packages give `undefined` and null for what is not there. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value instanceof Date ? value.toISOString() : '';
}

/** `Name <address>`, as a header has it. */
export function addressOf(name: unknown, email: unknown): string {
  const label = textOf(name);
  const address = textOf(email);
  return address.includes('@') ? `"${label.replace(/["\\]/g, '')}" <${address}>` : label || address;
}
