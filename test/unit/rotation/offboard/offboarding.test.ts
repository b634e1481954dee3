/** Offboarding over dossiers of built estates: three lists for people, stopped or stepped retirements for the rest. */
import { describe, expect, it } from 'vitest';
import { buildDossiers } from '../../../../src/rotation/build-dossier.js';
import { deriveFacts } from '../../../../src/rotation/derive/derive-facts.js';
import type { Fact } from '../../../../src/rotation/fact.js';
import type { Imports } from '../../../../src/rotation/imports.js';
import type {
  OffboardCase,
  OffboardItem,
  OffboardReport,
} from '../../../../src/rotation/offboard/offboard-case.js';
import { offboardingOf, offboardReport } from '../../../../src/rotation/offboard/offboarding.js';
import {
  chatLocation,
  commitOf,
  daysAgo,
  estateOf,
  factOf,
  filesOf,
  fingerprintOf,
  headLocation,
  historyLocation,
  providerRow,
  providerTableOf,
  secretOf,
  testNow,
} from '../../../support/exposure-builder.js';

const jo = { author: 'Jo', email: 'jo@acme.example' };
const parties: Imports['parties'] = [
  {
    id: 'jo',
    type: 'person',
    emails: ['jo@acme.example'],
    handles: ['@jo-dev'],
    status: 'left',
    leftOn: '2026-09-30',
    manager: 'max',
  },
  { id: 'ana', type: 'person', emails: ['ana@acme.example'], handles: [], status: 'active' },
  { id: 'max', type: 'person', emails: [], handles: [], status: 'left', successor: 'mia' },
  { id: 'mia', type: 'person', emails: [], handles: [], status: 'active' },
  { id: 'paylink', type: 'vendor', emails: [], handles: [], status: 'left', leftOn: '2026-10-31' },
];

const files = {
  'package.json': '{}',
  '.github/CODEOWNERS': '/owned/ @jo-dev\n/ours/ @acme/team\n',
  'owned/.env': 'LEDGER_KEY=x\n',
  'ours/.env': 'MAIL_KEY=x\n',
  'ours/ci.env': 'BOT_PAT=x\n',
  '.github/workflows/deploy.yml':
    'jobs:\n  go:\n    steps:\n      - run: x\n        env: { A: "${{ secrets.BOT_PAT }}" }\n',
};

/** Exports that hide people say this instead of `jo@acme.example`. */
const pseudonym = 'person-0123456789';

const secrets = [
  secretOf('ledger', { locations: [headLocation('acme/api', 'owned/.env', { slot: 'LEDGER_KEY' })] }),
  secretOf('mail', {
    locations: [
      headLocation('acme/api', 'ours/.env', { slot: 'MAIL_KEY', introduced: commitOf('mail', jo) }),
    ],
  }),
  secretOf('pat in use', {
    kind: 'github-pat-classic',
    locations: [
      headLocation('acme/api', 'ours/ci.env', { slot: 'BOT_PAT', introduced: commitOf('pat', jo) }),
    ],
  }),
  secretOf('pat alone', {
    kind: 'github-pat-classic',
    locations: [chatLocation('#ops', '17', { record: { author: { name: 'Jo', email: 'jo@acme.example' } } })],
  }),
  secretOf('posted', {
    locations: [chatLocation('#ops', '18', { record: { author: { name: pseudonym, email: '' } } })],
  }),
  secretOf('dead', {
    locations: [chatLocation('#ops', '19', { record: { author: { name: 'Jo', email: 'jo@acme.example' } } })],
  }),
  secretOf('of others', { locations: [chatLocation('#ops', '20')] }),
];

interface Shop {
  find(
    sort: 'person' | 'principal' | 'workload' | 'vendor' | 'agent',
    name: string,
  ): Promise<OffboardCase | undefined>;
  all(): Promise<OffboardReport>;
}

async function offboarding(
  imports: Partial<Imports> = {},
  exposures = secrets,
  extra: readonly Fact[] = [],
  archived: readonly string[] = [],
): Promise<Shop> {
  const estate = estateOf(exposures, {
    files: [filesOf('git:acme/api', files)],
    imports: { parties, ...imports },
    providers: providerTableOf(
      providerRow({ id: 'github.pat-classic', kinds: ['github-pat-classic'], userBound: true }),
    ),
  });
  const { facts, consumers, resources, containerOf } = await deriveFacts(estate);
  const dossiers = buildDossiers(estate, [...facts, ...extra], consumers, resources, { containerOf });
  const cases = offboardingOf({
    imports: estate.imports,
    places: [...estate.places.values()].map(({ key, name }) => ({
      key,
      name,
      archived: archived.includes(key),
    })),
    now: testNow,
    soakMs: estate.settings.soakMs,
    pseudonymOf: (email) => (email === 'jo@acme.example' ? pseudonym : 'person-ffffffffff'),
  });
  // Two batches: what is collected does not depend on how they are cut.
  const batches = [dossiers.slice(0, 2), dossiers.slice(2)];
  return {
    find: async (sort, name) => (await offboardReport(cases[sort](name), batches)).cases[0],
    all: () => offboardReport(cases.all(), batches, true),
  };
}

const dead = factOf({ type: 'secret', fingerprint: fingerprintOf('dead') }, 'liveness', 'dead');

const names = (items: readonly Pick<OffboardItem, 'fingerprint'>[] = []): readonly string[] =>
  items.map(
    ({ fingerprint }) =>
      secrets.flatMap(({ fingerprint: known }, index) =>
        known === fingerprint
          ? [['ledger', 'mail', 'pat in use', 'pat alone', 'posted', 'dead', 'of others'][index] ?? '']
          : [],
      )[0] ?? fingerprint,
  );

const lists = ({ reOwn, rotate, revoke }: OffboardCase): Record<string, readonly string[]> => ({
  reOwn: [...names(reOwn)].sort(),
  rotate: [...names(rotate)].sort(),
  revoke: [...names(revoke)].sort(),
});

describe('a person who left', () => {
  const ofJo = async (imports: Partial<Imports> = {}): Promise<OffboardCase> => {
    const found = await (await offboarding(imports, secrets, [dead])).find('person', 'jo');
    if (found === undefined) throw new Error('jo is not known');
    return found;
  };

  it('scenario 38: gives three lists, and what dies with the account comes first', async () => {
    const found = await ofJo();
    expect(lists(found)).toEqual({
      reOwn: ['ledger'],
      rotate: ['ledger', 'mail', 'pat in use', 'posted'],
      revoke: ['pat alone'],
    });
    expect(found).toMatchObject({ stated: 'imported', since: '2026-09-30', over: [fingerprintOf('dead')] });
    expect(names(found.rotate)[0]).toBe('pat in use');
    expect(found.rotate.map(({ diesWithAccount }) => diesWithAccount)).toEqual([true, false, false, false]);
    expect(found.order[0]).toMatch(/^Before the account is closed: rotate the 1 /);
    expect(found.order.indexOf('Close the account and end its sessions.')).toBeGreaterThan(0);
    expect(found.controls).toContain('NHI1');
  });

  it('every line has its evidence', async () => {
    const { reOwn, rotate, revoke } = await ofJo();
    for (const { grounds } of [...reOwn, ...rotate, ...revoke]) {
      expect(grounds.length).toBeGreaterThan(0);
      for (const { evidence } of grounds) expect(evidence.length).toBeGreaterThan(0);
    }
    const posted = rotate.find(({ fingerprint }) => fingerprint === fingerprintOf('posted'));
    expect(posted?.grounds).toMatchObject([{ role: 'poster', rule: 'O7' }]);
    expect(rotate[0]?.consumers.map(({ name }) => name)).toContain('gha:acme/api/deploy.yml#go');
  });

  it('proposes whoever stands behind those who left as well, and assigns nobody', async () => {
    const { reOwn } = await ofJo();
    expect(reOwn[0]?.proposed).toEqual([{ party: 'mia', as: 'successor' }]);
  });

  it.each(['JO', 'jo@acme.example', 'Jo@ACME.example', '@jo-dev', 'jo-dev'])(
    'is found as %s',
    async (text) => {
      expect((await (await offboarding()).find('person', text))?.subject).toBe('jo');
    },
  );

  it('who could read a place could have kept what stands there, if the inventory says so', async () => {
    expect(lists(await ofJo())['rotate']).not.toContain('of others');
    const byPlace = await ofJo({ placeFacts: [{ place: '#ops', readers: ['jo'] }] });
    const canRead = parties.map((party) => (party.id === 'jo' ? { ...party, canRead: ['slack'] } : party));
    for (const found of [byPlace, await ofJo({ parties: canRead })]) {
      expect(lists(found)['rotate']).toContain('of others');
      const line = found.rotate.find(({ fingerprint }) => fingerprint === fingerprintOf('of others'));
      expect(line?.grounds).toMatchObject([{ role: 'reader', confidence: 'asserted' }]);
    }
  });

  it('nobody is said to have left who was not imported as left', async () => {
    const found = await (await offboarding()).find('person', 'ana');
    expect(found).toMatchObject({ stated: 'asked' });
    expect(found?.notes[0]).toMatch(/Nobody has imported/);
    const { cases } = await (await offboarding()).all();
    expect(cases.map(({ subject }) => subject)).toEqual(['jo', 'max', 'paylink']);
    expect(await (await offboarding()).find('person', 'nobody@acme.example')).toBeUndefined();
  });
});

describe('a principal that is retired', () => {
  const retired = (name: string): Fact =>
    factOf({ type: 'secret', fingerprint: fingerprintOf(name) }, 'principal-status', 'retired', {
      origin: 'inventory',
      confidence: 'asserted',
      evidence: [{ place: 'inventory.yaml', line: 7 }],
    });
  const key = (name: string): string => `anon:${fingerprintOf(name).slice(0, 12)}`;

  it('is stopped while something uses it, with what does', async () => {
    const found = await (await offboarding({}, secrets, [retired('ledger')])).find(
      'principal',
      key('ledger'),
    );
    expect(found).toMatchObject({
      stated: 'imported',
      retire: [{ status: 'STILL_CONSUMED', steps: [], consumers: [{ name: 'app:acme/api' }] }],
    });
  });

  it('else is disabled, soaked over a month end, deleted, purged, scanned and cleaned up after', async () => {
    const found = await (await offboarding({}, secrets, [retired('posted')])).find(
      'principal',
      key('posted'),
    );
    const [only] = found?.retire ?? [];
    expect(only?.status).toBe('ready');
    expect(only?.steps.map(({ id }) => id)).toEqual([
      'disable',
      'soak',
      'delete',
      'purge',
      'rescan',
      'remove',
    ]);
    expect(only?.steps[1]?.until).toBe('2026-12-22T10:00:00Z');
    expect(only?.steps.map(({ reversible }) => reversible).slice(0, 3)).toEqual([false, true, false]);
    expect(found?.notes.join()).toMatch(/soak must show/);
  });

  it('has only copies left when nobody accepts it', async () => {
    const found = await (await offboarding({}, secrets, [dead])).find('principal', key('dead'));
    expect(found?.retire[0]).toMatchObject({ status: 'over' });
    expect(found?.retire[0]?.steps.map(({ id }) => id)).toEqual(['purge', 'rescan', 'remove']);
  });
});

describe('a workload that is retired', () => {
  it('stops at the others that use the same, and at itself while it is there', async () => {
    const shop = await offboarding();
    const present = await shop.find('workload', 'gha:acme/api/deploy.yml#go');
    expect(present).toMatchObject({ stated: 'asked', retire: [{ status: 'STILL_CONSUMED' }] });
    const archived = await offboarding({}, secrets, [], ['git:acme/api']);
    const found = await archived.find('workload', 'gha:acme/api/deploy.yml#go');
    expect(found).toMatchObject({ stated: 'derived', retire: [{ status: 'ready' }] });
    expect((await archived.all()).cases.map(({ subject }) => subject)).toContain('app:acme/api');
  });

  it('is over when its manifest is gone from the current files', async () => {
    const gone = secretOf('gone', {
      locations: [historyLocation('acme/api', 'k8s/old/.env', { slot: 'OLD_KEY' })],
    });
    const shop = await offboarding({}, [gone]);
    const found = await shop.find('workload', 'app:acme/api');
    expect(found).toMatchObject({ stated: 'derived', retire: [{ status: 'ready' }] });
    expect((await shop.all()).leftovers).toMatchObject([{ condition: 'ORPHAN', former: ['app:acme/api'] }]);
  });
});

describe('vendors and agents', () => {
  const entry = (
    name: string,
    consumers: Imports['identities'][number]['consumers'],
  ): Imports['identities'][number] => ({
    id: name,
    match: [{ fingerprint: fingerprintOf(name) }],
    environment: [],
    consumersComplete: false,
    consumers,
    resources: [],
    vault: [],
    origin: { file: 'inventory.yaml', line: 3 },
  });
  const third = { name: 'paylink-sync', kind: 'third-party', owner: 'paylink', dependsOn: [] } as const;
  const own = { name: 'ledger-api', kind: 'service', dependsOn: [] } as const;

  it('what only the vendor used is revoked, what others use is rotated', async () => {
    const shop = await offboarding({
      identities: [entry('posted', [third]), entry('of others', [third, own])],
    });
    const found = await shop.find('vendor', 'paylink');
    expect(found).toMatchObject({ stated: 'imported', since: '2026-10-31' });
    expect(found?.controls).toContain('GV.SC-10');
    expect(found && lists(found)).toEqual({ reOwn: [], rotate: ['of others'], revoke: ['posted'] });
  });

  it('an agent is found by its name or its tool server', async () => {
    const agent = { name: 'agent:cursor/github', kind: 'agent', dependsOn: [] } as const;
    const shop = await offboarding({ identities: [entry('posted', [agent, own])] });
    for (const name of ['cursor', 'github', 'agent:cursor/github']) {
      const found = await shop.find('agent', name);
      expect(found && lists(found)).toEqual({ reOwn: [], rotate: ['posted'], revoke: [] });
    }
    expect(await shop.find('agent', 'other')).toBeUndefined();
  });
});

it('the same cases come whatever the order of secrets, and a principal of one run is told when it stays', async () => {
  const run = secretOf('run', {
    attributes: { 'db-user': 'ci-run-8812' },
    locations: [headLocation('acme/api', 'ours/.env', { introduced: commitOf('run', { daysAgo: 30 }) })],
  });
  const a = await (await offboarding({}, [...secrets, run], [dead])).all();
  const b = await (await offboarding({}, [run, ...[...secrets].reverse()], [dead])).all();
  expect(JSON.stringify(b)).toBe(JSON.stringify(a));
  expect(daysAgo(0)).toBe(testNow);
});
