/**
 * Strings of a workbook of Excel 97 to 2003: a list in one record, which goes on in others. What lies between two strings
 * are lengths that may look like characters, so that they must be read, not guessed.
 */

const stringTable = 0xfc;
const continued = 0x3c;

/** Strings of the table, and the contents of all other records. */
export interface SheetRecords {
  readonly strings: readonly string[];
  readonly others: readonly Buffer[];
}

export function sheetRecords(workbook: Buffer): SheetRecords {
  const table: Buffer[] = [];
  const others: Buffer[] = [];
  let isTable = false;
  for (let at = 0; at + 4 <= workbook.length; ) {
    const type = workbook.readUInt16LE(at);
    const content = workbook.subarray(at + 4, at + 4 + workbook.readUInt16LE(at + 2));
    if (type === stringTable || (type === continued && isTable)) table.push(content);
    else others.push(content);
    if (type !== continued) isTable = type === stringTable;
    at += 4 + content.length;
    // Nothing but zeros fills the last sector.
    if (type === 0 && content.length === 0) break;
  }
  return { strings: new StringTable(table).all(), others };
}

class StringTable {
  readonly #records: readonly Buffer[];
  #record = 0;
  /** Behind the two counts. */
  #at = 8;

  constructor(records: readonly Buffer[]) {
    this.#records = records;
  }

  all(): string[] {
    const strings: string[] = [];
    for (let text = this.#next(); text !== undefined; text = this.#next())
      if (text !== '') strings.push(text);
    return strings;
  }

  #next(): string | undefined {
    const head = this.#take(3);
    if (head === undefined) return undefined;
    const flags = head[2] as number;
    const formats = (flags & 8) === 0 ? 0 : (this.#take(2)?.readUInt16LE(0) ?? 0);
    const phonetic = (flags & 4) === 0 ? 0 : (this.#take(4)?.readUInt32LE(0) ?? 0);
    const text = this.#characters(head.readUInt16LE(0), (flags & 1) === 1);
    this.#skip(formats * 4 + phonetic);
    return text;
  }

  /** Characters may change from one byte to two where a record ends. */
  #characters(count: number, isWide: boolean): string {
    let text = '';
    let wide = isWide;
    for (let left = count; left > 0; ) {
      const record = this.#records[this.#record];
      if (record === undefined) break;
      const fit = Math.min(left, Math.floor((record.length - this.#at) / (wide ? 2 : 1)));
      const end = this.#at + fit * (wide ? 2 : 1);
      text += record.toString(wide ? 'utf16le' : 'latin1', this.#at, end);
      this.#at = end;
      left -= fit;
      if (left === 0) break;
      this.#record++;
      this.#at = 1;
      wide = ((this.#records[this.#record]?.[0] ?? 0) & 1) === 1;
    }
    return text;
  }

  #take(count: number): Buffer | undefined {
    const record = this.#records[this.#record];
    if (record === undefined) return undefined;
    if (this.#at >= record.length) {
      this.#record++;
      this.#at = 0;
      return this.#record < this.#records.length ? this.#take(count) : undefined;
    }
    const bytes = record.subarray(this.#at, this.#at + count);
    this.#at += count;
    return bytes.length === count ? bytes : undefined;
  }

  #skip(count: number): void {
    for (let left = count; left > 0; ) {
      const record = this.#records[this.#record];
      if (record === undefined) return;
      const fit = Math.min(left, record.length - this.#at);
      this.#at += fit;
      left -= fit;
      if (left > 0) {
        this.#record++;
        this.#at = 0;
      }
    }
  }
}
