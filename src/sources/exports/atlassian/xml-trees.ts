/** Elements of an XML file one after another, each as a small tree: the rows and items that exports consist of. */
import type { ExportFile, RecordSink } from '../contract.js';
import { readXml, type XmlElement, type XmlEvents, type XmlText } from '../xml-pieces.js';

export interface XmlNode {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** All text directly in it. */
  readonly text: string;
  readonly children: readonly XmlNode[];
}

/** An element that a reader asked for. */
export interface XmlTree extends XmlNode {
  /** Byte range in the file. */
  readonly raw: { readonly start: number; readonly end: number };
}

interface Building extends XmlNode {
  text: string;
  readonly children: Building[];
  readonly element: XmlElement;
}

/** Text kept of one tree; a page or an issue has a thousandth of it. */
const maxTreeText = 64 * 1024 * 1024;
/** Elements kept of one tree. */
const maxTreeNodes = 500_000;

/**
 * Collects the elements that `isTree` picks. One that begins within another ends it: its end tag was lost. What
 * exceeds the caps is noted as `truncated`.
 */
export class XmlTrees implements XmlEvents {
  readonly #isTree: (element: XmlElement) => boolean;
  readonly #onTree: (tree: XmlTree) => void;
  readonly #sink: Pick<RecordSink, 'note'>;
  readonly #stack: Building[] = [];
  #length = 0;
  #nodes = 0;

  constructor(
    isTree: (element: XmlElement) => boolean,
    onTree: (tree: XmlTree) => void,
    sink: Pick<RecordSink, 'note'>,
  ) {
    this.#isTree = isTree;
    this.#onTree = onTree;
    this.#sink = sink;
  }

  /** True within an element that is being collected. */
  get isWithin(): boolean {
    return this.#stack.length > 0;
  }

  open(element: XmlElement): void {
    if (this.#isTree(element)) {
      if (this.isWithin) this.#finish(element.start);
    } else if (!this.isWithin) return;
    const { name, attributes } = element;
    for (const value of attributes.values()) this.#length += value.length;
    const node: Building = { name, attributes, text: '', children: [], element };
    if (++this.#nodes <= maxTreeNodes) this.#stack.at(-1)?.children.push(node);
    this.#stack.push(node);
  }

  text(text: string, at: XmlText): void {
    const top = this.#stack.at(-1);
    if (top === undefined || at.parent === undefined) return;
    this.#length += text.length;
    if (this.#length <= maxTreeText) top.text += text;
  }

  close(element: XmlElement, end: number, _parents: readonly XmlElement[], isEnded: boolean): void {
    const top = this.#stack.at(-1);
    if (top?.element !== element) return;
    if (this.#stack.length === 1) {
      this.#finish(end);
      return;
    }
    this.#stack.pop();
    // Its end tag is lost, and so the elements that follow it seem to stand in it.
    if (!isEnded) this.#stack.at(-1)?.children.push(...top.children.splice(0));
  }

  #finish(end: number): void {
    const root = this.#stack[0];
    const isCut = this.#length > maxTreeText || this.#nodes > maxTreeNodes;
    this.#stack.length = 0;
    this.#length = 0;
    this.#nodes = 0;
    if (root === undefined) return;
    if (isCut) this.#sink.note('too-large');
    const { name, attributes, text, children, element } = root;
    this.#onTree({ name, attributes, text, children, raw: { start: element.start, end } });
  }
}

/** Smaller files fit among what waits for names that stand behind them. */
const leastTwice = 16 * 1024 * 1024;

/** Characters that wait for what belongs to them. */
const mostWaiting = 24 * 1024 * 1024;
/** The same when all names are known, and only parts of one record are to be joined. */
const mostWaitingKnown = 4 * 1024 * 1024;

/**
 * A first look at the trees of a large file, to learn the names that it refers to before they are told. Does nothing
 * for a small file, and for one that can be read only once.
 *
 * @returns how many characters may wait in the second look
 */
export async function foresee(
  file: ExportFile,
  sink: RecordSink,
  isTree: (element: XmlElement) => boolean,
  onTree: (tree: XmlTree) => void,
): Promise<number> {
  if (file.isRepeatable !== true || (file.size ?? 0) < leastTwice) return mostWaiting;
  const trees = new XmlTrees(isTree, onTree, { note: () => undefined });
  const silent: RecordSink = {
    record: () => undefined,
    note: () => undefined,
    unknownKey: () => undefined,
    // What is broken is told by the second look.
    damaged: () => undefined,
    get aborted() {
      return sink.aborted;
    },
    drained: () => sink.drained(),
  };
  await readXml(file, silent, trees);
  return mostWaitingKnown;
}

export function childOf(node: XmlNode, name: string): XmlNode | undefined {
  return node.children.find((child) => child.name === name);
}

export function childrenOf(node: XmlNode, name: string): readonly XmlNode[] {
  return node.children.filter((child) => child.name === name);
}

/** A text leaf of a tree: the text of an element, or an attribute. */
export interface XmlLeaf {
  /** Names from below the root down, joined with `/`; attributes behind `@`. */
  readonly path: string;
  /** Name of the element or attribute. */
  readonly name: string;
  readonly text: string;
}

/** Nodes within nodes that are followed. */
const maxDepth = 200;

/** All text in a tree, its attributes first; blank text is left out. */
export function leavesOf(node: XmlNode, path: string): XmlLeaf[] {
  const leaves: XmlLeaf[] = [];
  const visit = (at: XmlNode, where: string, depth: number): void => {
    for (const [name, text] of at.attributes)
      if (text.trim() !== '') leaves.push({ path: `${where}@${name}`, name, text });
    if (at.text.trim() !== '') leaves.push({ path: where, name: at.name, text: at.text });
    if (depth < maxDepth) for (const child of at.children) visit(child, `${where}/${child.name}`, depth + 1);
  };
  visit(node, path, 0);
  return leaves;
}
