/**
 * Texts of members that the functions of the full reading tell, from the value as `JSON.parse` makes it. The same member
 * with the same value comes again and again (a status, a person, an option): then nothing is parsed.
 */
import type { JsonTape } from '../../prefilter/json-tape.js';
import type { RecordText } from './contract.js';

/** Larger values are seldom the same. */
const mostBytes = 4096;

export class LeanValues {
  readonly #tape: JsonTape;
  readonly #changes: () => number;
  #known = 0;
  /** By number of the note. */
  #texts: (readonly RecordText[])[] = [];

  /** @param changes goes up when something that was told reads differently later: then all may be told anew */
  constructor(tape: JsonTape, changes: () => number = () => 0) {
    this.#tape = tape;
    this.#changes = changes;
  }

  /**
   * Texts of the member at an entry.
   *
   * @param scope number of what the texts depend on besides key and value
   */
  of(
    scope: number,
    entry: number,
    read: (key: string, value: unknown) => readonly RecordText[],
  ): readonly RecordText[] {
    const tape = this.#tape;
    const { notes } = tape;
    if (notes.belongTo(this)) this.#texts = [];
    this.#forgetChanged();
    const key = tape.keyPlace(entry);
    const value = tape.place(entry);
    const isSmall = value.end - value.start <= mostBytes;
    const known = isSmall ? notes.find(scope, key, value) : 0;
    if (known !== 0) return this.#texts[known - 1] as readonly RecordText[];
    const texts = read(tape.keyText(entry), tape.value(entry));
    const isChanged = this.#forgetChanged();
    if (!isChanged && isSmall && notes.add(scope, key, value) !== 0) this.#texts.push(texts);
    return texts;
  }

  /** Elements that are read in full change what was told as well. */
  #forgetChanged(): boolean {
    const changes = this.#changes();
    if (changes === this.#known) return false;
    this.#known = changes;
    this.#tape.notes.forget();
    this.#texts = [];
    return true;
  }
}
