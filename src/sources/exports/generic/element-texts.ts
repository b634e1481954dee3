/** Texts of elements: markup within a sentence is seen through, values are named after the name beside them. */
import { labelOf } from '../leaves.js';
import type { XmlElement } from '../xml-pieces.js';

export interface ElementText {
  readonly element: XmlElement;
  /** Elements around it, outermost first; valid during the call. */
  readonly parents: readonly XmlElement[];
  readonly text: string;
  /** The name that the document gives the value, where it is not that of the element. */
  readonly name: string | undefined;
}

/** HTML's elements within a sentence. */
const inline = new Set(
  'a b big code del em font i ins kbd mark s small span strike strong sub sup tt u var wbr'.split(' '),
);
/** HTML's elements that hold sentences. */
const block = new Set('p li td th div h1 h2 h3 h4 h5 h6 dd dt pre blockquote'.split(' '));
/** `<name>` and the `<value>` behind it; `<key>` and the `<string>` behind it, as in property lists. */
const nameElements = new Set(['name', 'key', 'field', 'label', 'property']);
const valueElements = new Set(['value', 'string', 'val', 'data', 'defaultvalue', 'integer']);
/** Text of one element that is held. */
const mostChars = 4 * 1024 * 1024;

export class ElementTexts {
  readonly #give: (text: ElementText) => void;
  /** By depth: text so far, the depth whose text it belongs to, and the name that a child was given last. */
  readonly #texts: string[] = [];
  readonly #hasText: boolean[] = [];
  readonly #owners: number[] = [];
  readonly #names: (string | undefined)[] = [];

  constructor(give: (text: ElementText) => void) {
    this.#give = give;
  }

  open(element: XmlElement, parents: readonly XmlElement[]): void {
    const { depth } = element;
    const parent = parents.at(-1);
    this.#texts[depth] = '';
    this.#hasText[depth] = false;
    this.#names[depth] = undefined;
    this.#owners[depth] = depth;
    if (parent === undefined) return;
    const owner = this.#owners[parent.depth] ?? parent.depth;
    if (inline.has(element.name) && (this.#hasText[owner] === true || block.has(parent.name))) {
      this.#owners[depth] = owner;
    } else if (element.name === 'br') this.#texts[owner] = `${this.#texts[owner] ?? ''}\n`;
    else this.#flush(parents, owner);
  }

  text(text: string, { depth }: XmlElement, around: readonly XmlElement[]): void {
    const owner = this.#owners[depth] ?? depth;
    const all = (this.#texts[owner] ?? '') + text;
    this.#texts[owner] = all;
    if (this.#hasText[owner] !== true && text.trim() !== '') this.#hasText[owner] = true;
    if (all.length > mostChars) this.#flush(around, owner);
  }

  close(element: XmlElement, parents: readonly XmlElement[]): void {
    if (this.#owners[element.depth] === element.depth) this.#flush([...parents, element], element.depth);
  }

  /** @param open the open elements, outermost first */
  #flush(open: readonly XmlElement[], depth: number): void {
    const text = this.#texts[depth] ?? '';
    const element = open[depth];
    const hasText = this.#hasText[depth] === true;
    this.#texts[depth] = '';
    this.#hasText[depth] = false;
    if (element === undefined || !hasText) return;
    const name = element.name.toLowerCase();
    const beside = valueElements.has(name) ? this.#names[depth - 1] : undefined;
    if (nameElements.has(name) && depth > 0) this.#names[depth - 1] = text.trim().slice(0, 128);
    const stated =
      element.attributes.size > 0
        ? labelOf('value', text, Object.fromEntries(element.attributes))
        : undefined;
    this.#give({ element, parents: open.slice(0, depth), text, name: stated ?? beside });
  }
}
