/** What people record of plans and exceptions, and the log that keeps it, through the command line. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import type { LogEntry } from '../../src/rotation/log/record.js';
import { openEvidenceLog } from '../../src/store/evidence-log.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, type CliResult, cliEntry, scratch } from '../support/scratch.js';
import { leaksIn } from '../support/value-forms.js';

const value = fakeSecret('github-pat-classic', 'evidence');
const fresh = fakeSecret('github-pat-classic', 'evidence, new');
const other = fakeSecret('stripe-secret-key', 'evidence');

/** RFC 3339, hours after the first plan. */
const hour = (number: number): string => new Date(Date.UTC(2030, 0, 1) + number * 3_600_000).toISOString();

const inventory = (consumers: readonly string[]): string =>
  [
    'version: 1',
    'reviewed: 2029-12-20',
    'parties:',
    '  - { id: payments, type: team, handles: ["@acme/payments"] }',
    '  - { id: ana, type: person, emails: [ana@example.org] }',
    '  - { id: zoe, type: person, emails: [zoe@example.org] }',
    'identities:',
    '  - id: deployer',
    '    match: [{ kind: github-pat-classic, path: "**" }]',
    '    owner: payments',
    '    environment: [prod]',
    '    privilege: admin',
    '    consumers:',
    ...consumers.map(
      (name) => `      - { name: ${name}, kind: service, environment: prod, reload: restart }`,
    ),
    '',
  ].join('\n');

interface Estate {
  readonly home: CliHome;
  readonly folder: string;
  readonly repo: GitFixture;
  readonly file: string;
  readonly log: string;
  readonly fingerprint: string;
  /** Runs a recording command at an hour, by somebody. */
  act(at: number, by: string, args: readonly string[], input?: string): CliResult;
  plan(at: number): Record<string, unknown>;
}

function estate(): Estate {
  const folder = scratch();
  const repo = new GitFixture(join(folder, 'all', 'api'));
  repo.commit('add', {
    '.github/CODEOWNERS': '* @acme/payments\n',
    'config/.env.prod': `GITHUB_PAT=${value}\n`,
    'web/.env': `STRIPE_SECRET=${other}\n`,
  });
  const file = join(folder, 'inventory.yaml');
  writeFileSync(file, inventory(['deployer']));
  const home = new CliHome(folder);
  home.run(['scan', join(folder, 'all')]);
  const { stdout } = home.run(['fingerprint', '-', '--json'], { input: value });
  const fingerprint = /"fingerprint":"([0-9a-f]{64})"/.exec(stdout)?.[1] ?? '';
  const at = (number: number): string[] => ['--inventory', file, '--now', hour(number)];
  return {
    home,
    folder,
    repo,
    file,
    log: join(home.home, 'data', 'sprawl', 'sprawl.evidence.jsonl'),
    fingerprint,
    act: (number, by, args, input = '') => home.run([...args, '--by', by, ...at(number)], { input }),
    plan: (number) => {
      const found = home.json(['plan', fingerprint, ...at(number)]).find(({ type }) => type === 'plan');
      expect(found).toBeDefined();
      return found ?? {};
    },
  };
}

type StepRow = {
  readonly id: string;
  readonly type: string;
  readonly state: string;
  readonly gates: string[];
};
const stepsOf = (plan: Record<string, unknown>): readonly StepRow[] => plan['steps'] as StepRow[];

function outputSchema(): ValidateFunction {
  const schema = JSON.parse(
    readFileSync(new URL('../../schemas/output.schema.json', import.meta.url), 'utf8'),
  ) as object;
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

/** Records every step up to a type as done, with passing gates; an hour each. */
function workUpTo({ act, plan, fingerprint }: Estate, type: string, from: number, by: string): number {
  let at = from;
  for (const step of stepsOf(plan(from))) {
    if (step.type === type) return at;
    for (const gate of step.gates) {
      const window = ['--from', hour(at - 1), '--to', hour(at), '--source', 'dashboard'];
      const run = act(at, by, ['plan', 'gate', fingerprint, step.id, gate, 'pass', ...window]);
      expect(run.stdout + run.stderr).toContain(`gate ${gate}: pass`);
      expect(run.status, run.stdout).toBe(0);
    }
    if (step.type === 'overlap') {
      expect(act(at, by, ['plan', 'step', fingerprint, step.id, 'done']).stdout).toContain(
        'when it begins (doing)',
      );
      expect(act(at, by, ['plan', 'step', fingerprint, step.id, 'doing']).status).toBe(0);
      at += 24;
    }
    at += 2;
    const run = act(at, by, ['plan', 'step', fingerprint, step.id, 'done']);
    expect(run.status, `${step.id}: ${run.stdout}${run.stderr}`).toBe(0);
    at += 2;
  }
  return at;
}

function approved(given: Estate, at: number): void {
  for (const [role, by] of [
    ['owner', 'owen@example.org'],
    ['security', 'sue@example.org'],
  ] as const) {
    const run = given.act(at, by, ['plan', 'approve', given.fingerprint, '--role', role]);
    expect(run.status, run.stdout + run.stderr).toBe(0);
  }
}

describe('approvals', () => {
  test('scenario 31: an approval is stale when a consumer was added since', () => {
    const given = estate();
    expect(given.plan(0)['status']).toBe('needs-approval');
    approved(given, 1);
    expect(given.plan(2)['status']).toBe('ready');
    expect(given.plan(2)['conditions']).toContain('PLAN_APPROVED');
    writeFileSync(given.file, inventory(['deployer', 'nightly']));
    const changed = given.plan(3);
    expect(changed['status']).toBe('needs-approval');
    expect(changed['conditions']).toContain('APPROVAL_STALE');
    // What waits for approval is not begun.
    const refused = given.act(4, 'ana', ['plan', 'step', given.fingerprint, 'issue', 'doing']);
    expect(refused.status).toBe(1);
    expect(refused.stdout).toContain('lacks approval by owner, security');
    approved(given, 5);
    expect(given.plan(6)['conditions']).not.toContain('APPROVAL_STALE');
  });

  test('one person speaks in one role, and not in one that nobody asked for', () => {
    const { act, fingerprint } = estate();
    const approve = (role: string) => act(1, 'zoe', ['plan', 'approve', fingerprint, '--role', role]);
    expect(approve('owner').status).toBe(0);
    expect(approve('security').stdout).toContain('another role needs another person');
    expect(approve('king').stdout).toContain('it asks for owner, security');
  });
});

describe('gates', () => {
  test('scenario 32: a result outside of its window, or from the executor where excluded, is not accepted', () => {
    const given = estate();
    const { act, fingerprint, home } = given;
    approved(given, 1);
    const at = workUpTo(given, 'soak', 2, 'ana');
    const zero = (from: number, to: number, now: number, by: string) =>
      act(now, by, [
        ...['plan', 'gate', fingerprint, 'soak', 'old_use_zero', 'pass'],
        ...['--from', hour(from), '--to', hour(to), '--source', 'audit log'],
      ]);
    const early = zero(1, at + 60, at + 61, 'zoe');
    expect(early.status).toBe(1);
    expect(early.stdout).toContain('begins before what it proves was done');
    expect(zero(at, at + 90, at + 61, 'zoe').stdout).toContain('has not ended yet');
    expect(zero(at, at + 10, at + 61, 'zoe').stdout).toContain('the soak 48 h');
    // Under another of her names she is the same person.
    expect(zero(at, at + 60, at + 61, 'ana@example.org').stdout).toContain('must come from somebody else');
    const soak = (now: number) => act(now, 'ana', ['plan', 'step', fingerprint, 'soak', 'done']);
    expect(soak(at + 62).stdout).toContain('gates that have not passed: old_use_zero');
    expect(zero(at, at + 60, at + 63, 'zoe').status).toBe(0);
    expect(soak(at + 64).status).toBe(0);
    const kept = home.json(['log', 'show']).filter(({ action }) => action === 'gate');
    const refusals = kept.filter(({ data }) => (data as { accepted: boolean }).accepted === false);
    expect(refusals).toHaveLength(4);
  });

  test('scenario 33: use of the old value during soak sends the plan back to its updates', () => {
    const given = estate();
    const { act, fingerprint } = given;
    approved(given, 1);
    const at = workUpTo(given, 'soak', 2, 'ana');
    const hit = act(at + 5, 'ana', [
      ...['plan', 'gate', fingerprint, 'soak', 'old_use_zero', 'fail', '--value', '3 logins'],
      ...['--from', hour(at), '--to', hour(at + 4), '--source', 'audit log'],
    ]);
    expect(hit.status, hit.stdout).toBe(0);
    expect(hit.stdout).toContain('MISSED_CONSUMER');
    const plan = given.plan(at + 6);
    const states = new Map(stepsOf(plan).map(({ type, state }) => [type, state]));
    expect(states.get('update')).toBe('todo');
    expect(states.get('soak')).toBe('failed');
    expect(states.get('revoke-old')).toBe('frozen');
    expect(JSON.stringify(plan['questions'])).toContain('MISSED_CONSUMER');
    const revoke = act(at + 7, 'ana', ['plan', 'step', fingerprint, 'revoke-old', 'done']);
    expect(revoke.stdout).toContain('it needs soak first');
  });
});

test('gate results of a file are judged and recorded like those of a person, once', () => {
  const given = estate();
  const { home, folder, file } = given;
  approved(given, 1);
  const at = workUpTo(given, 'verify-new', 2, 'ana');
  const plan = given.plan(at);
  const step = stepsOf(plan).find(({ type }) => type === 'verify-new');
  const [first = '', second = ''] = step?.gates ?? [];
  const result = (gate: string, more: object = {}): string =>
    JSON.stringify({
      ...{ plan: plan['id'], step: step?.id, gate, result: 'pass', by: 'zoe@example.org' },
      ...{ window_start: hour(at - 1), window_end: hour(at), source: 'monitoring' },
      ...more,
    });
  const results = join(folder, 'gates.jsonl');
  const ingest = (hours: number, lines: readonly string[], ...more: string[]): CliResult => {
    writeFileSync(results, `${lines.join('\n')}\n`);
    return home.run(['ingest', results, '--inventory', file, '--now', hour(hours), ...more]);
  };
  const gates = () => home.json(['log', 'show']).filter(({ action }) => action === 'gate');
  const before = gates().length;

  const good = ingest(at, [result(first)]);
  expect(good.status, good.stdout + good.stderr).toBe(0);
  expect(good.stderr).toContain('1 gate result, 1 accepted, 0 recorded before, 0 refused');
  expect(gates().at(-1)).toMatchObject({ step: step?.id, data: { gate: first, accepted: true } });
  expect(JSON.stringify(gates())).not.toContain('zoe@');

  const mixed = [
    result(first),
    result(second, { window_start: hour(-1) }),
    result(second, { plan: '0123456789ab' }),
    result(second, { step: 'no-such-step' }),
  ];
  const refused = ingest(at + 1, mixed);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('4 gate results, 0 accepted, 1 recorded before, 3 refused');
  expect(refused.stdout).toContain(`${step?.id} ${second}: its window begins before`);
  expect(refused.stdout).toContain('No plan begins with 0123456789ab');
  expect(refused.stdout).toContain('the plan has no such step');
  expect(gates()).toHaveLength(before + 2);
  expect(gates().at(-1)).toMatchObject({ data: { gate: second, accepted: false } });

  // What was refused is still refused, and stands in the log once.
  const again = ingest(at + 2, mixed, '--json');
  expect(again.status).toBe(1);
  expect(gates()).toHaveLength(before + 2);
  const lines = again.stdout.trimEnd().split('\n');
  const printed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(printed.map(({ type }) => type)).toEqual(['begin', 'gateResults', 'refused', 'refused', 'refused']);
  expect(printed[1]).toMatchObject({ accepted: 0, known: 1, refused: 3 });
  const validate = outputSchema();
  for (const line of printed) expect(validate(line), JSON.stringify(line)).toBe(true);

  const failed = ingest(at + 3, [result(second, { result: 'fail' })]);
  expect(failed.status, failed.stdout).toBe(0);
  expect(failed.stdout).toMatch(/Go back: /);
  expect(stepsOf(given.plan(at + 4)).find(({ id }) => id === step?.id)?.state).toBe('failed');
  // Nothing of it is kept as a statement.
  expect(home.run(['inventory', 'remove', 'gates.jsonl']).status).not.toBe(0);
});

describe('a new value', () => {
  test('is neither the old one nor another secret, and only its fingerprint is kept', () => {
    const given = estate();
    const { act, fingerprint, home } = given;
    approved(given, 1);
    expect(workUpTo(given, 'issue', 2, 'ana')).toBeGreaterThan(0);
    const issue = (at: number, input: string) =>
      act(at, 'ana', ['plan', 'step', fingerprint, 'issue', 'done', '--successor', '-'], input);
    const same = issue(20, value);
    expect(same.status).toBe(1);
    expect(same.stdout).toContain('NOT_ROTATED');
    expect(issue(21, other).stdout).toContain('REUSED_VALUE');
    expect(issue(22, fresh).status).toBe(0);
    const log = home.run(['log', 'show']).stdout;
    expect(log).toContain('issue failed: NOT_ROTATED');
    for (const secret of [value, other, fresh]) expect(leaksIn(home.allBytes(), secret)).toEqual([]);
  });

  test('a text with a value in it is refused, and people in it get their pseudonyms', () => {
    const { act, fingerprint, home } = estate();
    const step = (reason: string) =>
      act(1, 'ana', ['plan', 'step', fingerprint, '1', 'failed', '--reason', reason]);
    const leak = step(`it was ${value}`);
    expect(leak.status).toBe(2);
    expect(leak.stderr).toContain('--reason holds a secret');
    expect(leak.stderr + leak.stdout).not.toContain(value);
    expect(step('zoe and bob@example.org were away').status).toBe(0);
    const text = home.run(['log', 'show']).stdout;
    expect(text).toMatch(/failed: person-[0-9a-f]{10} and person-[0-9a-f]{10} were away/);
  });
});

test('a plan is recorded although another process wrote a moment ago by a clock that is ahead', async () => {
  const { home, fingerprint, log } = estate();
  const at = new Date(Date.now() + 120_000).toISOString();
  const entry: LogEntry = {
    action: 'imported',
    subject: 'a.csv',
    data: { type: 'people', count: 1, sha256: '0'.repeat(64) },
  };
  await openEvidenceLog(log.replace(/evidence\.jsonl$/, 'db'), 'append').append([entry], {
    at,
    actor: 'sprawl',
  });
  expect(home.run(['plan', fingerprint]).stderr).not.toContain('not recorded');
  const records = home.json(['log', 'show']);
  expect(records.at(-1)).toMatchObject({ action: 'plan-created', at });
  // Whoever says what time it is gets no other.
  const rest = home.json(['list']).map((line) => line['fingerprint'] as string | undefined);
  const second = rest.find((one) => one !== undefined && one !== fingerprint) ?? '';
  const early = home.run(['plan', second, '--now', '2026-01-01T00:00:00Z']);
  expect(early.stderr).toContain('The plan is not recorded');
});

test('a plan is not closed before its evidence is complete, and everything that is missing is said', () => {
  const { act, fingerprint } = estate();
  const { status, stdout } = act(1, 'ana', ['plan', 'close', fingerprint]);
  expect(status).toBe(1);
  expect(stdout).toContain('steps are open');
  expect(stdout).toContain('approval by owner, security is missing');
  expect(stdout).toContain('has no verdict');
});

describe('exceptions', () => {
  const grant = (given: Estate, at: number, until: string, more: readonly string[] = []) =>
    given.act(at, 'gus@example.org', [
      ...['except', 'grant', '--secret', given.fingerprint, '--reason', 'release in spring'],
      ...['--control', 'plant network only', '--risk-owner', 'rita@example.org', '--until', until, ...more],
    ]);

  test('scenario 39: after its end the strategy returns, late from the original deadline', () => {
    const given = estate();
    const before = given.plan(0);
    const strategy = (before['decision'] as { strategy: string }).strategy;
    expect(strategy).not.toBe('none');
    expect(grant(given, 1, '30d').status).toBe(0);
    const excepted = given.plan(2);
    expect((excepted['decision'] as { strategy: string }).strategy).toBe('none');
    const warned = given.home.run(['except', 'list', '--now', hour(24 * 20)]).stdout;
    expect(warned).toContain('ends within 14 days');
    // Overnight.
    const after = given.plan(24 * 31);
    expect((after['decision'] as { strategy: string }).strategy).toBe(strategy);
    expect(after['reasons']).toContain('EXCEPTION_EXPIRED');
    expect(after['conditions']).toContain('EXCEPTION_EXPIRED');
    expect(after['deadline']).toBe(before['deadline']);
    expect(given.home.run(['except', 'list', '--now', hour(24 * 31)]).stdout).toContain('EXCEPTION_EXPIRED');
  });

  test('a new consumer makes it void at once', () => {
    const given = estate();
    expect(grant(given, 1, '30d').status).toBe(0);
    writeFileSync(given.file, inventory(['deployer', 'nightly']));
    expect((given.plan(2)['decision'] as { strategy: string }).strategy).not.toBe('none');
  });

  test('too long, by one person alone, or without an end it is refused', () => {
    const given = estate();
    expect(grant(given, 1, '91d').stdout).toContain('it may last 90 days');
    const alone = given.act(1, 'rita@example.org', [
      ...['except', 'grant', '--secret', given.fingerprint, '--reason', 'x', '--control', 'y'],
      ...['--risk-owner', 'rita@example.org', '--until', '30d'],
    ]);
    expect(alone.status).toBe(1);
    expect(alone.stdout).toContain('cannot be its risk owner');
    const all = given.act(1, 'gus', [
      ...[
        'except',
        'grant',
        '--rule',
        'github-pat-classic',
        '--path',
        '**',
        '--reason',
        'x',
        '--control',
        'y',
      ],
      ...['--risk-owner', 'rita', '--until', '30d'],
    ]);
    expect(all.stdout).toContain('not everything');
    expect(existsSync(given.log)).toBe(false);
  });

  test('it is renewed, never granted anew, and ended by hand', () => {
    const given = estate();
    expect(grant(given, 1, '30d').status).toBe(0);
    expect(grant(given, 2, '30d').stdout).toContain('renew that');
    const [exception] = given.home
      .json(['except', 'list', '--now', hour(3)])
      .filter(({ type }) => type === 'exception');
    const id = String(exception?.['id']);
    const renew = (at: number, more: readonly string[] = []) =>
      given.act(at, 'gus@example.org', [
        ...['except', 'renew', id, '--reason', 'still', '--control', 'network'],
        ...['--risk-owner', 'rita@example.org', '--until', '30d', ...more],
      ]);
    expect([renew(3).status, renew(4).status]).toEqual([0, 0]);
    expect(renew(5).stdout).toContain('renewal 3 needs --role security');
    expect(renew(6, ['--role', 'security']).status).toBe(0);
    expect(given.act(7, 'gus@example.org', ['except', 'end', id, '--reason', 'done']).status).toBe(0);
    expect((given.plan(8)['decision'] as { strategy: string }).strategy).not.toBe('none');
  });
});

describe('the log', () => {
  test('scenario 40: one byte changed is found, and the record named', () => {
    const given = estate();
    given.plan(0);
    approved(given, 1);
    const { home, log } = given;
    expect(statSync(log).mode & 0o777).toBe(0o600);
    const sound = home.run(['log', 'verify']);
    expect(sound.status).toBe(0);
    const head = /^\d+ ([0-9a-f]{64})$/m.exec(sound.stdout)?.[1] ?? '';
    const text = readFileSync(log, 'utf8');
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.includes('"role":"owner"'));
    writeFileSync(log, text.replace('"role":"owner"', '"role":"0wner"'));
    const broken = home.run(['log', 'verify']);
    expect(broken.status).toBe(1);
    expect(broken.stdout).toContain(`record ${at + 1} was changed`);
    expect(home.run(['db', 'check']).stdout).toContain(`evidence log: record ${at + 1} was changed`);
    // Nothing is decided on a log that was changed, and nothing is added to it.
    const act = given.act(2, 'ana', ['plan', 'step', given.fingerprint, '1', 'doing']);
    expect(act.status).toBe(2);
    expect(act.stderr).toContain('is broken');
    // A cut log is whole by itself; only its head from back then tells.
    writeFileSync(log, `${lines.slice(0, at).join('\n')}\n`);
    expect(home.run(['log', 'verify']).status).toBe(0);
    const cut = home.run(['log', 'verify', '--head', head, '--json']);
    expect(cut.status).toBe(1);
    expect(cut.stdout).toContain(`"firstBad":${at + 1}`);
    writeFileSync(log, text);
    expect(home.run(['log', 'verify', '--head', head]).status).toBe(0);
  });

  test('every line of --json is what the schema says', () => {
    const given = estate();
    const validate = outputSchema();
    approved(given, 1);
    const { act, fingerprint, home } = given;
    const except = ['--reason', 'x', '--control', 'y', '--risk-owner', 'rita', '--until', '30d'];
    const outputs = [
      act(2, 'ana', ['plan', 'step', fingerprint, '1', 'done', '--json']),
      act(2, 'ana', ['plan', 'close', fingerprint, '--json']),
      act(2, 'gus', ['except', 'grant', '--secret', fingerprint, ...except, '--json']),
      home.run(['except', 'list', '--now', hour(3), '--json']),
      home.run(['log', 'show', '--json']),
      home.run(['log', 'verify', '--json']),
    ];
    const types = new Set<string>();
    for (const { stdout, stderr } of outputs) {
      const lines = stdout.split('\n').filter((line) => line !== '');
      expect(lines[0], stderr).toContain('"type":"begin"');
      for (const line of lines) {
        const record = JSON.parse(line) as { type: string };
        types.add(record.type);
        validate(record);
        expect(validate.errors ?? [], line).toEqual([]);
      }
    }
    expect([...types].sort()).toEqual([
      'begin',
      'exception',
      'exception-report',
      'log',
      'log-record',
      'refused',
    ]);
  });

  test('several processes that record at once give one chain', async () => {
    const { home, fingerprint, file } = estate();
    const run = (number: number): Promise<number | null> =>
      new Promise((resolve) => {
        const args = [
          'plan',
          'step',
          fingerprint,
          '1',
          'failed',
          '--reason',
          `try ${number}`,
          '--by',
          `p${number}`,
        ];
        const child = spawn(process.execPath, [cliEntry, ...args, '--inventory', file], {
          env: home.env,
          stdio: 'ignore',
        });
        child.on('close', resolve);
      });
    home.run(['plan', fingerprint, '--inventory', file]);
    const codes = await Promise.all([1, 2, 3, 4].map(run));
    // One that decided on an older state is told to try again; nothing is lost or mixed.
    for (const code of codes) expect([0, 2]).toContain(code);
    const records = home.json(['log', 'show']).filter(({ action }) => action === 'step');
    expect(records).toHaveLength(codes.filter((code) => code === 0).length);
    expect(records.length).toBeGreaterThan(0);
    expect(home.run(['log', 'verify']).status).toBe(0);
  });

  test('people can be erased without breaking it', () => {
    const given = estate();
    expect(
      given.act(1, 'bob@example.org', ['plan', 'step', given.fingerprint, '1', 'failed', '--reason', 'x'])
        .status,
    ).toBe(0);
    const { home } = given;
    expect(home.run(['log', 'show']).stdout).toContain('bob@example.org');
    home.run(['db', 'forget', '--person', 'bob@example.org']);
    const after = home.run(['log', 'show']).stdout;
    expect(after).not.toContain('bob@example.org');
    expect(after).toMatch(/person-[0-9a-f]{10}/);
    expect(home.run(['log', 'verify']).status).toBe(0);
    expect(home.allBytes().includes('bob@example.org')).toBe(false);
  });

  test('export gives a private folder whose hashes fit, and no value', () => {
    const given = estate();
    given.plan(0);
    approved(given, 1);
    const bundle = join(given.folder, 'bundle');
    const { status, stderr } = given.home.run(['log', 'export', bundle, '--now', hour(2)]);
    expect(status, stderr).toBe(0);
    expect(statSync(bundle).mode & 0o777).toBe(0o700);
    const names = readdirSync(bundle).sort();
    expect(names).toEqual([
      'README.txt',
      'evidence.jsonl',
      'head.txt',
      'manifest.json',
      'plans.jsonl',
      'policy.yaml',
      'provider-facts.json',
      'scans.jsonl',
    ]);
    for (const name of names) {
      expect(statSync(join(bundle, name)).mode & 0o777).toBe(0o600);
      for (const secret of [value, other])
        expect(leaksIn(readFileSync(join(bundle, name)), secret)).toEqual([]);
    }
    expect(readFileSync(join(bundle, 'evidence.jsonl'))).toEqual(readFileSync(given.log));
    expect(readFileSync(join(bundle, 'plans.jsonl'), 'utf8').split('\n')).toHaveLength(2);
    expect(given.home.run(['log', 'export', bundle]).status).toBe(2);
  });

  test('a database of another name has its own log, and merging leaves both', () => {
    const given = estate();
    given.plan(0);
    const db = join(given.folder, 'second.db');
    given.home.run(['scan', given.repo.path, '--db', db]);
    const merged = given.home.run([
      'db',
      'merge',
      join(given.home.home, 'data', 'sprawl', 'sprawl.db'),
      '--db',
      db,
    ]);
    expect(merged.stderr).toContain('Evidence logs are not merged');
    expect(given.home.run(['log', 'verify', '--db', db]).stdout).toMatch(/^0 0{64}$/m);
  });
});
