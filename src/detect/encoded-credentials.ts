/**
 * Detectors `jwt`, `basic-header` and `docker-auth`: credentials whose value is an encoded structure.
 */
import { SecretValue } from '../model/secret-value.js';
import type { CompiledRule } from '../rules/rule-set.js';
import { hasFoldedAt, isBase64, isBlank, isNewline, isQuote, skipBlanks } from './byte-class.js';
import { jwtHeader } from './checksum.js';
import { type Draft, lowerOf } from './draft.js';
import { namesItself } from './made-up.js';
import { isFillerWord, plainWords, standInOf } from './placeholder.js';
import { isHardlyAWord, isPasswordLike, isPatterned, looksRandom } from './randomness.js';

const mostTokenBytes = 16384;

function base64End(bytes: Uint8Array, start: number, most: number): number {
  const ceiling = Math.min(bytes.length, start + most);
  let end = start;
  while (end < ceiling && isBase64(bytes[end])) end++;
  while (end < ceiling && bytes[end] === 0x3d && end > start) end++;
  return end;
}

/** At least a claim in base64url: `{"` and more. */
function isJsonHead(part: string): boolean {
  return part.length >= 16 && part.startsWith('ey');
}

/**
 * A token's payload is a JSON object. Whatever else somebody signed (a sentence, compressed data) names nobody to whom it
 * would open anything.
 */
function isClaimsSet(part: string): boolean {
  return /^(?:e[w-z0-3]|IHs|Cns|DQp7)/.test(part);
}

/** The claims that editors of tokens begin with, whoever signed them: `"sub": "1234567890"`. */
function isSamplePayload(part: string): boolean {
  return (
    part.length < 400 && /"sub"\s*:\s*"1234567890"/.test(Buffer.from(part, 'base64url').toString('latin1'))
  );
}

/** JWS and JWE in compact form: base64url parts joined by dots, the first a JSON header (RFC 7515, 7516). */
export function detectJwt(rule: CompiledRule, bytes: Buffer, hitStart: number): Draft | undefined {
  if (isBase64(bytes[hitStart - 1])) return undefined;
  const ceiling = Math.min(bytes.length, hitStart + mostTokenBytes);
  let end = hitStart;
  let dots = 0;
  while (end < ceiling && (isBase64(bytes[end]) || (bytes[end] === 0x2e && dots < 4))) {
    if (bytes[end] === 0x2e) dots++;
    end++;
  }
  if (dots < 1) return undefined;
  let text = bytes.toString('latin1', hitStart, end);
  const parts = text.split('.');
  if (
    parts.length > 3 &&
    (parts.length !== 5 || ((parts[1] ?? '').length > 0 && (parts[2] ?? '').length < 8))
  )
    parts.length = 3;
  while (parts.length > 3 && parts.length !== 5) parts.pop();
  text = parts.join('.');
  const header = jwtHeader(text);
  if (header === undefined || ((parts[1] ?? '').length < 4 && parts.length === 3)) return undefined;
  // Header and payload alone: the signature was cut off, or never written.
  if (parts.length === 2 && (header !== 'algorithm' || !isJsonHead(parts[1] ?? ''))) return undefined;
  const isUnsigned = parts.length <= 3 && (parts[2] ?? '').length < 16;
  if (isUnsigned && (parts[2] ?? '').length > 0) return undefined;
  const isSample = parts.length === 3 && isSamplePayload(parts[1] ?? '');
  const isOpaque = parts.length === 3 && !isClaimsSet(parts[1] ?? '');
  const isDoubtful =
    isUnsigned || isSample || isOpaque || header !== 'algorithm' || isPatterned(parts[2] ?? '');
  return {
    rule,
    value: new SecretValue(Buffer.from(text, 'latin1')),
    start: hitStart,
    end: hitStart + text.length,
    layers: [],
    confidence: isDoubtful ? 'low' : rule.confidence,
    reasons: [
      'jwt-structure',
      ...(isUnsigned ? ['unsigned'] : []),
      ...(isSample ? ['sample-claims'] : []),
      ...(isOpaque ? ['no-claims'] : []),
      ...(header === 'algorithm' ? [] : ['no-algorithm']),
    ],
  };
}

interface UserAndPassword {
  readonly user: string;
  readonly password: Buffer;
}

/** Splits `user:password`; undefined for binary text, an empty half or a stand-in. */
function userAndPassword(decoded: Buffer): UserAndPassword | undefined {
  const colon = decoded.indexOf(0x3a);
  if (colon < 0 || colon === decoded.length - 1) return undefined;
  for (const byte of decoded) if (byte < 0x20 || byte === 0x7f) return undefined;
  const password = decoded.subarray(colon + 1);
  const text = password.toString('utf8');
  if (text.includes('\ufffd')) return undefined;
  const stand = standInOf(text);
  if (stand !== undefined && stand !== 'filler') return undefined;
  return { user: decoded.subarray(0, colon).toString('utf8'), password };
}

/**
 * A header proves that the two belong together, not that they open anything: examples and tests are full of
 * `user:password`. Words rank low, what people choose medium, random values as the rule says.
 */
function verdictOn(pair: UserAndPassword, rule: CompiledRule): Pick<Draft, 'confidence' | 'reasons'> {
  const text = pair.password.toString('utf8');
  const isFiller =
    standInOf(text) === 'filler' ||
    isFillerWord(text) ||
    isFillerWord(plainWords(text)) ||
    text.toLowerCase() === pair.user.toLowerCase() ||
    isPatterned(text) ||
    namesItself(text) ||
    text.length < 4;
  if (isFiller) return { confidence: 'low', reasons: ['user-and-password', 'filler'] };
  if (looksRandom(text)) return { confidence: rule.confidence, reasons: ['user-and-password', 'random'] };
  if (isPasswordLike(text) || isHardlyAWord(text)) {
    return {
      confidence: lowerOf(rule.confidence, 'medium'),
      reasons: ['user-and-password', 'password-like'],
    };
  }
  return { confidence: 'low', reasons: ['user-and-password', 'wordy'] };
}

function credentialDraft(
  rule: CompiledRule,
  start: number,
  end: number,
  pair: UserAndPassword,
  layers: Draft['layers'],
  slot: string,
): Draft {
  const { confidence, reasons } = verdictOn(pair, rule);
  return {
    rule,
    value: new SecretValue(Buffer.from(pair.password)),
    start,
    end,
    layers,
    confidence,
    reasons,
    slot,
    ...(pair.user === '' ? {} : { account: pair.user }),
  };
}

/** `Authorization: Basic base64(user:password)`: the password is the secret (RFC 7617). */
function detectBasic(rule: CompiledRule, bytes: Buffer, hitEnd: number): Draft | undefined {
  const start = skipBlanks(bytes, hitEnd);
  if (start === hitEnd && !isBlank(bytes[hitEnd - 1])) return undefined;
  const end = base64End(bytes, start, 2048);
  if (end - start < 6) return undefined;
  const text = bytes.toString('latin1', start, end);
  const decoded = Buffer.from(text, 'base64');
  const pair = userAndPassword(decoded);
  if (pair !== undefined) return credentialDraft(rule, start, end, pair, ['basic-header'], 'authorization');
  return isOpaque(text, decoded) ? opaqueDraft(rule, start, text) : undefined;
}

/** Base64 with its padding of what is no text: a credential that is encrypted, or was altered in a copy. */
function isOpaque(text: string, decoded: Buffer): boolean {
  return (
    /^(?=.*[a-z])(?=.*[A-Z])[\w+/-]{8,200}={1,2}$/.test(text) &&
    !isPatterned(text) &&
    decoded.length >= 6 &&
    decoded.some((byte) => byte >= 0x80 || byte < 0x20)
  );
}

function opaqueDraft(rule: CompiledRule, start: number, text: string): Draft {
  return {
    rule,
    value: new SecretValue(Buffer.from(text, 'latin1')),
    start,
    end: start + text.length,
    layers: [],
    confidence: lowerOf(rule.confidence, 'medium'),
    reasons: ['authorization', 'opaque'],
    slot: 'authorization',
  };
}

/** `Bearer TOKEN` (RFC 6750) with a token that looks drawn at random. */
function detectBearer(rule: CompiledRule, bytes: Buffer, hitEnd: number, isBare = false): Draft | undefined {
  const start = skipBlanks(bytes, hitEnd);
  if (!isBare && start === hitEnd && !isBlank(bytes[hitEnd - 1])) return undefined;
  let end = start;
  const ceiling = Math.min(bytes.length, start + 4096);
  while (
    end < ceiling &&
    (isBase64(bytes[end]) || bytes[end] === 0x2e || bytes[end] === 0x7e || bytes[end] === 0x3d)
  )
    end++;
  while (end > start && bytes[end - 1] === 0x2e) end--;
  const text = bytes.toString('latin1', start, end);
  if (text.length < 12 || standInOf(text) !== undefined) return undefined;
  if (!/\d/.test(text) || (!looksRandom(text) && (isBare || text.length < 40))) return undefined;
  if (isBare && (text.length < 20 || /=./.test(text) || bytes[end] === 0x2e)) return undefined;
  return {
    rule,
    value: new SecretValue(Buffer.from(text, 'latin1')),
    start,
    end,
    layers: [],
    confidence:
      text.length >= 20 && looksRandom(text)
        ? isBare
          ? lowerOf(rule.confidence, 'medium')
          : rule.confidence
        : 'low',
    reasons: [isBare ? 'authorization' : 'bearer', 'random'],
    slot: 'authorization',
  };
}

/** `Authorization: x` and `Authorization: Token x`: schemes of a service's own (RFC 9110 §11.6.2 leaves them open). */
function detectBareToken(rule: CompiledRule, bytes: Buffer, hitEnd: number, line: string): Draft | undefined {
  const head =
    /^["'\]]{0,3}\s{0,8}(?:=>|[:=,])\s{0,8}["'`]?(?:[A-Za-z-]{2,16}\s{1,2}(?:token=["']?)?)?(?=[\w+/])/.exec(
      line,
    );
  if (head === null) return undefined;
  const start = hitEnd + head[0].length;
  return (
    detectBearer(rule, bytes, start, true) ??
    (hasScheme(head[0]) ? detectOpaque(rule, bytes, start) : undefined)
  );
}

/** `Authorization: ApiKey `: base64 with its padding behind such a word is meant to be decoded. */
function hasScheme(head: string): boolean {
  return /(?:key|token|secret|digest|hmac)\s$/i.test(head);
}

function detectOpaque(rule: CompiledRule, bytes: Buffer, start: number): Draft | undefined {
  const text = bytes.toString('latin1', start, base64End(bytes, start, 256));
  return isOpaque(text, Buffer.from(text, 'base64')) ? opaqueDraft(rule, start, text) : undefined;
}

/** `curl -u TOKEN:`: an API's key in the user's place, and no password. */
function tokenDraft(rule: CompiledRule, bytes: Buffer, start: number, end: number): Draft | undefined {
  const text = bytes.toString('latin1', start, end);
  if (!/^[\w.~-]{16,128}$/.test(text) || !looksRandom(text) || standInOf(text) !== undefined)
    return undefined;
  return {
    rule,
    value: new SecretValue(Buffer.from(text, 'latin1')),
    start,
    end,
    layers: [],
    confidence: lowerOf(rule.confidence, 'medium'),
    reasons: ['token-as-user', 'random'],
    slot: 'user',
  };
}

/** `curl -u user:password`. */
function detectUserFlag(rule: CompiledRule, bytes: Buffer, hitEnd: number): Draft | undefined {
  let start = skipBlanks(bytes, hitEnd);
  if (bytes[start] === 0x3d) start++;
  const quote = isQuote(bytes[start]) ? bytes[start] : undefined;
  if (quote !== undefined) start++;
  let end = start;
  const ceiling = Math.min(bytes.length, start + 256);
  while (
    end < ceiling &&
    (quote === undefined
      ? (bytes[end] as number) > 0x20 && !isQuote(bytes[end])
      : bytes[end] !== quote && bytes[end] !== 0x0a)
  )
    end++;
  if (bytes[end - 1] === 0x3a) return tokenDraft(rule, bytes, start, end - 1);
  const pair = userAndPassword(Buffer.from(bytes.subarray(start, end)));
  if (pair === undefined || !/^[\w.@+\\-]{1,80}$/.test(pair.user) || pair.password.length < 4)
    return undefined;
  if (
    /^\d+$/.test(pair.password.toString('latin1')) ||
    pair.password[0] === 0x2f ||
    pair.password[0] === 0x3a
  )
    return undefined;
  return credentialDraft(rule, end - pair.password.length, end, pair, [], 'user');
}

/** The draft for a keyword of the rule, by which word it holds. */
export function detectHeader(
  rule: CompiledRule,
  bytes: Buffer,
  hitStart: number,
  hitEnd: number,
): Draft | undefined {
  const word = bytes.toString('latin1', hitStart, hitEnd).toLowerCase();
  if (word.includes('bearer')) return detectBearer(rule, bytes, hitEnd);
  if (word.includes('basic')) return detectBasic(rule, bytes, hitEnd);
  if (word.includes('-u') || word.includes('user')) return detectUserFlag(rule, bytes, hitEnd);
  if (!word.includes('authorization')) return undefined;
  const line = bytes.toString('latin1', hitEnd, hitEnd + 40);
  const scheme = /^["'\]]{0,3}\s{0,8}(?:=>|[:=,])\s{0,8}["'`]?(basic|bearer)\s/i.exec(line);
  if (scheme === null) return detectBareToken(rule, bytes, hitEnd, line);
  const at = hitEnd + scheme[0].length;
  return (scheme[1] ?? '').toLowerCase() === 'basic'
    ? detectBasic(rule, bytes, at)
    : detectBearer(rule, bytes, at);
}

/** Offset of the value behind quotes, blanks, `:` and `=`; -1 when none of them stands there. */
function behindSign(bytes: Uint8Array, at: number): number {
  let start = at;
  while (
    start < at + 12 &&
    (isBlank(bytes[start]) || isQuote(bytes[start]) || bytes[start] === 0x3a || bytes[start] === 0x3d)
  )
    start++;
  return start === at ? -1 : start;
}

/** `npmAuthIdent: user:password`. */
function plainPair(rule: CompiledRule, bytes: Buffer, start: number): Draft | undefined {
  const text = /^[\w.@+-]{1,64}:[^\s"'`]{4,128}/.exec(bytes.toString('latin1', start, start + 200))?.[0];
  if (text === undefined) return undefined;
  const pair = userAndPassword(Buffer.from(text, 'latin1'));
  if (pair === undefined) return undefined;
  const end = start + text.length;
  return credentialDraft(rule, end - pair.password.length, end, pair, [], 'auth');
}

const passwordKey = '_password';

/** npm's `_password=`: base64 of the password alone, on a line of its own or behind a registry. */
function detectNpmPassword(
  rule: CompiledRule,
  bytes: Buffer,
  hitStart: number,
  start: number,
): Draft | undefined {
  const before = bytes[hitStart - 1];
  if (before !== undefined && before !== 0x3a && !isNewline(before)) return undefined;
  const end = base64End(bytes, start, 512);
  if ((end - start) % 4 !== 0 || end - start < 8) return undefined;
  const password = Buffer.from(bytes.toString('latin1', start, end), 'base64');
  const isText = password.every((byte) => byte >= 0x20 && byte !== 0x7f);
  if (!isText || password.toString('utf8').includes('\ufffd')) return undefined;
  return credentialDraft(rule, start, end, { user: '', password }, ['base64'], '_password');
}

/** Docker's `"auth": "base64(user:password)"`, npm's `_auth=` and `_password=`, Yarn's `npmAuthIdent`. */
export function detectDockerAuth(rule: CompiledRule, bytes: Buffer, hitEnd: number): Draft | undefined {
  const start = behindSign(bytes, hitEnd);
  if (start < 0) return undefined;
  if (hasFoldedAt(bytes, hitEnd - passwordKey.length, passwordKey)) {
    return detectNpmPassword(rule, bytes, hitEnd - passwordKey.length, start);
  }
  const end = base64End(bytes, start, 4096);
  if (hasFoldedAt(bytes, hitEnd - 5, 'ident') && (end - start < 8 || bytes[end] === 0x3a)) {
    return plainPair(rule, bytes, start);
  }
  if (end - start < 8) return undefined;
  const pair = userAndPassword(Buffer.from(bytes.toString('latin1', start, end), 'base64'));
  return pair === undefined ? undefined : credentialDraft(rule, start, end, pair, ['base64'], 'auth');
}
