/** HTML as chats, trackers and mails keep it, and the storage format of Confluence, which is HTML with macros. */

import { ForwardSearch, hasTextAt } from './byte-search.js';
import { ElementWriter } from './element-writer.js';
import { rawElements } from './elements.js';
import { copyResolved, type MarkupWriter, resolveReference } from './markup-writer.js';
import { type Tag, TagReader } from './tag-reader.js';

const lessThan = 0x3c;
const ampersand = 0x26;
const exclamation = 0x21;
const question = 0x3f;
const colon = Buffer.from(': ');
const cdataEnd = Buffer.from(']]>');
const cdataMark = '<![CDATA[';

export function undoHtml(writer: MarkupWriter): void {
  new HtmlUndoer(writer).run();
}

class HtmlUndoer {
  readonly #writer: MarkupWriter;
  readonly #input: Buffer;
  readonly #tags: TagReader;
  readonly #elements: ElementWriter;
  readonly #cdataEnds: ForwardSearch;
  readonly #splitEnds: ForwardSearch;
  readonly #tagEnds: ForwardSearch;
  readonly #closings: ForwardSearch;

  constructor(writer: MarkupWriter) {
    const { input } = writer;
    this.#writer = writer;
    this.#input = input;
    this.#tags = new TagReader(input);
    this.#elements = new ElementWriter(writer);
    this.#cdataEnds = new ForwardSearch(input, ']]>');
    this.#splitEnds = new ForwardSearch(input, ']] >');
    this.#tagEnds = new ForwardSearch(input, '>');
    this.#closings = new ForwardSearch(input, '</');
  }

  run(): void {
    const input = this.#input;
    for (let at = 0; at < input.length; ) {
      const byte = input[at];
      if (byte === ampersand) at = resolveReference(this.#writer, at);
      else if (byte === lessThan) at = this.#markup(at);
      else at++;
    }
  }

  /** What begins with the `<` at `at`; returns the offset where reading goes on. */
  #markup(at: number): number {
    const next = this.#input[at + 1];
    if (next === exclamation || next === question) return this.#declaration(at);
    const tag = this.#tags.read(at);
    if (tag === undefined) return at + 1;
    this.#elements.tag(tag);
    if (tag.isClosing) return tag.end;
    if (tag.name === 'ac:parameter') this.#parameterName(tag);
    return rawElements.has(tag.name) ? this.#rawEnd(tag) : tag.end;
  }

  #declaration(at: number): number {
    const comment = this.#elements.comment(at);
    if (comment > 0) return comment;
    const input = this.#input;
    if (hasTextAt(input, at, cdataMark)) return this.#cdata(at);
    const close = this.#tagEnds.next(at);
    if (close < 0) return at + 1;
    this.#writer.drop(at, close + 1);
    // A document type says nothing; code of a server may.
    if (input[at + 1] === question) this.#writer.copyAside(at + 2, close);
    return close + 1;
  }

  /** Text as it is; only `]]>` within it had to be written with a blank. */
  #cdata(at: number): number {
    const start = at + cdataMark.length;
    const close = this.#cdataEnds.next(start);
    if (close < 0) return at + 1;
    this.#writer.drop(at, start);
    for (let inner = this.#splitEnds.next(start); inner >= 0 && inner < close; ) {
      this.#writer.replace(inner, inner + 4, cdataEnd);
      inner = this.#splitEnds.next(inner + 4);
    }
    this.#writer.drop(close, close + 3);
    return close + 3;
  }

  /** A macro's parameter reads like a setting. */
  #parameterName(tag: Tag): void {
    const name = tag.attributes.find((attribute) => attribute.name === 'ac:name');
    if (name === undefined) return;
    this.#writer.insert(tag.end, (out) => {
      copyResolved(out, this.#input, name.valueStart, name.valueEnd);
      out.put(tag.end, tag.end, colon);
    });
  }

  /** Offset of the tag that closes a script or style sheet; of the end of the text when none does. */
  #rawEnd(tag: Tag): number {
    const input = this.#input;
    for (let at = this.#closings.next(tag.end); at >= 0; at = this.#closings.next(at + 2)) {
      const name = input.toString('latin1', at + 2, at + 2 + tag.name.length);
      if (name.toLowerCase() === tag.name) return at;
    }
    return input.length;
  }
}
