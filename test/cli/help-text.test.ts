/** What help and lists say to people, through the real command line. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { CliHome, scratch } from '../support/scratch.js';

const width = 80;

test('no line of a description ends before the next word would have left the width', () => {
  const home = new CliHome(scratch());
  for (const command of ['prove', 'ingest', 'scan', 'list']) {
    const help = home.run([command, '--help']).stdout;
    const [, description = ''] = /^Usage:.*\n\n([\s\S]*?)\n\n(?:Arguments|Options):/.exec(help) ?? [];
    expect(description, command).not.toBe('');
    for (const paragraph of description.split('\n\n')) {
      const lines = paragraph.split('\n');
      for (const [i, line] of lines.slice(0, -1).entries()) {
        const [word = ''] = (lines[i + 1] ?? '').split(' ');
        expect(line.length + 1 + word.length, `${command}: ${line}`).toBeGreaterThan(width);
      }
    }
  }
});

test('a list that is empty because of its filters says that there are others', () => {
  const folder = scratch();
  const home = new CliHome(folder);
  mkdirSync(join(folder, 'app'));
  writeFileSync(join(folder, 'app', '.env'), `TOKEN=${fakeSecret('github-pat', 'list')}\n`);
  expect(home.run(['list']).stderr).not.toContain('did not fit');
  home.run(['scan', join(folder, 'app')]);
  expect(home.run(['list', '--min-places', '2']).stderr).toContain(
    '0 secrets in 1 place read. 1 other did not fit: "sprawl list --all" without filters shows all.',
  );
  expect(home.run(['list']).stderr).toContain('1 secret in 1 place read.\n');
});
