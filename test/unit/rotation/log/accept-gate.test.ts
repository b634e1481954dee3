import { describe, expect, test } from 'vitest';
import { type GateClaim, gateRefusal, judgeGate } from '../../../../src/rotation/log/accept-gate.js';
import { plainPeople } from '../../../../src/rotation/log/people.js';
import { openGates } from '../../../../src/rotation/log/progress.js';
import { hour, plan, planOf, Recorded, stepOf } from './fixtures.js';

const claim = (from: number, to: number, more: Partial<GateClaim> = {}): GateClaim => ({
  gate: 'auth_success',
  result: 'pass',
  windowStart: hour(from),
  windowEnd: hour(to),
  source: 'dashboard 12',
  by: 'zoe',
  ...more,
});

const contextOf = (recorded: Recorded, now: number) => ({
  plan: planOf(recorded),
  recorded: recorded.plan,
  people: plainPeople,
  now: hour(now),
});

/** Issued at hour 1, updated at hour 5, by Ana. */
const updated = () => new Recorded().done(1, 'issue').done(5, 'update-aaaaaa');
/** Disabled at hour 40, by Ana. */
const soaking = () =>
  updated()
    .done(10, 'verify-new')
    .done(35, 'overlap')
    .done(40, 'disable-old')
    .done(40, 'soak', 'ana', 'doing');

describe('a gate result is accepted', () => {
  test.each([
    ['inside its window', claim(5, 8), undefined],
    ['not for another gate', claim(5, 8, { gate: 'pipeline_green' }), 'asks for auth_success, error_rate'],
    ['not without a source', claim(5, 8, { source: ' ' }), 'where the result comes from'],
    ['not before what it proves', claim(4, 8), 'begins before what it proves was done'],
    ['not from the future', claim(5, 12), 'has not ended yet'],
    ['not backwards', claim(8, 6), 'ends before it begins'],
    ['not without a time', claim(5, 8, { windowEnd: 'soon' }), 'no beginning or no end'],
    ['a failure too', claim(5, 8, { result: 'fail' }), undefined],
  ])('%s', (_name, given, refusal) => {
    const found = gateRefusal(contextOf(updated(), 10), stepOf('verify-new'), given);
    if (refusal === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(refusal);
  });

  test('only when what it proves was done', () => {
    const recorded = new Recorded().done(1, 'issue');
    expect(gateRefusal(contextOf(recorded, 10), stepOf('verify-new'), claim(5, 8))).toContain(
      'update-aaaaaa must be done before',
    );
  });

  test('for a scheduled job when a run of it lies in the window', () => {
    const job = (name: string, runs: string) => ({
      name,
      kind: 'batch' as const,
      environment: 'prod',
      how: 'imported' as const,
      reload: 'restart' as const,
      runs,
      dependsOn: [],
      acceptsTwo: 'unknown' as const,
      current: 'yes' as const,
      rules: [],
      confidence: 'asserted' as const,
      evidence: [],
    });
    const recorded = new Recorded().done(1, 'issue').done(2, 'update-aaaaaa').done(2, 'update-cccccc');
    const drawn = planOf(recorded);
    const steps = drawn.steps.map((step) => {
      if (step.type === 'update') return { ...step, wave: 1, target: 'night (prod)' };
      return step.type === 'verify-new' ? { ...step, wave: 1, gates: ['next_run_ok' as const] } : step;
    });
    const refusalOf = (from: number, to: number, more: Partial<GateClaim> = {}, runs = 'cron 0 6 * * *') => {
      const consumers = [job('night', runs), job('of another wave', 'cron 0 0 1 1 *')];
      const at = {
        ...contextOf(recorded, 99),
        plan: { ...drawn, steps, blastRadius: { consumers, unknown: [] } },
      };
      return gateRefusal(
        at,
        stepOf('verify-new', at.plan),
        claim(from, to, { gate: 'next_run_ok', ...more }),
      );
    };
    expect(refusalOf(2, 5)).toBe('no run of night lies in its window: the next one is 2026-11-22T06:00:00Z');
    expect(refusalOf(2, 7)).toBeUndefined();
    expect(refusalOf(6, 7)).toBeUndefined();
    expect(refusalOf(7, 29)).toContain('2026-11-23T06:00:00Z');
    expect(refusalOf(2, 5, { result: 'fail' })).toBeUndefined();
    expect(refusalOf(2, 5, {}, 'on-demand')).toBeUndefined();
  });

  test('for a soak when it covers all of it and comes from somebody else', () => {
    const zero = (from: number, to: number, by = 'zoe') => claim(from, to, { gate: 'old_use_zero', by });
    const context = contextOf(soaking(), 100);
    expect(gateRefusal(context, stepOf('soak'), zero(40, 88))).toBeUndefined();
    expect(gateRefusal(context, stepOf('soak'), zero(40, 87))).toContain('47 h long, the soak 48 h');
    expect(gateRefusal(context, stepOf('soak'), zero(40, 88, 'ana'))).toContain('somebody else');
    // One hit ends a soak at once, whoever reports it.
    const hit = { ...zero(40, 41, 'ana'), result: 'fail' as const };
    expect(gateRefusal(context, stepOf('soak'), hit)).toBeUndefined();
  });

  test('never for a closed plan', () => {
    const recorded = updated().add(9, {
      action: 'plan-closed',
      subject: plan.fingerprint,
      plan: plan.id,
      data: { revision: 'r1', verdict: 'clean', accepted: [] },
    });
    expect(gateRefusal(contextOf(recorded, 10), stepOf('verify-new'), claim(5, 8))).toContain('closed');
  });
});

describe('what follows', () => {
  const judge = (recorded: Recorded, now: number, step: string, given: GateClaim) => {
    const outcome = judgeGate(contextOf(recorded, now), stepOf(step), given);
    recorded.all(now, outcome.entries, given.by).all(now, outcome.consequences, 'sprawl');
    return outcome;
  };

  test('a refused result is kept with its reason and proves nothing', () => {
    const recorded = updated();
    const { accepted, entries } = judge(recorded, 10, 'verify-new', claim(4, 8));
    expect(accepted).toBe(false);
    expect(entries).toHaveLength(1);
    expect(entries[0]?.data).toMatchObject({
      accepted: false,
      refusal: expect.stringContaining('begins before'),
    });
    expect(openGates(planOf(recorded), stepOf('verify-new'), recorded.plan)).toEqual([
      'auth_success',
      'error_rate',
    ]);
  });

  test('a pass closes its gate and no other', () => {
    const recorded = updated();
    judge(recorded, 10, 'verify-new', claim(5, 8));
    expect(openGates(planOf(recorded), stepOf('verify-new'), recorded.plan)).toEqual(['error_rate']);
    // The update is done again: what was seen before proves nothing any more.
    recorded.done(12, 'update-aaaaaa');
    expect(openGates(planOf(recorded), stepOf('verify-new'), recorded.plan)).toEqual([
      'auth_success',
      'error_rate',
    ]);
  });

  test('a failure fails the step and says how to go back', () => {
    const recorded = updated();
    const { advice } = judge(recorded, 10, 'verify-new', claim(5, 8, { result: 'fail' }));
    expect(advice[0]).toBe('Go back: update-aaaaaa: point api back');
    expect(recorded.plan.steps.get('verify-new')?.state).toBe('failed');
    // Older evidence does not heal it, later evidence does.
    expect(gateRefusal(contextOf(recorded, 12), stepOf('verify-new'), claim(6, 9))).toContain(
      'begins before',
    );
    recorded.done(11, 'verify-new', 'ana', 'doing');
    expect(gateRefusal(contextOf(recorded, 12), stepOf('verify-new'), claim(6, 9))).toContain(
      'begins before',
    );
    expect(gateRefusal(contextOf(recorded, 12), stepOf('verify-new'), claim(10, 11))).toBeUndefined();
  });

  test('use of the old value during soak sends the plan back to its updates', () => {
    const recorded = soaking();
    const hit = claim(41, 42, { gate: 'old_use_zero', result: 'fail' });
    const { advice } = judge(recorded, 43, 'soak', hit);
    expect(advice.join('\n')).toContain('MISSED_CONSUMER');
    expect(advice.join('\n')).toContain('ALTER ROLE ledger LOGIN');
    const states = Object.fromEntries([...recorded.plan.steps].map(([id, { state }]) => [id, state]));
    expect(states).toEqual({
      issue: 'done',
      'update-aaaaaa': 'todo',
      'verify-new': 'todo',
      overlap: 'todo',
      'disable-old': 'todo',
      soak: 'failed',
    });
    // All of it again, and a soak of its own.
    recorded.done(44, 'update-aaaaaa').done(50, 'verify-new').done(75, 'overlap').done(80, 'disable-old');
    judge(recorded, 140, 'soak', claim(80, 130, { gate: 'old_use_zero' }));
    expect(openGates(planOf(recorded), stepOf('soak'), recorded.plan)).toEqual([]);
  });
});
