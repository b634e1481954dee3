/** Plans of scanned repositories: the scenarios through the real command line. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { compose, Organisation, owners } from '../support/organisation.js';

describe('what a plan is about', () => {
  test('scenario 2: a database user written in four ways is one plan, and each workload is moved once', () => {
    const password = fakeSecret('postgres-uri', 'scenario 2');
    const url = `postgresql://ledger:${password}@db1.acme.example:5432/ledger`;
    const org = new Organisation()
      .commit('ledger', {
        ...owners,
        '.env': `DATABASE_URL=${url}\nDB_PASSWORD=${password}\n`,
        'compose.yml': compose('api'),
        'k8s/secret.yml': [
          'apiVersion: v1',
          'kind: Secret',
          'metadata: { name: db, namespace: prod }',
          `data: { DATABASE_URL: ${Buffer.from(url).toString('base64')} }`,
          '---',
          'apiVersion: apps/v1',
          'kind: Deployment',
          'metadata: { name: api, namespace: prod }',
          'spec: { template: { spec: { containers: [ { name: api, envFrom: [ { secretRef: { name: db } } ] } ] } } }',
          '',
        ].join('\n'),
        'chart/Chart.yaml': 'name: ledger\nversion: 1.0.0\n',
        'chart/values-prod.yaml': `database:\n  url: ${url}\n`,
      })
      .scan();
    const plan = org.planOf(password);
    const updates = plan.steps.filter(({ type }) => type === 'update').map(({ target }) => target);
    expect(new Set(updates).size).toBe(updates.length);
    expect(updates.length).toBeGreaterThan(1);
    expect(org.plans().filter(({ kind }) => /postgres|password/.test(kind))).toHaveLength(1);
  });

  test('scenario 45: three secrets of one service are one restart in each wave', () => {
    const names = ['ORDERS', 'REFUNDS', 'PAYOUTS'];
    const values = names.map((name) => fakeSecret('stripe-secret-key', `scenario 45 ${name}`));
    const org = new Organisation()
      .commit('shop', {
        ...owners,
        '.env': values.map((value, at) => `${names[at]}_KEY=${value}\n`).join(''),
        'compose.yml': compose('shop'),
      })
      .scan();
    const shared = values.map((value) =>
      org.planOf(value).steps.filter(({ type, target }) => type === 'update' && target?.includes('shop')),
    );
    for (const updates of shared) {
      expect(updates.length).toBeGreaterThan(0);
      for (const { sharedWith } of updates) expect(sharedWith).toBe(2);
    }
  });
});

describe('strategies', () => {
  test('scenario 3: one value for production and staging is split before it is rotated', () => {
    const value = fakeSecret('stripe-secret-key', 'scenario 3');
    const org = new Organisation()
      .commit('shop', { ...owners, '.env.prod': `KEY=${value}\n`, '.env.staging': `KEY=${value}\n` })
      .scan('internal');
    const plan = org.planOf(value);
    expect(plan).toMatchObject({ decision: { strategy: 'split-first', rule: 'shared-envs' } });
    expect(plan.conditions).toContain('CROSS_ENVIRONMENT');
    const types = plan.steps.map(({ type }) => type);
    expect(types).toContain('split');
    expect(types.indexOf('split')).toBeLessThan(types.indexOf('revoke-old'));
    expect(types).not.toContain('issue');
  });

  test('scenario 6: left without an owner on purpose, it is manual and waits for one', () => {
    const value = fakeSecret('stripe-secret-key', 'scenario 6');
    const org = new Organisation()
      .commit('shop', { '.github/CODEOWNERS': '* @acme/payments\n/old/\n', 'old/.env': `KEY=${value}\n` })
      .scan('internal');
    const plan = org.planOf(value);
    expect(plan).toMatchObject({
      decision: { strategy: 'manual' },
      status: 'blocked',
      blockedBy: ['OWNER_UNKNOWN'],
    });
    expect(plan.steps[0]?.type).toBe('assign');
  });

  test('scenario 7: several owners of code are named, and none is chosen', () => {
    const value = fakeSecret('stripe-secret-key', 'scenario 7');
    const org = new Organisation()
      .commit('a', { '.github/CODEOWNERS': '* @acme/a\n', '.env': `KEY=${value}\n` })
      .commit('b', { '.github/CODEOWNERS': '* @acme/b\n', '.env': `KEY=${value}\n` })
      .scan('internal');
    const plan = org.planOf(value);
    expect(plan.blockedBy).toContain('OWNER_AMBIGUOUS');
    expect(plan.questions.find(({ code }) => code === 'OWNER_AMBIGUOUS')?.text).toBe(
      'which of @acme/a, @acme/b answers for it?',
    );
  });

  test('scenario 13: unknown readers are the first question; in public it is contained first, whoever owns it', () => {
    const value = fakeSecret('stripe-secret-key', 'scenario 13');
    const files = { '.env': `KEY=${value}\n`, 'compose.yml': compose('shop') };
    const silent = new Organisation().commit('shop', files).scan().planOf(value);
    expect(silent.questions.map(({ code }) => code)).toContain('AUDIENCE_UNKNOWN');
    expect(silent.ifPublic).toContain('emergency');
    const open = new Organisation().commit('shop', files).scan('public').planOf(value);
    expect(open).toMatchObject({ decision: { strategy: 'emergency' }, status: 'ready', blockedBy: [] });
    const types = open.steps.map(({ type }) => type);
    expect(['contain', 'preserve']).toEqual(expect.arrayContaining(types.slice(0, 2)));
    expect(types.indexOf('contain')).toBeLessThan(types.indexOf('assign'));
    expect(open.warnings[0]).toMatch(/^will probably break: .*shop/);
    const unused = new Organisation();
    const repo = new GitFixture(join(unused.folder, 'all', 'shop'));
    repo.write('notes.txt', `KEY=${value}\n`);
    repo.git('add', '-A');
    repo.git('commit', '-q', '-m', 'import', '--author', 'import-bot[bot] <bot@example.org>');
    const nobody = unused.scan('public').planOf(value);
    expect(nobody).toMatchObject({ decision: { strategy: 'emergency' }, status: 'ready' });
    expect(nobody.reasons).toEqual(expect.arrayContaining(['CONSUMERS_UNKNOWN', 'OWNER_UNKNOWN']));
    expect(nobody.warnings[0]).toMatch(/^will probably break: nothing is known to use it/);
  });

  test('scenario 14: in private, overlap decides between two values and one switch', () => {
    const two = fakeSecret('stripe-secret-key', 'scenario 14');
    const one = fakeSecret('slack-bot-token', 'scenario 14');
    const org = new Organisation()
      .commit('shop', { ...owners, '.env': `STRIPE=${two}\nSLACK=${one}\n`, 'compose.yml': compose('shop') })
      .scan('internal');
    expect(org.planOf(two).decision.strategy).toBe('staged-dual');
    const cutover = org.planOf(one);
    expect(cutover.decision.strategy).toBe('staged-cutover');
    expect(cutover.steps.map(({ type }) => type)).toEqual(expect.arrayContaining(['freeze', 'switch']));
    expect(cutover.warnings.join()).toContain('there is no way back after the switch');
  });

  test('scenario 14: in private, what nobody knows about overlap is asked, and a person decides each step', () => {
    const value = fakeSecret('postgres-uri', 'scenario 14 unknown');
    const org = new Organisation()
      .commit('shop', {
        ...owners,
        '.env': `DATABASE_URL=postgres://shop:${value}@db1.acme.example/shop\n`,
        'compose.yml': compose('shop'),
      })
      .scan('internal');
    const plan = org.planOf(value);
    expect(plan.decision).toMatchObject({ strategy: 'manual', rule: 'overlap-unknown' });
    expect(plan.status).toBe('needs-approval');
    expect(plan.reasons).toContain('OVERLAP_UNKNOWN');
    expect(plan.questions).toContainEqual({
      code: 'OVERLAP_UNKNOWN',
      text: 'can an old and a new value be valid together?',
      to: '@acme/payments',
    });
    expect(plan.warnings.join()).toContain('whether making a new value ends the old one is not known');
    expect(plan.steps.map(({ type }) => type)).not.toContain('contain');
    // The answer decides: a second role beside the first, or one switch for all.
    const answered = (overlap: string): string =>
      org.file(
        'inventory.yaml',
        `version: 1\nreviewed: 2026-11-01\nidentities:\n  - id: shop\n    match: [ { identity: "db:postgresql:db1.acme.example:5432:shop" } ]\n    rotation: { overlap: ${overlap} }\n`,
      );
    expect(org.planOf(value, '--inventory', answered('yes')).decision.strategy).toBe('staged-dual');
    expect(org.planOf(value, '--inventory', answered('no')).decision.strategy).toBe('staged-cutover');
  });

  test('scenario 44: an AWS key in public: the quarantine is told, and who else can change it', () => {
    const id = fakeSecret('aws-access-key-id', 'scenario 44');
    const key = fakeSecret('aws-secret-access-key', 'scenario 44');
    const org = new Organisation()
      .commit('infra', { ...owners, 'a.env': `AWS_ACCESS_KEY_ID=${id}\nAWS_SECRET_ACCESS_KEY=${key}\n` })
      .scan('public');
    const plan = org.planOf(key);
    expect(plan.providerReaction).toContain('quarantine');
    expect(plan.reasons).toContain('SELF_ROTATING');
    expect(plan.warnings.join()).toContain('second admin path: another administrator of AWS');
    expect(plan.status).toBe('ready');
  });
});

describe('what is declared', () => {
  const value = fakeSecret('gitlab-deploy-token', 'scenario 18');
  const inventory = (text: string): string => `version: 1\n${text}`;

  test('scenario 18: a token that is needed to replace itself is told as the way round, and blocked', () => {
    const org = new Organisation().commit('deploy', { ...owners, '.env': `DEPLOY_TOKEN=${value}\n` });
    org.scan('internal');
    const entry = (through: string): string =>
      org.file(
        'inventory.yaml',
        inventory(
          [
            'identities:',
            '  - id: deploy-token',
            '    match: [ { path: "**", kind: gitlab-deploy-token } ]',
            '    owner: platform',
            `    rotation: { through: [${through}] }`,
            '    consumers:',
            '      - { name: ci, kind: ci, depends_on: [vault] }',
            '      - { name: vault, kind: service, environment: prod }',
            '',
          ].join('\n'),
        ),
      );
    const plan = org.planOf(value, '--inventory', entry('vault'));
    expect(plan.warnings).toContain('SELF_ROTATING: deploy-token -> vault -> deploy-token');
    expect(plan).toMatchObject({ status: 'blocked', blockedBy: ['SELF_ROTATING'] });
    expect(plan.warnings.filter((line) => line.startsWith('way out'))).toHaveLength(3);
    const free = org.planOf(value, '--inventory', entry('vault, break-glass'));
    expect(free.blockedBy).not.toContain('SELF_ROTATING');
    expect(free.warnings.join()).toContain('second path: break-glass');
  });

  test('scenario 20, scenario 31: a monthly job is waited for, and a new consumer changes the revision', () => {
    const key = fakeSecret('stripe-secret-key', 'scenario 20');
    const org = new Organisation().commit('books', { ...owners, '.env': `KEY=${key}\n` });
    org.scan('internal');
    const entry = (...consumers: readonly string[]): string =>
      org.file(
        'inventory.yaml',
        inventory(
          [
            'identities:',
            '  - id: books',
            '    match: [ { path: "**", kind: stripe-secret-key } ]',
            '    owner: books',
            '    environment: [prod]',
            '    consumers:',
            ...consumers.map((consumer) => `      - ${consumer}`),
            '',
          ].join('\n'),
        ),
      );
    const closing = '{ name: month-end, kind: batch, environment: prod, runs: "cron 0 3 1 * *" }';
    const plan = org.planOf(key, '--inventory', entry(closing));
    const overlap = plan.steps.find(({ type }) => type === 'overlap');
    expect(Date.parse(overlap?.due ?? '')).toBeGreaterThan(Date.parse('2026-12-01T03:00:00Z'));
    const more = org.planOf(
      key,
      '--inventory',
      entry(closing, '{ name: api, kind: service, environment: prod }'),
    );
    expect(more.id).toBe(plan.id);
    expect(more.revision).not.toBe(plan.revision);
    expect(org.planOf(key, '--inventory', entry(closing)).revision).toBe(plan.revision);
  });

  test('scenario 21: an agent that shares a token with a service is paused, and a gate shows it', () => {
    const token = fakeSecret('github-pat', 'scenario 21');
    const org = new Organisation()
      .commit('tools', {
        ...owners,
        '.mcp.json': JSON.stringify({
          mcpServers: { gh: { command: 'gh-mcp', env: { GITHUB_PAT: token } } },
        }),
        '.env': `GITHUB_PAT=${token}\n`,
        'compose.yml': compose('mirror'),
      })
      .scan('internal');
    const plan = org.planOf(token);
    expect(plan.conditions).toContain('AGENT_SHARED');
    const agent = plan.steps.find(({ type, target }) => type === 'update' && target?.startsWith('agent:'));
    expect(agent?.how).toContain('Pause the agent first');
    expect(agent?.gates).toContain('agent_paused');
    expect(plan.steps.flatMap(({ gates }) => gates)).toContain('agent_resumed_ok');
  });

  test('scenario 26: what was reviewed long ago is stale, and nothing runs by itself', () => {
    const key = fakeSecret('stripe-secret-key', 'scenario 26');
    const org = new Organisation().commit('shop', { ...owners, '.env': `KEY=${key}\n` });
    org.scan('internal');
    const entry = (reviewed: string): string =>
      org.file(
        'inventory.yaml',
        inventory(
          [
            `reviewed: ${reviewed}`,
            'identities:',
            '  - id: shop',
            '    match: [ { path: "**", kind: stripe-secret-key } ]',
            // What the code says as well stands when the entry is stale; a person is asked for the rest.
            '    owner: "@acme/payments"',
            '    environment: [prod]',
            '    class: static',
            '    rotation: { overlap: yes }',
            '    consumers_complete: true',
            '    consumers: [ { name: shop, kind: service, environment: prod, reload: restart } ]',
            '    resources: [ { kind: payment, address: "stripe" } ]',
            '',
          ].join('\n'),
        ),
      );
    expect(org.planOf(key, '--inventory', entry('2026-11-01')).decision.strategy).toBe('automatic');
    const stale = org.planOf(key, '--inventory', entry('2026-01-01'));
    expect(stale.decision.strategy).toBe('staged-dual');
    expect(stale.reasons).toContain('FACT_STALE');
  });
});
