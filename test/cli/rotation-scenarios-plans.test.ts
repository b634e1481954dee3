/** Acceptance scenarios on plans: providers, order, portfolio. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { slackExport, zipOf } from '../support/exports-of-acme.js';
import { fakeSecret } from '../support/fake-secret.js';
import { compose, now, Organisation, owners, type PlanRow } from '../support/organisation.js';

const yaml = (...lines: readonly string[]): string =>
  `${['version: 1', 'reviewed: 2026-11-01', ...lines].join('\n')}\n`;

const stepOf = (plan: PlanRow, type: string): PlanRow['steps'][number] => {
  const found = plan.steps.find((step) => step.type === type);
  if (found === undefined)
    throw new Error(`no step ${type} in ${plan.steps.map((step) => step.type).join(', ')}`);
  return found;
};

describe('what the provider does', () => {
  const accountKey = (): string => randomBytes(64).toString('base64');
  const connection = (key: string): string =>
    `DefaultEndpointsProtocol=https;AccountName=acmestore;AccountKey=${key};EndpointSuffix=core.windows.net`;
  const sas = (query: string): string =>
    `https://acmestore.blob.core.windows.net/backups/a.tgz?${query}&sig=${encodeURIComponent(randomBytes(32).toString('base64'))}`;
  const dated = 'sv=2022-11-02&ss=b&srt=co&sp=rl&st=2026-11-01T00:00:00Z&se=2027-06-01T00:00:00Z';

  test('scenario 12: a signature with a stored policy: the account whose key ends it is named, and what ends with it', () => {
    const org = new Organisation()
      .commit('files', { ...owners, 'links.txt': `${sas('sv=2022-11-02&sr=c&si=readers')}\n` })
      .scan('internal');
    const [plan] = org.plans();
    expect(plan?.warnings.join()).toContain('azure-storage:acmestore');
    expect(plan?.reasons).toContain('REVOCATION_CASCADES');
  });

  test('scenario 15: where both passwords of a user are in use, one is freed first', () => {
    const [first, second] = ['one', 'two'].map((name) => fakeSecret('mysql-uri', `scenario 15 ${name}`));
    const files = [first, second].map((password, at) => ({
      [`${at}/.env`]: `DATABASE_URL=mysql://books:${password}@db1.acme.example:3306/books\n`,
      [`${at}/compose.yml`]: compose(`job${at}`),
    }));
    const org = new Organisation()
      .commit('books', Object.assign({ ...owners }, ...files) as Record<string, string>)
      .scan('internal');
    const [plan] = org.plans();
    expect(plan?.reasons).toContain('SLOT_FULL');
    expect(plan?.warnings.join()).toContain('SLOT_FULL: all values that can be valid at once are taken');
    const types = plan?.steps.map(({ type }) => type) ?? [];
    expect(types).toContain('free-slot');
    expect(types.indexOf('free-slot')).toBeLessThan(types.indexOf('issue'));
  });

  test('scenario 16: when the other key of the pair is exposed too, the unused one is made anew before and after', () => {
    const [first, second] = [accountKey(), accountKey()];
    const org = new Organisation()
      .commit('files', {
        ...owners,
        'app/.env': `STORAGE=${connection(first)}\n`,
        'app/compose.yml': compose('files'),
        'spare/notes.txt': `STORAGE=${connection(second)}\n`,
      })
      .scan('internal');
    const plan = org.plans()[0];
    if (plan === undefined) throw new Error('no plan');
    expect(plan.reasons).toContain('ALTERNATE_EXPOSED');
    expect(stepOf(plan, 'issue').title).toContain('1 of 2');
    expect(stepOf(plan, 'revoke-old').title).toContain('2 of 2');
    const order = ['issue', 'update', 'revoke-old'].map((type) => stepOf(plan, type).number);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  test('scenario 17: three signatures of an account key are listed with who uses each', () => {
    const key = accountKey();
    const names = ['first', 'second', 'third'];
    const files = names.map((name) => ({
      [`${name}/.env`]: `BACKUP_URL=${sas(dated)}\n`,
      [`${name}/compose.yml`]: compose(name),
    }));
    const org = new Organisation()
      .commit(
        'files',
        Object.assign({ ...owners, 'app/.env': `STORAGE=${connection(key)}\n` }, ...files) as Record<
          string,
          string
        >,
      )
      .scan('internal');
    const plan = org.plans().find(({ kind }) => kind === 'azure-storage-connection-string');
    if (plan === undefined) throw new Error('no plan');
    expect(plan.relations.filter(({ relation }) => relation === 'signs')).toHaveLength(3);
    const children = stepOf(plan, 'children').how;
    for (const { relation, to } of plan.relations)
      if (relation === 'signs') expect(children).toContain(to.slice(0, 12));
    for (const name of names) expect(children).toContain(name);
    expect(plan.warnings.join()).toContain('REVOCATION_CASCADES');
  });

  test('scenario 30: in public and dead it is purged', () => {
    const value = fakeSecret('stripe-secret-key', 'scenario 30');
    const org = new Organisation().commit('shop', { ...owners, '.env': `KEY=${value}\n` }).scan('public');
    expect(org.planOf(value).decision.strategy).toBe('emergency');
    const checked = {
      fingerprint: org.fingerprintOf(value),
      checked_at: now,
      result: 'dead',
      method: 'login',
      by: 'bo',
    };
    expect(
      org.home.run(['ingest', org.file('dead.jsonl', `${JSON.stringify(checked)}\n`), '--now', now]).status,
    ).toBe(0);
    expect(org.planOf(value)).toMatchObject({ decision: { strategy: 'purge-only', rule: 'dead' } });
  });
});

describe('order', () => {
  test('scenario 13: who can read it is the first question', () => {
    const value = fakeSecret('stripe-secret-key', 'scenario 13 first');
    const org = new Organisation().commit('shop', { ...owners, '.env': `KEY=${value}\n` }).scan();
    const plan = org.planOf(value);
    expect(plan.questions[0]?.code).toBe('AUDIENCE_UNKNOWN');
    expect(plan.ifPublic).toContain('emergency');
  });

  test('scenario 19: a chain of services is moved in order, a circle beside it by itself', () => {
    const value = fakeSecret('stripe-secret-key', 'scenario 19');
    const org = new Organisation().commit('shop', { ...owners, '.env': `KEY=${value}\n` }).scan('internal');
    const needs: Readonly<Record<string, string>> = { a: 'b', b: 'c', c: '', x: 'y', y: 'x' };
    const consumers = Object.entries(needs).map(
      ([name, on]) => `      - { name: ${name}, kind: service, environment: prod, depends_on: [${on}] }`,
    );
    const list = org.file(
      'inventory.yaml',
      yaml(
        'identities:',
        '  - id: shop',
        '    match: [ { path: "**", kind: stripe-secret-key } ]',
        '    owner: payments',
        '    consumers:',
        ...consumers,
      ),
    );
    const plan = org.planOf(value, '--inventory', list);
    const targets = plan.steps.filter(({ type }) => type === 'update').map(({ target }) => target);
    const order = targets.flatMap((target) => /^(\w) \(prod\)$/.exec(target ?? '')?.[1] ?? []);
    expect(order.filter((name) => 'abc'.includes(name))).toEqual(['c', 'b', 'a']);
    expect([...order].sort()).toEqual(['a', 'b', 'c', 'x', 'y']);
    expect(plan.warnings).toContain('these depend on each other, so move them together: x, y');
    expect(plan.blockedBy).not.toContain('CYCLE');
  });
});

describe('all plans', () => {
  test('scenario 42: the order of an inventory and of the scans changes no plan', () => {
    const values = ['a', 'b', 'c'].map((name) => fakeSecret('stripe-secret-key', `scenario 42 ${name}`));
    const org = new Organisation();
    values.forEach((value, at) => {
      org.commit(`shop${at}`, { ...owners, '.env': `KEY=${value}\n`, 'compose.yml': compose(`shop${at}`) });
    });
    org.scan('internal');
    const header = 'identity,match_type,match,owner,environment,consumer,consumer_kind,reviewed';
    const rows = values.flatMap((value, at) => {
      const selector = `svc-${at},fingerprint,${org.fingerprintOf(value)},payments,prod`;
      return [`${selector},api-${at},service,2026-11-01`, `${selector},job-${at},batch,2026-11-01`];
    });
    const printed = [rows, [...rows].reverse(), [...rows.slice(3), ...rows.slice(0, 3)]].map((order) => {
      const list = org.file('inventory.csv', `${[header, ...order].join('\n')}\n`);
      const run = org.home.run(['plan', '--all', '--json', '--no-record', '--now', now, '--inventory', list]);
      expect(run.status, run.stderr).toBe(0);
      return run.stdout;
    });
    expect(printed[0]).toContain('job-2');
    expect(printed[1]).toBe(printed[0]);
    expect(printed[2]).toBe(printed[0]);
  });

  test('scenario 43: the worked example has 68 points, and its terms add up in print', async () => {
    const password = fakeSecret('postgres-uri', 'scenario 43');
    const url = `postgres://ledger:${password}@db1.acme.example:5432/ledger`;
    const org = new Organisation()
      .commit('ledger', { ...owners, 'prod.env': `DATABASE_URL=${url}\n` })
      .commit('reporting', { '.github/CODEOWNERS': '* @acme/reporting\n', 'etl/run.sh': `psql ${url}\n` });
    const chat = slackExport([{ ts: '1709287620.000200', user: 'U01ANA', text: `try ${url} now` }]);
    writeFileSync(join(org.folder, 'all', 'chat.zip'), await zipOf(chat));
    org.scan('internal');
    const consumers = ['prod', 'staging'].map(
      (name) => `      - { name: ledger-api, kind: service, environment: ${name}, reload: restart }`,
    );
    const list = org.file(
      'inventory.yaml',
      yaml(
        'identities:',
        '  - id: svc-ledger',
        '    match: [ { identity: "db:postgresql:db1.acme.example:5432:ledger" } ]',
        '    owner: "@acme/payments"',
        '    environment: [prod, staging]',
        '    privilege: write',
        '    class: static',
        '    rotation: { overlap: yes }',
        '    consumers:',
        ...consumers,
        '      - { name: ledger-eod, kind: batch, environment: prod, runs: "cron 0 2 * * *" }',
      ),
    );
    const { stdout } = org.home.run([
      'plan',
      '--no-record',
      org.fingerprintOf(password).slice(0, 12),
      '--now',
      now,
      '--inventory',
      list,
    ]);
    const text = stdout.replace(/\s+/g, ' ');
    const [, sum, band, terms] = /priority (\d+) (\w+) = (.*?)(?:;|readiness)/.exec(text) ?? [];
    const points = [...(terms ?? '').matchAll(/([a-z]+) (\d+) \(/g)].map(([, name, count]) => [
      name,
      Number(count),
    ]);
    expect(points).toEqual([
      ['exposure', 15],
      ['privilege', 15],
      ['lifetime', 15],
      ['environment', 10],
      ['sharing', 5],
      ['age', 5],
      ['ownership', 0],
      ['liveness', 3],
    ]);
    expect(points.reduce((total, [, count]) => total + Number(count), 0)).toBe(Number(sum));
    expect([sum, band]).toEqual(['68', 'high']);
  });

  test('scenario 46: blocked plans are told by the question that frees most of them', () => {
    const org = new Organisation();
    for (const [name, count] of Object.entries({ billing: 3, shop: 1 })) {
      const lines = Array.from(
        { length: count },
        (_, at) => `${'ABC'[at]}_TOKEN=${fakeSecret('stripe-secret-key', `46 ${name} ${at}`)}\n`,
      );
      org.commit(name, { '.github/CODEOWNERS': '* @acme/all\n/.env\n', '.env': lines.join('') });
    }
    org.scan('internal');
    const { stdout } = org.home.run(['plan', '--all', '--no-record', '--now', now]);
    expect(stdout).toMatch(
      /blocked \(4\)\n {2}3 plans wait for an owner of billing .*\n {2}1 plan waits for an owner of shop/,
    );
  });
});
