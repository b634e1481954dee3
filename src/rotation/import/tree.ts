/** What a file says, whatever it is written in: maps, lists and texts, each with where it stands. */

export type ImportNode =
  | { readonly type: 'map'; readonly at: number; readonly entries: ReadonlyMap<string, ImportEntry> }
  | { readonly type: 'list'; readonly at: number; readonly items: readonly ImportNode[] }
  /** `isBare`: a number or a truth value of the format, not a text in quotes. */
  | { readonly type: 'text'; readonly at: number; readonly text: string; readonly isBare: boolean }
  | { readonly type: 'empty'; readonly at: number };

export interface ImportEntry {
  /** Offset of the key. */
  readonly at: number;
  readonly node: ImportNode;
}

/** One text with the key that it stands under. */
export interface ImportLeaf {
  readonly at: number;
  /** Last key on the way to it, `match` or `owner`. */
  readonly key: string;
  readonly text: string;
}

/** Texts in the order of the tree, keys that are no plain words of ours included: a value may have been pasted there. */
export function* leavesOf(node: ImportNode, key = ''): Generator<ImportLeaf> {
  switch (node.type) {
    case 'text':
      yield { at: node.at, key, text: node.text };
      break;
    case 'list':
      for (const item of node.items) yield* leavesOf(item, key);
      break;
    case 'map':
      for (const [name, entry] of node.entries) {
        if (name.length > 32) yield { at: entry.at, key, text: name };
        yield* leavesOf(entry.node, name);
      }
      break;
    case 'empty':
      break;
  }
}

export function textNode(at: number, text: string, isBare = false): ImportNode {
  return { type: 'text', at, text, isBare };
}

/** A map of those entries that have a node. */
export function mapNode(
  at: number,
  entries: Readonly<Record<string, ImportNode | undefined>>,
): ImportNode & { readonly type: 'map' } {
  const known = new Map<string, ImportEntry>();
  for (const [name, node] of Object.entries(entries)) {
    if (node !== undefined) known.set(name, { at: node.at, node });
  }
  return { type: 'map', at, entries: known };
}
