/** Acceptance scenarios on how a rotation ends: what may be closed, and who leaves. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { now, Organisation, owners } from '../support/organisation.js';

test('scenario 34: a plan with history left is closed only when the value is attested dead and its custodian accepts', () => {
  const value = fakeSecret('stripe-secret-key', 'scenario 34');
  const org = new Organisation();
  const repo = new GitFixture(join(org.folder, 'all', 'shop'));
  repo.commit('add', { ...owners, '.env': `KEY=${value}\n` });
  repo.git('rm', '-q', '.env');
  repo.commit('remove');
  org.scan('internal');
  const fingerprint = org.fingerprintOf(value);
  org.home.run(['plan', fingerprint]);
  const verified = org.home.run(['verify', fingerprint]);
  expect(verified.status).toBe(1);
  expect(verified.stdout).toContain('history-remains');
  const close = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = org.home.run(['plan', 'close', fingerprint, '--by', 'ana', ...args]);
    expect(status, stdout + stderr).not.toBe(0);
    return stdout;
  };
  const isOpen = 'nobody has attested that it is dead';
  const isNotAccepted = /holds copies that .* has not accepted/;
  const first = close();
  expect(first).toContain(isOpen);
  expect(first).toMatch(isNotAccepted);
  const checked = {
    fingerprint,
    checked_at: new Date().toISOString(),
    result: 'dead',
    method: 'login',
    by: 'bo',
  };
  expect(org.home.run(['ingest', org.file('dead.jsonl', `${JSON.stringify(checked)}\n`)]).status).toBe(0);
  const dead = close();
  expect(dead).not.toContain(isOpen);
  expect(dead).toMatch(isNotAccepted);
  // Only its steps are open then.
  const accepted = close('--accept', 'shop', '--custodian', '@acme/payments');
  expect(accepted).not.toMatch(isNotAccepted);
});

test('scenario 38: who left gives three lists, and what dies with the account is marked', () => {
  const values = {
    owned: fakeSecret('stripe-secret-key', 'scenario 38'),
    used: fakeSecret('github-pat-classic', 'scenario 38 used'),
    unused: fakeSecret('github-pat-classic', 'scenario 38 unused'),
  };
  const org = new Organisation()
    .commit('api', {
      ...owners,
      '.env': `STRIPE_SECRET=${values.owned}\nDEPLOY_PAT=${values.used}\n`,
      'compose.yml': 'services:\n  api: { image: acme/api, env_file: .env }\n',
      'notes/old.txt': `${values.unused}\n`,
    })
    .scan('internal');
  const list = org.file(
    'inventory.yaml',
    [
      'version: 1',
      'reviewed: 2026-11-01',
      'parties:',
      '  - { id: ana, type: person, emails: [ana@example.org], status: left, left_on: 2026-10-31, successor: bo }',
      '  - { id: bo, type: person, emails: [bo@example.org], status: active }',
      'identities:',
      '  - { id: pay-live, match: [ { path: "**", kind: stripe-secret-key } ], owner: ana }',
      '',
    ].join('\n'),
  );
  const { stdout, status, stderr } = org.home.run([
    'offboard',
    'person',
    'ana',
    '--inventory',
    list,
    '--now',
    now,
  ]);
  expect(status, stderr).toBe(1);
  const listed = (name: string): string =>
    new RegExp(`^${name} \\(\\d\\)\\n((?: .*\\n)*)`, 'm').exec(stdout)?.[1] ?? '';
  const short = (value: string): string => org.fingerprintOf(value).slice(0, 12);
  expect(listed('re-own')).toContain(short(values.owned));
  expect(listed('re-own')).toContain('proposed: bo (successor); nobody is assigned');
  for (const value of [values.owned, values.used]) expect(listed('rotate')).toContain(short(value));
  expect(listed('revoke')).toContain(short(values.unused));
  for (const [name, value] of [
    ['rotate', values.used],
    ['revoke', values.unused],
  ] as const)
    expect(listed(name)).toMatch(new RegExp(`${short(value)} .*dies with the account`));
  expect(stdout).not.toMatch(new RegExp(`${short(values.owned)} .*dies with the account`));
});
