/**
 * Cuts an mbox into its messages, in all four dialects: a separator line `From ... date` begins each (mboxo, mboxrd),
 * or a `Content-Length` tells where it ends (mboxcl, mboxcl2).
 */

export interface MboxMessage {
  /** Offset of the separator line, the place of the message in the file. */
  readonly start: number;
  readonly end: number;
  /** The separator line. */
  readonly separator: string;
  /** Header and body, quoting of separators undone. */
  readonly bytes: Buffer;
  /** True when the message is longer than the cap, and its rest was left out. */
  readonly isCut: boolean;
}

export interface MboxOptions {
  /** Longest message that is kept; default 64 MiB. */
  readonly maxBytes?: number;
}

const defaultMaxBytes = 64 * 1024 * 1024;
const lf = 0x0a;
const from = Buffer.from('\nFrom ', 'latin1');
const contentLength = /^content-length:[ \t]*(\d{1,12})[ \t]*\r?$/im;
/** Longest line that can be a separator, and longest header block in which a length is looked for. */
const maxLine = 1024;
const maxHeader = 256 * 1024;
/** After so many wrong lengths none is believed: each costs a look at as many bytes. */
const maxWrongLengths = 3;

/** `From someone Sun Dec 25 21:33:37 2011`, with a zone before or behind the year, or none. */
const datedSeparator =
  /^From .*?(?:mon|tue|wed|thu|fri|sat|sun),? +(?:[a-z]{3} +\d{1,2}|\d{1,2} +[a-z]{3}) +(?:\d{4} +)?\d{1,2}:\d{2}/i;
const anySeparator = /^From \S/;
const fieldLine = /^(?:>?From |[!-9;-~]{1,100}[ \t]*:)/;
/** `git format-patch` writes this date on every patch; those files are patches. */
const patchSeparator = /^From [0-9a-f]{40,64} Mon Sep 17 00:00:00 2001/;

/** True for text that begins like an mbox. */
export function beginsLikeMbox(text: string): boolean {
  const begin = /^\s*/.exec(text)?.[0].length ?? 0;
  const [first = '', second = ''] = text.slice(begin, begin + 4 * maxLine).split(/\r?\n/, 2);
  if (!anySeparator.test(first) || patchSeparator.test(first)) return false;
  return (datedSeparator.test(first) || begin === 0) && fieldLine.test(second);
}

/** The messages of an mbox that is held in memory. */
export function mboxMessages(bytes: Buffer): MboxMessage[] {
  const splitter = new MboxSplitter({ maxBytes: Math.max(bytes.length, 1) });
  return [...splitter.push(bytes), ...splitter.end()];
}

/** Takes the bytes of an mbox as they come, and gives the messages that end in them. */
export class MboxSplitter {
  readonly #maxBytes: number;
  readonly #bytes: Window = new Window();
  /** Index in the window from which the next separator is looked for. */
  #searched = 0;
  /** Bytes of the current message that lie beyond the cap and were let go. */
  #dropped = 0;
  /** True once the length that the message claims, if any, was looked at. */
  #isLengthKnown = false;
  #isByLength = false;
  #wrongLengths = 0;
  /** Whether this mbox dates its separators, by its first one. */
  #isDated: boolean | undefined;

  constructor(options: MboxOptions = {}) {
    this.#maxBytes = Math.max(maxLine * 4, options.maxBytes ?? defaultMaxBytes);
  }

  /** The result holds no more than the chunk and the longest message. */
  push(chunk: Buffer): MboxMessage[] {
    this.#bytes.append(chunk);
    return this.#messages(false);
  }

  end(): MboxMessage[] {
    const messages = this.#messages(true);
    if (this.#bytes.length > 0) messages.push(this.#take(this.#bytes.length));
    return messages.filter((message) => message.separator !== '' || message.bytes.length > 0);
  }

  #messages(isEnd: boolean): MboxMessage[] {
    const messages: MboxMessage[] = [];
    for (let end = this.#nextEnd(isEnd); end !== undefined; end = this.#nextEnd(isEnd))
      messages.push(this.#take(end));
    this.#capCurrent();
    return messages;
  }

  /** Index of the separator that ends the current message; undefined while it is not in sight. */
  #nextEnd(isEnd: boolean): number | undefined {
    const view = this.#bytes.view();
    if (!this.#isLengthKnown) {
      const end = this.#endByLength(view, isEnd);
      if (end === 'wait') return undefined;
      this.#isLengthKnown = true;
      if (end !== undefined) {
        this.#isByLength = true;
        return end;
      }
    }
    for (;;) {
      const found = view.indexOf(from, this.#searched);
      if (found < 0) {
        this.#searched = Math.max(this.#searched, view.length - from.length + 1);
        return undefined;
      }
      if (!isEnd && view.length - found < 2 * maxLine) {
        this.#searched = found;
        return undefined;
      }
      this.#searched = found + 1;
      if (this.#isSeparator(view, found + 1)) return found + 1;
    }
  }

  /** End of a message that tells its length; a length that does not lead to a separator or the end is no length. */
  #endByLength(view: Buffer, isEnd: boolean): number | 'wait' | undefined {
    if (this.#wrongLengths >= maxWrongLengths) return undefined;
    // Messages without an empty line must not make the search look at the ones behind them.
    const head = view.subarray(0, maxHeader);
    const next = head.indexOf(from);
    const body = bodyStart(next < 0 ? head : head.subarray(0, next + 1));
    if (body === undefined && next >= 0) return undefined;
    if (body === undefined) return isEnd || view.length >= maxHeader ? undefined : 'wait';
    const match = contentLength.exec(view.toString('latin1', 0, body));
    const length = match === null ? 0 : Number(match[1]);
    if (length === 0 || length > this.#maxBytes) return undefined;
    let end = body + length;
    if (!isEnd && view.length < end + 2 * maxLine) return 'wait';
    while (end < body + length + 4 && (view[end] === lf || view[end] === 0x0d)) end++;
    if (end < view.length && view[end - 1] === lf && this.#isSeparator(view, end)) return end;
    if (end !== view.length) this.#wrongLengths++;
    return undefined;
  }

  #isSeparator(view: Buffer, at: number): boolean {
    const line = lineAt(view, at);
    const isEnough = datedSeparator.test(line.text)
      ? true
      : this.#isDated === false && anySeparator.test(line.text) && isBlankBefore(view, at);
    return isEnough && fieldLine.test(lineAt(view, line.next).text);
  }

  #take(end: number): MboxMessage {
    const view = this.#bytes.view();
    let start = 0;
    while (start < end && (view[start] === lf || view[start] === 0x0d || isMark(view, start))) start++;
    const lineEnd = view.indexOf(lf, start);
    const bodyAt = lineEnd < 0 || lineEnd >= end ? end : lineEnd + 1;
    const line = view.toString('latin1', start, Math.min(bodyAt, start + maxLine)).trimEnd();
    const isSeparated = anySeparator.test(line);
    this.#isDated ??= datedSeparator.test(line);
    const message: MboxMessage = {
      start: this.#bytes.offset + start,
      end: this.#bytes.offset + end + this.#dropped,
      separator: isSeparated ? line : '',
      bytes: this.#unquoted(view.subarray(isSeparated ? bodyAt : start, end)),
      isCut: this.#dropped > 0,
    };
    this.#bytes.shift(end, this.#dropped);
    this.#searched = 0;
    this.#dropped = 0;
    this.#isLengthKnown = false;
    this.#isByLength = false;
    return message;
  }

  /** A copy, with one `>` taken from each quoted separator. Files that go by lengths alone (mboxcl2) do not quote. */
  #unquoted(bytes: Buffer): Buffer {
    if (!bytes.includes('>From ') || (this.#isByLength && bytes.includes(from))) return Buffer.from(bytes);
    return Buffer.from(bytes.toString('latin1').replace(/^>(>*From )/gm, '$1'), 'latin1');
  }

  /** Lets go of what the current message has beyond the cap, except the bytes that the search still needs. */
  #capCurrent(): void {
    if (this.#bytes.length <= this.#maxBytes + 2 * maxLine || !this.#isLengthKnown) return;
    const keep = Math.max(this.#searched, this.#maxBytes);
    this.#dropped += this.#bytes.cut(this.#maxBytes, keep);
    this.#searched = this.#maxBytes;
  }
}

/** Bytes of a stream from some offset on; appending and shifting cost no more than the bytes that they move. */
class Window {
  #buffer: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** Offset in the stream of the first byte. */
  offset = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  view(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  append(chunk: Buffer): void {
    const needed = this.length + chunk.length;
    if (this.#end + chunk.length > this.#buffer.length) {
      const isRoomy = needed * 2 <= this.#buffer.length && this.#buffer.length <= needed * 16;
      const target = isRoomy ? this.#buffer : Buffer.allocUnsafeSlow(needed * 2);
      this.#buffer.copy(target, 0, this.#start, this.#end);
      this.#end = this.length;
      this.#start = 0;
      this.#buffer = target;
    }
    chunk.copy(this.#buffer, this.#end);
    this.#end += chunk.length;
  }

  /** Drops the first `count` bytes; `missing` more of the stream had been cut out of them. */
  shift(count: number, missing: number): void {
    this.#start += count;
    this.offset += count + missing;
  }

  /** Takes out the bytes from `from` to `to`, and tells how many those were. */
  cut(from: number, to: number): number {
    this.#buffer.copy(this.#buffer, this.#start + from, this.#start + to, this.#end);
    this.#end -= to - from;
    return to - from;
  }
}

/** Index of the first byte behind the header block. */
function bodyStart(view: Buffer): number | undefined {
  const unix = view.indexOf('\n\n');
  const dos = view.indexOf('\n\r\n');
  if (unix < 0 && dos < 0) return undefined;
  return unix >= 0 && (dos < 0 || unix < dos) ? unix + 2 : dos + 3;
}

/** The line at an index, as far as a separator can be long. */
function lineAt(view: Buffer, at: number): { text: string; next: number } {
  const end = view.subarray(at, at + maxLine).indexOf(lf);
  const length = end < 0 ? maxLine : end;
  return { text: view.toString('latin1', at, at + length), next: at + length + 1 };
}

function isBlankBefore(view: Buffer, at: number): boolean {
  return view[at - 2] === lf || (view[at - 2] === 0x0d && view[at - 3] === lf);
}

/** A byte of a UTF-8 byte order mark at the very beginning. */
function isMark(view: Buffer, at: number): boolean {
  return at < 3 && view[0] === 0xef && view[1] === 0xbb && view[2] === 0xbf;
}
