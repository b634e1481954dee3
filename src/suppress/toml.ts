/**
 * As much TOML 1.0 as configuration files of other scanners use: tables, arrays of tables, dotted keys, all
 * four sorts of strings, arrays, inline tables, numbers, booleans. Dates are kept as text.
 *
 * Runs over untrusted files: bounded depth, no prototype, one pass.
 */
import type { Fault } from './fault.js';

export type TomlValue = string | number | boolean | readonly TomlValue[] | TomlTable;
export interface TomlTable {
  [key: string]: TomlValue;
}

const maxDepth = 32;

class TomlError extends Error {}

export interface ParsedToml {
  readonly table: TomlTable;
  /** Line of a table's key, or of the table itself, from 1. */
  lineOf(table: TomlTable, key?: string): number;
}

/** Gives the table, or the fault that stopped the parser. */
export function parseToml(text: string): ParsedToml | { readonly fault: Fault } {
  const parser = new TomlParser(text.replaceAll('\r\n', '\n'));
  try {
    const table = parser.parse();
    return { table, lineOf: (of, key) => parser.lineOf(of, key) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { fault: { line: parser.line, message: error.message } };
  }
}

function newTable(): TomlTable {
  return Object.create(null) as TomlTable;
}

function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === 'object' && !Array.isArray(value);
}

/** Key of a table's own place among the places of its keys. */
const itself = '\0';

class TomlParser {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  /** Offsets of keys, and of tables themselves. */
  readonly #places = new Map<TomlTable, Map<string, number>>();

  constructor(text: string) {
    this.#text = text;
  }

  get line(): number {
    return this.#lineAt(this.#at);
  }

  lineOf(table: TomlTable, key: string = itself): number {
    const places = this.#places.get(table);
    return this.#lineAt(places?.get(key) ?? places?.get(itself) ?? 0);
  }

  #lineAt(offset: number): number {
    let line = 1;
    for (let i = this.#text.indexOf('\n'); i >= 0 && i < offset; i = this.#text.indexOf('\n', i + 1)) line++;
    return line;
  }

  #note(table: TomlTable, key: string, offset: number): void {
    const places = this.#places.get(table) ?? new Map<string, number>();
    this.#places.set(table, places.set(key, offset));
  }

  parse(): TomlTable {
    const root = newTable();
    let current = root;
    for (this.#skipLines(); this.#at < this.#text.length; this.#skipLines()) {
      if (this.#take('[[')) current = this.#header(root, ']]');
      else if (this.#take('[')) current = this.#header(root, ']');
      else this.#pair(current);
      this.#endOfLine();
    }
    return root;
  }

  #header(root: TomlTable, end: ']' | ']]'): TomlTable {
    const start = this.#at;
    const table = this.#openTable(root, end);
    this.#note(table, itself, start);
    return table;
  }

  #openTable(root: TomlTable, end: ']' | ']]'): TomlTable {
    const keys = this.#keys();
    if (!this.#take(end)) throw new TomlError(`${end} expected`);
    const last = keys.pop() as string;
    const parent = this.#descend(root, keys);
    const there = parent[last];
    if (end === ']]') {
      const table = newTable();
      if (there === undefined) parent[last] = [table];
      else if (Array.isArray(there)) (there as TomlValue[]).push(table);
      else throw new TomlError('not an array of tables');
      return table;
    }
    if (there === undefined) parent[last] = newTable();
    const table = parent[last];
    if (!isTable(table)) throw new TomlError('key given twice');
    return table;
  }

  /** Follows the keys, making tables on the way; of an array of tables the last one counts. */
  #descend(from: TomlTable, keys: readonly string[]): TomlTable {
    let table = from;
    for (const key of keys) {
      table[key] ??= newTable();
      const there = table[key];
      const next = Array.isArray(there) ? (there.at(-1) as TomlValue | undefined) : there;
      if (!isTable(next)) throw new TomlError('key is not a table');
      table = next;
    }
    return table;
  }

  #pair(table: TomlTable): void {
    const start = this.#at;
    const keys = this.#keys();
    if (!this.#take('=')) throw new TomlError('= expected');
    const last = keys.pop() as string;
    const parent = this.#descend(table, keys);
    if (parent[last] !== undefined) throw new TomlError('key given twice');
    this.#note(parent, last, start);
    parent[last] = this.#value();
  }

  #keys(): string[] {
    const keys: string[] = [];
    do {
      this.#skipBlanks();
      const next = this.#text[this.#at];
      keys.push(
        next === '"' || next === "'" ? this.#string() : this.#match(/[A-Za-z0-9_-]+/y, 'key expected'),
      );
      this.#skipBlanks();
    } while (keys.length < maxDepth && this.#take('.'));
    return keys;
  }

  #value(): TomlValue {
    this.#skipBlanks();
    if (++this.#depth > maxDepth) throw new TomlError('nested too deep');
    try {
      const next = this.#text[this.#at];
      if (next === '"' || next === "'") return this.#string();
      if (this.#take('[')) return this.#array();
      if (this.#take('{')) return this.#inlineTable();
      return this.#bare();
    } finally {
      this.#depth--;
    }
  }

  #bare(): TomlValue {
    const word = this.#match(/[A-Za-z0-9+\-._:]+/y, 'value expected');
    if (word === 'true' || word === 'false') return word === 'true';
    const number = Number(word.replaceAll('_', ''));
    return Number.isNaN(number) ? word : number;
  }

  #array(): TomlValue {
    const items: TomlValue[] = [];
    for (this.#skipLines(); !this.#take(']'); this.#skipLines()) {
      items.push(this.#value());
      this.#skipLines();
      if (this.#take(',')) continue;
      if (!this.#take(']')) throw new TomlError(', or ] expected');
      break;
    }
    return items;
  }

  #inlineTable(): TomlValue {
    const table = newTable();
    this.#note(table, itself, this.#at);
    for (this.#skipBlanks(); !this.#take('}'); this.#skipBlanks()) {
      this.#pair(table);
      this.#skipBlanks();
      if (this.#take(',')) continue;
      if (!this.#take('}')) throw new TomlError(', or } expected');
      break;
    }
    return table;
  }

  #string(): string {
    const quote = this.#text[this.#at] as string;
    const isLong = this.#take(quote.repeat(3));
    if (!isLong) this.#at++;
    // A line break right behind the opening quotes is not part of the text.
    if (isLong) this.#take('\n');
    const end = isLong ? quote.repeat(3) : quote;
    const start = this.#at;
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined || (!isLong && char === '\n')) throw new TomlError('text is not closed');
      if (quote === '"' && char === '\\') this.#at += 2;
      else if (this.#text.startsWith(end, this.#at)) break;
      else this.#at++;
    }
    // Up to two more quotes may stand right before the closing ones.
    while (isLong && this.#text[this.#at + 3] === quote) this.#at++;
    const raw = this.#text.slice(start, this.#at);
    this.#at += end.length;
    return quote === '"' ? undoEscapes(raw) : raw;
  }

  #endOfLine(): void {
    this.#skipBlanks();
    this.#skipComment();
    if (this.#at < this.#text.length && !this.#take('\n')) throw new TomlError('end of line expected');
  }

  #skipLines(): void {
    for (;;) {
      this.#skipBlanks();
      this.#skipComment();
      if (!this.#take('\n')) return;
    }
  }

  #skipBlanks(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++;
  }

  #skipComment(): void {
    if (this.#text[this.#at] !== '#') return;
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #take(literal: string): boolean {
    if (!this.#text.startsWith(literal, this.#at)) return false;
    this.#at += literal.length;
    return true;
  }

  #match(pattern: RegExp, otherwise: string): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw new TomlError(otherwise);
    this.#at += found.length;
    return found;
  }
}

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  '"': '"',
  '\\': '\\',
};

function undoEscapes(raw: string): string {
  return raw.replace(
    /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([ \t]*\n\s*)|(.))/g,
    (_, short, long, fold, char) => {
      if (fold !== undefined) return '';
      if (char !== undefined) {
        const plain = escapes[char as string];
        if (plain === undefined) throw new TomlError('unknown escape');
        return plain;
      }
      const code = Number.parseInt((short ?? long) as string, 16);
      if (code > 0x10ffff) throw new TomlError('unknown escape');
      return String.fromCodePoint(code);
    },
  );
}
