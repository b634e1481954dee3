/** What the text round an assignment says of its value. Asked of values that were judged to be secrets only. */
import { accountReach } from './account.js';
import type { Assignment } from './assigned-form.js';

/** `user.token # => "x"`: what documentation of Ruby shows that a program prints. */
export function isShownOutput(bytes: Buffer, { nameEnd, valueStart }: Assignment): boolean {
  const between = bytes.toString('latin1', nameEnd, Math.min(valueStart, nameEnd + 40));
  return between.includes('=>') && /^['"\])]*\s*#\s*=>\s*['"]?$/.test(between);
}

/** A comment on the line before that calls what follows encrypted. */
export function saysEncrypted(bytes: Buffer, nameStart: number): boolean {
  const before = bytes.toString('latin1', Math.max(0, nameStart - accountReach), nameStart);
  return /(?:^|\n)\s*(?:#|\/\/|--|;|\*)[^\n]*\b(?:encrypted|sealed|ciphertext)\b[^\n]*\n[^\n]*$/i.test(
    before,
  );
}

/** A `token` with a time and a signature beside it: it is used once, and signs nothing by itself. */
export function isOfSignedRequest(bytes: Buffer, { nameStart, valueEnd }: Assignment, slot: string): boolean {
  if (slot.toLowerCase() !== 'token') return false;
  const before = bytes.toString('latin1', Math.max(0, nameStart - accountReach), nameStart);
  const behind = bytes.toString('latin1', valueEnd, Math.min(bytes.length, valueEnd + accountReach));
  const around = `${before}\n${behind}`;
  return /\bsignature["']?\s*(?:[:=]|=>)/i.test(around) && /\btimestamp["']?\s*(?:[:=]|=>)/i.test(around);
}

/** `checksum/secret: x`: a digest of what the name says. */
export function saysDigest(bytes: Buffer, nameStart: number): boolean {
  if (bytes[nameStart - 1] !== 0x2f) return false;
  return /(?:^|[^a-z])(?:checksum|sha\d*|md5|hash|digest)\/$/i.test(
    bytes.toString('latin1', Math.max(0, nameStart - 12), nameStart),
  );
}

/** An `apiKey` with an `appId` and an `indexName`: what a page of documentation searches its own index with. */
export function isKeyOfSearchBox(bytes: Buffer, { nameStart, valueEnd }: Assignment, slot: string): boolean {
  if (!/^api_?key$/i.test(slot)) return false;
  const before = bytes.toString('latin1', Math.max(0, nameStart - accountReach), nameStart);
  const behind = bytes.toString('latin1', valueEnd, Math.min(bytes.length, valueEnd + accountReach));
  return /\bapp_?id\b/i.test(before + behind) && /\bindex_?name\b/i.test(before + behind);
}
