/** Rows of a Confluence XML export: `<object class="Page"><id/><property/><collection/></object>`. */

import { append } from './append.js';
import type { XmlNode, XmlTree } from './xml-trees.js';

/** A value of an object: text, or a reference to another object. */
export interface ConfluenceProperty {
  readonly text: string;
  readonly reference?: { readonly class: string; readonly id: string };
}

export interface ConfluenceObject {
  readonly class: string;
  readonly id: string;
  /** By name; those of components and composite ids too. */
  readonly properties: ReadonlyMap<string, ConfluenceProperty>;
  /** Texts of elements within collections: `attributes.ldap.password`. */
  readonly elements: readonly { readonly path: string; readonly name: string; readonly text: string }[];
  /** Text where none is expected, which damage can leave. */
  readonly stray: string;
  readonly raw: XmlTree['raw'];
}

export function objectOf(tree: XmlTree): ConfluenceObject {
  const properties = new Map<string, ConfluenceProperty>();
  const elements: { path: string; name: string; text: string }[] = [];
  const stray: string[] = [tree.text];
  let id = '';
  const visit = (node: XmlNode, depth: number): void => {
    for (const child of node.children) {
      const name = child.attributes.get('name') ?? child.name;
      if (child.name === 'id') id ||= child.text.trim();
      else if (child.name === 'property') {
        // An object that was not closed has its successor's properties as well.
        if (properties.has(name)) stray.push(textOf(child));
        else properties.set(name, propertyOf(child));
      } else if (child.name === 'collection') append(elements, elementsOf(child, name));
      else if (depth < maxComponents) {
        stray.push(child.text);
        visit(child, depth + 1);
      }
    }
  };
  visit(tree, 0);
  return {
    class: tree.attributes.get('class') ?? '',
    id,
    properties,
    elements,
    stray: stray.join(' ').trim(),
    raw: tree.raw,
  };
}

/** Components within components. */
const maxComponents = 4;

function propertyOf(node: XmlNode): ConfluenceProperty {
  const id = node.children.find(({ name }) => name === 'id');
  // An object that was not closed leaves its successors within its last property.
  const inner = node.children.filter((child) => child !== id).map(textOf);
  const text = [node.text, ...inner].join('');
  if (id === undefined) return { text };
  return { text: text.trim(), reference: { class: node.attributes.get('class') ?? '', id: id.text.trim() } };
}

function textOf(node: XmlNode): string {
  const parts = [node.text];
  const open = [...node.children];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    parts.push(next.text);
    append(open, next.children);
  }
  return parts.join('\n');
}

function elementsOf(collection: XmlNode, path: string): { path: string; name: string; text: string }[] {
  return collection.children.flatMap((element) => {
    // References say which objects belong together; these say so themselves as well.
    if (element.text.trim() === '') return [];
    const name = element.attributes.get('name') ?? path;
    return [{ path: `${path}.${name}`, name, text: element.text }];
  });
}

/** Text of a property without the blanks of the file's layout; undefined when there is none. */
export function propertyText(object: ConfluenceObject, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = object.properties.get(name)?.text.trim();
    if (text) return text;
  }
  return undefined;
}

/** Id of the object that the first of these properties refers to. */
export function referenceOf(object: ConfluenceObject, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const id = object.properties.get(name)?.reference?.id;
    if (id) return id;
  }
  return undefined;
}
