/** A pack as an inventory has it: its ids at once, the headers of its entries only when they are asked for. */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { type PackIndexFault, parsePackIds, parsePackIndex } from './pack/idx.js';
import type { PackIds } from './pack/pack-ids.js';
import { readPackTable } from './pack/pack-table.js';
import { type OpenPack, openTable } from './pack/pack-walker.js';
import { readFile } from './pack/read-file.js';

export class InventoryPack {
  readonly path: string;
  readonly ids: PackIds;
  /** Types by row, as an earlier scan saw them; undefined for a pack that is read. */
  knownTypes: Uint8Array | undefined;
  /** Asked once: git may remove the pack while it is read. */
  #name: string | undefined;
  readonly #index: Uint8Array;
  #opened: OpenPack | undefined;

  /** `path` ends in .pack; its index lies beside it. */
  static find(path: string, oidBytes: 20 | 32): InventoryPack | PackIndexFault {
    const index = readFile(path.replace(/\.pack$/, '.idx'));
    if (index === undefined) return 'unreadable-index';
    const ids = parsePackIds(index, oidBytes);
    return ids.ok ? new InventoryPack(path, ids.ids, index) : ids.fault;
  }

  private constructor(path: string, ids: PackIds, index: Uint8Array) {
    this.path = path;
    this.ids = ids;
    this.#index = index;
  }

  /** A pack's file name is a hash of what it holds; its size makes a forged one with the same name another pack. */
  get name(): string {
    this.#name ??= `${basename(this.path)}:${Math.max(0, sizeOf(this.path) - this.ids.oidBytes)}`;
    return this.#name;
  }

  get isOpen(): boolean {
    return this.#opened !== undefined;
  }

  /** With the headers of all entries. */
  open(): OpenPack {
    if (this.#opened === undefined) {
      const read = parsePackIndex(this.#index, this.ids.oidBytes);
      if (!read.ok) throw new Error('an index that was read before cannot be read');
      this.#opened = openTable(readPackTable(this.path, read.index));
    }
    return this.#opened;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
