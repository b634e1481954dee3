/** Outlook's `.msg`, read by the optional package @kenjiuno/msgreader. */
import type { ExportReader, Probe } from '../contract.js';
import { undoCompressedRtf } from './compressed-rtf.js';
import { mailFolder } from './eml.js';
import { readParsed } from './message-records.js';
import { type LoadPackage, outlookPackage } from './optional-package.js';
import {
  addressOf,
  type OutlookAttachment,
  type OutlookMessage,
  parsedOutlook,
  textOf,
} from './outlook-message.js';

const packageName = '@kenjiuno/msgreader';
const oleMagic = Buffer.from('d0cf11e0a1b11ae1', 'hex');
/** Names of streams that only messages have, in UTF-16. */
const streamNames = ['__substg1.0_', '__properties_version1.0'].map((name) => Buffer.from(name, 'utf16le'));
const maxNesting = 20;

/** As far as it is used here. */
interface MsgFields {
  readonly [key: string]: unknown;
}

interface MsgReader {
  getFileData(): MsgFields;
  getAttachment(attachment: MsgFields): { readonly content: Uint8Array };
}

export function msgReader(load: LoadPackage): ExportReader {
  return {
    id: 'mail-outlook-msg',
    system: 'mail',
    label: 'Outlook message (.msg)',
    isNeverJson: true,
    most: 0.95,
    recognise(probe: Probe) {
      if (!probe.head.subarray(0, 8).equals(oleMagic)) return undefined;
      if (streamNames.some((name) => probe.head.includes(name)))
        return { score: 0.95, reason: 'an OLE file with the streams of a message' };
      return /\.msg$/i.test(probe.name) ? { score: 0.8, reason: 'an OLE file named .msg' } : undefined;
    },
    async read(file, sink) {
      const create = await outlookPackage<MsgReader>(load, packageName, 'default', sink);
      if (create === undefined) return;
      const bytes = await file.bytes();
      let message: OutlookMessage;
      try {
        const reader = create(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
        message = messageOf(reader.getFileData(), reader, 0);
      } catch {
        sink.note('malformed');
        sink.damaged('a message that the package for it cannot read');
        return;
      }
      await readParsed(parsedOutlook(message), mailFolder(file.name), sink);
      await sink.drained();
    },
  };
}

function messageOf(fields: MsgFields, reader: MsgReader, depth: number): OutlookMessage {
  const html = fields['html'];
  const rtf = fields['compressedRtf'];
  const recipients = listOf(fields['recipients']);
  const recipient = (type: string): string =>
    recipients
      .filter((entry) => (textOf(entry['recipType']) || 'to') === type)
      .map((entry) => addressOf(entry['name'], textOf(entry['smtpAddress']) || entry['email']))
      .join(', ');
  return {
    headers: textOf(fields['headers']),
    subject: textOf(fields['subject']),
    from: addressOf(fields['senderName'], textOf(fields['senderSmtpAddress']) || fields['senderEmail']),
    to: recipient('to'),
    cc: [recipient('cc'), recipient('bcc')].filter((text) => text !== '').join(', '),
    messageId: textOf(fields['messageId']),
    date: textOf(fields['clientSubmitTime']) || textOf(fields['messageDeliveryTime']),
    body: textOf(fields['body']),
    html:
      textOf(fields['bodyHtml']) || (html instanceof Uint8Array ? Buffer.from(html).toString('utf8') : ''),
    rtf: rtf instanceof Uint8Array ? undoCompressedRtf(Buffer.from(rtf)) : '',
    folder: '',
    more: Object.entries(fields).filter(isOther),
    attachments: listOf(fields['attachments']).map((entry) => attachmentOf(entry, reader, depth)),
  };
}

/** Members that `messageOf` takes, and those that hold no text. */
const taken =
  /^(?:headers|subject|normalizedSubject|body|bodyHtml|sender\w*|messageId|messageClass|dataType|inetAcctName|\w*(?:Time|Type|EntryId|SearchKey|Tag))$/;

function isOther(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string' && entry[1] !== '' && !taken.test(entry[0]);
}

function attachmentOf(entry: MsgFields, reader: MsgReader, depth: number): OutlookAttachment {
  const name = textOf(entry['fileName']) || textOf(entry['fileNameShort']) || textOf(entry['name']);
  const inner = entry['innerMsgContentFields'];
  if (isFields(inner) && depth < maxNesting)
    return { name, type: '', bytes: undefined, message: messageOf(inner, reader, depth + 1) };
  try {
    return {
      name,
      type: textOf(entry['attachMimeTag']),
      bytes: Buffer.from(reader.getAttachment(entry).content),
    };
  } catch {
    return { name, type: '', bytes: undefined };
  }
}

function isFields(value: unknown): value is MsgFields {
  return typeof value === 'object' && value !== null;
}

function listOf(value: unknown): readonly MsgFields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}
