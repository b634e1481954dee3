/** The YAML of a policy as a tree in which everything knows its line and column. Nothing of a text is quoted in faults. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { isShallowYaml } from '../../model/shallow-yaml.js';
import type { Position } from './condition.js';
import type { PolicyFault } from './policy.js';

export type PolicyNode =
  | { readonly type: 'scalar'; readonly at: Position; readonly value: string | number | boolean | null }
  | { readonly type: 'list'; readonly at: Position; readonly items: readonly PolicyNode[] }
  | { readonly type: 'map'; readonly at: Position; readonly entries: readonly PolicyEntry[] };
export type MapNode = Extract<PolicyNode, { readonly type: 'map' }>;

export interface PolicyEntry {
  readonly key: string;
  /** Of the key. */
  readonly at: Position;
  readonly value: PolicyNode;
}

/** Faults of one file as they are found. */
export class PolicyFaults {
  readonly #file: string;
  readonly #faults: PolicyFault[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  add({ line, column }: Position, message: string): void {
    this.#faults.push({ file: this.#file, line, column, message });
  }

  get count(): number {
    return this.#faults.length;
  }

  /** By line and column. */
  get sorted(): readonly PolicyFault[] {
    return [...this.#faults].sort((a, b) => a.line - b.line || a.column - b.column);
  }
}

const start: Position = { line: 1, column: 1 };

class TreeReader {
  readonly #lines: LineCounter;
  readonly #faults: PolicyFaults;

  constructor(lines: LineCounter, faults: PolicyFaults) {
    this.#lines = lines;
    this.#faults = faults;
  }

  position(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  read(node: unknown, outer: Position): PolicyNode {
    const range = (node as Node | null)?.range;
    const at = range === undefined || range === null ? outer : this.position(range[0]);
    if (isMap(node)) {
      return {
        type: 'map',
        at,
        entries: node.items.flatMap(({ key, value }) => this.#entry(key, value, at)),
      };
    }
    if (isSeq(node)) return { type: 'list', at, items: node.items.map((item) => this.read(item, at)) };
    // An alias can stand for a tree that holds further ones: a few lines could become millions of nodes.
    if (isAlias(node)) this.#faults.add(at, 'aliases are not read; write it out');
    return { type: 'scalar', at, value: isScalar(node) ? scalarOf(node.value) : null };
  }

  #entry(key: unknown, value: unknown, outer: Position): PolicyEntry[] {
    const name = this.read(key, outer);
    if (name.type !== 'scalar' || name.value === null) {
      this.#faults.add(name.at, 'a key must be a word');
      return [];
    }
    return [{ key: String(name.value), at: name.at, value: this.read(value, name.at) }];
  }
}

function scalarOf(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : String(value);
}

/** Undefined when it is no YAML; the faults say why. */
export function policyTree(text: string, faults: PolicyFaults): PolicyNode | undefined {
  if (!isShallowYaml(text)) {
    faults.add(start, 'nested too deeply');
    return undefined;
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'silent' });
  const reader = new TreeReader(lineCounter, faults);
  for (const { code, pos } of document.errors) {
    const what = code === 'DUPLICATE_KEY' ? 'a key stands twice in one map' : `not valid YAML (${code})`;
    faults.add(reader.position(pos[0]), what);
  }
  return document.errors.length > 0 ? undefined : reader.read(document.contents, start);
}
