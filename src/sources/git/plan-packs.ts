/**
 * Plans a pack by reading it directly: index, entry headers, delta forest. What the pack reader cannot give
 * (damaged or oversized entries) is planned for `git cat-file`.
 */
import type { GitStoreHandle, PlannedRange, PlanOptions } from '../source.js';
import type { InventoryPack } from './inventory-pack.js';
import type { OidList } from './object-id.js';
import { copyId, holdsObject, type PackIds } from './pack/pack-ids.js';
import { type OpenPack, planPack } from './pack/pack-walker.js';
import type { WalkPlan } from './pack/walk-plan.js';

/** git's numbers of the types whose text is read; trees hold names only. */
const readTypes = [1, 3, 4] as const;
const treeType = 2;
/** Objects asked for in one call of `isKnown`: each call walks what the database knows from end to end. */
const idsPerQuestion = 1 << 18;
/** So few objects of a known pack are read one by one sooner than its headers are. */
const fewWanted = 64;
/**
 * What a packed byte unfolds to, for progress and back-pressure: measured 12 to 31 in full histories; the
 * exact number is known only when all deltas are applied.
 */
const unfolding = 16;

/** Ids by type, for attribution. */
export interface ListedObjects {
  readonly trees: OidList;
  readonly commits: OidList;
  readonly tags: OidList;
}

/**
 * Ranges of one pack, the ids that another reader must read (handed to `fallback`), and those that cost less when they
 * are read one by one (`single`).
 */
export async function* planOnePack(
  found: InventoryPack,
  earlier: readonly InventoryPack[],
  store: GitStoreHandle,
  options: PlanOptions,
  listed: ListedObjects,
  fallback: (oid: Uint8Array) => void,
  single: (oid: Uint8Array) => void,
): AsyncGenerator<PlannedRange> {
  const wanted =
    found.knownTypes === undefined
      ? await wantedRows(found.open(), earlier, options, listed)
      : await wantedOfKnown(found.ids, found.knownTypes, earlier, options);
  if (found.knownTypes !== undefined) {
    const rows = rowsOf(wanted, fewWanted + 1);
    for (const row of rows) if (rows.length <= fewWanted) single(oidOfRow(found.ids, row));
    if (rows.length <= fewWanted) return;
  }
  const pack = found.open();
  const { table } = pack;
  const { walk, unreadable } = planPack(pack, { types: readTypes, wanted });
  for (const { entry } of unreadable) fallback(oidOfRow(table, table.rows[entry] ?? 0));
  const plan = { id: `${table.packPath}\0${process.hrtime.bigint()}`, table, walk };
  for (let batch = 0; batch + 1 < walk.batches.length; batch++) {
    const bytes = packedBytes(pack, walk, batch) * unfolding;
    const documents = (walk.batches[batch + 1] ?? 0) - (walk.batches[batch] ?? 0);
    yield { range: { type: 'git-pack', store, plan, batch }, documents, bytes };
  }
}

/**
 * The same of a pack whose objects an earlier scan listed: nothing has to be listed again, and mostly nothing is to be
 * read.
 */
async function wantedOfKnown(
  ids: PackIds,
  types: Uint8Array,
  earlier: readonly InventoryPack[],
  options: PlanOptions,
): Promise<Uint8Array> {
  const question = new Question(ids, options);
  for (let row = 0; row < ids.count; row++) {
    const type = types[row] as number;
    if (type === treeType || earlier.some((other) => holdsObject(other.ids, ids.oids, row * ids.oidBytes)))
      continue;
    if (question.add(row, type)) await question.ask();
  }
  await question.ask();
  return question.wanted;
}

/** Asks of many objects at once whether they are to be read. */
class Question {
  /** By row: 1 where the object is to be read. */
  readonly wanted: Uint8Array;
  readonly #ids: PackIds;
  readonly #options: PlanOptions;
  readonly #rows: Uint32Array;
  readonly #oids: Uint8Array;
  readonly #types: Uint8Array;
  #asked = 0;

  constructor(ids: PackIds, options: PlanOptions) {
    this.wanted = new Uint8Array(ids.count);
    this.#ids = ids;
    this.#options = options;
    const size = Math.min(ids.count, idsPerQuestion);
    this.#rows = new Uint32Array(size);
    this.#oids = new Uint8Array(size * ids.oidBytes);
    this.#types = new Uint8Array(size);
  }

  /** True when it is time to ask. */
  add(row: number, type: number): boolean {
    const { oids, oidBytes } = this.#ids;
    copyId(oids, row * oidBytes, this.#oids, this.#asked * oidBytes, oidBytes);
    this.#rows[this.#asked] = row;
    this.#types[this.#asked] = type;
    return ++this.#asked === this.#rows.length;
  }

  async ask(): Promise<void> {
    const count = this.#asked;
    if (count === 0) return;
    const oids = this.#oids.subarray(0, count * this.#ids.oidBytes);
    const known = await this.#options.isKnown(oids, this.#types.subarray(0, count));
    for (let i = 0; i < count; i++) this.wanted[this.#rows[i] ?? 0] = known[i] === 1 ? 0 : 1;
    this.#asked = 0;
  }
}

/** By row: 1 where the object is to be read; lists trees, commits and tags on the way. */
async function wantedRows(
  { table }: OpenPack,
  earlier: readonly InventoryPack[],
  options: PlanOptions,
  listed: ListedObjects,
): Promise<Uint8Array> {
  const question = new Question(table, options);
  const { wanted } = question;
  const { oidBytes } = table;
  for (let entry = 0; entry < table.count; entry++) {
    const row = table.rows[entry] ?? 0;
    const type = table.types[entry] ?? 0;
    const at = row * oidBytes;
    // An entry of unknown type is wanted: it is unreadable here, and git is asked for it.
    if (type === 0) wanted[row] = 1;
    if (type === 0 || earlier.some(({ ids }) => holdsObject(ids, table.oids, at))) continue;
    if (type === treeType) {
      listed.trees.push(table.oids, at);
      continue;
    }
    if (type === 1) listed.commits.push(table.oids, at);
    else if (type === 4) listed.tags.push(table.oids, at);
    if (question.add(row, type)) await question.ask();
  }
  await question.ask();
  return wanted;
}

function packedBytes({ table }: OpenPack, walk: WalkPlan, batch: number): number {
  let bytes = 0;
  for (let slot = walk.batches[batch] ?? 0; slot < (walk.batches[batch + 1] ?? 0); slot++) {
    const entry = walk.entries[slot] ?? 0;
    bytes += (table.offsets[entry + 1] ?? 0) - (table.offsets[entry] ?? 0);
  }
  return bytes;
}

/** Rows that are wanted, at most so many. */
function rowsOf(wanted: Uint8Array, most: number): number[] {
  const rows: number[] = [];
  for (let row = wanted.indexOf(1); row >= 0 && rows.length < most; row = wanted.indexOf(1, row + 1))
    rows.push(row);
  return rows;
}

function oidOfRow(table: PackIds, row: number): Uint8Array {
  return table.oids.subarray(row * table.oidBytes, (row + 1) * table.oidBytes);
}
