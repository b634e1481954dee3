/** What lies in a MIME part that is no body: text, which is read, or something else, which is named. */
import type { Dialect } from '../contract.js';
import { decodeText, encodingOf } from '../decode-text.js';
import { rtfTexts } from '../documents/rtf-text.js';
import type { MimeLeaf } from './mime-parts.js';
import { looksTextual, partBytes, partHead, partText } from './part-content.js';

export type AttachmentKind =
  | 'text'
  /** Pictures, sound, video, fonts: deliberately not read. */
  | 'media'
  /** A detached signature or a key that is meant to be public. */
  | 'signature'
  /** S/MIME or PGP. */
  | 'encrypted'
  /** Archives and office documents: bytes that are not read here. */
  | 'binary';

const mediaType = /^(?:image|audio|video|font)\//;
const mediaName =
  /\.(?:png|jpe?g|gif|bmp|ico|webp|tiff?|heic|mp[34]|m4a|mov|avi|webm|wav|ogg|woff2?|ttf|otf)$/i;
const signatureType = /^application\/(?:pgp-signature|pgp-keys|(?:x-)?pkcs7-signature|ms-secure-signature)$/;
const encryptedType = /^application\/(?:pgp-encrypted|(?:x-)?pkcs7-mime)$/;
/** S/MIME under a type that says nothing. */
const encryptedName = /\.p7m$/i;
/** Calendars and address cards fold their lines and escape commas and line breaks (RFC 5545, RFC 6350). */
const foldedType = /^text\/(?:calendar|(?:x-)?vcard|directory)$/;
const foldedName = /\.(?:ics|ifb|vcf)$/i;

/** File name of a part; for one that only has a description none. */
export function attachmentTitle(leaf: MimeLeaf): string | undefined {
  return leaf.disposition.params.get('filename') || leaf.type.params.get('name') || undefined;
}

/** True for S/MIME and PGP; S/MIME may also be signed alone. */
export function isEncrypted(leaf: MimeLeaf): boolean {
  return encryptedType.test(leaf.type.value) || encryptedName.test(attachmentTitle(leaf) ?? '');
}

export function attachmentKind(leaf: MimeLeaf): AttachmentKind {
  const type = leaf.type.value;
  const name = attachmentTitle(leaf) ?? '';
  if (isEncrypted(leaf)) return 'encrypted';
  if (signatureType.test(type)) return 'signature';
  if (type === 'image/svg+xml') return 'text';
  if (leaf.body.length === 0) return 'text';
  const head = partHead(leaf);
  // The first kilobytes of a PDF can be text.
  if (head.toString('latin1', 0, 5) === '%PDF-') return 'binary';
  if (looksTextual(head)) return 'text';
  return mediaType.test(type) || mediaName.test(name) ? 'media' : 'binary';
}

/** Text of an attachment that is text. */
export function attachmentText(leaf: MimeLeaf): { text: string; dialect: Dialect } {
  const name = attachmentTitle(leaf) ?? '';
  const text = plainText(leaf);
  if (/^\s{0,16}\{\\rtf/.test(text.slice(0, 32))) return richText(partBytes(leaf));
  if (foldedType.test(leaf.type.value) || foldedName.test(name))
    return { text: unfold(text), dialect: 'plain' };
  return { text, dialect: dialectOf(leaf.type.value, name) };
}

function plainText(leaf: MimeLeaf): string {
  if (leaf.type.params.has('charset')) return partText(leaf);
  const bytes = partBytes(leaf);
  return decodeText(bytes, encodingOf(bytes));
}

function richText(bytes: Buffer): { text: string; dialect: Dialect } {
  const { body, asides, isHtml } = rtfTexts(bytes.toString('latin1'));
  const text = [body, ...asides.map((aside) => aside.text)].join('\n');
  return { text, dialect: isHtml ? 'html' : 'plain' };
}

function unfold(text: string): string {
  return text
    .replace(/\r?\n[ \t]/g, '')
    .replace(/\\([\\;,nN])/g, (_, char: string) => (char === 'n' || char === 'N' ? '\n' : char));
}

function dialectOf(type: string, name: string): Dialect {
  if (type === 'text/html' || type === 'application/xhtml+xml' || /\.x?html?$/i.test(name)) return 'html';
  if (type === 'text/markdown' || /\.(?:md|markdown)$/i.test(name)) return 'markdown';
  if (/\.(?:log|out)$/i.test(name)) return 'log-ansi';
  if (type.startsWith('message/') || (type === 'text/plain' && !/\.(?!txt$|text$)\w+$/i.test(name)))
    return 'plain';
  return 'code';
}
