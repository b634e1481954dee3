/**
 * Detector `connection-string`: the password within a URL's user information or a key/value connection
 * string. The secret is the password; user, host and database are its account.
 */
import { attributesOf } from '../identity/attributes.js';
import { SecretValue } from '../model/secret-value.js';
import { type KeywordGate, mostUrlBytes } from '../prefilter/keyword-gates.js';
import { setsOfByte, urlEndBytes } from '../rules/byte-set.js';
import type { CompiledRule } from '../rules/rule-set.js';
import { undoPercent } from '../text/escapes.js';
import { opensTag } from './assigned-bytes.js';
import { isAlphanumeric, isBlank, isNewline, isQuote, skipBlanks } from './byte-class.js';
import type { Draft } from './draft.js';
import { drawnKeyEnd, drawnLineEnd } from './drawn-line.js';
import { isDrawnText } from './drawn-text.js';
import { isCountedWord, namesItself } from './made-up.js';
import { isExpressionSource, isFillerWord, plainWords, standInOf } from './placeholder.js';
import { isHardlyAWord, isPatterned, isWordless, looksRandom } from './randomness.js';

const mostSchemeBytes = 32;
const mostAuthorityBytes = 1024;

function isScheme(byte: number | undefined): boolean {
  return isAlphanumeric(byte) || byte === 0x2b || byte === 0x2d || byte === 0x2e;
}

/** Ends a URL in running text. */
function endsUrl(byte: number | undefined): boolean {
  return byte === undefined || byte === apostrophe || ((setsOfByte[byte] as number) & urlEndBytes) !== 0;
}

const apostrophe = 0x27;

/**
 * `postgres://app:it's@db`: an apostrophe that closes no quote is part of the password. One does where another opened before the URL, and where
 * the text goes on as lists and expressions do.
 */
function isInPassword(bytes: Uint8Array, start: number, at: number): boolean {
  const next = bytes[at + 1];
  if (
    bytes[at] !== apostrophe ||
    next === undefined ||
    endsUrl(next) ||
    /[,;:)\]}+.&|]/.test(String.fromCharCode(next))
  )
    return false;
  let scheme = start - 3;
  while (scheme > 0 && start - scheme < mostSchemeBytes && isScheme(bytes[scheme - 1])) scheme--;
  const line = bytes.subarray(Math.max(0, scheme - 120), scheme);
  return !line.subarray(line.lastIndexOf(0x0a) + 1).includes(apostrophe);
}

interface Authority {
  readonly userStart: number;
  readonly userEnd: number;
  readonly passwordStart: number;
  readonly passwordEnd: number;
  readonly hostEnd: number;
}

/**
 * `user:password@host` behind `://`. A password may hold `/`, `?` and `#` unescaped, so the last `@` before
 * the end of the first path-like part decides, and failing that the last `@` of a short text.
 */
function authorityAt(bytes: Uint8Array, start: number): Authority | undefined {
  let end = start;
  const ceiling = Math.min(bytes.length, start + mostAuthorityBytes);
  let at = -1;
  let colon = -1;
  let later = -1;
  let slash = -1;
  while (
    end < ceiling &&
    (!endsUrl(bytes[end]) || (colon >= 0 && at < 0 && isInPassword(bytes, start, end)))
  ) {
    const byte = bytes[end];
    if (byte === 0x40 && (slash < 0 || at < 0)) {
      // `user@mail.internal:password@host`: the user has an at sign of its own.
      if (at >= 0 && colon < 0) colon = later;
      at = end;
    } else if (byte === 0x3a && colon < 0 && at < 0) colon = end;
    else if (byte === 0x3a && later < 0 && at >= 0 && slash < 0) later = end;
    else if ((byte === 0x2f || byte === 0x3f) && slash < 0) {
      slash = end;
      // A host with port and path has its colon before the slash and no `@`: `://host:80/a@b`.
      if (at < 0 && colon >= 0 && /^\d{1,5}$/.test(asText(bytes, colon + 1, end))) return undefined;
      if (at >= 0) break;
    } else if (byte === 0x2c && at >= 0) break;
    end++;
  }
  if (at < 0 || colon < 0 || colon + 1 >= at || (slash >= 0 && slash < colon)) return undefined;
  let hostEnd = at + 1;
  while (
    hostEnd < ceiling &&
    (isScheme(bytes[hostEnd]) || bytes[hostEnd] === 0x3a || bytes[hostEnd] === 0x5f)
  )
    hostEnd++;
  return { userStart: start, userEnd: colon, passwordStart: colon + 1, passwordEnd: at, hostEnd };
}

function asText(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

function databaseAt(bytes: Buffer, at: number): string {
  return bytes[at] === 0x2f ? (/^\/[\w.-]{1,64}/.exec(bytes.toString('latin1', at, at + 66))?.[0] ?? '') : '';
}

/** What stands for a host in samples: RFC 2606 names and templates. */
const sampleHost =
  /(?:^|\.)(?:example\.(?:com|org|net)|example|invalid|test)$|^(?:host|hostname|server|your[\w-]*|my-?host)$/i;
const sampleUser =
  /^(?:user|username|usr|u|name|login|foo|bar|test|me|myuser|youruser|admin|root|guest|postgres|mysql|sa|redis|mongo|rabbitmq|a|x)$/i;

const sampleWord = /pass|pwd|secret|token|test|demo|sample|hunter2|changeit|letmein|qwerty|welcome|admin/;

/** Letters with at most a few digits behind them: what samples hold. */
function isWordy(password: string): boolean {
  return password.length < 8 || /^[a-z][a-z_-]*\d{0,4}$/i.test(password);
}

/** `API_KEY`, `DOMAIN`, `userKey`, `secret_dsn`: what is to be filled in, by its name. */
function isNameOfPart(text: string): boolean {
  if (/^[A-Z]{2,}(?:[_:-][A-Z]+)*\]?$/.test(text)) return true;
  return (
    /^[a-z]+(?:[_-][a-z]+|[A-Z][a-z]+)+$/.test(text) &&
    /key|token|secret|pass|user|login|id\b|dsn|host/i.test(text)
  );
}

/** A template, a reference or an expression where a password would stand, and not one that was drawn from such signs. */
function isStandIn(text: string): boolean {
  const stand = standInOf(text);
  const isOther = (stand !== undefined && stand !== 'filler') || isExpressionSource(text);
  return isOther && (stand === 'masked' || !isDrawnText(text));
}

function confidenceOf(
  user: string,
  password: string,
  host: string,
): { confidence: Draft['confidence']; reasons: string[] } | undefined {
  const stand = standInOf(password);
  if (isStandIn(password)) return undefined;
  // `http://[user[:password]]@host`: brackets round what may be left out.
  if (user.startsWith('[') && password.endsWith(']')) return undefined;
  // `nats://app:lqwzhb@%s:%d`: who fills in the host may have written the password down.
  if (/^[{<$%[(]/.test(host))
    return /^%[sd]/.test(host) && isHardlyAWord(password)
      ? { confidence: 'medium', reasons: ['userinfo', 'wordless'] }
      : undefined;
  // `http://%HOST:%PORT?mail=name@...`, `http://http://...`: the at sign belongs to something else.
  if (/^%[A-Z]|[?&]\w+=|^\/\//.test(password)) return undefined;
  const bareHost = host.replace(/:\d+$/, '');
  const isLocal =
    /^(?:localhost|127\.|0\.0\.0\.0|host\.docker|db$|postgres$|mysql$|redis$|mongo$|rabbitmq$)/.test(
      bareHost,
    );
  if (looksRandom(password) && !sampleHost.test(bareHost))
    return { confidence: 'high', reasons: ['userinfo', 'random'] };
  const isWord =
    stand === 'filler' ||
    isFillerWord(password) ||
    isFillerWord(plainWords(password)) ||
    password.toLowerCase() === user.toLowerCase() ||
    (isNameOfPart(password) && isNameOfPart(user)) ||
    isPatterned(password) ||
    password.length < 4;
  if (isWord) return { confidence: 'low', reasons: ['userinfo', 'filler'] };
  if (namesItself(password)) return { confidence: 'low', reasons: ['userinfo', 'names-itself'] };
  // Documentation uses such a host with a sample, a careless author with a password of his own.
  if (sampleHost.test(bareHost)) {
    const isSample = (isWordy(password) && !isWordless(password)) || sampleWord.test(plainWords(password));
    return { confidence: isSample ? 'low' : 'medium', reasons: ['userinfo', 'sample-host'] };
  }
  if (isHardlyAWord(password)) return { confidence: 'medium', reasons: ['userinfo', 'wordless'] };
  if (isLocal) {
    const isDigits = /^\d{6,}$/.test(password) && new Set(password).size >= 4;
    return { confidence: isDigits ? 'medium' : 'low', reasons: ['userinfo', 'local-host'] };
  }
  if (sampleUser.test(user) && /^[a-z]{1,9}\d{0,3}$/i.test(password))
    return { confidence: 'low', reasons: ['userinfo', 'wordy'] };
  return { confidence: 'medium', reasons: ['userinfo'] };
}

/** `https://TOKEN@host/`: the token takes the user's place. */
function detectTokenUser(rule: CompiledRule, bytes: Buffer, start: number): Draft | undefined {
  let end = start;
  while (end - start < 256 && (isAlphanumeric(bytes[end]) || bytes[end] === 0x5f || bytes[end] === 0x2d))
    end++;
  if (bytes[end] !== 0x40 || end - start < 20 || !isAlphanumeric(bytes[end + 1])) return undefined;
  const value = Buffer.from(bytes.subarray(start, end));
  const text = value.toString('latin1');
  if (!/\d/.test(text) || standInOf(text) !== undefined || !looksRandom(text)) return undefined;
  return {
    rule,
    value: new SecretValue(value),
    start,
    end,
    layers: ['in-url'],
    confidence: /^[0-9a-f]{32}$/.test(text) ? 'low' : 'medium',
    reasons: ['userinfo', 'random'],
    slot: 'user-url',
  };
}

function detectUrl(rule: CompiledRule, bytes: Buffer, hitEnd: number): Draft | undefined {
  const authority = authorityAt(bytes, hitEnd);
  if (authority === undefined) return detectTokenUser(rule, bytes, hitEnd);
  const written = bytes.subarray(authority.passwordStart, authority.passwordEnd);
  const plain = undoPercent(written);
  const value = plain?.bytes ?? written;
  const user = (
    undoPercent(bytes.subarray(authority.userStart, authority.userEnd))?.bytes ??
    bytes.subarray(authority.userStart, authority.userEnd)
  ).toString('utf8');
  const host = bytes.toString('latin1', authority.passwordEnd + 1, authority.hostEnd);
  const next = bytes[authority.passwordEnd + 1];
  if (host === '' && next !== 0x24 && next !== 0x25) return undefined;
  const verdict = confidenceOf(user, value.toString('utf8'), next === 0x25 ? '%s' : host);
  if (verdict === undefined) return undefined;
  let scheme = hitEnd - 3;
  while (scheme > 0 && hitEnd - scheme < mostSchemeBytes && isScheme(bytes[scheme - 1])) scheme--;
  const database = databaseAt(bytes, authority.hostEnd);
  return {
    rule,
    value: new SecretValue(value),
    start: authority.passwordStart,
    end: authority.passwordEnd,
    layers: plain === undefined ? ['in-url'] : ['in-url', 'percent'],
    confidence: verdict.confidence,
    reasons: verdict.reasons,
    slot: `${bytes.toString('latin1', scheme, hitEnd - 3)}-url`,
    account: `${user}@${host}${database}`,
    attributes: attributesOf(rule.kind, rule.detector, '', {
      whole: urlText(bytes, scheme, authority.hostEnd),
    }),
  };
}

/** The URL up to its end, for the facts in it. */
function urlText(bytes: Buffer, start: number, from: number): string {
  let end = from;
  const ceiling = Math.min(bytes.length, start + mostAuthorityBytes);
  while (end < ceiling && !endsUrl(bytes[end])) end++;
  return bytes.toString('latin1', start, end);
}

const connectionKeys =
  /(?:^|[;"'\s(=])(server|data source|host|hostname|address|addr|user id|uid|user|username|user name|database|initial catalog|dbname|dsn|driver|provider|accountname|endpointsuffix|endpoint|sharedaccesskeyname|defaultendpointsprotocol|id)\s*=\s*([^;"'\s]{1,128})/gi;

/** Facts of the other keys within the same string, for the account. */
function connectionFacts(text: string): { count: number; account: string | undefined } {
  const facts = new Map<string, string>();
  for (const match of text.matchAll(connectionKeys))
    facts.set((match[1] ?? '').toLowerCase(), match[2] ?? '');
  const first = (...names: string[]): string =>
    names.map((name) => facts.get(name)).find((found) => found !== undefined) ?? '';
  const user = first(
    'user id',
    'uid',
    'username',
    'user name',
    'user',
    'accountname',
    'sharedaccesskeyname',
    'id',
  );
  const host = first('server', 'data source', 'host', 'hostname', 'address', 'addr', 'endpoint');
  const database = first('database', 'initial catalog', 'dbname');
  const account = `${user}@${host}${database === '' ? '' : `/${database}`}`;
  return { count: facts.size, account: account === '@' ? undefined : account };
}

/** The connection string round `at`: up to quotes or line ends. */
function stringAround(text: string, at: number): string {
  const before = /[^"'<>\r\n]*$/.exec(text.slice(0, at))?.[0] ?? '';
  const behind = /^[^"'<>\r\n]*/.exec(text.slice(at))?.[0] ?? '';
  return before + behind;
}

/** Bytes of one connection string to either side of its password. */
const keyReach = 300;

/** `password=x, host=y`, `[password=x]`: the comma and the bracket belong to the text round the string. */
function withoutTail(bytes: Uint8Array, start: number, from: number): number {
  let end = from;
  for (; end > start + 1; end--) {
    const byte = bytes[end - 1];
    const open = byte === 0x29 ? 0x28 : byte === 0x5d ? 0x5b : byte === 0x7d ? 0x7b : 0;
    if (byte !== 0x2c && (open === 0 || bytes.subarray(start, end - 1).includes(open))) break;
  }
  return end;
}

/** ODBC's `PWD={value};`: braces round a value that is no name to be filled in. */
function isBraced(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    bytes[end - 1] === 0x7d &&
    bytes[start + 1] !== 0x7b &&
    !/^[A-Za-z_ .-]*$/.test(asText(bytes, start + 1, end - 1))
  );
}

/** `Password=&quot;x&quot;`: what stands before the semicolon of an entity. */
const entityHead = /^&(?:quot|apos|amp|lt|gt|#x?\w{1,4})$/i;

/** `password=x dbname=main`: libpq and others put blanks between their keys; a semicolon further on belongs to the statement. */
function isNextKey(bytes: Buffer, at: number): boolean {
  return /^[ \t]{1,4}[a-z_]{2,24}=[^=]/i.test(bytes.toString('latin1', at, at + 32));
}

/** `grep ^password= | cut -d = -f 2`: the next command of a pipeline. */
const pipe = /^(?:\|\|?|&&|>) /;

/** `userPassword={SSHA}…`: what a directory keeps instead of a password (RFC 2307). */
const hashScheme = /^\{(?:S?MD5|S?SHA\d*|(?:\w+-)?CRYPT|PBKDF2[\w-]*|ARGON2\w*)\}/i;

/** `password=password=`: the key once more. */
function repeatsKey(bytes: Uint8Array, from: number, to: number, at: number): boolean {
  for (let i = from; i < to; i++) if (bytes[at + i - from] !== bytes[i]) return false;
  return bytes[to - 1] === 0x3d || bytes[at + to - from] === 0x3d;
}

function detectKeyed(rule: CompiledRule, bytes: Buffer, hitStart: number, hitEnd: number): Draft | undefined {
  let start = skipBlanks(bytes, hitEnd);
  if (bytes[hitEnd - 1] !== 0x3d) {
    if (bytes[start] !== 0x3d) return undefined;
    start = skipBlanks(bytes, start + 1);
  }
  if (bytes[start] === bytes[hitStart] && repeatsKey(bytes, hitStart, hitEnd, start)) return undefined;
  const quote = isQuote(bytes[start]) ? bytes[start] : undefined;
  if (quote !== undefined) start++;
  let end = start;
  const ceiling = Math.min(bytes.length, start + 512);
  while (end < ceiling && !isNewline(bytes[end])) {
    const byte = bytes[end];
    if (
      quote === undefined
        ? byte === 0x3b ||
          isQuote(byte) ||
          byte === 0x3c ||
          (isBlank(byte) && (!bytes.subarray(end, end + 80).includes(0x3b) || isNextKey(bytes, end)))
        : byte === quote
    )
      break;
    end++;
  }
  if (quote === undefined) {
    const drawn = Math.max(
      drawnLineEnd(bytes, hitStart, start, end),
      drawnKeyEnd(bytes, hitStart, start, end),
    );
    end = drawn > 0 ? drawn : withoutTail(bytes, start, end);
  }
  if (quote === undefined && bytes[start] === 0x7b && isBraced(bytes, start, end)) {
    start++;
    end--;
  }
  if (end - start < 3) return undefined;
  const lineFrom = Math.max(0, hitStart - keyReach);
  const around = bytes.toString('latin1', lineFrom, Math.min(bytes.length, end + keyReach));
  const facts = connectionFacts(around);
  if (facts.count < 2) return undefined;
  while (end > start && isBlank(bytes[end - 1])) end--;
  while (start < end && isBlank(bytes[start])) start++;
  const value = Buffer.from(bytes.subarray(start, end));
  const text = value.toString('utf8');
  // `password = getpass.getpass(`: code, however much it looks like the next key of a string.
  if (quote === undefined && (/^[\w.>:-]+\(/.test(text) || opensTag(bytes, end))) return undefined;
  if (entityHead.test(text) || isStandIn(text) || text.length < 3) return undefined;
  const isCommand = quote === undefined ? pipe.test(text) : quote === 0x60 && text.includes(' ');
  if (isCommand || hashScheme.test(text)) return undefined;
  // `password = row['password']` among other assignments of a program.
  const isSpaced = isBlank(bytes[hitEnd]) || isBlank(bytes[start - 1]);
  if (quote === undefined && (/^[\w.]+\[['"\w]/.test(text) || (isSpaced && /^[a-z][a-zA-Z_]*$/.test(text))))
    return undefined;
  const isUser = facts.account?.split(/[@/]/).includes(text) === true;
  const isWord = standInOf(text) === 'filler' || isUser || isPatterned(text) || isCountedWord(text);
  return {
    rule,
    value: new SecretValue(value),
    start,
    end,
    layers: [],
    confidence: isWord ? 'low' : looksRandom(text) ? 'high' : 'medium',
    reasons: ['connection-string', ...(isWord ? ['filler'] : [])],
    slot: bytes.toString('latin1', hitStart, hitEnd).replace(/[\s=]+$/, ''),
    ...(facts.account === undefined ? {} : { account: facts.account }),
    attributes: attributesOf(rule.kind, rule.detector, '', {
      whole: stringAround(around, hitStart - lineFrom),
    }),
  };
}

/** An at sign ends the user of every URL that is found; keys of connection strings need none. */
export function connectionGate({ keywords }: CompiledRule): KeywordGate | undefined {
  const isUrl = keywords.every(({ text }) => {
    const sign = text.indexOf('://');
    const isOfUrl = [...Buffer.from(text)].every((byte) => !endsUrl(byte));
    return isOfUrl && sign >= 0 && sign + 3 + mostAuthorityBytes <= mostUrlBytes;
  });
  return isUrl ? { run: 0, runSet: 0, before: 0, behind: 0, border: 0, asksAt: true } : undefined;
}

/** The draft for a keyword of the rule: `://` starts a URL, everything else a key of a connection string. */
export function detectConnectionString(
  rule: CompiledRule,
  bytes: Buffer,
  hitStart: number,
  hitEnd: number,
): Draft | undefined {
  const at = bytes.subarray(hitStart, hitEnd + 1).indexOf('://');
  if (at >= 0) return detectUrl(rule, bytes, hitStart + at + 3);
  // Not in all that follows: a text full of scheme names would be searched to its end for each.
  const offset = bytes.subarray(hitEnd, hitEnd + 15).indexOf('://');
  const separator = offset < 0 ? -1 : hitEnd + offset;
  // Keywords may be schemes (`postgres`, `mongodb+srv`).
  if (separator >= 0 && separator - hitEnd <= 12) {
    let i = hitEnd;
    while (i < separator && isScheme(bytes[i])) i++;
    if (i === separator) return detectUrl(rule, bytes, separator + 3);
  }
  return detectKeyed(rule, bytes, hitStart, hitEnd);
}
