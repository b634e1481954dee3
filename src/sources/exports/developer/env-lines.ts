/** The syntax of .env files, read line by line: what `dotenv` drops (comments, duplicates, broken lines) counts here. */
import type { TextLine } from '../text-lines.js';

export interface EnvEntry {
  /** Undefined for text that is no assignment. */
  readonly key: string | undefined;
  readonly value: string;
  readonly isComment: boolean;
  /** Line in which it begins, from 1, and its bytes. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

const assignment = /^\s*(?:export\s+|set\s+|\$env:)?([A-Za-z_][\w.-]{0,200})\s*[=:]\s*(.*)$/;
/** In comments only `=` assigns: `# note: text` is prose. */
const commented = /^(?:export\s+)?([A-Za-z_][\w.-]{0,200})\s*=\s*(.*)$/;
/** Within an open quote: no line of key material (`abc==`) begins so. */
const nextAssignment = /^(?:export\s+)?[A-Za-z_][\w.-]{0,200}=[^=]/;
const quotes = '"\'`';
/** Lines that a quoted value may go on for; more means that its quote was never closed. */
const maxValueLines = 500;

interface OpenValue {
  readonly key: string;
  readonly quote: string;
  readonly lines: TextLine[];
  /** The value's part of its first line. */
  readonly first: string;
}

/** Turns lines into entries. */
export class EnvLines {
  readonly #give: (entry: EnvEntry) => void;
  #open: OpenValue | undefined;

  constructor(give: (entry: EnvEntry) => void) {
    this.#give = give;
  }

  add(line: TextLine): void {
    const open = this.#open;
    if (open === undefined) {
      this.#line(line);
      return;
    }
    if (nextAssignment.test(line.text)) {
      this.#giveUp(open);
      this.add(line);
      return;
    }
    open.lines.push(line);
    if (closingQuote(line.text, open.quote, 0) >= 0) this.#close(open);
    else if (open.lines.length >= maxValueLines) this.#giveUp(open);
  }

  end(): void {
    if (this.#open !== undefined) this.#giveUp(this.#open);
  }

  #line(line: TextLine): void {
    const text = line.text.trim();
    if (text === '') return;
    if (text.startsWith('#') || text.startsWith(';')) this.#comment(line, text.replace(/^[#;\s]+/, ''));
    else {
      const [, key, value = ''] = assignment.exec(line.text) ?? [];
      if (key === undefined) this.#entry(line, line, undefined, text, false);
      else this.#value(line, key, value);
    }
  }

  #comment(line: TextLine, text: string): void {
    const [, key, value = ''] = commented.exec(text) ?? [];
    if (key === undefined) this.#entry(line, line, undefined, text, true);
    else this.#entry(line, line, key, plainValue(value), true);
  }

  #value(line: TextLine, key: string, value: string): void {
    const quote = value[0] ?? '';
    if (quote === '' || !quotes.includes(quote)) {
      const hash = value.search(/\s#/);
      this.#entry(line, line, key, (hash < 0 ? value : value.slice(0, hash)).trim(), false);
      if (hash >= 0) this.#comment(line, value.slice(hash).replace(/^[\s#]+/, ''));
      return;
    }
    const close = closingQuote(value, quote, 1);
    if (close < 0) {
      this.#open = { key, quote, lines: [line], first: value };
      return;
    }
    this.#entry(line, line, key, undoQuotes(value.slice(1, close), quote), false);
    const rest = value.slice(close + 1).trim();
    if (rest !== '') this.#comment(line, rest.replace(/^#\s*/, ''));
  }

  #close(open: OpenValue): void {
    this.#open = undefined;
    const last = open.lines.at(-1) as TextLine;
    const close = closingQuote(last.text, open.quote, 0);
    const middle = open.lines.slice(1, -1).map((line) => line.text);
    const value = [open.first.slice(1), ...middle, last.text.slice(0, close)].join('\n');
    this.#entry(open.lines[0] as TextLine, last, open.key, undoQuotes(value, open.quote), false);
    const rest = last.text.slice(close + 1).trim();
    if (rest !== '') this.#comment(last, rest.replace(/^#\s*/, ''));
  }

  /** The first line as it stands, the others as lines of their own. */
  #giveUp(open: OpenValue): void {
    this.#open = undefined;
    const [first, ...rest] = open.lines;
    if (first !== undefined) this.#entry(first, first, open.key, open.first, false);
    for (const line of rest) this.add(line);
  }

  #entry(from: TextLine, to: TextLine, key: string | undefined, value: string, isComment: boolean): void {
    if (value === '') return;
    this.#give({ key, value, isComment, line: from.number, start: from.start, end: to.end });
  }
}

function plainValue(value: string): string {
  const quote = value[0] ?? '';
  if (quote === '' || !quotes.includes(quote)) return value.trim();
  const close = closingQuote(value, quote, 1);
  return close < 0 ? value : undoQuotes(value.slice(1, close), quote);
}

/** Index of the quote that ends a value; in double quotes a backslash escapes one. */
function closingQuote(text: string, quote: string, from: number): number {
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
    let slashes = 0;
    while (quote === '"' && text[at - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

const escapes = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

function undoQuotes(value: string, quote: string): string {
  if (quote !== '"' || !value.includes('\\')) return value;
  return value.replace(/\\([nrt"\\$`])/g, (_, letter: string) => escapes.get(letter) ?? letter);
}
