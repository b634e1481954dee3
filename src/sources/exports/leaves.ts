/**
 * The sweep: every string of a JSON value that a reader has not claimed. It catches next year's fields and vendor
 * extras. What is left out, is left out on purpose: see `isNoise`.
 */
import type { RecordField } from '../../model/appearance.js';
import type { Dialect, RecordText } from './contract.js';
import { damagedKey } from './json-remainder.js';

/**
 * Paths that a reader handles itself (a claimed path claims all under it), as a tree so that the sweep needs no path
 * strings. Made once per format by {@link claims}.
 */
export interface Claims {
  /** Undefined for a node that is claimed whole. */
  readonly under: ReadonlyMap<string, Claims> | undefined;
}

/**
 * @param paths keys joined with `.`; `*` stands for any key or index: `text`, `user.name`, `attachments.*.title`
 */
export function claims(...paths: readonly string[]): Claims {
  interface Building {
    under: Map<string, Building> | undefined;
  }
  const root: Building = { under: new Map() };
  for (const path of paths) {
    let node = root;
    const keys = path.split('.');
    for (const [i, key] of keys.entries()) {
      if (node.under === undefined) break;
      let next = node.under.get(key);
      if (next === undefined) {
        next = { under: new Map() };
        node.under.set(key, next);
      }
      if (i === keys.length - 1) next.under = undefined;
      node = next;
    }
  }
  return root;
}

/** Nothing is claimed. */
export const noClaims: Claims = claims();

export interface SweepOptions {
  /** Path of `value` within the record, put before each field path, e.g. `attachments.0`. */
  readonly prefix?: string;
  /** Role of the texts; `metadata` unless given. */
  readonly role?: RecordField['role'];
  readonly dialect?: Dialect;
  /** Keys (last part of a path) that the format facts know: their text is handed over without a word. */
  readonly known?: ReadonlySet<string>;
  /** Keys whose strings are known to be no text in this format. */
  readonly noise?: ReadonlySet<string>;
  /** Strings that are no text in this format, besides {@link isNoise}. */
  readonly isNoise?: (key: string, text: string) => boolean;
  /** Told the key of each text that is neither known nor noise; `RecordSink.unknownKey` fits. */
  readonly onUnknown?: (key: string) => void;
}

/** Objects within objects that are followed; what lies deeper is handed over as JSON text. */
const maxDepth = 64;
/** JSON within a string within JSON ... */
const maxStringDepth = 4;

/** All strings of `value` that are neither claimed nor noise, in order. */
export function unclaimedTexts(value: unknown, claimed: Claims, options: SweepOptions = {}): RecordText[] {
  const sweep = new Sweep(options);
  sweep.value(value, claimed, undefined, 0);
  return sweep.texts;
}

class Sweep {
  readonly texts: RecordText[] = [];
  readonly #options: SweepOptions;
  readonly #path: string[];
  #stringDepth = 0;

  constructor(options: SweepOptions) {
    this.#options = options;
    this.#path = options.prefix === undefined ? [] : options.prefix.split('.');
  }

  /** @param holder object in which `value` stands under the last key, if it does */
  value(
    value: unknown,
    claimed: Claims | undefined,
    holder: Readonly<Record<string, unknown>> | undefined,
    depth: number,
  ): void {
    if (typeof value === 'string') this.#leaf(value, holder, depth);
    else if (typeof value !== 'object' || value === null) return;
    else if (depth >= maxDepth) this.#tooDeep(value);
    else if (Array.isArray(value)) this.#array(value, claimed, holder, depth);
    else this.#object(value as Record<string, unknown>, claimed, depth);
  }

  #array(
    array: readonly unknown[],
    claimed: Claims | undefined,
    holder: Readonly<Record<string, unknown>> | undefined,
    depth: number,
  ): void {
    const each = claimed?.under?.get('*');
    if (each !== undefined && each.under === undefined) return;
    for (let i = 0; i < array.length; i++) {
      this.#path.push(String(i));
      this.value(array[i], each, holder, depth + 1);
      this.#path.pop();
    }
  }

  #object(object: Record<string, unknown>, claimed: Claims | undefined, depth: number): void {
    const under = claimed?.under;
    for (const key in object) {
      const child = object[key];
      if (typeof child !== 'string' && (typeof child !== 'object' || child === null)) {
        if (key.length >= leastKeyText) this.#keyText(key);
        continue;
      }
      const next = under?.get(key) ?? under?.get('*');
      if (next !== undefined && next.under === undefined) continue;
      if (key.length >= leastKeyText) this.#keyText(key);
      this.#path.push(key);
      this.value(child, next, object, depth + 1);
      this.#path.pop();
    }
  }

  #leaf(text: string, holder: Readonly<Record<string, unknown>> | undefined, depth: number): void {
    if (text.length < leastText) return;
    const key = this.#lastKey();
    const { noise, isNoise: isFormatNoise } = this.#options;
    if (noise?.has(key) === true || isNoise(key, text) || isFormatNoise?.(key, text) === true) return;
    // Without escapes the JSON text says as much as its leaves, and keeps its numbers.
    if (this.#stringDepth < maxStringDepth && text.includes('\\')) {
      const inner = jsonInString(text);
      if (inner !== undefined) {
        this.#stringDepth++;
        this.value(inner, undefined, undefined, depth + 1);
        this.#stringDepth--;
        return;
      }
    }
    this.#add(text, labelOf(key, text, holder));
    if (this.#options.known?.has(key) !== true) this.#options.onUnknown?.(key);
  }

  /** Objects keyed by data (addresses, tokens) instead of names. */
  #keyText(key: string): void {
    if (/\d/.test(key) && !isIdLike(key)) this.#add(key, undefined);
  }

  #tooDeep(value: object): void {
    try {
      this.#add(JSON.stringify(value), undefined);
    } catch {
      // Deeper than the engine's stack: no export is, on purpose.
    }
  }

  #add(text: string, label: string | undefined): void {
    this.texts.push({
      text,
      dialect: this.#options.dialect ?? 'plain',
      field: { path: this.#path.join('.'), role: this.#options.role ?? 'metadata' },
      ...(label === undefined ? {} : { label }),
    });
  }

  /** The last part of the path that is a name. */
  #lastKey(): string {
    for (let i = this.#path.length - 1; i >= 0; i--) {
      const part = this.#path[i] ?? '';
      const code = part.charCodeAt(0);
      if (code < 48 || code > 57) return part;
    }
    return '';
  }
}

/** Shorter strings say nothing. */
const leastText = 3;
/** Keys of this length and more may be data. */
const leastKeyText = 16;
/** A longer value is prose or a document, and its key no label. */
const mostLabelled = 4096;

/** Keys under which prose stands. */
const proseKeys = new Set([
  damagedKey,
  'text',
  'body',
  'content',
  'contents',
  'message',
  'description',
  'comment',
  'note',
  'notes',
  'summary',
  'title',
  'subject',
  'name',
  'label',
  'html',
  'markdown',
  'url',
  'href',
  'link',
]);
const valueKeys = new Set(['value', 'val', 'currentValue', 'default', 'defaultValue']);
const nameKeys = ['key', 'name', 'title', 'label', 'field', 'id'];

/**
 * The name under which a value stands: its key, or in `{ "name": "password", "value": ... }` the name beside it.
 * Undefined for prose.
 */
export function labelOf(
  key: string,
  text: string,
  holder?: Readonly<Record<string, unknown>>,
): string | undefined {
  if (valueKeys.has(key) && holder !== undefined) {
    for (const nameKey of nameKeys) {
      const name = Object.hasOwn(holder, nameKey) ? holder[nameKey] : undefined;
      if (typeof name === 'string' && name !== '' && name.length <= 128) return name;
    }
    return undefined;
  }
  if (key === '' || key.length > 128 || proseKeys.has(key) || text.length > mostLabelled) return undefined;
  // A key holds one line, or a block such as a PEM; many words in lines are prose.
  return text.includes('\n') && !text.startsWith('-----BEGIN') ? undefined : key;
}

/** The object or array that a string holds as JSON text, else undefined. */
export function jsonInString(text: string): object | undefined {
  const first = text.charCodeAt(0);
  // Cheap test first: most strings are no JSON.
  if (first !== 0x7b && first !== 0x5b && first > 0x20) return undefined;
  const trimmed = first <= 0x20 ? text.trim() : text;
  const opening = trimmed[0];
  const closing = opening === '{' ? '}' : opening === '[' ? ']' : undefined;
  if (closing === undefined || !trimmed.trimEnd().endsWith(closing)) return undefined;
  try {
    const value: unknown = JSON.parse(trimmed);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const numberOrTime = /^[\d.,:+\-/ TZ]+$/;
const word = /^[A-Za-z][A-Za-z_/.+-]{0,39}$/;
const colour = /^#?[0-9a-f]{3,8}$/i;
const idKey =
  /(?:^|[_-])(?:u?u?id|guid|ids|hash|sha\d*|md5|etag|ts|cursor|checksum|digest)$|[a-z](?:Id|ID|Ids|IDs|Hash)$/;
const enumKey =
  /(?:^|[_-])(?:(?:sub|file|mime)?type|kind|status|state|mode|style|locale|lang|language|tz|color|colour|format|role|visibility|permission|privacy|priority|level|encoding)$|[a-z](?:Type|Status|State|Mode|Color|Style|Format|Locale)$/i;
const timeKey =
  /(?:^|[_-])(?:time|date|timestamp|at|on|size|count|created|updated|modified)$|[a-z](?:Time|Date|At|On|Size|Count)$/i;
const imageKey = /avatar|icon|emoji|thumb|image|logo|photo/i;
const idLike =
  /^(?:[\w.:-]{1,18}|\d[\d.:-]*|[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[a-z0-9]{26})$/;
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const imageHosts = /^https?:\/\/(?:[\w-]{1,40}\.){0,4}(?:gravatar\.com\/|slack-edge\.com\/)/;

/**
 * Strings that hold no text: numbers and times, words of a closed set, ids and hashes *under keys that say so*, colours,
 * addresses of pictures without credentials, and pictures themselves. The value must look the part as well as its key:
 * an access key under `type` or `client_id` is handed over.
 */
export function isNoise(key: string, text: string): boolean {
  const length = text.length;
  if (length < 64) {
    const says = traitsOf(key);
    // A run of digits may be a password, except under keys of ids and times.
    if (length <= 32 && numberOrTime.test(text) && (!/^\d{6,}$/.test(text) || says.isNumber)) return true;
    if (says.isEnum && (word.test(text) || colour.test(text))) return true;
    if (says.isId && isIdLike(text)) return true;
  }
  if (length > 64 && text.startsWith('data:') && /^data:(?:image|audio|video|font)\//.test(text)) return true;
  return length < 1024 && text.startsWith('http') && isPicture(key, text);
}

interface KeyTraits {
  readonly isId: boolean;
  readonly isEnum: boolean;
  readonly isNumber: boolean;
}

/** The same few keys come again and again. */
const knownTraits = new Map<string, KeyTraits>();
const maxTraits = 5000;

function traitsOf(key: string): KeyTraits {
  const known = knownTraits.get(key);
  if (known !== undefined) return known;
  const isId = idKey.test(key);
  const traits = { isId, isEnum: enumKey.test(key), isNumber: isId || timeKey.test(key) };
  if (knownTraits.size >= maxTraits) knownTraits.clear();
  knownTraits.set(key, traits);
  return traits;
}

function isIdLike(text: string): boolean {
  return idLike.test(text) || uuid.test(text);
}

function isPicture(key: string, url: string): boolean {
  if (url.includes(' ')) return false;
  if (imageHosts.test(url)) return true;
  return imageKey.test(key) && !url.includes('?') && !url.includes('@');
}
