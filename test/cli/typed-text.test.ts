/** What people type (reasons, globs, names of their folders) may hold a value: none of it is kept or shown. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, type CliResult, scratch } from '../support/scratch.js';

const value = fakeSecret('gitlab-pat', 'typed');

test('a reason that holds a value is refused, a glob keeps a mark instead, and still matches', () => {
  const home = new CliHome();
  const folder = join(scratch(), 'share');
  mkdirSync(join(folder, value), { recursive: true });
  writeFileSync(join(folder, value, 'a.env'), `KEY=${fakeSecret('github-pat', 'typed')}\n`);
  expect(home.run(['scan', folder]).status).toBe(1);
  const allow = (...args: string[]): CliResult => home.run(['allow', ...args]);
  const refused = allow('*.env', '--reason', `it is ${value}`);
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('--reason holds a secret')]);
  const written = home.run(['baseline', 'write', folder, '--reason', `it is ${value}`]);
  expect([written.status, written.stderr]).toEqual([2, expect.stringContaining('--reason holds a secret')]);

  const allowed = allow(`${value}/**`, '--reason', 'samples');
  expect([allowed.status, allowed.stderr]).toEqual([
    0,
    expect.stringMatching(/^Allowed path ‹secret [0-9a-f]{12}›\/\*\*\.$/m),
  ]);
  const [github] = home.json(['list', '--all']).filter(({ kind }) => kind === 'github-pat-classic');
  expect(github).toMatchObject({ status: 'allowed' });
  expect(home.allBytes().includes(value)).toBe(false);
});

test('a folder whose name is a value is named by a mark in every answer', () => {
  const home = new CliHome();
  const above = join(scratch(), value);
  mkdirSync(above);
  const repository = new GitFixture(join(above, 'repo'));
  repository.commit('first', { 'a.txt': 'nothing\n' });
  const bad = join(above, 'bad.yaml');
  writeFileSync(bad, '[');
  const cwd = repository.path;
  const database = ['--db', join(above, 'x.db')];
  const calls: readonly (readonly string[])[] = [
    ['baseline', 'write'],
    ['baseline', 'check'],
    ['baseline', 'prune'],
    ['hook', 'install'],
    ['hook', 'status'],
    ['hook', 'status', '--json'],
    [...database, 'scan'],
    [...database, 'db', 'stats'],
    [...database, 'db', 'stats', '--json'],
    ['inventory', 'check', bad],
    ['inventory', 'check', bad, '--json'],
    ['policy', 'check', bad],
    ['rules', 'check', bad],
    ['log', 'export', join(above, 'log')],
    ['--key-file', join(above, 'key'), 'key', 'init'],
  ];
  const outputs = calls.map((args) => {
    const { stdout, stderr } = home.run(args, { cwd });
    return `${args.join(' ')}\n${stdout}${stderr}`.replaceAll(args.join(' '), '');
  });
  expect(outputs.filter((text) => text.includes(value))).toEqual([]);
  expect(outputs.filter((text) => text.includes('unexpectedly'))).toEqual([]);
});

test('a target that cannot be opened keeps no known value in the names of the others', () => {
  const home = new CliHome();
  const folder = scratch();
  // Known from a file; as part of a longer word no rule sees it.
  writeFileSync(join(folder, 'a.env'), `TOKEN=${value}\n`);
  expect(home.run(['scan', join(folder, 'a.env')]).status).toBe(1);
  const named = join(folder, `old-${value}`);
  mkdirSync(named);
  writeFileSync(join(named, 'b.env'), `KEY=${fakeSecret('github-pat', 'beside')}\n`);
  const run = home.run(['scan', named, join(folder, `gone-${value}`)]);
  expect(run.stdout + run.stderr).not.toContain(value);
  expect(run.stderr).toMatch(/gone-‹secret [0-9a-f]{12}›: not found/);
  expect(run.stdout).toMatch(/old-‹secret [0-9a-f]{12}›/);
  expect(home.allBytes().includes(value)).toBe(false);
});
