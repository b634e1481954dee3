/** The single steps by which a pasted text may lead to a secret's literal value. */
import { isUtf8 } from 'node:buffer';
import { valueAsUtf8 } from '../text/decode.js';
import { isPrintableText } from '../text/decoded-text.js';
import {
  undoEntities,
  undoJsonEscapes,
  undoLinkMangling,
  undoPercent,
  undoQuotedPrintable,
  undoShellEscapes,
} from '../text/escapes.js';
import { readJwkBlock } from '../text/jwk-block.js';
import { readPemBlock } from '../text/pem-block.js';
import { readPuttyBlock } from '../text/putty-block.js';
import { undoTypography } from '../text/typography.js';
import { hasUtf16Mark, utf16ToUtf8 } from '../text/utf16.js';
import type { Rewritten } from '../text/view-writer.js';
import { keyBodyBytes } from './key-body.js';
import { inspectPrivateKey } from './public-key.js';

export interface Reading {
  readonly step: string;
  readonly bytes: Buffer;
}

type Step = (value: Buffer, text: string, via: readonly string[]) => readonly (Buffer | string)[];

/** Longer values are blocks of text, in which only keys are looked for. */
const maxTokenBytes = 16_384;

function undone(undo: (input: Buffer) => Rewritten | undefined): Step {
  return (value) => {
    const rewritten = undo(value);
    return rewritten === undefined ? [] : [rewritten.bytes];
  };
}

/** Groups of the first match of any pattern, those that took part. */
function captured(text: string, ...patterns: readonly RegExp[]): string[] {
  return patterns.flatMap((pattern) =>
    (pattern.exec(text) ?? []).slice(1).filter((group) => group !== undefined),
  );
}

// What editors and chats leave at the ends: white space of all kinds, invisible characters, a byte order mark.
const edges =
  /^[\s\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+|[\s\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+$/gu;

function unquoted(text: string): string[] {
  const found: string[] = [];
  const quotes: readonly (readonly [string, string])[] = [
    ['"', '"'],
    ["'", "'"],
    ['`', '`'],
    ['<', '>'],
    ['“', '”'],
    ['‘', '’'],
  ];
  const body = text.replace(/[,;]$/, '');
  for (const [open, close] of quotes) {
    const isQuoted =
      body.length > open.length + close.length && body.startsWith(open) && body.endsWith(close);
    if (isQuoted) found.push(body.slice(open.length, -close.length));
  }
  return found;
}

function fromBase64(value: Buffer, text: string): Buffer[] {
  const body = text.replace(/\s+/g, '');
  if (body.length < 8 || !/^(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/.test(body)) return [];
  const bytes = Buffer.from(body, 'base64');
  if (bytes.length >= 4 && isPrintableText(bytes)) return [bytes];
  const key = keyBodyBytes(body);
  return value.length >= 40 && inspectPrivateKey(key) !== undefined ? [key] : [];
}

function fromHex(_value: Buffer, text: string): Buffer[] {
  const body = text.replace(/^0x/i, '');
  if (body.length < 12 || body.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(body)) return [];
  const bytes = Buffer.from(body, 'hex');
  return isPrintableText(bytes) ? [bytes] : [];
}

/** The password of `user:password` once a Basic header, `auth` entry or base64 has been undone. */
function fromUserPair(_value: Buffer, text: string, via: readonly string[]): string[] {
  const last = via[via.length - 1];
  if (last !== 'base64' && last !== 'basic-header' && last !== 'docker-auth' && last !== 'user-option')
    return [];
  return captured(text, /^[^:\s]{0,256}:([^\r\n]+)$/);
}

function fromUrl(_value: Buffer, text: string): string[] {
  // The last @ before the path ends the userinfo: unescaped ones inside a password are common.
  return captured(
    text,
    /^(?:jdbc:)?[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:/@]{0,256}:([^\s/?#]{1,1024})@[^\s@]{1,512}/i,
    /^(?:jdbc:)?[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:/@]{0,256}:([^\s]{1,1024})@[^\s@]{1,512}$/i,
  );
}

function fromConnectionString(_value: Buffer, text: string): string[] {
  const name =
    '(?:password|pwd|accountkey|sharedaccesskey|sharedaccesssignature|secret|accesskey|accesstoken)';
  return captured(
    text,
    new RegExp(`(?:^|[;?&\\s])${name}\\s*=\\s*([^;&\\s"']{1,1024})`, 'i'),
    new RegExp(`(?:^|[;?&\\s])${name}\\s*=\\s*"([^"]{1,1024})"`, 'i'),
    new RegExp(`(?:^|[;?&\\s])${name}\\s*=\\s*'([^']{1,1024})'`, 'i'),
  );
}

function fromKeyBlock(value: Buffer): (Buffer | string)[] {
  const found: (Buffer | string)[] = [];
  for (let at = value.indexOf('BEGIN'); at >= 0 && found.length < 8; at = value.indexOf('BEGIN', at + 5)) {
    const block = readPemBlock(value, at);
    if (block !== undefined) found.push(keyBodyBytes(block.body));
  }
  const putty = value.indexOf('PuTTY-User-Key-File-');
  const puttyBlock = putty < 0 ? undefined : readPuttyBlock(value, putty);
  if (puttyBlock !== undefined) found.push(puttyBlock.privateBlob);
  const jwk = value.indexOf('"kty"');
  const jwkBlock = jwk < 0 ? undefined : readJwkBlock(value, jwk);
  if (jwkBlock !== undefined) found.push(jwkBlock.secret);
  return found;
}

const tokenSteps: readonly (readonly [string, Step])[] = [
  ['trim', (_value, text) => [text.replace(edges, '')]],
  ['unquote', (_value, text) => unquoted(text)],
  [
    'assignment',
    (_value, text) =>
      captured(
        text,
        /^\s*(?:export\s+|set\s+|env\s+|-e\s+|--env\s+|\$env:)?["']?[A-Za-z_][\w.-]{0,127}["']?\s*(?:=>|:=|=|:(?!\/\/))\s*(\S[^\r\n]*)$/,
      ),
  ],
  ['header', (_value, text) => captured(text, /^[A-Za-z][A-Za-z0-9-]{1,40}:\s+(\S[^\r\n]*)$/)],
  ['bearer', (_value, text) => captured(text, /^(?:bearer|token|apikey|key)\s+(\S+)$/i)],
  [
    'basic-header',
    (_value, text) =>
      captured(text, /^(?:authorization:\s*)?basic\s+([A-Za-z0-9+/_-]{4,}={0,2})$/i).map((body) =>
        Buffer.from(body, 'base64'),
      ),
  ],
  [
    'docker-auth',
    (_value, text) =>
      captured(text, /"auth"\s*:\s*"([A-Za-z0-9+/_-]{4,}={0,2})"/).map((body) => Buffer.from(body, 'base64')),
  ],
  [
    'user-option',
    (_value, text) => captured(text, /(?:^|\s)(?:-u|--user)[ =]?["']?([^\s"':]{1,128}:[^\s"']+)["']?/),
  ],
  ['password', fromUserPair],
  ['in-url', fromUrl],
  ['connection-string', fromConnectionString],
  ['json-escaped', undone(undoJsonEscapes)],
  ['percent', undone(undoPercent)],
  ['xml-escaped', undone(undoEntities)],
  ['shell-escaped', undone(undoShellEscapes)],
  ['quoted-printable', undone(undoQuotedPrintable)],
  ['link-mangled', undone(undoLinkMangling)],
  ['typography', undone(undoTypography)],
  ['base64', fromBase64],
  ['hex', fromHex],
];

/** What one step makes of a value. @param via the steps that led to it */
export function readings(value: Buffer, via: readonly string[]): Reading[] {
  const found: Reading[] = [];
  const encoding = isUtf8(value) ? 'utf8' : 'latin1';
  const add = (step: string, result: Buffer | string): void => {
    found.push({ step, bytes: typeof result === 'string' ? Buffer.from(result, encoding) : result });
  };
  if (via.length === 0 && hasUtf16Mark(value)) {
    add('utf-16', utf16ToUtf8(value, value[0] === 0xff ? 'utf-16le' : 'utf-16be').text);
  }
  // Detection reads values of Latin-1 documents the same way.
  if (encoding === 'latin1') add('latin-1', valueAsUtf8(value));
  // What a key block encodes is bytes and no text: nothing further can be undone.
  if (via[via.length - 1] === 'key-block') return found;
  for (const result of fromKeyBlock(value)) add('key-block', result);
  if (value.length > maxTokenBytes) return found;
  const text = value.toString(encoding);
  for (const [step, read] of tokenSteps) for (const result of read(value, text, via)) add(step, result);
  return found;
}
