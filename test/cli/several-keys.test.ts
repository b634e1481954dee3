/** With several keys, each database is read with the one that it names. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { CliHome, scratch } from '../support/scratch.js';

test('readers and later scans pick the key that the database names', () => {
  const folder = scratch();
  mkdirSync(join(folder, 'share'));
  const value = fakeSecret('github-pat-classic', 'keys');
  writeFileSync(join(folder, 'share', 'a.txt'), `${value}\n`);
  const home = new CliHome(folder);
  expect(home.run(['scan', join(folder, 'share')]).status).toBe(1);
  const keys = join(home.home, 'config', 'sprawl', 'keys');
  for (let i = 0; i < 3; i++) {
    const other = new CliHome(join(folder, `other-${i}`));
    const made = other.run(['key', 'init']);
    expect(made.status, made.stderr).toBe(0);
    const [{ id, text } = { id: '', text: '' }] = keyFiles(join(other.home, 'config', 'sprawl', 'keys'));
    writeFileSync(join(keys, id), text, { mode: 0o600 });
  }
  expect(home.run(['list']).status).toBe(1);
  expect(home.run(['report']).stdout).toContain('a.txt');
  expect(home.run(['where', '-'], { input: value }).status).toBe(1);
  expect(home.run(['scan', join(folder, 'share')]).status).toBe(1);
});

function keyFiles(folder: string): { readonly id: string; readonly text: string }[] {
  return readdirSync(folder).map((id) => ({ id, text: readFileSync(join(folder, id), 'utf8') }));
}
