/** Scenarios as far as plans are concerned, on dossiers; those of scanned files stand in test/cli. */
import { describe, expect, it } from 'vitest';
import { factAttributes, principalSubject, secretSubject } from '../../../../src/rotation/attributes.js';
import type { Fact } from '../../../../src/rotation/fact.js';
import type { GateRecord, LogState, PlanState, StepRecord } from '../../../../src/rotation/log/state.js';
import { emptyState } from '../../../../src/rotation/log/state.js';
import type { Plan } from '../../../../src/rotation/plan/plan.js';
import { capacity } from '../../../../src/rotation/plan/portfolio.js';
import { strategies } from '../../../../src/rotation/policy/decision.js';
import {
  chatLocation,
  commitOf,
  daysAgo,
  factOf,
  fingerprintOf,
  headLocation,
  historyLocation,
  secretOf,
  testNow,
} from '../../../support/exposure-builder.js';
import {
  consumerOf,
  dossiersOf,
  type PlanOptions,
  planOf,
  portfolioOf,
  typesOf,
} from '../../../support/planning.js';

const asserted = { origin: 'inventory', confidence: 'asserted', rule: 'O1' } as const;

function fact(secret: string, attribute: string, value: Fact['value']): Fact {
  return factOf(secretSubject(fingerprintOf(secret)), attribute, value, asserted);
}

const owned = (secret: string): Fact => fact(secret, factAttributes.owner, 'team-payments');
const head = headLocation('acme/api', 'config/.env');
const seconds = (days: number): string => String(Math.floor(Date.parse(daysAgo(days)) / 1000));

function stepOf(plan: Plan, type: string): Plan['steps'][number] {
  const found = plan.steps.find((step) => step.type === type);
  if (found === undefined) throw new Error(`no step ${type} in ${typesOf(plan).join(', ')}`);
  return found;
}

describe('what is over', () => {
  it('scenario 9: a token past its end is purged and what made it looked at; the secret that signs it has its own plan', () => {
    const token = secretOf('jwt', {
      kind: 'json-web-token',
      attributes: { 'jwt-exp': seconds(365), 'jwt-iat': seconds(366) },
      locations: [head],
    });
    const alone = planOf(portfolioOf([token]), 'jwt');
    expect(alone.decision.strategy).toBe('purge-only');
    expect(typesOf(alone)).toEqual(['parents', 'purge', 'rescan', 'close']);
    const signer = secretOf('hmac', {
      kind: 'generic-api-key',
      locations: [headLocation('acme/api', 'config/jwt.yml')],
      relations: { signs: ['jwt'] },
    });
    const both = portfolioOf([token, signer]);
    expect(both.plans).toHaveLength(2);
    // Whoever has the signing secret makes a token that has not ended: it is not over then.
    const parent = planOf(both, 'hmac');
    expect(parent.relations).toMatchObject([{ relation: 'signs', to: fingerprintOf('jwt') }]);
    expect(planOf(both, 'jwt').prerequisites).toEqual([parent.id]);
    expect(planOf(both, 'jwt').warnings.join()).toContain('PARENT_FIRST');
  });

  it('scenario 11: a session key of three days ago is over, unless its date may be made up', () => {
    const session = (authorDate: string) =>
      secretOf('asia', {
        kind: 'aws-sts-access-key-id',
        locations: [
          headLocation('acme/api', 'x', {
            introduced: commitOf('x', { authorDate, committerDate: daysAgo(3) }),
            firstSeen: daysAgo(3),
          }),
        ],
      });
    expect(planOf(portfolioOf([session(daysAgo(3))]), 'asia').decision.strategy).toBe('purge-only');
    expect(planOf(portfolioOf([session(daysAgo(-30))]), 'asia').decision.strategy).not.toBe('purge-only');
  });

  it('scenario 30: in public and dead, it is purged', () => {
    const plan = planOf(
      portfolioOf([secretOf('a', { locations: [{ ...head, audience: 'public' }] })], {
        facts: [fact('a', factAttributes.liveness, 'dead')],
      }),
      'a',
    );
    expect(plan.decision).toMatchObject({ strategy: 'purge-only', rule: 'dead' });
  });
});

describe('secrets that hang on each other', () => {
  const account = { 'azure-account': 'acmestore' };
  const key = secretOf('key', {
    kind: 'azure-storage-account-key',
    attributes: account,
    locations: [headLocation('acme/files', 'a.env')],
  });
  const signed = ['x', 'y', 'z'].map((name) =>
    secretOf(name, {
      kind: 'azure-sas-token',
      attributes: { ...account, 'sas-sv': '2024-01-01', 'sas-se': daysAgo(-300), [`sas-${name}`]: name },
      locations: [headLocation('acme/files', `${name}.url`)],
    }),
  );
  const consumers = Object.fromEntries(
    ['x', 'y', 'z'].map((name) => [name, [consumerOf(`download-${name}`, { environment: 'prod' })]]),
  );

  it('scenario 17: what was signed with an account key is listed with who uses it, and moved with it', () => {
    const plan = planOf(portfolioOf([key, ...signed], { consumers, facts: [owned('key')] }), 'key');
    const children = stepOf(plan, 'children').how;
    for (const name of ['x', 'y', 'z']) {
      expect(children).toContain(fingerprintOf(name).slice(0, 12));
      expect(children).toContain(`download-${name}`);
      expect(plan.steps.some(({ target }) => target === `download-${name} (prod)`)).toBe(true);
    }
    expect(plan.warnings.join()).toContain(
      'REVOCATION_CASCADES: what was made with it ends with it (3 known',
    );
  });

  it('waits for the plan of what made it, and capacity picks that first', () => {
    const facts = ['key', 'x', 'y', 'z'].map(owned);
    const portfolio = portfolioOf([key, ...signed], { consumers, facts });
    const parent = planOf(portfolio, 'key');
    const child = planOf(portfolio, 'x');
    expect(child.prerequisites).toEqual([parent.id]);
    expect(child.reasons).toContain('PARENT_FIRST');
    expect(capacity(portfolio, 1).map(({ id }) => id)).toEqual([parent.id]);
  });

  it('scenario 12: a signature with a stored policy names the account whose key ends it', () => {
    const stored = secretOf('sas', {
      kind: 'azure-sas-token',
      attributes: { ...account, 'sas-sv': '2024-01-01', 'sas-si': 'readers' },
      locations: [head],
    });
    const plan = planOf(portfolioOf([stored], { facts: [owned('sas')] }), 'sas');
    expect(plan.warnings.join()).toContain('azure-storage:acmestore');
    expect(plan.reasons).toContain('REVOCATION_CASCADES');
  });

  it('scenario 16: when the second key is exposed too, the unused one is regenerated before and after the move', () => {
    const second = secretOf('key2', {
      kind: 'azure-storage-account-key',
      attributes: account,
      locations: [headLocation('acme/files', 'b.env')],
    });
    const plan = planOf(
      portfolioOf([key, second], {
        facts: [owned('key'), owned('key2')],
        consumers: { key: [consumerOf('files', { environment: 'prod' })] },
      }),
      'key',
    );
    expect(plan.others).toHaveLength(1);
    expect(plan.reasons).toContain('ALTERNATE_EXPOSED');
    expect(stepOf(plan, 'issue').title).toContain('1 of 2');
    expect(stepOf(plan, 'revoke-old').title).toContain('2 of 2');
    expect(stepOf(plan, 'issue').number).toBeLessThan(stepOf(plan, 'update').number);
    expect(stepOf(plan, 'update').number).toBeLessThan(stepOf(plan, 'revoke-old').number);
  });

  it('scenario 15: when all values that can be valid are taken, one is freed before a new one is made', () => {
    const values = ['old', 'new'].map((name) =>
      secretOf(name, {
        kind: 'snowflake-key-pair',
        attributes: { scheme: 'snowflake', user: 'etl', host: 'acme.example' },
        locations: [headLocation('acme/etl', `${name}.pem`)],
      }),
    );
    const [dossier] = dossiersOf(values);
    expect(dossier?.principal.key).toContain('etl');
    const row = {
      ...dossier!.provider,
      id: 'two.only',
      kinds: ['snowflake-key-pair'],
      overlap: 'yes',
      slots: 2,
    } as const;
    const providers = {
      rows: [row],
      row: () => row,
      rowOf: () => row,
      reactionOf: () => undefined,
    };
    const plan = planOf(
      portfolioOf(values, {
        providers,
        facts: [owned('old'), owned('new')],
        decision: { strategy: 'staged-dual' },
      }),
      'new',
    );
    expect(plan.reasons).toContain('SLOT_FULL');
    expect(typesOf(plan)[0]).toBe('free-slot');
    expect(typesOf(plan).indexOf('free-slot')).toBeLessThan(typesOf(plan).indexOf('issue'));
  });
});

it('scenario 19: a chain of consumers is moved in order, and a circle apart from it', () => {
  const consumers = [
    consumerOf('a', { dependsOn: ['b'], environment: 'prod' }),
    consumerOf('b', { dependsOn: ['c'], environment: 'prod' }),
    consumerOf('c', { environment: 'prod' }),
    consumerOf('x', { dependsOn: ['y'], environment: 'prod' }),
    consumerOf('y', { dependsOn: ['x'], environment: 'prod' }),
  ];
  const plan = planOf(
    portfolioOf([secretOf('s', { kind: 'stripe-secret-key', locations: [head] })], {
      consumers: { s: consumers },
      facts: [owned('s')],
    }),
    's',
  );
  const order = plan.steps.filter(({ type }) => type === 'update').map(({ target }) => target?.[0]);
  expect(order.filter((name) => 'abc'.includes(name ?? ''))).toEqual(['c', 'b', 'a']);
  expect(order).toHaveLength(5);
  expect(plan.warnings).toContain('these depend on each other, so move them together: x, y');
});

describe('scenario 10: a key that two certificates use', () => {
  const spki = 'ab'.repeat(32);
  const certificate = (name: string, notAfter: string) =>
    secretOf(name, {
      kind: 'x509-certificate',
      attributes: { 'x509-spki-sha256': spki, 'x509-not-after': notAfter },
      locations: [headLocation('acme/tls', `${name}.pem`)],
    });
  it('is not over while one of them is valid', () => {
    const key = secretOf('key', {
      kind: 'pem-private-key',
      attributes: { 'public-key-sha256': spki },
      locations: [headLocation('acme/tls', 'key.pem')],
    });
    const portfolio = portfolioOf([certificate('past', daysAgo(10)), certificate('now', daysAgo(-80)), key]);
    expect(planOf(portfolio, 'key').decision.strategy).not.toBe('purge-only');
  });
});

describe('what the log says', () => {
  const secret = secretOf('a', {
    kind: 'stripe-secret-key',
    locations: [head, historyLocation('acme/api', 'old.env'), chatLocation('#ops', '17')],
  });
  const options = {
    facts: [owned('a'), fact('a', factAttributes.introducer, 'jo')],
    consumers: { a: [consumerOf('api', { environment: 'prod' })] },
  } satisfies PlanOptions;
  const fresh = planOf(portfolioOf([secret], options), 'a');

  function stateOf(plan: Plan, overrides: Partial<PlanState> = {}): LogState {
    const recorded: PlanState = {
      plan: plan.id,
      fingerprint: plan.fingerprint,
      others: plan.others,
      createdAt: daysAgo(2),
      revision: plan.revision,
      strategy: plan.decision.strategy,
      approvals: [],
      steps: new Map(),
      gates: [],
      accepted: [],
      executors: [],
      ...overrides,
    };
    return { ...emptyState, seq: 1, plans: new Map([[plan.id, recorded]]) };
  }

  const done = (by: string, days = 1): StepRecord => ({ state: 'done', by, at: daysAgo(days) });
  const gate = (step: string, name: GateRecord['gate'], result: GateRecord['result']): GateRecord => ({
    step,
    gate: name,
    result,
    windowStart: daysAgo(2),
    windowEnd: daysAgo(1),
    by: 'watcher',
    at: daysAgo(1),
    accepted: true,
  });
  const approvals = [{ role: 'owner', count: 1, not: ['executor', 'introducer'], by: 'test' }] as const;

  it('a soak that is recorded as begun ends, whatever the strategy', () => {
    const decided = strategies.map((strategy) =>
      planOf(portfolioOf([secret], { decision: { strategy } }), 'a'),
    );
    const soaking = decided.filter(({ steps }) => steps.some(({ type }) => type === 'soak'));
    expect(soaking.length).toBeGreaterThan(2);
    for (const plan of soaking) {
      const { strategy } = plan.decision;
      const steps = new Map([['soak', { ...done('ana', 90), state: 'doing' as const }]]);
      const state = stateOf(plan, { steps });
      const later = planOf(portfolioOf([secret], { decision: { strategy }, state }), 'a');
      const due = later.steps.find(({ type }) => type === 'soak')?.due ?? '';
      expect(Date.parse(due), strategy).toBeLessThan(Date.parse(testNow));
    }
  });

  it('keeps the handle when the principal of a secret is found out later', () => {
    const state = stateOf(fresh);
    const known = [...options.facts, factOf(principalSubject('x:y'), 'owner', 'z')];
    expect(planOf(portfolioOf([secret], { ...options, facts: known, state }), 'a').id).toBe(fresh.id);
  });

  it('gives a new handle to what comes up after the plan for an earlier value was closed', () => {
    const user = { scheme: 'postgresql', user: 'u', host: 'h' };
    const [first, second] = ['old', 'new'].map((name) =>
      secretOf(name, { kind: 'postgres-uri', attributes: user, locations: [head] }),
    );
    const before = planOf(portfolioOf([first!]), 'old');
    const state = stateOf(before, { closedAt: daysAgo(1) });
    expect(planOf(portfolioOf([first!], { state }), 'old').status).toBe('closed');
    const after = planOf(portfolioOf([second!], { state }), 'new');
    expect(after.id).not.toBe(before.id);
    expect(after.status).not.toBe('closed');
  });

  it('scenario 31: an approval is void once a consumer was added', () => {
    const given = { role: 'owner', by: 'ana', at: daysAgo(1), decision: 'approved' as const };
    const ask = { ...options, decision: { approvals } };
    const plan = planOf(portfolioOf([secret], ask), 'a');
    const state = stateOf(plan, { approvals: [{ ...given, revision: plan.revision }] });
    const approved = planOf(portfolioOf([secret], { ...ask, state }), 'a');
    expect(approved).toMatchObject({ status: 'ready', approvals: [{ isMet: true }] });
    expect(approved.conditions).toEqual(expect.arrayContaining(['PLAN_CREATED', 'PLAN_APPROVED']));
    const more = { a: [...options.consumers.a, consumerOf('worker', { environment: 'prod' })] };
    const changed = planOf(portfolioOf([secret], { ...ask, consumers: more, state }), 'a');
    expect(changed.id).toBe(plan.id);
    expect(changed.revision).not.toBe(plan.revision);
    expect(changed).toMatchObject({
      status: 'needs-approval',
      approvals: [{ isMet: false, given: [{ by: 'ana', standing: 'stale' }] }],
    });
    expect(changed.conditions).toContain('APPROVAL_STALE');
  });

  it('a copy that is found adds a purge and leaves the approval alone', () => {
    const found = secretOf('a', {
      kind: 'stripe-secret-key',
      locations: [
        ...[head, historyLocation('acme/api', 'old.env'), chatLocation('#ops', '17')],
        chatLocation('#dev', '3'),
      ],
    });
    const plan = planOf(portfolioOf([found], options), 'a');
    expect(plan.revision).toBe(fresh.revision);
    expect(plan.steps).toHaveLength(fresh.steps.length + 1);
    expect(plan.steps.map(({ id }) => id)).toEqual(expect.arrayContaining(fresh.steps.map(({ id }) => id)));
  });

  it('whoever carried a step out, or put the value there, cannot approve where that is excluded', () => {
    const ask = { ...options, decision: { approvals } };
    const plan = planOf(portfolioOf([secret], ask), 'a');
    const given = { role: 'owner', at: daysAgo(1), decision: 'approved' as const, revision: plan.revision };
    const state = stateOf(plan, {
      approvals: ['ana', 'jo'].map((by) => ({ ...given, by })),
      steps: new Map([['preserve', done('ana')]]),
      executors: ['ana'],
    });
    const found = planOf(portfolioOf([secret], { ...ask, state }), 'a');
    expect(found.approvals[0]?.given.map(({ standing }) => standing)).toEqual(['excluded', 'excluded']);
    expect(found.status).toBe('needs-approval');
  });

  it('a failed gate fails its step, freezes what comes after, and the rollback stands there', () => {
    const verify = stepOf(fresh, 'verify-new');
    const state = stateOf(fresh, { gates: [gate(verify.id, 'error_rate', 'fail')] });
    const plan = planOf(portfolioOf([secret], { ...options, state }), 'a');
    expect(stepOf(plan, 'verify-new')).toMatchObject({
      state: 'failed',
      record: { reason: 'gate error_rate failed' },
    });
    expect(stepOf(plan, 'verify-new').rollback).toContain('point it back');
    for (const { number, state: own } of plan.steps)
      expect(own).toBe(number > verify.number ? 'frozen' : number === verify.number ? 'failed' : 'todo');
    const passed = stateOf(fresh, { gates: verify.gates.map((name) => gate(verify.id, name, 'pass')) });
    expect(
      stepOf(planOf(portfolioOf([secret], { ...options, state: passed }), 'a'), 'verify-new').state,
    ).toBe('done');
  });

  it('scenario 33: use of the old value during the soak asks for the consumer that was missed', () => {
    const state = stateOf(fresh, { gates: [gate('soak', 'old_use_zero', 'fail')] });
    const plan = planOf(portfolioOf([secret], { ...options, state }), 'a');
    expect(plan.questions[0]?.code).toBe('MISSED_CONSUMER');
    expect(stepOf(plan, 'soak').state).toBe('failed');
    expect(stepOf(plan, 'revoke-old').state).toBe('frozen');
    const missed = plan.steps.find(({ target }) => target === 'missed consumer');
    expect(missed).toMatchObject({ type: 'update', state: 'todo' });
    expect(plan.revision).toBe(fresh.revision);
  });

  it('a copy that a later scan saw is not purged, whatever was said', () => {
    const purge = fresh.steps.find(({ type, title }) => type === 'purge' && title.includes('HEAD'));
    const said = (days: number): LogState =>
      stateOf(fresh, { steps: new Map([[purge?.id ?? '', done('ana', days)]]) });
    const stateFor = (days: number): string | undefined =>
      planOf(portfolioOf([secret], { ...options, state: said(days) }), 'a').steps.find(
        ({ id }) => id === purge?.id,
      )?.state;
    // The copies were last seen two days ago.
    expect(stateFor(1)).toBe('done');
    expect(stateFor(5)).toBe('todo');
  });
});

it('a secret with 10,000 copies has one purge for each place and custodian', () => {
  const locations = Array.from({ length: 10_000 }, (_, at) => headLocation(`acme/r${at % 7}`, `f${at}.env`));
  const plan = planOf(portfolioOf([secretOf('a', { locations })], { facts: [owned('a')] }), 'a');
  const purges = plan.steps.filter(({ type }) => type === 'purge');
  expect(purges).toHaveLength(7);
  expect(purges.flatMap(({ copies = [] }) => copies)).toHaveLength(10_000);
});

it('a service that everything hangs on: some of what depends on it is named, and that there is more', () => {
  const dependents = Array.from({ length: 300 }, (_, at) => consumerOf(`c${at}`, { dependsOn: ['auth'] }));
  const secrets = ['a', 'b'].map((name) =>
    secretOf(name, { locations: [headLocation('acme/api', `${name}.env`)] }),
  );
  const portfolio = portfolioOf(secrets, { consumers: { a: [consumerOf('auth')], b: dependents } });
  const { blastRadius } = planOf(portfolio, 'a');
  expect(blastRadius.consumers).toHaveLength(201);
  expect(blastRadius.consumers.map(({ name }) => name)).toContain('auth');
  expect(blastRadius.unknown).toContain('more than 200 others depend on these: not all are named');
});

describe('a change in one go', () => {
  const consumers = { a: [consumerOf('api', { environment: 'prod' }), consumerOf('bot', { kind: 'agent' })] };
  const cutover = (kind: string): Plan =>
    planOf(
      portfolioOf([secretOf('a', { kind, locations: [head] })], {
        consumers,
        facts: [owned('a')],
        decision: { strategy: 'staged-cutover' },
      }),
      'a',
    );
  const isBefore = (plan: Plan, type: string): boolean =>
    plan.steps.some((step) => step.type === type && step.number < stepOf(plan, 'switch').number);

  it('makes nothing that would end the old value before the switch, and has what was prepared proved', () => {
    const plan = cutover('slack-bot-token');
    expect(isBefore(plan, 'issue')).toBe(false);
    expect(isBefore(plan, 'verify-new')).toBe(true);
    expect(stepOf(plan, 'verify-new').how).toContain('The old value still works');
    expect(plan.steps.filter(({ type }) => type === 'update').flatMap(({ gates }) => gates)).toEqual([]);
    expect(stepOf(plan, 'freeze').gates).toContain('agent_paused');
    expect(plan.pointOfNoReturn).toBe('switch');
    expect(typesOf(plan)).not.toContain('rollback');
  });

  it('of a password has the new one ready, and a way back until the first purge', () => {
    const plan = cutover('postgres-uri');
    expect(isBefore(plan, 'issue')).toBe(true);
    expect(stepOf(plan, 'rollback').number).toBeGreaterThan(stepOf(plan, 'verify-new').number);
    expect(plan.pointOfNoReturn).toBe(stepOf(plan, 'purge').id);
    expect(stepOf(plan, 'purge').needs).not.toContain('rollback');
  });
});
