/** TNEF (MS-OXTNEF), the `winmail.dat` in which Outlook packs bodies and attachments for other mail programs. */
import { undoCompressedRtf } from './compressed-rtf.js';
import { ansi, beforeNul, readProperties, type Values } from './mapi-properties.js';
import type { OutlookAttachment, OutlookMessage } from './outlook-message.js';

const signature = 0x223e9f78;
/** Attributes, with their type in the upper half. */
const attribute = {
  subject: 0x00018004,
  body: 0x0002800c,
  properties: 0x00069003,
  attachmentStart: 0x00069002,
  attachmentTitle: 0x00018010,
  attachmentData: 0x0006800f,
  attachmentProperties: 0x00069005,
} as const;
/** Properties of MAPI, by their ids. */
const property = {
  subject: 0x0037,
  body: 0x1000,
  compressedRtf: 0x1009,
  html: 0x1013,
  attachmentData: 0x3701,
  attachmentName: 0x3704,
  longAttachmentName: 0x3707,
  attachmentType: 0x370e,
} as const;
const maxAttachments = 5000;

export function isTnef(head: Buffer): boolean {
  return head.length >= 6 && head.readUInt32LE(0) === signature;
}

interface PackedAttachment {
  name: string;
  data: Buffer | undefined;
  readonly values: Values;
}

interface Packed {
  subject: string;
  body: string;
  readonly values: Values;
  readonly attachments: PackedAttachment[];
}

/** The message in a TNEF stream, as far as it is whole. */
export function tnefMessage(bytes: Buffer): OutlookMessage {
  const packed: Packed = { subject: '', body: '', values: new Map(), attachments: [] };
  for (const { id, data } of attributes(bytes)) take(packed, id, data);
  const { values } = packed;
  const rtf = values.get(property.compressedRtf);
  return {
    headers: '',
    subject: text(values.get(property.subject)) || packed.subject,
    from: '',
    to: '',
    cc: '',
    messageId: '',
    date: '',
    body: text(values.get(property.body)) || packed.body,
    html: text(values.get(property.html)),
    rtf: rtf === undefined || typeof rtf === 'string' ? '' : undoCompressedRtf(rtf),
    folder: '',
    attachments: packed.attachments.map(attachmentOf),
  };
}

/** Attributes of an attachment stand behind the one that begins it. */
function take(packed: Packed, id: number, data: Buffer): void {
  const current = packed.attachments.at(-1);
  switch (id) {
    case attribute.subject:
      packed.subject = ansi(data);
      break;
    case attribute.body:
      packed.body = ansi(data);
      break;
    case attribute.properties:
      readProperties(data, packed.values);
      break;
    case attribute.attachmentStart:
      if (packed.attachments.length < maxAttachments)
        packed.attachments.push({ name: '', data: undefined, values: new Map() });
      break;
    case attribute.attachmentTitle:
      if (current !== undefined) current.name = ansi(data);
      break;
    case attribute.attachmentData:
      if (current !== undefined) current.data = data;
      break;
    case attribute.attachmentProperties:
      if (current !== undefined) readProperties(data, current.values);
      break;
  }
}

function attachmentOf(source: PackedAttachment): OutlookAttachment {
  const { values } = source;
  const data = values.get(property.attachmentData);
  const name =
    text(values.get(property.longAttachmentName)) || source.name || text(values.get(property.attachmentName));
  const inner = data === undefined || typeof data === 'string' ? undefined : data;
  return { name, type: text(values.get(property.attachmentType)), bytes: source.data ?? inner };
}

/** Level, id, length, data and a checksum, one attribute behind the other. */
function* attributes(bytes: Buffer): Generator<{ id: number; data: Buffer }> {
  let at = 6;
  while (at + 9 <= bytes.length) {
    const id = bytes.readUInt32LE(at + 1);
    const length = bytes.readUInt32LE(at + 5);
    const end = Math.min(at + 9 + length, bytes.length);
    yield { id, data: bytes.subarray(at + 9, end) };
    at = end + 2;
  }
}

function text(value: string | Buffer | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : beforeNul(value.toString('utf8'));
}
