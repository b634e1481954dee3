/** Whom a plan turns to when people left, and plans by the handles that only a list of all of them showed. */
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { compose, now, Organisation, owners } from '../support/organisation.js';

const value = fakeSecret('stripe-secret-key', 'leavers');

function organisation(): Organisation {
  return new Organisation()
    .commit('shop', { '.github/CODEOWNERS': '* ana@acme.example\n', '.env': `KEY=${value}\n` })
    .commit('api', { ...owners, '.env': `KEY=${value}\n`, 'compose.yml': compose('api') })
    .scan('internal');
}

test('what somebody who left had to clean is for their successor, and the issue says why', () => {
  const org = organisation();
  const inventory = org.file(
    'inventory.yaml',
    [
      'version: 1',
      'reviewed: 2026-11-01',
      'parties:',
      '  - { id: ana, type: person, emails: [ana@acme.example], status: left, successor: bo }',
      '  - { id: bo, type: person, status: left, successor: team-shop }',
      '  - { id: team-shop, type: team }',
      'identities:',
      '  - id: shop',
      '    owner: "@acme/payments"',
      '    match: [ { path: "**", kind: stripe-secret-key } ]',
      '    consumers: [ { name: till, kind: service, owner: ana, environment: prod } ]',
      '',
    ].join('\n'),
  );
  const plan = org.planOf(value, '--inventory', inventory);
  const move = plan.steps.find(({ target }) => target?.startsWith('till'));
  expect(move).toMatchObject({
    who: 'team-shop',
    how: expect.stringContaining('ana has left: team-shop stands in'),
  });
  const { stdout } = org.home.run([
    ...['plan', org.fingerprintOf(value).slice(0, 12), '--format', 'issues', '--no-record'],
    ...['--inventory', inventory, '--now', now],
  ]);
  expect(stdout).toContain('For team-shop.');
  expect(stdout).toMatch(/ana has left\\?: team-shop stands in\./);
  expect(stdout).not.toMatch(/^For ana/m);
});

test('a handle that a list of all plans printed is known to plan and verify', () => {
  const org = organisation();
  const [plan] = org.plans('--no-record');
  const handle = plan?.id ?? '';
  expect(org.home.run(['log', 'show']).stdout).not.toContain(handle);
  const verified = org.home.run(['verify', handle, '--no-record']);
  expect(verified.stdout, verified.stderr).toContain(`plan ${handle}`);
  expect(verified.stdout).toContain('still-at-head');
  expect(org.home.run(['plan', handle, '--now', now]).stdout).toContain(`plan ${handle}`);
});

test('prove takes a secret for the plan that was recorded for it', () => {
  const org = organisation();
  const fingerprint = org.fingerprintOf(value).slice(0, 12);
  const before = org.home.run(['prove', fingerprint]);
  expect(before.stderr).toContain(`No plan that ${fingerprint} names, or for such a secret, is recorded.`);
  org.home.run(['plan', fingerprint]);
  org.home.run(['verify', fingerprint]);
  const { stdout, status, stderr } = org.home.run(['prove', fingerprint]);
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('Continuity statement for plan');
});
