/** Texts of one message in the lean form. */
import { type JsonTape, jsonFlags } from '../../../prefilter/json-tape.js';
import type { Dialect, RecordField } from '../contract.js';
import type { LeanText } from '../lean-record.js';
import { TextList } from './text-list.js';

/** Flags of strings of which a view may differ from the text: by any dialect, and by Slack's markup. */
export const touchesPlain: number = jsonFlags.odd | jsonFlags.beyondAscii | jsonFlags.word;
export const touchesMarkup: number = touchesPlain | jsonFlags.less | jsonFlags.ampersand;

export class LeanTexts {
  /** For what the readers of full messages add themselves. */
  list: TextList;
  readonly #tape: JsonTape;
  #hasUnknown = false;
  /** The first string that was added, and its entry. */
  #first = 0;
  #firstText = '';

  constructor(tape: JsonTape) {
    this.#tape = tape;
    this.list = new TextList(this);
  }

  unknownKey(): void {
    this.#hasUnknown = true;
  }

  /** Begins with another message. */
  clear(): void {
    this.list = new TextList(this);
    this.#hasUnknown = false;
    this.#first = 0;
    this.#firstText = '';
  }

  get texts(): readonly LeanText[] {
    return this.list.texts as readonly LeanText[];
  }

  /** True when there is something in it that is to be told of in full. */
  get isOdd(): boolean {
    if (this.#hasUnknown) return true;
    for (const { artifact } of this.list.texts) if (artifact === true) return true;
    return false;
  }

  /** Adds the string at an entry. @param touching flags of strings of which a view may differ */
  add(entry: number, dialect: Dialect, field: RecordField, touching: number): void {
    const tape = this.#tape;
    if (tape.size(entry) === 0) return;
    // Most messages come in two forms of the same words.
    const isSame = this.#first !== 0 && tape.isSame(this.#first, entry);
    const text = isSame ? this.#firstText : tape.string(entry);
    if (this.#first === 0) {
      this.#first = entry;
      this.#firstText = text;
    }
    const lean: LeanText = { text, dialect, field, isUntouched: !tape.has(entry, touching) };
    this.list.texts.push(lean);
  }
}
