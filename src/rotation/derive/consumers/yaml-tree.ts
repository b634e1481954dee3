/** Small readers of YAML and JSON documents as trees with line numbers. Aliases are not followed: nothing can blow up. */
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Node as YamlNode,
} from 'yaml';
import { isShallowYaml } from '../../../model/shallow-yaml.js';

/** Larger texts are data, not settings that people write. */
const maxLength = 512 * 1024;

export interface Tree {
  /** Lines from 1, both included. */
  readonly from: number;
  readonly to: number;
  /** Text of a scalar; numbers and booleans as they are written. */
  readonly text?: string;
  readonly entries: readonly { readonly key: string; readonly line: number; readonly value: Tree }[];
  readonly items: readonly Tree[];
}

const empty: Tree = { from: 0, to: 0, entries: [], items: [] };

/** Deeper nesting is nothing that people write. */
const maxDepth = 64;

class TreeBuilder {
  readonly #lines: LineCounter;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  #line(offset: number): number {
    return Math.max(1, this.#lines.linePos(offset).line);
  }

  build(node: unknown, depth = 0): Tree {
    const range = (node as YamlNode | null)?.range;
    if (range === undefined || range === null || depth > maxDepth) return empty;
    const from = this.#line(range[0]);
    const to = this.#line(Math.max(range[0], range[1] - 1));
    if (isScalar(node)) {
      const text = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value ?? ''));
      return { from, to, text, entries: [], items: [] };
    }
    if (isSeq(node)) {
      return { from, to, entries: [], items: node.items.map((item) => this.build(item, depth + 1)) };
    }
    if (!isMap(node)) return { ...empty, from, to };
    const entries = node.items.flatMap((pair) => {
      const key = this.build(pair.key, depth + 1);
      if (key.text === undefined) return [];
      const value = this.build(pair.value, depth + 1);
      return [
        {
          key: key.text,
          line: key.from,
          value: value.from === 0 ? { ...value, from: key.from, to: key.to } : value,
        },
      ];
    });
    return { from, to, entries, items: [] };
  }
}

/** Documents of a text; empty when it is no YAML (a template, a damaged file) or too large. */
export function documentsOf(text: string): readonly Tree[] {
  if (text.length > maxLength || !isShallowYaml(text)) return [];
  const lineCounter = new LineCounter();
  try {
    const documents = parseAllDocuments(text, {
      lineCounter,
      strict: false,
      logLevel: 'silent',
      prettyErrors: false,
      uniqueKeys: false,
    });
    if (!Array.isArray(documents)) return [];
    const builder = new TreeBuilder(lineCounter);
    return (documents as Document[])
      .filter(({ errors }) => errors.length === 0)
      .map(({ contents }) => builder.build(contents));
  } catch {
    return [];
  }
}

/** The document of a JSON text, comments and commas at ends allowed. */
export function jsonTree(text: string): Tree | undefined {
  return documentsOf(withoutComments(text))[0];
}

/** Comments become spaces, so that lines stay. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*(?:[\s\S]*?\*\/|[\s\S]*)/g, (part) =>
    part.startsWith('"') ? part : part.replace(/[^\n]/g, ' '),
  );
}

/** Value at a path of keys. */
export function at(tree: Tree | undefined, ...keys: readonly string[]): Tree | undefined {
  return keys.reduce<Tree | undefined>(
    (found, key) => found?.entries.find((entry) => entry.key === key)?.value,
    tree,
  );
}

export function textAt(tree: Tree | undefined, ...keys: readonly string[]): string | undefined {
  const text = at(tree, ...keys)?.text;
  return text === '' ? undefined : text;
}

/** Calls for every entry of every map, the outer first. */
export function forEachEntry(
  tree: Tree | undefined,
  visit: (key: string, value: Tree, line: number) => void,
): void {
  for (const { key, value, line } of tree?.entries ?? []) {
    visit(key, value, line);
    forEachEntry(value, visit);
  }
  for (const item of tree?.items ?? []) forEachEntry(item, visit);
}
