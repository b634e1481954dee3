/** Who leaves, and what that means for secrets, through the command line. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

const now = ['--now', '2026-11-22T10:00:00Z'];
const values = {
  pat: fakeSecret('github-pat-classic', 'offboard'),
  stripe: fakeSecret('stripe-secret-key', 'offboard'),
  posted: fakeSecret('slack-bot-token', 'offboard'),
};

/** A repository that the person of all commits (`ana@example.org`) works on, and a chat that she wrote to. */
function prepared(): { readonly home: CliHome; readonly inventory: string } {
  const folder = scratch();
  const repo = new GitFixture(join(folder, 'all', 'api'));
  repo.commit('add', {
    '.github/CODEOWNERS': '* @acme/payments\n',
    'package.json': '{"name":"api"}\n',
    'config/.env.prod': `STRIPE_SECRET=${values.stripe}\nDEPLOY_PAT=${values.pat}\n`,
    '.github/workflows/deploy.yml': [
      'on: push',
      'jobs:',
      '  release:',
      '    steps:',
      '      - run: ./deploy',
      '        env:',
      '          GH_TOKEN: ${{ secrets.DEPLOY_PAT }}',
      '',
    ].join('\n'),
  });
  const chat = join(folder, 'all', 'slack');
  mkdirSync(join(chat, 'ops'), { recursive: true });
  const user = (id: string, email: string): object => ({ id, name: id, profile: { real_name: id, email } });
  writeFileSync(
    join(chat, 'users.json'),
    JSON.stringify([user('U1', 'ana@example.org'), user('U2', 'bo@example.org')]),
  );
  writeFileSync(
    join(chat, 'channels.json'),
    JSON.stringify([{ id: 'C1', name: 'ops', members: ['U1', 'U2'] }]),
  );
  writeFileSync(
    join(chat, 'ops', '2026-11-01.json'),
    JSON.stringify([{ type: 'message', user: 'U1', ts: '1793500000.000100', text: `use ${values.posted}` }]),
  );
  const inventory = join(folder, 'inventory.yaml');
  writeFileSync(
    inventory,
    [
      'version: 1',
      'reviewed: 2026-11-01',
      'parties:',
      '  - { id: ana, type: person, emails: [ana@example.org], status: left, left_on: 2026-10-31, successor: bo }',
      '  - { id: bo, type: person, emails: [bo@example.org], status: active }',
      'identities:',
      '  - id: pay-live',
      '    match: [{ kind: stripe-secret-key, path: "**" }]',
      '    owner: ana',
      '    status: retired',
      '',
    ].join('\n'),
  );
  const home = new CliHome(folder);
  home.run(['scan', join(folder, 'all')]);
  return { home, inventory };
}

function withoutValues(text: string): void {
  for (const value of Object.values(values)) expect(text).not.toContain(value);
}

describe('a person', () => {
  test('scenario 38: left: three lists, and what dies with the account before it is closed', () => {
    const { home, inventory } = prepared();
    const { stdout, stderr, status } = home.run([
      'offboard',
      'person',
      'ANA@example.org',
      '--inventory',
      inventory,
      ...now,
    ]);
    expect(stderr).toBe('');
    expect(status).toBe(1);
    expect(stdout).toContain('person ana (left 2026-10-31, imported)');
    expect(stdout).toMatch(/rotate \(\d\)\n.*github-pat-classic.*dies with the account/);
    expect(stdout).toMatch(/1\. Before the account is closed: rotate the 1 /);
    // Posted under the pseudonym of her address.
    expect(stdout).toMatch(/anon:\w+ {2}slack-bot-token[\s\S]*poster \(O7, strong\)/);
    expect(stdout).toMatch(/used by gha:.*deploy\.yml#release/);
    expect(stdout).not.toContain('bo (manager)');
    withoutValues(stdout);
  });

  test('nobody is said to have left who was not imported as left', () => {
    const { home } = prepared();
    const { stdout } = home.run(['offboard', 'person', 'ana@example.org', ...now]);
    expect(stdout).toContain('person ana@example.org (nobody stated it)');
    expect(stdout).toContain('Nobody has imported that this person left');
    const unknown = home.run(['offboard', 'person', 'zoe@example.org', ...now]);
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('Nothing by that name');
    expect(home.run(['offboard', '--all', ...now])).toMatchObject({ status: 0 });
    expect(home.run(['offboard']).status).toBe(2);
  });
});

test('--all tells what was imported as ended, in every format', () => {
  const { home, inventory } = prepared();
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const schema = readFileSync(new URL('../../schemas/output.schema.json', import.meta.url), 'utf8');
  const validate = ajv.compile(JSON.parse(schema) as object);
  const args = ['offboard', '--all', '--inventory', inventory, ...now];
  const records = home.json(args);
  expect(records[0]).toMatchObject({ type: 'begin', format: 1 });
  for (const record of records) {
    validate(record);
    expect(validate.errors ?? [], JSON.stringify(record)).toEqual([]);
  }
  const cases = records.filter(({ type }) => type === 'offboard');
  expect(cases.map(({ trigger }) => trigger)).toEqual(['person-left', 'principal-retired']);
  expect(cases[1]).toMatchObject({ stated: 'imported', retire: [{ status: 'STILL_CONSUMED', steps: [] }] });
  const text = home.run(args).stdout;
  const markdown = home.run([...args, '--format', 'md']).stdout;
  expect(markdown).toContain('- [ ] ');
  expect(markdown).toContain('**dies with the account**');
  for (const output of [JSON.stringify(records), text, markdown]) withoutValues(output);
  expect(home.run(args).stdout).toBe(text);
});
