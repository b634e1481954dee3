import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isTracked } from '../../../src/cli/git-questions.js';
import { enclosingWorkTree } from '../../../src/cli/work-tree-guard.js';
import { fakeStore } from '../../support/fake-store.js';
import { GitFixture } from '../../support/git-fixture.js';
import { MainHome, mainKeys } from '../../support/run-main.js';
import { scratch } from '../../support/scratch.js';

describe('database and key in a work tree', () => {
  it('are refused by default, accepted when named, refused when git tracks them', async () => {
    const repo = new GitFixture(join(scratch(), 'repo'));
    const { store } = fakeStore({});
    const run = async (argv: readonly string[], env: Record<string, string> = {}): Promise<string> => {
      const home = new MainHome();
      const { status, stderr } = await home.runWith(store, argv, { env, services: { isTracked } });
      return status === 2 ? stderr : 'accepted';
    };
    const database = join(repo.path, 'inside.db');
    writeFileSync(database, '');
    expect(await run(['db', 'stats'], { XDG_DATA_HOME: repo.path })).toMatch(
      /would lie inside the work tree/,
    );
    expect(await run(['db', 'stats', '--db', database])).toBe('accepted');
    const keyFile = join(repo.path, 'my.key');
    writeFileSync(keyFile, `${'7'.repeat(64)}\n`);
    expect(await run(['key', 'id'], { XDG_CONFIG_HOME: repo.path })).toMatch(
      /There is no key|would lie inside/,
    );
    expect(await run(['key', 'id', '--key-file', keyFile])).toBe('accepted');
    repo.git('add', '-f', 'inside.db', 'my.key');
    expect(await run(['db', 'stats', '--db', database])).toMatch(/tracked by git/);
    expect(await run(['key', 'id', '--key-file', keyFile])).toMatch(/tracked by git/);
  });

  it('are found through links', () => {
    const folder = scratch();
    mkdirSync(join(folder, 'tree', '.git'), { recursive: true });
    symlinkSync(join(folder, 'tree'), join(folder, 'link'));
    expect(enclosingWorkTree(join(folder, 'link', 'new', 'sprawl.db'))).toBe(join(folder, 'tree'));
    expect(enclosingWorkTree(join(folder, 'sprawl.db'))).toBeUndefined();
  });
});

describe('key', () => {
  it('init makes one private key and no second by accident', async () => {
    const home = new MainHome();
    expect((await home.run(['key', 'init'])).status).toBe(2);
    const fresh = scratch();
    const env = { XDG_CONFIG_HOME: fresh };
    const { status, stdout } = await home.run(['key', 'init'], { env });
    expect(status).toBe(0);
    const path = join(fresh, 'sprawl', 'keys', stdout.trim());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(fresh, 'sprawl', 'keys')).mode & 0o777).toBe(0o700);
    expect((await home.run(['key', 'id'], { env })).stdout).toBe(stdout);
  });

  it('export and import carry it over', async () => {
    const home = new MainHome();
    const { stdout } = await home.run(['key', 'export']);
    const env = { XDG_CONFIG_HOME: scratch() };
    expect((await home.run(['key', 'import'], { env, input: stdout })).stdout.trim()).toBe(mainKeys.id);
    const refused = await home.run(['key', 'import'], { env, input: 'hunter2hunter2' });
    expect(refused.status).toBe(2);
    expect(refused.stderr).not.toContain('hunter2');
  });
});

describe('a missing database', () => {
  it('is one clear line', async () => {
    const { status, stderr } = await new MainHome().run(['list', '--db', '/nowhere/x.db']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: There is no database at \/nowhere\/x\.db\.\nhint: /);
  });
});

describe('doctor', () => {
  it('names what is wrong and exits 1', async () => {
    const { status, stdout } = await new MainHome().run(['doctor']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^ok\s+node/m);
    expect(stdout).toMatch(/^ok\s+git/m);
    expect(stdout).toMatch(/^fault\s+sqlite/m);
    expect(stdout).toMatch(/^ok\s+key/m);
  });
});
