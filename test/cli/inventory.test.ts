/** What people state of secrets: checked, stored, shown; and what it changes. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

const now = '2026-11-22T10:00:00Z';
const secret = fakeSecret('stripe-secret-key', 'inventory');

interface Prepared {
  readonly home: CliHome;
  readonly folder: string;
  readonly fingerprint: string;
  write(name: string, text: string): string;
}

/** A repository with one secret that compose hands to a service. */
function prepared(more: Readonly<Record<string, string>> = {}): Prepared {
  const folder = scratch();
  new GitFixture(join(folder, 'all', 'api')).commit('add payments', {
    'config/.env.prod': `STRIPE_SECRET=${secret}\n`,
    'compose.yml': 'services:\n  api:\n    image: acme/api\n    env_file: config/.env.prod\n',
    ...more,
  });
  const home = new CliHome(folder);
  home.run(['scan', join(folder, 'all')]);
  const fingerprint = String(
    home.json(['list']).find(({ kind }) => kind === 'stripe-secret-key')?.['fingerprint'],
  );
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return { home, folder, fingerprint, write };
}

function inventory(fingerprint: string, reviewed = '2026-11-01'): string {
  return [
    'version: 1',
    `reviewed: ${reviewed}`,
    'parties:',
    '  - { id: team-payments, type: team, handles: ["@acme/payments"] }',
    'identities:',
    '  - id: svc-pay',
    `    match: [{ fingerprint: ${fingerprint.slice(0, 12)} }]`,
    '    kind: api-client',
    '    owner: team-payments',
    '    backup_owner: platform',
    '    purpose: "takes payments"',
    '    environment: [production]',
    '    privilege: write',
    '    privilege_needed: write',
    '    class: static',
    '    status: active',
    '    belongs_to: own',
    '    rotation: { overlap: yes, max_age: 90d, through: [deployer] }',
    '    workload_identity_available: no',
    '    consumers_complete: true',
    '    consumers:',
    '      - { name: api, kind: service, reload: restart, criticality: 1 }',
    '    resources:',
    '      - { kind: payment, address: stripe.com/acme }',
    '    vault: ["kv/prod/pay#key"]',
    '',
  ].join('\n');
}

describe('inventory', () => {
  test('a repository may be called without the name of its host', () => {
    const folder = scratch();
    const repo = new GitFixture(join(folder, 'api'));
    repo.git('remote', 'add', 'origin', 'https://github.com/acme/api.git');
    repo.commit('add payments', { 'config/.env.prod': `STRIPE_SECRET=${secret}\n` });
    const home = new CliHome(folder);
    home.run(['scan', join(folder, 'api')]);
    const [{ fingerprint } = { fingerprint: '' }] = home
      .json(['list'])
      .filter(({ kind }) => kind === 'stripe-secret-key');
    const file = join(folder, 'inventory.yaml');
    const imported = (statements: string): string => {
      writeFileSync(file, statements);
      return home.run(['inventory', 'import', file]).stdout;
    };
    const text = [
      'version: 1',
      'reviewed: 2026-11-01',
      'places: [{ place: acme/api, audience: restricted }, { place: acme/apl, audience: public }]',
      'environments: [{ name: lab, match: ["repo:acme/api:config/**"] }]',
      'identities:',
      '  - { id: all-of-api, match: [{ path: "acme/api:config/**" }], owner: ana }',
      '',
    ].join('\n');
    const told = imported(text);
    expect(told).toContain('all-of-api: 1 secret');
    expect(told).toMatch(/1 place holds no secret.*\n {2}acme\/apl/);
    expect(told).not.toContain('acme/api\n');
    const { stdout } = home.run(['explain', String(fingerprint), '--now', now]);
    expect(stdout).toContain('restricted');
    expect(stdout).toContain('environment: lab');
    const bySlot = text.replace(
      'path: "acme/api:config/**"',
      'slot: "acme/api:config/.env.prod#STRIPE_SECRET"',
    );
    expect(imported(bySlot)).toContain('all-of-api: 1 secret');
  });

  test('what is imported becomes facts that explain shows with their file', () => {
    const { home, fingerprint, write } = prepared();
    const file = write('inventory.yaml', inventory(fingerprint));
    expect(home.run(['inventory', 'check', file]).status).toBe(0);
    const imported = home.run(['inventory', 'import', file]);
    expect(imported.status).toBe(0);
    expect(imported.stderr).toContain('2 statements added');
    expect(imported.stdout).toContain('svc-pay: 1 secret');
    expect(home.run(['inventory', 'import', file]).stderr).toContain('nothing new in 2 statements');
    const { stdout } = home.run(['explain', fingerprint, '--now', now]);
    for (const line of [
      /owner: team-payments +O1, inventory, asserted/,
      /backup-owner: platform +O1/,
      /environment: prod +E1, inventory/,
      / class: static +inventory, inventory/,
      / privilege: write +inventory/,
      / privilege-needed: write/,
      / overlap: yes +inventory/,
      / belongs-to: own/,
      / principal-kind: api-client/,
      / principal-status: active/,
      / workload-identity: no/,
      / consumers-complete: yes/,
      / vault: kv\/prod\/pay#key/,
      / rotation-through: deployer/,
      / {6}inventory\.yaml \(entry svc-pay by fingerprint\)/,
    ])
      expect(stdout).toMatch(line);
    const [dossier] = home.json(['explain', fingerprint, '--now', now]);
    expect(dossier).toMatchObject({ coverage: 'attested', owner: { value: 'team-payments' } });
    expect(JSON.stringify(dossier?.['resources'])).toContain('stripe.com/acme');
    const incident = home.run(['incident', fingerprint, '--now', now]).stdout;
    expect(incident).toContain('team-payments (O1, asserted)');
    expect(incident).not.toContain('nobody has stated that this list is complete');
  });

  test('a list that lacks a consumer was stated to be complete; a reader in a vault map is one that the list has', () => {
    const { home, fingerprint, write } = prepared({
      'k8s/app.yml': [
        'apiVersion: apps/v1',
        'kind: Deployment',
        'metadata: { name: shop, namespace: prod }',
        'spec: { template: { spec: { containers: [{ name: shop, env: [{ name: K, value: "' +
          secret +
          '" }] }] } } }',
        '',
      ].join('\n'),
    });
    const text = inventory(fingerprint).replace(
      'name: api, kind: service,',
      'name: payer, kind: service, environment: prod,',
    );
    home.run(['inventory', 'import', write('inventory.yaml', text)]);
    const row = `kv/prod/pay,key,1,${fingerprint.slice(0, 12)},payer\n`;
    home.run(['ingest', write('vault.csv', `path,key,version,fingerprint,readers\n${row}`)]);
    const { stdout } = home.run(['plan', fingerprint, '--no-record', '--now', now]);
    expect(stdout).not.toContain('nobody has stated that');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'was stated to be complete, but consumers were found that it lacks',
    );
    expect(stdout.match(/move (?:prod )?payer/g)).toEqual(['move prod payer']);
  });

  test('a file that is named for one run counts and is not kept', () => {
    const { home, fingerprint, write } = prepared();
    const file = write('inventory.yaml', inventory(fingerprint));
    for (const command of ['explain', 'incident']) {
      const { stdout } = home.run([command, fingerprint, '--inventory', file, '--now', now]);
      expect(stdout).toContain('team-payments');
      expect(home.run([command, fingerprint, '--now', now]).stdout).not.toContain('team-payments');
    }
    expect(home.json(['inventory', 'list']).filter(({ type }) => type === 'inventoryEntry')).toEqual([]);
    // On top of what is stored, it stands in for what that says of the same identity.
    home.run(['inventory', 'import', file]);
    const other = write(
      'draft.yaml',
      inventory(fingerprint).replace('owner: team-payments', 'owner: team-new'),
    );
    const { stdout } = home.run(['explain', fingerprint, '--inventory', other, '--now', now]);
    expect(stdout).toMatch(/\* owner: team-new/);
    expect(stdout).not.toContain('IMPORT_AMBIGUOUS');
  });

  test('scenario 26: an entry that nobody reviewed for 180 days is stale, and its facts decide nothing', () => {
    const { home, fingerprint, write } = prepared();
    const file = write('inventory.yaml', inventory(fingerprint, '2026-05-01'));
    home.run(['inventory', 'import', file]);
    const [dossier] = home.json(['explain', fingerprint, '--now', now]);
    expect(dossier).toMatchObject({
      coverage: 'derived',
      owner: { stale: true, chosen: { value: 'team-payments' } },
    });
    expect(dossier?.['owner']).not.toHaveProperty('value');
    expect(dossier?.['reasons']).toContain('FACT_STALE');
    expect(home.run(['explain', fingerprint, '--now', now]).stdout).toContain('more than 180 d');
    const [fresh] = home.json(['explain', fingerprint, '--now', '2026-06-01T00:00:00Z']);
    expect(fresh).toMatchObject({ coverage: 'attested', owner: { value: 'team-payments', stale: false } });
  });

  test('scenario 27: a consumer that a complete list lacks breaks it', () => {
    const { home, fingerprint, write } = prepared({
      'worker/compose.yml': `services:\n  worker:\n    environment:\n      - STRIPE_SECRET=${secret}\n`,
    });
    home.run(['inventory', 'import', write('inventory.yaml', inventory(fingerprint))]);
    const [dossier] = home.json(['explain', fingerprint, '--now', now]);
    expect(dossier?.['coverage']).toBe('derived');
    expect(dossier?.['reasons']).toContain('CONSUMER_UNDECLARED');
  });

  test('scenario 28: a file with a secret value is refused, and nothing repeats it', () => {
    const { home, fingerprint, write } = prepared();
    const token = fakeSecret('github-pat-classic', 'refused');
    const password = fakeSecret('generic-password-code', 'refused');
    const base64 = Buffer.from(secret).toString('base64');
    const files = [
      write('a.yaml', inventory(fingerprint).replace('takes payments', `key ${token}`)),
      // A secret that the database knows, in a field where anything may stand.
      write('b.yaml', inventory(fingerprint).replace('team-payments, type', `${secret}, type`)),
      write('c.yaml', `${inventory(fingerprint)}# old: ${token}\n`),
      write('d.yaml', inventory(fingerprint).replace('takes payments', base64)),
      write('e.csv', `identity,match_type,match,owner\nsvc,slot,"a:b#c",${token}\n`),
      write('f.csv', `path,key,fingerprint\nkv/a,${token},${fingerprint}\n`),
      write(
        'g.jsonl',
        `${JSON.stringify({ fingerprint, checked_at: now, result: 'live', method: token, by: 'jo' })}\n`,
      ),
      write('h.yaml', `${inventory(fingerprint)}x-note: "postgres://u:${password}@db1/x"\n`),
      write(
        'i.yaml',
        inventory(fingerprint).replace(
          'takes payments',
          `\\u${token.charCodeAt(0).toString(16).padStart(4, '0')}${token.slice(1)}`,
        ),
      ),
    ];
    for (const file of files) {
      const check = home.run(['inventory', 'check', file]);
      expect(check.status, file).toBe(1);
      expect(check.stdout, file).toMatch(/:\d+:\d+: IMPORT_SECRET_VALUE /);
      const ingest = home.run(['ingest', file]);
      const explain = home.run(['explain', fingerprint, '--inventory', file]);
      expect([ingest.status, explain.status], file).toEqual([2, 2]);
      const json = home.run(['inventory', 'check', file, '--json']);
      const all = [check, ingest, explain, json].map(({ stdout, stderr }) => stdout + stderr).join('\n');
      for (const value of [token, secret, base64, password]) expect(all).not.toContain(value);
    }
    expect(home.json(['inventory', 'list']).filter(({ type }) => type === 'inventoryEntry')).toEqual([]);
    for (const value of [token, secret, password]) expect(home.allBytes().includes(value)).toBe(false);
  });

  test('ids that look random are no values', () => {
    const { home, fingerprint, write } = prepared();
    const hash = 'ab0123456789cdef'.repeat(4);
    const selectors = [
      `{ fingerprint: "${hash}" }`,
      `{ identity: "db:postgresql:db1.acme.example:5432:ledger" }`,
      `{ identity: "key:${hash}" }`,
      '{ identity: "ssh:SHA256:6Ew2zY0m2bXxZk9u1Y8bq7oGm2tVQk3a9Ue1Zp5hRcI" }',
      '{ identity: "entra:8f1c2d3e-1111-4222-8333-abcdefabcdef:1c2d3e4f-1111-4222-8333-abcdefabcdef" }',
      `{ identity: "aws:123456789012:${fakeSecret('aws-access-key-id', 'id')}" }`,
      '{ slot: "acme/ledger:config/.env.prod#DB_PASSWORD" }',
      '{ vault: "kv/prod/ledger#password" }',
    ];
    const text = inventory(fingerprint).replace(/match: .*/, `match: [${selectors.join(', ')}]`);
    const { stdout, status } = home.run(['inventory', 'check', write('ids.yaml', text)]);
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  test('entries of equal rank make each other void, and that is told', () => {
    const { home, fingerprint, write } = prepared();
    const one = inventory(fingerprint);
    home.run(['inventory', 'import', write('one.yaml', one)]);
    const two = one.replace('svc-pay', 'svc-other').replace('owner: team-payments', 'owner: team-other');
    const { stdout } = home.run(['inventory', 'import', write('two.yaml', two)]);
    expect(stdout).toContain('IMPORT_AMBIGUOUS: 1 secret');
    expect(stdout).toContain('svc-other (two.yaml), svc-pay (one.yaml)');
    const [dossier] = home.json(['explain', fingerprint, '--now', now]);
    expect(dossier?.['reasons']).toContain('IMPORT_AMBIGUOUS');
    expect(JSON.stringify(dossier?.['owner'])).not.toContain('team-');
    expect(home.run(['inventory', 'remove', 'two.yaml']).status).toBe(0);
    expect(home.json(['explain', fingerprint, '--now', now])[0]).toMatchObject({
      owner: { value: 'team-payments' },
    });
  });

  test('a newer version of a file replaces it, entries about nothing are named', () => {
    const { home, fingerprint, write } = prepared();
    const file = write('inventory.yaml', inventory(fingerprint));
    home.run(['inventory', 'import', file]);
    write('inventory.yaml', inventory('0'.repeat(64)).replace('svc-pay', 'svc-new'));
    const { stdout, stderr } = home.run(['inventory', 'import', file]);
    expect(stderr).toContain('1 statement added, 0 changed, 1 removed, 1 as before');
    expect(stdout).toContain('1 entry matches nothing:\n  svc-new (inventory.yaml)');
    const entries = home.json(['inventory', 'list']).filter(({ type }) => type === 'inventoryEntry');
    expect(entries).toMatchObject([{ id: 'svc-new', secrets: 0 }]);
  });

  test('a table that cannot match anything says which columns would', () => {
    const { home, write } = prepared();
    const hint = 'needs the columns match_type and match';
    const without = write('cmdb.csv', 'identity,owner\nsvc-a,team-a\nsvc-b,team-b\n');
    const { stdout } = home.run(['inventory', 'import', without]);
    expect(stdout).toContain(
      '2 entries match nothing:\n  svc-a (cmdb.csv)\n  svc-b (cmdb.csv)\n2 entries of these say',
    );
    expect(stdout).toContain(hint);
    const other = write(
      'cmdb.csv',
      'identity,match_type,match,owner\nsvc-a,slot,acme/none:a.env#NO_SUCH_NAME,team-a\n',
    );
    const again = home.run(['inventory', 'import', other]).stdout;
    expect(again).toContain('1 entry matches nothing:');
    expect(again).not.toContain(hint);
  });

  test('scenario 42: the order of rows and lists changes nothing that is printed', () => {
    const { home, fingerprint, write } = prepared();
    const header =
      'identity,match_type,match,owner,environment,consumer,consumer_kind,reload,vault,consumers_complete,reviewed';
    const rows = [
      `svc-pay,fingerprint,${fingerprint.slice(0, 12)},team-pay,prod;dr,api,service,restart,kv/a#k;kv/b#k,yes,2026-11-01`,
      `svc-pay,fingerprint,${fingerprint.slice(0, 12)},team-pay,dr;prod,nightly,batch,,kv/b#k;kv/a#k,yes,2026-11-01`,
      'svc-a,slot,"x:y#Z",team-a,test,job,ci,,,no,2026-11-02',
      'svc-b,kind,stripe-secret-key,team-b,,,,,,,2026-11-02',
    ];
    const outputs = [rows, [...rows].reverse(), [rows[2], rows[0], rows[3], rows[1]]].map((order) => {
      const file = write('inventory.csv', `${[header, ...order].join('\n')}\n`);
      const imported = home.run(['inventory', 'import', file]);
      expect(imported.stderr).toContain(
        imported.stderr.includes('added, 0') ? '3 statements added' : 'nothing new',
      );
      return [
        imported.stdout,
        home.run(['explain', fingerprint, '--now', now]).stdout,
        home.run(['explain', fingerprint, '--now', now, '--json']).stdout,
        home.run(['incident', fingerprint, '--now', now]).stdout,
        home.run(['inventory', 'list', '--json']).stdout,
        home.run(['db', 'check', '--digest']).stdout,
      ];
    });
    expect(outputs[1]).toEqual(outputs[0]);
    expect(outputs[2]).toEqual(outputs[0]);
    expect(outputs[0]?.[1]).toMatch(/\* owner: team-pay/);
  });

  test('asset databases call columns otherwise; rows that disagree are faults', () => {
    const { home, fingerprint, write } = prepared();
    const file = write(
      'assets.csv',
      `ci_name,selector,value,assigned_to,cost\r\nsvc-pay,fingerprint,${fingerprint},"team, pay",12\r\n`,
    );
    const map = ['identity=ci_name', 'match_type=selector', 'match=value', 'owner=assigned_to'].flatMap(
      (column) => ['--map', column],
    );
    expect(home.run(['inventory', 'check', file]).stdout).toContain('IMPORT_');
    const imported = home.run(['inventory', 'import', file, ...map]);
    expect(imported.stderr).toContain('1 column not used');
    expect(home.run(['explain', fingerprint, '--now', now]).stdout).toMatch(/\* owner: team, pay/);
    const bad = write(
      'bad.csv',
      'identity,match_type,match,owner\nsvc,slot,a:b#c,team-a\nsvc,slot,a:b#c,team-b\n',
    );
    const { stdout, status } = home.run(['inventory', 'check', bad]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/bad\.csv:3:16: IMPORT_INCONSISTENT .*"owner".* line 2/);
  });

  test('people who left, vault maps, liveness and attestations are taken by ingest', () => {
    const { home, fingerprint, write } = prepared();
    const text = inventory(fingerprint)
      .replace('owner: team-payments', 'owner: jo')
      .replace('    consumers_complete: true\n', '');
    home.run(['inventory', 'import', write('inventory.yaml', text)]);
    const people = write('people.csv', 'id,emails,status,left_on\njo,jo@acme.example,left,2026-10-01\n');
    const vault = write(
      'vault.yaml',
      `- { path: kv/prod/pay, key: key2, fingerprint: ${fingerprint}, readers: [role-pay] }\n`,
    );
    const live = write(
      'live.jsonl',
      `${JSON.stringify({ fingerprint, checked_at: '2026-11-20T00:00:00Z', result: 'live', method: 'api call', by: 'sec' })}\n`,
    );
    const attested = write(
      'attested.jsonl',
      `${JSON.stringify({ principal: 'svc-pay', by: 'ana', at: '2026-11-10T00:00:00Z', until: '2026-12-01' })}\n`,
    );
    const ingested = home.run(['ingest', people, vault, live, attested]);
    expect(ingested.status, ingested.stderr).toBe(0);
    for (const kind of ['people', 'vault-map', 'liveness', 'attestations'])
      expect(ingested.stderr).toContain(`: ${kind}, 1 statement added`);
    const [dossier] = home.json(['explain', fingerprint, '--now', now]);
    expect(dossier).toMatchObject({
      liveness: { value: 'live' },
      coverage: 'attested',
      ownerParty: { status: 'left', leftOn: '2026-10-01' },
      vault: ['kv/prod/pay#key', 'kv/prod/pay#key2'],
    });
    expect(dossier?.['reasons']).toContain('OWNER_LEFT');
    expect(JSON.stringify(dossier?.['consumers'])).toContain('role-pay');
    // Seven days later nobody knows whether it still works, and the attestation has ended.
    const [later] = home.json(['explain', fingerprint, '--now', '2026-12-02T00:00:00Z']);
    expect(later).toMatchObject({ liveness: { stale: true }, coverage: 'derived' });
    // What is dead stays dead, also when the file is replaced by one that says nothing of it.
    write(
      'live.jsonl',
      `${JSON.stringify({ fingerprint, checked_at: '2026-11-21T00:00:00Z', result: 'dead', method: 'api call', by: 'sec' })}\n`,
    );
    home.run(['ingest', live]);
    write(
      'live.jsonl',
      `${JSON.stringify({ fingerprint: '0'.repeat(12), checked_at: '2026-11-22T00:00:00Z', result: 'live', method: 'api call', by: 'sec' })}\n`,
    );
    home.run(['ingest', live]);
    expect(home.json(['explain', fingerprint, '--now', '2027-06-01T00:00:00Z'])[0]).toMatchObject({
      liveness: { value: 'dead' },
    });
  });

  test('a kind alone gives defaults that anything else outranks, and never an owner', () => {
    const { home, fingerprint, write } = prepared();
    const text = [
      'version: 1',
      'reviewed: 2026-11-01',
      'identities:',
      '  - id: all-stripe',
      '    match: [{ kind: stripe-secret-key }]',
      '    owner: team-nobody',
      '    privilege: admin',
      '    workload_identity_available: no',
      `  - { id: svc-pay, match: [{ path: "**/.env.prod" }], privilege: write }`,
      '',
    ].join('\n');
    home.run(['inventory', 'import', write('inventory.yaml', text)]);
    const [dossier] = home.json(['explain', fingerprint, '--now', now]);
    expect(dossier).toMatchObject({ privilege: { value: 'write' }, workloadIdentity: { value: 'no' } });
    expect(JSON.stringify(dossier)).not.toContain('team-nobody');
  });

  test('unknown files are refused with a clear line, and reports of scanners where inventories are asked for', () => {
    const { home, write } = prepared();
    for (const [name, text, words] of [
      ['other.yaml', 'a: 1\n', 'none of inventory, people'],
      ['table.csv', 'a,b\n1,2\n', 'none of inventory, people'],
      ['empty.yaml', '', 'is empty'],
    ] as const) {
      const run = home.run(['ingest', write(name, text)]);
      expect(run.status, name).toBe(2);
      expect(run.stderr, name).toContain(words);
    }
    const token = fakeSecret('github-pat-classic', 'report');
    const leaks = write('leaks.json', `[{"RuleID":"a","Secret":"${token}","File":"b"}]`);
    const imported = home.run(['inventory', 'import', leaks]);
    expect(imported.status).toBe(2);
    expect(imported.stderr).not.toContain(token);
  });

  test('erasing a person takes them out of what was imported', () => {
    const { home, fingerprint, write } = prepared();
    const text = inventory(fingerprint)
      .replace('owner: team-payments', 'owner: kim')
      .replace('backup_owner: platform', 'backup_owner: kim@acme.example');
    home.run(['inventory', 'import', write('inventory.yaml', text)]);
    home.run(['ingest', write('people.csv', 'id,emails,handles\nkim,kim@acme.example,@kim-acme\n')]);
    expect(home.allBytes().includes('kim@acme.example')).toBe(true);
    const { status } = home.run(['db', 'forget', '--person', 'kim@acme.example']);
    expect(status).toBe(0);
    for (const name of ['kim@acme.example', '@kim-acme', '"kim"'])
      expect(home.allBytes().includes(name), name).toBe(false);
    expect(home.run(['db', 'check']).status).toBe(0);
    expect(home.run(['explain', fingerprint, '--now', now]).stdout).toMatch(/owner: ‹erased›/);
  });

  test('a secret that is learned later leaves what was imported before', () => {
    const { home, folder, write } = prepared();
    const late = fakeSecret('generic-password-code', 'late');
    const text = `version: 1\nidentities:\n  - { id: svc, match: [{ slot: "a:b#c" }], purpose: "uses ${late} there" }\n`;
    const file = write('inventory.yaml', text);
    if (home.run(['inventory', 'import', file]).status !== 0) return;
    mkdirSync(join(folder, 'late'));
    writeFileSync(join(folder, 'late', 'app.env'), `DB_PASSWORD=${late}\n`);
    home.run(['scan', join(folder, 'late')]);
    expect(home.allBytes().includes(late)).toBe(false);
  });

  test('a database that cannot be written says so', () => {
    const { home, fingerprint, write } = prepared();
    const file = write('inventory.yaml', inventory(fingerprint));
    const db = join(home.home, 'data', 'sprawl', 'sprawl.db');
    chmodSync(db, 0o400);
    const { status, stderr } = home.run(['inventory', 'import', file]);
    chmodSync(db, 0o600);
    if (process.getuid?.() === 0) return;
    expect(status).toBe(2);
    expect(stderr).toContain('read-only');
    expect(readFileSync(file, 'utf8')).toContain('svc-pay');
  });
});
