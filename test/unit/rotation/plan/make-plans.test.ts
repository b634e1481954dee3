import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factAttributes, secretSubject } from '../../../../src/rotation/attributes.js';
import type { Consumer } from '../../../../src/rotation/dossier.js';
import type { Fact } from '../../../../src/rotation/fact.js';
import { makePlans } from '../../../../src/rotation/plan/make-plans.js';
import type { Plan } from '../../../../src/rotation/plan/plan.js';
import { strategies } from '../../../../src/rotation/policy/decision.js';
import '../../../support/fixed-seed.js';
import {
  chatLocation,
  daysAgo,
  factOf,
  fileLocation,
  fingerprintOf,
  headLocation,
  historyLocation,
  type LocationDraft,
  secretOf,
  ticketLocation,
} from '../../../support/exposure-builder.js';
import { consumerOf, planningInput, planOf, portfolioOf, typesOf } from '../../../support/planning.js';

const asserted = { origin: 'inventory', confidence: 'asserted', rule: 'O1' } as const;

function fact(secret: string, attribute: string, value: Fact['value']): Fact {
  return factOf(secretSubject(fingerprintOf(secret)), attribute, value, asserted);
}

const owned = (secret: string): Fact => fact(secret, factAttributes.owner, 'team-payments');
const complete = (secret: string): Fact => fact(secret, factAttributes.consumersComplete, 'yes');

const copies: Readonly<Record<string, LocationDraft>> = {
  head: headLocation('acme/ledger', 'config/.env.prod', { slot: 'DB_PASSWORD' }),
  history: historyLocation('acme/ledger', 'old/.env'),
  older: historyLocation('acme/ledger', 'older/.env'),
  chat: chatLocation('#ops', '17'),
  ticket: ticketLocation('PAY', 'PAY-881'),
  file: fileLocation('laptop', 'notes.txt'),
  gone: headLocation('acme/reporting', 'etl/run.sh', { status: { status: 'vanished' } }),
};

describe('plans of every shape', () => {
  const kinds = [
    'generic-api-key',
    'aws-access-key-id',
    'github-pat-classic',
    'postgres-uri',
    'azure-storage-account-key',
    'slack-bot-token',
    'stripe-secret-key',
  ];
  const consumer = fc
    .record({
      name: fc.constantFrom('api', 'worker', 'eod', 'ci', 'bot', 'partner', 'app'),
      environment: fc.constantFrom('prod', 'staging', 'dev', 'unknown'),
      kind: fc.constantFrom<Consumer['kind']>(
        'service',
        'batch',
        'ci',
        'agent',
        'third-party',
        'shipped-client',
      ),
      dependsOn: fc.subarray(['api', 'worker', 'eod', 'ci']),
      criticality: fc.constantFrom(1, 2, 3, 4),
      owner: fc.constantFrom('team-a', 'team-b'),
    })
    .map(({ name, ...rest }) => consumerOf(name, rest));
  const cases = fc.record({
    kind: fc.constantFrom(...kinds),
    strategy: fc.constantFrom(...strategies),
    consumers: fc.uniqueArray(consumer, {
      maxLength: 8,
      selector: ({ name, environment }) => `${name} ${environment}`,
    }),
    copies: fc.subarray(Object.keys(copies), { minLength: 1 }),
    isOwned: fc.boolean(),
    audience: fc.constantFrom('public' as const, 'internal' as const, 'unknown' as const),
    gates: fc.subarray([
      'auth_success',
      'error_rate',
      'old_use_zero',
      'next_run_ok',
      'agent_paused',
    ] as const),
    stepsAdd: fc.subarray(['redesign', 'preserve', 'soak', 'contain', 'parents']),
  });

  function planFor(given: typeof cases extends fc.Arbitrary<infer T> ? T : never): Plan {
    const { kind, consumers, isOwned, audience, strategy, gates, stepsAdd } = given;
    const locations = given.copies
      .flatMap((name) => copies[name] ?? [])
      .map((copy) => ({ ...copy, audience }));
    const portfolio = portfolioOf([secretOf('a', { kind, locations })], {
      consumers: { a: consumers },
      facts: isOwned ? [owned('a')] : [],
      decision: { strategy, gates, stepsAdd },
    });
    return planOf(portfolio, 'a');
  }

  it('have steps in an order that their needs allow, with ids of their own', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { steps } = planFor(given);
        const numbers = new Map(steps.map(({ id, number }) => [id, number]));
        expect(numbers.size).toBe(steps.length);
        expect(steps.map(({ number }) => number)).toEqual(steps.map((_, index) => index + 1));
        for (const { number, needs } of steps) {
          for (const id of needs) expect(numbers.get(id)).toBeLessThan(number);
        }
      }),
    );
  });

  it('move nobody before what it depends on, unless both are in a circle', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const plan = planFor(given);
        const circles = plan.warnings.filter((line) => line.startsWith('these depend on each other'));
        const updates = plan.steps.filter(({ type }) => type === 'update');
        for (const { name, environment, dependsOn } of given.consumers) {
          const own = updates.find(({ target }) => target === `${name} (${environment})`);
          for (const needed of dependsOn) {
            const before = updates.find(({ target }) => target === `${needed} (${environment})`);
            const isCircle = circles.some((line) => line.includes(name) && line.includes(needed));
            if (own === undefined || before === undefined || own === before || isCircle) continue;
            expect(before.number).toBeLessThan(own.number);
          }
        }
      }),
    );
  });

  it('call nothing reversible once the point of no return is passed', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { steps, pointOfNoReturn, rollbackUntil } = planFor(given);
        const end = steps.find(({ id }) => id === pointOfNoReturn);
        if (end === undefined) return;
        expect(steps.filter(({ number, reversible }) => number > end.number && reversible)).toEqual([]);
        const last = steps.find(({ id }) => id === rollbackUntil);
        if (last !== undefined) expect(last.reversible && last.number < end.number).toBe(true);
      }),
    );
  });

  it('purge every copy that is not gone exactly once, and scan every place that ever held one', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { steps, decision } = planFor(given);
        if (decision.strategy === 'none') {
          expect(steps).toEqual([]);
          return;
        }
        const purged = steps.flatMap(({ copies: own = [] }) => own);
        expect(purged.map(({ location }) => location.placeName).sort()).toEqual(
          given.copies
            .filter((name) => name !== 'gone')
            .flatMap((name) => copies[name]?.placeName ?? [])
            .sort(),
        );
        expect(new Set(purged).size).toBe(purged.length);
        expect(steps.find(({ type }) => type === 'rescan')?.sources).toEqual(
          [...new Set(given.copies.flatMap((name) => copies[name]?.placeName ?? []))].sort(),
        );
      }),
    );
  });

  it('print sums of their terms, are ready in an emergency, and end by being closed', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { priority, status, decision, steps } = planFor(given);
        expect(priority.terms.reduce((sum, { points }) => sum + points, 0)).toBe(priority.sum);
        if (decision.strategy === 'emergency') expect(status).toBe('ready');
        if (decision.strategy !== 'none') expect(steps.at(-1)?.type).toBe('close');
      }),
    );
  });
});

describe('many plans', () => {
  const secrets = Array.from({ length: 12 }, (_, at) =>
    secretOf(`s${at}`, {
      kind: at % 2 === 0 ? 'aws-access-key-id' : 'generic-api-key',
      locations: [headLocation(`acme/r${at % 3}`, `f${at}.env`), chatLocation('#ops', String(at))],
      attributes: at % 4 === 0 ? { scheme: 'postgres', user: 'u', host: 'h' } : {},
      relations: at === 3 ? { signs: ['s5', 's7'] } : {},
    }),
  );
  const options = {
    consumers: Object.fromEntries(
      secrets.map((_, at) => [
        `s${at}`,
        [consumerOf('api'), consumerOf(`c${at % 2}`, { dependsOn: ['api'] })],
      ]),
    ),
  };

  it('scenario 42: are the same bytes whatever the order of their secrets', () => {
    const input = planningInput(secrets, options);
    const expected = JSON.stringify(makePlans(input));
    fc.assert(
      fc.property(fc.shuffledSubarray([...input.dossiers], { minLength: secrets.length }), (dossiers) => {
        expect(JSON.stringify(makePlans({ ...input, dossiers }))).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('have ids of their own, and take every secret in once', () => {
    const { plans } = portfolioOf(secrets, options);
    expect(new Set(plans.map(({ id }) => id)).size).toBe(plans.length);
    expect(plans.flatMap(({ fingerprint, others }) => [fingerprint, ...others]).sort()).toEqual(
      secrets.map(({ fingerprint }) => fingerprint as string).sort(),
    );
  });

  it('scenario 45: share one restart of a service in each wave', () => {
    const { merged, plans } = portfolioOf(
      ['x', 'y', 'z'].map((name) => secretOf(name, { locations: [headLocation('acme/api', `${name}.env`)] })),
      {
        consumers: Object.fromEntries(
          ['x', 'y', 'z'].map((name) => [name, [consumerOf('api', { environment: 'prod' })]]),
        ),
      },
    );
    expect(merged).toMatchObject([{ consumer: 'api (prod)', wave: 3, steps: plans.map(() => ({})) }]);
    expect(plans).toHaveLength(3);
  });
});

describe('worked example of a database user', () => {
  const ledger = secretOf('a', {
    kind: 'postgres-uri',
    locations: ['head', 'history', 'chat', 'ticket'].flatMap((name) => copies[name] ?? []),
    attributes: { scheme: 'postgresql', user: 'ledger', host: 'db1.acme.example' },
  });
  const consumers = {
    a: [
      consumerOf('ledger-api', { environment: 'prod', criticality: 1 }),
      consumerOf('ledger-api', { environment: 'staging' }),
      consumerOf('ledger-eod', {
        environment: 'prod',
        kind: 'batch',
        runs: 'cron 0 2 * * *',
        nextRun: '2026-11-23T02:00:00Z',
        dependsOn: ['ledger-api'],
      }),
    ],
  };
  const facts = [owned('a'), fact('a', factAttributes.overlap, 'yes')];

  it('goes through staging, one consumer of production, the rest, and watches before it deletes', () => {
    // One user for staging and production would be split first; here a rule of the organisation says otherwise.
    const decision = { strategy: 'staged-dual' } as const;
    const plan = planOf(portfolioOf([ledger], { consumers, facts, decision }), 'a');
    expect(typesOf(plan)).toEqual([
      'preserve',
      'issue',
      'update 1',
      'verify-new 1',
      'update 3',
      'verify-new 3',
      'update 4',
      'verify-new 4',
      'overlap',
      'soak',
      'revoke-old',
      'purge',
      'purge',
      'purge',
      'purge',
      'rescan',
      'close',
    ]);
    expect(plan.steps.filter(({ type }) => type === 'update').map(({ target }) => target)).toEqual([
      'ledger-api (staging)',
      'ledger-api (prod)',
      'ledger-eod (prod)',
    ]);
  });

  it('waits for a full run of the batch job', () => {
    const plan = planOf(portfolioOf([ledger], { consumers, facts }), 'a');
    expect(plan.steps.find(({ type }) => type === 'overlap')?.due).toBe('2026-11-24T02:00:00Z');
    expect(plan.steps.find(({ type }) => type === 'soak')?.due).toBe('2026-11-26T02:00:00Z');
  });

  it('without an owner or a complete list is not ready; with both and overlap it runs by itself', () => {
    const nobody = planOf(portfolioOf([ledger], { consumers }), 'a');
    expect(nobody).toMatchObject({ status: 'blocked', blockedBy: ['OWNER_UNKNOWN'] });
    expect(nobody.steps[0]).toMatchObject({ type: 'assign', who: 'unassigned' });
    const attested = planOf(
      portfolioOf([ledger], {
        consumers,
        facts: [...facts, complete('a')],
        resources: { a: [{ kind: 'database', address: 'db1/ledger', rule: 'R1' }] },
      }),
      'a',
    );
    expect(attested.warnings.join()).toContain('overlap is the only safety');
    expect(attested.createdAt).toBe(daysAgo(0));
  });
});
