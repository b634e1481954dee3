import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldLog } from '../../../../src/rotation/log/fold.js';
import type { LogEntry } from '../../../../src/rotation/log/record.js';
import { emptyState, type LogState } from '../../../../src/rotation/log/state.js';
import {
  type ChainEntry,
  type ChainRecord,
  headOf,
  seal,
  startOfChain,
} from '../../../../src/store/evidence-chain.js';
import '../../../support/fixed-seed.js';

const day = (number: number): string => new Date(Date.UTC(2026, 10, number)).toISOString();

/** Records of one actor, one a day. */
function chain(entries: readonly ChainEntry[], actor = 'person-1'): ChainRecord[] {
  const records: ChainRecord[] = [];
  let head = startOfChain;
  for (const [index, entry] of entries.entries()) {
    const record = seal(entry, head, day(index + 1), actor);
    head = headOf(record);
    records.push(record);
  }
  return records;
}

const standing = {
  revision: 'r1',
  strategy: 'staged-dual',
  rule: 'otherwise',
  deadline: day(20),
  policy: 'p',
  others: [],
} as const;

function created(plan: string): LogEntry {
  return { action: 'plan-created', subject: `fp-${plan}`, plan, data: standing };
}

function step(plan: string, id: string, state: 'doing' | 'done' | 'failed' = 'done'): LogEntry {
  return { action: 'step', subject: `fp-${plan}`, plan, step: id, data: { state, revision: 'r1' } };
}

const granted: Extract<LogEntry, { action: 'exception-granted' }> = {
  action: 'exception-granted',
  subject: 'x1',
  data: {
    scope: { type: 'secret', fingerprint: 'fp-a' },
    reason: 'legacy',
    controls: ['network allow list'],
    riskOwner: 'person-2',
    grantedBy: 'person-3',
    expiresAt: day(25),
    basis: {},
  },
};

describe('what records amount to', () => {
  test('a plan: first deadline, latest revision, latest state of each step', () => {
    const { plans } = foldLog(
      chain([
        created('a'),
        step('a', 'issue', 'doing'),
        step('a', 'issue'),
        {
          action: 'plan-revised',
          subject: 'fp-a',
          plan: 'a',
          data: { ...standing, revision: 'r2', deadline: day(28), previous: 'r1' },
        },
        {
          action: 'plan-approved',
          subject: 'fp-a',
          plan: 'a',
          data: { revision: 'r2', role: 'owner', decision: 'approved' },
        },
      ]),
    );
    const plan = plans.get('a');
    expect(plan).toMatchObject({ fingerprint: 'fp-a', createdAt: day(1), revision: 'r2', deadline: day(20) });
    expect(plan?.steps.get('issue')).toEqual({ state: 'done', by: 'person-1', at: day(3), revision: 'r1' });
    expect(plan?.approvals).toEqual([
      { role: 'owner', by: 'person-1', at: day(5), revision: 'r2', decision: 'approved' },
    ]);
  });

  test('a reopened plan has its copies to clean and to look for again', () => {
    const entries: LogEntry[] = [
      created('a'),
      step('a', 'revoke-old'),
      step('a', 'purge-3f9a0c'),
      step('a', 'rescan'),
      {
        action: 'plan-closed',
        subject: 'fp-a',
        plan: 'a',
        data: { revision: 'r1', verdict: 'clean', accepted: [{ place: 'git:x', by: 'person-1' }] },
      },
    ];
    expect(foldLog(chain(entries)).plans.get('a')).toMatchObject({ closedAt: day(5) });
    entries.push({ action: 'plan-reopened', subject: 'fp-a', plan: 'a', data: { why: 'reappeared' } });
    const plan = foldLog(chain(entries)).plans.get('a');
    expect(plan?.closedAt).toBeUndefined();
    expect(plan?.accepted).toEqual([]);
    expect([...(plan?.steps.keys() ?? [])]).toEqual(['revoke-old']);
  });

  test('an exception: age from the first grant, renewals counted, ended by hand', () => {
    const { exceptions } = foldLog(
      chain([
        granted,
        { ...granted, action: 'exception-renewed', data: { ...granted.data, expiresAt: day(30) } },
        { action: 'exception-ended', subject: 'x1', data: { why: 'moved to a vault' } },
      ]),
    );
    expect(exceptions).toHaveLength(1);
    expect(exceptions[0]).toMatchObject({
      grantedAt: day(1),
      expiresAt: day(30),
      renewals: 1,
      endedAt: day(3),
    });
  });

  test('actions of later versions and odd data count in the chain and mean nothing', () => {
    const state = foldLog(
      chain([
        created('a'),
        { action: 'plan-dreamt', subject: 'x', data: { any: 1 } },
        { action: 'toString', subject: 'x', data: {} },
        {
          action: 'step',
          subject: 'fp-a',
          plan: 'a',
          step: 'issue',
          data: { state: 'maybe', revision: 'r1' },
        },
        { action: 'step', subject: 'fp-a', plan: 'a', data: { state: 'done', revision: 'r1' } },
        { action: 'exception-granted', subject: 'x1', data: { ...granted.data, basis: { f: null } } },
        step('of no known plan', 'issue'),
      ]),
    );
    expect(state.seq).toBe(7);
    expect(state.plans.get('a')?.steps.size).toBe(0);
    expect(state.exceptions).toEqual([]);
    expect([...state.plans.keys()]).toEqual(['a']);
  });
});

const anyEntry: fc.Arbitrary<LogEntry> = fc.oneof(
  fc.constantFrom('a', 'b').map(created),
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('issue', 'purge-1', 'close'))
    .map(([plan, id]) => step(plan, id)),
  fc.constantFrom('a', 'b').map(
    (plan): LogEntry => ({
      action: 'plan-closed',
      subject: `fp-${plan}`,
      plan,
      data: { revision: 'r1', verdict: 'clean', accepted: [] },
    }),
  ),
  fc
    .constantFrom('a', 'b')
    .map((plan): LogEntry => ({ action: 'plan-reopened', subject: `fp-${plan}`, plan, data: { why: 'x' } })),
  fc.constantFrom('fp-a', 'fp-b').map(
    (subject): LogEntry => ({
      action: 'verdict',
      subject,
      data: { verdict: 'clean', verdicts: ['clean'], ground: 'clean-by-value', copies: { gone: 1 } },
    }),
  ),
  fc.constant(granted),
  fc.constant({ ...granted, action: 'exception-renewed' as const }),
);

/** Maps as lists, so that equality sees their order too. */
function plain({ plans, verdicts, ...rest }: LogState): unknown {
  return {
    ...rest,
    plans: [...plans].map(([id, plan]) => [id, { ...plan, steps: [...plan.steps] }]),
    verdicts: [...verdicts],
  };
}

test('any split into batches amounts to the same, and leaves what was folded before as it was', () => {
  fc.assert(
    fc.property(
      fc.array(anyEntry, { maxLength: 30 }),
      fc.array(fc.nat(30), { maxLength: 4 }),
      (entries, cuts) => {
        const records = chain(entries);
        const whole = plain(foldLog(records));
        let state = emptyState;
        let from = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), records.length]) {
          const before = plain(state);
          const next = foldLog(records.slice(from, cut), state);
          expect(plain(state)).toEqual(before);
          state = next;
          from = Math.max(from, cut);
        }
        expect(plain(state)).toEqual(whole);
      },
    ),
  );
});
