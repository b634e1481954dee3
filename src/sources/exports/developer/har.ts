/** HAR: recordings of a browser's network traffic. Each request with its answer is a record. */
import { gunzipSync } from 'node:zlib';
import type { Dialect, ExportReader, Probe, Recognition, RecordText } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { folderPlace, RecordIds } from '../generic/file-place.js';
import { readJsonRecords } from '../json-records.js';
import { claims, noClaims, unclaimedTexts } from '../leaves.js';
import { isObject, type JsonObject, memberOf, objectOf, stringOf } from '../object-texts.js';
import { fromIso, recordTime } from '../times.js';

export const har: ExportReader = {
  id: 'har',
  system: 'har',
  label: 'HAR recording',
  most: 0.97,
  jsonKeys: ['log'],
  recognise,
  async read(file, sink) {
    const place = folderPlace(file);
    const ids = new RecordIds(file);
    let count = 0;
    await readJsonRecords(file, ['/log/entries/*'], sink, {
      record({ value, raw }) {
        count++;
        if (!isObject(value)) return;
        const time = recordTime(fromIso(memberOf(value, 'startedDateTime')));
        sink.record({
          place,
          type: 'request',
          id: ids.next(`entry ${count}`),
          title: titleOf(value),
          ...(time === undefined ? {} : { time }),
          revision: { state: 'current' },
          action: 'delete',
          texts: entryTexts(value, () => sink.note('undecodable')),
          raw,
        });
      },
      end(root) {
        const texts = unclaimedTexts(root, noClaims, { known: knownKeys });
        if (texts.length > 0)
          sink.record({ place, type: 'setting', id: ids.next('log'), revision: { state: 'current' }, texts });
      },
    });
  },
};

const knownKeys: ReadonlySet<string> = new Set(['version', 'name', 'title', 'comment', 'id']);

function recognise({ json, text }: Probe): Recognition | undefined {
  if (json?.root !== 'object' || !json.keys.includes('log')) return undefined;
  const isHar =
    /"entries"\s*:\s*\[/.test(text) &&
    /"(?:startedDateTime|creator|pages)"\s*:/.test(text) &&
    /"version"\s*:|"request"\s*:/.test(text);
  return isHar ? { score: 0.97, reason: 'log with entries, creator, version' } : undefined;
}

/** Method and address without its query, which often holds credentials. */
function titleOf(entry: JsonObject): string {
  const request = objectOf(entry, 'request') ?? {};
  const url = (stringOf(request, 'url') ?? '').split(/[?#]/, 1)[0] ?? '';
  return `${stringOf(request, 'method') ?? ''} ${url.replace(/\/\/[^/@\s]*@/, '//')}`.trim().slice(0, 300);
}

const entryClaims = claims(
  'startedDateTime',
  'request.method',
  'request.httpVersion',
  'request.url',
  'request.headers',
  'request.cookies',
  'request.queryString',
  'request.postData',
  'response.httpVersion',
  'response.statusText',
  'response.headers',
  'response.cookies',
  'response.redirectURL',
  'response.content',
  '_webSocketMessages',
);

/** Methods, versions and status texts say nothing; a proxy may have put anything there. */
const plainWord = /^(?:[A-Z]{3,10}|HTTP\/[\d.]{1,4}|[hH][\w.]{1,8}|[A-Za-z][A-Za-z' -]{0,40})$/;

function entryTexts(entry: JsonObject, onUndecodable: () => void): RecordText[] {
  const request = objectOf(entry, 'request') ?? {};
  const response = objectOf(entry, 'response') ?? {};
  const texts: RecordText[] = [];
  const link = (holder: JsonObject, path: string, key: string): void => {
    const text = stringOf(holder, key);
    if (text !== undefined)
      texts.push({ text, dialect: 'plain', field: { path: `${path}.${key}`, role: 'link' } });
  };
  const word = (holder: JsonObject, path: string, key: string): void => {
    const text = stringOf(holder, key);
    if (text === undefined || plainWord.test(text)) return;
    texts.push({ text, dialect: 'plain', field: { path: `${path}.${key}`, role: 'metadata' } });
  };
  link(request, 'request', 'url');
  for (const key of ['method', 'httpVersion'] as const) word(request, 'request', key);
  for (const key of ['httpVersion', 'statusText'] as const) word(response, 'response', key);
  texts.push(...namedValues(request, 'request', 'queryString'));
  texts.push(...namedValues(request, 'request', 'headers'), ...namedValues(request, 'request', 'cookies'));
  const posted = objectOf(request, 'postData');
  if (posted !== undefined) texts.push(...postedTexts(posted));
  link(response, 'response', 'redirectURL');
  texts.push(
    ...namedValues(response, 'response', 'headers'),
    ...namedValues(response, 'response', 'cookies'),
  );
  const content = objectOf(response, 'content');
  if (content !== undefined) texts.push(...contentTexts(content, onUndecodable));
  const messages = memberOf(entry, '_webSocketMessages');
  if (Array.isArray(messages)) {
    for (const [index, message] of messages.entries())
      texts.push(
        ...bodyTexts(
          isObject(message) ? memberOf(message, 'data') : undefined,
          `_webSocketMessages.${index}`,
          'plain',
        ),
      );
  }
  return [...texts, ...unclaimedTexts(entry, entryClaims)];
}

/** Headers, cookies, parameters: `{ name, value }`, and what browsers add to them. */
function namedValues(holder: JsonObject, path: string, key: string): RecordText[] {
  const pairs = memberOf(holder, key);
  if (!Array.isArray(pairs)) return unclaimedTexts(pairs, noClaims, { prefix: `${path}.${key}` });
  return pairs.flatMap((pair: unknown, index) => {
    if (!isObject(pair)) return [];
    const name = stringOf(pair, 'name') ?? '';
    const own = `${path}.${key}.${ordinaryName.test(name) && name !== '' ? name : index}`;
    const rest = unclaimedTexts(pair, pairClaims, { prefix: own, noise: cookieNoise });
    // A body that is no form shows up as the name of its only parameter.
    if (!ordinaryName.test(name))
      rest.unshift({ text: name, dialect: 'plain', field: { path: `${path}.${key}`, role: 'header' } });
    const value = stringOf(pair, 'value');
    return value === undefined || value.length < 3 ? rest : [named(value, own, name), ...rest];
  });
}

const ordinaryName = /^[\w.:[\]$%-]{0,64}$/;
const pairClaims = claims('name', 'value');
const cookieNoise: ReadonlySet<string> = new Set(['path', 'expires', 'sameSite', 'contentType']);

function named(text: string, path: string, name: string): RecordText {
  const label = name === '' || name.startsWith(':') ? undefined : name;
  return {
    text,
    dialect: 'plain',
    field: { path, role: 'header' },
    ...(label === undefined ? {} : { label }),
  };
}

function postedTexts(posted: JsonObject): RecordText[] {
  const texts = namedValues(posted, 'request.postData', 'params');
  const text = stringOf(posted, 'text');
  const isForm = /urlencoded/i.test(stringOf(posted, 'mimeType') ?? '');
  if (text !== undefined && isForm && texts.length === 0) {
    for (const [name, value] of new URLSearchParams(text))
      if (value.length > 2) texts.push(named(value, `request.postData.${name}`, name));
  }
  const rest = unclaimedTexts(posted, claims('mimeType', 'text', 'params'), { prefix: 'request.postData' });
  return [...texts, ...bodyTexts(text, 'request.postData', 'plain'), ...rest];
}

const textMime = /json|xml|html|javascript|ecmascript|^text\/|urlencoded|graphql|yaml|csv|^$/i;
/** Inflated bytes of one answer. */
const maxInflatedBytes = 32 * 1024 * 1024;

function contentTexts(content: JsonObject, onUndecodable: () => void): RecordText[] {
  const path = 'response.content';
  const mime = stringOf(content, 'mimeType') ?? '';
  const rest = unclaimedTexts(content, claims('mimeType', 'text', 'encoding'), { prefix: path });
  let text = stringOf(content, 'text');
  if (text === undefined) return rest;
  if (memberOf(content, 'encoding') === 'base64') {
    if (!textMime.test(mime)) return rest;
    const bytes = inflated(Buffer.from(text, 'base64'));
    if (bytes === undefined) {
      onUndecodable();
      return rest;
    }
    text = decodeHead(bytes);
  }
  const dialect = /html/i.test(mime) ? 'html' : /javascript|ecmascript/i.test(mime) ? 'code' : 'plain';
  return [...bodyTexts(text, path, dialect), ...rest];
}

/** Bytes that a browser stored packed; undefined when they do not unpack. */
function inflated(bytes: Buffer): Buffer | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxInflatedBytes });
  } catch {
    return undefined;
  }
}

/** A body; JSON whose quotes are escaped within the string comes as its leaves. */
function bodyTexts(text: unknown, prefix: string, dialect: Dialect): RecordText[] {
  if (typeof text !== 'string') return [];
  return unclaimedTexts({ text }, noClaims, { prefix, role: 'body', dialect });
}
