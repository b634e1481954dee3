/**
 * Names of files and folders, as trees have them: each once, since a name is in thousands of versions of its folder. A
 * name is looked at by itself and not with the folders above, of which a history has many times as many.
 */
import { NameTable } from './attribution/name-table.js';
import type { OidTable } from './attribution/oid-table.js';
import type { StoreObjects } from './store-objects.js';

/** Shorter names hold nothing; assembly/pack/follow.ts leaves them out too. */
const shortestName = 8;
const slash = 0x2f;

export class EntryNames {
  readonly #table = new NameTable();

  /** Takes a name, mostly one that it has; gives its number. */
  add(buffer: Uint8Array, start: number, end: number): number {
    return end - start < shortestName ? -1 : this.#table.intern(buffer, start, end);
  }

  /** Takes the names of a path, folders first. */
  addPath(path: Uint8Array): void {
    for (let start = 0; start <= path.length; ) {
      const found = path.indexOf(slash, start);
      const end = found < 0 ? path.length : found;
      this.add(path, start, end);
      start = end + 1;
    }
  }

  /** Views of the table. */
  *all(): Generator<Uint8Array> {
    for (let name = 0; name < this.#table.count; name++) yield this.#table.nameOf(name);
  }
}

/** Takes the names of trees that nobody follows for missing objects. */
export async function addNamesOfTrees(
  names: EntryNames,
  objects: StoreObjects,
  trees: OidTable,
): Promise<void> {
  await objects.read('tree', trees, {
    object: (_index, type, buffer, start, end) => {
      if (type === 'tree') addNamesOfTree(names, buffer, start, end, trees.oidBytes);
    },
    // Reported as corrupt by who reads it.
    missing: () => undefined,
  });
}

/** Entries are `<octal mode> <name>` NUL `<id>`. */
function addNamesOfTree(
  names: EntryNames,
  buffer: Uint8Array,
  start: number,
  end: number,
  oidBytes: number,
): void {
  for (let at = start; at < end; ) {
    const blank = buffer.indexOf(0x20, at);
    const zero = blank < 0 ? -1 : buffer.indexOf(0, blank);
    if (zero < 0 || zero + oidBytes >= end) return;
    names.add(buffer, blank + 1, zero);
    at = zero + 1 + oidBytes;
  }
}
