/** Annotated tags: name and target, and what a ref leads to once all tags are peeled off. */
import { decodeHex } from '../object-id.js';
import type { OidTable } from './oid-table.js';

interface TagObject {
  /** Name as the tag object has it. */
  readonly name: string;
  readonly target: Uint8Array;
}

/** Tags of tags of tags: more than this is nobody's work. */
const maxChain = 32;

export class TagGraph {
  readonly table: OidTable;
  readonly #tags = new Map<number, TagObject>();

  constructor(table: OidTable) {
    this.table = table;
  }

  /** Takes tag `index`: `object <hex>`, `type`, `tag <name>`, `tagger` lines. */
  add(index: number, buffer: Buffer, start: number, end: number): void {
    const target = new Uint8Array(this.table.oidBytes);
    const hexEnd = start + 7 + 2 * this.table.oidBytes;
    if (hexEnd > end) return;
    decodeHex(buffer, start + 7, target, 0, this.table.oidBytes);
    const blank = buffer.indexOf('\n\n', start);
    const header = buffer.toString('utf8', start, blank < 0 ? end : Math.min(blank, end));
    this.#tags.set(index, { name: /\ntag (.*)/.exec(header)?.[1] ?? '', target });
  }

  /** Takes the first tags of the table as an earlier scan knew them, without their names. */
  addKnown(targets: Uint8Array): void {
    const size = this.table.oidBytes;
    for (let tag = 0; tag * size < targets.length; tag++) {
      this.#tags.set(tag, { name: '', target: targets.subarray(tag * size, (tag + 1) * size) });
    }
  }

  /** The object that a tag names directly. */
  targetOf(index: number): Uint8Array | undefined {
    return this.#tags.get(index)?.target;
  }

  nameOf(index: number): string {
    return this.#tags.get(index)?.name ?? '';
  }

  /** The object behind all tags, and the tags passed on the way. */
  peel(oid: Uint8Array): { readonly target: Uint8Array; readonly through: readonly number[] } {
    const through: number[] = [];
    let target = oid;
    while (through.length < maxChain) {
      const index = this.table.find(target, 0);
      const tag = this.#tags.get(index);
      if (tag === undefined) break;
      through.push(index);
      target = tag.target;
    }
    return { target, through };
  }
}
