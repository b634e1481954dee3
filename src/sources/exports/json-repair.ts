/**
 * Reads what can be read of a JSON value that is cut off or damaged. Whatever is whole comes as it is; of a string that
 * is cut off, the words before the last; a lost quote or bracket costs no more than the member it stands in, mostly.
 */
import { maxDepth } from './json-skim.js';

/** Objects and arrays built at most; more than any record has, and less than memory has. */
const maxContainers = 1 << 20;

type Container = unknown[] | Record<string, unknown>;

interface Open {
  readonly value: Container;
  /** Key whose value comes next. */
  key: string | undefined;
}

interface StringToken {
  readonly text: string;
  /** False when the text ends within it. */
  readonly isWhole: boolean;
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The value, or undefined when nothing of it can be told. */
export function repairJson(text: string): unknown {
  return new Repair(text).run();
}

class Repair {
  readonly #text: string;
  #at = 0;
  readonly #open: Open[] = [];
  #root: unknown;
  #hasRoot = false;
  #containers = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): unknown {
    while (this.#at < this.#text.length) {
      if (this.#hasRoot && this.#open.length === 0) break;
      this.#step(this.#text[this.#at] as string);
    }
    return this.#root;
  }

  #step(character: string): void {
    if (character === '{') this.#begin({});
    else if (character === '[') this.#begin([]);
    else if (character === '}' || character === ']') this.#end(character === ']');
    else if (character === '"') this.#string();
    else if (character <= ' ' || character === ':') this.#at++;
    else if (character === ',') this.#comma();
    else this.#word();
  }

  #comma(): void {
    const top = this.#open.at(-1);
    if (top !== undefined) top.key = undefined;
    this.#at++;
  }

  #begin(value: Container): void {
    this.#at++;
    if (this.#open.length >= maxDepth || ++this.#containers > maxContainers) return;
    const top = this.#open.at(-1);
    if (top !== undefined && !Array.isArray(top.value) && top.key === undefined) {
      // A member without a key: the object should have closed before, or the key is lost.
      if (Array.isArray(this.#open.at(-2)?.value)) this.#open.pop();
      else top.key = '';
    }
    this.#put(value);
    this.#open.push({ value, key: undefined });
  }

  #end(isArray: boolean): void {
    this.#at++;
    const last = this.#open.findLastIndex(({ value }) => Array.isArray(value) === isArray);
    if (last >= 0) this.#open.length = last;
  }

  #string(): void {
    const token = this.#readString();
    const top = this.#open.at(-1);
    if (top === undefined || Array.isArray(top.value) || top.key !== undefined) {
      const known = token.isWhole ? token.text : withoutLastWord(token.text);
      if (token.isWhole || known !== '') this.#put(known);
      return;
    }
    if (token.isWhole) top.key = token.text;
  }

  /** Numbers, `true`, `false`, `null`; of other words no more than that they are skipped, to the next quote at most. */
  #word(): void {
    const start = this.#at;
    while (this.#at < this.#text.length && !',]}[{":\n'.includes(this.#text[this.#at] as string)) this.#at++;
    const word = this.#text.slice(start, this.#at).trim();
    try {
      this.#put(JSON.parse(word));
    } catch {
      if (this.#isClosingQuote(this.#at)) {
        // The opening quote is lost.
        this.#at++;
        this.#put(word);
      }
    }
  }

  /** Whether a quote stands where one could end a value. */
  #isClosingQuote(at: number): boolean {
    if (this.#text[at] !== '"') return false;
    const next = this.#text[at + 1];
    return next === undefined || ',]}\n'.includes(next);
  }

  #put(value: unknown): void {
    const top = this.#open.at(-1);
    if (top === undefined) {
      if (!this.#hasRoot) this.#root = value;
      this.#hasRoot = true;
    } else if (Array.isArray(top.value)) top.value.push(value);
    else if (top.key !== undefined) {
      setMember(top.value, top.key, value);
      top.key = undefined;
    }
  }

  #readString(): StringToken {
    const text = this.#text;
    const start = this.#at + 1;
    let at = start;
    for (;;) {
      while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
      if (at >= text.length) {
        this.#at = text.length;
        return { text: unescapeLoosely(text.slice(start)), isWhole: false };
      }
      if (mayFollow(text, at + 1)) {
        this.#at = at + 1;
        return { text: unescapeLoosely(text.slice(start, at)), isWhole: true };
      }
      const end = beforeLostQuote(text, start, at);
      if (end !== undefined) {
        this.#at = end;
        return { text: unescapeLoosely(text.slice(start, end)), isWhole: true };
      }
      at++;
    }
  }
}

/** What may stand behind a string: a comma, a colon, a closing bracket, the end. */
function mayFollow(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && at < from + 256 && (text[at] as string) <= ' ') at++;
  return at >= text.length || ',:]}'.includes(text[at] as string) || at === from + 256;
}

/**
 * End of a string that began at `start` and whose closing quote is lost, when the quote at `at` looks like the opening
 * one of a string behind it.
 */
function beforeLostQuote(text: string, start: number, at: number): number | undefined {
  let end = at;
  while (end > start && (text[end - 1] as string) <= ' ') end--;
  if (end === start || !',{['.includes(text[end - 1] as string)) return undefined;
  while (end > start && ((text[end - 1] as string) <= ' ' || ',{}[]'.includes(text[end - 1] as string)))
    end--;
  return end;
}

/** Undoes escapes piece by piece, so that a fault costs its piece no more than speed. */
export function unescapeLoosely(raw: string): string {
  if (!raw.includes('\\')) return raw;
  let text = '';
  for (let at = 0; at < raw.length; ) {
    const end = pieceEnd(raw, at);
    const piece = raw.slice(at, end);
    text += asLiteral(piece) ?? piece.replace(anyEscape, undoEscape);
    at = end;
  }
  return text;
}

const pieceLength = 1 << 14;

/** End of a piece of a string that begins at `at`: not within an escape. */
function pieceEnd(raw: string, at: number): number {
  let end = at;
  while (end < at + pieceLength) end += raw[end] !== '\\' ? 1 : raw[end + 1] === 'u' ? 6 : 2;
  return Math.min(end, raw.length);
}

function asLiteral(raw: string): string | undefined {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return undefined;
  }
}

const anyEscape = /\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g;

function undoEscape(whole: string, code?: string, letter?: string): string {
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  if (letter === undefined) return whole;
  return escapes[letter] ?? ('"\\/'.includes(letter) ? letter : whole);
}

/** Without the word that the cut went through. */
function withoutLastWord(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] as string) > ' ') end--;
  return text.slice(0, end);
}

/** Like an assignment, but `__proto__` becomes a member like any other. */
export function setMember(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
