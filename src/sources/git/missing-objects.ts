/**
 * Which objects others name but the store lacks. git lists what it has, so a deleted object would be passed
 * over in silence: a scan of the rest must not say clean.
 */
import type { CommitGraph } from './attribution/commit-graph.js';
import { OidTable } from './attribution/oid-table.js';
import type { EntryNames } from './entry-names.js';
import { hexByte } from './object-id.js';
import type { Following } from './pack/follower.js';
import { holdsObject, type PackIds } from './pack/pack-ids.js';
import type { StoreObjects } from './store-objects.js';

const typeBits = 0o170000;
const gitlinkMode = 0o160000;
/** git knows the empty tree without having it. */
const emptyTrees = [
  '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
];
/** `git add --intent-to-add` names the empty blob without making it. */
const emptyBlobs = [
  'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391',
  '473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813',
];

export interface LinkedStore {
  readonly oidBytes: number;
  readonly objects: StoreObjects;
  /** Ids of the trees and commits whose links are followed, back to back; those that lie in packs come first. */
  readonly trees: Uint8Array;
  readonly commits: Uint8Array;
  readonly packedTrees: number;
  readonly packedCommits: number;
  readonly packs: readonly PackIds[];
  /** Ids of all that lies outside of the packs, back to back. */
  readonly others: Uint8Array;
  /** Hex ids that refs and the index name. */
  readonly named: readonly string[];
  /** Hex ids of commits whose parents a shallow clone leaves out. */
  readonly shallow: ReadonlySet<string>;
  /** The commits over the trees, where they were read before. */
  readonly graph?: CommitGraph;
  /** Takes the names of all entries of the trees. */
  readonly names: EntryNames;
}

/** Ids are binary, as latin1 text. */
export interface MissingObjects {
  /** What trees, commits, refs or the index name and nobody has. */
  readonly all: ReadonlySet<string>;
  /** Those of them that packed objects name. */
  readonly ofPacks: ReadonlySet<string>;
  /** True when a packed object names one that lies outside of the packs, from where it may go. */
  readonly packsLeanOut: boolean;
}

export async function missingObjects(store: LinkedStore, signal?: AbortSignal): Promise<MissingObjects> {
  const { oidBytes } = store;
  const links = new LinkCheck(store);
  const trees = new OidTable(store.trees, oidBytes);
  const treeHandler = {
    object: (index: number, type: string, buffer: Buffer, start: number, end: number): void => {
      links.isPacked = index < store.packedTrees;
      if (type === 'tree') links.tree(buffer, start, end);
    },
    // Reported as corrupt by who reads it.
    missing: (): void => undefined,
    ...(links.isLarge ? {} : { following: links.following(store, 'missingOfTrees') }),
  };
  await store.objects.read('tree', trees, treeHandler, signal);
  await checkCommits(store, links, signal);
  links.isPacked = false;
  for (const hex of store.named) if (!emptyBlobs.includes(hex)) links.name(Buffer.from(hex, 'hex'));
  for (const hex of emptyTrees) links.forget(Buffer.from(hex, 'hex').toString('latin1'));
  return { all: links.missing, ofPacks: links.missingOfPacks, packsLeanOut: links.packsLeanOut };
}

async function checkCommits(
  store: LinkedStore,
  links: LinkCheck,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { oidBytes, graph, packedCommits } = store;
  // A shallow clone's commits name parents that it leaves out.
  const known = store.shallow.size === 0 ? graph : undefined;
  const asked = known === undefined ? undefined : doubtfulCommits(known, store, links);
  const oids = asked === undefined ? store.commits : pickOids(store.commits, oidBytes, asked);
  const commits = new OidTable(oids, oidBytes);
  const handler = {
    object: (at: number, type: string, buffer: Buffer, start: number, end: number): void => {
      const index = asked?.[at] ?? at;
      links.isPacked = index < packedCommits;
      const isCut = store.shallow.size > 0 && store.shallow.has(commits.hexOf(at));
      if (type === 'commit') links.commit(buffer, start, end, !isCut);
    },
    missing: (): void => undefined,
    // The core does not know which commits are cut, nor where those lie that are picked.
    ...(store.shallow.size > 0 || links.isLarge || asked !== undefined
      ? {}
      : { following: links.following(store, 'missingOfCommits') }),
  };
  await store.objects.read('commit', commits, handler, signal);
}

/** Commits that name something which is no commit or tree of the store; notes whether packed ones lean out. */
function doubtfulCommits(graph: CommitGraph, store: LinkedStore, links: LinkCheck): number[] {
  const { packedCommits, packedTrees } = store;
  const doubtful: number[] = [];
  for (let commit = 0; commit < graph.table.count; commit++) {
    if (graph.lacks(commit)) doubtful.push(commit);
    if (commit < packedCommits && graph.leansOut(commit, packedCommits, packedTrees))
      links.packsLeanOut = true;
  }
  return doubtful;
}

function pickOids(oids: Uint8Array, oidBytes: number, indexes: readonly number[]): Uint8Array {
  return Buffer.concat(indexes.map((index) => oids.subarray(index * oidBytes, (index + 1) * oidBytes)));
}

/** With fewer trees than this share of all objects, building hash tables of the packs costs more than it saves. */
const fewTrees = 1 / 64;

/** Number of the object, and room for the longest id. */
const wordsOfMissing = 9;

class LinkCheck {
  /** Whether the object that is followed lies in a pack. */
  isPacked = false;
  packsLeanOut = false;
  readonly missing = new Set<string>();
  readonly missingOfPacks = new Set<string>();
  /** True when only few trees of a large store are followed. */
  readonly isLarge: boolean;
  readonly #inPacks: ((buffer: Uint8Array, at: number) => boolean)[];
  readonly #others: OidTable;
  readonly #names: EntryNames;
  readonly #oidBytes: number;
  readonly #scratch: Buffer;

  constructor({ packs, others, trees, names, oidBytes }: LinkedStore) {
    const packed = packs.reduce((sum, { count }) => sum + count, 0);
    this.isLarge = trees.length / oidBytes < packed * fewTrees;
    this.#inPacks = packs.map((pack) => {
      if (this.isLarge) return (buffer, at) => holdsObject(pack, buffer, at);
      const table = new OidTable(pack.oids, oidBytes);
      return (buffer, at) => table.find(buffer, at) >= 0;
    });
    this.#others = new OidTable(others, oidBytes);
    this.#names = names;
    this.#oidBytes = oidBytes;
    this.#scratch = Buffer.alloc(oidBytes);
  }

  /** The same check by the core. */
  following(
    { packs, others, packedTrees, packedCommits }: LinkedStore,
    kind: 'missingOfTrees' | 'missingOfCommits',
  ): Following {
    return {
      kind,
      oidBytes: this.#oidBytes,
      inner: packs.map(({ oids }) => oids),
      outer: [others],
      packed: kind === 'missingOfTrees' ? packedTrees : packedCommits,
      notes: (words, from, to) => {
        const packed = kind === 'missingOfTrees' ? packedTrees : packedCommits;
        const bytes = Buffer.from(words.buffer, words.byteOffset);
        for (let at = from; at < to; at += wordsOfMissing) {
          this.isPacked = (words[at] as number) < packed;
          this.#miss(bytes, 4 * (at + 1));
        }
      },
      name: (bytes, start, end) => this.#names.add(bytes, start, end),
      ended: ({ packsLeanOut }) => {
        this.packsLeanOut ||= packsLeanOut;
      },
    };
  }

  forget(oid: string): void {
    this.missing.delete(oid);
    this.missingOfPacks.delete(oid);
  }

  /** Entries are `<octal mode> <name>` NUL `<id>`. */
  tree(buffer: Buffer, start: number, end: number): void {
    const oidBytes = this.#oidBytes;
    let at = start;
    while (at < end) {
      let mode = 0;
      let c = buffer[at++] as number;
      while (c !== 0x20 && at < end) {
        mode = (mode << 3) | (c & 7);
        c = buffer[at++] as number;
      }
      const nameStart = at;
      while (at < end && buffer[at] !== 0) at++;
      const nameEnd = at++;
      if (at + oidBytes > end) return;
      this.#names.add(buffer, nameStart, nameEnd);
      if ((mode & typeBits) !== gitlinkMode) this.#check(buffer, at);
      at += oidBytes;
    }
  }

  /** `tree <hex>`, then `parent <hex>` lines. */
  commit(buffer: Buffer, start: number, end: number, hasParents: boolean): void {
    const line = 2 * this.#oidBytes + 1;
    let at = start;
    if (buffer[at] !== 0x74 || at + 5 + line > end) return;
    this.#checkHex(buffer, at + 5);
    at += 5 + line;
    while (hasParents && buffer[at] === 0x70 && at + 7 + line <= end) {
      this.#checkHex(buffer, at + 7);
      at += 7 + line;
    }
  }

  name(oid: Buffer): void {
    if (oid.length === this.#oidBytes) this.#check(oid, 0);
  }

  #checkHex(buffer: Uint8Array, at: number): void {
    for (let i = 0; i < this.#oidBytes; i++) this.#scratch[i] = hexByte(buffer, at + 2 * i);
    this.#check(this.#scratch, 0);
  }

  #check(buffer: Buffer, at: number): void {
    for (const isThere of this.#inPacks) if (isThere(buffer, at)) return;
    if (this.#others.find(buffer, at) >= 0) {
      if (this.isPacked) this.packsLeanOut = true;
      return;
    }
    this.#miss(buffer, at);
  }

  #miss(buffer: Buffer, at: number): void {
    const oid = buffer.toString('latin1', at, at + this.#oidBytes);
    this.missing.add(oid);
    if (this.isPacked) this.missingOfPacks.add(oid);
  }
}
