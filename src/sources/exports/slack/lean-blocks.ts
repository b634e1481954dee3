/** The `blocks` of messages in the lean form: rich text of common elements, told as rich-text.ts tells it. */
import { type JsonTape, jsonKinds } from '../../../prefilter/json-tape.js';
import type { RecordField } from '../contract.js';
import type { LeanTexts } from './lean-texts.js';
import { leafKeys, longestId, wordCharacter } from './rich-text.js';

const inBlocks: RecordField = { path: 'blocks', role: 'body' };

/** Keys that it asks for. */
export const blockNames: readonly string[] = ['type', 'elements', 'block_id', 'rich_text', ...leafKeys];

/** Containers within containers that are read here; rich-text.ts follows some more. */
const maxDepth = 16;

/** What stands before the id of a person, a group, a channel in its text. */
const mentions: Readonly<Record<string, readonly [string, string]>> = {
  user: ['@', 'user_id'],
  usergroup: ['@', 'usergroup_id'],
  channel: ['#', 'channel_id'],
  broadcast: ['@', 'range'],
};

export class LeanBlocks {
  readonly #tape: JsonTape;
  readonly #keys: Readonly<Record<string, number>>;
  /** By key: 1 for those of leaves. */
  readonly #isLeafKey = new Uint8Array(256);
  #out: LeanTexts | undefined;

  /** @param indexOf index of a key on the tape */
  constructor(tape: JsonTape, indexOf: (key: string) => number) {
    this.#tape = tape;
    this.#keys = Object.fromEntries(blockNames.map((key) => [key, indexOf(key)]));
    for (const key of leafKeys) this.#isLeafKey[indexOf(key)] = 1;
  }

  /** Adds the texts of a `blocks` array; false when it holds anything but rich text of the common sort. */
  add(blocks: number, out: LeanTexts): boolean {
    const tape = this.#tape;
    if (tape.kind(blocks) !== jsonKinds.array) return false;
    this.#out = out;
    for (let entry = blocks + 5, end = tape.next(blocks); entry < end; entry = tape.next(entry)) {
      if (!this.#block(entry, out)) return false;
    }
    return true;
  }

  #block(block: number, out: LeanTexts): boolean {
    const tape = this.#tape;
    const { type, elements, block_id: blockId, rich_text: richText } = this.#keys;
    if (tape.kind(block) !== jsonKinds.object) return false;
    let parts = 0;
    let isRich = false;
    for (let entry = block + 5, end = tape.next(block); entry < end; entry = tape.next(entry)) {
      const kind = tape.kind(entry);
      const key = tape.key(entry);
      if (kind < jsonKinds.string) continue;
      if (key === type && kind === jsonKinds.string) isRich = tape.word(entry) === richText;
      else if (key === elements && kind === jsonKinds.array) parts = entry;
      else if (key !== blockId || kind !== jsonKinds.string || tape.size(entry) > longestId) return false;
    }
    if (!isRich) return false;
    if (parts === 0) return true;
    const only = this.#onlyText(parts);
    if (only !== 0) {
      out.add(only, 'plain');
      return true;
    }
    const text = this.#rich(parts, 0);
    if (text === undefined) return false;
    out.list.add(inBlocks.path, inBlocks.role, text, 'plain');
    return true;
  }

  /** The text of a block that is one leaf in one section; 0 when it is more, or another. */
  #onlyText(parts: number): number {
    const tape = this.#tape;
    const section = parts + 5;
    if (tape.next(parts) === section || tape.next(section) !== tape.next(parts)) return 0;
    const leaves = this.#elementsOf(section);
    if (leaves === 0) return 0;
    const leaf = leaves + 5;
    if (tape.next(leaves) === leaf || tape.next(leaf) !== tape.next(leaves)) return 0;
    if (tape.kind(leaf) !== jsonKinds.object || this.#elementsOf(leaf) !== 0 || !this.#isLeaf(leaf)) return 0;
    const type = this.#member(leaf, 'type');
    return type !== 0 && tape.word(type) === this.#keys['text'] ? this.#member(leaf, 'text') : 0;
  }

  /** The array under `elements` of an object, 0 when there is none. */
  #elementsOf(object: number): number {
    const tape = this.#tape;
    if (tape.kind(object) !== jsonKinds.object) return 0;
    for (let entry = object + 5, end = tape.next(object); entry < end; entry = tape.next(entry)) {
      if (tape.key(entry) === this.#keys['elements'] && tape.kind(entry) === jsonKinds.array) return entry;
    }
    return 0;
  }

  /** The string under a key of an object, 0 when there is none. */
  #member(object: number, name: string): number {
    const tape = this.#tape;
    const key = this.#keys[name];
    for (let entry = object + 5, end = tape.next(object); entry < end; entry = tape.next(entry)) {
      if (tape.key(entry) === key && tape.kind(entry) === jsonKinds.string) return entry;
    }
    return 0;
  }

  /** Whether all texts of a leaf stand under keys that leaves have. */
  #isLeaf(leaf: number): boolean {
    const tape = this.#tape;
    for (let entry = leaf + 5, end = tape.next(leaf); entry < end; entry = tape.next(entry)) {
      if (tape.kind(entry) >= jsonKinds.string && this.#isLeafKey[tape.key(entry)] === 0) return false;
    }
    return true;
  }

  /** Text of an array of elements; undefined when there is anything uncommon in it. */
  #rich(parts: number, depth: number): string | undefined {
    const tape = this.#tape;
    if (depth > maxDepth) return undefined;
    let text = '';
    let before = '';
    for (let entry = parts + 5, end = tape.next(parts); entry < end; entry = tape.next(entry)) {
      if (tape.kind(entry) !== jsonKinds.object) continue;
      const inner = this.#elementsOf(entry);
      if (inner !== 0) {
        if (text !== '') text += '\n';
        before = '';
        const within = this.#rich(inner, depth + 1);
        if (within === undefined) return undefined;
        text += within;
        continue;
      }
      const leaf = this.#isLeaf(entry) ? this.#leaf(entry) : undefined;
      if (leaf === undefined) return undefined;
      // Words that touch come in a second form.
      if (wordCharacter.test(before) && wordCharacter.test(leaf.charAt(0))) return undefined;
      before = leaf.at(-1) ?? before;
      text += leaf;
    }
    return text;
  }

  #leaf(leaf: number): string | undefined {
    const type = this.#member(leaf, 'type');
    if (type === 0) return undefined;
    const kind = this.#tape.string(type);
    if (kind === 'text') return this.#string(leaf, 'text');
    if (kind === 'emoji') return `:${this.#string(leaf, 'name')}:`;
    if (kind === 'link') {
      const label = this.#string(leaf, 'text');
      const url = this.#string(leaf, 'url');
      if (label === '' || label === url) return url;
      this.#out?.list.link('blocks.url', url);
      return label;
    }
    const mention = Object.hasOwn(mentions, kind) ? mentions[kind] : undefined;
    return mention && mention[0] + this.#string(leaf, mention[1]);
  }

  #string(object: number, name: string): string {
    const entry = this.#member(object, name);
    return entry === 0 ? '' : this.#tape.string(entry);
  }
}
