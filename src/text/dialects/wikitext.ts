/** MediaWiki's wikitext: quotes for emphasis, `<nowiki>`, elements of HTML and of extensions, comments. */

import { ForwardSearch } from './byte-search.js';
import { ElementWriter } from './element-writer.js';
import { isKnownElement } from './elements.js';
import { type MarkupWriter, resolveReference } from './markup-writer.js';
import { type Tag, TagReader } from './tag-reader.js';

const lessThan = 0x3c;
const ampersand = 0x26;
const apostrophe = 0x27;

/** Elements whose content is no wikitext; references are resolved in some of them. */
const verbatim: ReadonlySet<string> = new Set(['syntaxhighlight', 'source', 'pre', 'nowiki']);
const resolved: ReadonlySet<string> = new Set(['pre', 'nowiki']);

export function undoWikitext(writer: MarkupWriter): void {
  new WikitextUndoer(writer).run();
}

class WikitextUndoer {
  readonly #writer: MarkupWriter;
  readonly #tags: TagReader;
  readonly #elements: ElementWriter;
  readonly #closings: ReadonlyMap<string, ForwardSearch>;
  /** Up to here nothing but references is undone. */
  #resolvedEnd = 0;

  constructor(writer: MarkupWriter) {
    const { input } = writer;
    this.#writer = writer;
    this.#tags = new TagReader(input, isKnownElement);
    this.#elements = new ElementWriter(writer);
    this.#closings = new Map([...verbatim].map((name) => [name, new ForwardSearch(input, `</${name}`)]));
  }

  run(): void {
    const { input } = this.#writer;
    for (let at = 0; at < input.length; ) {
      const byte = input[at];
      if (byte === ampersand) at = resolveReference(this.#writer, at);
      else if (at < this.#resolvedEnd) at++;
      else if (byte === lessThan) at = this.#markup(at);
      else if (byte === apostrophe) at = dropEmphasis(this.#writer, at);
      else at++;
    }
  }

  /** What begins with the `<` at `at`; returns the offset where reading goes on. */
  #markup(at: number): number {
    const comment = this.#elements.comment(at);
    if (comment > 0) return comment;
    const tag = this.#tags.read(at);
    if (tag === undefined) return at + 1;
    if (tag.name === 'nowiki') {
      this.#writer.drop(tag.start, tag.end);
      this.#writer.note('split-over-leaves');
    } else this.#elements.tag(tag);
    return this.#contentStart(tag);
  }

  /** Behind a tag, or behind its content when nothing of that is undone. */
  #contentStart(tag: Tag): number {
    const isEmpty = tag.isClosing || this.#writer.input[tag.end - 2] === 0x2f;
    const close = isEmpty ? -1 : (this.#closings.get(tag.name)?.next(tag.end) ?? -1);
    if (close < 0) return tag.end;
    if (!resolved.has(tag.name)) return close;
    this.#resolvedEnd = close;
    return tag.end;
  }
}

/** Two, three or five apostrophes are emphasis; what one leaves over belongs to the text. */
function dropEmphasis(writer: MarkupWriter, at: number): number {
  const { input } = writer;
  let end = at;
  while (input[end] === apostrophe) end++;
  const length = end - at;
  const marks = length > 5 ? 5 : length === 4 ? 3 : length;
  if (marks >= 2) writer.drop(end - marks, end);
  return end;
}
