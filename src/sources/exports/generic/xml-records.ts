/** Gathers the texts of XML elements into records. */
import type { RecordPlace, RecordSink, RecordText } from '../contract.js';
import { isNoise, labelOf } from '../leaves.js';
import type { XmlElement, XmlEvents, XmlText } from '../xml-pieces.js';
import { type ElementText, ElementTexts } from './element-texts.js';
import type { RecordIds } from './file-place.js';
import { FactsOf } from './record-keys.js';
import { dialectOf, leafTexts, roleOf } from './record-texts.js';

/** A record with more text than this is given in parts. */
const maxRecordChars = 4 * 1024 * 1024;

interface Gathering {
  readonly start: number;
  readonly depth: number;
  facts: FactsOf;
  texts: RecordText[];
  chars: number;
}

/** Events of a file to records: one for each element at a path, one for what stands around them. */
export class XmlRecords implements XmlEvents {
  readonly #place: RecordPlace;
  readonly #sink: RecordSink;
  readonly #ids: RecordIds;
  readonly #path: readonly string[];
  #count = 0;
  /** What stands outside the records. */
  readonly #around: Gathering = gathering(0, -1);
  #record: Gathering | undefined;
  readonly #texts = new ElementTexts((text) => this.#leaf(text));
  readonly #open: XmlElement[] = [];

  /** @param path names of the elements from the root to a record; undefined: the whole is one */
  constructor(ids: RecordIds, place: RecordPlace, sink: RecordSink, path: readonly string[] | undefined) {
    this.#ids = ids;
    this.#place = place;
    this.#sink = sink;
    this.#path = path ?? [];
  }

  open(element: XmlElement, parents: readonly XmlElement[]): void {
    this.#texts.open(element, parents);
    this.#open[element.depth] = element;
    if (this.#record === undefined && this.#isRecord(element, parents))
      this.#record = gathering(element.start, element.depth);
    const target = this.#record ?? this.#around;
    const attributes = Object.fromEntries(element.attributes);
    for (const [name, value] of element.attributes) {
      if (name === 'xmlns' || name.startsWith('xmlns:')) continue;
      target.facts.add(name, value);
      this.#add(target, value, `${pathWithin(element, parents, target)}@${name}`, name, attributes);
    }
  }

  text(text: string, { parent }: XmlText): void {
    if (parent === undefined) {
      this.#add(this.#around, text, '', '', {});
      return;
    }
    this.#texts.text(text, parent, this.#open);
  }

  comment(text: string, { parent }: XmlText): void {
    this.#add(
      this.#record ?? this.#around,
      text,
      parent === undefined ? '#comment' : `${parent.name}#comment`,
      '',
      {},
    );
  }

  close(element: XmlElement, end: number, parents: readonly XmlElement[]): void {
    this.#texts.close(element, parents);
    const record = this.#record;
    if (record === undefined || record.depth !== element.depth) return;
    this.#record = undefined;
    this.#give(record, end);
  }

  /** Gives what stood around the records. */
  end(): void {
    this.#give(this.#around, undefined);
  }

  #isRecord(element: XmlElement, parents: readonly XmlElement[]): boolean {
    const path = this.#path;
    return (
      path.length === parents.length + 1 &&
      path.at(-1) === element.name &&
      parents.every((parent, index) => parent.name === path[index])
    );
  }

  #leaf({ element, parents, text, name }: ElementText): void {
    const target = this.#record ?? this.#around;
    if (target.depth + 1 === element.depth) target.facts.add(element.name, text.trim());
    const path = pathWithin(element, parents, target) || element.name;
    this.#add(target, text, path, name ?? element.name, {});
  }

  #add(
    target: Gathering,
    text: string,
    path: string,
    key: string,
    attributes: Readonly<Record<string, string>>,
  ): void {
    if (text.trim().length < 3 || isNoise(key, text.trim())) return;
    const label = labelOf(key, text, attributes);
    for (const inner of leafTexts(text, key === '' ? undefined : key)) {
      const isWhole = inner.text === text;
      const { label: found, ...rest } = inner;
      const own = isWhole ? label : found;
      target.texts.push({
        ...rest,
        dialect: dialectOf(inner.text),
        field: { path: isWhole ? path : `${path}.${inner.field.path}`, role: roleOf(key) },
        ...(own === undefined ? {} : { label: own }),
      });
      target.chars += inner.text.length;
    }
    if (target.chars > maxRecordChars) this.#give(target, undefined);
  }

  /** Hands over what was gathered. @param end undefined for a part of a record that goes on */
  #give(target: Gathering, end: number | undefined): void {
    if (target.texts.length > 0) {
      const { id, ...facts } = target.facts.facts;
      const isAround = target === this.#around;
      if (!isAround) this.#count++;
      this.#sink.record({
        place: this.#place,
        type: 'row',
        id: this.#ids.next(isAround ? '/' : (id ?? `${this.#path.at(-1) ?? ''} ${this.#count}`)),
        ...(isAround ? {} : facts),
        revision: { state: 'current' },
        texts: target.texts,
        ...(end === undefined ? {} : { raw: { start: target.start, end } }),
      });
    }
    target.texts = [];
    target.chars = 0;
  }
}

function gathering(start: number, depth: number): Gathering {
  return { start, depth, facts: new FactsOf(), texts: [], chars: 0 };
}

/** Names from below the record down to the element. */
function pathWithin(element: XmlElement, parents: readonly XmlElement[], { depth }: Gathering): string {
  return [...parents.slice(depth + 1), element]
    .filter((one) => one.depth > depth)
    .map((one) => one.name)
    .slice(-16)
    .join('.');
}
