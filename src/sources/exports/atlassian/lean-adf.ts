/**
 * Documents in the lean form: the text of adf.ts, put together from the strings of the tape. Tables, dates and macros are
 * left to that one.
 */
import { type JsonTape, jsonFlags, jsonKinds } from '../../../prefilter/json-tape.js';
import { memberTable } from '../lean-members.js';
import type { LeanSink } from '../lean-record.js';
import { blockLeaves, inlineAttributes, plainAttributes } from './adf.js';
import { keyOf, leanKeys, wordOf } from './lean-issue-keys.js';

const plain = 1;
const inline = 2;
const attributeTable = memberTable(
  leanKeys,
  new Map([
    ...[...plainAttributes].map((name) => [name, plain] as const),
    ...inlineAttributes.map((name) => [name, inline] as const),
  ]),
  0,
);
const inlineKeys: readonly number[] = inlineAttributes.map((name) => leanKeys.indexOf(name) + 1);
const isBlockLeaf = memberTable(leanKeys, new Map([...blockLeaves].map((name) => [name, 1])), 0);
/** Nodes that are not told here. */
const isOther = memberTable(leanKeys, new Map(['tableRow', 'date'].map((name) => [name, 1])), 0);

export class LeanAdf {
  readonly #tape: JsonTape;
  readonly #lean: LeanSink;
  /** Entries of addresses that are not their own text. */
  #links: number[] = [];

  constructor(lean: LeanSink) {
    this.#tape = lean.tape;
    this.#lean = lean;
  }

  /** Adds the texts of the document at an entry; false, and none is, when there is anything in it that is not common. */
  add(document: number): boolean {
    const tape = this.#tape;
    const content = tape.member(document, keyOf.content);
    const type = tape.member(document, keyOf.type);
    if (type === 0 || tape.word(type) !== wordOf.doc || content === 0) return false;
    if (tape.kind(content) !== jsonKinds.array) return false;
    this.#links = [];
    if (!this.#children(content)) {
      this.#lean.joined(undefined);
      return false;
    }
    this.#lean.joinLine();
    this.#lean.joined('plain');
    if (this.#links.length === 0) return true;
    for (const link of this.#links) {
      this.#lean.join(link);
      this.#lean.joinLine();
    }
    this.#lean.joined('plain');
    return true;
  }

  #children(nodes: number): boolean {
    const tape = this.#tape;
    for (let node = nodes + 5, end = tape.next(nodes); node < end; node = tape.next(node))
      if (tape.kind(node) === jsonKinds.object && !this.#node(node)) return false;
    return true;
  }

  #node(node: number): boolean {
    const tape = this.#tape;
    let type = 0;
    let text = 0;
    let content = 0;
    let attrs = 0;
    let marks = 0;
    let hasMore = false;
    for (let entry = node + 5, end = tape.next(node); entry < end; entry = tape.next(entry)) {
      const key = tape.key(entry);
      const kind = tape.kind(entry);
      if (key === keyOf.content || key === keyOf.attrs || key === keyOf.marks) hasMore = true;
      if (key === keyOf.type && kind === jsonKinds.string) type = tape.word(entry);
      else if (key === keyOf.text && kind === jsonKinds.string) text = entry;
      else if (key === keyOf.content && kind === jsonKinds.array) content = entry;
      else if (key === keyOf.attrs && kind === jsonKinds.object) attrs = entry;
      else if (key === keyOf.marks && kind === jsonKinds.array) marks = entry;
    }
    if (isOther[type] === 1) return false;
    if (text !== 0) this.#lean.join(text);
    if (type === wordOf.hardBreak) this.#lean.joinBreak();
    const isBlock = content !== 0 || (isBlockLeaf[type] === 1 && hasMore);
    if (isBlock) this.#lean.joinLine();
    if (attrs !== 0 && !this.#attrs(attrs)) return false;
    if (marks !== 0 && !this.#marks(marks, text)) return false;
    if (isBlock) this.#lean.joinLine();
    if (content === 0) return true;
    if (!this.#children(content)) return false;
    this.#lean.joinLine();
    return true;
  }

  #attrs(attrs: number): boolean {
    const tape = this.#tape;
    let hasInline = false;
    for (let entry = attrs + 5, end = tape.next(attrs); entry < end; entry = tape.next(entry)) {
      const action = attributeTable[tape.key(entry)];
      if (action === inline && tape.kind(entry) === jsonKinds.string) hasInline = true;
      else if (action !== plain) return false;
    }
    if (hasInline)
      for (const key of inlineKeys) {
        const entry = tape.member(attrs, key);
        if (entry !== 0) this.#lean.join(entry);
      }
    return true;
  }

  #marks(marks: number, text: number): boolean {
    const tape = this.#tape;
    for (let mark = marks + 5, end = tape.next(marks); mark < end; mark = tape.next(mark)) {
      const attrs = tape.member(mark, keyOf.attrs);
      if (attrs === 0 || tape.kind(attrs) !== jsonKinds.object) continue;
      for (let entry = attrs + 5, last = tape.next(attrs); entry < last; entry = tape.next(entry)) {
        if (tape.key(entry) !== keyOf.href) {
          if (attributeTable[tape.key(entry)] !== plain) return false;
        } else if (tape.kind(entry) !== jsonKinds.string) continue;
        else if (tape.size(entry) === 0) return false;
        else if (!this.#isSame(entry, text)) this.#links.push(entry);
      }
    }
    return true;
  }

  #isSame(link: number, text: number): boolean {
    if (text === 0) return false;
    const tape = this.#tape;
    const isWritten = !tape.has(link, jsonFlags.escapes) && !tape.has(text, jsonFlags.escapes);
    return isWritten ? tape.isSame(link, text) : tape.string(link) === tape.string(text);
  }
}
