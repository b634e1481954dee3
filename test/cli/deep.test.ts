/** Values that the sweep index leaves out are found by reading the sources again. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

/** Too short for the index, with characters that each escape writes differently. */
const value = 'p"w&1';

function estate(folder: string): { readonly home: CliHome; readonly repo: string; readonly share: string } {
  const repo = new GitFixture(join(folder, 'repo'));
  repo.commit(`the code is ${value} today`, { 'plain.txt': `use ${value} there\n` });
  repo.commit('b', { 'plain.txt': 'gone\n', 'a.json': `${JSON.stringify({ x: value })}\n` });
  repo.commit('c', {
    'u.txt': `https://x.example.org/?q=${encodeURIComponent(value)}\n`,
    'w.txt': `a${value.replace('&', '&amp;')}\n`,
  });
  const share = join(folder, 'share');
  mkdirSync(share);
  writeFileSync(join(share, 'b64.txt'), `v: ${Buffer.from(value).toString('base64')}\n`);
  writeFileSync(join(share, 'x.xml'), '<a>p&quot;w&amp;1</a>\n');
  writeFileSync(join(share, 'longer.txt'), `${value}23 and x${value}\n`);
  const home = new CliHome(folder);
  home.run(['scan', repo.path, share]);
  return { home, repo: repo.path, share };
}

test('where --deep reads every known root again, in every spelling', () => {
  const folder = scratch();
  const { home, share } = estate(folder);
  expect(home.run(['where', '-'], { input: value }).status).toBe(3);
  const records = home.json(['where', '-', '--deep'], { input: value });
  const copies = records.filter((record) => record['type'] === 'finding');
  expect(
    copies.map(({ path, locationKind, spelling }) => `${locationKind} ${path} ${spelling}`).sort(),
  ).toEqual([
    'git-commit-message  plain',
    'git-head a.json json-escaped',
    'git-head u.txt percent',
    'git-history plain.txt plain',
    'loose-file b64.txt base64',
    'loose-file x.xml xml-escaped',
  ]);
  expect(records.at(-1)).toMatchObject({ ground: 'by value', notRecorded: false, deep: { gone: 0 } });
  const missing = home.run(['where', '-', '--deep'], { input: 'q"w&1' });
  expect(missing.status, missing.stdout).toBe(0);
  expect(missing.stdout).toContain('Not found by value; 3 roots were read again');
  // What is gone cannot be vouched for.
  rmSync(share, { recursive: true });
  const gone = home.run(['where', '-', '--deep'], { input: 'q"w&1' });
  expect(gone.status).toBe(3);
  expect(gone.stdout).toContain('1 root is gone');
  expect(home.run(['where', '-', '--deep', '--id', 'x'], { input: value }).status).toBe(2);
});

test('scan --known takes values that the index leaves out', () => {
  const folder = scratch();
  const { home, repo, share } = estate(folder);
  const scan = home.run(['scan', repo, share, '--known', '-'], { input: `${value}\nabc\n` });
  expect(scan.stderr).toContain('shorter than 4 bytes');
  const paths = home
    .json(['where', '-'], { input: value })
    .filter((record) => record['type'] === 'finding')
    .map((record) => record['path']);
  expect(new Set(paths)).toEqual(new Set(['', 'a.json', 'u.txt', 'plain.txt', 'b64.txt', 'x.xml']));
  expect(home.allBytes().includes(value)).toBe(false);
});
