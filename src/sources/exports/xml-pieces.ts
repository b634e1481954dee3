/**
 * Events of an XML text, streamed and forgiving: real exports hold control characters, HTML entities, unclosed
 * elements. No document type is read and no entity of its own is resolved.
 */
import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { QuoteType, Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { type BytesDecoder, decoderOfLabel, windows1252Decoder } from '../../text/windows-1252.js';
import type { ExportFile, RecordSink } from './contract.js';
import { decodeHead, encodingOf } from './decode-text.js';
import { decodeReferences } from './xml-references.js';

export interface XmlElement {
  /** As written, with its prefix: `ac:link`. */
  readonly name: string;
  /** Decoded values; the first of several attributes with one name. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Offset of its `<`, in bytes of the file as UTF-8. */
  readonly start: number;
  /** Elements around it; 0 for the root. */
  readonly depth: number;
}

/** What a reader wants to know; calls are synchronous and in the order of the text. */
export interface XmlEvents {
  /** @param parents the elements around it, outermost first; valid during the call */
  open?(element: XmlElement, parents: readonly XmlElement[]): void;
  /**
   * Also for elements that were never closed, when their parent is or the text ends.
   * @param end offset behind its end tag
   * @param isEnded false when it has none though its parent has one: what stands in it may belong beside it
   */
  close?(element: XmlElement, end: number, parents: readonly XmlElement[], isEnded: boolean): void;
  /** Decoded text, blanks too. The text of one element can come in several pieces, each of at most 1 MiB or so. */
  text?(text: string, at: XmlText): void;
  comment?(text: string, at: XmlText): void;
}

export interface XmlText {
  readonly start: number;
  readonly end: number;
  readonly isCdata: boolean;
  /** The element that holds it; undefined outside the root. */
  readonly parent: XmlElement | undefined;
}

/** Elements within elements; tags deeper than this are left out, their text is not. */
const maxDepth = 1000;
/** Text between two tags that is held before it is given. */
const maxTextBytes = 1024 * 1024;
/** A tag, comment or CDATA section longer than this was never closed. */
const maxHeldBytes = 64 * 1024 * 1024;
const maxDamageReports = 20;
/** In a name without a value: no name in XML. */
const noName = /[^\w.:\x80-\xff-]/;
/** In a value, which then lacks its quote. */
const innerTag = /<(?:\/|!\[CDATA\[)/;
/** Unclosed sections that are read again as markup. */
const maxReopened = 20;

/**
 * Reads an XML text. What is broken is reported to `sink`: end tags without a start, elements and comments that are
 * never closed, a text that ends within elements.
 */
export async function readXml(
  file: Pick<ExportFile, 'head' | 'chunks'>,
  sink: Pick<RecordSink, 'damaged' | 'aborted' | 'drained'>,
  events: XmlEvents,
): Promise<void> {
  const encoding = encodingOf(file.head);
  const isWide = encoding === 'utf-16le' || encoding === 'utf-16be';
  const decoder = isWide ? new TextDecoder(encoding) : undefined;
  const scan = new XmlScan(sink, events, isWide ? 'utf-8' : declaredEncoding(decodeHead(file.head)));
  for await (const chunk of file.chunks()) {
    if (sink.aborted) return;
    scan.push(decoder === undefined ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }), 'utf8'));
    await sink.drained();
  }
  if (decoder !== undefined) scan.push(Buffer.from(decoder.decode(), 'utf8'));
  scan.end();
}

/** For XML that is already text, e.g. within another format. */
export function readXmlText(text: string, sink: Pick<RecordSink, 'damaged'>, events: XmlEvents): void {
  const scan = new XmlScan(sink, events, 'utf-8');
  scan.push(Buffer.from(text, 'utf8'));
  scan.end();
}

function declaredEncoding(head: string): string {
  return /^\ufeff?<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(head)?.[1] ?? 'utf-8';
}

/**
 * The tokenizer gets each byte as one character, so that its positions are bytes; pieces are decoded afterwards. All
 * of XML's syntax is ASCII, which the encodings in question keep.
 */
class XmlScan implements TokenizerCallbacks {
  readonly #sink: Pick<RecordSink, 'damaged'>;
  readonly #events: XmlEvents;
  readonly #tokenizer: Tokenizer;
  readonly #decoder: BytesDecoder;
  /** Chunks that the section being read reaches back into. */
  #held: string[] = [];
  #heldStart = 0;
  #heldEnd = 0;
  /** Offset in the file of what the tokenizer counts as 0: it starts anew after damage. */
  #base = 0;
  readonly #stack: XmlElement[] = [];
  /** How many elements of a name are open. */
  readonly #openNames = new Map<string, number>();
  /** Start tags left out because of their depth, less their end tags. */
  #tooDeep = 0;
  #text = '';
  #textStart = 0;
  #tagStart = 0;
  #lastEnd = 0;
  #tagName: string | undefined;
  #attributes = new Map<string, string>();
  #attributeName = '';
  #attributeValue = '';
  /** True when the tag being read holds what no tag does. */
  #isTorn = false;
  #isEnding = false;
  #reports = 0;
  #reopened = 0;
  /** Start of a section that turned out to be unclosed. */
  #unclosedAt: number | undefined;

  constructor(sink: Pick<RecordSink, 'damaged'>, events: XmlEvents, declared: string) {
    this.#sink = sink;
    this.#events = events;
    this.#decoder = legacyDecoder(declared);
    this.#tokenizer = new Tokenizer({ xmlMode: true, decodeEntities: false }, this);
  }

  push(chunk: Buffer): void {
    this.#write(chunk.toString('latin1'));
    if (this.#heldEnd - this.#lastEnd > maxHeldBytes) this.#giveUp(this.#lastEnd);
  }

  end(): void {
    this.#isEnding = true;
    do {
      this.#unclosedAt = undefined;
      this.#tokenizer.end();
      if (this.#unclosedAt === undefined && this.#lastEnd < this.#heldEnd) this.#unclosedAt = this.#lastEnd;
      if (this.#unclosedAt !== undefined) this.#giveUp(this.#unclosedAt);
    } while (this.#unclosedAt !== undefined);
    this.#flushText();
    if (this.#stack.length > 0) this.#damaged('ends within an element', this.#heldEnd);
    while (this.#stack.length > 0) this.#pop(this.#heldEnd, true);
  }

  /**
   * Gives up a section that is never closed: what stands in it is read as markup. When that happens too often, as in
   * a text made to keep us busy, it goes out as text.
   */
  #giveUp(start: number): void {
    this.#damaged('a tag, comment or CDATA section that is never closed', start);
    this.#reopened++;
    const rest = this.#slice(start, this.#heldEnd);
    const isMarkup = this.#reopened <= maxReopened;
    const skipped = isMarkup ? (/^<(?:!\[CDATA\[|!--)?/.exec(rest)?.[0].length ?? 0) : rest.length;
    this.#tagName = undefined;
    this.#attributes = new Map();
    this.#attributeValue = '';
    this.#isTorn = false;
    this.#held = [];
    this.#heldStart = start + skipped;
    this.#heldEnd = this.#heldStart;
    this.#base = this.#heldStart;
    this.#lastEnd = this.#heldStart;
    this.#tokenizer.reset();
    if (isMarkup) this.#write(rest.slice(skipped));
    else this.#takePieces(rest, start, false);
  }

  #write(chunk: string): void {
    this.#held.push(chunk);
    this.#heldEnd += chunk.length;
    this.#tokenizer.write(chunk);
    this.#forget(this.#lastEnd);
  }

  #forget(before: number): void {
    for (;;) {
      const first = this.#held[0];
      if (first === undefined || this.#heldStart + first.length > before) return;
      this.#held.shift();
      this.#heldStart += first.length;
    }
  }

  #slice(start: number, end: number): string {
    this.#forget(Math.min(start, this.#lastEnd));
    let text = '';
    let from = this.#heldStart;
    for (const chunk of this.#held) {
      const to = from + chunk.length;
      if (to > start) text += chunk.slice(Math.max(0, start - from), end - from);
      if (to >= end) break;
      from = to;
    }
    return text;
  }

  /** Text of bytes, with references resolved where the place allows them. */
  #decode(bytes: string, hasReferences: boolean): string {
    let text = bytes;
    if (/[\x80-\xff]/.test(bytes)) {
      const buffer = Buffer.from(bytes, 'latin1');
      if (!isUtf8(buffer)) text = this.#decoder.decode(buffer);
      else text = buffer.toString('utf8');
    }
    return hasReferences ? decodeReferences(text) : text;
  }

  ontext(start: number, end: number): void {
    const from = start + this.#base;
    const to = end + this.#base;
    if (this.#text === '') this.#textStart = from;
    this.#text += this.#slice(from, to);
    this.#lastEnd = to;
    if (this.#text.length > maxTextBytes) this.#flushText(cutBefore(this.#text));
  }

  oncdata(start: number, end: number, endOffset: number): void {
    const from = start + this.#base;
    const to = end + this.#base;
    const open = from - '<![CDATA['.length;
    if (this.#isEnding && this.#gaveUp(open, to)) return;
    this.#flushText();
    this.#takePieces(this.#slice(from, to - endOffset), from, true);
    this.#lastEnd = to + 1;
  }

  oncomment(start: number, end: number, endOffset: number): void {
    const from = start + this.#base;
    const to = end + this.#base;
    if (this.#isEnding && this.#gaveUp(from - '<!--'.length, to)) return;
    this.#flushText();
    const text = this.#decode(this.#slice(from, to - endOffset), false);
    this.#events.comment?.(text, { start: from, end: to, isCdata: false, parent: this.#stack.at(-1) });
    this.#lastEnd = to + 1;
  }

  /** A section that only the end of the text ended. */
  #gaveUp(start: number, end: number): boolean {
    if (end < this.#heldEnd) return false;
    this.#unclosedAt = start;
    return true;
  }

  onopentagname(start: number, end: number): void {
    this.#flushText();
    this.#tagStart = start + this.#base - 1;
    this.#tagName = this.#decode(this.#slice(start + this.#base, end + this.#base), false);
    this.#attributes = new Map();
  }

  onattribname(start: number, end: number): void {
    this.#attributeName = this.#decode(this.#slice(start + this.#base, end + this.#base), false);
  }

  onattribdata(start: number, end: number): void {
    this.#attributeValue += this.#slice(start + this.#base, end + this.#base);
  }

  onattribentity(): void {
    // Only with decodeEntities.
  }

  onattribend(quote: QuoteType): void {
    const value = this.#attributeValue;
    const isBare = quote === QuoteType.NoValue && noName.test(this.#attributeName);
    if (isBare || (value.includes('<') && innerTag.test(value))) this.#isTorn = true;
    if (!this.#attributes.has(this.#attributeName))
      this.#attributes.set(this.#attributeName, this.#decode(value, true));
    this.#attributeValue = '';
  }

  onopentagend(end: number): void {
    this.#open();
    this.#endTag(end);
  }

  onselfclosingtag(end: number): void {
    const isOpen = this.#open();
    this.#endTag(end);
    if (isOpen) this.#pop(this.#lastEnd, true);
    else this.#tooDeep--;
  }

  /** Behind a start tag. Where damage took its end, the tag reaches into text, which is given as that. */
  #endTag(end: number): void {
    const to = end + this.#base;
    if (this.#isTorn) {
      this.#damaged('a tag that is not ended', this.#tagStart);
      this.#takePieces(this.#slice(this.#tagStart, to), this.#tagStart, false);
    }
    this.#isTorn = false;
    this.#lastEnd = to + 1;
  }

  onclosetag(start: number, end: number): void {
    this.#flushText();
    this.#lastEnd = end + this.#base + 1;
    if (this.#tooDeep > 0) {
      this.#tooDeep--;
      return;
    }
    const name = this.#decode(this.#slice(start + this.#base, end + this.#base), false).trim();
    // Most end tags end the innermost element; a name that is not open need not be looked for.
    const isOpen = (this.#openNames.get(name) ?? 0) > 0;
    const index = isOpen ? this.#stack.findLastIndex((element) => element.name === name) : -1;
    if (index < 0) {
      this.#damaged('an end tag without its start', start + this.#base);
      return;
    }
    if (index < this.#stack.length - 1) this.#damaged('an element that is not closed', start + this.#base);
    while (this.#stack.length > index + 1) this.#pop(this.#lastEnd, false);
    this.#pop(this.#lastEnd, true);
  }

  ondeclaration(_start: number, end: number): void {
    this.#flushText();
    this.#lastEnd = end + this.#base + 1;
  }

  onprocessinginstruction(_start: number, end: number): void {
    this.#flushText();
    this.#lastEnd = end + this.#base + 1;
  }

  ontextentity(): void {
    // Only with decodeEntities.
  }

  onend(): void {
    // Nothing is left but what end() looks after.
  }

  #open(): boolean {
    const name = this.#tagName;
    this.#tagName = undefined;
    if (name === undefined) return false;
    if (this.#stack.length >= maxDepth) {
      if (this.#tooDeep === 0) this.#damaged('elements nested too deeply', this.#tagStart);
      this.#tooDeep++;
      return false;
    }
    const element = {
      name,
      attributes: this.#attributes,
      start: this.#tagStart,
      depth: this.#stack.length,
    };
    this.#events.open?.(element, this.#stack);
    this.#stack.push(element);
    this.#openNames.set(name, (this.#openNames.get(name) ?? 0) + 1);
    return true;
  }

  #pop(end: number, isEnded: boolean): void {
    const element = this.#stack.pop();
    if (element === undefined) return;
    const count = this.#openNames.get(element.name) ?? 0;
    if (count > 1) this.#openNames.set(element.name, count - 1);
    else this.#openNames.delete(element.name);
    this.#events.close?.(element, end, this.#stack, isEnded);
  }

  #flushText(upTo: number = this.#text.length): void {
    if (this.#text === '') return;
    const text = this.#text.slice(0, upTo);
    this.#text = this.#text.slice(upTo);
    const start = this.#textStart;
    this.#textStart += upTo;
    this.#takeText(text, start, start + upTo, false);
  }

  #takeText(bytes: string, start: number, end: number, isCdata: boolean): void {
    let text = this.#decode(bytes, !isCdata);
    if (start === 0 && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    if (text !== '') this.#events.text?.(text, { start, end, isCdata, parent: this.#stack.at(-1) });
  }

  #takePieces(bytes: string, start: number, isCdata: boolean): void {
    for (let at = 0; at < bytes.length; ) {
      let piece = bytes.slice(at, at + maxTextBytes);
      if (at + piece.length < bytes.length) piece = piece.slice(0, cutBefore(piece));
      this.#takeText(piece, start + at, start + at + piece.length, isCdata);
      at += piece.length;
    }
  }

  #damaged(what: string, at: number): void {
    this.#reports++;
    if (this.#reports <= maxDamageReports) this.#sink.damaged(`${what}, at byte ${at}`);
  }
}

/** For pieces that are not UTF-8. */
function legacyDecoder(declared: string): BytesDecoder {
  const decoder = decoderOfLabel(declared);
  return decoder === undefined || decoder.encoding.startsWith('utf-') ? windows1252Decoder : decoder;
}

/** Where a long piece can be cut: within no reference and no character. */
function cutBefore(bytes: string): number {
  const ampersand = bytes.lastIndexOf('&');
  if (ampersand > 0 && ampersand >= bytes.length - 40) return ampersand;
  const blank = bytes.lastIndexOf(' ');
  if (blank > bytes.length - 4096 && blank > 0) return blank + 1;
  let at = bytes.length - 1;
  while (at > bytes.length - 4 && (bytes.charCodeAt(at) & 0xc0) === 0x80) at--;
  return Math.max(1, at);
}
