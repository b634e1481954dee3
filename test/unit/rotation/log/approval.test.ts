import { describe, expect, test } from 'vitest';
import {
  approvalRefusal,
  approvalStandings,
  isApprovalStale,
} from '../../../../src/rotation/log/approval.js';
import { plainPeople } from '../../../../src/rotation/log/people.js';
import {
  type ApprovalRecord,
  emptyState,
  type LogState,
  type PlanState,
} from '../../../../src/rotation/log/state.js';
import type { ApprovalDemand } from '../../../../src/rotation/policy/decision.js';

const owner: ApprovalDemand = {
  role: 'owner',
  count: 1,
  not: ['executor', 'introducer'],
  by: 'prod-approval',
};
const security: ApprovalDemand = { role: 'security', count: 1, not: [], by: 'admin-two' };

const planOf = (revision: string, ...demands: ApprovalDemand[]) => ({
  id: 'p1',
  revision,
  demands,
  approvals: demands.map((demand) => ({ ...demand, given: [], isMet: false })),
});

const given = (by: string, role = 'owner', revision = 'r1', yes: boolean = true): ApprovalRecord => ({
  role,
  by,
  at: '2026-11-22T10:00:00.000Z',
  revision,
  decision: yes ? 'approved' : 'rejected',
});

function stateOf(approvals: readonly ApprovalRecord[], executors: readonly string[] = []): LogState {
  const plan: PlanState = {
    plan: 'p1',
    fingerprint: 'f',
    others: [],
    createdAt: '2026-11-20T10:00:00.000Z',
    revision: 'r1',
    strategy: 'staged-dual',
    approvals,
    steps: new Map(
      executors.map((by, index) => [
        `update-${index}`,
        { state: 'done', by, at: '2026-11-21T10:00:00.000Z' },
      ]),
    ),
    gates: [],
    executors,
    accepted: [],
  };
  return { ...emptyState, plans: new Map([['p1', plan]]) };
}

const who = { people: plainPeople, introducers: ['jo'] };
const standings = (revision: string, state: LogState, ...demands: ApprovalDemand[]) =>
  approvalStandings(planOf(revision, ...demands), state, who);

describe('approvals', () => {
  test.each([
    ['valid for the revision it names', 'r1', [given('ana')], [], true, ['valid']],
    ['void when the plan has changed', 'r2', [given('ana')], [], false, ['stale']],
    ['not by the executor, before or after the step', 'r1', [given('ana')], ['ana'], false, ['excluded']],
    ['not by the introducer', 'r1', [given('jo')], [], false, ['excluded']],
    [
      'a rejection stands against approvals',
      'r1',
      [given('ana'), given('bob', 'owner', 'r1', false)],
      [],
      false,
      ['valid', 'rejected'],
    ],
    [
      'the last word of a person counts',
      'r1',
      [given('ana', 'owner', 'r1', false), given('ana')],
      [],
      true,
      ['valid'],
    ],
    ['another role is no owner', 'r1', [given('ana', 'security')], [], false, []],
  ] as const)('%s', (_name, revision, approvals, executors, isMet, expected) => {
    const [status] = standings(revision, stateOf(approvals, executors), owner);
    expect(status?.isMet).toBe(isMet);
    expect(status?.given.map(({ standing }) => standing)).toEqual(expected);
  });

  test('a count is of people, not of records', () => {
    const two = { ...owner, count: 2 };
    const [twice] = standings('r1', stateOf([given('ana'), given('ana')]), two);
    expect(twice?.isMet).toBe(false);
    const [both] = standings('r1', stateOf([given('ana'), given('bob')]), two);
    expect(both?.isMet).toBe(true);
  });

  test('one person under two pseudonyms is one person', () => {
    const people = { ...plainPeople, canonical: (name: string) => name.replace('ana@acme.example', 'ana') };
    const plan = planOf('r1', owner);
    const state = stateOf([given('ana')], ['ana@acme.example']);
    expect(approvalStandings(plan, state, { people, introducers: [] })[0]?.given[0]?.standing).toBe(
      'excluded',
    );
  });

  test('two roles are two people', () => {
    const state = stateOf([given('ana'), given('ana', 'security')]);
    expect(standings('r1', state, owner, security).map(({ isMet }) => isMet)).toEqual([true, false]);
    const plan = planOf('r1', owner, security);
    expect(approvalRefusal(plan, state, who, { role: 'security', by: 'ana' })).toMatch(/another person/);
    expect(approvalRefusal(plan, state, who, { role: 'security', by: 'bob' })).toBeUndefined();
  });

  test('stale is told only while nothing newer stands in its place', () => {
    expect(isApprovalStale(standings('r2', stateOf([given('ana')]), owner))).toBe(true);
    expect(
      isApprovalStale(standings('r2', stateOf([given('ana'), given('ana', 'owner', 'r2')]), owner)),
    ).toBe(false);
    expect(isApprovalStale(standings('r1', stateOf([]), owner))).toBe(false);
  });

  test('what would not count is refused with its reason', () => {
    const plan = planOf('r1', owner);
    expect(approvalRefusal(plan, stateOf([]), who, { role: 'security', by: 'ana' })).toMatch(
      /it asks for owner/,
    );
    expect(approvalRefusal(plan, stateOf([], ['ana']), who, { role: 'owner', by: 'ana' })).toMatch(
      /carried out/,
    );
    expect(approvalRefusal(plan, stateOf([]), who, { role: 'owner', by: 'jo' })).toMatch(/introduced/);
    expect(approvalRefusal(planOf('r1'), stateOf([]), who, { role: 'owner', by: 'ana' })).toMatch(
      /no approval/,
    );
  });
});

test('what was approved and carried out stays approved when the plan changes afterwards', () => {
  const state = stateOf([given('ana')]);
  const standing = (carriedOut?: string) => {
    const changed = { ...planOf('r2', owner), ...(carriedOut === undefined ? {} : { carriedOut }) };
    return approvalStandings(changed, state, who)[0];
  };
  expect(standing()).toMatchObject({ isMet: false, given: [{ standing: 'stale' }] });
  expect(standing('r1')).toMatchObject({ isMet: true, given: [{ standing: 'valid' }] });
  expect(standing('r0')).toMatchObject({ isMet: false, given: [{ standing: 'stale' }] });
  // Whoever approves after the fact names the plan as it is now.
  const later = { ...planOf('r2', owner), carriedOut: 'r1' };
  expect(approvalStandings(later, stateOf([given('kim', 'owner', 'r2')]), who)[0]?.isMet).toBe(true);
});
