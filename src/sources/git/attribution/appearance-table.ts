/**
 * One row per (hit, path): which commits introduced and removed it, which tips hold it. Rows and paths are
 * integers; names become text only when a row is handed out.
 */
import { IntList } from './int-list.js';
import type { NameTable } from './name-table.js';

/** Path of nothing: the root of a tree. */
export const rootPath = 0;
/** Rows and path nodes beyond this are not made: only a store built to explode has so many. */
const maxRows = 2_000_000;

export class AppearanceTable {
  readonly #hitCount: number;
  readonly #names: NameTable;
  readonly #pathParents = new IntList();
  readonly #pathNames = new IntList();
  readonly #pathByKey = new Map<number, number>();
  readonly #rowByKey = new Map<number, number>();
  readonly rowPaths: IntList = new IntList();
  readonly rowHits: IntList = new IntList();
  /** Commit index + 1 of the best introducing commit, 0 when none. */
  readonly introduced: IntList = new IntList();
  /** Commit index + 1 of the last removing commit, 0 when none. */
  readonly removed: IntList = new IntList();
  /** True once something was left out. */
  full = false;

  constructor(hitCount: number, names: NameTable) {
    this.#hitCount = hitCount;
    this.#names = names;
    this.#pathParents.push(-1);
    this.#pathNames.push(-1);
  }

  get count(): number {
    return this.rowPaths.length;
  }

  /** Number of the path `parent/name`; {@link rootPath} when the table is full. */
  pathOf(parent: number, name: number): number {
    const key = parent * 0x40000000 + name;
    const known = this.#pathByKey.get(key);
    if (known !== undefined) return known;
    if (this.#pathParents.length >= maxRows) {
      this.full = true;
      return rootPath;
    }
    const path = this.#pathParents.length;
    this.#pathParents.push(parent);
    this.#pathNames.push(name);
    this.#pathByKey.set(key, path);
    return path;
  }

  /** Row of the hit at the path; -1 when the table is full. */
  rowOf(path: number, hit: number): number {
    const key = path * this.#hitCount + hit;
    const known = this.#rowByKey.get(key);
    if (known !== undefined) return known;
    if (this.count >= maxRows || path === rootPath) {
      this.full = true;
      return -1;
    }
    const row = this.count;
    this.rowPaths.push(path);
    this.rowHits.push(hit);
    this.introduced.push(0);
    this.removed.push(0);
    this.#rowByKey.set(key, row);
    return row;
  }

  /** Bytes of a row's path, `/` between the parts. */
  pathBytes(row: number): Buffer {
    const parts: Buffer[] = [];
    const slash = Buffer.from('/');
    for (let path = this.rowPaths.at(row); path !== rootPath; path = this.#pathParents.at(path)) {
      if (parts.length > 0) parts.push(slash);
      parts.push(this.#names.nameOf(this.#pathNames.at(path)));
    }
    return Buffer.concat(parts.reverse());
  }
}
