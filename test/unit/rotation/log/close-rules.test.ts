import { describe, expect, test } from 'vitest';
import type { Dossier } from '../../../../src/rotation/dossier.js';
import { type Acceptance, judgeClosing } from '../../../../src/rotation/log/close-rules.js';
import { plainPeople } from '../../../../src/rotation/log/people.js';
import type { Plan } from '../../../../src/rotation/plan/plan.js';
import { plan, planOf, Recorded } from './fixtures.js';

/** A dossier's parts that closing looks at. */
function dossierOf(liveness: 'dead' | undefined, ...custodians: readonly (string | undefined)[]): Dossier {
  const copies = custodians.map((custodian, index) => ({
    presence: 'history-only',
    location: { place: `git:${index}`, placeName: `acme/${index}` },
    ...(custodian !== undefined && { custodian }),
  }));
  return {
    fingerprint: plan.fingerprint,
    liveness: { value: liveness, losers: [], conflict: false, stale: false },
    copies,
  } as unknown as Dossier;
}

/** Every step done, the last purge at hour 100. */
function finished(): Recorded {
  const recorded = new Recorded();
  for (const { id, type } of plan.steps) {
    if (type !== 'close') recorded.done(type === 'purge' ? 100 : type === 'rescan' ? 110 : 1, id);
  }
  return recorded;
}

function verdict(recorded: Recorded, at: number, word: string, ...others: readonly string[]): Recorded {
  return recorded.add(at, {
    action: 'verdict',
    subject: plan.fingerprint,
    plan: plan.id,
    data: { verdict: word, verdicts: [word, ...others], ground: 'clean-by-value', copies: {} },
  });
}

const judge = (
  recorded: Recorded,
  dossier: Dossier = dossierOf(undefined),
  accepted: readonly Acceptance[] = [],
  of: Plan = plan,
) =>
  judgeClosing(
    { plan: planOf(recorded, of), state: recorded.state, dossiers: [dossier], people: plainPeople },
    accepted,
  );

describe('closing', () => {
  test('a clean verdict after the last purge closes', () => {
    const recorded = verdict(finished(), 111, 'clean');
    const { faults, entries } = judge(recorded);
    expect(faults).toEqual([]);
    recorded.all(112, entries);
    expect(recorded.plan.closedAt).toBeDefined();
    expect(recorded.plan.steps.get('close')?.state).toBe('done');
    expect(judge(recorded).faults.join()).toContain('closed since');
  });

  test('says everything that is missing at once', () => {
    const demand = { role: 'owner', count: 1, not: [], by: 'x', given: [], isMet: false } as const;
    const { faults, entries } = judge(new Recorded().done(1, 'issue'), undefined, [], {
      ...plan,
      approvals: [demand],
    });
    expect(entries).toEqual([]);
    expect(faults.join('\n')).toContain('steps are open: update-aaaaaa, verify-new');
    expect(faults.join('\n')).toContain('approval by owner is missing');
    expect(faults.join('\n')).toContain('has no verdict');
  });

  test('a verdict from before the last purge says nothing', () => {
    expect(judge(verdict(finished(), 99, 'clean')).faults.join()).toContain('older than the last purge step');
  });

  test.each(['still-at-head', 'unproven', 'reappeared', 'human-copies-remain'])('never on %s', (word) => {
    const everything = [{ place: 'git:0', custodian: 'ana' }];
    const { faults } = judge(
      verdict(finished(), 111, 'history-remains', word),
      dossierOf('dead', 'ana'),
      everything,
    );
    expect(faults.join()).toContain(`is ${word}`);
  });

  test('history may remain when the value is dead and each custodian accepts it', () => {
    const recorded = verdict(finished(), 111, 'history-remains');
    const both = [
      { place: 'git:0', custodian: 'ana' },
      { place: 'git:1', custodian: 'anybody' },
    ];
    expect(judge(recorded, dossierOf(undefined, 'ana'), both).faults.join()).toContain(
      'attested that it is dead',
    );
    expect(judge(recorded, dossierOf('dead', 'ana', undefined), both.slice(0, 1)).faults).toEqual([
      'acme/1 holds copies that its custodian has not accepted (--accept git:1 --custodian NAME)',
    ]);
    expect(
      judge(recorded, dossierOf('dead', 'ana'), [{ place: 'git:0', custodian: 'bob' }]).faults.join(),
    ).toContain('for ana to accept');
    const { faults, entries } = judge(recorded, dossierOf('dead', 'ana', undefined), both);
    expect(faults).toEqual([]);
    recorded.all(112, entries);
    expect(recorded.plan.accepted).toEqual([
      { place: 'git:0', by: 'ana' },
      { place: 'git:1', by: 'anybody' },
    ]);
  });
});
