/** Elements of an XML export as objects, so that one reader serves its XML and its JSON. */
import type { ExportFile, RecordSink } from '../contract.js';
import type { JsonObject } from '../object-texts.js';
import { readXml, readXmlText, type XmlElement, type XmlEvents, type XmlText } from '../xml-pieces.js';

export interface XmlObject {
  /** Name of the element. */
  readonly name: string;
  /**
   * Children by name, several of one name as an array; attributes with `@` before their name; own text as `#text`. A
   * child with nothing but text is a string.
   */
  readonly value: JsonObject;
  readonly raw: { readonly start: number; readonly end: number };
}

export interface XmlObjectEvents {
  /** True for an element that is a record; elements within it belong to it. */
  isRecord(element: XmlElement): boolean;
  record(object: XmlObject): void;
  /** Text and attributes outside of records. */
  around?(text: string, name: string): void;
}

interface Node {
  readonly name: string;
  readonly start: number;
  readonly members: Map<string, unknown[]>;
  text: string;
}

/** Text held of one record; what exceeds it is left out and counted. */
const maxRecordChars = 64 * 1024 * 1024;

export async function readXmlObjects(
  file: ExportFile,
  sink: RecordSink,
  events: XmlObjectEvents,
): Promise<void> {
  await readXml(file, sink, new Gathering(events, () => sink.note('too-large')));
}

class Gathering implements XmlEvents {
  readonly #events: XmlObjectEvents;
  readonly #onTruncated: () => void;
  readonly #open: Node[] = [];
  #chars = 0;

  constructor(events: XmlObjectEvents, onTruncated: () => void) {
    this.#events = events;
    this.#onTruncated = onTruncated;
  }

  open(element: XmlElement): void {
    if (this.#open.length === 0 && !this.#events.isRecord(element)) {
      for (const [name, value] of element.attributes) this.#events.around?.(value, name);
      return;
    }
    const node: Node = { name: element.name, start: element.start, members: new Map(), text: '' };
    for (const [name, value] of element.attributes) node.members.set(`@${name}`, [value]);
    this.#open.push(node);
  }

  text(text: string, at: XmlText): void {
    const node = this.#open.at(-1);
    if (node === undefined) {
      if (text.trim() !== '') this.#events.around?.(text, at.parent?.name ?? '');
      return;
    }
    const before = this.#chars;
    this.#chars += text.length;
    if (this.#chars <= maxRecordChars) node.text += text;
    else if (before <= maxRecordChars) this.#onTruncated();
  }

  comment(text: string): void {
    const node = this.#open.at(-1);
    if (node === undefined) this.#events.around?.(text, '#comment');
    else add(node.members, '#comment', text);
  }

  close(_element: XmlElement, end: number, _parents: readonly XmlElement[], isEnded: boolean): void {
    const node = this.#open.pop();
    if (node === undefined) return;
    const parent = this.#open.at(-1);
    if (parent !== undefined) {
      if (!isEnded) giveMembers(node, parent);
      add(parent.members, node.name, objectOf(node));
      return;
    }
    const value = objectOf(node);
    this.#chars = 0;
    this.#events.record({
      name: node.name,
      value: typeof value === 'string' ? { '#text': value } : value,
      raw: { start: node.start, end },
    });
  }
}

/** Hands over the elements that seem to stand in one whose end tag is lost. */
function giveMembers({ members }: Node, parent: Node): void {
  for (const [key, values] of members) {
    if (key.startsWith('@') || key === '#comment') continue;
    for (const value of values) add(parent.members, key, value);
    members.delete(key);
  }
}

function add(members: Map<string, unknown[]>, key: string, value: unknown): void {
  const list = members.get(key);
  if (list === undefined) members.set(key, [value]);
  else list.push(value);
}

function objectOf(node: Node): string | JsonObject {
  if (node.members.size === 0) return node.text;
  // Without a prototype a member named `__proto__` is one like any other.
  const object = Object.create(null) as Record<string, unknown>;
  for (const [key, values] of node.members) object[key] = values.length === 1 ? values[0] : values;
  if (node.text.trim() !== '') object['#text'] = node.text;
  return object;
}

/** Texts of all elements of an XML text that stands within a field, with the name of each element. */
export function xmlTextsOf(text: string): { readonly name: string; readonly text: string }[] {
  const texts: { name: string; text: string }[] = [];
  const open: string[] = [];
  readXmlText(
    text,
    { damaged: () => undefined },
    {
      open: (element) => {
        open.push('');
        for (const [name, value] of element.attributes) if (value !== '') texts.push({ name, text: value });
      },
      text: (piece, { parent }) => {
        if (parent === undefined) texts.push({ name: '', text: piece });
        else open.push((open.pop() ?? '') + piece);
      },
      close: (element) => {
        const own = open.pop() ?? '';
        if (own.trim() !== '') texts.push({ name: element.name, text: own });
      },
      comment: (piece) => texts.push({ name: '#comment', text: piece }),
    },
  );
  return texts;
}

/**
 * The object that JSON of the same data would hold: `-` in names becomes `_`, `type="array"` an array of the children,
 * attributes that tell types are gone.
 */
export function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  const object = value as JsonObject;
  if (object['@type'] === 'array') {
    const members = Object.keys(object).filter((key) => !key.startsWith('@') && key !== '#text');
    return members.flatMap((key) => {
      const child = plainValue(object[key]);
      return Array.isArray(child) ? (child as unknown[]) : [child];
    });
  }
  const plain = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(object)) {
    if (key !== '@type' && key !== '@nil') plain[key.replaceAll('-', '_')] = plainValue(object[key]);
  }
  const keys = Object.keys(plain);
  return keys.length === 0 ? '' : keys.length === 1 && keys[0] === '#text' ? plain['#text'] : plain;
}
