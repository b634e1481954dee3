/** Reads typed fields of a policy's maps; what is missing or of another type becomes a fault and a fallback. */
import type { Position } from './condition.js';
import { durationGrammar, durationMs } from './duration.js';
import type { MapNode, PolicyEntry, PolicyFaults, PolicyNode } from './policy-tree.js';

/** One map with its fields, of which only known ones may stand there. */
export class Fields {
  readonly at: Position;
  readonly #faults: PolicyFaults;
  readonly #entries: ReadonlyMap<string, PolicyEntry>;

  /** @param what what a fault calls the map: `a rule` */
  constructor(node: PolicyNode, what: string, known: readonly string[], faults: PolicyFaults) {
    this.at = node.at;
    this.#faults = faults;
    const entries = node.type === 'map' ? node.entries : [];
    if (node.type !== 'map') faults.add(node.at, `${what} must be a map`);
    this.#entries = new Map(entries.map((entry) => [entry.key, entry]));
    for (const { key, at } of entries) {
      if (known.includes(key) || key.startsWith('x-')) continue;
      faults.add(at, `"${key}" is not a field of ${what}; known are ${known.join(', ')}`);
    }
  }

  get(name: string): PolicyNode | undefined {
    return this.#entries.get(name)?.value;
  }

  /** Position of a field, or of the map where it is missing. */
  where(name: string): Position {
    return this.#entries.get(name)?.value.at ?? this.at;
  }

  fault(name: string, message: string): void {
    this.#faults.add(this.where(name), `${name} ${message}`);
  }

  text(name: string): string | undefined {
    const node = this.get(name);
    if (node === undefined) return undefined;
    if (node.type === 'scalar' && typeof node.value === 'string' && node.value.trim() !== '')
      return node.value;
    this.fault(name, 'must be a text');
    return undefined;
  }

  needed(name: string): string {
    if (this.get(name) === undefined) this.fault(name, 'is missing');
    return this.text(name) ?? '';
  }

  choice<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    const found = choices.find((choice) => choice === text);
    if (text !== undefined && found === undefined) this.fault(name, `must be one of ${choices.join(', ')}`);
    return found;
  }

  count(name: string, least: number, most: number): number | undefined {
    const node = this.get(name);
    if (node === undefined) return undefined;
    const value = node.type === 'scalar' ? node.value : undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    this.fault(name, `must be a whole number from ${least} to ${most}`);
    return undefined;
  }

  duration(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const length = durationMs(text);
    if (length === undefined) this.fault(name, durationGrammar);
    return length;
  }

  /** Items of a list; a single one may stand without brackets when `mayBeSingle`. */
  items(name: string, mayBeSingle = false): readonly PolicyNode[] {
    const node = this.get(name);
    if (node === undefined) return [];
    if (node.type === 'list') return node.items;
    if (mayBeSingle && node.type === 'scalar' && node.value !== null) return [node];
    this.fault(name, 'must be a list');
    return [];
  }

  /** Texts of a list, each of which a reader accepts. */
  texts(name: string, faultOf: (text: string) => string | undefined = () => undefined): readonly string[] {
    return this.items(name, true).flatMap((item) => {
      const text = item.type === 'scalar' && typeof item.value === 'string' ? item.value : undefined;
      const fault = text === undefined ? 'must be a text' : faultOf(text);
      if (fault !== undefined) this.#faults.add(item.at, `${name} ${fault}`);
      return text === undefined || fault !== undefined ? [] : [text];
    });
  }
}

/** Says what is wrong with a word that is not in a list. */
export function oneOf(choices: readonly string[]): (text: string) => string | undefined {
  return (text) => (choices.includes(text) ? undefined : `must be one of ${choices.join(', ')}`);
}

export function emptyMap(at: Position): MapNode {
  return { type: 'map', at, entries: [] };
}
