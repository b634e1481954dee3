/**
 * Checked access to one map of an imported file. What is missing gives undefined; what is wrong gives undefined and a
 * fault at its place, so that one reading tells all faults.
 */
import { codePointOrder, sortedSet } from '../order.js';
import { durationMs, isDate, timeInUtc } from './quantities.js';
import { type ImportSource, shownKey } from './source.js';
import type { ImportEntry, ImportNode } from './tree.js';

const maxTextLength = 1024;
const maxItems = 10_000;
/** C0 and C1 controls and DEL, line breaks included: nothing here needs more than one line. */
const control = /\p{Cc}/u;

const yesWords: ReadonlyMap<string, 'yes' | 'no' | 'unknown'> = new Map([
  ['yes', 'yes'],
  ['true', 'yes'],
  ['no', 'no'],
  ['false', 'no'],
  ['unknown', 'unknown'],
]);

export class Fields {
  readonly source: ImportSource;
  /** Offset of the map. */
  readonly at: number;
  readonly #entries: ReadonlyMap<string, ImportEntry>;

  constructor(source: ImportSource, node: ImportNode & { readonly type: 'map' }) {
    this.source = source;
    this.at = node.at;
    this.#entries = node.entries;
  }

  /** Refuses keys that are none of these: a mistyped one must not be ignored. Keys that begin with `x-` are anybody's. */
  only(known: readonly string[]): void {
    for (const [name, { at }] of this.#entries) {
      if (known.includes(name) || name.startsWith('x-')) continue;
      this.source.fault(
        at,
        `the key ${shownKey(name)} is not known here; known are ${known.join(', ')}`,
        'IMPORT_UNKNOWN_KEY',
      );
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Offset of a key, or of the map when it is missing. */
  atOf(name: string): number {
    return this.#entries.get(name)?.at ?? this.at;
  }

  fault(name: string, message: string): undefined {
    this.source.fault(this.#entries.get(name)?.node.at ?? this.at, `"${name}" ${message}`);
    return undefined;
  }

  #textOf(name: string, node: ImportNode): string | undefined {
    const wrong = (message: string): undefined => {
      this.source.fault(node.at, `"${name}" ${message}`);
      return undefined;
    };
    if (node.type !== 'text') return wrong(node.type === 'empty' ? 'is empty' : 'must be a text');
    const text = node.text.trim();
    if (text === '') return wrong('is empty');
    if (text.length > maxTextLength) return wrong(`is longer than ${maxTextLength} characters`);
    if (control.test(text)) return wrong('holds line breaks or control characters');
    return text;
  }

  text(name: string): string | undefined {
    const entry = this.#entries.get(name);
    return entry === undefined ? undefined : this.#textOf(name, entry.node);
  }

  /** A text that must be there. */
  needed(name: string): string | undefined {
    if (!this.#entries.has(name)) return this.fault(name, 'is missing');
    return this.text(name);
  }

  word<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const word = words.find((candidate) => candidate === text);
    return word ?? this.fault(name, `must be one of ${words.join(', ')}`);
  }

  /** `yes`, `no`, `unknown`, quoted or not; `true` and `false` are taken for the first two. */
  yesNo(name: string): 'yes' | 'no' | 'unknown' | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    return yesWords.get(text) ?? this.fault(name, 'must be yes, no or unknown');
  }

  whole(name: string, low: number, high: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= low && value <= high
      ? value
      : this.fault(name, `must be a whole number from ${low} to ${high}`);
  }

  duration(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    return durationMs(text) ?? this.fault(name, 'must be a duration such as 90d, 24h or 15m');
  }

  /** `YYYY-MM-DD`; of a time the day in UTC. */
  date(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const day = isDate(text) ? text : timeInUtc(text)?.slice(0, 10);
    return day ?? this.fault(name, 'must be a date such as 2026-11-01');
  }

  /** RFC 3339 UTC. */
  time(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    return timeInUtc(text) ?? this.fault(name, 'must be a time of RFC 3339 such as 2026-11-01T09:30:00Z');
  }

  #items(name: string): readonly ImportNode[] {
    const node = this.#entries.get(name)?.node;
    if (node === undefined) return [];
    if (node.type === 'list') {
      if (node.items.length <= maxItems) return node.items;
      this.source.fault(node.at, `"${name}" has more than ${maxItems} items`);
      return [];
    }
    return [node];
  }

  /** A list of texts, or one text; sorted, each once. */
  texts(name: string): string[] {
    return sortedSet(this.#items(name).flatMap((node) => this.#textOf(name, node) ?? []));
  }

  /** A list of maps. */
  maps(name: string): Fields[] {
    const node = this.#entries.get(name)?.node;
    if (node === undefined) return [];
    if (node.type !== 'list') {
      this.source.fault(node.at, `"${name}" must be a list`);
      return [];
    }
    return this.#items(name).flatMap((item) => {
      if (item.type === 'map') return [new Fields(this.source, item)];
      this.source.fault(item.at, `each item of "${name}" must be a map`);
      return [];
    });
  }

  map(name: string): Fields | undefined {
    const node = this.#entries.get(name)?.node;
    if (node === undefined) return undefined;
    if (node.type === 'map') return new Fields(this.source, node);
    return this.fault(name, 'must be a map');
  }
}

/** `{ name: value }`, or nothing when there is no value: what was not said is not there. */
export function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };
}

/** Tells things of one name twice in one list; gives each name's first. */
export function uniqueBy<Thing>(
  things: readonly { readonly thing: Thing; readonly fields: Fields; readonly name: string }[],
  what: string,
): Thing[] {
  const seen = new Set<string>();
  return things.flatMap(({ thing, fields, name }) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [thing];
    }
    fields.source.fault(fields.at, `there is another ${what} of this name in the file`, 'IMPORT_DUPLICATE');
    return [];
  });
}

/** Sorted by a text of each. */
export function sortedBy<Thing>(things: readonly Thing[], keyOf: (thing: Thing) => string): Thing[] {
  return [...things].sort((a, b) => codePointOrder(keyOf(a), keyOf(b)));
}
