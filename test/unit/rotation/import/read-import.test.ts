import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseCsv } from '../../../../src/rotation/import/csv.js';
import { type ReadImport, readImport } from '../../../../src/rotation/import/read-import.js';
import { ImportSource } from '../../../../src/rotation/import/source.js';
import { importsOf, statementsOf } from '../../../../src/rotation/import/statements.js';

const schema = JSON.parse(
  readFileSync(new URL('../../../../schemas/inventory.schema.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);

function read(text: string, map?: ReadonlyMap<string, string>): ReadImport {
  return readImport(text, 'file', map === undefined ? {} : { map });
}

function codes(text: string): string[] {
  return read(text).faults.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

const whole = `version: 1
reviewed: 2026-11-01
x-note: { any: [thing] }
environments:
  - { name: prod, match: ["deploy/live/**", "repo:acme/infra:envs/p1/**"] }
  - { name: qa-eu, rank: 25, match: "qa/**" }
parties:
  - { id: team-payments, type: team, handles: ["@acme/payments"], contact: "#payments-oncall" }
  - { id: jo, type: person, emails: [jo@acme.example], status: left, left_on: 2026-09-30, can_read: [slack, acme/api] }
vendors:
  - { id: sms-co, status: ended, ended_on: 2026-10-01 }
places:
  - { place: acme/site, audience: public, public_ever: yes, archived: "no", custodian: team-web }
organisation_secrets:
  - { name: DEPLOY_KEY, organisation: acme }
identities:
  - id: svc-ledger
    match:
      - { identity: "db:postgresql:db1.acme.example:5432:ledger" }
      - { fingerprint: "9C0D41E27AB6" }
      - { slot: "acme/ledger:config/.env.prod#DB_PASSWORD" }
      - { path: "acme/ledger:config/**", kind: postgres.password }
    kind: database-user
    owner: team-payments
    environment: [production, dr]
    privilege: write
    class: static
    rotation: { overlap: yes, reload: restart, max_age: 90d, through: [ci, svc-deploy] }
    consumers_complete: true
    consumers:
      - { name: ledger-eod, kind: batch, runs: "cron 0 2 * * *", depends_on: [ledger-api] }
      - { name: ledger-api, kind: service, environment: prod, criticality: 1, accepts_two: "no" }
    resources:
      - { kind: database, address: db1.acme.example/ledger, criticality: 1 }
    vault: kv/prod/ledger#password
    workload_identity_available: no
    organisation_secrets: [acme/LEDGER_PASSWORD]
  - { id: 0042, match: [{ kind: stripe-secret-key }], reviewed: 2026-10-20 }
`;

describe('inventory', () => {
  it('reads everything that it may hold', () => {
    const { kind, imports, faults } = read(whole);
    expect(faults).toEqual([]);
    expect(kind).toBe('inventory');
    expect(imports).toMatchObject({
      environments: [{ name: 'prod' }, { name: 'qa-eu', rank: 25, match: ['qa/**'] }],
      parties: [
        { id: 'team-payments', type: 'team', status: 'unknown' },
        { id: 'jo', status: 'left', leftOn: '2026-09-30', canRead: ['acme/api', 'slack'] },
        { id: 'sms-co', type: 'vendor', status: 'left', leftOn: '2026-10-01' },
      ],
      placeFacts: [{ place: 'acme/site', audience: 'public', publicEver: true, archived: false }],
      organisationSecrets: [
        { name: 'DEPLOY_KEY', organisation: 'acme' },
        { name: 'LEDGER_PASSWORD', organisation: 'acme', entry: 'svc-ledger' },
      ],
      identities: [
        {
          id: 'svc-ledger',
          reviewed: '2026-11-01',
          environment: ['dr', 'prod'],
          rotation: { overlap: 'yes', maxAgeMs: 90 * 86_400_000, through: ['ci', 'svc-deploy'] },
          consumersComplete: true,
          consumers: [
            { name: 'ledger-api', acceptsTwo: 'no' },
            { name: 'ledger-eod', dependsOn: ['ledger-api'] },
          ],
          workloadIdentityAvailable: 'no',
          vault: ['kv/prod/ledger#password'],
          origin: { file: 'file', line: 17 },
        },
        { id: '0042', reviewed: '2026-10-20' },
      ],
    });
    expect(imports.identities[0]?.match).toContainEqual({ fingerprint: '9c0d41e27ab6' });
    expect(validate(parse(whole)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('is JSON as well', () => {
    const { faults, imports } = read(JSON.stringify(parse(whole), undefined, 1));
    expect(faults).toEqual([]);
    expect(imports.identities).toHaveLength(2);
  });

  const entry = (more: string): string => `version: 1\nidentities:\n  - { id: a, match: [], ${more} }\n`;
  it.each([
    ['reviewed: 2026-11-01\n', '1:1 IMPORT_INVALID'],
    ['version: 2\nidentities: []\n', '1:10 IMPORT_INVALID'],
    ['version: 1\nidentitis: []\n', '2:1 IMPORT_UNKNOWN_KEY'],
    ['version: 1\nreviewed: 2026-02-30\n', '2:11 IMPORT_INVALID', 'a day that the schema cannot know'],
    [entry('ownr: x'), '3:25 IMPORT_UNKNOWN_KEY'],
    [entry('owner: '), '3:33 IMPORT_INVALID'],
    [entry('owner: [a]'), '3:32 IMPORT_INVALID'],
    [entry('class: eternal'), '3:32 IMPORT_INVALID'],
    [entry('kind: postgres.password'), '3:31 IMPORT_INVALID'],
    [entry('consumers_complete: maybe'), '3:45 IMPORT_INVALID'],
    [entry('rotation: { max_age: 90 days }'), '3:46 IMPORT_INVALID'],
    [entry('rotation: { overlap: y }'), '3:46 IMPORT_INVALID'],
    [entry('consumers: [{ kind: service }]'), '3:37 IMPORT_INVALID'],
    [entry('consumers: [{ name: x, criticality: 5 }]'), '3:61 IMPORT_INVALID'],
    [entry('vault: [kv/prod]'), '3:32 IMPORT_INVALID'],
    [entry('environment: ["pr od"]'), '3:38 IMPORT_INVALID'],
    ['version: 1\nidentities:\n  - { id: a }\n', '3:5 IMPORT_INVALID'],
    ['version: 1\nidentities:\n  - { id: a, match: [{ fingerprint: abc }] }\n', '3:37 IMPORT_INVALID'],
    ['version: 1\nidentities:\n  - { id: a, match: [{ slot: x, identity: y }] }\n', '3:22 IMPORT_INVALID'],
    ['version: 1\nparties:\n  - { id: a }\n', '3:5 IMPORT_INVALID'],
    ['version: 1\nparties:\n  - { id: a, type: person, emails: [a] }\n', '3:36 IMPORT_INVALID'],
  ])(
    'names line and column of what is wrong, as the schema does: %j',
    (text, fault, beyondSchema?: string) => {
      expect(codes(text)).toContain(fault);
      expect(validate(parse(text))).toBe(beyondSchema !== undefined);
    },
  );

  it.each([
    ['version: 1\nversion: 1\n', '2:1 IMPORT_DUPLICATE'],
    ['version: 1\nidentities:\n  - { id: a, match: [] }\n  - { id: a, match: [] }\n', '4:5 IMPORT_DUPLICATE'],
    ['version: 1\na: &x [1]\nb: *x\n', '3:4 IMPORT_INVALID'],
    [`version: 1\nx: ${'['.repeat(50_000)}`, '1:1 IMPORT_UNREADABLE'],
    [`version: 1\nx:\n${'- '.repeat(50_000)}a`, '1:1 IMPORT_UNREADABLE'],
    ['version: 1\nidentities: [\n', '3:1 IMPORT_UNREADABLE'],
    ['version: 1\n\0', '1:1 IMPORT_UNREADABLE'],
    ['a'.repeat(10_000_000), '1:1 IMPORT_UNREADABLE'],
    ['', '1:1 IMPORT_UNREADABLE'],
  ])('gives one clear fault for %.30j', (text, fault) => {
    expect(codes(text)).toContain(fault);
  });

  it('repeats nothing of the file in a fault', () => {
    const odd = 'zzQ9-marker-9Qzz';
    for (const text of [
      `version: 1\n${odd}: 1\n`,
      entry(`class: ${odd}`),
      entry(`${odd}: 1`),
      `version: ${odd}\n`,
      `version: 1\n"${odd}\n`,
      `identity,${odd}\na,b\n`,
      `{"fingerprint":"${odd}"}\n`,
      `{"fingerprint": ${odd}\n`,
    ]) {
      const { faults } = read(text);
      expect(faults.length, text).toBeGreaterThan(0);
      expect(JSON.stringify(faults)).not.toContain('marker');
    }
  });

  it('columns count code points', () => {
    expect(codes('version: 1\nparties: [{ id: "😀", typ: person }]\n')).toContain('2:22 IMPORT_UNKNOWN_KEY');
  });
});

describe('JSON lines', () => {
  const check = {
    fingerprint: 'ab'.repeat(6),
    checked_at: '2026-11-01T10:00:00+02:00',
    result: 'dead',
    method: 'm',
    by: 'b',
  };
  it('are told by what they say, each fault with its line', () => {
    const { kind, imports, faults } = read(`${JSON.stringify(check)}\n\n{"fingerprint":1}\nnot\n`);
    expect(kind).toBe('liveness');
    expect(imports.liveness).toEqual([
      {
        fingerprint: 'ab'.repeat(6),
        checkedAt: '2026-11-01T08:00:00Z',
        result: 'dead',
        method: 'm',
        by: 'b',
        scopes: [],
      },
    ]);
    expect(new Set(faults.map(({ line }) => line))).toEqual(new Set([3, 4]));
    expect(codes('{"fingerprint":"a","fingerprint":"b"}')).toEqual(['1:1 IMPORT_DUPLICATE']);
    const gate = {
      plan: 'p',
      step: 's',
      gate: 'error_rate',
      result: 'pass',
      window_start: '2026-11-01T00:00:00Z',
      window_end: '2026-11-02T00:00:00Z',
      source: 's',
      by: 'b',
    };
    expect(read(JSON.stringify(gate))).toMatchObject({ kind: 'gate-results', faults: [] });
    expect(read(JSON.stringify({ ...gate, window_end: '2026-10-01T00:00:00Z' })).faults).toHaveLength(1);
    expect(read('{"principal":"p","by":"b","at":"2026-11-01T00:00:00Z"}')).toMatchObject({
      kind: 'attestations',
      faults: [],
    });
  });
});

describe('CSV', () => {
  const cell = fc.stringMatching(/^[a-z0-9 ,"\r\n;]{0,8}$/);
  const written = (text: string): string =>
    /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

  it('gives back every cell that was written after RFC 4180, at its place', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (rows, end, hasEnd) => {
          const lines = [['a', 'b', 'c'], ...rows].map((cells) => cells.map(written).join(','));
          const text = lines.join(end) + (hasEnd ? end : '');
          const source = new ImportSource('f', text);
          const table = parseCsv(source);
          expect(source.faults).toEqual([]);
          expect(table?.rows.map((cells) => cells.map((one) => one.text))).toEqual(
            rows.map((cells) => cells.map((one) => one.trim())),
          );
          for (const { at, text: value } of table?.rows.flat() ?? []) {
            const start = text.slice(at).replace(/^"/, '').replaceAll('""', '"').trimStart();
            expect(start.startsWith(value)).toBe(true);
          }
        },
      ),
    );
  });

  it.each([
    ['id,status\na\n', '2:1 IMPORT_INVALID'],
    ['id,status\n"a,b\n', '2:1 IMPORT_UNREADABLE'],
    ['id,status\n"a"b,c\n', '2:4 IMPORT_UNREADABLE'],
    ['id,status\na"b,c\n', '2:2 IMPORT_UNREADABLE'],
    ['id,status,foo\na,left,1\n', '1:11 IMPORT_UNKNOWN_KEY'],
    ['id,status,status\na,left,left\n', '1:11 IMPORT_DUPLICATE'],
    ['id,status\na,gone\n', '2:3 IMPORT_INVALID'],
    ['identity,match_type,match,owner\na,slot,a:b#c,x\na,slot,a:b#c,y\n', '3:14 IMPORT_INCONSISTENT'],
    [
      'identity,match_type,match,consumer,reload\na,slot,a:b#c,w,hot\na,slot,a:b#c,w,restart\n',
      '3:16 IMPORT_INCONSISTENT',
    ],
    ['identity,match_type,match,reload\na,slot,a:b#c,hot\n', '2:14 IMPORT_INVALID'],
  ])('tells what is wrong with %j', (text, fault) => {
    expect(codes(text)).toContain(fault);
  });

  it('says the same as the YAML file, whatever the order of rows', () => {
    const header =
      'identity,match_type,match,kind,owner,environment,consumer,consumer_kind,runs,resource,vault,overlap,consumers_complete,reviewed';
    const rows = [
      'svc,path,acme/api:**,postgres.password,team,production;dr,api,service,continuous,database:db1/x,kv/a#k,yes,yes,2026-11-01',
      'svc,path,acme/api:**,postgres.password,team,dr;prod,eod,batch,cron 0 2 * * *,database:db1/x,kv/a#k,yes,yes,2026-11-01',
      'bot,slot,x:y#z,bot,team,,,,,,,,,',
    ];
    const yaml = `version: 1
identities:
  - { id: bot, kind: bot, owner: team, match: [{ slot: "x:y#z" }] }
  - id: svc
    match: [{ path: "acme/api:**", kind: postgres.password }]
    owner: team
    environment: [prod, dr]
    consumers: [{ name: eod, kind: batch, runs: "cron 0 2 * * *" }, { name: api, kind: service, runs: continuous }]
    resources: [{ kind: database, address: db1/x }]
    vault: [kv/a#k]
    rotation: { overlap: yes }
    consumers_complete: yes
    reviewed: 2026-11-01
`;
    const stored = (text: string): unknown => {
      const { imports, faults } = read(text);
      expect(faults).toEqual([]);
      return statementsOf(imports, 'f');
    };
    const expected = stored(yaml);
    const orders = fc.shuffledSubarray(rows, { minLength: 3 });
    fc.assert(
      fc.property(orders, (order) => {
        // A first row must not decide what the later ones may leave out, nor how lists are sorted.
        const environments = (
          stored([header, ...order].join('\n')) as { data: { environment?: string[] } }[]
        ).map(({ data }) => data);
        expect(environments.map(({ environment }) => environment)).toEqual([[], ['dr', 'prod']]);
        expect(stored([header, ...order].join('\n'))).toEqual(expected);
      }),
      { numRuns: 12 },
    );
  });
});

describe('statements', () => {
  it('of shuffled files and lists are the same imports', () => {
    const { imports } = read(whole);
    const at = '2026-11-22T00:00:00Z';
    const items = statementsOf(imports, 'f').map((item) => ({ ...item, source: 'f', importedAt: at }));
    const expected = JSON.stringify(importsOf(items));
    fc.assert(
      fc.property(fc.shuffledSubarray(items, { minLength: items.length }), (order) => {
        expect(JSON.stringify(importsOf(order))).toBe(expected);
      }),
    );
  });

  it('of two files about one party are one party, and who left has left', () => {
    const stated = (source: string, text: string) =>
      statementsOf(read(text).imports, source).map((item) => ({ ...item, source, importedAt: '' }));
    const statements = [
      ...stated('a.csv', 'id,emails,status\njo,jo@a.example,active\n'),
      ...stated('b.csv', 'id,handles,left_on\njo,@jo,2026-01-02\n'),
    ];
    expect(importsOf(statements).parties).toEqual([
      {
        id: 'jo',
        type: 'person',
        emails: ['jo@a.example'],
        handles: ['@jo'],
        status: 'left',
        leftOn: '2026-01-02',
      },
    ]);
  });
});
