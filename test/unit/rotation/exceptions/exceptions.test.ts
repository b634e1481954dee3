import { describe, expect, test } from 'vitest';
import type { Dossier } from '../../../../src/rotation/dossier.js';
import { basisOf } from '../../../../src/rotation/exceptions/basis.js';
import {
  exceptionId,
  type GrantContext,
  type GrantRequest,
  grantFaults,
  newGrantFaults,
  renewalFaults,
} from '../../../../src/rotation/exceptions/grant-rules.js';
import { ExceptionCounter } from '../../../../src/rotation/exceptions/report.js';
import {
  activeExceptions,
  exceptionStandings,
  expiredExceptions,
} from '../../../../src/rotation/exceptions/standing.js';
import type { ExceptionScope } from '../../../../src/rotation/log/record.js';
import { type ExceptionState, emptyState, type LogState } from '../../../../src/rotation/log/state.js';
import type { Decision } from '../../../../src/rotation/policy/decision.js';
import { fingerprintOf, headLocation, secretOf } from '../../../support/exposure-builder.js';
import { dossiersOf } from '../../../support/planning.js';
import { decision } from '../log/fixtures.js';

const day = (number: number): string => new Date(Date.UTC(2026, 10, 1 + number)).toISOString();

function dossierOf(name: string, paths: readonly string[] = [`${name}/app.env`]): Dossier {
  const secret = secretOf(name, { locations: paths.map((path) => headLocation('api', path)) });
  const [dossier] = dossiersOf([secret]);
  if (dossier === undefined) throw new TypeError('no dossier');
  return dossier;
}

function exceptionOf(
  dossiers: readonly Dossier[],
  scope: ExceptionScope,
  more: Partial<ExceptionState> = {},
): ExceptionState {
  const suspended = { strategy: 'manual', deadline: day(20) } as const;
  return {
    id: exceptionId(scope),
    scope,
    reason: 'legacy',
    controls: ['allow list'],
    riskOwner: 'rita',
    grantedBy: 'gus',
    grantedAt: day(0),
    expiresAt: day(60),
    renewals: 0,
    basis: Object.fromEntries(dossiers.map((dossier) => [dossier.fingerprint, basisOf(dossier, suspended)])),
    ...more,
  };
}

const stateOf = (...exceptions: ExceptionState[]): LogState => ({ ...emptyState, exceptions });
const ofSecret = ({ fingerprint }: Dossier): ExceptionScope => ({ type: 'secret', fingerprint });

describe('where an exception stands', () => {
  const legacy = dossierOf('legacy');
  const state = stateOf(exceptionOf([legacy], ofSecret(legacy)));
  const standing = (dossier: Dossier, now: string, of = state) => exceptionStandings(of, [dossier], now)[0];

  test.each([
    [0, 'active'],
    [45, 'active'],
    [46, 'expiring'],
    [59, 'expiring'],
    [60, 'expired'],
    [90, 'expired'],
  ])('on day %i it is %s', (number, expected) => {
    expect(standing(legacy, day(number))?.standing).toBe(expected);
    const isInForce = expected === 'active' || expected === 'expiring';
    expect(activeExceptions(state, [legacy], day(number)).has(legacy.fingerprint)).toBe(isInForce);
  });

  test('an expired one gives back the deadline from before', () => {
    const expired = expiredExceptions(exceptionStandings(state, [legacy], day(61)));
    expect(expired.get(legacy.fingerprint)?.deadline).toBe(day(20));
    expect(expiredExceptions(exceptionStandings(state, [legacy], day(59))).size).toBe(0);
  });

  test.each<[string, Partial<Dossier>]>([
    ['exposure rose', { exposureLevel: 'public-history' }],
    [
      'new consumer pay-api',
      { consumers: [{ name: 'pay-api', current: 'yes' }] as unknown as Dossier['consumers'] },
    ],
    ['new environment prod', { environments: ['prod'] }],
    ['owner has left', { ownerParty: { id: 'jo', type: 'person', emails: [], handles: [], status: 'left' } }],
    ['alternate is exposed', { reasons: ['ALTERNATE_EXPOSED'] }],
  ])('it is void at once: %s', (why, change) => {
    const now = { ...legacy, ...change };
    const found = standing(now, day(1));
    expect(found?.standing).toBe('void');
    expect(found?.why.join()).toContain(why);
    expect(activeExceptions(state, [now], day(1)).size).toBe(0);
  });

  test('what gets better, and a consumer of the past, changes nothing', () => {
    const better: Dossier = {
      ...legacy,
      exposureLevel: 'vault-only',
      environments: [],
      consumers: [{ name: 'old', current: 'former' }] as unknown as Dossier['consumers'],
    };
    expect(standing(better, day(1))?.standing).toBe('active');
  });

  test('a secret that came under the scope later is not covered', () => {
    const scope: ExceptionScope = {
      type: 'rule-path',
      rule: legacy.copies[0]?.location.rule ?? '',
      path: '**/*.env',
    };
    const later = dossierOf('later');
    const found = activeExceptions(stateOf(exceptionOf([legacy], scope)), [legacy, later], day(1));
    expect([...found.keys()]).toEqual([legacy.fingerprint]);
  });

  test('a copy outside of an accepted path makes it void', () => {
    const scope: ExceptionScope = {
      type: 'rule-path',
      rule: legacy.copies[0]?.location.rule ?? '',
      path: 'legacy/**',
    };
    const of = stateOf(exceptionOf([legacy], scope));
    expect(standing(legacy, day(1), of)?.standing).toBe('active');
    const spread = dossierOf('legacy', ['legacy/app.env', 'new/app.env']);
    expect(standing(spread, day(1), of)).toMatchObject({ standing: 'void' });
  });

  test('ended by hand it is over, without being late', () => {
    const of = stateOf(exceptionOf([legacy], ofSecret(legacy), { endedAt: day(5) }));
    expect(standing(legacy, day(6), of)?.standing).toBe('ended');
    expect(expiredExceptions(exceptionStandings(of, [legacy], day(90))).size).toBe(0);
  });
});

describe('granting', () => {
  const legacy = dossierOf('legacy');
  const request = (more: Partial<GrantRequest> = {}): GrantRequest => ({
    scope: ofSecret(legacy),
    reason: 'vendor releases in March',
    controls: ['only reachable from the plant network'],
    riskOwner: 'rita',
    grantedBy: 'gus',
    expiresAt: day(90),
    ...more,
  });
  const context = (more: Partial<GrantContext> = {}): GrantContext => ({
    now: day(0),
    covered: [legacy],
    decisions: new Map([[legacy.fingerprint, decision]]),
    executors: new Set(['ed']),
    exceptionMaxMs: 90 * 86_400_000,
    ...more,
  });
  const emergency: Decision = { ...decision, strategy: 'emergency' };

  test('with a reason, a control, two people and an end', () => {
    expect(grantFaults(request(), context())).toEqual([]);
  });

  test.each<[string, Partial<GrantRequest>, Partial<GrantContext>]>([
    ['needs a reason', { reason: ' ' }, {}],
    ['compensating control', { controls: [''] }, {}],
    ['may last 90 days', { expiresAt: day(91) }, {}],
    ['lies in the past', { expiresAt: day(-1) }, {}],
    ['cannot be its risk owner', { riskOwner: 'gus' }, {}],
    ['cannot grant it', { grantedBy: 'ed' }, {}],
    ['cannot own its risk', { riskOwner: 'ed' }, {}],
    ['covers no open secret', {}, { covered: [] }],
    ['is an emergency', {}, { decisions: new Map([[legacy.fingerprint, emergency]]) }],
    ['alternate that is exposed', {}, { covered: [{ ...legacy, reasons: ['ALTERNATE_EXPOSED'] }] }],
    ['not everything', { scope: { type: 'rule-path', rule: 'x', path: '**/*' } }, {}],
  ])('is refused when it %s', (fault, given, around) => {
    expect(grantFaults(request(given), context(around)).join()).toContain(fault);
  });

  test('the third renewal takes the role security', () => {
    const renewed = (renewals: number) => ({ before: exceptionOf([legacy], ofSecret(legacy), { renewals }) });
    expect(renewalFaults(request(), context(renewed(1)))).toEqual([]);
    expect(renewalFaults(request(), context(renewed(2))).join()).toContain('renewal 3 needs --role security');
    expect(renewalFaults(request({ role: 'security' }), context(renewed(2)))).toEqual([]);
    expect(renewalFaults(request({ role: 'security', controls: [] }), context(renewed(2)))).toHaveLength(1);
    // Granting anew would start the count again.
    expect(newGrantFaults(request(), context(renewed(0))).join()).toContain('renew that');
  });
});

test('the report counts by team and names rules with more exceptions than matches', () => {
  const names = ['a', 'b', 'c'] as const;
  const dossiers = names.map((name) => dossierOf(name));
  const scope: ExceptionScope = {
    type: 'rule-path',
    rule: dossiers[0]?.copies[0]?.location.rule ?? '',
    path: '**/*.env',
  };
  const state = stateOf(exceptionOf(dossiers.slice(0, 2), scope));
  const counter = new ExceptionCounter(exceptionStandings(state, dossiers, day(10)));
  for (const dossier of dossiers) counter.add(dossier, decision);
  expect(counter.report(day(10))).toMatchObject({
    inForce: 1,
    oldestDays: 10,
    teams: [{ open: 3, excepted: 2 }],
    hollow: [{ rule: decision.rule, matches: 1, exceptions: 2 }],
  });
  expect(fingerprintOf('a')).toBe(dossiers[0]?.fingerprint);
});
