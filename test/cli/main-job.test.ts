/** The main job through the built command line: scan, list, where, report, hook, exit codes. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportFormats } from '../../src/report/formats.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

/** Made at run time: strong, with letters and digits, and no real token. */
const password = ['Xk9vQ2rT', '7wLpZs4m'].join('');
const connection = `postgres://app:${password}@db.internal/prod`;

function planted(): { readonly home: CliHome; readonly repo: GitFixture; readonly folder: string } {
  const folder = scratch();
  const repo = new GitFixture(join(folder, 'repo'));
  repo.commit('add configuration', {
    'conf/app.env': `DATABASE_URL=${connection}\n`,
    'README.md': 'hello\n',
  });
  repo.git('rm', '-q', 'conf/app.env');
  repo.commit('remove configuration');
  writeFileSync(join(folder, 'chat.txt'), `try ${password} please\n`);
  return { home: new CliHome(folder), repo, folder };
}

describe('the main job', () => {
  it('finds a secret in history and its bare copy elsewhere', () => {
    const { home, repo, folder } = planted();
    const scan = home.run(['scan', repo.path]);
    expect(scan.status, scan.stderr).toBe(1);
    expect(scan.stdout).toContain('conf/app.env:1:');
    expect(scan.stdout).toContain('only in history');
    const second = home.run(['scan', join(folder, 'chat.txt')]);
    expect(second.stderr).toContain('Read 1 document');
    const where = home.run(['where', '-'], { input: password });
    expect(where.status).toBe(1);
    expect(where.stdout).toContain('conf/app.env');
    expect(where.stdout).toContain('chat.txt:1:5');
    const records = home.json(['report']);
    expect(records.at(0)).toMatchObject({ type: 'begin', format: 1 });
    expect(records.at(-1)).toMatchObject({ type: 'receipt' });
  });

  it('writes the value into no byte of any file or output', () => {
    const { home, repo } = planted();
    const text = reportFormats.map((format) => {
      const { stdout, stderr } = home.run(['scan', repo.path, '--format', format]);
      return stdout + stderr;
    });
    const where = home.run(['where', '-', '-vv'], { input: password });
    const all = Buffer.concat([
      home.allBytes(),
      Buffer.from(text.join('')),
      Buffer.from(where.stdout + where.stderr),
    ]);
    for (const form of [
      password,
      Buffer.from(password).toString('base64'),
      Buffer.from(password).toString('hex'),
      encodeURIComponent(connection),
    ]) {
      expect(all.includes(form)).toBe(false);
    }
  });

  it('keeps database and key private', () => {
    const { home, repo } = planted();
    home.run(['scan', repo.path]);
    expect(statSync(join(home.home, 'data', 'sprawl', 'sprawl.db')).mode & 0o777).toBe(0o600);
    expect(home.run(['doctor']).status).toBe(0);
  });

  it('--no-store leaves nothing behind', () => {
    const { home, repo } = planted();
    expect(home.run(['scan', repo.path, '--no-store']).status).toBe(1);
    expect(existsSync(join(home.home, 'data'))).toBe(false);
    expect(existsSync(join(home.home, 'config'))).toBe(false);
  });
});

describe('exit codes', () => {
  it('follow the table', () => {
    const { home, repo, folder } = planted();
    const clean = new GitFixture(join(folder, 'clean'));
    clean.commit('nothing', { 'a.txt': 'hello\n' });
    expect(home.run(['scan', clean.path]).status).toBe(0);
    expect(home.run(['scan', clean.path]).status).toBe(0);
    expect(home.run(['scan', repo.path, '--exit-zero']).status).toBe(0);
    expect(home.run(['scan', join(folder, 'missing')]).status).toBe(2);
    writeFileSync(join(folder, 'broken.zip'), Buffer.from('PK\x03\x04 broken', 'latin1'));
    expect(home.run(['scan', clean.path, join(folder, 'broken.zip')]).status).toBe(3);
    home.run(['allow', '--gap', 'broken-archive', '--reason', 'test']);
    expect(home.run(['scan', clean.path, join(folder, 'broken.zip')]).status).toBe(0);
    expect(home.run(['where', '-'], { input: 'never9seen8before7' }).status).toBe(0);
    expect(home.run(['where', '-'], { input: 'no' }).status).toBe(3);
    expect(home.run(['lst']).status).toBe(2);
  });
});

describe('hook', () => {
  it('stops git commit until the line is marked', () => {
    const { home, repo } = planted();
    expect(home.run(['hook', 'install'], { cwd: repo.path }).status).toBe(0);
    repo.write('new.env', `DATABASE_URL=${connection}\n`);
    repo.git('add', '-A');
    expect(() => repo.git('commit', '-q', '-m', 'leak')).toThrow(/this commit would add 1 secret/);
    repo.write('new.env', `DATABASE_URL=${connection} # sprawl:allow\n`);
    repo.git('add', '-A');
    repo.git('commit', '-q', '-m', 'marked');
    expect(home.run(['hook', 'uninstall'], { cwd: repo.path }).status).toBe(0);
  });
});
