/** Rows of a worksheet: each is a record, its cells labelled with the column's header. */
import type { RecordText } from '../contract.js';
import { leafTexts } from '../generic/record-texts.js';
import type { XmlElement, XmlEvents, XmlText } from '../xml-pieces.js';
import type { DocumentOutput } from './document-output.js';
import { attributeOf, localName } from './markup-text.js';

/** Headers are short. */
const mostHeaderChars = 64;

interface Cell {
  readonly reference: string;
  readonly type: string;
  value: string;
  formula: string;
}

export class SheetRows implements XmlEvents {
  readonly #output: DocumentOutput;
  readonly #sheet: string;
  readonly #shared: SharedStrings;
  #headers: ReadonlyMap<string, string> | undefined;
  #row = '';
  #cells: Cell[] = [];
  #cell: Cell | undefined;
  #aside = '';

  /** @param shared the strings of the workbook, to which cells refer by index */
  constructor(output: DocumentOutput, sheet: string, shared: SharedStrings) {
    this.#output = output;
    this.#sheet = sheet;
    this.#shared = shared;
  }

  open(element: XmlElement): void {
    const name = localName(element.name);
    if (name === 'row') {
      this.#row = attributeOf(element, 'r') ?? String(Number(this.#row || 0) + 1);
      this.#cells = [];
    } else if (name === 'c') {
      const reference = attributeOf(element, 'r') ?? `${columnName(this.#cells.length)}${this.#row}`;
      this.#cell = { reference, type: attributeOf(element, 't') ?? 'n', value: '', formula: '' };
    }
  }

  text(text: string, { parent }: XmlText): void {
    const name = parent === undefined ? '' : localName(parent.name);
    const cell = this.#cell;
    if (cell === undefined) this.#aside += text;
    else if (name === 'v' || name === 't') cell.value += text;
    else if (name === 'f') cell.formula += text;
  }

  close(element: XmlElement): void {
    const name = localName(element.name);
    if (name === 'c' && this.#cell !== undefined) {
      if (this.#cell.type === 's') this.#cell.value = this.#shared.use(Number(this.#cell.value));
      this.#cells.push(this.#cell);
      this.#cell = undefined;
    } else if (name === 'row') this.#endRow();
  }

  /** Gives what stands outside the cells: headers and footers, rules of validation. */
  end(): void {
    const text = this.#aside.trim();
    if (text !== '') this.#output.text(`${this.#sheet} settings`, text);
  }

  #endRow(): void {
    const cells = this.#cells;
    this.#cells = [];
    if (cells.length === 0) return;
    if (this.#headers === undefined) this.#headers = headersOf(cells);
    const texts = cells.flatMap((cell, index) => this.#textsOf(cell, cells[index - 1]));
    this.#output.values(`${this.#sheet} row ${this.#row}`, texts, 'row');
  }

  #textsOf({ reference, value, formula }: Cell, before: Cell | undefined): RecordText[] {
    const headers = this.#headers ?? new Map<string, string>();
    const header = headers.get(columnOf(reference));
    const isHeader = header === value;
    // In a sheet without headers the cell to the left says what a value is: `Password | ...`.
    const beside =
      headers.size === 0 && before !== undefined && isName(before.value) ? before.value : undefined;
    const label = isHeader ? undefined : (header ?? beside);
    const texts = leafTexts(value, label?.trim() || reference).map((text): RecordText => {
      const { label: own, ...rest } = text;
      const shown = label === undefined ? undefined : own;
      return {
        ...rest,
        field: { ...rest.field, path: reference },
        ...(shown === undefined ? {} : { label: shown }),
      };
    });
    // A formula is text when it holds any.
    if (formula.includes('"'))
      texts.push({ text: formula, dialect: 'code', field: { path: `${reference} formula`, role: 'code' } });
    return texts;
  }
}

/** The first row, when it holds nothing but short different texts, at least two. */
function headersOf(cells: readonly Cell[]): ReadonlyMap<string, string> {
  const texts = cells.filter((cell) => cell.value !== '');
  const isHeader =
    texts.length >= 2 &&
    texts.every((cell) => cell.type !== 'n' && isShort(cell.value)) &&
    new Set(texts.map((cell) => cell.value)).size === texts.length &&
    !texts.some((cell) => /\d/.test(cell.value));
  return isHeader ? new Map(texts.map((cell) => [columnOf(cell.reference), cell.value])) : new Map();
}

/** What a form calls a field: `Password`, `API key:`. */
function isName(text: string): boolean {
  return /^[A-Za-z][\w ./()#-]{2,40}:?$/.test(text);
}

function isShort(text: string): boolean {
  return text.trim() !== '' && text.length <= mostHeaderChars && !text.includes('\n');
}

function columnOf(reference: string): string {
  return reference.replace(/\d+$/, '');
}

function columnName(index: number): string {
  return index < 26
    ? String.fromCharCode(65 + index)
    : columnName(Math.floor(index / 26) - 1) + columnName(index % 26);
}

/** Strings that the sheets of a workbook share. */
export class SharedStrings implements XmlEvents {
  readonly #strings: string[] = [];
  readonly #used = new Set<number>();
  /** Phonetic runs repeat the text in another script. */
  #isPhonetic = false;
  readonly #mostChars: number;
  #text = '';
  #chars = 0;

  /** @param mostChars strings beyond it are forgotten */
  constructor(mostChars: number) {
    this.#mostChars = mostChars;
  }

  open(element: XmlElement): void {
    if (localName(element.name) === 'rPh') this.#isPhonetic = true;
  }

  text(text: string, { parent }: XmlText): void {
    if (!this.#isPhonetic && parent !== undefined && localName(parent.name) === 't') this.#text += text;
  }

  close(element: XmlElement): void {
    const name = localName(element.name);
    if (name === 'rPh') this.#isPhonetic = false;
    if (name !== 'si') return;
    this.#chars += this.#text.length;
    this.#strings.push(this.#chars > this.#mostChars ? '' : this.#text);
    this.#text = '';
  }

  /** The string that a cell refers to. */
  use(index: number): string {
    this.#used.add(index);
    return this.#strings[index] ?? '';
  }

  /** Strings of cells that were deleted, which some programs leave behind. */
  get unused(): readonly string[] {
    return this.#strings.filter((text, index) => text !== '' && !this.#used.has(index));
  }

  get isCut(): boolean {
    return this.#chars > this.#mostChars;
  }
}
