/** `sprawl policy` through the real command line. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, type CliResult, scratch } from '../support/scratch.js';

const schema = JSON.parse(
  readFileSync(new URL('../../schemas/output.schema.json', import.meta.url), 'utf8'),
) as object;

function expectSchema({ stdout }: CliResult): Record<string, unknown>[] {
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  const records = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records[0]).toMatchObject({ type: 'begin', format: 1 });
  for (const record of records) {
    validate(record);
    expect(validate.errors ?? [], JSON.stringify(record)).toEqual([]);
  }
  return records;
}

const end = '  - { id: end, when: {}, then: { strategy: manual, reason: "no rule covers this" } }\n';

/** A checkout with a policy of its own. */
function checkoutWith(policy: string): { readonly home: CliHome; readonly cwd: string } {
  const folder = scratch();
  const cwd = join(folder, 'checkout');
  mkdirSync(join(cwd, '.sprawl'), { recursive: true });
  mkdirSync(join(cwd, '.git'));
  writeFileSync(join(cwd, '.sprawl', 'policy.yaml'), policy);
  return { home: new CliHome(folder), cwd };
}

describe('policy check', () => {
  it('finds no fault in the default policy', () => {
    const run = new CliHome().run(['policy', 'check']);
    expect(run).toEqual({
      status: 0,
      stdout: '',
      stderr: 'rules/policy/default.yaml: 19 rules, 7 requirements, 32 tests, 0 faults.\n',
    });
  });

  it('scenario 29: fails for an unknown field with its line and column', () => {
    const { home, cwd } = checkoutWith(
      `version: 1\nrules:\n  - id: typo\n    when: { consumers.count: { gt: 1 }, owner.knwon: true }\n    then: { strategy: manual, reason: r }\n${end}`,
    );
    const run = home.run(['policy', 'check'], { cwd });
    expect(run.status).toBe(1);
    expect(run.stdout).toBe(
      '.sprawl/policy.yaml:4:41: "owner.knwon" is not a known field; known are owner.known, owner.confidence, owner.status, owner.type\n',
    );
    expect(run.stderr).toBe('.sprawl/policy.yaml: 1 fault.\n');
  });

  it('scenario 29: fails for a rule that nothing reaches, and names the rule before it', () => {
    const { home, cwd } = checkoutWith(
      `version: 1\nrules:\n  - id: wide\n    when: { environment.highest: [prod, dr] }\n    then: { strategy: manual, reason: r }\n` +
        `  - id: narrow\n    when: { environment.highest: prod, secret.class: static }\n    then: { strategy: staged-dual, reason: r }\n${end}`,
    );
    const run = home.run(['policy', 'check'], { cwd });
    expect(run.status).toBe(1);
    expect(run.stdout).toBe(
      '.sprawl/policy.yaml:6:5: rule narrow is never reached: wide (line 3) matches all that it would\n',
    );
  });

  it('fails for a rule without a reason and a list without a last rule for everything', () => {
    const { home, cwd } = checkoutWith(
      'version: 1\nrules:\n  - { id: a, when: { owner.known: true }, then: { strategy: manual } }\n',
    );
    const run = home.run(['policy', 'check', '--json'], { cwd });
    expect(run.status).toBe(1);
    expect(expectSchema(run).slice(1)).toMatchObject([
      { type: 'policy-fault', file: '.sprawl/policy.yaml', line: 3, column: 5 },
      { type: 'policy-fault', line: 3, column: 49, message: 'reason is missing: every rule says why' },
      { type: 'check', ok: false, file: '.sprawl/policy.yaml' },
    ]);
  });

  it('notes a kind that is a row of provider facts, and a row that is none', () => {
    const { home, cwd } = checkoutWith(
      `version: 1\nrules:\n  - { id: a, when: { secret.kind: stripe.secret-key }, then: { strategy: manual, reason: r } }\n` +
        `  - { id: b, when: { not: { provider.fact: [stripe.secret-key, acme.key] } }, then: { strategy: manual, reason: r } }\n${end}`,
    );
    const run = home.run(['policy', 'check'], { cwd });
    expect(run.status).toBe(0);
    expect(run.stderr.split('\n').slice(0, 2)).toEqual([
      'note: .sprawl/policy.yaml:3:22: secret.kind: no rule finds the kind stripe.secret-key; it is a row of provider facts: write provider.fact',
      'note: .sprawl/policy.yaml:4:29: provider.fact: there is no row acme.key',
    ]);
  });

  it('takes a file, and says when there is none', () => {
    const { home, cwd } = checkoutWith('broken: true\n');
    writeFileSync(join(cwd, 'other.yaml'), `version: 1\nrules:\n${end}`);
    expect(home.run(['policy', 'check', 'other.yaml'], { cwd }).status).toBe(0);
    const missing = home.run(['policy', 'check', 'none.yaml'], { cwd });
    expect(missing.status).toBe(2);
    expect(missing.stderr).toContain('none.yaml');
  });

  it('prints no secret that stands in a policy by mistake', () => {
    const value = fakeSecret('github-pat', 'policy');
    const { home, cwd } = checkoutWith(`version: 1\n${value}: 1\nrules:\n  - ${value}\n${end}`);
    for (const args of [
      ['policy', 'check'],
      ['policy', 'check', '--json'],
      ['policy', 'test'],
      ['policy', 'test', '--json'],
    ]) {
      const { status, stdout, stderr } = home.run(args, { cwd });
      expect(status).not.toBe(0);
      expect(stdout + stderr).not.toContain(value);
    }
  });
});

describe('policy test', () => {
  it('runs the tests of the default policy', () => {
    const run = new CliHome().run(['policy', 'test', '--json']);
    expect(run.status).toBe(0);
    const tests = expectSchema(run).filter(({ type }) => type === 'policy-test');
    expect(tests).toHaveLength(32);
    expect(tests.filter(({ ok }) => ok !== true)).toEqual([]);
  });

  it('scenario 30: shows that public and dead is purged, not contained', () => {
    const { home, cwd } = checkoutWith(
      readFileSync(new URL('../../rules/policy/default.yaml', import.meta.url), 'utf8').replace(
        /^tests:[\s\S]*/m,
        'tests:\n  - name: order\n    facts: { secret.liveness: dead, exposure.public_ever: true }\n    expect: { strategy: emergency }\n',
      ),
    );
    const run = home.run(['policy', 'test'], { cwd });
    expect(run.status).toBe(1);
    expect(run.stdout.split('\n').slice(1)).toEqual([
      '  strategy is purge-only, expected emergency',
      '  rule dead decided: secret.liveness is dead (asked: dead)',
      '',
    ]);
    expect(run.stdout).toMatch(/^\.sprawl\/policy\.yaml:\d+:5: failed: order\n/);
    expect(run.stderr).toBe('.sprawl/policy.yaml: 1 test, 1 failed.\n');
  });

  it('refuses a policy with faults', () => {
    const { home, cwd } = checkoutWith('version: 1\nrules: []\n');
    const run = home.run(['policy', 'test'], { cwd });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('.sprawl/policy.yaml:1:1: the last rule must match everything');
  });
});

describe('policy explain', () => {
  /** A home that knows one secret, and its fingerprint. */
  function scanned(): { readonly home: CliHome; readonly folder: string; readonly fingerprint: string } {
    const folder = scratch();
    const home = new CliHome(folder);
    const repo = new GitFixture(join(folder, 'repo'));
    repo.commit('a', { 'deploy/prod/app.env': `GITHUB_TOKEN=${fakeSecret('github-pat', 'explain')}\n` });
    const { stdout } = home.run(['scan', repo.path, '--json']);
    return { home, folder, fingerprint: /"fingerprint":"([0-9a-f]{64})"/.exec(stdout)?.[1] ?? '' };
  }

  it('says which rule decided, and why each before it did not', () => {
    const { home, fingerprint } = scanned();
    const run = home.run(['policy', 'explain', fingerprint.slice(0, 12), '--now', '2030-01-01T00:00:00Z']);
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    const lines = run.stdout.split('\n');
    expect(lines[0]).toBe(`${fingerprint.slice(0, 12)}  github-pat-classic`);
    expect(lines).toContain('strategy  staged-dual  by rule consumers-missing-dual');
    expect(lines).toContain('if public emergency  by rule public: who can read a copy is not known');
    expect(run.stdout).toContain('- public                  exposure.public_ever is unknown (asked: true)');
    expect(run.stdout).toContain(
      '- owner-missing           owner.known is true (asked: false) and owner.status is unknown (asked: left)',
    );
    expect(run.stdout).toContain('- admin-two      identity.privilege is unknown (asked: admin)');
    expect(run.stdout).toContain('+ max-age-prod');
  });

  it('follows the schema, with the policy that is named', () => {
    const { home, folder, fingerprint } = scanned();
    writeFileSync(
      join(folder, 'own.yaml'),
      `version: 1\nenvironments: [{ name: live, rank: 60, match: ["deploy/prod/**"] }]\nrules:\n  - { id: github, when: { secret.kind: { matches: "github-*" }, path: { matches: "deploy/**" } }, then: { strategy: staged-dual, deadline: 3d, reason: "ours" } }\n${end}` +
        'requirements:\n  - { id: freeze, when: { environment.set: live }, require: { freeze: "2026-12-20..2027-01-04", window: "Tue-Thu 09:00-16:00 UTC" } }\n',
    );
    const run = home.run(['policy', 'explain', fingerprint, '--policy', join(folder, 'own.yaml'), '--json']);
    expect(expectSchema(run)[1]).toMatchObject({
      type: 'policy-explanation',
      fingerprint,
      strategy: 'staged-dual',
      rule: 'github',
      deadlineMs: 3 * 86_400_000,
      windows: ['Tue-Thu 09:00-16:00 UTC'],
      freezes: ['2026-12-20..2027-01-04'],
      trace: [{ rule: 'github', matched: true }],
      requirements: [
        { requirement: 'freeze', matched: true, why: 'environment.set is live, prod (asked: live)' },
      ],
    });
  });
});
