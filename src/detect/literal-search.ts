/**
 * Looks for a given value itself, byte by byte, in every spelling: for values too short or too weak for the
 * sweep index. Holds the value, so it runs only in the process that read it from stdin.
 */
import { fingerprintOf } from '../identity/fingerprint.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { Confidence, Spelling } from '../model/finding.js';
import { type Fingerprint, type KindId, parseKindId } from '../model/ids.js';
import type { SecretValue } from '../model/secret-value.js';
import type { TextView } from '../text/view.js';
import type { KnownValueSweep } from './known-values.js';
import { strengthBits } from './strength.js';

export interface KnownLiteral {
  readonly value: SecretValue;
  readonly fingerprint: Fingerprint;
  readonly kind: KindId;
  readonly confidence: Confidence;
  readonly strengthBits: number;
}

/** Kind of a value that no detector flagged. */
const unknownKind = parseKindId('known-value');

/** A value as it is looked for; its copies count as medium, since somebody said that it is a secret. */
export function literalOf(value: SecretValue, keys: IdentityKeys): KnownLiteral {
  const bytes = value.reveal();
  const fingerprint = fingerprintOf(keys.fingerprint, bytes);
  return { value, fingerprint, kind: unknownKind, confidence: 'medium', strengthBits: strengthBits(bytes) };
}

/** Tag of a copy that no sweep can find again: it is never stored. */
export const noAnchorTag = -1;

interface Pattern {
  readonly bytes: Buffer;
  readonly spelling: readonly Spelling[];
  readonly literal: KnownLiteral;
  /** Bytes that must not stand beside it, or it is a part of something else. */
  readonly inner: RegExp;
}

const word = /[A-Za-z0-9_]/;
const base64Character = /[A-Za-z0-9+/_-]/;
const hexDigit = /[0-9A-Fa-f]/;

export class LiteralSearch {
  readonly #patterns: readonly Pattern[];

  constructor(literals: readonly KnownLiteral[]) {
    this.#patterns = literals.flatMap(patternsOf);
  }

  /** Adds every copy in a view. A short value inside a longer word is no copy. */
  search(view: TextView, found: KnownValueSweep): void {
    for (const { bytes, spelling, literal, inner } of this.#patterns) {
      for (let at = view.bytes.indexOf(bytes); at >= 0; at = view.bytes.indexOf(bytes, at + 1)) {
        const end = at + bytes.length;
        if (continues(view.bytes, at, inner) || continues(view.bytes, end, inner)) continue;
        const { fingerprint, kind, confidence, strengthBits } = literal;
        const anchor = { tag: noAnchorTag, lead: 0, length: bytes.length };
        found.add(
          view,
          { start: at, end },
          { ...anchor, fingerprint, kind, confidence, strengthBits },
          spelling,
        );
      }
    }
  }
}

/** True when the bytes on both sides of a border are of the class, so that the border cuts something. */
function continues(bytes: Buffer, border: number, inner: RegExp): boolean {
  const before = bytes[border - 1];
  const after = bytes[border];
  if (before === undefined || after === undefined) return false;
  return inner.test(String.fromCharCode(before)) && inner.test(String.fromCharCode(after));
}

function patternsOf(literal: KnownLiteral): Pattern[] {
  const value = literal.value.reveal();
  const text = value.toString('utf8');
  const json = JSON.stringify(text).slice(1, -1);
  const percent = [...value].map((byte) => percentByte(byte)).join('');
  const xml = text.replace(/[&<>"']/g, (char) => xmlEntities[char] ?? char);
  const base64 = value.toString('base64').replace(/=+$/, '');
  const forms: readonly (readonly [string | Buffer, readonly Spelling[], RegExp])[] = [
    [value, [], word],
    [json, ['json-escaped'], word],
    [json.replaceAll('/', '\\/'), ['json-escaped'], word],
    [percent, ['percent'], word],
    [percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()), ['percent'], word],
    [percent.replaceAll('%20', '+'), ['percent'], word],
    [xml, ['xml-escaped'], word],
    [base64, ['base64'], base64Character],
    [value.toString('base64url'), ['base64url'], base64Character],
    [value.toString('hex'), ['hex'], hexDigit],
    [value.toString('hex').toUpperCase(), ['hex'], hexDigit],
  ];
  const unique = new Map<string, Pattern>();
  for (const [form, spelling, inner] of forms) {
    const bytes = Buffer.from(form as string);
    const key = bytes.toString('latin1');
    if (bytes.length > 0 && !unique.has(key)) unique.set(key, { bytes, spelling, literal, inner });
  }
  return [...unique.values()];
}

/** As `encodeURIComponent` writes it; done by bytes, since a value need not be UTF-8. */
function percentByte(byte: number): string {
  const char = String.fromCharCode(byte);
  if (/[A-Za-z0-9\-_.!~*'()]/.test(char)) return char;
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

const xmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
