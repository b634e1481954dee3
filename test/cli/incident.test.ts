/** What is known of a secret's owner, users and urgency, from the scanned places alone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { acmeFolder } from '../support/exports-of-acme.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

function paymentsRepository(folder: string, secret: string): void {
  new GitFixture(join(folder, 'all', 'api')).commit('add payments', {
    'config/.env.prod': `STRIPE_SECRET=${secret}\n`,
    '.github/CODEOWNERS': '* @acme/payments\n',
    '.github/workflows/deploy.yml': [
      'name: deploy',
      'on: push',
      'jobs:',
      '  release:',
      '    environment: production',
      '    runs-on: ubuntu-latest',
      '    steps:',
      '      - run: ./deploy',
      '        env:',
      '          STRIPE_SECRET: ${{ secrets.STRIPE_SECRET }}',
      '',
    ].join('\n'),
    'compose.yml': 'services:\n  api:\n    image: acme/api\n    env_file: config/.env.prod\n',
    'index.js': 'const key = process.env.STRIPE_SECRET;\n',
    'package.json': '{"name":"api"}\n',
  });
}

describe('a secret in one repository', () => {
  const secret = fakeSecret('stripe-secret-key', 'incident');
  const prepared = (): CliHome => {
    const folder = scratch();
    paymentsRepository(folder, secret);
    const home = new CliHome(folder);
    home.run(['scan', join(folder, 'all')]);
    return home;
  };

  test('incident says on one screen whose it is, what breaks and how to act', () => {
    const home = prepared();
    const { stdout, status } = home.run(['incident', '-'], { input: secret });
    expect(status).toBe(1);
    expect(stdout).toContain('stripe-secret-key');
    expect(stdout).toMatch(/owner +@acme\/payments \(O2, strong\)/);
    expect(stdout).toMatch(/breaks .*gha:.*deploy\.yml#release/);
    expect(stdout).toContain('compose:');
    expect(stdout).toContain('nobody has stated that this list is complete');
    expect(stdout).toMatch(/can read +unknown 1 copy/);
    expect(stdout).toMatch(/rotate +\S/);
    expect(stdout.split('\n').length).toBeLessThan(40);
    expect(stdout).not.toContain(secret);
  });

  test('explain gives each fact its rule and evidence, and sums that add up', () => {
    const home = prepared();
    const [found] = home.json(['list']).filter(({ type }) => type === 'secret');
    const prefix = String(found?.['fingerprint']).slice(0, 12);
    const { stdout } = home.run(['explain', prefix]);
    expect(stdout).toMatch(/\* owner: @acme\/payments +O2, derived, strong/);
    expect(stdout).toContain('.github/CODEOWNERS:1 (last matching pattern *)');
    expect(stdout).toMatch(/environment: prod +E4/);
    const priority = /priority +(\d+) \w+ = (.*)/.exec(stdout);
    const terms = [...(priority?.[2] ?? '').split(';')[0]!.matchAll(/\w+ (\d+) \(/g)].map(([, points]) =>
      Number(points),
    );
    expect(terms.reduce((sum, points) => sum + points, 0)).toBe(Number(priority?.[1]));
    expect(home.run(['explain', prefix, '--now', '2030-01-01T00:00:00Z']).stdout).toContain('age 5');
    expect(home.run(['explain', prefix]).stdout).toBe(stdout);
    const [dossier] = home.json(['explain', prefix]);
    expect(dossier).toMatchObject({ type: 'dossier', coverage: 'derived', environments: ['prod'] });
  });
});

test('the times of the policy hold, and a broken one keeps nobody from the answer', () => {
  const folder = scratch();
  const secret = fakeSecret('stripe-secret-key', 'policy of incident');
  paymentsRepository(folder, secret);
  const home = new CliHome(folder);
  home.run(['scan', join(folder, 'all')]);
  const [found] = home.json(['list']).filter(({ type }) => type === 'secret');
  const prefix = String(found?.['fingerprint']).slice(0, 12);
  const broken = join(folder, 'broken.yaml');
  writeFileSync(broken, 'version: 1\nrules: 7\n');
  const { status, stdout, stderr } = home.run(['incident', prefix, '--policy', broken]);
  expect(status).toBe(1);
  expect(stdout).toContain('stripe-secret-key');
  expect(stderr).toContain('the policy is not used');
  expect(home.run(['explain', prefix, '--policy', broken]).status).toBe(2);
});

test('scenario 1: copies in chats and tickets are human copies, and nothing uses them', async () => {
  const folder = scratch();
  const secret = fakeSecret('github-pat-classic', 'scenario 1');
  await acmeFolder(join(folder, 'all'), secret);
  const home = new CliHome(folder);
  home.run(['scan', join(folder, 'all')]);
  const { stdout } = home.run(['incident', '-'], { input: secret });
  for (const system of ['git repo', 'slack #deploys', 'jira API']) expect(stdout).toContain(system);
  expect(stdout).not.toMatch(/breaks.*slack/);
  expect(stdout).not.toContain(secret);
});

test('what files say now is checked before it is printed', () => {
  const folder = scratch();
  const secret = fakeSecret('stripe-secret-key', 'in names');
  const inName = fakeSecret('github-pat-classic', 'in names');
  new GitFixture(join(folder, 'all', 'api')).commit('add', {
    '.env.prod': `STRIPE_SECRET=${secret}\n`,
    [`${inName}/compose.yml`]: `services:\n  x-${inName}:\n    environment:\n      - STRIPE_SECRET=${secret}\n`,
    '.github/CODEOWNERS': `* @acme/${inName}\n`,
  });
  const home = new CliHome(folder);
  home.run(['scan', join(folder, 'all')]);
  const [found] = home
    .json(['list'])
    .filter(({ type, kind }) => type === 'secret' && kind === 'stripe-secret-key');
  const prefix = String(found?.['fingerprint']).slice(0, 12);
  for (const args of [
    ['incident', prefix],
    ['explain', prefix],
    ['explain', prefix, '--json'],
  ]) {
    const { stdout, stderr } = home.run(args);
    expect(stdout).toContain('‹secret');
    for (const value of [secret, inName]) expect(stdout + stderr).not.toContain(value);
  }
});

test('a value that is not recorded is said to be none, with what else can be done', () => {
  const folder = scratch();
  paymentsRepository(folder, fakeSecret('stripe-secret-key', 'other'));
  const home = new CliHome(folder);
  home.run(['scan', join(folder, 'all')]);
  const { stdout, status } = home.run(['incident', '-'], {
    input: fakeSecret('github-pat-classic', 'unknown'),
  });
  expect(status).toBe(3);
  expect(stdout).toContain('where - --deep');
});
