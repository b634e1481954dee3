/** Attribution against plain git on random histories: ls-tree says what every commit holds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GitBlobAppearance } from '../../src/model/appearance.js';
import { makeRepo, type TestRepo } from '../support/make-repo.js';
import { readAll } from '../unit/sources/git/read-all.js';

const paths = ['a', 'd/a', 'd/b', 'd/e/a', 'f'];
const contents = ['needle 1\n', 'needle 2\n', 'needle 3\n', 'plain\n'];

/** One commit: parents as distances back in the list, and the whole tree. */
const step = fc.record({
  parents: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
  files: fc.dictionary(fc.constantFrom(...paths), fc.constantFrom(...contents)),
});

/** Writes the history with plumbing: a fast-import stream, one process. */
function build(
  repo: TestRepo,
  steps: readonly { parents: readonly number[]; files: Record<string, string> }[],
): void {
  const parts: string[] = [];
  steps.forEach(({ parents, files }, i) => {
    const date = 1_704_067_200 + 60 * i;
    const from = [...new Set(parents.map((back) => i - back))].filter((at) => at >= 0);
    parts.push('commit refs/heads/scratch\n', `mark :${i + 1}\n`);
    parts.push(
      `author A <a@example.com> ${date} +0000\n`,
      `committer A <a@example.com> ${date} +0000\n`,
      'data 1\nx\n',
    );
    // Without `from` the branch's last commit would be the parent: each commit starts on a fresh branch name.
    from.forEach((at, n) => {
      parts.push(`${n === 0 ? 'from' : 'merge'} :${at + 1}\n`);
    });
    parts.push('deleteall\n');
    for (const [path, content] of Object.entries(files)) {
      parts.push(`M 100644 inline ${path}\n`, `data ${content.length}\n${content}\n`);
    }
    parts.push(`reset refs/keep/${i}\n`, `from :${i + 1}\n`, 'reset refs/heads/scratch\n\n');
  });
  const last = steps.length;
  parts.push('reset refs/heads/main\n', `from :${last}\n`);
  repo.gitWith({ input: parts.join('') }, 'fast-import', '--quiet', '--force');
}

interface Commit {
  readonly id: string;
  readonly parents: readonly string[];
  readonly files: ReadonlySet<string>;
}

/** Everything by plain git, parents before children. */
function oracle(repo: TestRepo): readonly Commit[] {
  const lines = repo.git('rev-list', '--all', '--parents', '--date-order', '--reverse').split('\n');
  return lines.map((line) => {
    const [id = '', ...parents] = line.split(' ');
    const listing = repo.git('ls-tree', '-r', id).split('\n');
    const files = new Set(
      listing.filter((entry) => entry !== '').map((entry) => entry.replace(/^\d+ blob /, '')),
    );
    return { id, parents, files };
  });
}

test('introduced, removed and tips are what plain git says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 9 }), async (steps) => {
      const repo = makeRepo();
      try {
        build(repo, steps);
        // Some commits stay reachable only through main; the others through their keep refs.
        const commits = oracle(repo);
        const byId = new Map(commits.map((commit) => [commit.id, commit]));
        const holds = (id: string, entry: string): boolean => byId.get(id)?.files.has(entry) ?? false;
        // Packs and loose objects are read by different readers.
        if (steps.length % 2 === 0) repo.git('repack', '-adq');
        const result = await readAll(repo.dir, {}, (text) => text.startsWith('needle'));
        expect(result.problems).toEqual([]);
        const found = new Map<string, GitBlobAppearance>();
        for (const [oid, list] of result.appearances) {
          for (const one of list) {
            if (one.type === 'git-blob') found.set(`${oid}\t${one.path?.text}`, one);
          }
        }
        const refs = repo.git('for-each-ref', '--format=%(objectname) %(refname)').split('\n');
        const entries = new Set(commits.flatMap(({ files }) => [...files]));
        const plain = repo.blobId('plain\n');
        const expected = [...entries].filter((entry) => !entry.startsWith(plain));
        expect([...found.keys()].sort()).toEqual(expected.sort());
        for (const entry of expected) {
          const one = found.get(entry);
          const introducing = commits.filter(
            ({ id, parents }) => holds(id, entry) && !parents.some((parent) => holds(parent, entry)),
          );
          expect(introducing.map(({ id }) => id)).toContain(one?.introduced?.id);
          expect(one?.introduced?.id).toBe(introducing[0]?.id);
          const tips = refs
            .filter((line) => holds(line.split(' ')[0] ?? '', entry))
            .map((line) => line.split(' ')[1]);
          expect([one?.refs, one?.refCount]).toEqual([tips.slice(0, 20), tips.length]);
          const removing = commits.filter(
            ({ id, parents }) =>
              !holds(id, entry) && parents.length > 0 && parents.every((parent) => holds(parent, entry)),
          );
          expect(one?.removed?.id).toBe(tips.length > 0 ? undefined : removing.at(-1)?.id);
        }
        result.source.close();
      } finally {
        repo.remove();
      }
    }),
    { numRuns: 25 },
  );
});

test('a deleted branch tip leaves removals to be found', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 9 }), async (steps) => {
      const repo = makeRepo();
      try {
        build(repo, steps);
        for (const ref of repo.git('for-each-ref', '--format=%(refname)', 'refs/keep').split('\n')) {
          repo.git('update-ref', '-d', ref);
        }
        const commits = oracle(repo);
        const byId = new Map(commits.map((commit) => [commit.id, commit]));
        const holds = (id: string, entry: string): boolean => byId.get(id)?.files.has(entry) ?? false;
        // Packs and loose objects are read by different readers.
        if (steps.length % 2 === 0) repo.git('repack', '-adq');
        const result = await readAll(repo.dir, {}, (text) => text.startsWith('needle'));
        const head = repo.git('rev-parse', 'refs/heads/main');
        for (const [oid, list] of result.appearances) {
          for (const one of list) {
            if (one.type !== 'git-blob' || one.locationKind === 'git-unreachable') continue;
            const entry = `${oid}\t${one.path?.text}`;
            const removing = commits.filter(
              ({ id, parents }) =>
                !holds(id, entry) && parents.length > 0 && parents.every((parent) => holds(parent, entry)),
            );
            expect(one.locationKind).toBe(holds(head, entry) ? 'git-head' : 'git-history');
            expect(one.removed?.id).toBe(holds(head, entry) ? undefined : removing.at(-1)?.id);
          }
        }
        result.source.close();
      } finally {
        repo.remove();
      }
    }),
    { numRuns: 25 },
  );
});
