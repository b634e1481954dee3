/** Many small repositories in one run: they are listed side by side and read by one thread. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

test('every repository of a folder is read whole, none is mistaken for another', () => {
  const folder = scratch();
  const count = 24;
  for (let i = 0; i < count; i++) {
    const repo = new GitFixture(join(folder, 'all', `repo-${i}`));
    repo.commit('first', {
      'a.txt': `hello ${i}\n`,
      [`token-${i}.txt`]: `${fakeSecret('github-pat-classic', `estate ${i}`)}\n`,
    });
  }
  const home = new CliHome(folder);
  const lines = home.json(['scan', join(folder, 'all')]);
  expect(lines.at(-1)).toMatchObject({ type: 'receipt', gaps: {}, complete: true });
  const findings = lines.filter((line) => line['type'] === 'finding');
  expect(new Set(findings.map((line) => line['path']))).toEqual(
    new Set(Array.from({ length: count }, (_, i) => `token-${i}.txt`)),
  );
  expect(new Set(findings.map((line) => line['fingerprint'])).size).toBe(count);
});
