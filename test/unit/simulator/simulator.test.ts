/** The simulator itself: plans hold against hidden truth, and a plan that lacks something is found out. */
import { describe, expect, it } from 'vitest';
import { execute } from '../../../bench/simulator/execute.js';
import type { TrueSecret, TrueUser } from '../../../bench/simulator/organisation.js';
import { simulate } from '../../../bench/simulator/run.js';
import type { Plan, Step } from '../../../src/rotation/plan/plan.js';
import { headLocation, secretOf, testNow } from '../../support/exposure-builder.js';
import { consumerOf, planOf, portfolioOf, shippedProviders } from '../../support/planning.js';
import { defaultPolicy } from '../../support/policy-builder.js';

const start = Date.parse(testNow);
const day = 24 * 3_600_000;

function userOf(name: string, overrides: Partial<TrueUser> = {}): TrueUser {
  return {
    name,
    kind: 'service',
    environment: 'staging',
    inCode: true,
    inInventory: true,
    everyHours: 0.1,
    firstUse: 0,
    hours: 1,
    isBotched: false,
    ...overrides,
  };
}

function secretWith(...users: readonly TrueUser[]): TrueSecret {
  return {
    name: 'it',
    kind: 'stripe-secret-key',
    variable: 'IT',
    audience: 'internal',
    isAudienceStated: true,
    inChat: false,
    overlaps: true,
    canDisable: false,
    showsUse: false,
    users,
    hasEntry: false,
    saysComplete: false,
    statesOverlap: false,
  };
}

/** A plan for two consumers, under the strategy that keeps both values valid. */
function dualPlan(): Plan {
  const secret = secretOf('it', {
    kind: 'stripe-secret-key',
    locations: [headLocation('acme/api', 'a.env')],
  });
  const portfolio = portfolioOf([secret], {
    providers: shippedProviders(),
    consumers: {
      it: [
        consumerOf('api', { environment: 'staging' }),
        consumerOf('job', {
          kind: 'batch',
          environment: 'staging',
          runs: 'cron 0 3 1 * *',
          nextRun: '2026-12-01T03:00:00Z',
        }),
      ],
    },
    decision: { strategy: 'staged-dual' },
  });
  // Nobody owns it here, which does not matter for what is tried.
  return { ...planOf(portfolio, 'it'), status: 'ready' };
}

function without(plan: Plan, isDropped: (step: Step) => boolean): Plan {
  const dropped = new Set(plan.steps.filter(isDropped).map(({ id }) => id));
  const kept = plan.steps.filter(({ id }) => !dropped.has(id));
  return {
    ...plan,
    steps: kept.map((step) => ({ ...step, needs: step.needs.filter((id) => !dropped.has(id)) })),
  };
}

describe('the execution of a plan', () => {
  const users = [userOf('api'), userOf('job', { kind: 'batch', everyHours: 730, firstUse: 209 })];

  it('breaks nothing when the plan knows all', () => {
    const { outageHours, isEnded, faults } = execute(
      dualPlan(),
      secretWith(...users),
      start,
      0,
      (begin) => begin + day,
    );
    expect({ outageHours, isEnded, faults }).toEqual({ outageHours: 0, isEnded: true, faults: [] });
  });

  it('breaks a consumer that the plan lacks', () => {
    const plan = without(
      dualPlan(),
      ({ type, target }) => type === 'update' && target?.includes('api') === true,
    );
    expect(execute(plan, secretWith(...users), start, 0, (begin) => begin + day).broken).toEqual(['api']);
  });

  it('breaks a batch whose change failed, where nobody waited for its run', () => {
    const failed = [
      userOf('api'),
      userOf('job', { kind: 'batch', everyHours: 730, firstUse: 209, isBotched: true }),
    ];
    const hasty = { ...dualPlan(), steps: dualPlan().steps.map((step) => ({ ...step, gates: [] })) };
    expect(execute(hasty, secretWith(...failed), start, 0, (begin) => begin + day).broken).toEqual(['job']);
    const patient = execute(hasty, secretWith(...failed), start, 0, (begin) => begin + 12 * day);
    expect(patient.broken).toEqual([]);
  });

  it('tells a step that stands before what it needs', () => {
    const plan = dualPlan();
    const turned = { ...plan, steps: [...plan.steps].reverse() };
    expect(execute(turned, secretWith(...users), start, 0, (begin) => begin).faults).not.toEqual([]);
  });

  it('counts how long the old value works, to the horizon when nothing ends it', () => {
    const blocked = { ...dualPlan(), status: 'blocked' as const };
    expect(execute(blocked, secretWith(...users), start, 0, (begin) => begin)).toMatchObject({
      exposureHours: 2160,
      isEnded: false,
    });
  });
});

describe('sixty organisations', () => {
  it('are rotated without breaking what is known, better than by revoking at once or never', async () => {
    const sums = await simulate(1, 60, { providers: shippedProviders(), policy: defaultPolicy() });
    expect(sums.violations).toEqual([]);
    expect(sums.sufficient).toBeGreaterThan(50);
    expect(sums.planOutage).toBeLessThan(sums.nowOutage);
    expect(sums.planExposure).toBeLessThan(sums.neverExposure);
  });
});
