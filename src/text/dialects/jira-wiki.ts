/**
 * Jira's wiki markup. A backslash before a mark makes it text, except in blocks of code; markers of colour and style
 * may stand within a word, there written `{*}`.
 */
import { ForwardSearch, indexOfByte } from './byte-search.js';
import { isContact, isRedundantTarget, looksLikeTarget } from './link-target.js';
import { type MarkupWriter, resolveReference } from './markup-writer.js';

const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const bar = 0x7c;
const ampersand = 0x26;
const newline = 0x0a;
const colon = 0x3a;

const escapable = new Uint8Array(256);
for (const byte of Buffer.from('{}[]*_-^~+?!|#:()@&<>=%')) escapable[byte] = 1;

/** Macros round a block, whose parameters are text. */
const blockMacros: ReadonlySet<string> = new Set([
  'quote',
  'panel',
  'info',
  'note',
  'tip',
  'warning',
  'expand',
]);
/** Macros whose content is as it is. */
const codeMacros: ReadonlySet<string> = new Set(['code', 'noformat']);
const styleMarks = /^(?:[*_+\-^~?]|\?\?|color)$/;
/** Name, and parameters behind a colon, of a macro. */
const longestMacro = 512;

export function undoJiraWiki(writer: MarkupWriter): void {
  new JiraWikiUndoer(writer).run();
}

class JiraWikiUndoer {
  readonly #writer: MarkupWriter;
  readonly #input: Buffer;
  readonly #codeEnds: ReadonlyMap<string, ForwardSearch>;
  /** Offsets of the label's end and behind the link that is being read. */
  #labelEnd = -1;
  #linkEnd = -1;
  /** Offset of the `}}` that ends the monospaced text that is being read. */
  #monoEnd = -1;
  readonly #monoEnds: ForwardSearch;
  readonly #lineEnds: ForwardSearch;

  constructor(writer: MarkupWriter) {
    this.#writer = writer;
    this.#input = writer.input;
    this.#monoEnds = new ForwardSearch(this.#input, '}}');
    this.#lineEnds = new ForwardSearch(this.#input, '\n');
    this.#codeEnds = new Map(
      [...codeMacros].map((name) => [name, new ForwardSearch(this.#input, `{${name}}`)]),
    );
  }

  run(): void {
    const input = this.#input;
    for (let at = 0; at < input.length; ) {
      const byte = input[at];
      if (byte === backslash) at = this.#backslash(at);
      else if (byte === openBrace) at = this.#brace(at);
      else if (at === this.#monoEnd) at = this.#dropPair(at);
      else if (byte === openBracket) at = this.#openLink(at);
      else if (byte === bar && at === this.#labelEnd) {
        this.#writer.drop(at, this.#linkEnd);
        at = this.#linkEnd;
      } else if (byte === ampersand) at = resolveReference(this.#writer, at);
      else at++;
    }
  }

  #backslash(at: number): number {
    const next = this.#input[at + 1] ?? 0;
    if (next === backslash) {
      this.#writer.breakLine(at, at + 2);
      return at + 2;
    }
    if (escapable[next] === 0) return at + 1;
    this.#writer.drop(at, at + 1);
    this.#writer.note('shell-escaped');
    return at + 2;
  }

  #mono(at: number): number {
    const close = this.#monoEnds.next(at + 2);
    const lineEnd = this.#lineEnds.next(at + 2);
    if (close < 0 || (lineEnd >= 0 && lineEnd < close)) return at + 2;
    this.#monoEnd = close;
    return this.#dropPair(at);
  }

  #dropPair(at: number): number {
    this.#writer.drop(at, at + 2);
    return at + 2;
  }

  #brace(at: number): number {
    const input = this.#input;
    if (input[at + 1] === openBrace) return this.#mono(at);
    const close = macroEnd(input, at);
    if (close < 0) return at + 1;
    const mark = indexOfByte(input, colon, at + 1, close);
    const nameEnd = mark < 0 ? close : mark;
    const name = input.toString('latin1', at + 1, nameEnd);
    if (styleMarks.test(name)) {
      this.#writer.drop(at, close + 1);
      this.#writer.note('split-over-leaves');
      return close + 1;
    }
    if (codeMacros.has(name)) return this.#code(name, at, nameEnd, close);
    if (!blockMacros.has(name)) return at + 1;
    this.#block(at, nameEnd, close);
    return close + 1;
  }

  /** Parameters stay in a line of their own. */
  #block(at: number, nameEnd: number, close: number): void {
    if (nameEnd === close) {
      this.#writer.breakLine(at, close + 1);
      return;
    }
    this.#writer.breakLine(at, nameEnd + 1);
    this.#writer.breakLine(close, close + 1);
  }

  #code(name: string, at: number, nameEnd: number, close: number): number {
    this.#block(at, nameEnd, close);
    const end = this.#codeEnds.get(name)?.next(close + 1) ?? -1;
    if (end < 0) return close + 1;
    const behind = end + name.length + 2;
    this.#writer.breakLine(end, behind);
    return behind;
  }

  /** `[label|target]`, with a third part in newer editors; brackets without a target stay. */
  #openLink(at: number): number {
    const input = this.#input;
    let i = at + 1;
    while (i < input.length && !isLinkBorder(input[i] as number)) i += input[i] === backslash ? 2 : 1;
    if (input[i] !== bar) return at + 1;
    const labelEnd = i;
    i++;
    while (i < input.length && !isLinkBorder(input[i] as number)) i++;
    const targetEnd = i;
    while (i < input.length && input[i] !== closeBracket && input[i] !== openBracket && input[i] !== newline)
      i++;
    const target = input.toString('latin1', labelEnd + 1, targetEnd);
    if (input[i] !== closeBracket || !looksLikeTarget(target)) return at + 1;
    this.#labelEnd = labelEnd;
    this.#linkEnd = i + 1;
    this.#writer.drop(at, at + 1);
    this.#writer.note('link-mangled');
    if (!isContact(target) && !isRedundantTarget(input.toString('latin1', at + 1, labelEnd), target))
      this.#writer.copyAside(labelEnd + 1, targetEnd);
    return at + 1;
  }
}

/** Offset of the `}` of the macro at `at`; -1 when what follows is no macro. */
function macroEnd(input: Buffer, at: number): number {
  const limit = Math.min(input.length, at + longestMacro);
  for (let i = at + 1; i < limit; i++) {
    const byte = input[i] as number;
    if (byte === closeBrace) return i;
    if (byte === openBrace || byte === newline) return -1;
  }
  return -1;
}

function isLinkBorder(byte: number): boolean {
  return byte === bar || byte === openBracket || byte === closeBracket || byte === newline;
}
