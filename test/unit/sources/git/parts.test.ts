import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { rfc3339 } from '../../../../src/sources/git/attribution/commit-facts.js';
import { lastValue, parseGitConfig } from '../../../../src/sources/git/config-file.js';
import { openGitSource } from '../../../../src/sources/git/git-source.js';
import { isGitUrl, mirrorUrl } from '../../../../src/sources/git/mirror.js';
import { ObjectFrames } from '../../../../src/sources/git/object-frames.js';
import { normaliseRemoteUrl, splitCredentials } from '../../../../src/sources/git/origin.js';
import { parseUserSettings } from '../../../../src/sources/git/owner.js';
import { makeRepo, type TestRepo } from '../../../support/make-repo.js';

const repos: TestRepo[] = [];
afterAll(() => {
  for (const repo of repos) repo.remove();
});

test.each([
  ['https://github.com/Acme/Api.git', 'github.com/acme/api'],
  ['https://user:p%40ss@github.com/acme/api', 'github.com/acme/api'],
  ['https://user:p@ss@github.com:443/acme/api/', 'github.com/acme/api'],
  ['git@github.com:acme/api.git', 'github.com/acme/api'],
  ['ssh://git@GitHub.com:22/acme/api.git', 'github.com/acme/api'],
  ['ssh://git@git.example.com:2222/Acme/Api', 'git.example.com:2222/Acme/Api'],
  ['https://git.example.com//a//b.git?private_token=x', 'git.example.com/a/b'],
  ['git://git.example.com:9418/a', 'git.example.com/a'],
  ['user@[::1]:a/b', '[::1]/a/b'],
  ['host.example.com:a/b', 'host.example.com/a/b'],
  ['/srv/git/a.git', undefined],
  ['../a', undefined],
  ['C:\\repos\\a', undefined],
  ['file:///srv/a', undefined],
  ['ext::sh -c x', undefined],
  ['https://github.com', undefined],
])('%s is %s', (url, expected) => {
  expect(normaliseRemoteUrl(url)).toBe(expected);
});

test('credentials are split off', () => {
  expect(splitCredentials('https://u:p%40w@h.example/a')).toEqual({
    url: 'https://h.example/a',
    user: 'u',
    password: 'p@w',
  });
  expect(splitCredentials('https://u:p@w@h.example/a')).toEqual({
    url: 'https://h.example/a',
    user: 'u',
    password: 'p@w',
  });
  expect(splitCredentials('ssh://git:p@h.example/a')).toEqual({
    url: 'ssh://git@h.example/a',
    user: 'git',
    password: 'p',
  });
  expect(splitCredentials('git@h.example:a')).toEqual({ url: 'git@h.example:a' });
});

test('a config file is read as git reads it', () => {
  const repo = makeRepo();
  repos.push(repo);
  const text = `[core]
\tbare = false ; comment
[remote "we\\"ird.Name"]
\turl = "https://h/a#b"  # comment
  url = two \\
words\\t"  spaced "
[a.b]
x
[Section] Key = 1
`;
  repo.write('config-under-test', text);
  const config = parseGitConfig(text);
  const listed = repo.git('config', '-f', 'config-under-test', '--list', '-z').split('\0');
  const ours = [...config].flatMap(([key, values]) => values.map((value) => `${key}\n${value}`));
  const theirs = listed.filter((one) => one !== '').map((one) => (one.includes('\n') ? one : `${one}\ntrue`));
  expect(ours.sort()).toEqual(theirs.sort());
  expect(lastValue(config, 'section.key')).toBe('1');
});

test('an empty safe.directory clears the list', () => {
  const list = 'safe.directory\n/a\0safe.directory\n\0safe.directory\n/b\0core.excludesfile\n/x\0';
  expect(parseUserSettings(list)).toEqual({ safeDirectories: ['/b'], excludesFile: '/x' });
});

test('dates keep their offset and survive nonsense', () => {
  expect(rfc3339(0, '+0000')).toBe('1970-01-01T00:00:00Z');
  expect(rfc3339(1_704_067_200, '-0730')).toBe('2023-12-31T16:30:00-07:30');
  expect(rfc3339(9e15, '+0200')).toBe('1970-01-01T00:00:00Z');
  expect(rfc3339(Number.NaN, '+9999')).toBe('1970-01-01T00:00:00Z');
});

describe('frames', () => {
  const object = fc.record({
    type: fc.constantFrom('blob' as const, 'tree' as const, 'commit' as const, 'tag' as const),
    bytes: fc.uint8Array({ maxLength: 300 }),
    missing: fc.boolean(),
  });

  test('any division of the stream gives the same objects; parts cover each byte once', () => {
    fc.assert(
      fc.property(fc.array(object), fc.infiniteStream(fc.integer({ min: 1, max: 90 })), (objects, cuts) => {
        const id = 'a'.repeat(40);
        const stream = Buffer.concat(
          objects.map(({ type, bytes, missing }) =>
            missing
              ? Buffer.from(`${id} missing\n`)
              : Buffer.concat([Buffer.from(`${id} ${type} ${bytes.length}\n`), bytes, Buffer.from('\n')]),
          ),
        );
        const seen: { type: string; bytes: Buffer }[] = [];
        let owned: Buffer[] = [];
        const frames = new ObjectFrames(
          {
            object: (type, buffer, start, end) =>
              void seen.push({ type, bytes: Buffer.from(buffer.subarray(start, end)) }),
            part: (type, bytes, part) => {
              const whole = objects[seen.length]?.bytes ?? new Uint8Array();
              const shown = whole.subarray(part.baseOffset, part.baseOffset + bytes.length);
              expect(bytes.equals(shown)).toBe(true);
              owned.push(Buffer.from(bytes.subarray(part.ownedStart, part.ownedEnd)));
              expect(part.first).toBe(owned.length === 1);
              if (!part.last) return;
              seen.push({ type, bytes: Buffer.concat(owned) });
              owned = [];
            },
            missing: () => void seen.push({ type: 'missing', bytes: Buffer.alloc(0) }),
          },
          { maxWholeBytes: 100, partBytes: 40, overlapBytes: 16 },
        );
        const sizes = cuts[Symbol.iterator]();
        for (let at = 0; at < stream.length; ) {
          const size = Number(sizes.next().value);
          frames.push(stream.subarray(at, at + size));
          at += size;
        }
        const expected = objects.map(({ type, bytes, missing }) =>
          missing ? { type: 'missing', bytes: Buffer.alloc(0) } : { type, bytes: Buffer.from(bytes) },
        );
        expect(seen).toEqual(expected);
      }),
    );
  });
});

describe('mirrors', () => {
  test('what is a URL', () => {
    const urls = ['https://h/a', 'ssh://h/a', 'git@h.example:a/b', 'file:///a'];
    expect(urls.map(isGitUrl)).toEqual([true, true, true, true]);
    expect(['.', '/a/b', 'a/b:c', 'c:\\a', 'dir'].map(isGitUrl)).toEqual([false, false, false, false, false]);
  });

  test('a mirror is cloned once and updated afterwards', async () => {
    const repo = makeRepo();
    repos.push(repo);
    repo.commit('one', { a: 'a\n' });
    const cache = join(repo.home, 'cache');
    const url = `file://${repo.dir}`;
    const first = await mirrorUrl(url, cache);
    expect(statSync(cache).mode & 0o777).toBe(0o700);
    const second = repo.commit('two', { b: 'b\n' });
    expect(await mirrorUrl(url, cache)).toEqual(first);
    const source = await openGitSource(first.path);
    expect(source.location.bare).toBe(true);
    const head = execFileSync('git', [`--git-dir=${first.path}`, 'rev-parse', 'refs/heads/main'])
      .toString()
      .trim();
    expect(head).toBe(second);
    source.close();
  });

  test('a failure names no credential and leaves nothing behind', async () => {
    const repo = makeRepo();
    repos.push(repo);
    const cache = join(repo.home, 'cache');
    const password = ['pass', 'word', '42'].join('-');
    const failure = await mirrorUrl(`https://user:${password}@127.0.0.1:1/a/b.git`, cache).catch(
      (error) => error,
    );
    expect(failure).toMatchObject({ problem: { code: 'clone-failed', where: '127.0.0.1:1/a/b' } });
    expect(`${failure.stack} ${JSON.stringify(failure)}`).not.toContain(password);
    expect(existsSync(cache)).toBe(true);
    expect(execFileSync('find', [cache, '-type', 'f']).toString()).toBe('');
    for (const url of ['ext::touch x', 'http://h.example/a', 'git://h.example/a']) {
      await expect(mirrorUrl(url, cache)).rejects.toMatchObject({ problem: { code: 'clone-failed' } });
    }
  });

  test('credentials reach git neither by argv nor by config, only as a header for the typed host', async () => {
    const repo = makeRepo();
    repos.push(repo);
    const password = ['pass', 'word', '44'].join('-');
    const bin = join(repo.home, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$@" >${bin}/argv\nenv >${bin}/env\nexit 1\n`, {
      mode: 0o755,
    });
    const path = process.env['PATH'];
    process.env['PATH'] = `${bin}:${path}`;
    try {
      await mirrorUrl(`https://user:${password}@h.example/a`, join(repo.home, 'cache')).catch(
        () => undefined,
      );
    } finally {
      process.env['PATH'] = path;
    }
    expect(readFileSync(join(bin, 'argv'), 'utf8')).toContain('https://h.example/a');
    expect(readFileSync(join(bin, 'argv'), 'utf8')).not.toContain(password);
    const env = readFileSync(join(bin, 'env'), 'utf8');
    expect(env).toContain('GIT_CONFIG_KEY_0=http.https://h.example/.extraHeader');
    expect(env).toContain(Buffer.from(`user:${password}`).toString('base64'));
    expect(env).toContain('GIT_ALLOW_PROTOCOL=https');
  });

  test('the origin of a clone is its place, without credentials', async () => {
    const repo = makeRepo();
    repos.push(repo);
    const password = ['pass', 'word', '43'].join('-');
    repo.git('config', 'remote.origin.url', `https://user:${password}@GitHub.com/acme/api.git`);
    expect(readFileSync(join(repo.dir, '.git/config'), 'utf8')).toContain(password);
    const source = await openGitSource(repo.dir);
    expect(source.place).toEqual({
      key: 'git:github.com/acme/api',
      system: 'git',
      name: 'github.com/acme/api',
      audience: 'unknown',
    });
    expect(JSON.stringify([source.place, await source.metadata()])).not.toContain(password);
    source.close();
    const named = await openGitSource(repo.dir, { place: 'mine' });
    expect([named.place.key, named.place.name]).toEqual(['git:mine', 'mine']);
    named.close();
  });
});
