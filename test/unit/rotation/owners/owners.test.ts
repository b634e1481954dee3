import { describe, expect, it } from 'vitest';
import type { Exposure } from '../../../../src/model/exposure.js';
import { declaredFactsReader } from '../../../../src/rotation/derive/declared-facts.js';
import { ownersOf } from '../../../../src/rotation/derive/owners/owners.js';
import { isBot } from '../../../../src/rotation/derive/owners/people.js';
import { choose } from '../../../../src/rotation/facts/choose.js';
import type { InventoryEntry } from '../../../../src/rotation/imports.js';
import {
  chatLocation,
  commitOf,
  daysAgo,
  type EstateOptions,
  estateOf,
  filesOf,
  fingerprintOf,
  headLocation,
  historyLocation,
  type LocationDraft,
  secretOf,
  ticketLocation,
} from '../../../support/exposure-builder.js';

async function factsOf(
  locations: readonly LocationDraft[],
  options: EstateOptions = {},
  more: Exposure[] = [],
) {
  const estate = estateOf([secretOf('s', { locations }), ...more], options);
  return [...declaredFactsReader(estate)(estate.exposures), ...(await ownersOf(estate))];
}

async function resolved(
  attribute: string,
  locations: readonly LocationDraft[],
  options: EstateOptions = {},
  more: Exposure[] = [],
) {
  const facts = await factsOf(locations, options, more);
  return choose<string>(
    facts.filter((fact) => fact.attribute === attribute && fact.subject.type === 'secret'),
  );
}

const api = 'git:acme/api';
const at = [headLocation('acme/api', 'pay/.env', { line: 4 })];

describe('owner', () => {
  it('scenario 5: the team of CODEOWNERS owns it, the introducer is told apart', async () => {
    const files = [filesOf(api, { '.github/CODEOWNERS': '* @ana\n/pay/ @acme/payments' })];
    const owner = await resolved('owner', at, { files });
    expect(owner).toMatchObject({
      value: '@acme/payments',
      conflict: false,
      chosen: {
        rule: 'O2',
        confidence: 'strong',
        evidence: [{ place: api, path: '.github/CODEOWNERS', line: 2, note: 'last matching pattern /pay/' }],
      },
    });
    expect(await resolved('introducer', at, { files })).toMatchObject({ value: 'ana@acme.example' });
  });

  it('scenario 6: a pattern without an owner leaves it unowned, whoever works there', async () => {
    const files = [
      filesOf(api, { '.github/CODEOWNERS': '* @acme/all\n/pay/', 'package.json': '{"author":"Jo"}' }),
    ];
    expect(await resolved('owner', at, { files })).toMatchObject({ value: undefined, conflict: false });
    const facts = await factsOf(at, { files });
    expect(facts).toContainEqual(expect.objectContaining({ attribute: 'unowned', value: true }));
    expect(facts.some(({ attribute }) => attribute === 'custodian')).toBe(false);
  });

  it('scenario 7: different code owners and nothing else make the owner ambiguous, with both', async () => {
    const files = [
      filesOf(api, { CODEOWNERS: '* @acme/payments' }),
      filesOf('git:acme/web', { CODEOWNERS: '* @jo' }),
    ];
    const owner = await resolved('owner', [...at, headLocation('acme/web', 'x')], { files });
    expect(owner).toMatchObject({ value: undefined, conflict: true });
    expect([owner.chosen, ...owner.losers].map((fact) => fact?.value)).toEqual(['@acme/payments', '@jo']);
  });

  it('a catalogue entry settles what code owners leave open', async () => {
    const files = [
      filesOf(api, {
        CODEOWNERS: '* @acme/a',
        'catalog-info.yaml': 'kind: Component\nspec:\n  owner: ledger\n',
      }),
      filesOf('git:acme/web', { CODEOWNERS: '* @acme/b' }),
    ];
    expect(await resolved('owner', [...at, headLocation('acme/web', 'x')], { files })).toMatchObject({
      value: 'ledger',
      chosen: { rule: 'O3', confidence: 'strong', evidence: [{ path: 'catalog-info.yaml', line: 3 }] },
    });
  });

  it('a group of the catalogue is the team of the same name', async () => {
    const files = [
      filesOf(api, { CODEOWNERS: '* @acme/pay', 'catalog-info.yaml': 'spec: { owner: group:default/pay }' }),
    ];
    const owner = await resolved('owner', at, { files });
    expect(owner).toMatchObject({ value: '@acme/pay', conflict: false });
  });

  it.each([
    ['OWNERS', 'approvers:\n  - ana\n  - bo\n', 'ana', 2],
    ['Chart.yaml', 'name: x\nmaintainers:\n  - name: Ana\n    email: ana@a.example\n', 'ana@a.example', 4],
    [
      'package.json',
      '{\n "maintainers": [{"email": "m@a.example"}],\n "author": "A <a@a.example>"\n}',
      'm@a.example',
      2,
    ],
    ['package.json', '{"author": "A <a@a.example> (url)"}', 'a@a.example', 1],
    [
      'pyproject.toml',
      '[project]\nauthors = [\n  {name = "Ana", email = "p@a.example"},\n]\n',
      'p@a.example',
      2,
    ],
    ['Cargo.toml', '[package]\nauthors = ["Ana"]\n', 'Ana', 2],
    [
      'pom.xml',
      '<project>\n<developer><name>X</name><email>x@a.example</email></developer>',
      'x@a.example',
      2,
    ],
  ])('O3 reads %s of the nearest folder', async (name, text, value, line) => {
    const files = [filesOf(api, { [`pay/${name}`]: text, 'package.json': '{"author":"far@a.example"}' })];
    expect(await resolved('owner', at, { files })).toMatchObject({
      value,
      chosen: { rule: 'O3', confidence: 'probable', evidence: [{ path: `pay/${name}`, line }] },
    });
  });

  it.each([
    [
      'a.tf',
      'resource "x" "y" {\n  owner = "root"\n  tags = {\n    Owner = "platform"\n  }\n}\n',
      'platform',
    ],
    ['a.yaml', 'kind: Secret\nmetadata:\n  labels:\n    team: billing\n', 'billing'],
  ])('O3 reads what %s says of itself', async (path, text, value) => {
    const files = [filesOf(api, { [path]: text })];
    expect(await resolved('owner', [headLocation('acme/api', path)], { files })).toMatchObject({ value });
  });

  it('O6: the one with most commits of a year, without bots, merges and forged dates', async () => {
    const by = (email: string, days: number, extra = {}) => ({
      name: email,
      email,
      authorDate: daysAgo(days),
      committerDate: daysAgo(days),
      isMerge: false,
      subject: 'x',
      ...extra,
    });
    const authors = [
      ...[1, 2, 3].map((days) => by('dependabot[bot]@x.example', days)),
      ...[1, 2, 3].map((days) => by('merger@x.example', days, { isMerge: true })),
      ...[400, 500, 600].map((days) => by('gone@x.example', days)),
      ...[400, 500, 600].map((days) => by('forger@x.example', days, { authorDate: daysAgo(5) })),
      by('ana@x.example', 9),
      by('ana@x.example', 8),
      by('bo@x.example', 7),
    ];
    const files = [filesOf(api, { 'pay/.env': 'x' }, { 'pay/.env': authors })];
    expect(await resolved('owner', at, { files })).toMatchObject({
      value: 'ana@x.example',
      conflict: false,
      chosen: { rule: 'O6', confidence: 'weak', evidence: [{ place: api, path: 'pay/.env' }] },
    });
  });

  it('O5: the introducer owns it only if nothing else is known', async () => {
    expect(await resolved('owner', at)).toMatchObject({
      value: 'ana@acme.example',
      chosen: { rule: 'O5', confidence: 'weak' },
    });
  });

  it('O8: a credential of a person belongs to that person', async () => {
    const secret = secretOf('t', { locations: at, attributes: { 'jwt-sub': 'jo@acme.example' } });
    const facts = await ownersOf(estateOf([secret]));
    const owner = choose<string>(facts.filter(({ attribute }) => attribute === 'owner'));
    expect(owner).toMatchObject({ value: 'jo@acme.example', chosen: { rule: 'O8', confidence: 'probable' } });
  });

  it('speaks of people and teams by the ids of the import', async () => {
    const party = { emails: [], handles: ['@acme/payments'], status: 'active' as const };
    const parties = [{ ...party, id: 'team-payments', type: 'team' as const }];
    const files = [filesOf(api, { CODEOWNERS: '* @acme/Payments' })];
    expect(await resolved('owner', at, { files, imports: { parties } })).toMatchObject({
      value: 'team-payments',
    });
  });

  it('chats and tickets are posted to, not owned from', async () => {
    const files = [filesOf(api, { CODEOWNERS: '* @acme/payments' })];
    const locations = [...at, chatLocation('#ops', '1'), ticketLocation('PAY', 'PAY-1')];
    expect(await resolved('owner', locations, { files })).toMatchObject({ value: '@acme/payments' });
    const posters = (await factsOf(locations, { files })).filter(({ attribute }) => attribute === 'poster');
    expect(posters).toMatchObject([{ value: 'bo@acme.example', rule: 'O7', confidence: 'strong' }]);
    expect(posters[0]?.evidence.map(({ place }) => place)).toEqual(['jira:PAY', 'slack:#ops']);
  });
});

describe('O1', () => {
  const entry = (id: string, match: InventoryEntry['match'], reviewed = '2026-11-01'): InventoryEntry => ({
    id,
    match,
    owner: id,
    environment: [],
    consumersComplete: false,
    consumers: [],
    resources: [],
    vault: [],
    reviewed,
    origin: { file: 'inventory.yml', line: 7 },
  });
  const files = [filesOf(api, { CODEOWNERS: '* @acme/payments' })];
  const owner = (...identities: InventoryEntry[]) =>
    resolved('owner', [headLocation('acme/api', 'pay/.env', { slot: 'KEY' })], {
      files,
      imports: { identities },
    });

  it.each<[string, InventoryEntry['match']]>([
    ['fingerprint', [{ fingerprint: fingerprintOf('s').slice(0, 12) }]],
    ['slot', [{ slot: 'acme/api:pay/.env#KEY' }]],
    ['path', [{ path: 'acme/api:pay/**', kind: 'generic-api-key' }]],
  ])('the inventory names the owner by %s', async (by, match) => {
    expect(await owner(entry('ledger', match))).toMatchObject({
      value: 'ledger',
      chosen: {
        origin: 'inventory',
        evidence: [{ place: 'inventory.yml', note: `entry ledger by ${by}` }],
      },
    });
  });

  it('the more specific selector wins, equal ones make each other void', async () => {
    const byPath = entry('a', [{ path: 'acme/api:pay/*' }]);
    expect(await owner(byPath, entry('b', [{ slot: 'acme/api:pay/.env#KEY' }]))).toMatchObject({
      value: 'b',
    });
    expect(await owner(byPath, entry('b', [{ path: 'acme/api:**' }]))).toMatchObject({
      value: '@acme/payments',
    });
  });

  it('a kind alone names no owner, and an old entry is stale', async () => {
    expect(await owner(entry('a', [{ kind: 'generic-api-key' }]))).toMatchObject({ value: '@acme/payments' });
    expect(await owner(entry('a', [{ path: 'acme/api:**' }], '2025-01-01'))).toMatchObject({
      value: undefined,
      stale: true,
    });
  });
});

describe('introducer', () => {
  const bot = commitOf('import', { author: 'import-bot[bot]', email: 'x@acme.example', daysAgo: 50 });
  const ana = commitOf('first', { daysAgo: 90 });

  it('scenario 8: a bot brings in, a person introduces', async () => {
    const imported = headLocation('acme/api', 'x', { introduced: bot });
    const before = historyLocation('acme/old', 'y', { introduced: ana });
    expect(await resolved('introducer', [imported])).toMatchObject({ value: undefined });
    expect(await resolved('introducer', [imported, before])).toMatchObject({
      value: 'ana@acme.example',
      chosen: { rule: 'O5', evidence: [{ place: 'git:acme/old', path: 'y', commit: ana.id }] },
    });
  });

  it('a commit that brings secrets at very many paths only moves them', async () => {
    const more = secretOf('bulk', {
      locations: Array.from({ length: 60 }, (_, i) => headLocation('acme/api', `f${i}`, { introduced: ana })),
    });
    const one = [headLocation('acme/api', 'x', { introduced: ana })];
    expect(await resolved('introducer', one, {}, [more])).toMatchObject({ value: undefined });
  });

  it.each([
    ['Revert "remove"', false],
    ['style: run prettier', false],
    ['Merge branch x', true],
  ])('%s introduces nothing', async (subject, isMerge) => {
    const entry = {
      ...ana.author,
      authorDate: ana.authorDate,
      committerDate: ana.committerDate,
      isMerge,
      subject,
    };
    const files = [filesOf(api, { x: '' }, { x: [entry] })];
    const one = [headLocation('acme/api', 'x', { introduced: ana })];
    expect(await resolved('introducer', one, { files })).toMatchObject({ value: undefined });
  });

  it('a forged date is marked, and not believed', async () => {
    const forged = commitOf('f', {
      author: 'Eve',
      email: 'eve@acme.example',
      authorDate: daysAgo(900),
      committerDate: daysAgo(10),
    });
    const locations = [headLocation('a', 'x', { introduced: forged })];
    const introducer = await resolved('introducer', locations);
    expect(introducer.chosen?.evidence[0]?.note).toContain('date_suspect');
    const both = [...locations, headLocation('b', 'y', { introduced: ana })];
    expect(await resolved('introducer', both)).toMatchObject({ value: 'ana@acme.example' });
  });
});

it.each([
  ['dependabot[bot]', '1+dependabot[bot]@users.noreply.github.com', true],
  ['GitHub', 'noreply@github.com', true],
  ['deploy-bot', 'd@acme.example', true],
  ['Jenkins', 'j@acme.example', true],
  ['Ana', '12+ana@users.noreply.github.com', false],
  ['Abbott', 'abbott@acme.example', false],
  ['Ciara', 'ciara@acme.example', false],
])('%s <%s> is a bot: %s', (name, email, is) => {
  expect(isBot({ name, email })).toBe(is);
});

it('custodians are told for each file, and for places as a whole', async () => {
  const files = [filesOf(api, { CODEOWNERS: '* @acme/payments' })];
  const imports = { placeFacts: [{ place: '#ops', custodian: 'ops' }] };
  const facts = await factsOf([...at, chatLocation('#ops', '1')], { files, imports });
  expect(
    facts.filter(({ attribute }) => attribute === 'custodian').map(({ subject, value }) => [subject, value]),
  ).toEqual([
    [{ type: 'place', key: `${api}:pay/.env` }, '@acme/payments'],
    [{ type: 'place', key: 'slack:#ops' }, 'ops'],
  ]);
});

it('gives the same facts whatever the order of the copies', async () => {
  const files = [filesOf(api, { CODEOWNERS: '* @acme/a' }), filesOf('git:acme/web', { CODEOWNERS: '* @b' })];
  const locations = [...at, headLocation('acme/web', 'x'), chatLocation('#ops', '1')];
  expect(await factsOf([...locations].reverse(), { files })).toEqual(await factsOf(locations, { files }));
});

it('takes hostile files as files that say nothing', async () => {
  const files = [
    filesOf(api, {
      CODEOWNERS: `${'\0'.repeat(1000)}\n${'[x'.repeat(20_000)}\n${'*'.repeat(20_000)}x\n`,
      'catalog-info.yaml': '{a: '.repeat(20_000),
      'package.json': '['.repeat(200_000),
      'pyproject.toml': `authors = [${'"'.repeat(100_000)}`,
      'pom.xml': '<developer>'.repeat(10_000),
      OWNERS: '- '.repeat(60_000),
    }),
  ];
  expect(await resolved('owner', at, { files })).toMatchObject({ chosen: { rule: 'O5' } });
});
