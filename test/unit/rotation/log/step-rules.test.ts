import { describe, expect, test } from 'vitest';
import {
  findStep,
  type StepClaim,
  stepRefusal,
  successorFault,
} from '../../../../src/rotation/log/step-rules.js';
import type { Plan } from '../../../../src/rotation/plan/plan.js';
import { hour, plan, planOf, Recorded } from './fixtures.js';

const claim = (state: StepClaim['state'], more: Partial<StepClaim> = {}): StepClaim => ({
  state,
  force: false,
  ...more,
});

function refusal(recorded: Recorded, id: string, given: StepClaim, drawn: Plan = plan, now = 30) {
  const of = planOf(recorded, drawn);
  const step = findStep(of, id);
  if (step === undefined) throw new TypeError(`no step ${id}`);
  return stepRefusal({ plan: of, recorded: recorded.plan, now: hour(now) }, step, given);
}

describe('a step', () => {
  test('is found by its id and by its number', () => {
    expect(findStep(plan, 'soak')?.number).toBe(6);
    expect(findStep(plan, '6')?.id).toBe('soak');
    expect(findStep(plan, '11')).toBeUndefined();
  });

  test('waits for those that it needs, unless somebody says why not', () => {
    const recorded = new Recorded();
    expect(refusal(recorded, 'update-aaaaaa', claim('done'))).toBe('it needs issue first');
    expect(refusal(recorded, 'update-aaaaaa', claim('done', { force: true }))).toContain('--reason');
    expect(refusal(recorded, 'update-aaaaaa', claim('done', { force: true, reason: 'x' }))).toBeUndefined();
    expect(refusal(recorded.done(1, 'issue'), 'update-aaaaaa', claim('done'))).toBeUndefined();
  });

  test('is not done before its gates have passed, force or not', () => {
    const recorded = new Recorded().done(1, 'issue').done(2, 'update-aaaaaa');
    const gates = 'auth_success, error_rate';
    expect(refusal(recorded, 'verify-new', claim('done'))).toContain(gates);
    expect(refusal(recorded, 'verify-new', claim('done', { force: true, reason: 'x' }))).toContain(gates);
    expect(refusal(recorded, 'verify-new', claim('doing'))).toBeUndefined();
    expect(refusal(recorded, 'verify-new', claim('skipped', { reason: 'no monitoring' }))).toBeUndefined();
  });

  test('that failed or was skipped says why', () => {
    expect(refusal(new Recorded(), 'issue', claim('failed'))).toBe('failed needs a --reason');
    expect(refusal(new Recorded(), 'issue', claim('skipped', { reason: ' ' }))).toContain('--reason');
    expect(refusal(new Recorded(), 'issue', claim('failed', { reason: 'no rights' }))).toBeUndefined();
  });

  test('that changes something is begun within the working windows only, containment whenever it is needed', () => {
    // Hour 0 is midnight of a Sunday.
    const within = (strategy: Plan['decision']['strategy']): Plan => ({
      ...plan,
      decision: { ...plan.decision, strategy, windows: ['Mon-Thu 09:00-16:00 UTC'] },
    });
    const recorded = new Recorded().done(1, 'issue');
    const update = (now: number, given = claim('done'), drawn = within('staged-dual')) =>
      refusal(recorded, 'update-aaaaaa', given, drawn, now);
    expect(update(12)).toBe(
      'policy allows changes only within Mon-Thu 09:00-16:00 UTC: next from 2026-11-23T09:00:00Z',
    );
    expect(update(12, claim('done', { force: true, reason: 'it was down' }))).toBeUndefined();
    expect(update(33)).toBeUndefined();
    expect(update(33.5)).toBeUndefined();
    expect(update(12, claim('done'), within('emergency'))).toBeUndefined();
    expect(refusal(new Recorded(), 'issue', claim('done'), within('staged-dual'), 12)).toBeUndefined();
    const begun = new Recorded().done(1, 'issue').done(39, 'update-aaaaaa', 'ana', 'doing');
    expect(refusal(begun, 'update-aaaaaa', claim('done'), within('staged-dual'), 41)).toBeUndefined();
  });

  test('lasts as long as it has to', () => {
    const steps = plan.steps.map((step) => (step.id === 'overlap' ? { ...step, due: hour(60) } : step));
    const recorded = new Recorded().done(3, 'verify-new');
    expect(refusal(recorded, 'overlap', claim('done'), { ...plan, steps })).toContain(hour(60));
    expect(refusal(recorded, 'overlap', claim('doing'), { ...plan, steps })).toBeUndefined();
    expect(refusal(recorded, 'overlap', claim('done'), { ...plan, steps }, 60)).toBeUndefined();
  });

  test('that changes something waits for approvals, and for a plan that is not blocked', () => {
    const demand = {
      role: 'owner',
      count: 1,
      not: [],
      by: 'prod-approval',
      given: [],
      isMet: false,
    } as const;
    const waiting = { ...plan, approvals: [demand] };
    expect(refusal(new Recorded(), 'issue', claim('doing'), waiting)).toBe(
      'the plan lacks approval by owner',
    );
    const after = { ...plan, approvals: [{ ...demand, afterTheFactUntil: hour(24) }] };
    expect(refusal(new Recorded(), 'issue', claim('doing'), after)).toBeUndefined();
    const blocked = { ...plan, blockedBy: ['CYCLE'] };
    expect(refusal(new Recorded(), 'issue', claim('doing'), blocked)).toBe('the plan is blocked (CYCLE)');
  });

  test('behind a failed one is frozen', () => {
    const steps = plan.steps.map((step) => ({ ...step, state: 'frozen' as const }));
    expect(refusal(new Recorded(), 'soak', claim('doing'), { ...plan, steps })).toContain('frozen');
  });

  test('is not closing', () => {
    expect(refusal(new Recorded(), 'close', claim('done', { force: true, reason: 'x' }))).toContain(
      'plan close',
    );
  });

  test('of a closed plan stays as it is', () => {
    const recorded = new Recorded().add(5, {
      action: 'plan-closed',
      subject: plan.fingerprint,
      plan: plan.id,
      data: { revision: 'r1', verdict: 'clean', accepted: [] },
    });
    expect(refusal(recorded, 'issue', claim('failed', { reason: 'x' }))).toContain('is closed since');
  });
});

test('a new value is neither the old one nor any other that is known', () => {
  const of = { fingerprint: 'old', others: ['older'] };
  expect(successorFault(of, ['new'], [], new Set())).toBeUndefined();
  expect(successorFault(of, ['alias'], ['old'], new Set())?.code).toBe('NOT_ROTATED');
  expect(successorFault(of, ['older'], [], new Set())?.code).toBe('NOT_ROTATED');
  expect(successorFault(of, ['new'], ['another'], new Set())?.code).toBe('REUSED_VALUE');
  expect(successorFault(of, ['new'], [], new Set(['new']))?.code).toBe('REUSED_VALUE');
});
