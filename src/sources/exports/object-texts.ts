/**
 * Texts of one object of a JSON export: fields that the format knows get their role and dialect, objects within it
 * that are records of their own are taken out, and all else is handed over by the sweep.
 */
import type { RecordField } from '../../model/appearance.js';
import type { Dialect, RecordText } from './contract.js';
import { noClaims, unclaimedTexts } from './leaves.js';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of the object itself: a member that `Object.prototype` has is none. */
export function memberOf(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** What a format knows of a string. */
export interface TextField {
  readonly role: RecordField['role'];
  readonly dialect: Dialect;
  readonly label?: string;
  readonly artifact?: boolean;
}

export interface ObjectFormat {
  /**
   * What the string under `path` is; `'skip'` when it is no text or is told otherwise (an address that becomes the
   * permalink), undefined for what the sweep decides.
   *
   * @param path keys from the object down; indices of arrays among them
   * @param holder the object in which the string stands
   */
  field(path: readonly string[], text: string, holder: JsonObject): TextField | 'skip' | undefined;
  /** True for an object that is a record of its own; it is taken out whole. */
  isRecord?(value: JsonObject, path: readonly string[]): boolean;
  /** Keys that the sweep hands over without a word. */
  readonly known?: ReadonlySet<string>;
  /** Keys whose strings the sweep leaves out. */
  readonly noise?: ReadonlySet<string>;
}

/** A record within an object. */
export interface InnerRecord {
  readonly value: JsonObject;
  /** Keys that lead to it. */
  readonly path: readonly string[];
}

export interface ObjectTexts {
  /** Known fields first, in the order of the object; what the sweep found after them. */
  readonly texts: readonly RecordText[];
  readonly inner: readonly InnerRecord[];
}

/** Deeper members are left to the sweep, which has a bound of its own. */
const maxDepth = 48;

export function textsOf(
  object: JsonObject,
  format: ObjectFormat,
  onUnknown?: (key: string) => void,
): ObjectTexts {
  const taking = new Taking(format);
  const left = taking.rest(object, object);
  const swept = unclaimedTexts(left, noClaims, {
    ...(format.known === undefined ? {} : { known: format.known }),
    ...(format.noise === undefined ? {} : { noise: format.noise }),
    ...(onUnknown === undefined ? {} : { onUnknown }),
  });
  return { texts: [...taking.texts, ...swept], inner: taking.inner };
}

/** Takes known fields and inner records out of an object. */
class Taking {
  readonly texts: RecordText[] = [];
  readonly inner: InnerRecord[] = [];
  readonly #format: ObjectFormat;
  readonly #path: string[] = [];

  constructor(format: ObjectFormat) {
    this.#format = format;
  }

  /** What is left of a value; undefined for nothing. */
  rest(value: unknown, holder: JsonObject): unknown {
    if (typeof value === 'string') return value === '' ? undefined : this.#string(value, holder);
    if (typeof value !== 'object' || value === null || this.#path.length > maxDepth) return value;
    if (Array.isArray(value))
      return value.map((element: unknown, i) => this.#under(String(i), element, holder));
    const object = value as JsonObject;
    if (this.#path.length > 0 && this.#format.isRecord?.(object, this.#path) === true) {
      this.inner.push({ value: object, path: [...this.#path] });
      return undefined;
    }
    const left: Record<string, unknown> = {};
    for (const key of Object.keys(object)) {
      const member = this.#under(key, object[key], object);
      // Assigning to this name would set the prototype.
      if (key === '__proto__') Object.defineProperty(left, key, { value: member, enumerable: true });
      else left[key] = member;
    }
    return left;
  }

  #under(key: string, value: unknown, holder: JsonObject): unknown {
    this.#path.push(key);
    const left = this.rest(value, holder);
    this.#path.pop();
    return left;
  }

  #string(text: string, holder: JsonObject): string | undefined {
    const field = this.#format.field(this.#path, text, holder);
    if (field === undefined) return text;
    if (field !== 'skip') {
      const { role, ...more } = field;
      this.texts.push({ text, field: { path: this.#path.join('.'), role }, ...more });
    }
    return undefined;
  }
}

/** The last key of a path that is no index of an array. */
export function lastKey(path: readonly string[]): string {
  for (let i = path.length - 1; i >= 0; i--) {
    const part = path[i] ?? '';
    if (!/^\d+$/.test(part)) return part;
  }
  return '';
}

/** First of the members that holds a string with something in it. */
export function stringOf(object: JsonObject, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = memberOf(object, key);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** First of the members that holds an id: a string, or a whole number. */
export function idOf(object: JsonObject, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = memberOf(object, key);
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  }
  return undefined;
}

/** First of the members that holds an object. */
export function objectOf(object: JsonObject, ...keys: readonly string[]): JsonObject | undefined {
  for (const key of keys) {
    const value = memberOf(object, key);
    if (isObject(value)) return value;
  }
  return undefined;
}
