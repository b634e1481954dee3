/** Records that wait to be read in one call, and the way from what is found there back to each of them. */
import type { ExportRecord } from '../../sources/exports/contract.js';
import { isUntouched } from '../../text/dialects/untouched.js';
import { framed, isRepeated, partAt, partsOf, type TextPart } from './record-views.js';

/** A piece of the joined text: one form of one text of a record. */
export interface BatchPiece {
  /** Index into `records`. */
  readonly owner: number;
  /** Index into the record's texts. */
  readonly text: number;
  readonly view: TextPart['view'];
  /** Where it begins in the joined text. */
  readonly start: number;
}

const newline = 0x0a;

export class RecordBatch {
  readonly records: ExportRecord[] = [];
  // Parallel lists instead of objects: a batch of small messages has thousands of pieces.
  readonly #pieces: (string | Buffer)[] = [];
  readonly #starts: number[] = [];
  readonly #owners: number[] = [];
  readonly #texts: number[] = [];
  readonly #views: TextPart['view'][] = [];
  #bytes = 0;

  /** Bytes of the joined text so far. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.records.length === 0;
  }

  add(record: ExportRecord): void {
    const owner = this.records.push(record) - 1;
    const { texts } = record;
    for (let index = 0; index < texts.length; index++) {
      const text = texts[index] as ExportRecord['texts'][number];
      if (isRepeated(texts, index)) continue;
      if (isUntouched(text.text, text.dialect) && isLatin(text.label)) {
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
