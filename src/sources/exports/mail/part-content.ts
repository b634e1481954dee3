/** What a MIME part says, once its transfer encoding, its character set and its flowed lines are undone. */
import PostalMime from 'postal-mime';
import { encodingOf } from '../decode-text.js';
import { fieldValue } from './header-fields.js';
import type { MimeLeaf } from './mime-parts.js';

/** Labels that say nothing: mail programs write them over UTF-8 as well. */
const vagueCharset = /^(?:us-ascii|ascii|utf-?8|unknown(?:-8bit)?|x-unknown|)$/i;
/** Base64 of a few kilobytes, in whole lines or not, is enough to tell text from bytes. */
const sniffedBytes = 8 * 1024;

/** Text of a part; `html` only says how it is to be unwrapped (flowed lines are of plain text). */
export async function partText(leaf: MimeLeaf, kind: 'plain' | 'html'): Promise<string> {
  const charset = (leaf.type.params.get('charset') ?? '').trim();
  if (!vagueCharset.test(charset)) return decode(leaf, kind, charset);
  const text = await decode(leaf, kind, 'utf-8');
  return text.includes('\ufffd') ? decode(leaf, kind, 'windows-1252') : text;
}

async function decode(leaf: MimeLeaf, kind: 'plain' | 'html', charset: string): Promise<string> {
  const params = ['format', 'delsp'].map((name) => parameter(name, leaf.type.params.get(name)));
  const type = `text/${kind}${parameter('charset', charset)}${params.join('')}`;
  const mail = await PostalMime.parse(withHeader(leaf, type, leaf.body));
  return (kind === 'html' ? mail.html : mail.text) ?? '';
}

function parameter(name: string, value: string | undefined): string {
  return value === undefined ? '' : `; ${name}="${value.replace(/[^\w.:+-]/g, '')}"`;
}

/** Bytes of a part. */
export async function partBytes(leaf: MimeLeaf, body: Buffer = leaf.body): Promise<Buffer> {
  const mail = await PostalMime.parse(withHeader(leaf, 'application/octet-stream', body));
  const content = mail.attachments[0]?.content;
  if (content === undefined || typeof content === 'string') return Buffer.alloc(0);
  return content instanceof ArrayBuffer
    ? Buffer.from(content)
    : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
}

/** First bytes of a part, a few kilobytes. */
export function partHead(leaf: MimeLeaf): Promise<Buffer> {
  return partBytes(leaf, leaf.body.subarray(0, sniffedBytes));
}

function withHeader(leaf: MimeLeaf, type: string, body: Buffer): Buffer {
  const encoding = fieldValue(leaf.fields, 'content-transfer-encoding') ?? '8bit';
  const head = `Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding.replace(/[^\w-]/g, '')}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

/** True for bytes that read as text in UTF-8, UTF-16 or a one-byte character set. */
export function looksTextual(head: Buffer): boolean {
  if (head.length === 0) return true;
  const encoding = encodingOf(head);
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return true;
  let controls = 0;
  let high = 0;
  for (const byte of head) {
    if (byte === 0) return false;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c && byte !== 0x1b)
      controls++;
    else if (byte > 0x7f) high++;
  }
  if (controls * 50 > head.length) return false;
  return encoding === 'utf-8' || high * 4 < head.length;
}
