/** Quotes within a message of Skype: `<quote author=".." messageid=".."><legacyquote>..</legacyquote>text</quote>`. */
import { decodeReferences } from '../xml-references.js';

export interface SkypeQuote {
  /** Id of the message that is quoted. */
  readonly of: string | undefined;
  readonly author: string | undefined;
  readonly timestamp: string | undefined;
  /** Markup between the tags. */
  readonly text: string;
}

const openTag = /<quote\b[^<>]{0,4000}>/g;
const closeTag = '</quote>';

/** The message without its quotes, and the quotes; one within another stays in the outer one. */
export function splitQuotes(content: string): { own: string; quotes: SkypeQuote[] } {
  const quotes: SkypeQuote[] = [];
  let own = '';
  let at = 0;
  for (;;) {
    openTag.lastIndex = at;
    const open = openTag.exec(content);
    if (open === null) break;
    const start = open.index + open[0].length;
    const end = endOfQuote(content, start);
    if (end < 0) break;
    own += content.slice(at, open.index);
    quotes.push({
      of: attribute(open[0], 'messageid'),
      author: attribute(open[0], 'authorname') ?? attribute(open[0], 'author'),
      timestamp: attribute(open[0], 'timestamp'),
      text: content.slice(start, end),
    });
    at = end + closeTag.length;
  }
  return { own: own + content.slice(at), quotes };
}

/** Quotes within quotes that are told apart. */
const maxNesting = 50;

/** Index of the tag that closes a quote; quotes can hold quotes. */
function endOfQuote(content: string, from: number): number {
  let depth = 1;
  let at = from;
  for (let tags = 0; tags < 2 * maxNesting; tags++) {
    const close = content.indexOf(closeTag, at);
    if (close < 0) return -1;
    const open = content.slice(at, close).indexOf('<quote ');
    if (open >= 0) {
      depth++;
      at += open + 1;
      continue;
    }
    depth--;
    if (depth === 0) return close;
    at = close + closeTag.length;
  }
  return -1;
}

function attribute(tag: string, name: string): string | undefined {
  const at = tag.indexOf(` ${name}="`);
  if (at < 0) return undefined;
  const start = at + name.length + 3;
  const end = tag.indexOf('"', start);
  const value = end < 0 ? '' : decodeReferences(tag.slice(start, end));
  return value === '' ? undefined : value;
}
