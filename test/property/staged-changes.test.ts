/** What is staged, read from the index file and the trees, against `git diff-index`. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IndexView } from '../../src/sources/git/index-view.js';
import { stagedChanges } from '../../src/sources/git/staged-changes.js';
import { GitFixture } from '../support/git-fixture.js';
import { scratch } from '../support/scratch.js';

/** `a`, `a.b` and `a/…` sort otherwise as names than as paths, and one may take another's place. */
const paths = ['a', 'a.b', 'a/x', 'a/y/z', 'a0', 'b/c', 'b/c.d', 'b/c/e', 'ü', 'long/'.repeat(30) + 'f'];
const blobIds = ['1', '2', '3'].map((digit) => digit.repeat(40));
const modes = ['100644', '100755', '120000', '160000'];

type Files = ReadonlyMap<string, string>;

/** A file set that git can hold: no path is a folder of another. */
const files = fc
  .array(fc.tuple(fc.constantFrom(...paths), fc.constantFrom(...modes), fc.constantFrom(...blobIds)), {
    maxLength: 8,
  })
  .map((list): Files => {
    const kept = new Map<string, string>();
    for (const [path, mode, oid] of list) {
      const clashes = [...kept.keys()].some(
        (other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`),
      );
      if (!clashes) kept.set(path, `${mode} ${oid}`);
    }
    return kept;
  });

function stage(repository: GitFixture, staged: Files, removed: Iterable<string>): void {
  const lines = [
    ...[...removed].map((path) => `0 ${'0'.repeat(40)}\t${path}\0`),
    ...[...staged].map(([path, entry]) => `${entry}\t${path}\0`),
  ];
  execFileSync('git', ['update-index', '-z', '--index-info'], {
    cwd: repository.path,
    input: lines.join(''),
  });
}

function byGit(repository: GitFixture, tree: string): Record<'entries' | 'replaced', string[]> {
  const output = repository.git('diff-index', '--cached', '--raw', '-z', '--no-renames', '--no-abbrev', tree);
  const entries: string[] = [];
  const replaced: string[] = [];
  const fields = output.split('\0');
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [oldMode = '', mode, oldOid = '', oid = '', status] = (fields[i] ?? '').split(' ');
    if (status !== 'D' && mode !== '160000') entries.push(`${oid} ${fields[i + 1]}`);
    if (status !== 'A' && oldMode !== ':160000') replaced.push(`${oldOid} ${fields[i + 1]}`);
  }
  return { entries: entries.sort(), replaced: replaced.sort() };
}

test('is what git says, whatever the index remembers of its folders', { timeout: 60_000 }, () => {
  const repository = new GitFixture(join(scratch(), 'r'));
  // Ids of no object, so that a tree that git writes names nothing it has to find.
  const writeTree = (): string => repository.git('write-tree', '--missing-ok');
  fc.assert(
    fc.property(files, files, fc.subarray(paths), fc.boolean(), (before, after, removed, forgets) => {
      repository.git('read-tree', '--empty');
      stage(repository, before, []);
      const tree = writeTree();
      // An index without the extension: every folder is compared.
      if (forgets) {
        repository.git('read-tree', '--empty');
        stage(repository, before, []);
      }
      const changed = [...after].filter(
        ([path]) =>
          ![...before.keys()].some((other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`)),
      );
      stage(
        repository,
        new Map(changed),
        removed.filter((path) => before.has(path)),
      );
      const index = IndexView.open(readFileSync(join(repository.path, '.git', 'index')), 'sha1');
      const changes =
        index &&
        stagedChanges(index, tree, 20, (oid) =>
          execFileSync('git', ['cat-file', 'tree', oid], { cwd: repository.path }),
        );
      expect({
        entries: changes?.entries.map(({ oid, path }) => `${oid} ${path.toString('utf8')}`).sort(),
        replaced: changes?.replaced.map(({ oid, path }) => `${oid} ${path.toString('utf8')}`).sort(),
      }).toEqual(byGit(repository, tree));
    }),
    { numRuns: 60 },
  );
});
