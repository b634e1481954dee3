/**
 * Atlassian Document Format, the rich text of Jira and Confluence Cloud, to lines of text. Leaves of a block are joined
 * with nothing, blocks with a newline, so that a token in two colours is one token again.
 */
import type { FieldRole } from '../../../model/appearance.js';
import type { RecordText } from '../contract.js';
import { noClaims, unclaimedTexts } from '../leaves.js';
import { isObject } from '../object-texts.js';
import { append } from './append.js';

/** A document: `{ "type": "doc", "version": 1, "content": [...] }`. */
export interface AdfDocument {
  readonly type: 'doc';
  readonly content: readonly unknown[];
}

/** What a document says. */
export interface AdfText {
  /** Its text, a block a line. */
  readonly text: string;
  /** Addresses of links that are not their own text. */
  readonly links: readonly string[];
  /** Attributes with text of their own, such as macro parameters, with the path of the node. */
  readonly attributes: readonly { readonly path: string; readonly value: unknown }[];
}

/** Nodes within nodes that are followed; a document that an editor made has about ten. */
const maxDepth = 256;

export function isAdf(value: unknown): value is AdfDocument {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as { type?: unknown }).type === 'doc' &&
    Array.isArray((value as { content?: unknown }).content)
  );
}

/** The document that a string holds as JSON, as in CSV cells and change logs. */
export function adfInString(text: string): AdfDocument | undefined {
  if (!/^\s*\{/.test(text) || !/"type"\s*:\s*"doc"/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isAdf(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function readAdf(document: AdfDocument): AdfText {
  const walk = new AdfWalk();
  walk.children(document.content, 'content', 0);
  return walk.result();
}

/** All texts of a document that stands at `path` of a record. */
export function adfTexts(document: AdfDocument, path: string, role: FieldRole, label?: string): RecordText[] {
  const { text, links, attributes } = readAdf(document);
  const texts: RecordText[] = [];
  if (text !== '')
    texts.push({
      text,
      dialect: 'plain',
      field: { path, role },
      ...(label === undefined ? {} : { label }),
    });
  if (links.length > 0)
    texts.push({ text: links.join('\n'), dialect: 'plain', field: { path: `${path}.links`, role: 'link' } });
  for (const attribute of attributes)
    append(texts, unclaimedTexts(attribute.value, noClaims, { prefix: `${path}.${attribute.path}` }));
  return texts;
}

interface AdfNode {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly content?: unknown;
  readonly attrs?: unknown;
  readonly marks?: unknown;
}

/** Attributes that are no text: ids of the editor and looks. */
export const plainAttributes: ReadonlySet<string> = new Set([
  'accessLevel',
  'background',
  'collection',
  'color',
  'colwidth',
  'displayMode',
  'extensionType',
  'height',
  'id',
  'isNumberColumnEnabled',
  'layout',
  'level',
  'localId',
  'occurrenceKey',
  'order',
  'originalHeight',
  'originalWidth',
  'panelColor',
  'panelIcon',
  'panelIconId',
  'panelType',
  'shortName',
  'state',
  'style',
  'timestamp',
  'type',
  'userType',
  'width',
  'widthType',
]);

/** Nodes without content that stand between blocks, not in a line. */
export const blockLeaves: ReadonlySet<string> = new Set([
  'blockCard',
  'embedCard',
  'media',
  'extension',
  'multiBodiedExtension',
]);

/** Attributes that are read in their place, as part of the line. */
export const inlineAttributes: readonly string[] = ['title', 'text', 'alt', 'url'];

class AdfWalk {
  #blocks: string[] = [];
  readonly #links: string[] = [];
  readonly #attributes: { path: string; value: unknown }[] = [];
  #line = '';

  result(): AdfText {
    this.#endBlock();
    return { text: this.#blocks.join('\n'), links: this.#links, attributes: this.#attributes };
  }

  children(nodes: readonly unknown[], path: string, depth: number): void {
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i];
      if (typeof node === 'object' && node !== null) this.#node(node, path, i, depth);
    }
  }

  #node(node: AdfNode, parent: string, index: number, depth: number): void {
    if (typeof node.text === 'string') this.#line += node.text;
    if (node.type === 'hardBreak') this.#line += '\n';
    const hasMore = node.content !== undefined || node.attrs !== undefined || node.marks !== undefined;
    if (!hasMore) return;
    const path = `${parent}.${index}`;
    const content = Array.isArray(node.content) ? node.content : undefined;
    const isBlock = content !== undefined || (typeof node.type === 'string' && blockLeaves.has(node.type));
    if (isBlock) this.#endBlock();
    if (isObject(node.attrs)) this.#attrs(node.attrs, node.type, `${path}.attrs`);
    if (Array.isArray(node.marks)) this.#marks(node.marks, node.text, `${path}.marks`);
    if (isBlock) this.#endBlock();
    if (content === undefined) return;
    if (depth >= maxDepth) append(this.#blocks, stringsIn(content));
    else if (node.type === 'tableRow') this.#row(content, `${path}.content`, depth + 1);
    else this.children(content, `${path}.content`, depth + 1);
    this.#endBlock();
  }

  /** Cells of one row stand in one line, so that a name is seen beside its value. */
  #row(cells: readonly unknown[], path: string, depth: number): void {
    const before = this.#blocks;
    const texts = cells.map((cell, i) => {
      this.#blocks = [];
      if (isObject(cell)) this.#node(cell, path, i, depth);
      return this.#blocks.join('\n');
    });
    this.#blocks = before;
    this.#line = texts.join(' | ');
  }

  #attrs(attrs: Readonly<Record<string, unknown>>, type: unknown, path: string): void {
    if (type === 'date') this.#date(attrs['timestamp']);
    for (const key of inlineAttributes) {
      const text = attrs[key];
      if (typeof text === 'string') this.#line += text;
    }
    for (const key of Object.keys(attrs)) {
      if (inlineAttributes.includes(key) && typeof attrs[key] === 'string') continue;
      if (plainAttributes.has(key)) continue;
      const value = key === 'parameters' ? withPlainParameters(attrs[key]) : attrs[key];
      this.#attributes.push({ path, value: { [key]: value } });
    }
  }

  #marks(marks: readonly unknown[], text: unknown, path: string): void {
    for (const mark of marks) {
      const attrs = isObject(mark) ? mark['attrs'] : undefined;
      if (!isObject(attrs)) continue;
      const { href, ...others } = attrs;
      if (typeof href === 'string' && href !== text) this.#links.push(href);
      for (const key of Object.keys(others))
        if (!plainAttributes.has(key)) this.#attributes.push({ path, value: { [key]: others[key] } });
    }
  }

  /** Shown as a day, which also keeps its neighbours apart. */
  #date(timestamp: unknown): void {
    const time = new Date(Number(timestamp));
    if (!Number.isNaN(time.getTime())) this.#line += time.toISOString().slice(0, 10);
  }

  #endBlock(): void {
    if (this.#line !== '') this.#blocks.push(this.#line);
    this.#line = '';
  }
}

/** All strings of what lies deeper than any editor goes, whatever they are. */
function stringsIn(value: unknown): string[] {
  const strings: string[] = [];
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') strings.push(next);
    else if (typeof next === 'object' && next !== null) append(open, Object.values(next).reverse());
  }
  return strings;
}

/** Macro parameters without their wrapping (`{ "password": { "value": "..." } }`), so that each stands under its name. */
function withPlainParameters(parameters: unknown): unknown {
  if (!isObject(parameters) || !isObject(parameters['macroParams'])) return parameters;
  const plain = Object.entries(parameters['macroParams']).map(([name, wrapped]) => [
    name,
    isObject(wrapped) && Object.keys(wrapped).length === 1 && 'value' in wrapped ? wrapped['value'] : wrapped,
  ]);
  return { ...parameters, macroParams: Object.fromEntries(plain) };
}
