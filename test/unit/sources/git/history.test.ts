/**
 * A scan that is given what an earlier one kept of history says the same as one that reads everything: on random
 * histories that go on, with repacks, new packs, forced pushes and lost branches in between.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deriveKeys } from '../../../../src/identity/hkdf-keys.js';
import type { Appearance } from '../../../../src/model/appearance.js';
import { sealHistory, unsealHistory } from '../../../../src/scan/history-memory.js';
import { RememberedLinks } from '../../../../src/scan/link-memory.js';
import { type OpenGitOptions, openGitSource } from '../../../../src/sources/git/git-source.js';
import {
  decodeHistory,
  encodeHistory,
  type PackedHistory,
} from '../../../../src/sources/git/history/packed-history.js';
import type { HitObject } from '../../../../src/sources/source.js';
import { makeRepo, type TestRepo } from '../../../support/make-repo.js';

const keys = deriveKeys(Buffer.alloc(32, 7));

interface Kept {
  readonly links: RememberedLinks;
  readonly stored: Buffer | undefined;
}

interface Scan {
  readonly appearances: ReadonlyMap<string, readonly Appearance[]>;
  readonly roots: readonly string[];
  readonly problems: readonly string[];
  /** Types of objects that were asked for, by hex id. */
  readonly asked: ReadonlyMap<string, number>;
  readonly kept: Kept | undefined;
}

/** Every object whose text `isHit` picks, as a scan would know them. */
function hitsOf(repo: TestRepo, isHit: (text: string) => boolean): HitObject[] {
  const listed = repo.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)');
  const hits: HitObject[] = [];
  for (const line of listed.split('\n')) {
    const [oid = '', type = ''] = line.split(' ');
    if (type !== 'blob' && type !== 'commit' && type !== 'tag') continue;
    if (isHit(repo.git('cat-file', type, oid))) hits.push({ oid: Buffer.from(oid, 'hex'), objectType: type });
  }
  return hits;
}

async function scan(
  repo: TestRepo,
  hits: readonly HitObject[],
  before: Kept | undefined,
  options: OpenGitOptions = {},
): Promise<Scan> {
  const history = before?.stored && unsealHistory(before.links, before.stored);
  const source = await openGitSource(repo.dir, { keepFrom: 0, earlier: async () => history, ...options });
  const problems: string[] = [];
  const events = {
    problem: ({ code, detail }: { code: string; detail?: string }) => problems.push(`${code} ${detail}`),
    skipped: (reason: string, count: number) => problems.push(`${reason} ${count}`),
  };
  const asked = new Map<string, number>();
  const isKnown = async (oids: Uint8Array, types: Uint8Array): Promise<Uint8Array> => {
    const size = oids.length / types.length;
    types.forEach((type, i) => {
      asked.set(Buffer.from(oids.subarray(i * size, (i + 1) * size)).toString('hex'), type);
    });
    return new Uint8Array(types.length).fill(1);
  };
  const { rootCommits = [] } = await source.fullPlace();
  for await (const _range of source.plan({ isKnown, ...(before && { links: before.links }) }, events));
  const appearances = new Map<string, readonly Appearance[]>();
  const { signal } = new AbortController();
  for await (const one of source.attribute(hits, events, signal)) {
    const texts = one.appearances.map((appearance) => JSON.stringify(appearance));
    appearances.set(
      one.oid,
      texts.sort().map((text) => JSON.parse(text) as Appearance),
    );
  }
  const findings = source.linkFindings?.();
  const links = findings && RememberedLinks.after(keys, before?.links, findings);
  const bytes = source.history?.();
  source.close();
  const kept = links && { links, stored: bytes && sealHistory(links, bytes) };
  return { appearances, roots: rootCommits, problems: problems.sort(), asked, kept };
}

const isNeedle = (text: string): boolean => text.includes('needle');

/** What a scan with memory says, after it was held to one without. */
async function rescan(
  repo: TestRepo,
  before: Kept | undefined,
  isHit: (text: string) => boolean = isNeedle,
): Promise<Scan> {
  const hits = hitsOf(repo, isHit);
  const [after, whole] = [await scan(repo, hits, before), await scan(repo, hits, undefined)];
  expect(after.appearances).toEqual(whole.appearances);
  expect(after.roots).toEqual(whole.roots);
  expect(after.problems).toEqual(whole.problems);
  expect(after.asked).toEqual(whole.asked);
  return after;
}

const paths = ['a', 'd/a', 'd/b', 'd/e/a', 'f'];
const contents = ['needle 1\n', 'needle 2\n', 'plain\n'];

const stepOf = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('commit' as const),
      on: fc.integer({ min: 0, max: 8 }),
      merge: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
      files: fc.dictionary(fc.constantFrom(...paths), fc.constantFrom(...contents), { minKeys: 1 }),
      message: fc.constantFrom('work', 'a needle in a message'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      { type: 'scan' as const },
      { type: 'pack-and-scan' as const },
      { type: 'pack-and-scan' as const },
      { type: 'pack' as const },
      { type: 'repack' as const },
      { type: 'forced' as const },
      { type: 'lost' as const },
      { type: 'tag' as const },
    ),
  },
);

type Step = typeof stepOf extends fc.Arbitrary<infer T> ? T : never;

/** Adds a commit to the branch `b<on % 3>`, on top of the commit number `on` or of nothing. */
function commitOn(repo: TestRepo, commits: string[], step: Extract<Step, { type: 'commit' }>): void {
  const parents = [step.on, step.merge].flatMap((at) => {
    const parent = at === undefined ? undefined : commits[at];
    return parent === undefined ? [] : [parent];
  });
  const entries = new Map<string, string>();
  if (parents[0] !== undefined) {
    for (const line of repo.git('ls-tree', '-r', parents[0]).split('\n')) {
      const [entry = '', path = ''] = line.split('\t');
      if (path !== '') entries.set(path, entry.split(' ')[2] ?? '');
    }
  }
  for (const [path, content] of Object.entries(step.files))
    entries.set(path, repo.gitWith({ input: content }, 'hash-object', '-w', '--stdin'));
  const index = join(repo.dir, '.git', 'index-of-test');
  rmSync(index, { force: true });
  const env = { GIT_INDEX_FILE: index };
  const info = [...entries].map(([path, oid]) => `100644 ${oid}\t${path}\n`).join('');
  repo.gitWith({ input: info, env }, 'update-index', '--index-info');
  const tree = repo.gitWith({ env }, 'write-tree');
  const named = [...new Set(parents)].flatMap((parent) => ['-p', parent]);
  const commit = repo.git('commit-tree', tree, '-m', `${step.message} ${commits.length}`, ...named);
  commits.push(commit);
  repo.git('update-ref', `refs/heads/b${step.on % 3}`, commit);
}

function change(repo: TestRepo, commits: readonly string[], type: string): void {
  if (type === 'pack' || type === 'pack-and-scan') repo.git('repack', '-dq');
  else if (type === 'repack') repo.git('repack', '-adq', '--keep-unreachable');
  else if (type === 'forced') repo.git('update-ref', 'refs/heads/b0', commits[0] ?? '');
  else if (type === 'lost') repo.git('update-ref', '-d', 'refs/heads/b1');
  else if (type === 'tag') repo.git('tag', '-f', '-a', '-m', 'a needle', 'v1', commits.at(-1) ?? '');
}

/** Takes the steps, scanning where they say so; gives how often a history was kept. */
async function goOn(repo: TestRepo, steps: readonly Step[]): Promise<number> {
  const commits: string[] = [];
  let before: Kept | undefined;
  let kept = 0;
  for (const step of steps) {
    if (step.type === 'commit') commitOn(repo, commits, step);
    else if (commits.length > 0) change(repo, commits, step.type);
    if (!step.type.endsWith('scan') || commits.length === 0) continue;
    before = (await rescan(repo, before)).kept;
    if (before?.stored !== undefined) kept++;
  }
  if (commits.length > 0) await rescan(repo, before);
  return kept;
}

describe('a scan after a scan', () => {
  test('says of random histories what one from nothing says', async () => {
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(stepOf, { minLength: 6, maxLength: 16 }), async (steps) => {
        const repo = makeRepo();
        try {
          kept += await goOn(repo, steps);
        } finally {
          repo.remove();
        }
      }),
      { numRuns: 14 },
    );
    expect(kept).toBeGreaterThan(10);
  });

  function packed(): TestRepo {
    const repo = makeRepo();
    repo.commit('one', { 'a.txt': 'needle 1\n', 'dir/b.txt': 'plain\n' });
    repo.commit('two', { 'dir/b.txt': 'plain, and more\n' });
    repo.git('repack', '-adq');
    return repo;
  }

  test('reads nothing of a known pack, and all of it when an old blob becomes a hit', async () => {
    const repo = packed();
    try {
      const { kept } = await rescan(repo, undefined);
      expect(kept?.stored).toBeDefined();
      repo.commit('three', { 'c.txt': 'needle 3\n', 'dir/a.txt': 'needle 1\n' });
      const second = await rescan(repo, kept);
      expect(second.kept?.stored).toBeDefined();
      await rescan(repo, second.kept, (text) => text.includes('plain'));
      await rescan(repo, second.kept, (text) => text.includes('needle 3'));
      await rescan(repo, second.kept, () => false);
    } finally {
      repo.remove();
    }
  });

  test.each([
    ['its root commits are looked for', {}],
    ['its root commits are known', { remembered: async () => ({ rootCommits: ['1'.repeat(40)] }) }],
  ])('is kept again where nothing was found and other rules read all anew: %s', async (_name, options) => {
    const repo = packed();
    try {
      const { kept } = await scan(repo, [], undefined, options);
      expect(kept?.stored).toBeDefined();
      const history = kept?.stored && unsealHistory(kept.links, kept.stored);
      const source = await openGitSource(repo.dir, { keepFrom: 0, earlier: async () => history, ...options });
      await source.fullPlace();
      const isKnown = async (_oids: Uint8Array, types: Uint8Array): Promise<Uint8Array> =>
        new Uint8Array(types.length);
      const events = { problem: () => undefined, skipped: () => undefined };
      // What was remembered of links is no ground by other rules.
      for await (const _range of source.plan({ isKnown }, events));
      expect(source.linkFindings?.()).toBeDefined();
      expect(source.history?.()).toEqual(history?.history);
      source.close();
    } finally {
      repo.remove();
    }
  });

  test('looks again when a blob comes that a known tree names', async () => {
    const repo = packed();
    try {
      const blob = repo.blobId('needle 1\n');
      const rest = repo.git('rev-list', '--objects', '--no-object-names', '--all').split('\n');
      const folder = join(repo.dir, '.git/objects/pack');
      const former = readdirSync(folder);
      const input = `${rest.filter((oid) => oid !== blob).join('\n')}\n`;
      repo.gitWith({ input }, 'pack-objects', '-q', join(folder, 'pack'));
      for (const name of former) rmSync(join(folder, name), { force: true });
      repo.git('config', 'remote.origin.promisor', 'true');
      repo.git('config', 'remote.origin.url', 'https://git.example.org/a/b.git');
      const { kept } = await scan(repo, [], undefined);
      expect(kept).toMatchObject({ links: { missing: 1 } });
      expect(kept?.stored).toBeDefined();
      repo.gitWith({ input: 'needle 1\n' }, 'hash-object', '-w', '--stdin');
      const after = await rescan(repo, kept);
      expect(after.appearances.get(blob)).toMatchObject([
        { locationKind: 'git-head', path: { text: 'a.txt' } },
      ]);
    } finally {
      repo.remove();
    }
  });

  test('keeps nothing of shallow clones, nor with borrowed objects, and heeds nothing there', async () => {
    const repo = packed();
    const clone = makeRepo();
    try {
      const { kept } = await rescan(repo, undefined);
      clone.git('fetch', '-q', '--depth=1', `file://${repo.dir}`, 'HEAD:refs/heads/shallow');
      expect((await rescan(clone, kept)).kept).toBeUndefined();
      const borrower = makeRepo();
      borrower.write('.git/objects/info/alternates', `${join(repo.dir, '.git/objects')}\n`);
      borrower.git('update-ref', 'refs/heads/main', repo.git('rev-parse', 'HEAD'));
      const hits = hitsOf(repo, isNeedle);
      const options = { alternates: true };
      const after = await scan(borrower, hits, kept, options);
      expect(after.kept).toBeUndefined();
      expect(after.appearances).toEqual((await scan(borrower, hits, undefined, options)).appearances);
      borrower.remove();
    } finally {
      repo.remove();
      clone.remove();
    }
  });
});

describe('what is kept', () => {
  const history: PackedHistory = {
    counts: [5, 2],
    types: Uint8Array.of(1, 2, 3, 4, 3, 1, 2),
    commits: {
      numbers: Int32Array.of(0, 5),
      roots: Int32Array.of(-1, 1),
      dates: Float64Array.of(1_704_067_200, 3),
      starts: Int32Array.of(0, 1, 3),
      parents: Int32Array.of(1, -1, 0),
    },
    tags: { numbers: Int32Array.of(3), targets: Int32Array.of(5), open: Int32Array.of(3) },
    hits: Int32Array.of(4, 2),
    trees: {
      numbers: Int32Array.of(6, 1),
      starts: Int32Array.of(0, 1, 3),
      names: Int32Array.of(1, 0, 1),
      targets: Int32Array.of(3, 0, 1),
    },
    names: [Buffer.from('a'), Buffer.from('b c')],
  };

  test('comes back as it was', () => {
    const decoded = decodeHistory(encodeHistory(history));
    const plain = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value, (_key, part) => (ArrayBuffer.isView(part) ? [...(part as Uint8Array)] : part)),
      );
    expect({
      ...(plain(decoded) as object),
      names: decoded?.names.map((name) => Buffer.from(name).toString()),
    }).toEqual({
      ...(plain({ ...history, names: [] }) as object),
      names: ['a', 'b c'],
    });
  });

  test('is nothing when it is cut, longer or another version', () => {
    const bytes = encodeHistory(history);
    for (let end = 0; end < bytes.length; end++)
      expect(decodeHistory(bytes.subarray(0, end))).toBeUndefined();
    expect(decodeHistory(Buffer.concat([bytes, Buffer.of(0)]))).toBeUndefined();
    expect(decodeHistory(Buffer.concat([Buffer.of(9), bytes.subarray(1)]))).toBeUndefined();
  });

  test('never names what is not there, whatever byte is changed', () => {
    const bytes = encodeHistory(history);
    for (let at = 0; at < bytes.length; at++) {
      for (const bit of [1, 8, 64, 128]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ bit;
        const decoded = decodeHistory(changed);
        if (decoded === undefined) continue;
        const total = decoded.counts.reduce((sum, count) => sum + count, 0);
        const { trees, commits, tags, hits } = decoded;
        for (const list of [trees.numbers, commits.numbers, tags.numbers, tags.targets, hits])
          expect([...list].every((number) => number >= 0 && number < total)).toBe(true);
        expect([...commits.parents].every((parent) => parent < commits.numbers.length)).toBe(true);
      }
    }
  });

  test('counts only with the links that it was kept with', () => {
    const links = (pack: string): RememberedLinks =>
      RememberedLinks.after(keys, undefined, { packs: [pack], isWhole: true, missing: [], found: [] });
    const stored = sealHistory(links('one'), Buffer.from('history'));
    expect(unsealHistory(links('one'), stored)?.history.toString()).toBe('history');
    expect(unsealHistory(links('two'), stored)).toBeUndefined();
    stored[20] = (stored[20] ?? 0) ^ 1;
    expect(unsealHistory(links('one'), stored)).toBeUndefined();
  });
});
