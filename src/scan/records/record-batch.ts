/** Records that wait to be read in one call, and the way from what is found there back to each of them. */
import type { UndoneTexts } from '../../prefilter/undone-texts.js';
import type { ExportRecord, RecordText } from '../../sources/exports/contract.js';
import type { LeanElement } from '../../sources/exports/lean-record.js';
import { isUntouched } from '../../text/dialects/untouched.js';
import type { HeldElements } from './held-elements.js';
import type { LeanRecord } from './lean-draft.js';
import { framed, isLatin, isRepeated, partAt, partsOf, type TextPart } from './record-views.js';

/** An element of which lean records wait. */
export interface HeldElement {
  readonly element: LeanElement;
  /** Where its JSON text begins, and its bytes, see `HeldElements`. */
  readonly start: number;
  readonly size: number;
  /** Its records, once they were asked for. */
  records?: readonly ExportRecord[];
}

/** A record that waits in the lean form. */
interface HeldRecord {
  readonly held: HeldElement;
  /** Index among the lean records of its element. */
  readonly index: number;
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

/** Pieces that lie behind each other in the core's memory, with their newlines. */
interface Stretch {
  start: number;
  end: number;
}

const newline = 0x0a;

export class RecordBatch {
  readonly #elements: HeldElements | undefined;
  readonly #undone: UndoneTexts | undefined;
  readonly #records: (ExportRecord | HeldRecord | undefined)[] = [];
  /** A string, bytes, or all that lies in a stretch. */
  readonly #parts: (string | Buffer | Stretch)[] = [];
  // Parallel lists instead of objects: a batch of small messages has thousands of pieces.
  readonly #starts: number[] = [];
  readonly #owners: number[] = [];
  readonly #texts: number[] = [];
  readonly #views: TextPart['view'][] = [];
  #bytes = 0;

  /** @param elements,undone where lean records and their texts lie, if there are any */
  constructor(elements?: HeldElements, undone?: UndoneTexts) {
    this.#elements = elements;
    this.#undone = undone;
  }

  /** Bytes of the joined text so far. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#records.length === 0;
  }

  add(record: ExportRecord): void {
    const owner = this.#records.push(record) - 1;
    const { texts } = record;
    for (let index = 0; index < texts.length; index++) {
      const text = texts[index] as RecordText;
      if (isRepeated(texts, index)) continue;
      if (isUntouched(text.text, text.dialect) && isLatin(text.label)) {
        this.#push(framed(text), owner, index, 'decoded');
        continue;
      }
      for (const part of partsOf(index, text, Buffer.from(text.text, 'utf8')))
        this.#push(part.bytes, owner, index, part.view);
    }
  }

  /** @param index of the record among the lean ones of its element */
  addLean(record: LeanRecord, held: HeldElement, index: number): void {
    const owner = this.#records.push({ held, index }) - 1;
    const { pieces } = record;
    for (let i = 0; i < pieces.length; i++) {
      const { start, end, text, view } = pieces[i] as LeanRecord['pieces'][number];
      const last = this.#parts.at(-1);
      if (typeof last === 'object' && 'end' in last && last.end === start) last.end = end + 1;
      else this.#parts.push({ start, end: end + 1 });
      this.#note(end - start, owner, text, view);
    }
  }

  /** Moves its texts to the beginning of all those in the core's memory. */
  move(undone: UndoneTexts): void {
    let shift: number | undefined;
    for (const part of this.#parts) {
      if (typeof part !== 'object' || !('end' in part)) continue;
      shift ??= undone.moveFrom(part.start);
      part.start -= shift;
      part.end -= shift;
    }
    if (shift === undefined) undone.clear();
  }

  /** Undefined for one that stood before the first, and behind the last. */
  record(owner: number): ExportRecord | undefined {
    const record = this.#records[owner];
    if (record === undefined || !('held' in record)) return record;
    const { held, index } = record;
    held.records ??= held.element.records((this.#elements as HeldElements).at(held.start, held.size));
    const full = held.records[index];
    this.#records[owner] = full;
    return full;
  }

  /** All pieces, each followed by a newline. To be used before anything else is added to the texts of the tape. */
  joined(): Buffer {
    const parts = this.#parts;
    const only = parts[0];
    if (parts.length === 1 && typeof only === 'object' && 'end' in only)
      return (this.#undone as UndoneTexts).bytes(only.start, only.end);
    const bytes = Buffer.allocUnsafe(this.#bytes);
    let at = 0;
    let from = 0;
    for (let i = 0; i <= parts.length; i++) {
      const part = parts[i];
      if (typeof part === 'string') continue;
      // One write for all strings since the last that is none.
      if (from < i) at += bytes.write(`${parts.slice(from, i).join('\n')}\n`, at, 'latin1');
      from = i + 1;
      if (part === undefined) break;
      if ('end' in part) at += (this.#undone as UndoneTexts).bytes(part.start, part.end).copy(bytes, at);
      else {
        at += part.copy(bytes, at);
        bytes[at++] = newline;
      }
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
    this.#parts.push(piece);
    this.#note(piece.length, owner, text, view);
  }

  #note(size: number, owner: number, text: number, view: TextPart['view']): void {
    this.#starts.push(this.#bytes);
    this.#owners.push(owner);
    this.#texts.push(text);
    this.#views.push(view);
    this.#bytes += size + 1;
  }
}
