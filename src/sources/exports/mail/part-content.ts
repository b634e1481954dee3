/** What a MIME part says, once its transfer encoding, its character set and its flowed lines are undone. */
import {
  type BytesDecoder,
  decoderOfLabel,
  windows1252Decoder,
  windows1252Text,
} from '../../../text/windows-1252.js';
import { encodingOf } from '../decode-text.js';
import { joinFlowed } from './flowed.js';
import { fieldValue } from './header-fields.js';
import type { MimeLeaf } from './mime-parts.js';
import { undoTransferEncoding } from './transfer-encoding.js';

/** Labels that say nothing: mail programs write them over UTF-8 as well. */
const vagueCharset = /^(?:us-ascii|ascii|ansi_x3\.4-1968|utf-?8|unknown(?:-8bit)?|x-unknown|)$/i;
/** Base64 of a few kilobytes, in whole lines or not, is enough to tell text from bytes. */
const sniffedBytes = 8 * 1024;

/** Text of a part, with LF at the ends of its lines. */
export function partText(leaf: MimeLeaf): string {
  const text = decode(partBytes(leaf), (leaf.type.params.get('charset') ?? '').trim()).replaceAll(
    '\r\n',
    '\n',
  );
  if (leaf.type.params.get('format')?.toLowerCase() !== 'flowed') return text;
  return joinFlowed(text, leaf.type.params.get('delsp')?.toLowerCase() === 'yes');
}

function decode(bytes: Buffer, charset: string): string {
  if (!vagueCharset.test(charset)) return decoderOf(charset).decode(bytes);
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? windows1252Text(bytes) : text;
}

/** Mail programs write labels that are not registered: `cp1252`, `x-mac-roman`, `"iso8859_1"`. */
function decoderOf(charset: string): BytesDecoder {
  const plain = charset.toLowerCase().replace(/[^a-z0-9]/g, '-');
  const codePage = /^(?:x-)?(?:cp|ms|windows)-?(125\d|874)$/.exec(plain)?.[1];
  for (const label of [charset, plain, plain.replace(/^x-/, ''), `windows-${codePage}`]) {
    const decoder = decoderOfLabel(label);
    if (decoder !== undefined) return decoder;
  }
  return windows1252Decoder;
}

/** Bytes of a part. */
export function partBytes(leaf: MimeLeaf, body: Buffer = leaf.body): Buffer {
  return undoTransferEncoding(body, transferEncodingOf(leaf));
}

export function transferEncodingOf(leaf: MimeLeaf): string {
  return fieldValue(leaf.fields, 'content-transfer-encoding') ?? '';
}

/** First bytes of a part: those of so many bytes of its body, a few kilobytes unless told. */
export function partHead(leaf: MimeLeaf, encodedBytes: number = sniffedBytes): Buffer {
  return partBytes(leaf, leaf.body.subarray(0, encodedBytes));
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
