/** Writes what elements, comments and their attributes leave behind in a text without markup. */
import type { ViewWriter } from '../view-writer.js';
import { ForwardSearch, hasTextAt, includesText } from './byte-search.js';
import {
  cellElements,
  holdingAttributes,
  inlineElements,
  isKnownElement,
  isLayoutAttribute,
  namingAttributes,
  plainAttributes,
} from './elements.js';
import { copyResolved, type MarkupWriter } from './markup-writer.js';
import type { Attribute, Tag } from './tag-reader.js';

const cellBreak = Buffer.from(' | ');
const colon = Buffer.from(': ');
const commentStart = '<!--';

/** Pictures written into the page are no text. */
const picture = /^data:(?:image|font|audio|video)\//i;
/** Bytes of a value that are looked at to tell what it is. */
const headBytes = 24;

export class ElementWriter {
  readonly #writer: MarkupWriter;
  readonly #commentEnds: ForwardSearch;
  #isFirstCell = true;

  constructor(writer: MarkupWriter) {
    this.#writer = writer;
    this.#commentEnds = new ForwardSearch(writer.input, '-->');
  }

  /** Drops a tag: nothing is left of one that styles part of a line, a line end or cell border of others. */
  tag(tag: Tag): void {
    const writer = this.#writer;
    const { name, start, end } = tag;
    if (cellElements.has(name)) this.#cell(tag);
    else if (inlineElements.has(name)) {
      if (isInk(writer.input[start - 1]) && isInk(writer.input[end])) writer.note('split-over-leaves');
      writer.drop(start, end);
    } else {
      if (name === 'tr') this.#isFirstCell = true;
      writer.breakLine(start, end);
    }
    // What is no element may be text that nobody escaped.
    if (!isKnownElement(name) && !name.includes(':') && !tag.isClosing)
      writer.resolveAside(start + 1, end - 1);
    else if (tag.attributes.length > 0) this.#attributes(tag.attributes);
  }

  /**
   * The comment at `at`: its text is put aside, since one may stand within a word. Returns the offset behind it; -1 when
   * there is none.
   */
  comment(at: number): number {
    const { input } = this.#writer;
    if (!hasTextAt(input, at, commentStart)) return -1;
    const close = this.#commentEnds.next(at + 2);
    if (close < 0) return -1;
    const end = close + 3;
    this.#writer.drop(at, end);
    const [textStart, textEnd] = trimmed(input, at + commentStart.length, close);
    this.#writer.copyAside(textStart, textEnd);
    return end;
  }

  /** Cells of one row stand in one line, as in the tables of wikis, so that a name is seen beside its value. */
  #cell({ isClosing, start, end }: Tag): void {
    if (isClosing) {
      this.#writer.drop(start, end);
      return;
    }
    if (this.#isFirstCell) this.#writer.breakLine(start, end);
    else this.#writer.replace(start, end, cellBreak);
    this.#isFirstCell = false;
  }

  #attributes(attributes: readonly Attribute[]): void {
    const name = attributes.find((each) => namingAttributes.has(each.name));
    for (const attribute of attributes) {
      if (this.#isNoise(attribute)) continue;
      this.#writer.putAside(this.#aside(attribute, holdingAttributes.has(attribute.name) ? name : undefined));
    }
  }

  #aside(attribute: Attribute, naming: Attribute | undefined): (out: ViewWriter) => void {
    const { input } = this.#writer;
    return (out) => {
      if (naming !== undefined) {
        copyResolved(out, input, naming.valueStart, naming.valueEnd);
        out.put(naming.valueEnd, naming.valueEnd, colon);
      }
      if (plainAttributes.has(attribute.name))
        copyResolved(out, input, attribute.valueStart, attribute.valueEnd);
      else copyResolved(out, input, attribute.start, attribute.end);
    };
  }

  #isNoise({ name, valueStart, valueEnd }: Attribute): boolean {
    const { input } = this.#writer;
    if (isLayoutAttribute(name)) return !includesText(input, '://', valueStart, valueEnd);
    return (
      hasTextAt(input, valueStart, 'data:') &&
      picture.test(input.toString('latin1', valueStart, Math.min(valueEnd, valueStart + headBytes)))
    );
  }
}

function isInk(byte: number | undefined): boolean {
  return byte !== undefined && byte > 0x20 && byte !== 0x3c && byte !== 0x3e;
}

function trimmed(input: Uint8Array, from: number, to: number): readonly [number, number] {
  let start = from;
  let end = to;
  while (start < end && (input[start] as number) <= 0x20) start++;
  while (end > start && (input[end - 1] as number) <= 0x20) end--;
  return [start, end];
}
