/** MediaWiki's wikitext: quotes for emphasis, `<nowiki>`, elements of HTML and of extensions, comments. */

import { ForwardSearch } from './byte-search.js';
import { ElementWriter } from './element-writer.js';
import { blockElements, inlineElements } from './elements.js';
import { type MarkupWriter, resolveReference } from './markup-writer.js';
import { TagReader } from './tag-reader.js';

const lessThan = 0x3c;
const ampersand = 0x26;
const apostrophe = 0x27;

/** Elements whose content is no wikitext; references are resolved in some of them. */
const verbatim: ReadonlySet<string> = new Set(['syntaxhighlight', 'source', 'pre', 'nowiki']);
const resolved: ReadonlySet<string> = new Set(['pre', 'nowiki']);

export function undoWikitext(writer: MarkupWriter): void {
  const { input } = writer;
  const tags = new TagReader(input);
  const elements = new ElementWriter(writer);
  const closings = new Map([...verbatim].map((name) => [name, new ForwardSearch(input, `</${name}`)]));
  /** Up to here nothing but references is undone. */
  let verbatimEnd = 0;
  for (let at = 0; at < input.length; ) {
    const byte = input[at];
    if (byte === ampersand) at = resolveReference(writer, at);
    else if (at < verbatimEnd || (byte !== lessThan && byte !== apostrophe)) at++;
    else if (byte === apostrophe) at = dropEmphasis(writer, at);
    else {
      const comment = elements.comment(at);
      const tag = comment < 0 ? tags.read(at) : undefined;
      if (tag === undefined || !(inlineElements.has(tag.name) || blockElements.has(tag.name))) {
        at = Math.max(at + 1, comment);
        continue;
      }
      if (tag.name === 'nowiki') {
        writer.drop(tag.start, tag.end);
        writer.note('split-over-leaves');
      } else elements.tag(tag);
      at = tag.end;
      if (!verbatim.has(tag.name) || tag.isClosing || input[tag.end - 2] === 0x2f) continue;
      const close = closings.get(tag.name)?.next(at) ?? -1;
      if (close < 0) continue;
      verbatimEnd = close;
      if (!resolved.has(tag.name)) at = close;
    }
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
