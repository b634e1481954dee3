/** `md`: the message as the tree that its client drew. */
import { isObject, type JsonObject } from '../object-texts.js';

const maxDepth = 24;
/** Nodes that stand on lines of their own. */
const blockTypes = new Set([
  'PARAGRAPH',
  'HEADING',
  'QUOTE',
  'CODE',
  'CODE_LINE',
  'LIST_ITEM',
  'TASK',
  'LINE_BREAK',
]);

/** Text of the tree: leaves joined with nothing, blocks on lines of their own. */
export function joinedMarkdown(nodes: unknown): string {
  return textOf(nodes, 0).replace(/^\n+|\n+$/g, '');
}

function textOf(node: unknown, depth: number): string {
  if (typeof node === 'string') return node;
  if (depth > maxDepth) return '';
  if (Array.isArray(node)) return node.map((item) => textOf(item, depth + 1)).join('');
  if (!isObject(node)) return '';
  const type = node['type'];
  const text = type === 'EMOJI' ? emojiText(node) : textOf(shownOf(node), depth + 1);
  return typeof type === 'string' && blockTypes.has(type) ? `${text}\n` : text;
}

/** A link shows its label; where there is none, its target. */
function shownOf(node: JsonObject): unknown {
  const { value } = node;
  if (!isObject(value)) return value;
  const label = value['label'];
  if (node['type'] === 'LINK' && label !== undefined && (!Array.isArray(label) || label.length > 0))
    return label;
  return value['src'] ?? value['value'] ?? value;
}

function emojiText(node: JsonObject): string {
  const { shortCode, unicode } = node;
  return typeof shortCode === 'string' ? `:${shortCode}:` : typeof unicode === 'string' ? unicode : '';
}
