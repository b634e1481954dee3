/** Messages of Outlook's files, which have properties instead of MIME parts, in the shape of those that have. */
import { rtfTexts } from '../documents/rtf-text.js';
import { type HeaderField, splitEntity } from './header-fields.js';
import type { MimeLeaf } from './mime-parts.js';
import { parseStructured } from './parameters.js';
import type { ParsedMessage } from './parsed-message.js';

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
  /** Rich text, one character a byte; often it holds the HTML that a mail came with. */
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

/** @param root path of the part that the message is attached as */
export function parsedOutlook(message: OutlookMessage, root = ''): ParsedMessage {
  const rich = message.rtf === '' || message.html !== '' ? undefined : rtfTexts(message.rtf);
  const leaves = new LeafList(root);
  leaves.body('text/plain', message.body);
  leaves.body('text/html', rich?.isHtml === true ? rich.body : message.html);
  if (rich?.isHtml === false && message.body === '') leaves.body('text/plain', rich.body);
  const attached = new Map<MimeLeaf, ParsedMessage>();
  for (const { name, type, bytes, message: inner } of message.attachments) {
    if (inner === undefined)
      leaves.add(type || 'application/octet-stream', bytes ?? Buffer.alloc(0), name || 'attachment');
    else {
      const leaf = leaves.add('message/rfc822', Buffer.alloc(0), name || 'message');
      attached.set(leaf, parsedOutlook(inner, leaf.path));
    }
  }
  return {
    fields: fieldsOf(message, rich?.asides ?? []),
    leaves: leaves.all,
    isCut: false,
    missing: message.attachments.filter(({ bytes, message: inner }) => bytes === undefined && !inner).length,
    attached,
  };
}

/** Parts of a message, numbered as those of MIME. */
class LeafList {
  readonly all: MimeLeaf[] = [];
  readonly #prefix: string;

  constructor(root: string) {
    this.#prefix = root === '' ? '' : `${root}.`;
  }

  body(type: string, text: string): void {
    if (text !== '') this.add(`${type}; charset=utf-8`, Buffer.from(text, 'utf8'));
  }

  add(type: string, body: Buffer, name?: string): MimeLeaf {
    const leaf: MimeLeaf = {
      path: `${this.#prefix}${this.all.length + 1}`,
      fields: [],
      type: parseStructured(type),
      disposition: {
        value: name === undefined ? '' : 'attachment',
        params: new Map(name === undefined ? [] : [['filename', name]]),
      },
      body,
      isOutside: false,
    };
    this.all.push(leaf);
    return leaf;
  }
}

/** The header block, with what only the properties tell, and what rich text keeps apart (addresses of links). */
function fieldsOf(
  message: OutlookMessage,
  asides: readonly { readonly name: string; readonly text: string }[],
): HeaderField[] {
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
  for (const { name, text } of asides) fields.push({ name, key: `rtf ${name}`, value: text });
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
