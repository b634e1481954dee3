/** What the core notes of trees and commits must be what JavaScript reads from them, in honest stores and in forged ones. */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommitGraph } from '../../../../src/sources/git/attribution/commit-graph.js';
import { OidTable } from '../../../../src/sources/git/attribution/oid-table.js';
import { readCommits, readTrees } from '../../../../src/sources/git/attribution/read-graphs.js';
import type { TaintedTrees } from '../../../../src/sources/git/attribution/tree-graph.js';
import { addNamesOfTrees, EntryNames } from '../../../../src/sources/git/entry-names.js';
import { missingObjects } from '../../../../src/sources/git/missing-objects.js';
import { sharedCore } from '../../../../src/sources/git/shared-core.js';
import { StorageList } from '../../../../src/sources/git/storage-list.js';
import { takeInventory } from '../../../../src/sources/git/store-inventory.js';
import { StoreObjects } from '../../../../src/sources/git/store-objects.js';
import { makeRepo, type TestRepo } from '../../../support/make-repo.js';

/** More names than the core remembers at once, and more entries than it can note of one tree. */
const manyNames = 20_000;
const tooMany = 140_000;

/** A history that changes a few files in folders a commit, with merges, links and names of all sorts. */
function randomHistory(): string {
  const names = ['a', 'b.txt', 'name with blank', 'ü', '100644 x', 'z'.repeat(40), '40000'];
  const parts: string[] = [];
  const picks = fc.sample(fc.tuple(fc.nat(6), fc.nat(6), fc.nat(6), fc.nat(30), fc.nat(9)), 400);
  picks.forEach(([one, two, three, content, kind], i) => {
    if (i % 5 === 0) {
      const branch = i % 15 === 0 ? 'side' : 'main';
      const message = `change ${i}`;
      parts.push(`commit refs/heads/${branch}`, `committer B <b@x.example> ${1_700_000_000 + i * 60} +0200`);
      parts.push(`data ${message.length}`, message);
      if (i % 50 === 45) parts.push('merge refs/heads/side');
    }
    const path = `"${names[one]}/${names[two]}/${names[three]}"`;
    const mode = kind === 0 ? '120000' : kind === 1 ? '100755' : '100644';
    if (kind === 2) parts.push(`M 160000 ${'1'.repeat(40)} ${path}`);
    else parts.push(`M ${mode} inline ${path}`, `data ${String(content).length}`, `${content}`);
  });
  return `${parts.join('\n')}\n`;
}

class Store {
  readonly repo: TestRepo;
  readonly oidBytes: 20 | 32;
  readonly list: StorageList;
  readonly #inventory: NonNullable<ReturnType<typeof takeInventory>>;

  constructor(repo: TestRepo, oidBytes: 20 | 32) {
    const core = sharedCore();
    if (core === undefined) throw new Error('the core was not built');
    const inventory = takeInventory(core, join(repo.dir, '.git/objects'), oidBytes);
    if (inventory === undefined) throw new Error('the store cannot be listed');
    this.repo = repo;
    this.oidBytes = oidBytes;
    this.#inventory = inventory;
    this.list = new StorageList(oidBytes);
    this.list.addInventory(inventory);
  }

  /** @param followFrom 1: the core follows, Infinity: JavaScript does */
  objects(followFrom: number): StoreObjects {
    const direct = {
      core: sharedCore() as NonNullable<ReturnType<typeof sharedCore>>,
      inventory: this.#inventory,
    };
    const neutralDir = (): string => join(this.repo.dir, '.git');
    return new StoreObjects({ neutralDir, oidBytes: this.oidBytes, direct, followFrom });
  }

  async graphs(followFrom: number, hits: readonly string[], names: readonly string[] = []): Promise<unknown> {
    const { list, oidBytes } = this;
    const problems: string[] = [];
    const input = {
      objects: this.objects(followFrom),
      where: 'store',
      oidBytes,
      trees: list.trees.bytes,
      commits: list.commits.bytes,
      tags: list.tags.bytes,
      refs: { refs: [], stashLog: [], logged: [] },
      partialHistory: false,
      index: [],
    } as unknown as Parameters<typeof readTrees>[0];
    const events = {
      problem: ({ detail }: { detail?: string }) => problems.push(detail ?? ''),
      skipped: () => undefined,
    };
    const signal = new AbortController().signal;
    const table = new OidTable(input.trees, oidBytes);
    const blobs = new OidTable(Buffer.from(hits.join(''), 'hex'), oidBytes);
    const trees = await readTrees(
      input,
      table,
      blobs,
      events,
      signal,
      names.map((name) => Buffer.from(name)),
    );
    const commits = await readCommits(input, table, events, signal);
    return {
      trees: {
        ...trees,
        names: Array.from(trees.names.count === 0 ? [] : trees.entryNames, (name) =>
          trees.names.nameOf(name).toString('latin1'),
        ),
      },
      roots: commits.rootTrees,
      dates: commits.dates,
      parents: Array.from({ length: commits.table.count }, (_, i) => Array.from(commits.parentsOf(i))),
      problems,
    };
  }

  /** @param graph commits that were read before */
  missing(
    followFrom: number,
    graph?: CommitGraph,
    names: EntryNames = new EntryNames(),
  ): ReturnType<typeof missingObjects> {
    const { list, oidBytes } = this;
    return missingObjects({
      oidBytes,
      objects: this.objects(followFrom),
      trees: list.trees.bytes,
      commits: list.commits.bytes,
      packedTrees: this.#packed(2),
      packedCommits: this.#packed(1),
      packs: this.#inventory.packs.map(({ ids }) => ids),
      others: list.others.bytes,
      named: [],
      names,
      shallow: new Set(),
      ...(graph === undefined ? {} : { graph }),
    });
  }

  /** All commits over all trees. */
  async commits(): Promise<CommitGraph> {
    const { list, oidBytes } = this;
    const graph = new CommitGraph(
      new OidTable(list.commits.bytes, oidBytes),
      new OidTable(list.trees.bytes, oidBytes),
    );
    const missing = (): void => undefined;
    await this.objects(1).read('commit', graph.table, {
      object: (index, _type, buffer, start, end) => graph.add(index, buffer, start, end),
      missing,
      following: graph.following(),
    });
    return graph;
  }

  #packed(type: number): number {
    return this.#inventory.packs.reduce(
      (sum, pack) => sum + pack.open().table.types.filter((t) => t === type).length,
      0,
    );
  }
}

const repos: TestRepo[] = [];
afterAll(() => {
  for (const repo of repos) repo.remove();
});

/** Packs all objects but `lost` and `loose`; `lost` are gone afterwards. */
function packAll(repo: TestRepo, lost: readonly string[], loose: readonly string[]): void {
  const all = repo.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname)').split('\n');
  const kept = all.filter((oid) => !lost.includes(oid) && !loose.includes(oid));
  // Loose copies first, since fast-import leaves a pack.
  const out = join(repo.dir, '.git/objects');
  const looseBytes = loose.map((oid) => [oid, repo.git('cat-file', '-t', oid)] as const);
  const contents = looseBytes.map(
    ([oid, type]) => [type, execFileSync('git', ['cat-file', type, oid], { cwd: repo.dir })] as const,
  );
  repo.gitWith({ input: `${kept.join('\n')}\n` }, 'pack-objects', '-q', '--window=50', join(out, 'packed'));
  rmSync(join(out, 'pack'), { recursive: true });
  for (const oid of all) rmSync(join(out, oid.slice(0, 2), oid.slice(2)), { force: true });
  execFileSync('sh', ['-c', 'mkdir pack && for f in packed-*; do mv "$f" "pack/pack-${f#packed-}"; done'], {
    cwd: out,
  });
  for (const [type, bytes] of contents)
    repo.gitWith({ input: bytes }, 'hash-object', '-w', '--literally', '-t', type, '--stdin');
}

function literal(repo: TestRepo, type: string, bytes: Buffer): string {
  return repo.gitWith({ input: bytes }, 'hash-object', '-w', '--literally', '-t', type, '--stdin');
}

/** Trees and commits that no git writes. */
function forge(repo: TestRepo, blob: string, tree: string, commit: string): void {
  const oid = Buffer.from(blob, 'hex');
  const entry = (mode: string, name: string, id = oid): Buffer =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), id]);
  const treeId = Buffer.from(tree, 'hex');
  literal(repo, 'tree', Buffer.concat([entry('100644', 'cut'), entry('100644', 'short').subarray(0, 20)]));
  literal(
    repo,
    'tree',
    Buffer.concat([entry('0100644', 'zero'), entry('', 'bare'), entry('40000', 'blob as folder')]),
  );
  literal(
    repo,
    'tree',
    Buffer.concat([entry('100644', 'folder as blob', treeId), entry('040000', 'old', treeId)]),
  );
  literal(
    repo,
    'tree',
    Buffer.concat([entry('100644', ''), entry('xyz', 'twice'), entry('100644', 'twice')]),
  );
  literal(repo, 'tree', Buffer.from('no end'));
  literal(
    repo,
    'tree',
    Buffer.concat([
      entry('160000', 'link', Buffer.alloc(oid.length, 9)),
      entry('100644', 'gone', Buffer.alloc(oid.length, 8)),
    ]),
  );
  const line = 'committer C <c@x.example> 1700000000 +0000\n';
  literal(
    repo,
    'commit',
    Buffer.from(`tree ${tree}\nparent ${commit}\nparent ${'f'.repeat(commit.length)}\nauthor A\n${line}\nm`),
  );
  literal(
    repo,
    'commit',
    Buffer.from(
      `tree ${tree.toUpperCase()}\nparent zz${commit.slice(2)}\nauthor A <a> 1 +0\ncommitter C 12x\n\nm`,
    ),
  );
  literal(repo, 'commit', Buffer.from(`parent ${commit}\n${line}`));
  literal(repo, 'commit', Buffer.from(`tree ${tree}\nparent ${commit.slice(0, 30)}`));
  literal(repo, 'commit', Buffer.from(`tree ${blob}\ncommitter C <c> 99999999999999999999 +0000\n`));
  literal(repo, 'commit', Buffer.from('empty'));
}

describe.each(['sha1', 'sha256'] as const)('a %s store', (objectFormat) => {
  let store: Store;
  let hits: readonly string[];

  beforeAll(() => {
    const repo = makeRepo({ objectFormat });
    repos.push(repo);
    const history = randomHistory().replaceAll('1'.repeat(40), '1'.repeat(objectFormat === 'sha1' ? 40 : 64));
    repo.gitWith({ input: history }, 'fast-import', '--quiet');
    const blob = repo.gitWith({ input: '7' }, 'hash-object', '-w', '--stdin');
    const lines = (count: number): string =>
      Array.from({ length: count }, (_, i) => `100644 blob ${blob}\tfile-${i}\n`).join('');
    repo.gitWith({ input: lines(manyNames) }, 'mktree');
    repo.gitWith({ input: lines(tooMany) }, 'mktree');
    const tree = repo.git('rev-parse', 'main~4^{tree}');
    forge(repo, blob, tree, repo.git('rev-parse', 'main~3'));
    const others = ['1', '2', '3'].map((text) =>
      repo.gitWith({ input: text }, 'hash-object', '-w', '--stdin'),
    );
    const lost = [others[0] ?? '', repo.git('rev-parse', 'main~8'), repo.git('rev-parse', 'main~12^{tree}')];
    packAll(repo, lost, [others[1] ?? '', repo.git('rev-parse', 'side~2')]);
    expect(existsSync(join(repo.dir, '.git/objects/pack'))).toBe(true);
    hits = [blob, ...others];
    store = new Store(repo, objectFormat === 'sha1' ? 20 : 32);
  });

  test('has the same trees and commits', async () => {
    const [core, script] = [await store.graphs(1, hits), await store.graphs(Number.POSITIVE_INFINITY, hits)];
    expect(core).toEqual(script);
    const { trees, problems } = core as {
      trees: { tainted: Uint8Array; names: string[] };
      problems: string[];
    };
    expect(trees.tainted.filter((bit) => bit === 1).length).toBeGreaterThan(100);
    expect(trees.names.length).toBeGreaterThan(tooMany);
    expect(problems).toEqual([expect.stringMatching(/^\d+ tree object/)]);
  });

  test('has the same entries of some names', async () => {
    const names = ['name with blank', 'file-131071', 'folder as blob', 'blob as folder', 'z'.repeat(40)];
    const edges = async (followFrom: number): Promise<string[]> => {
      const { trees } = (await store.graphs(followFrom, [], names)) as {
        trees: TaintedTrees & { names: string[] };
      };
      // Names are numbered as they are met, of which the core meets fewer.
      return Array.from(trees.tainted, (_, tree) => {
        const own: string[] = [];
        for (let at = trees.starts[tree] as number; at < (trees.starts[tree + 1] as number); at++)
          own.push(`${tree} ${trees.names[at]} ${trees.entryTargets[at]}`);
        return own.sort();
      }).flat();
    };
    const core = await edges(1);
    expect(core).toEqual(await edges(Number.POSITIVE_INFINITY));
    for (const [number, name] of names.entries())
      expect(core.some((edge) => edge.endsWith(` ${name} ${2 * number + 1}`))).toBe(true);
    expect(core.length).toBeGreaterThan(100);
  });

  test('has the same names', async () => {
    const [core, script, alone] = [new EntryNames(), new EntryNames(), new EntryNames()];
    await store.missing(1, undefined, core);
    await store.missing(Number.POSITIVE_INFINITY, undefined, script);
    const trees = new OidTable(store.list.trees.bytes, store.oidBytes);
    await addNamesOfTrees(alone, store.objects(Number.POSITIVE_INFINITY), trees);
    const sorted = (names: EntryNames): string[] =>
      [...names.all()].map((name) => Buffer.from(name).toString('latin1')).sort();
    expect(sorted(core)).toEqual(sorted(script));
    expect(sorted(alone)).toEqual(sorted(script));
    expect(sorted(core)).toContain('name with blank');
    expect(sorted(core)).not.toContain('b.txt');
    expect(sorted(core).length).toBeGreaterThan(tooMany - 100);
  });

  test('lacks the same objects', async () => {
    const [core, script] = [await store.missing(1), await store.missing(Number.POSITIVE_INFINITY)];
    expect(core).toEqual(script);
    expect(core.all.size).toBeGreaterThan(4);
    expect(core.packsLeanOut).toBe(true);
    expect(await store.missing(1, await store.commits())).toEqual(core);
  });
});
