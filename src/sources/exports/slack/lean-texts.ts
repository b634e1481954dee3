/** Texts of one message in the lean form. */
import type { Dialect } from '../contract.js';
import type { LeanSink } from '../lean-record.js';
import { TextList } from './text-list.js';

export class LeanTexts {
  readonly #sink: LeanSink;
  #list: TextList;
  /** Texts of the list that were handed over. */
  #given = 0;
  /** True when there is something in it that is to be told of in full. */
  isOdd = false;

  constructor(sink: LeanSink) {
    this.#sink = sink;
    this.#list = new TextList(this);
  }

  /** For what the readers of full messages add themselves. */
  get list(): TextList {
    return this.#list;
  }

  unknownKey(): void {
    this.isOdd = true;
  }

  /** Begins with the message at an entry. */
  begin(entry: number): void {
    this.#sink.begin(entry);
    this.isOdd = false;
    if (this.#list.texts.length === 0) return;
    this.#list = new TextList(this);
    this.#given = 0;
  }

  /** Adds the string at an entry. */
  add(entry: number, dialect: Dialect): void {
    if (this.#sink.tape.size(entry) === 0) return;
    this.give();
    this.#sink.string(entry, dialect);
  }

  /** Hands over what was added to the list. */
  give(): void {
    const { texts } = this.#list;
    while (this.#given < texts.length) {
      const text = texts[this.#given++];
      if (text === undefined) break;
      if (text.artifact === true) this.isOdd = true;
      this.#sink.text(text);
    }
  }
}
