/** What the small parts of an Office package tell of the others: names of sheets, authors, links, properties. */
import type { RecordText } from '../contract.js';
import type { XmlElement, XmlEvents, XmlText } from '../xml-pieces.js';
import { attributeOf, localName } from './markup-text.js';

export class PackageFacts {
  /** Id of an author of comments to the name. */
  readonly authors: Map<string, string> = new Map();
  readonly properties: RecordText[] = [];
  readonly links: RecordText[] = [];
  title: string | undefined;
  readonly #sheetIds = new Map<string, string>();
  /** Id of a relation of the workbook to its part. */
  readonly #targets = new Map<string, string>();
  /** Part to name. */
  #sheets: Map<string, string> | undefined;

  /** Events of `xl/workbook.xml`, of parts that list authors or persons, of relations and of properties. */
  eventsOf(part: string): XmlEvents | undefined {
    if (/^docProps\/[^/]*\.xml$/i.test(part)) return this.#propertyEvents();
    if (/\.rels$/.test(part)) return { open: (element) => this.#relation(element, part) };
    if (/^xl\/workbook\.xml$/.test(part)) return { open: (element) => this.#sheet(element) };
    if (/(?:authors|commentAuthors|persons?\/person\d*)\.xml$/i.test(part))
      return { open: (element) => this.#author(element) };
    return undefined;
  }

  #sheet(element: XmlElement): void {
    const name = attributeOf(element, 'name');
    // `r:id`, not `sheetId`.
    const id = [...element.attributes].find(([key]) => /:id$/.test(key))?.[1];
    if (localName(element.name) === 'sheet' && name !== undefined && id !== undefined)
      this.#sheetIds.set(id, name);
  }

  #relation(element: XmlElement, part: string): void {
    const target = attributeOf(element, 'Target');
    const id = attributeOf(element, 'Id');
    if (target === undefined) return;
    if (attributeOf(element, 'TargetMode') === 'External')
      this.links.push({
        text: target,
        dialect: 'plain',
        field: { path: part.replace(/_rels\/|\.rels$/g, ''), role: 'link' },
      });
    else if (id !== undefined && /^xl\/_rels\/workbook/.test(part)) {
      this.#targets.set(id, target.replace(/^\/?(?:xl\/)?/, 'xl/'));
    }
  }

  /** Name of the sheet that a part holds; undefined for other parts. To be asked when all facts are known. */
  sheetOf(part: string): string | undefined {
    if (this.#sheets === undefined) {
      this.#sheets = new Map();
      for (const [id, name] of this.#sheetIds) {
        const target = this.#targets.get(id);
        if (target !== undefined) this.#sheets.set(target, name);
      }
    }
    return this.#sheets.get(part);
  }

  #author(element: XmlElement): void {
    const id = attributeOf(element, 'id');
    const name = attributeOf(element, 'name') ?? attributeOf(element, 'displayName');
    if (id === undefined || name === undefined) return;
    this.authors.set(id, name);
    this.properties.push({ text: name, dialect: 'plain', field: { path: 'author', role: 'profile' } });
  }

  #propertyEvents(): XmlEvents {
    let name: string | undefined;
    let text = '';
    return {
      open: (element) => {
        text = '';
        if (localName(element.name) === 'property') name = attributeOf(element, 'name');
      },
      text: (piece: string, _at: XmlText) => {
        text += piece;
      },
      close: (element) => {
        const local = localName(element.name);
        if (text.trim().length > 2) this.#property(name ?? local, text.trim());
        text = '';
        if (local === 'property') name = undefined;
      },
    };
  }

  #property(name: string, text: string): void {
    if (name === 'title') this.title = text;
    if (/^(?:true|false|[\d.]+)$/.test(text) && !/\d{6}/.test(text)) return;
    if (/^(?:created|modified|Template|Application|AppVersion|TotalTime|DocSecurity)$/.test(name)) return;
    const isProse = /^(?:title|subject|description|keywords|lpstr)$/.test(name);
    this.properties.push({
      text,
      dialect: 'plain',
      field: { path: `properties.${name}`, role: 'metadata' },
      ...(isProse ? {} : { label: name }),
    });
  }
}
