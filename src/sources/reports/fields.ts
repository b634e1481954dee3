/** Members of a node of a report, each checked for its type; what is wrong is told to the sink and never repeated. */
import { SecretValue } from '../../model/secret-value.js';
import type { ReportSink } from './contract.js';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Lists and objects below one another; reports have few, and hostile ones must not cost more. */
const most = 1_000_000;

export class Fields {
  readonly #object: JsonObject;
  readonly #where: string;
  readonly #sink: ReportSink;
  /** Shared with the objects below: one fault spoils the row. */
  readonly #state: { isBroken: boolean };

  constructor(object: unknown, where: string, sink: ReportSink, state = { isBroken: false }) {
    this.#where = where;
    this.#sink = sink;
    this.#state = state;
    this.#object = isObject(object) ? object : {};
    if (!isObject(object)) this.#fault(where, 'must be an object');
  }

  get isBroken(): boolean {
    return this.#state.isBroken;
  }

  get where(): string {
    return this.#where;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object, name) && this.#object[name] !== null;
  }

  /** A text that is not empty; undefined when there is none. */
  text(name: string): string | undefined {
    const value = this.#member(name);
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'string') return value;
    this.#fault(`${this.#where}, ${name}`, 'must be a text');
    return undefined;
  }

  required(name: string): string {
    const text = this.text(name);
    if (text === undefined && !this.isBroken) this.#fault(`${this.#where}, ${name}`, 'is missing');
    return text ?? '';
  }

  /** A whole number from 1; 0 and less say that the tool does not know. */
  count(name: string, least = 1): number | undefined {
    const value = this.#member(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
      this.#fault(`${this.#where}, ${name}`, 'must be a whole number');
      return undefined;
    }
    return value < least ? undefined : value;
  }

  /** A text, or a number as text: ids and times come as either. */
  scalar(name: string): string | undefined {
    const value = this.#member(name);
    if (typeof value === 'number') return String(value);
    return this.text(name);
  }

  flag(name: string): boolean {
    const value = this.#member(name);
    if (value === undefined || typeof value === 'boolean') return value === true;
    this.#fault(`${this.#where}, ${name}`, 'must be true or false');
    return false;
  }

  object(name: string): Fields | undefined {
    const value = this.#member(name);
    if (value === undefined) return undefined;
    if (isObject(value)) return new Fields(value, `${this.#where}, ${name}`, this.#sink, this.#state);
    this.#fault(`${this.#where}, ${name}`, 'must be an object');
    return undefined;
  }

  /** Each element with where it stands. Elements are rows of their own: a fault in one spoils no other. */
  list(name: string): readonly { readonly value: unknown; readonly where: string }[] {
    const value = this.#member(name);
    if (value === undefined) return [];
    if (Array.isArray(value))
      return value
        .slice(0, most)
        .map((item: unknown, i) => ({ value: item, where: `${this.#where}, ${name}[${i}]` }));
    this.#fault(`${this.#where}, ${name}`, 'must be a list');
    return [];
  }

  names(): readonly string[] {
    return Object.keys(this.#object);
  }

  fault(name: string, message: string): void {
    this.#fault(`${this.#where}, ${name}`, message);
  }

  #member(name: string): unknown {
    return this.has(name) ? this.#object[name] : undefined;
  }

  #fault(where: string, message: string): void {
    this.#state.isBroken = true;
    this.#sink.fault(where, message);
  }
}

/** A value of a report, in the only carrier that may hold it. */
export function secretOf(text: string): SecretValue {
  return new SecretValue(Buffer.from(text, 'utf8'));
}

const masked = /^\[?REDACTED|\*{4,}|\u2022{4,}|(?:\.\.\.|\u2026)$/i;

/** True for what tools write in place of a value, or of part of it. */
export function isMasked(text: string): boolean {
  return masked.test(text);
}

/** Full ids only: what is shorter may be another commit. */
export function commitOf(text: string | undefined): { commit?: string } {
  return text !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)
    ? { commit: text.toLowerCase() }
    : {};
}
