/**
 * A private JSON Web Key round a `"kty"`: the flat object, its text unescaped as often as it takes to parse. In programs the
 * same object is a literal of the language: names without quotes, single quotes, a comma behind the last member.
 */
import type { Span } from '../model/span.js';

export interface JwkBlock {
  readonly members: Readonly<Record<string, unknown>>;
  /** The private member's text, as it stands in the object, and where: `d`, or `k` of a symmetric key. */
  readonly secret: string;
  readonly span: Span;
}

const maxObjectBytes = 16_384;
const maxEscapeLayers = 3;

function parseObject(text: string): Record<string, unknown> | undefined {
  let source = text;
  for (let layer = 0; layer <= maxEscapeLayers; layer++) {
    try {
      const parsed: unknown = JSON.parse(source);
      return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
    } catch {
      if (!source.includes('\\')) return undefined;
      source = source.replace(/\\(["\\/])|\\n/g, (_all, char: string | undefined) => char ?? '\n');
    }
  }
  return undefined;
}

/** One member of a literal: `d: 'AbC'`, `'d': b"AbC"`. What is no string (`key_ops: [...]`, a variable) is not needed. */
const literalMember =
  /(?<![\w.$-])(["'`]?)([a-z]\w{0,6})\1\s{0,8}:\s{0,16}b?(["'`])([^"'`\\\r\n]{1,8192})\3/g;

function parseLiteral(text: string): Record<string, unknown> | undefined {
  const members: Record<string, unknown> = {};
  for (const [, , name, , value] of text.matchAll(literalMember)) members[name as string] ??= value;
  return typeof members['kty'] === 'string' ? members : undefined;
}

/** JWK members are strings and arrays, so the nearest braces on both sides are the object. */
function objectAround(bytes: Buffer, hit: number): Span | undefined {
  const from = Math.max(0, hit - maxObjectBytes);
  const before = bytes.subarray(from, hit).lastIndexOf(0x7b);
  if (before < 0) return undefined;
  const close = bytes.subarray(hit, hit + maxObjectBytes).indexOf(0x7d);
  return close < 0 ? undefined : { start: from + before, end: hit + close + 1 };
}

/** The flat object round a hit, whatever is in it. */
export function readJsonObject(bytes: Buffer, hit: number): Readonly<Record<string, unknown>> | undefined {
  const object = objectAround(bytes, hit);
  return object === undefined ? undefined : parseObject(bytes.toString('utf8', object.start, object.end));
}

export function readJwkBlock(bytes: Buffer, hit: number): JwkBlock | undefined {
  const object = objectAround(bytes, hit);
  if (object === undefined) return undefined;
  const { start, end } = object;
  const text = bytes.toString('utf8', start, end);
  // Most keys in documents are public: no member `d` or `k`, nothing to parse.
  if (!/(?<!\w)[dk](?:\\{0,4}"|'|`|\s{0,8}:)/.test(text)) return undefined;
  const members = parseObject(text) ?? parseLiteral(text);
  if (members === undefined) return undefined;
  const name = members['kty'] === 'oct' ? 'k' : 'd';
  const secret = members[name];
  if (typeof secret !== 'string' || !/^[A-Za-z0-9_-]{16,8192}={0,2}$/.test(secret)) return undefined;
  const at = bytes.indexOf(secret, start, 'latin1');
  if (at < 0 || at >= end) return undefined;
  return { members, secret, span: { start: at, end: at + secret.length } };
}
