/** Reports of other scanners become secrets and copies as if scanned, and are told once when a scan has them too. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import {
  detectSecretsBaseline,
  ggshieldReport,
  gitleaksFinding,
  kingfisherMatch,
  noseyParkerFinding,
  type Reported,
  sarifReport,
  secretlintFile,
  trufflehogLine,
} from '../support/scanner-reports.js';
import { CliHome, scratch } from '../support/scratch.js';

const token = fakeSecret('github-pat-classic', 'reports');
const password = fakeSecret('generic-secret-code', 'reports-url');
const odd = 'Rue-des-Lilas.Marronnier7';
const url = 'https://github.com/acme/api';

interface Estate {
  readonly home: CliHome;
  readonly folder: string;
  readonly repo: GitFixture;
  readonly commit: string;
  write(name: string, content: unknown): string;
  locations(kind?: string): readonly Record<string, unknown>[];
}

/** A repository with a token, a URL with a password, and a value that no rule knows. */
function estate(): Estate {
  const folder = scratch();
  const repo = new GitFixture(join(folder, 'api'));
  repo.git('remote', 'add', 'origin', 'git@github.com:acme/api.git');
  const commit = repo.commit('add', {
    'src/a.env': `\n\nKEY=${token}\n`,
    'db.txt': `postgres://ledger:${password}@db.acme.example/ledger\n`,
    'note.md': `the door opens for ${odd}\n`,
  });
  const home = new CliHome(folder);
  const write = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const locations = (): readonly Record<string, unknown>[] =>
    home.json(['report']).filter(({ type }) => type === 'finding');
  return { home, folder, repo, commit, write, locations };
}

function found(commit?: string): Reported {
  return {
    value: token,
    path: 'src/a.env',
    line: 3,
    text: `KEY=${token}`,
    ...(commit === undefined ? {} : { commit }),
  };
}

describe('a report', () => {
  test('of each tool gives the copy that a scan gives, and both are one', () => {
    const forms: readonly (readonly [name: string, content: (commit: string) => unknown])[] = [
      ['gitleaks.json', (commit) => [gitleaksFinding(found(commit))]],
      ['trufflehog.jsonl', (commit) => trufflehogLine(found(commit), url)],
      ['kingfisher.json', (commit) => [kingfisherMatch(found(commit), url)]],
      ['np.json', (commit) => [noseyParkerFinding(found(commit), url)]],
      ['ggshield.json', (commit) => ggshieldReport(found(commit))],
      ['gitleaks.sarif', (commit) => sarifReport('gitleaks', { ...found(commit), text: token })],
      ['other.sarif', () => sarifReport('other', found())],
      ['secretlint.json', () => [secretlintFile(found())]],
    ];
    const { home, repo, commit, write, locations } = estate();
    const files = forms.map(([name, content]) => write(name, content(commit)));
    for (const file of files) {
      const run = home.run(['ingest', file, '--of', url]);
      expect(run.status, `${file}: ${run.stderr}`).toBe(0);
    }
    const reported = locations();
    expect(new Set(reported.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    // One copy in the commit and one in the file: a report does not say that they are the same version.
    expect(reported.map(({ locationKind }) => locationKind).sort()).toEqual(['git-history', 'loose-file']);
    for (const copy of reported) {
      expect(copy).toMatchObject({
        kind: 'github-pat-classic',
        place: 'git:github.com/acme/api',
        path: 'src/a.env',
        line: 3,
      });
      expect(copy['confidence']).not.toBe('low');
    }
    expect(reported[0]).toMatchObject({ commit, author: 'Ana Writer' });

    home.run(['scan', repo.path]);
    const scanned = locations().filter(({ kind }) => kind === 'github-pat-classic');
    expect(scanned).toHaveLength(1);
    expect(scanned[0]).toMatchObject({
      locationKind: 'git-head',
      commit,
      fingerprint: reported[0]?.['fingerprint'],
    });
    expect(scanned[0]?.['committerDate']).toContain('+01:00');
    const shown = home.run(['show', String(scanned[0]?.['fingerprint'])]).stdout;
    for (const tool of [
      'gitleaks',
      'trufflehog',
      'kingfisher',
      'nosey-parker',
      'ggshield',
      'other',
      'secretlint',
    ])
      expect(shown).toContain(`${tool}: `);

    for (const [i, file] of files.entries()) {
      const [, record] = home.json(['ingest', file, '--of', repo.path]);
      expect(record, forms[i]?.[0]).toMatchObject({
        type: 'report',
        read: 1,
        linked: 1,
        added: 0,
        copies: 0,
        secrets: 0,
      });
    }
    expect(locations().filter(({ kind }) => kind === 'github-pat-classic')).toHaveLength(1);
    expect(home.run(['db', 'check']).status).toBe(0);
  });

  test('of a value that only the tool knows: the next scan finds its bare copies', () => {
    const { home, repo, commit, write, locations } = estate();
    const value = 'x9Q-kk2Vr7Lw4ZtB8mN3';
    repo.commit('bare', { 'other.md': `(${value})\n` });
    home.run(['scan', repo.path]);
    const before = locations().length;
    const line = { value, path: 'gone.txt', line: 1, commit };
    const [, record] = home.json(['ingest', write('g.json', [gitleaksFinding(line)]), '--of', repo.path]);
    expect(record).toMatchObject({ read: 1, linked: 0, added: 1, secrets: 1 });
    expect(locations()).toHaveLength(before + 1);
    home.run(['scan', repo.path]);
    const copies = locations().filter(({ path }) => path === 'gone.txt' || path === 'other.md');
    expect(copies.map(({ path }) => path).sort()).toEqual(['gone.txt', 'other.md']);
    expect(new Set(copies.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    // Nothing of ours has read the copy that only the report tells of.
    expect(home.run(['verify', String(copies[0]?.['fingerprint'])]).stdout).toContain('gone.txt');

    const taken = home.run(['inventory', 'remove', 'g.json']);
    expect(taken.status, taken.stderr).toBe(0);
    expect(locations().map(({ path }) => path)).not.toContain('gone.txt');
    expect(home.run(['inventory', 'remove', 'g.json']).status).toBe(2);
    expect(home.run(['db', 'check']).status).toBe(0);
  });

  test('has the identity that detection gives: the password of a URL, not the URL', () => {
    const { home, repo, commit, write, locations } = estate();
    const value = `postgres://ledger:${password}@db.acme.example/ledger`;
    home.run(['ingest', write('t.jsonl', trufflehogLine({ value, path: 'db.txt', line: 1, commit }, url))]);
    const [reported] = locations();
    home.run(['scan', repo.path]);
    const [scanned] = locations().filter(({ path }) => path === 'db.txt');
    expect(reported?.['fingerprint']).toBe(scanned?.['fingerprint']);
    expect(locations().filter(({ path }) => path === 'db.txt')).toHaveLength(1);
  });

  test('without values is tied by digest or by spot, and else told as not tied', () => {
    const { home, repo, commit, write } = estate();
    home.run(['scan', repo.path]);
    const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
    const one = (name: string, content: unknown): Record<string, unknown> | undefined =>
      home.json(['ingest', write(name, content), '--of', repo.path])[1];
    const hashed = detectSecretsBaseline('src/a.env', 3, sha1(token));
    expect(one('a.json', hashed)).toMatchObject({ linked: 1, unlinkable: {} });
    // A known value in a file that nobody has read.
    expect(one('b.json', detectSecretsBaseline('gone.env', 3, sha1(token)))).toMatchObject({
      added: 1,
      secrets: 0,
    });
    expect(one('c.json', detectSecretsBaseline('src/a.env', 3, sha1('else')))).toMatchObject({
      unlinkable: { hashed: 1 },
    });
    const masked = { ...found(commit), value: 'REDACTED' };
    expect(one('d.json', [gitleaksFinding(masked)])).toMatchObject({ linked: 1, unlinkable: {} });
    expect(one('e.json', [gitleaksFinding({ ...masked, line: 1 })])).toMatchObject({
      unlinkable: { redacted: 1 },
    });
    expect(one('f.json', [gitleaksFinding({ ...masked, commit: 'ab'.repeat(20) })])).toMatchObject({
      unlinkable: { redacted: 1 },
    });
  });

  test('that does not say where it is from is refused; paths of another machine are cut', () => {
    const { home, write, locations } = estate();
    const text = [secretlintFile({ ...found(), path: '/builds/acme/api/src/a.env' })];
    const file = write('s.json', text);
    for (const more of [[], ['--of', url]]) {
      const run = home.run(['ingest', file, ...more]);
      expect(run.status).toBe(2);
      expect(run.stderr).toContain(more.length === 0 ? '--of' : '--strip');
    }
    expect(home.run(['ingest', file, '--of', url, '--strip', '/builds/acme/api']).status).toBe(0);
    expect(locations()).toMatchObject([{ path: 'src/a.env', place: 'git:github.com/acme/api' }]);
  });

  test('of a folder here is about that folder, and of a repository that lies here about that', () => {
    const { home, folder, repo, write, locations } = estate();
    mkdirSync(join(folder, 'share'));
    writeFileSync(join(folder, 'share', 'x.txt'), `KEY=${token}\n`);
    const inShare = { ...found(), path: 'x.txt', line: 1 };
    home.run(['ingest', write('g.json', [gitleaksFinding(inShare)]), '--of', join(folder, 'share')]);
    home.run([
      'ingest',
      write('s.json', [secretlintFile({ ...found(), path: join(repo.path, 'src/a.env') })]),
    ]);
    const before = locations().map(({ place, path }) => `${place} ${path}`);
    expect(before.sort()).toEqual([
      `folder:${join(folder, 'share')} x.txt`,
      'git:github.com/acme/api src/a.env',
    ]);
    home.run(['scan', join(folder, 'share'), repo.path]);
    const after = locations().filter(({ kind }) => kind === 'github-pat-classic');
    expect(after.map(({ place, path }) => `${place} ${path}`).sort()).toEqual(before.sort());
  });

  test('with faults gives the findings that have none, tells the others, and exits with 3', () => {
    const { home, commit, write } = estate();
    const good = trufflehogLine(found(commit), url);
    const bad = trufflehogLine(found(commit), url, { Verified: token });
    const file = write('t.jsonl', `${good}\n${good.slice(0, 100)}\n${bad}\n`);
    const run = home.run(['ingest', file]);
    expect(run.status).toBe(3);
    expect(run.stdout).toContain('line 2: is not JSON');
    expect(run.stdout).toContain('line 3, Verified: must be true or false');
    expect(run.stderr).toContain('1 finding: 0 known already, 1 new copy');
    const [, record, ...faults] = home.json(['ingest', file]);
    expect(record).toMatchObject({ tool: 'TruffleHog', read: 1, linked: 1, faults: 2 });
    expect(faults).toMatchObject([{ type: 'reportFault', where: 'line 2' }, { where: 'line 3, Verified' }]);
    const broken = home.run([
      'ingest',
      write('g.json', `[${JSON.stringify(gitleaksFinding(found(commit)))},`),
      '--of',
      url,
    ]);
    expect([broken.status, broken.stderr.includes('is not JSON from line 1 on')]).toEqual([2, true]);
    const check = home.run(['inventory', 'check', file]);
    expect([check.status, check.stdout.includes('line 2: is not JSON')]).toEqual([1, true]);
  });

  test('leaves nothing raw behind, wherever in it the value stands', () => {
    const { home, commit, write } = estate();
    const everywhere = {
      ...gitleaksFinding({ ...found(commit), path: `dir/${token}/a.env` }),
      Message: token,
      Author: token,
      Email: `${token}@example.org`,
      Link: `${url}/blob/${commit}/${token}#L3`,
      RuleID: token,
      Tags: [token],
    };
    const other = gitleaksFinding({ ...found(commit), value: odd, text: `for ${odd}`, path: `${odd}.md` });
    const runs = [
      home.run(['ingest', write('g.json', [everywhere, other]), '--of', url, '--as', `${token}.json`]),
      home.run([
        'ingest',
        write('h.json', [{ ...everywhere, StartLine: token }, everywhere]),
        '--of',
        url,
        '--json',
      ]),
      home.run(['report', '--json']),
      home.run(['list', '--json']),
    ];
    expect(runs[0]?.status).toBe(0);
    const written = home.allBytes();
    for (const value of [token, odd]) {
      expect(runs.map(({ stdout, stderr }) => stdout + stderr).join('\n')).not.toContain(value);
      expect(written.includes(value)).toBe(false);
    }
  });
});
