/**
 * Plans a pack by reading it directly: index, entry headers, delta forest. What the pack reader cannot give
 * (damaged or oversized entries) is planned for `git cat-file`.
 */
import type { GitStoreHandle, PlannedRange, PlanOptions } from '../source.js';
import type { OidList } from './object-id.js';
import { type OpenPack, planPack } from './pack/pack-walker.js';
import type { WalkPlan } from './pack/walk-plan.js';
import { holdsObject } from './store-inventory.js';

/** git's numbers of the types whose text is read; trees hold names only. */
const readTypes = [1, 3, 4] as const;
const treeType = 2;
/** Objects asked for in one call of `isKnown`. */
const idsPerQuestion = 16_384;
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

/** Ranges of one pack, and the ids that another reader must read (handed to `fallback`). */
export async function* planOnePack(
  pack: OpenPack,
  earlier: readonly OpenPack[],
  store: GitStoreHandle,
  options: PlanOptions,
  listed: ListedObjects,
  fallback: (oid: Uint8Array) => void,
): AsyncGenerator<PlannedRange> {
  const { table } = pack;
  const wanted = await wantedRows(pack, earlier, options, listed);
  const { walk, unreadable } = planPack(pack, { types: readTypes, wanted });
  for (const { entry } of unreadable) fallback(oidOfRow(table, table.rows[entry] ?? 0));
  const plan = { id: `${table.packPath}\0${process.hrtime.bigint()}`, table, walk };
  for (let batch = 0; batch + 1 < walk.batches.length; batch++) {
    const bytes = packedBytes(pack, walk, batch) * unfolding;
    const documents = (walk.batches[batch + 1] ?? 0) - (walk.batches[batch] ?? 0);
    yield { range: { type: 'git-pack', store, plan, batch }, documents, bytes };
  }
}

/** By row: 1 where the object is to be read; lists trees, commits and tags on the way. */
async function wantedRows(
  { table }: OpenPack,
  earlier: readonly OpenPack[],
  options: PlanOptions,
  listed: ListedObjects,
): Promise<Uint8Array> {
  const wanted = new Uint8Array(table.count);
  const { oidBytes } = table;
  const rows = new Uint32Array(idsPerQuestion);
  const oids = new Uint8Array(idsPerQuestion * oidBytes);
  const types = new Uint8Array(idsPerQuestion);
  let asked = 0;
  const ask = async (): Promise<void> => {
    if (asked === 0) return;
    const known = await options.isKnown(oids.subarray(0, asked * oidBytes), types.subarray(0, asked));
    for (let i = 0; i < asked; i++) wanted[rows[i] ?? 0] = known[i] === 1 ? 0 : 1;
    asked = 0;
  };
  for (let entry = 0; entry < table.count; entry++) {
    const row = table.rows[entry] ?? 0;
    const type = table.types[entry] ?? 0;
    const at = row * oidBytes;
    // An entry of unknown type is wanted: it is unreadable here, and git is asked for it.
    if (type === 0) wanted[row] = 1;
    if (type === 0 || earlier.some((other) => holdsObject(other.table, table.oids, at))) continue;
    if (type === treeType) {
      listed.trees.push(table.oids, at);
      continue;
    }
    if (type === 1) listed.commits.push(table.oids, at);
    else if (type === 4) listed.tags.push(table.oids, at);
    rows[asked] = row;
    types[asked] = type;
    for (let i = 0; i < oidBytes; i++) oids[asked * oidBytes + i] = table.oids[at + i] as number;
    if (++asked === idsPerQuestion) await ask();
  }
  await ask();
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

function oidOfRow(table: OpenPack['table'], row: number): Uint8Array {
  return table.oids.subarray(row * table.oidBytes, (row + 1) * table.oidBytes);
}
