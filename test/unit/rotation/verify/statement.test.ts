/** The continuity statement repeats what is recorded, and nothing else. */
import { describe, expect, test } from 'vitest';
import type { Dossier } from '../../../../src/rotation/dossier.js';
import { plainPeople } from '../../../../src/rotation/log/people.js';
import { hexOf } from '../../../../src/rotation/plan/digest.js';
import { makeStatement, missingForStatement } from '../../../../src/rotation/verify/statement.js';
import type { StatementInput } from '../../../../src/rotation/verify/statement-input.js';
import { hashLine, statementLines } from '../../../../src/rotation/verify/statement-text.js';
import type { ChainRecord } from '../../../../src/store/evidence-chain.js';
import { headLocation, secretOf } from '../../../support/exposure-builder.js';
import { dossiersOf } from '../../../support/planning.js';
import { hour, plan, planOf, Recorded } from '../log/fixtures.js';

const f12 = 'f'.repeat(12);

function dossier(change: Partial<Dossier> = {}): Dossier {
  const secret = secretOf('old', { locations: [headLocation('acme/api', '.env')] });
  const [own] = dossiersOf([secret]);
  if (own === undefined) throw new TypeError('no dossier');
  return { ...own, fingerprint: plan.fingerprint, conditions: [], ...change };
}

/** A log whose records are kept for the statement. */
class Kept extends Recorded {
  declare records: ChainRecord[];

  override add(...args: Parameters<Recorded['add']>): this {
    super.add(...args);
    const [at, entry, actor = 'ana'] = args;
    this.records ??= [];
    this.records.push({ ...entry, seq: this.state.seq, at: hour(at), actor, prevHash: '', hash: '' });
    return this;
  }

  verdict(at: number, verdict: string, ...others: readonly string[]): this {
    return this.add(at, {
      action: 'verdict',
      subject: plan.fingerprint,
      plan: plan.id,
      data: {
        verdict,
        verdicts: [verdict, ...others],
        ground: 'clean-by-value',
        copies: { present: 1, gone: 2 },
      },
    });
  }

  gate(at: number, accepted: boolean): this {
    return this.add(at, {
      action: 'gate',
      subject: plan.fingerprint,
      plan: plan.id,
      step: 'verify-new',
      data: {
        gate: 'auth_success',
        result: 'pass',
        windowStart: hour(1),
        windowEnd: hour(2),
        source: 'monitor',
        accepted,
      },
    });
  }
}

function inputOf(log: Kept, overrides: Partial<StatementInput> = {}): StatementInput {
  return {
    now: hour(99),
    plan: planOf(log),
    recorded: log.plan,
    records: log.records as StatementInput['records'],
    dossiers: [dossier()],
    verdicts: log.state.verdicts,
    sources: [],
    head: { hash: log.state.head, seq: log.state.seq },
    policySha256: 'p'.repeat(64),
    toolVersion: '1.2.3',
    ruleVersions: [],
    people: plainPeople,
    ...overrides,
  };
}

function lines(id: string, log: Kept, overrides: Partial<StatementInput> = {}): readonly string[] {
  return makeStatement(inputOf(log, overrides)).sections.find((section) => section.id === id)?.lines ?? [];
}

describe('what must be there', () => {
  test('a verdict on each secret, from after the last purge', () => {
    const log = new Kept();
    expect(missingForStatement(inputOf(log))).toEqual([
      `nothing was verified of ${f12}: run "sprawl verify ${plan.id}"`,
    ]);
    log.verdict(1, 'clean');
    expect(missingForStatement(inputOf(log))).toEqual([]);
    const others = { ...plan, others: ['e'.repeat(64)] };
    expect(missingForStatement(inputOf(log, { plan: others }))).toEqual([
      expect.stringContaining(`of ${'e'.repeat(12)}`),
    ]);
    log.done(1, 'purge-bbbbbb');
    expect(missingForStatement(inputOf(log))).toEqual([]);
    log.done(2, 'purge-cccccc').done(1, 'purge-dddddd');
    expect(missingForStatement(inputOf(log))).toEqual([
      expect.stringContaining(`(${hour(1)}) is older than the last purge (${hour(2)})`),
    ]);
    log.verdict(3, 'clean');
    expect(missingForStatement(inputOf(log))).toEqual([]);
    log.done(4, 'purge-eeeeee', 'ana', 'skipped').done(5, 'purged');
    expect(missingForStatement(inputOf(log))).toEqual([]);
    log.done(6, 'purge');
    expect(missingForStatement(inputOf(log))).toHaveLength(1);
  });
});

test('says at the top whether the plan is closed', () => {
  const log = new Kept().verdict(1, 'clean');
  const open = makeStatement(inputOf(log));
  expect(open.sections.map(({ title }) => title)).toEqual([
    'What was exposed, where, how long',
    'What changed and when',
    'Which consumers moved, and what showed it',
    'When the old value stopped working, and how that is known',
    'What remains, and who accepted it',
    'Controls',
    'What this rests on',
  ]);
  expect(open).toMatchObject({ plan: plan.id, status: 'open', standing: expect.stringContaining('OPEN') });
  log.add(2, {
    action: 'plan-closed',
    subject: plan.fingerprint,
    plan: plan.id,
    data: { revision: 'r1', verdict: 'history-remains', accepted: [{ place: 'git:acme/api', by: 'bo' }] },
  });
  expect(makeStatement(inputOf(log))).toMatchObject({
    status: 'closed',
    standing: `The plan was closed on ${hour(2)}.`,
  });
  expect(lines('remains', log)).toContain('what remains in git:acme/api is accepted by bo');
  expect(lines('changed', log).at(-1)).toBe(`${hour(2)}  closed with verdict history-remains  by ana`);
});

describe('exposed', () => {
  test('where, to whom, since when, until when', () => {
    const log = new Kept();
    const own = dossier({ widestSince: '2026-01-01T00:00:00Z', audience: 'public' });
    expect(lines('exposed', log, { dossiers: [own] })).toEqual([
      `secret ${f12}: ${own.kind}, principal ${own.principal.key}, privilege unknown`,
      '1 copy is recorded, gone ones included, in acme/api (git)',
      `first seen ${own.exposedSince}; widest audience public since 2026-01-01T00:00:00Z, until now, as far as is recorded`,
    ]);
    const { widestSince: _, ...rest } = own;
    const other = {
      ...rest,
      fingerprint: 'e'.repeat(64),
      copies: [],
      privilege: { ...own.privilege, value: 'admin' },
    };
    const all = lines('exposed', log, { dossiers: [other as Dossier] });
    expect(all[0]).toContain(`${'e'.repeat(12)} (replaced with it): `);
    expect(all[0]).toContain('privilege admin');
    expect(all[1]).toBe('0 copies are recorded, gone ones included, in no place');
    expect(all[2]).toContain(`since ${own.exposedSince}, until`);
  });

  test('until it was deleted, contained, or at least switched off', () => {
    const until = (...ids: readonly string[]): string => {
      const log = new Kept();
      for (const [index, id] of ids.entries()) log.done(index + 1, id);
      return lines('exposed', log)[2]?.replace(/.*until /, '') ?? '';
    };
    const none = 'now, as far as is recorded';
    expect(until('revoke-old')).toBe(hour(1));
    expect(until('disable-old', 'revoke-old')).toBe(hour(2));
    expect(until('revoke-old', 'disable-old')).toBe(hour(1));
    expect(until('disable-old')).toBe(hour(1));
    expect(until('disable-old', 'contain')).toBe(hour(2));
    expect(until('switch-aaaaaa', 'switch-bbbbbb')).toBe(hour(2));
    expect(until('switched')).toBe(none);
    expect(until('issue')).toBe(none);
    const log = new Kept().done(1, 'revoke-old', 'ana', 'failed');
    expect(lines('exposed', log)[2]).toContain(none);
  });
});

test('changed: what was recorded of this plan, in its order', () => {
  const log = new Kept();
  const about = { subject: plan.fingerprint, plan: plan.id };
  log
    .add(
      1,
      { action: 'plan-approved', ...about, data: { revision: 'r1', role: 'owner', decision: 'approved' } },
      'bo',
    )
    .add(2, {
      action: 'plan-revised',
      ...about,
      data: { revision: 'r2', strategy: 'manual', rule: 'x', policy: 'p', others: [], previous: 'r1' },
    })
    .add(3, {
      action: 'step',
      ...about,
      step: 'issue',
      data: { state: 'done', revision: 'r2', successor: 'e'.repeat(64) },
    })
    .add(4, {
      action: 'step',
      ...about,
      step: 'update-000000',
      data: { state: 'skipped', revision: 'r2', reason: 'gone' },
    })
    .gate(5, true)
    .verdict(6, 'clean')
    .add(7, { action: 'plan-reopened', ...about, data: { why: 'it reappeared' } })
    .add(8, { action: 'proved', ...about, data: { sha256: 'x' } })
    .add(9, {
      action: 'step',
      subject: 'x',
      plan: 'another',
      step: 'issue',
      data: { state: 'done', revision: 'r1' },
    })
    .add(9, { action: 'policy-changed', subject: 'x', data: { sha256: 'x' } });
  expect(lines('changed', log)).toEqual([
    `${hour(0)}  plan made: staged-dual (rule otherwise), revision r1  by ana`,
    `${hour(1)}  approved as owner, revision r1  by bo`,
    `${hour(2)}  plan revised: manual, revision r2  by ana`,
    `${hour(3)}  step issue (issue) done; new value ${'e'.repeat(12)}  by ana`,
    `${hour(4)}  step update-000000 skipped: gone  by ana`,
    `${hour(7)}  opened again: it reappeared  by ana`,
  ]);
});

describe('consumers', () => {
  test('who moved, which gate showed it, and whether others may exist', () => {
    const log = new Kept().done(3, 'update-aaaaaa', 'bo').gate(4, true).gate(5, false);
    const gate = (at: number, more = ''): string =>
      `gate auth_success of verify-new (verify-new): pass over ${hour(1)} to ${hour(2)}${more}, recorded ${hour(at)} by ana`;
    expect(lines('consumers', log)).toEqual([
      `update-aaaaaa (update): done on ${hour(3)} by bo`,
      gate(4),
      gate(5, ', not accepted'),
      'nobody has attested that the list of consumers is complete',
    ]);
    expect(lines('consumers', new Kept(), { dossiers: [dossier({ coverage: 'attested' })] })).toEqual([
      'update-aaaaaa (update): not recorded',
      'the list of consumers is attested to be complete',
    ]);
    expect(lines('consumers', new Kept(), { dossiers: [] }).at(-1)).toContain('nobody has attested');
  });

  test('a consumer that left the plan is named by what it was', () => {
    const consumer = { name: 'ledger-api', environment: 'prod' } as Dossier['consumers'][number];
    const id = `update-${hexOf('ledger-api (prod)', 6)}`;
    const log = new Kept().done(1, id).done(2, 'update-000000').done(3, 'updated');
    const own = dossier({ consumers: [consumer] });
    const shown = lines('consumers', log, { dossiers: [own] });
    expect(shown).toContain(`${id} (ledger-api): done on ${hour(1)} by ana`);
    expect(shown).toContain(`update-000000: done on ${hour(2)} by ana`);
    expect(shown.some((line) => line.startsWith('updated'))).toBe(false);
    expect([...shown].slice(0, 3)).toEqual([...shown].slice(0, 3).sort());
  });
});

describe('stopped', () => {
  test('the steps that ended it, in the order of time, and what was attested', () => {
    const log = new Kept()
      .done(5, 'revoke-old')
      .done(3, 'disable-old')
      .done(3, 'purge-bbbbbb')
      .add(1, {
        action: 'step',
        subject: plan.fingerprint,
        plan: plan.id,
        step: 'children',
        data: { state: 'todo', revision: 'r1' },
      })
      .add(4, {
        action: 'step',
        subject: plan.fingerprint,
        plan: plan.id,
        step: 'soak',
        data: { state: 'failed', revision: 'r1', reason: 'used by reporting' },
      });
    const shown = lines('stopped', log);
    expect(shown.slice(0, 3)).toEqual([
      `step disable-old (disable-old) done on ${hour(3)} by ana`,
      `step soak (soak) failed on ${hour(4)} by ana: used by reporting`,
      `step revoke-old (revoke-old) done on ${hour(5)} by ana`,
    ]);
    expect(shown[3]).toContain(`nobody has attested whether ${f12} is dead`);
    expect(shown).toHaveLength(4);
  });

  test('an attestation says who, when and how', () => {
    const fact = {
      attribute: 'liveness',
      value: 'dead',
      origin: 'inventory',
      rule: 'L1',
      confidence: 'asserted',
      evidence: [{ place: 'live.jsonl' }, { place: 'live.jsonl', note: 'refused, by ana' }],
      assertedAt: '2026-11-01T00:00:00Z',
      subject: { type: 'secret', fingerprint: plan.fingerprint },
    } as const;
    const liveness = { value: 'dead', chosen: fact, losers: [], conflict: false, stale: false } as const;
    const shown = (own: Partial<Dossier>) => lines('stopped', new Kept(), { dossiers: [dossier(own)] });
    expect(shown({ liveness })).toEqual([`${f12} is attested dead, 2026-11-01T00:00:00Z (refused, by ana)`]);
    const { assertedAt: _, ...undated } = { ...fact, evidence: [] };
    expect(shown({ liveness: { ...liveness, chosen: undated } })).toEqual([
      `${f12} is attested dead, undated`,
    ]);
    expect(shown({ liveness: { ...liveness, value: undefined } })[0]).toContain('nobody has attested');
  });
});

test('remains: a verdict from before the sources were read again does not speak for what was read', () => {
  const log = new Kept().verdict(2, 'clean');
  const readAt = (...times: readonly (number | undefined)[]): readonly string[] => {
    const source = { place: 'git:acme/api', placeName: 'acme/api', system: 'git', isComplete: true };
    const sources = times.map((at) => ({ ...source, ...(at === undefined ? {} : { readAt: hour(at) }) }));
    return lines('remains', log, { sources: sources as StatementInput['sources'] });
  };
  expect(readAt(1, 3)[0]).toContain(`; sources were read again on ${hour(3)}, which this verdict does not`);
  expect(readAt(1, 2, undefined)[0]).not.toContain('read again');
  log.verdict(3, 'clean');
  expect(readAt(1, 3)[0]).not.toContain('read again');
});

test('remains: the last verdict with its copies, and what was left out', () => {
  const log = new Kept().verdict(1, 'unproven').verdict(2, 'history-remains', 'unreachable-remains');
  expect(lines('remains', log)).toEqual([
    `${f12}: history-remains, also unreachable-remains, ${hour(2)}; copies: 2 gone, 1 present`,
  ]);
  log
    .verdict(3, 'clean')
    .add(4, {
      action: 'step',
      subject: plan.fingerprint,
      plan: plan.id,
      step: 'redesign',
      data: { state: 'skipped', revision: 'r1', reason: 'next year' },
    })
    .done(5, 'children', 'bo', 'skipped');
  expect(lines('remains', log)).toEqual([
    `${f12}: clean (clean-by-value), ${hour(3)}; copies: 2 gone, 1 present`,
    `step children was left out on ${hour(5)} by bo: no reason given`,
    `step redesign was left out on ${hour(4)} by ana: next year`,
  ]);
  expect(lines('remains', new Kept())).toEqual(['nothing is recorded']);
  const another = {
    verdict: 'x',
    verdicts: ['x'],
    ground: 'clean-by-value',
    copies: { present: 9 },
  } as const;
  log.add(6, { action: 'verdict', subject: 'e'.repeat(64), data: another }).done(7, 'soak');
  expect(lines('remains', log)[0]).toContain('copies: 2 gone, 1 present');
  expect(lines('remains', log)).toHaveLength(3);
  const unlogged = lines('remains', log, { records: [] });
  expect(unlogged[0]).toBe(`${f12}: clean (clean-by-value), ${hour(3)}`);
});

test('controls: evidence for and against, never that somebody complies', () => {
  const log = new Kept().verdict(1, 'clean');
  const clean = lines('controls', log);
  expect(clean).toHaveLength(1);
  expect(clean[0]).toMatch(/^evidence for: .*ID\.RA-06.*NHI1.* \(plan and verdict are recorded\)$/);
  const about = { subject: plan.fingerprint, plan: plan.id };
  const decide = (decision: 'approved' | 'rejected') =>
    log.add(2, { action: 'plan-approved', ...about, data: { revision: 'r1', role: 'owner', decision } });
  expect(lines('controls', decide('rejected'))[0]).not.toContain('approval');
  expect(lines('controls', decide('approved'))[0]).toContain('(plan, approval and verdict are recorded)');
  const held = lines('controls', log, { dossiers: [dossier({ conditions: ['NO_EXPIRY', 'HUMAN_COPY'] })] });
  expect(held[1]).toBe(
    'evidence against: NHI10, NHI2, NHI7, PR.AA-01, PR.AT-01, PR.DS-01 (HUMAN_COPY, NO_EXPIRY hold)',
  );
  expect(lines('controls', new Kept().verdict(1, 'unproven')).at(-1)).toContain('against: PR.DS-01');
  const two = lines('controls', log, { plan: { ...plan, others: ['e'.repeat(64)] } });
  expect(two.at(-1)).toContain('against: PR.DS-01');
});

test('sources: readings, versions, policy, provider facts and the chain', () => {
  const log = new Kept();
  const shown = lines('sources', log, {
    sources: [
      { place: 'git:a', placeName: 'acme/api', system: 'git', readAt: hour(3), isComplete: true },
      { place: 'git:a', placeName: 'acme/api', system: 'git', readAt: hour(1), isComplete: true },
      { place: 'git:a', placeName: 'acme/api', system: 'git', isComplete: true },
      {
        place: 'slack:ops',
        placeName: '#ops',
        system: 'slack',
        readAt: hour(2),
        newestRecord: hour(0),
        isComplete: false,
      },
      { place: 'folder:old', placeName: 'old', system: 'folder', isComplete: true },
    ],
    ruleVersions: ['aaaa', 'bbbb'],
  });
  expect(shown).toEqual([
    `acme/api (git) at 3 roots: read ${hour(1)} to ${hour(3)}, 1 never read whole`,
    `#ops (slack): read ${hour(2)}, with gaps, export up to ${hour(0)}`,
    'old (folder): never read whole',
    'provider facts postgres.password: not checked with the provider',
    `policy SHA-256 ${'p'.repeat(64)}`,
    'sprawl 1.2.3, rules aaaa, bbbb',
    `evidence log: 1 records, head ${log.state.head}`,
    `stated on ${hour(99)}`,
  ]);
  const checked = { ...plan, providerRow: { id: 'x', checked: true, source: 'docs.example' } };
  const other = lines('sources', log, { plan: checked });
  expect(other).toContain('provider facts x: read at docs.example');
  expect(other).toContain('sprawl 1.2.3, rules unknown');
});

test('the page is text or Markdown', () => {
  const statement = {
    plan: 'p',
    status: 'open',
    standing: 'It is open.',
    sections: [{ id: 'a', title: 'A', lines: ['x', 'y'] }],
  } as const;
  expect(statementLines(statement, 'text')).toEqual([
    'Continuity statement for plan p',
    'It is open.',
    '',
    'A',
    '  x',
    '  y',
  ]);
  expect(statementLines(statement, 'md')).toEqual([
    '# Continuity statement for plan p',
    '',
    'It is open.',
    '',
    '## A',
    '',
    '- x',
    '- y',
  ]);
  expect(hashLine('abc')).toContain('abc');
});
