import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { builtInHookServices } from '../../../src/cli/built-in-hook-services.js';
import { hookFolder } from '../../../src/cli/git-questions.js';
import { runHook } from '../../../src/cli/hook.js';
import { hookScript, hookState, installHook, uninstallHook } from '../../../src/cli/hook-script.js';
import type { HookServices } from '../../../src/cli/hook-services.js';
import { createAnalyzer } from '../../../src/detect/create-analyzer.js';
import { parseKindId, parseRuleId } from '../../../src/model/ids.js';
import type { RuleSet } from '../../../src/rules/rule-set.js';
import { scanTime } from '../../support/exposures.js';
import { GitFixture } from '../../support/git-fixture.js';
import { Sink } from '../../support/run-main.js';
import { scratch } from '../../support/scratch.js';

/** One rule of our own, so that these tests do not change with the rule files. */
const rules: RuleSet = {
  digest: '0'.repeat(64),
  rules: [
    {
      id: parseRuleId('test-token'),
      kind: parseKindId('test-token'),
      name: 'Test token',
      provider: 'test',
      detector: 'pattern',
      pattern: { source: '(tstk_[a-z0-9]{20})', ignoreCase: false, maxBytes: 25, minBytes: 25 },
      keywords: [{ text: 'tstk_', caseSensitive: true }],
      confidence: 'high',
      stage: 'stable',
      specificity: 2,
      locality: 'local',
      context: { left: 128, right: 64 },
      checks: {},
      companions: [],
      identifierOnly: false,
      preview: true,
      knownPublic: [],
      references: [],
    },
  ],
};
const services: HookServices = {
  ...builtInHookServices,
  analyzer: async (keys) => createAnalyzer({ rules, keys, known: new Map() }),
};

function token(letter: string): string {
  return ['tst', 'k_'].join('') + `${letter}7q2m9x4k8`.repeat(2);
}

interface Run {
  readonly status: number;
  readonly text: string;
}

async function hookIn(repository: GitFixture, withServices: HookServices = services): Promise<Run> {
  const stderr = new Sink();
  const status = await runHook(
    {
      stdin: Readable.from([]),
      stdout: new Sink(),
      stderr,
      env: { HOME: join(repository.path, 'nowhere') },
      cwd: repository.path,
      now: () => scanTime,
      onInterrupt: () => () => undefined,
    },
    withServices,
  );
  return { status, text: stderr.text };
}

function repository(): GitFixture {
  const fixture = new GitFixture(join(scratch(), 'repo'));
  fixture.commit('first', { 'a.txt': 'nothing\n', 'old.txt': `key = ${token('b')}\n` });
  return fixture;
}

describe('hook run', () => {
  it('refuses a staged secret and says where, what and how to go on', async () => {
    const repo = repository();
    repo.write('src/a b.ts', `const key = "${token('a')}";\n`);
    repo.git('add', '-A');
    const { status, text } = await hookIn(repo);
    expect(status).toBe(1);
    expect(text).toContain('src/a b.ts:1:14  test-token  high');
    expect(text).toContain('sprawl:allow');
    expect(text).toContain('--no-verify');
    expect(text).not.toContain(token('a'));
  });

  it('works before the first commit', async () => {
    const repo = new GitFixture(join(scratch(), 'repo'));
    repo.write('a.txt', `${token('a')}\n`);
    repo.git('add', '-A');
    expect((await hookIn(repo)).status).toBe(1);
  });

  it('lets pass what is only in the work tree, marked, allowed or there already', async () => {
    const repo = repository();
    repo.write('unstaged.txt', token('a'));
    expect(await hookIn(repo)).toEqual({ status: 0, text: '' });
    repo.write('marked.txt', `x = ${token('c')} # sprawl:allow\n`);
    repo.write('fixtures/allowed.txt', token('d'));
    repo.write('.sprawl/config.yaml', 'allow:\n  - path: fixtures/**\n    reason: made up\n');
    // Changed and moved: the value stands in HEAD.
    repo.write('moved.txt', `key = ${token('b')}\nmore\n`);
    repo.git('rm', '-q', 'old.txt');
    repo.git('add', 'marked.txt', 'fixtures', 'moved.txt', '.sprawl');
    expect(await hookIn(repo)).toEqual({ status: 0, text: '' });
  });

  it('cannot pass what it could not check', async () => {
    const broken = { ...services, analyzer: async () => Promise.reject(new TypeError('boom')) };
    const unchecked = repository();
    unchecked.write('b.txt', 'staged\n');
    unchecked.git('add', '-A');
    const { status, text } = await hookIn(unchecked, broken);
    expect(status).toBe(2);
    expect(text).toContain('TypeError');
    expect(text).toContain('--no-verify');
    expect(text).not.toContain('boom');
    const repo = repository();
    repo.write('.sprawl/config.yaml', 'allow: nonsense\n');
    expect((await hookIn(repo)).status).toBe(2);
  });
});

describe('hook install', () => {
  const script = hookScript(process.execPath, '/nowhere/hook-start.cjs');

  it('is idempotent, executable, and removed whole', async () => {
    const repo = repository();
    const { folder } = await hookFolder(repo.path, undefined);
    expect(installHook(folder, script)).toBe('installed');
    expect(installHook(folder, script)).toBe('unchanged');
    expect(installHook(folder, `${script}\n`)).toBe('updated');
    expect(statSync(join(folder, 'pre-commit')).mode & 0o111).toBe(0o111);
    expect(hookState(folder)).toBe('ours');
    expect(uninstallHook(folder)).toBe('removed');
    expect(existsSync(join(folder, 'pre-commit'))).toBe(false);
    expect(uninstallHook(folder)).toBe('absent');
  });

  it('keeps an earlier hook, runs it first, and puts it back', async () => {
    const repo = repository();
    const { folder } = await hookFolder(repo.path, undefined);
    const path = join(folder, 'pre-commit');
    writeFileSync(path, '#!/bin/sh\necho earlier >&2\nexit 3\n');
    chmodSync(path, 0o755);
    expect(installHook(folder, script)).toBe('chained');
    const run = spawnSync(path, { encoding: 'utf8', cwd: repo.path });
    expect([run.status, run.stderr]).toEqual([3, 'earlier\n']);
    expect(uninstallHook(folder)).toBe('restored');
    expect(readFileSync(path, 'utf8')).toContain('echo earlier');
  });

  it('refuses the commit when sprawl is gone', async () => {
    const repo = repository();
    const { folder } = await hookFolder(repo.path, undefined);
    installHook(folder, script);
    const run = spawnSync(join(folder, 'pre-commit'), {
      encoding: 'utf8',
      cwd: repo.path,
      env: { PATH: '/usr/bin:/bin' },
    });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('--no-verify');
  });

  it('quotes any path for the shell', () => {
    const text = hookScript("/opt/it's $(here)/node", '/x');
    execFileSync('sh', ['-n'], { input: text });
    expect(text).toContain(`node='/opt/it'\\''s $(here)/node'`);
  });

  it('follows core.hooksPath and knows when it is shared', async () => {
    const repo = repository();
    expect(await hookFolder(repo.path, undefined)).toMatchObject({ configured: false, shared: false });
    repo.git('config', 'core.hooksPath', '.husky');
    expect(await hookFolder(repo.path, undefined)).toMatchObject({
      folder: join(repo.path, '.husky'),
      configured: true,
      shared: false,
    });
    repo.git('config', 'core.hooksPath', '~/hooks');
    expect(await hookFolder(repo.path, '/home/ana')).toMatchObject({
      folder: '/home/ana/hooks',
      shared: true,
    });
  });
});
