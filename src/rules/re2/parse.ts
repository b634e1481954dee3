/**
 * Parses a pattern in RE2's syntax (Go's, gitleaks'), https://github.com/google/re2/wiki/Syntax. Flags are
 * undone while parsing, so that a tree needs none. What RE2 does not have (lookaround, backreferences) is
 * refused by name.
 */
import { complement } from '../char-set.js';
import { type Border, choiceOf, type Re2Node, type Re2Pattern, Re2SyntaxError, sequenceOf } from './ast.js';
import { charNode, classNode, setOf, textSet } from './class.js';
import { ClassReader } from './class-reader.js';
import { readEscape } from './escape.js';

/** Longest pattern that is read. */
export const maxPatternLength = 20_000;
const maxRepeatCount = 1000;
const maxDepth = 200;

interface Flags {
  readonly fold: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
  readonly ungreedy: boolean;
}

const noFlags: Flags = { fold: false, multiLine: false, dotAll: false, ungreedy: false };

const flagNames: Readonly<Record<string, keyof Flags>> = {
  i: 'fold',
  m: 'multiLine',
  s: 'dotAll',
  U: 'ungreedy',
};

const borderEscapes: Readonly<Record<string, Border>> = {
  A: 'text-start',
  b: 'word',
  B: 'not-word',
  z: 'text-end',
};

class Parser {
  readonly #source: string;
  #at = 0;
  #groups = 0;
  #depth = 0;
  #flags: Flags = noFlags;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): Re2Pattern {
    if (this.#source.length > maxPatternLength) {
      throw new Re2SyntaxError(`longer than ${maxPatternLength} characters`, maxPatternLength);
    }
    const root = this.#choice();
    if (this.#at < this.#source.length) this.#fail('a ) without its (');
    return { root, groups: this.#groups };
  }

  #fail(message: string): never {
    throw new Re2SyntaxError(message, this.#at);
  }

  #peek(): string {
    return this.#source.charAt(this.#at);
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** Alternatives up to the end of the group; flags that are set in it end with it. */
  #choice(): Re2Node {
    const outer = this.#flags;
    if (++this.#depth > maxDepth) this.#fail('nested too deep');
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    this.#depth--;
    this.#flags = outer;
    return choiceOf(parts);
  }

  #sequence(): Re2Node {
    const parts: Re2Node[] = [];
    while (this.#at < this.#source.length && this.#peek() !== '|' && this.#peek() !== ')') {
      const node = this.#quoted() ?? this.#repeated(this.#atom());
      if (node !== undefined) parts.push(node);
    }
    return sequenceOf(parts);
  }

  /** `\Q…\E`, its last character open to a repeat. */
  #quoted(): Re2Node | undefined {
    if (!this.#take('\\Q')) return undefined;
    const found = this.#source.indexOf('\\E', this.#at);
    const end = found < 0 ? this.#source.length : found;
    const nodes = [...this.#source.slice(this.#at, end)].map((char) => charNode(char, this.#flags.fold));
    this.#at = Math.min(this.#source.length, end + (found < 0 ? 0 : 2));
    const last = nodes.pop();
    if (last === undefined) return sequenceOf([]);
    return sequenceOf([...nodes, this.#repeated(last) ?? last]);
  }

  #repeated(atom: Re2Node | undefined): Re2Node | undefined {
    if (atom === undefined) return undefined;
    let node = atom;
    for (let bounds = this.#bounds(); bounds !== undefined; bounds = this.#bounds()) {
      const isLazy = this.#take('?') !== this.#flags.ungreedy;
      if (node.type === 'repeat' && node !== atom) this.#fail('a repeat of a repeat');
      node = { type: 'repeat', inner: node, ...bounds, lazy: isLazy };
    }
    return node;
  }

  #bounds(): { min: number; max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#take('+')) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#take('?')) return { min: 0, max: 1 };
    // A brace that is no count stands for itself.
    const match = /^\{(\d{1,5})(?:(,)(\d{0,5}))?\}/.exec(this.#source.slice(this.#at, this.#at + 14));
    if (match === null) return undefined;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (min > maxRepeatCount || (Number.isFinite(max) && max > maxRepeatCount) || min > max) {
      this.#fail(`a repeat count must rise and be at most ${maxRepeatCount}`);
    }
    this.#at += match[0].length;
    return { min, max };
  }

  #atom(): Re2Node | undefined {
    const start = this.#at;
    if (this.#take('(')) return this.#group(start);
    if (this.#take('[')) return this.#class();
    if (this.#take('.'))
      return { type: 'set', set: this.#flags.dotAll ? setOf([0, 255]) : complement(textSet('\n')) };
    if (this.#take('^'))
      return { type: 'border', border: this.#flags.multiLine ? 'line-start' : 'text-start' };
    if (this.#take('$')) return { type: 'border', border: this.#flags.multiLine ? 'line-end' : 'text-end' };
    if (this.#take('\\')) return this.#escape();
    if (/[*+?]/.test(this.#peek())) this.#fail('a repeat of nothing');
    const char = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    this.#at += char.length;
    return charNode(char, this.#flags.fold);
  }

  #group(start: number): Re2Node | undefined {
    if (!this.#take('?')) return this.#captured(start);
    const name = /^(?:P?<)([A-Za-z_]\w{0,99})>/.exec(this.#source.slice(this.#at, this.#at + 110));
    if (name !== null) {
      this.#at += name[0].length;
      return this.#captured(start);
    }
    if (/^<?[=!]/.test(this.#source.slice(this.#at, this.#at + 2))) {
      this.#at = start;
      this.#fail('RE2 has no lookahead and no lookbehind');
    }
    return this.#flagged(start);
  }

  #captured(start: number): Re2Node {
    const index = ++this.#groups;
    const inner = this.#choice();
    this.#close(start);
    return { type: 'group', index, inner };
  }

  #close(start: number): void {
    if (this.#take(')')) return;
    this.#at = start;
    this.#fail('a ( without its )');
  }

  /** `(?i)` sets flags for the rest of the group, `(?i:…)` for what it holds. */
  #flagged(start: number): Re2Node | undefined {
    const match = /^([imsU]*)(?:-([imsU]+))?([:)])/.exec(this.#source.slice(this.#at, this.#at + 20));
    if (match === null) {
      this.#at = start;
      this.#fail('a group that RE2 does not have');
    }
    this.#at += match[0].length;
    const flags: Record<keyof Flags, boolean> = { ...this.#flags };
    for (const flag of match[1] ?? '') flags[flagNames[flag] as keyof Flags] = true;
    for (const flag of match[2] ?? '') flags[flagNames[flag] as keyof Flags] = false;
    if (match[3] === ')') {
      this.#flags = flags;
      return undefined;
    }
    const outer = this.#flags;
    this.#flags = flags;
    const inner = this.#choice();
    this.#flags = outer;
    this.#close(start);
    return inner;
  }

  #class(): Re2Node {
    const reader = new ClassReader(this.#source, this.#at);
    const members = reader.read();
    this.#at = reader.at;
    return classNode(members, this.#flags.fold);
  }

  #escape(): Re2Node {
    const char = this.#peek();
    const border = borderEscapes[char];
    if (border !== undefined) {
      this.#at++;
      return { type: 'border', border };
    }
    if (/[1-9]/.test(char)) this.#fail('RE2 has no backreference');
    const read = readEscape(this.#source, this.#at);
    this.#at = read.end;
    return 'char' in read ? charNode(read.char, this.#flags.fold) : classNode(read.members, this.#flags.fold);
  }
}

/** Throws {@link Re2SyntaxError}. */
export function parseRe2(source: string): Re2Pattern {
  return new Parser(source).parse();
}
