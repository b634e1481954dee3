/** Records that wait to be read in one call, and the way from what is found there back to each of them. */
import type { ExportRecord, RecordText } from '../../sources/exports/contract.js';
import type { LeanRecord, LeanText } from '../../sources/exports/lean-record.js';
import { isUntouched } from '../../text/dialects/untouched.js';
import { HeldElements } from './held-elements.js';
import { framed, isRepeated, partAt, partsOf, type TextPart } from './record-views.js';

/** A record that waits in the lean form. */
interface HeldRecord {
  readonly lean: LeanRecord;
  /** Where the JSON text of its element begins, and its bytes. */
  readonly start: number;
  readonly size: number;
}

/** A piece of the joined text: one form of one text of a record. */
export interface BatchPiece {
  /** Number of the record, see {@link RecordBatch.record}. */
  readonly owner: number;
  /** Index into the record's texts. */
  readonly text: number;
  readonly view: TextPart['view'];
  /** Where it begins in the joined text. */
  readonly start: number;
}

const newline = 0x0a;

export class RecordBatch {
  readonly #elements: HeldElements;
  readonly #records: (ExportRecord | HeldRecord | undefined)[] = [];
  // Parallel lists instead of objects: a batch of small messages has thousands of pieces.
  readonly #pieces: (string | Buffer)[] = [];
  readonly #starts: number[] = [];
  readonly #owners: number[] = [];
  readonly #texts: number[] = [];
  readonly #views: TextPart['view'][] = [];
  #bytes = 0;

  constructor(elements: HeldElements = new HeldElements()) {
    this.#elements = elements;
  }

  /** Bytes of the joined text so far. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#records.length === 0;
  }

  add(record: ExportRecord): void {
    this.#add(this.#records.push(record) - 1, record.texts);
  }

  /** @param start,size of the element's JSON text, from which the record is made in full when it is asked for */
  addLean(lean: LeanRecord, start: number, size: number): void {
    this.#add(this.#records.push({ lean, start, size }) - 1, lean.texts);
  }

  /** Undefined for one that stood before the first, and behind the last. */
  record(owner: number): ExportRecord | undefined {
    const held = this.#records[owner];
    if (held === undefined || !('lean' in held)) return held;
    const record = held.lean.full(this.#elements.at(held.start, held.size));
    this.#records[owner] = record;
    return record;
  }

  #add(owner: number, texts: readonly (RecordText | LeanText)[]): void {
    for (let index = 0; index < texts.length; index++) {
      const text = texts[index] as RecordText | LeanText;
      if (isRepeated(texts, index)) continue;
      const isSame =
        ('isUntouched' in text && text.isUntouched === true) || isUntouched(text.text, text.dialect);
      if (isSame && isLatin(text.label)) {
        this.#push(framed(text), owner, index, 'decoded');
        continue;
      }
      for (const part of partsOf(index, text, Buffer.from(text.text, 'utf8')))
        this.#push(part.bytes, owner, index, part.view);
    }
  }

  /** All pieces, each followed by a newline. */
  joined(): Buffer {
    const bytes = Buffer.allocUnsafe(this.#bytes);
    let at = 0;
    let from = 0;
    const pieces = this.#pieces;
    for (let i = 0; i <= pieces.length; i++) {
      const piece = pieces[i];
      if (typeof piece === 'string') continue;
      // One write for all strings since the last buffer.
      if (from < i) at += bytes.write(`${pieces.slice(from, i).join('\n')}\n`, at, 'latin1');
      from = i + 1;
      if (piece === undefined) break;
      at += piece.copy(bytes, at);
      bytes[at++] = newline;
    }
    return bytes;
  }

  /** Number of the piece in which an offset of the joined text lies. */
  at(offset: number): number {
    return partAt(this.#starts, offset);
  }

  piece(number: number): BatchPiece {
    return {
      owner: this.#owners[number] as number,
      text: this.#texts[number] as number,
      view: this.#views[number] as TextPart['view'],
      start: this.#starts[number] as number,
    };
  }

  /** @param piece bytes, or a string of single-byte characters */
  #push(piece: string | Buffer, owner: number, text: number, view: TextPart['view']): void {
    this.#pieces.push(piece);
    this.#starts.push(this.#bytes);
    this.#owners.push(owner);
    this.#texts.push(text);
    this.#views.push(view);
    this.#bytes += piece.length + 1;
  }
}

/** Labels come from the same exports as texts. */
function isLatin(label: string | undefined): boolean {
  return label === undefined || /^[\t -~]*$/.test(label);
}
