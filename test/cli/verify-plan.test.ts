/** `verify` and `prove` on plans: what the log says of purges, new values and earlier looks. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { slackExport, zipOf } from '../support/exports-of-acme.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { recordedPlan, recordPlan } from '../support/recorded-plan.js';
import { CliHome, scratch } from '../support/scratch.js';
import { leaksIn } from '../support/value-forms.js';

const validate = addFormats
  .default(new Ajv({ strict: false }))
  .compile(
    JSON.parse(readFileSync(new URL('../../schemas/output.schema.json', import.meta.url), 'utf8')) as object,
  );

type Row = Readonly<Record<string, unknown>>;

function fingerprintIn(home: CliHome, value: string): string {
  const { stdout } = home.run(['fingerprint', '-', '--json'], { input: value });
  return /"fingerprint":"([0-9a-f]{64})"/.exec(stdout)?.[1] ?? '';
}

function rowsOf(text: string, type: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Row)
    .filter((row) => row['type'] === type);
}

const old = fakeSecret('github-pat', 'plan old');
const next = fakeSecret('github-pat', 'plan next');

/** A channel with a message at 10:07 on 1 March 2024, and others around it. */
const channel = (text: string, last: string): Record<string, string> =>
  slackExport([
    { ts: '1709287200.000100', user: 'U02BOB', text: 'deploy is red' },
    { ts: '1709287620.000200', user: 'U01ANA', text },
    { ts: `${Date.parse(last) / 1000}.000300`, user: 'U02BOB', text: 'thanks' },
  ]);

describe('scenario 35: an export must be newer than the purge step', () => {
  const prepared = async () => {
    const folder = scratch();
    const file = join(folder, 'march.zip');
    writeFileSync(file, await zipOf(channel(`try ${old} now`, '2024-03-02T00:00:00Z')));
    const home = new CliHome(folder);
    home.run(['scan', file]);
    const fingerprint = fingerprintIn(home, old);
    const plan = await recordPlan(home, fingerprint, '2024-03-03T00:00:00Z');
    await plan.step('2024-03-05T00:00:00Z', 'purge-3f9a0c');
    return { folder, home, fingerprint };
  };

  test('the old export, which shows it still, leaves it unproven', async () => {
    const { home, fingerprint } = await prepared();
    const { status, stdout } = home.run(['verify', recordedPlan, '--json']);
    const [verdict] = rowsOf(stdout, 'verdict');
    expect(status).toBe(3);
    expect(verdict).toMatchObject({ plan: recordedPlan, fingerprint, verdicts: ['unproven'] });
    expect(verdict?.['open']).toMatchObject([{ reason: 'export-older', placeName: '#deploys' }]);
    expect(home.run(['verify', fingerprint]).stdout).toContain(
      'ask for a new export of #deploys, and scan it',
    );
  });

  test('an export from before the purge that lacks it leaves it unproven, a later one shows that it is gone', async () => {
    const { folder, home } = await prepared();
    const scan = async (name: string, last: string): Promise<void> => {
      const file = join(folder, name);
      writeFileSync(file, await zipOf(channel('-', last)));
      home.run(['scan', file]);
    };
    await scan('early.zip', '2024-03-04T00:00:00Z');
    expect(home.run(['verify', recordedPlan]).status).toBe(3);
    await scan('late.zip', '2024-03-06T00:00:00Z');
    const { status, stdout } = home.run(['verify', recordedPlan, '--json']);
    expect(status, stdout).toBe(0);
    expect(rowsOf(stdout, 'verdict')).toMatchObject([{ verdicts: ['clean'] }]);
  });

  test('a later export that shows it: it is there', async () => {
    const { folder, home } = await prepared();
    const file = join(folder, 'late.zip');
    writeFileSync(file, await zipOf(channel(`try ${old} now`, '2024-03-06T00:00:00Z')));
    home.run(['scan', file]);
    const { status, stdout } = home.run(['verify', recordedPlan, '--json']);
    expect(status).toBe(1);
    expect(rowsOf(stdout, 'verdict')).toMatchObject([{ verdicts: ['human-copies-remain'] }]);
  });
});

describe('scenario 36: the new value', () => {
  const prepared = async (successor: (home: CliHome) => string, at = '2023-01-01T00:00:00Z') => {
    const folder = scratch();
    const repo = new GitFixture(join(folder, 'repo'));
    repo.commit('add', { 'config/app.env': `TOKEN=${old}\n` });
    const home = new CliHome(folder);
    home.run(['scan', repo.path]);
    const plan = await recordPlan(home, fingerprintIn(home, old), at);
    await plan.step(at, 'issue', { successor: successor(home) });
    return { folder, home, repo };
  };
  const codesOf = (home: CliHome): string[] =>
    rowsOf(home.run(['verify', recordedPlan, '--json']).stdout, 'successor').map(({ code }) => String(code));

  test('nowhere: no finding', async () => {
    const { home } = await prepared((at) => fingerprintIn(at, next));
    expect(codesOf(home)).toEqual([]);
  });

  test('in the old slot: ROTATED_IN_PLACE', async () => {
    const { home, repo } = await prepared((at) => fingerprintIn(at, next));
    repo.commit('rotate', { 'config/app.env': `TOKEN=${next}\n` });
    expect(codesOf(home)).toEqual(['ROTATED_IN_PLACE']);
    const { stdout, status } = home.run(['verify', recordedPlan]);
    expect(stdout).toMatch(
      /ROTATED_IN_PLACE {2}new value [0-9a-f]{12}: .*still hard-coded\n.*config\/app\.env/,
    );
    expect(status).toBe(1);
    expect(leaksIn(Buffer.from(stdout), next, ['ghp_'])).toEqual([]);
  });

  test('in a message: exposed, with a plan of its own', async () => {
    const { home, folder } = await prepared((at) => fingerprintIn(at, next));
    const file = join(folder, 'chat.zip');
    writeFileSync(file, await zipOf(channel(`use ${next} now`, '2024-03-02T00:00:00Z')));
    home.run(['scan', file]);
    const found = rowsOf(home.run(['verify', recordedPlan, '--json']).stdout, 'successor');
    expect(found).toMatchObject([{ code: 'NEW_VALUE_EXPOSED', isEmergency: true }]);
    const own = String(found[0]?.['newPlan']);
    expect(home.run(['verify', own, '--json']).stdout).toContain('human-copies-remain');
    expect(home.run(['verify', recordedPlan]).stdout).toContain('the rules for emergencies apply');
  });

  test('the old value again: NOT_ROTATED', async () => {
    const { home } = await prepared((at) => fingerprintIn(at, old));
    expect(codesOf(home)).toEqual(['NOT_ROTATED']);
    expect(home.run(['verify', recordedPlan]).status).toBe(1);
  });

  test('a value that stood elsewhere before: REUSED_VALUE', async () => {
    // Commits of the fixture are of November 2023.
    for (const [planned, codes] of [
      ['2024-01-01T00:00:00Z', ['REUSED_VALUE', 'NEW_VALUE_FOUND']],
      ['2023-01-01T00:00:00Z', ['NEW_VALUE_FOUND']],
    ] as const) {
      const { home, folder } = await prepared((at) => fingerprintIn(at, next), planned);
      const other = new GitFixture(join(folder, 'other'));
      other.commit('add', { 'deploy.env': `TOKEN=${next}\n` });
      home.run(['scan', other.path]);
      expect(codesOf(home)).toEqual(codes);
    }
  });
});

describe('prove', () => {
  const prepared = async () => {
    const folder = scratch();
    const repo = new GitFixture(join(folder, 'repo'));
    repo.commit('add', {
      'config/.env.prod': `TOKEN=${old}\n`,
      'index.js': 'process.env.TOKEN;\n',
      'package.json': '{}\n',
    });
    const home = new CliHome(folder);
    home.run(['scan', repo.path]);
    const fingerprint = fingerprintIn(home, old);
    const plan = await recordPlan(home, fingerprint, '2024-01-01T00:00:00Z');
    return { folder, home, repo, plan, fingerprint };
  };

  test('is refused while nothing was verified, and says what is missing', async () => {
    const { home } = await prepared();
    const { status, stdout, stderr } = home.run(['prove', recordedPlan]);
    expect(status).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/nothing was verified of [0-9a-f]{12}: run "sprawl verify 0a1b2c3d4e5f"/);
    expect(home.run(['prove', 'ffffffffffff']).status).toBe(2);
  });

  test('states what the log holds, and that an open plan is open', async () => {
    const { home, plan, repo } = await prepared();
    await plan.step('2024-01-02T00:00:00Z', 'issue', { successor: 'b'.repeat(64) });
    await plan.step('2024-01-03T00:00:00Z', 'update-3f9a0c');
    await plan.step('2024-01-04T00:00:00Z', 'revoke-old');
    await plan.step('2024-01-05T00:00:00Z', 'purge-aaaaaa', { state: 'skipped', reason: 'archived' });
    repo.git('rm', '-q', 'config/.env.prod');
    repo.commit('remove');
    home.run(['verify', recordedPlan]);
    const { status, stdout, stderr } = home.run(['prove', recordedPlan, '--no-record']);
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^Continuity statement for plan 0a1b2c3d4e5f\nThe plan is OPEN/);
    for (const text of [
      'github-pat-classic',
      'until 2024-01-04T00:00:00Z',
      'new value bbbbbbbbbbbb',
      'step revoke-old (',
      ') done on 2024-01-04T00:00:00Z by person-0123456789',
      'nobody has attested whether',
      'history-remains',
      'step purge-aaaaaa was left out on 2024-01-05T00:00:00Z by person-0123456789: archived',
      'evidence for: ',
      'evidence against: PR.DS-01',
      'evidence log: 6 records, head ',
    ])
      expect(stdout).toContain(text);
    expect(stdout).not.toMatch(/compliant/i);
    expect(leaksIn(Buffer.from(stdout), old, ['ghp_'])).toEqual([]);
    // The same log gives the same page, whose hash is that of its text.
    const at = '2030-01-01T00:00:00Z';
    const again = home.run(['prove', recordedPlan, '--no-record', '--now', at]).stdout;
    expect(home.run(['prove', recordedPlan, '--no-record', '--now', at]).stdout).toBe(again);
    const cut = again.lastIndexOf('\n', again.length - 2);
    const sha256 = createHash('sha256').update(again.slice(0, cut)).digest('hex');
    expect(again.slice(cut + 1)).toBe(`SHA-256 of the text above ${sha256}\n`);
    const markdown = home.run(['prove', recordedPlan, '--no-record', '--format', 'md', '--now', at]).stdout;
    expect(markdown).toMatch(/^# Continuity statement for plan 0a1b2c3d4e5f\n/);
    expect(markdown).toContain(sha256);
    const json = home.run(['prove', recordedPlan, '--no-record', '--format', 'json', '--now', at]).stdout;
    expect(JSON.parse(json)).toMatchObject({ type: 'statement', status: 'open', sha256 });
    const lines = home
      .run(['prove', recordedPlan, '--no-record', '--json', '--now', at])
      .stdout.trim()
      .split('\n');
    for (const line of lines) expect(validate(JSON.parse(line)), line).toBe(true);
    expect(lines).toHaveLength(3);
  });

  test('notes in the log that it was made; a verdict from before the last purge is no basis', async () => {
    const { home, plan } = await prepared();
    home.run(['verify', recordedPlan, '--now', '2024-02-01T00:00:00Z']);
    const first = home.run(['prove', recordedPlan, '--now', '2024-02-02T00:00:00Z']).stdout;
    const second = home.run(['prove', recordedPlan, '--now', '2024-02-02T00:00:00Z']).stdout;
    expect(first).toContain('evidence log: 2 records');
    expect(second).toContain('evidence log: 3 records');
    await plan.step('2024-02-03T00:00:00Z', 'purge-3f9a0c');
    const { status, stderr } = home.run(['prove', recordedPlan]);
    expect(status).toBe(3);
    expect(stderr).toContain('is older than the last purge (2024-02-03T00:00:00.000Z)');
  });
});
