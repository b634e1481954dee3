/** Rules of a configuration through the command line: trusted ones run everywhere, others nowhere. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runUnder } from '../support/cli-process.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

const value = (letters: string): string => [letters, '3j5h2g9f8d7s6', 'a4q1w2e3r4'].join('');

const config = `
allow:
  - path: "docs/**"
    reason: samples
rules:
  add:
    - id: acme-deploy-token
      name: ACME deploy token
      pattern: '\\bacme_([a-z0-9]{24})\\b'
      keywords: [acme_]
      confidence: high
      examples: ['ACME_TOKEN = "acme_{{token}}"']
      negatives: ['acme_documentation_page']
    - id: conf-key
      pattern: 'zzkey[0-9]{12}'
      paths: ['conf/**']
  disable: [slack-bot-token]
  import: [team.toml]
`;
const team = `
[[rules]]
id = "Team Key"
regex = '''team-[a-f0-9]{20}'''
keywords = ["team-"]
[[rules.allowlists]]
condition = "AND"
paths = ['''^old/''']
regexes = ['''^team-fa''']
`;

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const files = {
  '.sprawl/config.yaml': config,
  'team.toml': team,
  'a.py': `t = "acme_${value('k')}"\n`,
  'docs/a.md': `t = "acme_${value('d')}"\n`,
  'conf/k': 'x zzkey837465920183\n',
  'src/k': 'x zzkey837465920184\n',
  'old/t': 'team-fa93b2c7d5e1f8a6b4c3\n',
  'new/t': 'team-fa93b2c7d5e1f8a6b4c3\n',
};

/** `rule path status` of all findings. */
function found(home: CliHome): string[] {
  return home
    .json(['report', '--all'])
    .filter(({ type }) => type === 'finding')
    .map(({ rule, path, status }) => `${rule} ${path} ${status}`)
    .toSorted();
}

const expected = [
  'acme-deploy-token a.py open',
  'acme-deploy-token docs/a.md allowed',
  'conf-key conf/k open',
  'team-key new/t open',
  'team-key old/t allowed',
];

describe('a scan', () => {
  test('runs the rules of a configuration that is trusted, and says that it leaves out others', () => {
    const folder = scratch();
    const share = join(folder, 'share');
    write(share, files);
    const home = new CliHome(folder);
    const untrusted = home.run(['scan', share]);
    expect(untrusted.status, untrusted.stderr).toBe(0);
    expect(untrusted.stderr).toContain('its rules are not used, since the file is not trusted');
    expect(found(home)).toEqual([]);
    const trusted = home.run(['scan', share, '--trust-repo-config']);
    expect(trusted.status, trusted.stderr).toBe(1);
    expect(trusted.stderr).toContain('read by other rules');
    expect(found(home)).toEqual(expected);
    const again = home.run(['scan', share, '--trust-repo-config']);
    expect(again.stderr).not.toContain('read by other rules');
    expect(again.stderr).toContain('Read 0 documents');
  });

  test('runs those of --config in the history of every target, workers included', () => {
    const folder = scratch();
    const home = new CliHome(folder);
    write(join(folder, 'own'), { '.sprawl/config.yaml': config, 'team.toml': team });
    const targets = ['one', 'two'].map((name) => {
      const repo = new GitFixture(join(folder, name));
      // More than the main thread reads by itself.
      const filler = { 'filler.txt': 'some words\n'.repeat(500_000) };
      repo.commit('first', { 'a.py': `t = "acme_${value(name.charAt(0))}"\n`, ...filler });
      repo.commit('second', { 'a.py': 'gone\n', 'old/t': 'team-fa93b2c7d5e1f8a6b4c3\n' });
      return join(folder, name);
    });
    const run = home.run([
      'scan',
      ...targets,
      '--config',
      join(folder, 'own/.sprawl/config.yaml'),
      '--jobs',
      '2',
    ]);
    expect(run.status, run.stderr).toBe(1);
    const rows = found(home);
    expect(rows.filter((row) => row.startsWith('acme-deploy-token a.py open'))).toHaveLength(2);
    expect(rows.filter((row) => row.startsWith('team-key old/t'))).toEqual(
      expect.arrayContaining(['team-key old/t allowed', 'team-key old/t allowed']),
    );
  });

  test('takes a gitleaks configuration by its name, and is stopped by a fault in it', () => {
    const folder = scratch();
    const home = new CliHome(folder);
    write(folder, {
      'share/t': files['new/t'],
      'team.toml': team,
      'bad.toml': `${team}\n[[rules]]\nid = "x"\nregex = '''(?=planted)'''\n`,
    });
    const run = home.run(['scan', join(folder, 'share'), '--config', join(folder, 'team.toml')]);
    expect(run.status, run.stderr).toBe(1);
    expect(found(home)).toEqual(['team-key t open']);
    const bad = home.run(['scan', join(folder, 'share'), '--config', join(folder, 'bad.toml')]);
    expect(bad.status).toBe(2);
    expect(bad.stderr).toMatch(/bad\.toml is not valid: line 13: x\.pattern is no RE2 pattern/);
    expect(bad.stderr).not.toContain('planted');
  });

  test('with a thousand rules finds what they are for, in bounded memory', () => {
    const folder = scratch();
    const home = new CliHome(folder);
    const rules = Array.from({ length: 1000 }, (_, i) => {
      const name = `prov${i.toString(36).padStart(3, '0')}`;
      return `[[rules]]\nid = "${name}"\nkeywords = ["${name}"]\nregex = '''(?i)[\\w.-]{0,50}?(?:${name})(?:[ \\t\\w.-]{0,20})[\\s'"]{0,3}(?:=|>|:{1,3}=)[\\x60'"\\s=]{0,5}([a-z0-9]{32})(?:[\\x60'"\\s;]|\\\\[nr]|$)'''\n`;
    });
    const lines = Array.from({ length: 1000 }, (_, i) => {
      const hex = `${(i * 7919 + 104_729).toString(36).padStart(6, 'z')}k3j5h2g9f8d7s6a4q1w2e3r4xy`;
      return `prov${i.toString(36).padStart(3, '0')}_key = "${hex.slice(0, 32)}"\n`;
    });
    write(folder, { 'rules.toml': rules.join('\n'), 'share/keys.py': lines.join('') });
    const args = ['scan', join(folder, 'share'), '--config', join(folder, 'rules.toml'), '--exit-zero'];
    // The heap of a default run is ten times as large.
    const run = runUnder(home, 'NODE_OPTIONS=--max-old-space-size=192 exec', args);
    expect(run.status, run.stderr).toBe(0);
    expect(new Set(found(home).map((row) => row.split(' ')[0])).size).toBe(1000);
  });
});

test('the hook obeys the configuration of its checkout', () => {
  const folder = scratch();
  const home = new CliHome(folder);
  const repo = new GitFixture(join(folder, 'repo'));
  repo.commit('configuration', { '.sprawl/config.yaml': config, 'team.toml': team });
  const staged = (path: string, text: string): { status: number | null; stderr: string } => {
    write(repo.path, { [path]: text });
    repo.git('add', path);
    const result = home.run(['hook', 'run'], { cwd: repo.path });
    repo.git('reset', '-q', '--hard');
    return result;
  };
  expect(staged('a.py', files['a.py']).status).toBe(1);
  expect(staged('docs/a.md', files['docs/a.md']).status).toBe(0);
  expect(staged('conf/k', files['conf/k']).status).toBe(1);
  expect(staged('src/k', files['src/k']).status).toBe(0);
  expect(staged('new/t', files['new/t']).status).toBe(1);
  expect(staged('old/t', files['old/t']).status).toBe(0);
});

describe('rules list, show, check and test', () => {
  const checkout = (): { folder: string; home: CliHome; at: { cwd: string } } => {
    const folder = scratch();
    write(folder, files);
    return { folder, home: new CliHome(folder), at: { cwd: folder } };
  };

  test('name the rules with where they were written', () => {
    const { home, at } = checkout();
    const records = home.json(['rules', 'list'], at).filter(({ type }) => type === 'rule');
    const own = records.filter(({ provider }) => provider === 'user');
    expect(own.map(({ id, origin }) => [id, origin])).toEqual([
      ['acme-deploy-token', '.sprawl/config.yaml:7'],
      ['conf-key', '.sprawl/config.yaml:14'],
      ['team-key', 'team.toml:4'],
    ]);
    expect(records.find(({ id }) => id === 'slack-bot-token')).toMatchObject({
      stage: 'disabled',
      origin: 'built-in',
    });
    const shown = home.run(['rules', 'show', 'acme-deploy-token'], at).stdout;
    expect(shown).toContain('\\bacme_([a-z0-9]{24})\\b');
    expect(shown).toContain('0 bytes before and 24 behind a keyword');
  });

  test('prove the examples, and tell what a rule cannot see', () => {
    const { folder, home, at } = checkout();
    write(folder, {
      'bad.yaml': `
rules:
  add:
    - id: wrong
      pattern: 'wrong_[a-z]{8}'
      examples: ['wrong={{lower:8}}']
      negatives: ['wrong_abcdefgh']
    - id: wide
      pattern: '<[a-z0-9+]+>'
    - id: right
      pattern: '\\bright_([a-z0-9]{24})\\b'
      keywords: [right_]
      examples: ['R = "right_{{token}}"']
      negatives: ['right_word']
`,
    });
    const bad = home.run(['rules', 'check', '--config', 'bad.yaml'], at);
    expect(bad.status).toBe(1);
    expect(bad.stdout).toMatch(/bad\.yaml:4: wrong examples\[0\] is not found/);
    expect(bad.stdout).toMatch(/bad\.yaml:4: wrong negatives\[0\] is found/);
    expect(bad.stdout).not.toContain('right');
    expect(bad.stderr).toMatch(/wrong has no keywords of 3 bytes or more; looked for by "wrong_"/);
    expect(bad.stderr).toMatch(/wide .* runs over every byte.*\(match-cap\)/);
  });

  test('try them on a text', () => {
    const { home, at } = checkout();
    const run = home.run(['rules', 'test'], { ...at, input: files['a.py'] });
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('acme-deploy-token');
  });
});

test('an allow entry is taken back', () => {
  const folder = scratch();
  const home = new CliHome(folder);
  write(folder, { 'share/a.py': files['a.py'], 'c.yaml': config.replace('import: [team.toml]', '') });
  const scan = ['scan', join(folder, 'share'), '--config', join(folder, 'c.yaml')];
  home.run(scan);
  const print = String(home.json(['report']).find(({ type }) => type === 'finding')?.['fingerprint']);
  expect(home.run(['allow', print.slice(0, 12), '--reason', 'rotated']).status).toBe(0);
  expect(found(home)).toEqual(['acme-deploy-token a.py allowed']);
  expect(home.run(['allow', '--remove', print.slice(0, 8)]).stderr).toContain('No longer allowed: secret');
  expect(found(home)).toEqual(['acme-deploy-token a.py open']);
  const missing = home.run(['allow', '--remove', print.slice(0, 12)]);
  expect(missing.status).toBe(2);
  expect(missing.stderr).toContain('There is no such entry');
});
