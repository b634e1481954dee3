import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolders } from '../../../src/cli/make-folders.js';
import { CliHome, cliEntry, scratch } from '../../support/scratch.js';

test('makes what is missing, closed to others, and leaves what is there', () => {
  const base = scratch();
  mkdirSync(join(base, 'open'), { mode: 0o755 });
  makeFolders(join(base, 'open', 'a', 'b'), 0o700);
  makeFolders(join(base, 'open', 'a', 'b'), 0o700);
  const modes = ['open', 'open/a', 'open/a/b'].map((name) => statSync(join(base, name)).mode & 0o777);
  expect(modes).toEqual([0o755, 0o700, 0o700]);
});

test.runIf(existsSync('/proc/self'))(
  'where the system makes no folder, scans and hooks end with one line',
  () => {
    const repository = join(scratch(), 'r');
    mkdirSync(repository);
    spawnSync('git', ['init', '-q', repository]);
    const env = { ...new CliHome().env, XDG_CACHE_HOME: '/proc/a/b' };
    const run = (args: readonly string[], more: Record<string, string>): [number | null, string] => {
      const { status, stderr } = spawnSync(process.execPath, [cliEntry, ...args], {
        cwd: repository,
        env: { ...env, ...more },
        encoding: 'utf8',
        timeout: 60_000,
      });
      return [status, stderr];
    };
    expect(run(['hook', 'run'], {})).toEqual([0, '']);
    const database = run(['scan', '.', '--allow-empty'], { XDG_DATA_HOME: '/proc/a' });
    expect(database).toEqual([2, expect.stringMatching(/for the database cannot be made \(ENOENT\)/)]);
    const key = run(['scan', '.', '--allow-empty'], { XDG_CONFIG_HOME: '/proc/a' });
    expect(key).toEqual([2, expect.stringMatching(/The key cannot be written to .* \(ENOENT\)/)]);
  },
);
