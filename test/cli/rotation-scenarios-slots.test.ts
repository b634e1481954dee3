/** Acceptance scenario 15: as many values of one account as the provider keeps, and what shows that they are of one. */
import { describe, expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { compose, now, Organisation, owners, type PlanRow } from '../support/organisation.js';

const idOf = (seed: string): string => fakeSecret('aws-access-key-id', `slots ${seed}`);
const keyOf = (seed: string): string => fakeSecret('aws-secret-access-key', `slots ${seed}`);
const env = (seed: string): string =>
  `AWS_ACCESS_KEY_ID=${idOf(seed)}\nAWS_SECRET_ACCESS_KEY=${keyOf(seed)}\n`;

/** Two keys in two repositories; the first is used by a service. */
function twoKeys(notes: Readonly<Record<string, string>> = {}): Organisation {
  return new Organisation()
    .commit('api', { ...owners, '.env': env('a'), 'compose.yml': compose('api') })
    .commit('jobs', { ...owners, 'notes.txt': env('b'), ...notes })
    .scan('internal');
}

function entry(org: Organisation, ...selectors: readonly string[]): string {
  const lines = ['version: 1', 'reviewed: 2026-11-01', 'identities:', '  - id: svc-deploy', '    match:'];
  return org.file(
    'inventory.yaml',
    `${[...lines, ...selectors.map((selector) => `      - { ${selector} }`)].join('\n')}\n`,
  );
}

function expectFull(plan: PlanRow, principal: string): void {
  expect(plan.principal).toBe(principal);
  expect(plan.others).toHaveLength(1);
  expect(plan.reasons).toContain('SLOT_FULL');
  const types = plan.steps.map(({ type }) => type);
  expect(types[0]).toBe('free-slot');
  const how = plan.steps[0]?.how ?? '';
  expect(how).toContain(`AWS keeps 2 values of ${principal} valid at once`);
  // The one that a service uses is not the one to look at first.
  expect(how).toContain(`First to look at: ${idOf('b')}, nothing known uses it`);
  expect(how).toMatch(new RegExp(`${idOf('a')} \\(seen since [\\d-]+, used by app:api, compose:api/api\\)`));
  expect(plan.questions.map(({ code }) => code)).not.toContain('SLOTS_UNKNOWN');
}

describe('scenario 15: both keys of an AWS user are in use', () => {
  test('an entry of the inventory that matches both', () => {
    const org = twoKeys();
    const both = entry(org, `identity: "aws::${idOf('a')}"`, `identity: "aws::${idOf('b')}"`);
    expectFull(org.planOf(keyOf('a'), '--inventory', both), 'inventory:svc-deploy');
    const told = org.home.run(['explain', org.fingerprintOf(keyOf('a')), '--inventory', both]).stdout;
    expect(told).toMatch(/reasons +.*SLOT_FULL/);
    expect(told).toContain(
      'SLOT_FULL: inventory:svc-deploy can have 2 values valid at once, and as many are known',
    );
  });

  test('a check that saw the user of each', () => {
    const org = twoKeys();
    const rows = ['a', 'b'].map((seed) =>
      JSON.stringify({
        fingerprint: org.fingerprintOf(keyOf(seed)),
        checked_at: '2026-11-21T10:00:00Z',
        result: 'live',
        method: 'caller identity',
        by: 'bo',
        principal: 'arn:aws:iam::123456789012:user/ci/deploy',
      }),
    );
    const file = org.file('live.jsonl', `${rows.join('\n')}\n`);
    expect(org.home.run(['ingest', file, '--now', now]).status).toBe(0);
    expectFull(org.planOf(keyOf('a')), 'aws:123456789012:user/deploy');
    const told = org.home.run(['explain', org.fingerprintOf(keyOf('a'))]).stdout;
    expect(told).toContain('SLOT_FULL: aws:123456789012:user/deploy can have 2 values valid at once');
  });

  test('the user that stands beside each', () => {
    const arn = 'arn:aws:iam::123456789012:user/deploy';
    const org = new Organisation()
      .commit('api', { ...owners, '.env': `# ${arn}\n${env('a')}`, 'compose.yml': compose('api') })
      .commit('jobs', { ...owners, 'notes.txt': `${env('b')}# ${arn}\n` })
      .scan('internal');
    expectFull(org.planOf(keyOf('a')), 'aws:123456789012:user/deploy');
  });

  test('a key that is attested dead leaves room once it is deleted', () => {
    const org = twoKeys();
    const both = entry(org, `identity: "aws::${idOf('a')}"`, `identity: "aws::${idOf('b')}"`);
    const dead = {
      fingerprint: org.fingerprintOf(keyOf('b')),
      checked_at: '2026-11-21T10:00:00Z',
      result: 'dead',
      method: 'refused',
      by: 'bo',
    };
    org.home.run(['ingest', org.file('dead.jsonl', JSON.stringify(dead)), '--now', now]);
    const plan = org.planOf(keyOf('a'), '--inventory', both);
    expect(plan.reasons).not.toContain('SLOT_FULL');
    expect(plan.steps.map(({ type }) => type)).not.toContain('free-slot');
    expect(plan.steps.find(({ type }) => type === 'issue')?.how).toContain(
      `${idOf('b')} is attested dead: what is only switched off still counts, so delete that first`,
    );
  });

  test('nothing says that they are of one user: it is asked', () => {
    const org = twoKeys();
    const plan = org.planOf(keyOf('a'));
    expect(plan.reasons).not.toContain('SLOT_FULL');
    expect(plan.others).toEqual([]);
    const question = plan.questions.find(({ code }) => code === 'SLOTS_UNKNOWN');
    expect(question?.text).toContain(`does ${idOf('b')} belong to the same account as this one?`);
    expect(question?.text).toContain('aws iam get-access-key-last-used');
    expect(plan.steps.find(({ type }) => type === 'issue')?.how).toMatch(/^Look first how many/);
    // An entry of its own settles it as well.
    const one = entry(org, `identity: "aws::${idOf('a')}"`);
    const settled = org.planOf(keyOf('a'), '--inventory', one);
    expect(settled.questions.map(({ code }) => code)).not.toContain('SLOTS_UNKNOWN');
  });

  test('a path that catches more keys than a user can have names no user', () => {
    const org = new Organisation()
      .commit('api', { ...owners, 'a.env': env('a'), 'b.env': env('b'), 'c.env': env('c') })
      .scan('internal');
    const all = entry(org, 'path: "**", kind: aws-secret-access-key');
    expect(org.plans('--inventory', all)).toHaveLength(3);
  });
});
