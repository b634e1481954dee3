/** What commands of rotation must say, so that nobody takes silence for an answer: idle imports, people, dates, ciphertext. */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { compose, now, Organisation, owners } from '../support/organisation.js';
import { CliHome, scratch } from '../support/scratch.js';

const jwt = (secret: string, seconds: { readonly iat: number; readonly exp: number }): string => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: 'acme', sub: 'svc', ...seconds })}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};
const secondsOf = (text: string): number => Date.parse(text) / 1000;

test('checks and attestations about nothing that is known are named when they are imported, and by plan', () => {
  const value = fakeSecret('stripe-secret-key', 'told idle');
  const org = new Organisation().commit('shop', { ...owners, '.env': `KEY=${value}\n` }).scan('internal');
  const known = org.fingerprintOf(value).slice(0, 12);
  const check = (fingerprint: string): string =>
    JSON.stringify({ fingerprint, checked_at: now, result: 'dead', method: 'login', by: 'bo' });
  const rows = org.file('dead.jsonl', `${check(known)}\n${check('0123456789ab')}\n`);
  const attested = org.file(
    'attested.jsonl',
    `${JSON.stringify({ principal: 'svc-nobody', by: 'ana', at: now })}\n`,
  );
  const { stdout } = org.home.run(['ingest', rows, attested, '--now', now]);
  expect(stdout).toContain('1 fingerprint that somebody checked is of no known secret:\n  0123456789ab');
  expect(stdout).toContain('1 principal of attestations is not known');
  expect(stdout).toContain('\n  svc-nobody');
  expect(stdout).not.toContain(known);
  const { stderr } = org.home.run(['plan', '--all', '--no-record', '--now', now]);
  expect(stderr).toContain('0123456789ab');
  expect(stderr).toContain('svc-nobody');
});

test('plans call people as the log does, records for programs keep the pseudonym', () => {
  const value = fakeSecret('stripe-secret-key', 'told people');
  const org = new Organisation()
    .commit('shop', { ...owners, '.env': `KEY=${value}\n`, 'compose.yml': compose('shop') })
    .scan('internal');
  const fingerprint = org.fingerprintOf(value).slice(0, 12);
  org.home.run(['plan', 'step', fingerprint, 'preserve', 'done', '--by', 'ana']);
  expect(org.home.run(['log', 'show']).stdout).toContain('  ana ');
  expect(org.home.run(['plan', fingerprint]).stdout).toContain('done by ana at');
  const json = org.home.run(['plan', fingerprint, '--json']).stdout;
  expect(json).toMatch(/"by":"person-[0-9a-f]{10}"/);
  expect(json).not.toContain('"by":"ana"');
});

test('a token that ended stays open while its secret is exposed, and the plan says so', () => {
  const secret = randomBytes(32).toString('base64url');
  const token = jwt(secret, {
    iat: secondsOf('2025-01-01T00:00:00Z'),
    exp: secondsOf('2025-06-01T00:00:00Z'),
  });
  const org = new Organisation()
    .commit('api', { ...owners, 'call.txt': `token: ${token}\n`, 'app/.env': `JWT_SECRET=${secret}\n` })
    .scan('internal');
  const signer = org.fingerprintOf(secret).slice(0, 12);
  expect(org.planOf(token).warnings.join('\n')).toContain(
    `${org.fingerprintOf(token).slice(0, 12)} stays open though it ended on 2025-06-01T00:00:00Z: what signs it is exposed: whoever has ${signer} makes it anew`,
  );
});

test('a signature is one secret, percent-encoded or not', () => {
  const signature = Buffer.from(Uint8Array.from({ length: 32 }, (_, at) => (at * 37 + 251) % 256)).toString(
    'base64',
  );
  expect(signature).toMatch(/[+/]/);
  const url = (text: string): string =>
    `https://acmestore.blob.core.windows.net/b/a.tgz?sv=2022-11-02&sr=c&sp=rl&se=2027-06-01T00:00:00Z&sig=${text}`;
  const org = new Organisation()
    .commit('one', { 'a.txt': `${url(encodeURIComponent(signature))}\n` })
    .commit('two', { 'b.txt': `${url(signature)}\n` })
    .scan();
  const secrets = org.home.json(['list']).filter(({ type }) => type === 'secret');
  expect(secrets).toHaveLength(1);
});

test('the key of ciphertext: what is inside has to be rotated as well', () => {
  const key = fakeSecret('age-secret-key', 'told age');
  const org = new Organisation().commit('infra', { ...owners, 'keys.txt': `${key}\n` }).scan('internal');
  expect(org.planOf(key).warnings.join('\n')).toContain(
    'every ciphertext for it stays readable in history, whatever it is replaced with',
  );
});

test('show --explain measures by the policy of the checkout', () => {
  const token = jwt(randomBytes(32).toString('base64url'), {
    iat: secondsOf('2026-01-01T00:00:00Z'),
    exp: secondsOf('2031-01-01T00:00:00Z'),
  });
  const org = new Organisation().commit('api', { ...owners, 'call.txt': `token: ${token}\n` }).scan();
  const fingerprint = org.fingerprintOf(token).slice(0, 12);
  const explained = (cwd: string): string => org.home.run(['show', fingerprint, '--explain'], { cwd }).stdout;
  const checkout = join(org.folder, 'checkout');
  mkdirSync(join(checkout, '.sprawl'), { recursive: true });
  writeFileSync(
    join(checkout, '.sprawl', 'policy.yaml'),
    'version: 1\nsettings: { long_lived: 3000d }\nrules:\n  - { id: all, when: {}, then: { strategy: manual, reason: r } }\n',
  );
  expect(explained(org.folder)).toContain('LONG_LIVED');
  expect(explained(checkout)).toContain('\n  why\n');
  expect(explained(checkout)).not.toContain('LONG_LIVED');
});

test('verify reads again as much as the scan that found it', () => {
  const value = fakeSecret('stripe-secret-key', 'told vendor');
  const folder = scratch();
  const home = new CliHome(folder);
  const inner = join(folder, 'app', 'node_modules', 'pay');
  mkdirSync(inner, { recursive: true });
  writeFileSync(join(inner, 'config.env'), `STRIPE_KEY=${value}\n`);
  writeFileSync(join(folder, 'app', 'readme.txt'), 'nothing\n');
  expect(home.run(['scan', join(folder, 'app'), '--vendor', '--quiet']).status).toBe(1);
  const { stdout } = home.run(['fingerprint', '-', '--json'], { input: value });
  const fingerprint = /"fingerprint":"([0-9a-f]{64})"/.exec(stdout)?.[1] ?? '';
  expect(home.run(['verify', fingerprint]).stdout).toContain('config.env');
  rmSync(join(inner, 'config.env'));
  // A plain scan in between reads less, and changes nothing of what is known.
  home.run(['scan', join(folder, 'app'), '--quiet']);
  const clean = home.run(['verify', fingerprint]);
  expect(clean.stdout, clean.stderr).toContain('clean');
  expect(clean.status).toBe(0);
});

test('cleaning up after the value was ended takes its consumers away, and voids no approval', () => {
  const password = fakeSecret('postgres-uri', 'told approval');
  const url = `postgres://shop:${password}@db1.acme.example:5432/shop`;
  const org = new Organisation();
  const repo = new GitFixture(join(org.folder, 'all', 'shop'));
  const files = { 'deploy/prod/.env': `DATABASE_URL=${url}\n`, 'deploy/prod/compose.yml': compose('shop') };
  repo.commit('add', { ...owners, ...files });
  org.scan('internal');
  const fingerprint = org.fingerprintOf(password).slice(0, 12);
  const inventory = org.file(
    'inventory.yaml',
    'version: 1\nreviewed: 2026-11-01\nidentities:\n  - id: shop\n    match: [ { identity: "db:postgresql:db1.acme.example:5432:shop" } ]\n    privilege: admin\n    rotation: { overlap: yes }\n',
  );
  org.home.run(['inventory', 'import', inventory]);
  const act = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = org.home.run(['plan', ...args]);
    expect(status, stdout + stderr).toBe(0);
    return stdout;
  };
  act(fingerprint);
  act('approve', fingerprint, '--role', 'owner', '--by', 'ana');
  act('approve', fingerprint, '--role', 'security', '--by', 'kim');
  act('step', fingerprint, 'revoke-old', 'done', '--force', '--reason', 'done by hand', '--by', 'bo');
  repo.git('rm', '-q', '-r', 'deploy');
  repo.commit('clean up');
  expect(org.home.run(['scan', join(org.folder, 'all'), '--quiet']).status).toBe(1);
  const text = act(fingerprint);
  expect(text).toContain('no consumer is known');
  expect(text).not.toContain('APPROVAL_STALE');
  const purge = /^ *(\d+) purge/m.exec(text)?.[1] ?? '';
  expect(act('step', fingerprint, purge, 'done', '--force', '--reason', 'order', '--by', 'bo')).toContain(
    'done',
  );
  const refused = org.home.run(['plan', 'close', fingerprint, '--by', 'ana']).stdout;
  expect(refused).not.toContain('approval by');
  // The URL that wraps the password is no second credential whose owner is unknown.
  expect(text).not.toMatch(/reasons .*OVERLAP_UNKNOWN/);
});
