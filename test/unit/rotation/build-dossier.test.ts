import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exposure } from '../../../src/model/exposure.js';
import { factAttributes, principalSubject, secretSubject } from '../../../src/rotation/attributes.js';
import { buildDossiers } from '../../../src/rotation/build-dossier.js';
import { declaredFactsReader } from '../../../src/rotation/derive/declared-facts.js';
import type { Consumer, Dossier, Resource } from '../../../src/rotation/dossier.js';
import type { Estate } from '../../../src/rotation/estate.js';
import type { Fact } from '../../../src/rotation/fact.js';
import {
  chatLocation,
  commitOf,
  daysAgo,
  type EstateOptions,
  estateOf,
  factOf,
  fileLocation,
  fingerprintOf,
  headLocation,
  historyLocation,
  providerRow,
  providerTableOf,
  secretOf,
} from '../../support/exposure-builder.js';

function consumerOf(name: string, overrides: Partial<Consumer> = {}): Consumer {
  return {
    name,
    kind: 'service',
    environment: 'unknown',
    how: 'literal',
    reload: 'restart',
    runs: 'continuous',
    dependsOn: [],
    acceptsTwo: 'unknown',
    current: 'yes',
    rules: ['C6'],
    confidence: 'strong',
    evidence: [],
    ...overrides,
  };
}

const subject = secretSubject(fingerprintOf('a'));
const fact = (attribute: string, value: Fact['value'], overrides: Partial<Fact> = {}): Fact =>
  factOf(subject, attribute, value, overrides);
const asserted = { origin: 'inventory', confidence: 'asserted', rule: 'O1' } as const;

interface Given extends EstateOptions {
  readonly facts?: readonly Fact[];
  readonly consumers?: readonly Consumer[];
  readonly resources?: readonly Resource[];
}

/** The dossier of the secret named `a`. */
function dossierOf(secrets: readonly Exposure[] | Exposure, given: Given = {}): Dossier {
  const { facts = [], consumers = [], resources = [], ...options } = given;
  const estate = estateOf(Array.isArray(secrets) ? secrets : [secrets as Exposure], options);
  const own = fingerprintOf('a');
  const all = [...facts, ...declaredFactsReader(estate)(estate.exposures)];
  const dossiers = buildDossiers(estate, all, new Map([[own, consumers]]), new Map([[own, resources]]));
  const found = dossiers.find(({ fingerprint }) => fingerprint === own);
  if (found === undefined) throw new Error('no dossier');
  return found;
}

const plain = secretOf('a', {
  locations: [headLocation('acme/api', 'config/.env', { slot: 'DB_PASSWORD' })],
});

describe('dossier', () => {
  it('of a secret about which nothing is known says so everywhere', () => {
    const dossier = dossierOf(plain);
    expect(dossier).toMatchObject({ coverage: 'none', environments: [], exposureLevel: 'internal-head' });
    for (const field of ['class', 'owner', 'privilege', 'overlap', 'liveness', 'lapsed'] as const)
      expect(dossier[field].value).toBeUndefined();
    expect(dossier.readiness).toMatchObject({
      score: 0,
      missing: ['owner', 'environment', 'class', 'resource', 'overlap', 'revocation', 'consumers'],
    });
  });

  it('takes facts about its principal, and lets the more trusted win', () => {
    const secret = secretOf('a', { attributes: { scheme: 'postgres', user: 'u', host: 'h' } });
    const dossier = dossierOf(secret, {
      facts: [
        fact('owner', 'team-b'),
        factOf(principalSubject('db:postgresql:h:5432:u'), 'owner', 'team-a', asserted),
      ],
    });
    expect(dossier.owner).toMatchObject({ value: 'team-a', losers: [{ value: 'team-b' }] });
  });

  it('an import that says `unknown` hides nothing', () => {
    const facts = [fact('privilege', 'unknown', asserted), fact('privilege', 'write')];
    expect(dossierOf(plain, { facts }).privilege.value).toBe('write');
  });

  it('of two owners that nothing puts in order has none, and names both in its question', () => {
    const dossier = dossierOf(plain, { facts: [fact('owner', 'team-a'), fact('owner', 'team-b')] });
    expect(dossier.reasons).toContain('OWNER_AMBIGUOUS');
    expect(dossier.reasons).not.toContain('OWNER_UNKNOWN');
    expect(dossier.readiness.questions[0]).toEqual({
      code: 'OWNER_AMBIGUOUS',
      text: 'which of team-a, team-b answers for it?',
    });
  });

  it('of an owner who left asks the successor', () => {
    const jo = {
      id: 'jo',
      type: 'person',
      emails: ['jo@acme.example'],
      handles: [],
      status: 'left',
      successor: 'ana',
    } as const;
    const dossier = dossierOf(plain, {
      facts: [fact('owner', 'JO@acme.example')],
      imports: { parties: [jo] },
    });
    expect(dossier.ownerParty?.id).toBe('jo');
    expect(dossier.readiness.questions.map(({ code, to }) => [code, to])[0]).toEqual(['OWNER_LEFT', 'ana']);
    expect(dossier.conditions).toContain('OWNER_LEFT');
  });

  describe('scenario 13: audience', () => {
    const silent = secretOf('a', { locations: [headLocation('acme/api', 'x', { audience: 'unknown' })] });

    it('that nobody stated is the first question, and nowhere read as internal', () => {
      const dossier = dossierOf(silent);
      expect(dossier.audience).toBe('unknown');
      expect(dossier.readiness.questions[0]).toEqual({
        code: 'AUDIENCE_UNKNOWN',
        text: 'who can read acme/api?',
      });
      expect(dossier.reasons).toContain('AUDIENCE_UNKNOWN');
      expect(dossier.conditions).toContain('AUDIENCE_UNKNOWN');
      expect(dossier.conditions).not.toContain('LEAKED_INTERNAL');
    });

    it('of a public repository makes a static key critical', () => {
      const dossier = dossierOf(silent, {
        facts: [fact('class', 'static')],
        imports: { placeFacts: [{ place: 'acme/api', audience: 'public' }] },
      });
      expect(dossier).toMatchObject({ exposureLevel: 'public-present', publicEver: true });
      expect(dossier.priority).toMatchObject({ adjusted: 'floor public-static 85', band: 'critical' });
      expect(dossier.conditions).toContain('LEAKED_PUBLIC');
    });

    it('that was public once is public history, also when the copy is gone', () => {
      const gone = secretOf('a', {
        locations: [headLocation('acme/api', 'x', { status: { status: 'vanished' } })],
      });
      const imports = { placeFacts: [{ place: 'acme/api', publicEver: true }] };
      expect(dossierOf(gone, { imports })).toMatchObject({
        exposureLevel: 'public-history',
        publicEver: true,
      });
    });
  });

  it.each([
    ['external', [chatLocation('#shared', '1', { audience: 'external' }), headLocation('a/b', 'x')]],
    ['internal-human', [chatLocation('#ops', '1'), headLocation('a/b', 'x')]],
    ['internal-head', [headLocation('a/b', 'x'), historyLocation('a/b', 'y')]],
    ['internal-history', [historyLocation('a/b', 'y')]],
    ['vault-only', []],
  ])('%s', (level, locations) => {
    expect(dossierOf(secretOf('a', { locations })).exposureLevel).toBe(level);
  });

  it('scenario 3: one value in the files of two environments', () => {
    const secret = secretOf('a', {
      locations: [
        headLocation('acme/api', '.env.prod', { slot: 'DB_PASSWORD' }),
        headLocation('acme/api', '.env.staging', { slot: 'DB_PASSWORD' }),
      ],
    });
    const inFile = (environment: string): Fact =>
      fact('environment', environment, {
        confidence: 'probable',
        evidence: [{ place: 'git:acme/api', path: `.env.${environment}` }],
      });
    const dossier = dossierOf(secret, { facts: [inFile('staging'), inFile('prod')] });
    expect(dossier.environments).toEqual(['prod', 'staging']);
    expect(dossier.copies.map(({ environments }) => environments)).toEqual([['prod'], ['staging']]);
    expect(dossier.conditions).toEqual(expect.arrayContaining(['CROSS_ENVIRONMENT', 'SLOT_SHARED']));
    expect(dossier.reasons).toContain('SHARED_ACROSS_ENVIRONMENTS');
    expect(dossier.sharing).toMatchObject({ score: 35, name: 'shared' });
  });

  it('guesses of environments count only where there is nothing better', () => {
    const weak = fact('environment', 'test', { confidence: 'weak' });
    expect(dossierOf(plain, { facts: [weak] }).environments).toEqual(['test']);
    expect(dossierOf(plain, { facts: [weak, fact('environment', 'prod')] }).environments).toEqual(['prod']);
  });

  describe('consumers', () => {
    const complete = fact('consumers-complete', 'yes', asserted);
    const declared = consumerOf('ledger-api', { how: 'imported', confidence: 'asserted' });

    it('are covered when somebody says so', () => {
      expect(dossierOf(plain, { facts: [complete], consumers: [declared] }).coverage).toBe('attested');
      expect(dossierOf(plain, { consumers: [declared] }).coverage).toBe('derived');
    });

    it('scenario 27: one that the list lacks breaks the attestation', () => {
      const found = consumerOf('gha:acme/api/deploy.yml#build', { kind: 'ci' });
      const dossier = dossierOf(plain, { facts: [complete], consumers: [declared, found] });
      expect(dossier.coverage).toBe('derived');
      expect(dossier.reasons).toContain('CONSUMER_UNDECLARED');
    });

    it('one under a longer name is the one that was declared, a former one breaks nothing', () => {
      const found = [consumerOf('k8s:prod/Deployment/ledger-api'), consumerOf('x', { current: 'former' })];
      expect(dossierOf(plain, { facts: [complete], consumers: [declared, ...found] }).coverage).toBe(
        'attested',
      );
    });

    it('scenario 26: a list that nobody looked at for long is none', () => {
      const stale = { ...complete, stale: true };
      const dossier = dossierOf(plain, { facts: [stale], consumers: [declared] });
      expect(dossier.coverage).toBe('derived');
    });

    it('an attestation counts until it ends', () => {
      const attestation = {
        principal: `anon:${fingerprintOf('a').slice(0, 12)}`,
        by: 'ana',
        at: daysAgo(10),
      };
      const coverage = (until?: string): string =>
        dossierOf(plain, {
          consumers: [declared],
          imports: { attestations: [{ ...attestation, ...(until === undefined ? {} : { until }) }] },
        }).coverage;
      expect([coverage(), coverage('2026-11-22'), coverage('2026-11-21')]).toEqual([
        'attested',
        'attested',
        'derived',
      ]);
    });

    it('scenario 21: an agent beside a service shares it', () => {
      const dossier = dossierOf(plain, {
        consumers: [consumerOf('api'), consumerOf('agent:x/y', { kind: 'agent' })],
      });
      expect(dossier.conditions).toContain('AGENT_SHARED');
      expect(dossier.reasons).toContain('AGENT_UNMAPPED');
    });
  });

  it('scenario 12: a SAS with a stored policy names its account and warns of the cascade', () => {
    const secret = secretOf('a', {
      attributes: { 'azure-account': 'acme', 'sas-sv': 'v', 'sas-si': 'readers' },
    });
    const dossier = dossierOf(secret, {
      providers: providerTableOf(
        providerRow({ id: 'azure.sas', kinds: ['generic-api-key'], class: 'ephemeral' }),
      ),
    });
    expect(dossier.class.value).toBeUndefined();
    expect(dossier.parents).toEqual(['azure-storage:acme']);
    expect(dossier.reasons).toContain('REVOCATION_CASCADES');
  });

  it('scenario 36: a value in the slot of another was rotated in place, both ends', () => {
    const swap = commitOf('swap', { daysAgo: 50 });
    const secrets = [
      secretOf('a', { locations: [headLocation('a/b', '.env', { slot: 'T', introduced: swap })] }),
      secretOf('b', { locations: [historyLocation('a/b', '.env', { slot: 'T', removed: swap })] }),
    ];
    const dossier = dossierOf(secrets, { facts: [fact('max-age', 30 * 86_400_000)] });
    expect(dossier.conditions).toEqual(expect.arrayContaining(['ROTATED_IN_PLACE', 'OVERDUE']));
    expect(dossier.slots[0]?.values).toHaveLength(2);
    expect(dossier.relations.map(({ relation }) => relation)).toEqual(['supersedes']);
  });

  it('an exposed alternate shows that two can be valid, and that it must not be switched to', () => {
    const at = (slot: string): Exposure['locations'] => [headLocation('a/b', '.env', { slot })] as never;
    const secrets = [secretOf('a', { locations: at('key1') }), secretOf('b', { locations: at('key2') })];
    const dossier = dossierOf(secrets);
    expect(dossier.overlap.value).toBe('yes');
    expect(dossier.reasons).toContain('ALTERNATE_EXPOSED');
  });

  it('what the vault map holds is vaulted, by fingerprint, slot or principal', () => {
    const vault = [
      { path: 'kv/b#x', slot: 'acme/api:config/.env#DB_PASSWORD', readers: [] },
      { path: 'kv/a#x', fingerprint: fingerprintOf('a'), readers: [] },
      {
        path: 'kv/c#x',
        slot: 'acme/api:config/.env#DB_PASSWORD',
        fingerprint: fingerprintOf('other'),
        readers: [],
      },
    ];
    const dossier = dossierOf(plain, { imports: { vault } });
    expect(dossier.vault).toEqual(['kv/a#x', 'kv/b#x']);
    expect(dossier.conditions).toContain('DUPLICATED_IN_VAULT');
    expect(dossierOf(plain, { imports: { vault: vault.slice(2) } }).conditions).toContain('UNVAULTED');
    expect(dossierOf(plain).conditions).not.toContain('UNVAULTED');
  });

  it('of what is all known is ready', () => {
    const row = providerRow({
      kinds: ['generic-api-key'],
      class: 'static',
      life: 'none',
      overlap: 'yes',
      revocation: 'now',
    });
    const dossier = dossierOf(plain, {
      providers: providerTableOf(row),
      facts: [
        fact('owner', 'team-a', asserted),
        fact('environment', 'prod'),
        fact('consumers-complete', 'yes', asserted),
      ],
      consumers: [consumerOf('api', { confidence: 'asserted' })],
      resources: [{ kind: 'api', address: 'api.acme.example', rule: 'R5' }],
    });
    expect(dossier.readiness).toEqual({ score: 7, missing: [], questions: [] });
    expect(dossier.conditions).toContain('NO_EXPIRY');
  });

  it('is as old as its earliest copy, unless its issue is known', () => {
    const secret = secretOf('a', {
      locations: [
        chatLocation('#ops', '1'),
        historyLocation('a/b', 'x', { introduced: commitOf('c', { daysAgo: 412 }) }),
      ],
    });
    expect(dossierOf(secret).age).toEqual({ days: 412, isLowerBound: true });
    expect(dossierOf(secret).exposedSince).toBe(daysAgo(412));
    const issued = fact('issued', daysAgo(500));
    expect(dossierOf(secret, { facts: [issued] }).age).toEqual({ days: 500, isLowerBound: false });
  });

  it('counts copies that are there, and since when the widest audience could read one', () => {
    const secret = secretOf('a', {
      locations: [
        headLocation('a/b', 'x', { slot: 'K', introduced: commitOf('c', { daysAgo: 90 }) }),
        headLocation('a/b', 'y', { slot: 'K' }),
        historyLocation('a/c', 'x', { slot: 'K' }),
        chatLocation('#ops', '1', { audience: 'external', record: { created: daysAgo(7) } }),
        chatLocation('#ops', '2', { status: { status: 'vanished' } }),
      ],
    });
    const dossier = dossierOf(secret, { facts: [fact('vault', 'kv/a#x')] });
    expect(dossier.duplication).toEqual({ current: 3, repositories: 1, exports: 1, slots: 2, vaulted: 1 });
    expect(dossier.widestSince).toBe(daysAgo(7));
  });

  it('scenario 6: left without an owner on purpose has none, and its question says so', () => {
    const dossier = dossierOf(plain, { facts: [fact('unowned', true)] });
    expect(dossier.reasons).toContain('OWNER_UNKNOWN');
    expect(dossier.readiness.questions[0]?.text).toMatch(/^CODEOWNERS leaves it without an owner on purpose/);
  });

  it('is of the kind that the provider table knows, when other copies have a broader label', () => {
    const row = providerRow({ id: 'postgres.password', kinds: ['postgres-uri'], class: 'static' });
    const [broad] = secretOf('a', { kind: 'kubernetes-secret-manifest' }).labels;
    const secret = secretOf('a', { kind: 'postgres-uri' });
    const labels = [...(broad === undefined ? [] : [broad]), ...secret.labels];
    const dossier = dossierOf({ ...secret, labels }, { providers: providerTableOf(row) });
    expect([dossier.kind, dossier.provider.id]).toEqual(['postgres-uri', 'postgres.password']);
    expect(dossierOf({ ...secret, labels }).kind).toBe('kubernetes-secret-manifest');
  });

  it('files of developers holding a service identity are human use', () => {
    const secret = secretOf('a', {
      kind: 'aws-secret-access-key',
      attributes: { 'aws-key-id': 'AKIA1' },
      locations: [fileLocation('home', '.aws/credentials')],
    });
    const estate = estateOf([secret]);
    const [dossier] = buildDossiers(estate, [], new Map(), new Map(), { containerOf: () => 'C16' });
    expect(dossier?.conditions).toContain('HUMAN_USE');
    expect(dossier?.copies[0]?.container).toBe('C16');
  });
});

describe('dossiers', () => {
  const secrets = ['a', 'b', 'c', 'd'].map((name, index) =>
    secretOf(name, {
      attributes: { scheme: 'postgres', user: 'u', host: index < 2 ? 'h1' : 'h2' },
      locations: [
        headLocation('acme/api', `f${index}`, { slot: `KEY_${index}` }),
        chatLocation('#ops', name, { audience: index === 2 ? 'public' : 'internal' }),
      ],
    }),
  );
  const facts = [
    fact('owner', 'team-a'),
    fact('owner', 'team-b', { rule: 'O3' }),
    fact(factAttributes.environment, 'prod'),
    fact(factAttributes.environment, 'test'),
    fact(factAttributes.poster, 'bo'),
    fact(factAttributes.poster, 'ana'),
  ];
  const build = (estate: Estate, all: readonly Fact[]): Dossier[] =>
    buildDossiers(estate, all, new Map(), new Map());

  // The secret as the store has it is passed on, in the order of the store.
  const told = (dossiers: readonly Dossier[]): string =>
    JSON.stringify(dossiers.map(({ exposure: _, ...dossier }) => dossier));

  it('come the most urgent first', () => {
    const scores = build(estateOf(secrets), facts).map(({ priority }) => priority.score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(build(estateOf(secrets), facts)[0]?.fingerprint).toBe(fingerprintOf('c'));
  });

  it('scenario 42: are the same whatever the order of secrets, locations, places and facts', () => {
    const expected = told(build(estateOf(secrets), facts));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(facts, { minLength: facts.length }),
        fc.shuffledSubarray([...secrets], { minLength: secrets.length }),
        (shuffledFacts, shuffled) => {
          const estate = estateOf(shuffled);
          const turned = {
            ...estate,
            exposures: shuffled.map((secret) => ({ ...secret, locations: [...secret.locations].reverse() })),
            places: new Map([...estate.places].reverse()),
          };
          expect(told(build(turned, shuffledFacts))).toBe(expected);
        },
      ),
      { numRuns: 30 },
    );
  });
});
