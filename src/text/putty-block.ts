/** PuTTY's private key file (version 2 and 3), also when it was escaped into one string. */
import type { Span } from '../model/span.js';

export interface PuttyBlock {
  readonly span: Span;
  readonly isEncrypted: boolean;
  readonly comment: string;
  readonly publicBlob: Buffer;
  readonly privateBlob: Buffer;
  /** False when lines are missing. */
  readonly isWhole: boolean;
}

const maxFileBytes = 32_768;
const start = 'PuTTY-User-Key-File-';

/** Lines with their ends as offsets of `text`; `\n` may be real or written as an escape. */
function linesOf(text: string): { readonly text: string; readonly end: number }[] {
  const lines: { readonly text: string; readonly end: number }[] = [];
  const separator = /\r?\n|(?:\\+r)?\\+n|<br ?\/?>/g;
  let from = 0;
  for (let match = separator.exec(text); match !== null; match = separator.exec(text)) {
    lines.push({ text: text.slice(from, match.index), end: match.index });
    from = match.index + match[0].length;
    if (lines.length > 600) return lines;
  }
  lines.push({ text: text.slice(from), end: text.length });
  return lines;
}

export function readPuttyBlock(bytes: Buffer, hit: number): PuttyBlock | undefined {
  const at = bytes.indexOf(start, Math.max(0, hit - start.length));
  if (at < 0 || at > hit + start.length) return undefined;
  const lines = linesOf(bytes.toString('latin1', at, Math.min(bytes.length, at + maxFileBytes)));
  let isEncrypted = false;
  let comment = '';
  let publicBlob = Buffer.alloc(0);
  for (let i = 0; i < lines.length; i++) {
    const header = /^\s*([A-Za-z0-9-]{3,30}): ?(.{0,256})/.exec(lines[i]?.text ?? '');
    if (header === null) break;
    const value = (header[2] ?? '').trim();
    if (header[1] === 'Encryption') isEncrypted = value !== 'none';
    else if (header[1] === 'Comment') comment = value;
    else if (header[1] === 'Public-Lines' || header[1] === 'Private-Lines') {
      const count = Math.min(Number.parseInt(value, 10) || 0, lines.length - i - 1);
      const body = lines.slice(i + 1, i + 1 + count);
      const blob = Buffer.from(body.map((line) => line.text.trim()).join(''), 'base64');
      i += count;
      if (header[1] === 'Public-Lines') {
        publicBlob = blob;
        continue;
      }
      const isWhole = count > 0 && count === Number.parseInt(value, 10);
      const mac = lines[i + 1];
      const last = mac?.text.trim().startsWith('Private-MAC') === true ? mac : lines[i];
      const macEnd = /^\s*Private-MAC: ?[0-9a-fA-F]{8,128}/.exec(last?.text ?? '')?.[0].length;
      const end =
        macEnd === undefined ? (last?.end ?? 0) : (last?.end ?? 0) - (last?.text.length ?? 0) + macEnd;
      return {
        span: { start: at, end: at + end },
        isEncrypted,
        comment,
        publicBlob,
        privateBlob: blob,
        isWhole,
      };
    }
  }
  return undefined;
}
