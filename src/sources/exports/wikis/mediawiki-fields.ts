/** What stands in one record of a MediaWiki dump. */
import type { XmlElement } from '../xml-pieces.js';

/** Text of one field that is kept; a wiki's own limit is 2 MiB. */
const maxText = 32 * 1024 * 1024;
/** Elements within elements of a record; a dump has three. */
const maxDepth = 8;

/** Texts of the elements within one, by their path: `contributor/username`. */
export class Fields {
  readonly element: XmlElement;
  readonly texts: Map<string, string> = new Map();
  /** Paths of the elements that the exporter emptied on purpose. */
  readonly hidden: Set<string> = new Set();
  /** True when a text is longer than what is kept. */
  isCut = false;
  readonly attributes: Map<string, ReadonlyMap<string, string>> = new Map();
  readonly #path: string[] = [];
  /** Open elements that are not told apart from the one around them. */
  #tooDeep = 0;

  constructor(element: XmlElement) {
    this.element = element;
  }

  open(element: XmlElement): void {
    if (this.#path.length >= maxDepth) {
      this.#tooDeep++;
      return;
    }
    this.#path.push(element.name);
    const path = this.#path.join('/');
    if (element.attributes.has('deleted')) this.hidden.add(path);
    if (element.attributes.size > 0) this.attributes.set(path, element.attributes);
  }

  text(text: string): void {
    if (this.#path.length === 0) return;
    const path = this.#path.join('/');
    const known = this.texts.get(path) ?? '';
    if (known.length + text.length > maxText) this.isCut = true;
    else this.texts.set(path, known + text);
  }

  close(): void {
    if (this.#tooDeep > 0) this.#tooDeep--;
    else this.#path.pop();
  }

  get(path: string): string | undefined {
    const text = this.texts.get(path)?.trim();
    return text === '' ? undefined : text;
  }
}
