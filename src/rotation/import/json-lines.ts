/** JSON Lines: one object a line. */
import type { ImportSource } from './source.js';
import { type ImportEntry, type ImportNode, textNode } from './tree.js';

export type MapNode = ImportNode & { readonly type: 'map' };

const maxLines = 1_000_000;
/** A line longer than this is no record of ours, and a parser must not be tried on it. */
const maxLineChars = 65_536;
const maxDepth = 4;
const keys = /"(?:[^"\\]|\\.)*"\s*:/g;

function nodeOf(value: unknown, at: number): ImportNode {
  if (value === null || value === undefined) return { type: 'empty', at };
  if (typeof value === 'string') return textNode(at, value);
  if (Array.isArray(value)) return { type: 'list', at, items: value.map((item) => nodeOf(item, at)) };
  if (typeof value === 'object') return mapOf(value as Readonly<Record<string, unknown>>, at);
  return textNode(at, String(value), true);
}

function mapOf(value: Readonly<Record<string, unknown>>, at: number): MapNode {
  const entries = new Map<string, ImportEntry>();
  for (const [name, part] of Object.entries(value)) entries.set(name, { at, node: nodeOf(part, at) });
  return { type: 'map', at, entries };
}

function countKeys(node: ImportNode): number {
  if (node.type === 'list') return node.items.reduce((sum, item) => sum + countKeys(item), 0);
  if (node.type !== 'map') return 0;
  return [...node.entries.values()].reduce((sum, entry) => sum + 1 + countKeys(entry.node), 0);
}

function isShallow(line: string): boolean {
  let depth = 0;
  for (const character of line) {
    if (character === '[' || character === '{') {
      if (++depth > maxDepth) return false;
    } else if (character === ']' || character === '}') depth--;
  }
  return true;
}

function parseLine(source: ImportSource, line: string, at: number): MapNode | undefined {
  if (line.length > maxLineChars || !isShallow(line)) {
    source.fault(at, 'is no record: too long or nested too deeply', 'IMPORT_UNREADABLE');
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // The parser's own message quotes the file.
    source.fault(at, 'is not JSON', 'IMPORT_UNREADABLE');
    return undefined;
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    source.fault(at, 'must be an object');
    return undefined;
  }
  const node = mapOf(value as Readonly<Record<string, unknown>>, at);
  // Parsing keeps the last of two values of one key.
  if ((line.match(keys)?.length ?? 0) !== countKeys(node)) {
    source.fault(at, 'a key stands twice', 'IMPORT_DUPLICATE');
    return undefined;
  }
  return node;
}

/** One map a line that holds one; each fault names its line. */
export function parseJsonLines(source: ImportSource): MapNode[] {
  const { text } = source;
  const nodes: MapNode[] = [];
  let lines = 0;
  for (let start = text.charCodeAt(0) === 0xfeff ? 1 : 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end).replace(/\r$/, '');
    if (line.trim() !== '') {
      if (++lines > maxLines) {
        source.fault(start, `has more than ${maxLines} lines`, 'IMPORT_UNREADABLE');
        return nodes;
      }
      const node = parseLine(source, line, start);
      if (node !== undefined) nodes.push(node);
    }
    start = end + 1;
  }
  return nodes;
}
