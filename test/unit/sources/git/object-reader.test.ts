import { afterAll, expect, test } from 'vitest';
import { openGitSource } from '../../../../src/sources/git/git-source.js';
import { oidsOfHex } from '../../../../src/sources/git/object-id.js';
import { GitObjectReader, readGitObjects } from '../../../../src/sources/git/object-reader.js';
import type { RangeEvents, RawDocument } from '../../../../src/sources/source.js';
import { makeRepo, type TestRepo } from '../../../support/make-repo.js';

const repos: TestRepo[] = [];
afterAll(() => {
  for (const repo of repos) repo.remove();
});
const signal = new AbortController().signal;

function eventsInto(seen: string[], look: (document: RawDocument) => string): RangeEvents {
  return {
    document: (document) => void seen.push(look(document)),
    problem: ({ code }) => void seen.push(code),
    skipped: (reason) => void seen.push(reason),
  };
}

function repoOf(): TestRepo {
  const repo = makeRepo();
  repos.push(repo);
  return repo;
}

test('ranges of two stores, asked for at once, are answered in order by one reader', async () => {
  const [one, two] = [repoOf(), repoOf()];
  const contents = Array.from({ length: 40 }, (_, i) => `${'x'.repeat(i * 997)}${i}\n`);
  for (const repo of [one, two])
    repo.commit('all', Object.fromEntries(contents.map((text, i) => [`f${i}`, text])));
  const reader = new GitObjectReader();
  const sources = [await openGitSource(one.dir), await openGitSource(two.dir)];
  const oids = contents.map((text) => one.blobId(text));
  const reads = sources.flatMap((source) =>
    [0, 10, 20, 30].map(async (from) => {
      const seen: string[] = [];
      const part = oidsOfHex(oids.slice(from, from + 10), 20);
      const range = { type: 'git-objects' as const, store: source.store, oids: part };
      await reader.read(
        range,
        eventsInto(seen, ({ bytes }) => bytes.toString()),
        signal,
      );
      expect(seen).toEqual(contents.slice(from, from + 10));
    }),
  );
  await Promise.all(reads);
  await reader.close();
  for (const source of sources) source.close();
});

test('an object above the limit comes in overlapping parts', async () => {
  const repo = repoOf();
  const text = Array.from({ length: 5000 }, (_, i) => `${i}\n`).join('');
  repo.commit('big', { big: text });
  const source = await openGitSource(repo.dir);
  const reader = new GitObjectReader({ maxWholeBytes: 1000, partBytes: 4096, overlapBytes: 256 });
  const seen: string[] = [];
  const range = {
    type: 'git-objects' as const,
    store: source.store,
    oids: oidsOfHex([repo.blobId(text)], 20),
  };
  const owned = ({ bytes, segment }: RawDocument): string =>
    bytes.toString('latin1', segment?.ownedStart, segment?.ownedEnd);
  await reader.read(range, eventsInto(seen, owned), signal);
  expect(seen.length).toBeGreaterThan(5);
  expect(seen.join('')).toBe(text);
  await reader.close();
  source.close();
});

test('messages start behind the headers, pointers of git-lfs are counted', async () => {
  const repo = repoOf();
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`;
  const head = repo.commit('the subject\n\nbody', { pointer });
  const source = await openGitSource(repo.dir);
  const seen: string[] = [];
  const range = {
    type: 'git-objects' as const,
    store: source.store,
    oids: oidsOfHex([head, repo.blobId(pointer)], 20),
  };
  await readGitObjects(
    range,
    eventsInto(seen, ({ bytes, textStart }) => bytes.toString('utf8', textStart)),
    signal,
  );
  expect(seen).toEqual(['the subject\n\nbody\n', 'lfs-pointer', pointer]);
  source.close();
});

test('an aborted read and a handler that throws end the read', async () => {
  const repo = repoOf();
  const head = repo.commit('one');
  const source = await openGitSource(repo.dir);
  const range = { type: 'git-objects' as const, store: source.store, oids: oidsOfHex([head], 20) };
  const reader = new GitObjectReader();
  await expect(
    reader.read(
      range,
      eventsInto([], () => ''),
      AbortSignal.abort(),
    ),
  ).rejects.toThrow();
  const failing = eventsInto([], () => {
    throw new Error('handler');
  });
  await expect(reader.read(range, failing, signal)).rejects.toThrow('handler');
  const seen: string[] = [];
  await reader.read(
    range,
    eventsInto(seen, ({ ref }) => ref.type),
    signal,
  );
  expect(seen).toEqual(['git-object']);
  await reader.close();
  source.close();
});
