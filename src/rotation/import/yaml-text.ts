/** YAML 1.2 as a tree. JSON is YAML, so an inventory may be written in it. */
import { isAlias, isMap, isScalar, isSeq, type Node, type ParsedNode, parseDocument } from 'yaml';
import { isShallowYaml } from '../../model/shallow-yaml.js';
import { type ImportSource, shownKey } from './source.js';
import type { ImportEntry, ImportNode } from './tree.js';

/** Deeper than any file that these readers know. */
const maxDepth = 12;

function offsetOf(node: Node | null | undefined, otherwise: number): number {
  return node?.range?.[0] ?? otherwise;
}

class TreeBuilder {
  readonly #source: ImportSource;

  constructor(source: ImportSource) {
    this.#source = source;
  }

  build(node: unknown, at: number, depth = 0): ImportNode {
    if (depth > maxDepth) {
      this.#source.fault(at, 'is nested too deeply');
      return { type: 'empty', at };
    }
    if (isScalar(node)) return this.#scalar(node as ParsedNode & { value: unknown; source: string }, at);
    if (isSeq(node)) {
      const own = offsetOf(node, at);
      return { type: 'list', at: own, items: node.items.map((item) => this.build(item, own, depth + 1)) };
    }
    if (isMap(node)) {
      const own = offsetOf(node, at);
      const entries = new Map<string, ImportEntry>();
      for (const { key, value } of node.items) {
        const keyAt = offsetOf(key as Node, own);
        if (!isScalar(key) || key.value === null || typeof key.value === 'object') {
          this.#source.fault(keyAt, 'a key must be a word');
          continue;
        }
        const name = String(key.value);
        const entry = { at: keyAt, node: this.build(value, keyAt, depth + 1) };
        if (entries.has(name))
          this.#source.fault(keyAt, `the key ${shownKey(name)} stands twice`, 'IMPORT_DUPLICATE');
        entries.set(name, entry);
      }
      return { type: 'map', at: own, entries };
    }
    if (isAlias(node)) this.#source.fault(offsetOf(node, at), 'aliases are not read: write the thing out');
    return { type: 'empty', at };
  }

  #scalar(node: ParsedNode & { value: unknown; source: string }, otherwise: number): ImportNode {
    const at = offsetOf(node, otherwise);
    if (node.value === null) return { type: 'empty', at };
    if (typeof node.value === 'string') return { type: 'text', at, text: node.value, isBare: false };
    // As written: `0042` is an id and no number.
    return { type: 'text', at, text: node.source ?? String(node.value), isBare: true };
  }
}

/** The document's tree; undefined, with one fault, when it is no YAML that anybody wrote by hand. */
export function parseYaml(source: ImportSource): ImportNode | undefined {
  if (!isShallowYaml(source.text)) {
    source.fault(0, 'is nested too deeply', 'IMPORT_UNREADABLE');
    return undefined;
  }
  try {
    const document = parseDocument(source.text, {
      schema: 'core',
      version: '1.2',
      uniqueKeys: true,
      logLevel: 'silent',
      prettyErrors: false,
      stringKeys: false,
    });
    const [error] = document.errors;
    if (error !== undefined) {
      // The library's own words quote the file.
      const isDouble = error.code === 'DUPLICATE_KEY';
      source.fault(
        error.pos[0],
        isDouble ? 'a key stands twice' : `is not valid YAML (${error.code})`,
        isDouble ? 'IMPORT_DUPLICATE' : 'IMPORT_UNREADABLE',
      );
      return undefined;
    }
    return new TreeBuilder(source).build(document.contents, 0);
  } catch {
    source.fault(0, 'cannot be parsed as YAML', 'IMPORT_UNREADABLE');
    return undefined;
  }
}
