/** HTML exports of chats: one element a message, cut out of the page without building its tree. */
import { isUtf8 } from 'node:buffer';
import type { ExportFile } from '../contract.js';
import { decodeText } from '../decode-text.js';

export interface HtmlPiece {
  /** Mark-up from the beginning of the element to that of the next one. */
  readonly html: string;
  /** True for what stands before the first message. */
  readonly isHead: boolean;
  /** True for a further part of a message that is too long to be given whole. */
  readonly isContinued: boolean;
  readonly start: number;
  readonly end: number;
}

/** A message longer than this is given in parts. */
const maxPieceBytes = 4 * 1024 * 1024;
const lessThan = 0x3c;

/**
 * @param mark what the opening tag of each message holds, and nothing else in the page
 */
export async function* htmlMessages(file: ExportFile, mark: string): AsyncGenerator<readonly HtmlPiece[]> {
  const cutter = new HtmlCutter(Buffer.from(mark, 'latin1'));
  for await (const chunk of file.chunks()) {
    const pieces = cutter.push(chunk);
    if (pieces.length > 0) yield pieces;
  }
  const rest = cutter.end();
  if (rest.length > 0) yield rest;
}

class HtmlCutter {
  readonly #mark: Buffer;
  #bytes: Buffer = Buffer.alloc(0);
  #base = 0;
  /** Where the search for the next mark goes on. */
  #from = 0;
  #isHead = true;
  #isContinued = false;

  constructor(mark: Buffer) {
    this.#mark = mark;
  }

  push(chunk: Buffer): HtmlPiece[] {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const pieces: HtmlPiece[] = [];
    let begin = 0;
    for (let at = this.#bytes.indexOf(this.#mark, this.#from); at >= 0; ) {
      const tag = this.#bytes.lastIndexOf(lessThan, at);
      if (tag > begin || (tag === begin && this.#isHead)) {
        this.#give(pieces, begin, tag);
        this.#isHead = false;
        this.#isContinued = false;
        begin = tag;
      }
      this.#from = at + this.#mark.length;
      at = this.#bytes.indexOf(this.#mark, this.#from);
    }
    this.#from = Math.max(this.#from, this.#bytes.length - this.#mark.length);
    if (this.#bytes.length - begin > maxPieceBytes) {
      this.#give(pieces, begin, this.#from);
      this.#isContinued = true;
      begin = this.#from;
    }
    this.#bytes = this.#bytes.subarray(begin);
    this.#base += begin;
    this.#from = Math.max(0, this.#from - begin);
    return pieces;
  }

  end(): HtmlPiece[] {
    const pieces: HtmlPiece[] = [];
    this.#give(pieces, 0, this.#bytes.length);
    return pieces;
  }

  #give(pieces: HtmlPiece[], start: number, end: number): void {
    if (end <= start) return;
    const bytes = this.#bytes.subarray(start, end);
    pieces.push({
      html: isUtf8(bytes) ? decodeText(bytes, 'utf-8') : decodeText(bytes, 'windows-1252'),
      isHead: this.#isHead,
      isContinued: this.#isContinued,
      start: this.#base + start,
      end: this.#base + end,
    });
  }
}

/** Text of the first element whose opening tag holds `mark`, up to its first inner tag; entities are not undone. */
export function textAfter(html: string, mark: string): string | undefined {
  const at = html.indexOf(mark);
  const open = at < 0 ? -1 : html.indexOf('>', at);
  if (open < 0) return undefined;
  const close = html.indexOf('<', open);
  const text = html.slice(open + 1, close < 0 ? open + 1 : close).trim();
  return text === '' || text.length > 300 || text.includes('&') ? undefined : text;
}

/** Style sheets and scripts taken out: the exporter's own, with nothing that anybody wrote. */
export function withoutStyles(html: string): string {
  let text = html;
  for (const tag of ['style', 'script', 'svg']) {
    let kept = '';
    let from = 0;
    for (;;) {
      const open = text.indexOf(`<${tag}`, from);
      const close = open < 0 ? -1 : text.indexOf(`</${tag}>`, open);
      if (close < 0) break;
      kept += text.slice(from, open);
      from = close + tag.length + 3;
    }
    text = kept + text.slice(from);
  }
  return text;
}
