/** Reads fields of a YAML document and remembers where each stands, so that a fault can name its line. */
import { type Document, isMap, isNode, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { isShallowYaml } from '../model/shallow-yaml.js';
import type { RuleFault } from './rule-source.js';

type Path = readonly (string | number)[];

function pathText(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/** One YAML file with the faults found in it so far. Missing or ill-typed fields give the fallback and a fault. */
export class YamlFields {
  readonly faults: RuleFault[] = [];
  readonly #document: Document;
  readonly #lines = new LineCounter();
  readonly #file: string;

  constructor(file: string, text: string) {
    this.#file = file;
    const isShallow = isShallowYaml(text);
    if (!isShallow) this.faults.push({ file, line: 1, field: '', message: 'nested too deeply' });
    this.#document = parseDocument(isShallow ? text : '', { lineCounter: this.#lines, prettyErrors: false });
    for (const error of this.#document.errors) {
      const line = this.#lines.linePos(error.pos[0]).line;
      this.faults.push({ file, line, field: '', message: `not valid YAML (${error.code})` });
    }
  }

  #node(path: Path): Node | undefined {
    const node: unknown = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    return isNode(node) ? node : undefined;
  }

  /** Line of a field, or of the nearest enclosing one that is there. */
  line(path: Path): number {
    for (let length = path.length; length >= 0; length--) {
      const start = this.#node(path.slice(0, length))?.range?.[0];
      if (start !== undefined) return this.#lines.linePos(start).line;
    }
    return 1;
  }

  fault(path: Path, message: string): void {
    this.faults.push({ file: this.#file, line: this.line(path), field: pathText(path), message });
  }

  has(path: Path): boolean {
    return this.#document.hasIn(path);
  }

  /** Number of items of a list, 0 when it is absent. */
  count(path: Path): number {
    const node = this.#node(path);
    if (node === undefined) return 0;
    if (isSeq(node)) return node.items.length;
    this.fault(path, 'must be a list');
    return 0;
  }

  /** Refuses fields that are not in the list: a mistyped field must not be ignored. */
  onlyKnown(path: Path, known: readonly string[]): void {
    const node = this.#node(path);
    if (!isMap(node)) {
      this.fault(path, 'must be a map');
      return;
    }
    for (const { key } of node.items) {
      const name = String(key);
      if (!known.includes(name))
        this.fault([...path, name], `is not a known field; known are ${known.join(', ')}`);
    }
  }

  text(path: Path, fallback?: string): string {
    const value: unknown = this.#document.getIn(path);
    if (typeof value === 'string' && value !== '') return value;
    if (value === undefined && fallback !== undefined) return fallback;
    this.fault(path, value === undefined ? 'is missing' : 'must be a text');
    return '';
  }

  flag(path: Path): boolean {
    const value: unknown = this.#document.getIn(path);
    if (typeof value === 'boolean') return value;
    if (value !== undefined) this.fault(path, 'must be true or false');
    return false;
  }

  number(path: Path): number | undefined {
    const value: unknown = this.#document.getIn(path);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    this.fault(path, 'must be a number of at least 0');
    return undefined;
  }

  choice<const T extends string>(path: Path, choices: readonly T[], fallback?: T): T {
    const text = this.text(path, fallback);
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    if (text !== '') this.fault(path, `must be one of ${choices.join(', ')}`);
    return fallback ?? (choices[0] as T);
  }

  texts(path: Path): string[] {
    return Array.from({ length: this.count(path) }, (_, index) => this.text([...path, index]));
  }
}
