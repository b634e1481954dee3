/** Structured header values: `text/plain; charset=utf-8; name*0*=utf-8''a%20; name*1=b`. */
import { decodeWords } from 'postal-mime';
import { decoderOfLabel } from '../../../text/windows-1252.js';

export interface StructuredValue {
  /** What stands before the first `;`, in lower case. */
  readonly value: string;
  /** Parameters by lower-case name, continuations joined and decoded (RFC 2231, RFC 2047). */
  readonly params: ReadonlyMap<string, string>;
}

/** Longest header value that is taken apart. */
const maxLength = 64 * 1024;
/** `name*`, `name*0`, `name*0*`. */
const continuation = /^([^*]+)\*(\d{1,3})?(\*)?$/;

export function parseStructured(source: string): StructuredValue {
  const pieces = splitPieces(source.slice(0, maxLength));
  const params = new Map<string, string>();
  const sections = new Map<string, { nr: number; text: string; isEncoded: boolean }[]>();
  for (const { name, text } of pieces.slice(1)) {
    const match = continuation.exec(name);
    if (match?.[1] === undefined) {
      if (!params.has(name)) params.set(name, decodeWords(text));
      continue;
    }
    const list = sections.get(match[1]) ?? [];
    list.push({
      nr: Number(match[2] ?? 0),
      text,
      isEncoded: match[2] === undefined || match[3] !== undefined,
    });
    sections.set(match[1], list);
  }
  for (const [name, list] of sections) params.set(name, joinSections(list.sort((a, b) => a.nr - b.nr)));
  return { value: (pieces[0]?.text ?? '').trim().toLowerCase(), params };
}

interface Piece {
  readonly name: string;
  readonly text: string;
}

/** Splits at `;` outside quotes and comments; the first piece has no name. */
function splitPieces(source: string): Piece[] {
  const splitter = new PieceSplitter();
  for (let i = 0; i < source.length; i++) {
    if (source[i] === '\\' && splitter.escapes) splitter.escaped(source[++i] ?? '');
    else splitter.char(source[i] ?? '');
  }
  return splitter.end();
}

class PieceSplitter {
  readonly #pieces: Piece[] = [];
  #name = '';
  #text = '';
  #isQuoted = false;
  /** Comments within comments. */
  #depth = 0;

  /** A backslash is a character like others outside quotes and comments: `name=C:\\a.txt`. */
  get escapes(): boolean {
    return this.#isQuoted || this.#depth > 0;
  }

  escaped(char: string): void {
    if (this.#depth === 0) this.#text += char;
  }

  char(char: string): void {
    if (this.#depth > 0) this.#depth += char === '(' ? 1 : char === ')' ? -1 : 0;
    else if (char === '"') this.#isQuoted = !this.#isQuoted;
    else if (this.#isQuoted) this.#text += char;
    else this.#bare(char);
  }

  #bare(char: string): void {
    const isNameless = this.#name === '' && this.#pieces.length > 0;
    // A parenthesis within a word belongs to it: `name=Invoice(1).pdf`.
    if (char === '(' && (this.#text === '' || /\s/.test(this.#text.at(-1) ?? ''))) this.#depth++;
    else if (char === ';') this.#push();
    else if (char === '=' && isNameless) {
      this.#name = this.#text.trim().toLowerCase();
      this.#text = '';
    } else this.#text += char;
  }

  end(): Piece[] {
    this.#push();
    return this.#pieces;
  }

  #push(): void {
    this.#pieces.push({ name: this.#name, text: this.#text.trim() });
    this.#name = '';
    this.#text = '';
  }
}

function joinSections(list: readonly { text: string; isEncoded: boolean }[]): string {
  const charset = /^([^']*)'[^']*'/.exec(list[0]?.isEncoded === true ? list[0].text : '');
  // Bytes are joined before they are decoded: a character may be split over two sections.
  const bytes = list.map(({ text, isEncoded }, index) => {
    const value = index === 0 && charset !== null ? text.slice(charset[0].length) : text;
    return isEncoded ? percentBytes(value) : Buffer.from(value, 'utf8');
  });
  const decoder = decoderOfLabel(charset?.[1] || 'utf-8') ?? new TextDecoder('utf-8');
  return decoder.decode(Buffer.concat(bytes));
}

function percentBytes(text: string): Buffer {
  const source = Buffer.from(text, 'utf8');
  const out = Buffer.alloc(source.length);
  let length = 0;
  for (let i = 0; i < source.length; i++) {
    const hex = source[i] === 0x25 ? source.toString('latin1', i + 1, i + 3) : '';
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      out[length++] = Number.parseInt(hex, 16);
      i += 2;
    } else out[length++] = source[i] ?? 0;
  }
  return out.subarray(0, length);
}
