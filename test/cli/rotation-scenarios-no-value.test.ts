/**
 * Scenario 41: values stand in contents, paths, owners, names of workloads, messages and in texts
 * that people give; every command that speaks of rotation runs, and all that is printed and written is searched.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reportFormats } from '../../src/report/formats.js';
import { slackExport, zipOf } from '../support/exports-of-acme.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { compose, now, Organisation } from '../support/organisation.js';
import { leaksIn } from '../support/value-forms.js';

const values = {
  content: fakeSecret('stripe-secret-key', 'scenario 41'),
  path: fakeSecret('github-pat-classic', 'scenario 41 path'),
  owner: fakeSecret('github-pat-classic', 'scenario 41 owner'),
  service: fakeSecret('github-pat-classic', 'scenario 41 service'),
  server: fakeSecret('github-pat-classic', 'scenario 41 agent'),
  message: fakeSecret('slack-bot-token', 'scenario 41 message'),
  password: fakeSecret('postgres-uri', 'scenario 41 password'),
  base64: fakeSecret('gitlab-pat', 'scenario 41 base64'),
  successor: fakeSecret('stripe-secret-key', 'scenario 41 successor'),
  typed: fakeSecret('github-pat-classic', 'scenario 41 typed'),
};

async function planted(): Promise<Organisation> {
  const org = new Organisation();
  const repo = new GitFixture(join(org.folder, 'all', 'shop'));
  repo.commit(`deploy ${values.message}`, {
    '.github/CODEOWNERS': `* @acme/${values.owner}\n`,
    '.env.prod': `STRIPE_KEY=${values.content}\nDATABASE_URL=postgres://ledger:${values.password}@db1.acme.example/x\n`,
    [`${values.path}/.env`]: `STRIPE_KEY=${values.content}\n`,
    [`${values.path}/compose.yml`]: compose(`x-${values.service}`),
    '.mcp.json': JSON.stringify({
      mcpServers: { [values.server]: { command: 'x', env: { STRIPE_KEY: values.content } } },
    }),
    'secret.yml': `kind: Secret\napiVersion: v1\nmetadata: { name: db }\ndata: { TOKEN: ${Buffer.from(values.base64).toString('base64')} }\n`,
  });
  const chat = slackExport([{ ts: '1709287620.000200', user: 'U01ANA', text: `try ${values.content} now` }]);
  writeFileSync(join(org.folder, 'all', 'chat.zip'), await zipOf(chat));
  return org.scan('internal');
}

const inventory = (purpose: string): string =>
  [
    'version: 1',
    'reviewed: 2026-11-01',
    'parties: [ { id: ana, type: person, emails: [ana@example.org], status: left, left_on: 2026-10-31 } ]',
    'identities:',
    '  - id: shop',
    '    match: [ { path: "**", kind: stripe-secret-key } ]',
    '    owner: payments',
    `    purpose: "${purpose}"`,
    '    consumers: [ { name: shop, kind: service, environment: prod } ]',
    '',
  ].join('\n');

test('scenario 41: no value, and no form of one, is in any output or file of any command about rotation', async () => {
  const org = await planted();
  const { home } = org;
  const fingerprint = org.fingerprintOf(values.content);
  const written: { readonly name: string; readonly bytes: Buffer }[] = [];
  const run = (args: readonly string[], input = ''): string => {
    const { stdout, stderr } = home.run(args, { input });
    written.push({ name: args.slice(0, 4).join(' '), bytes: Buffer.from(stdout + stderr) });
    return stdout;
  };
  const at = ['--now', now];
  const list = org.file('inventory.yaml', inventory('takes payments'));
  const bad = org.file('bad.yaml', inventory(`key ${values.typed}`));
  const liveness = { fingerprint, checked_at: now, result: 'live', method: values.typed, by: 'bo' };
  const badLine = org.file('bad.jsonl', `${JSON.stringify(liveness)}\n`);
  const goodLine = org.file('good.jsonl', `${JSON.stringify({ ...liveness, method: 'login' })}\n`);
  const policy = org.file(
    'policy.yaml',
    `version: 1\nrules:\n  - { id: ${values.typed}, when: {}, then: 1 }\n`,
  );
  for (const file of [bad, list]) {
    run(['inventory', 'check', file]);
    run(['inventory', 'check', file, '--json']);
    run(['inventory', 'import', file, ...at]);
  }
  for (const file of [badLine, goodLine]) run(['ingest', file, ...at]);
  run(['inventory', 'list', '--json']);
  run(['policy', 'check', policy]);
  run(['incident', '-', ...at], values.content);
  const formats = ['text', 'md', 'json', 'issues'];
  for (const json of [[], ['--json']]) {
    for (const command of ['incident', 'explain']) run([command, fingerprint, ...at, ...json]);
    run(['policy', 'explain', fingerprint, ...at, ...json]);
  }
  for (const format of formats) {
    run(['plan', fingerprint, '--format', format, ...at]);
  }
  for (const format of ['text', 'issues']) run(['plan', '--all', '--format', format, ...at]);
  run(['plan', '--all', '--json', ...at]);
  run(['plan', '--all', '--capacity', '3', ...at]);
  const by = ['--by', 'bo', ...at];
  run(['plan', 'approve', fingerprint, '--role', 'owner', '--by', values.typed, ...at]);
  run(['plan', 'step', fingerprint, '1', 'failed', '--reason', 'no time', '--by', values.typed, ...at]);
  run(['plan', 'approve', fingerprint, '--role', 'owner', ...by]);
  run(['plan', 'step', fingerprint, '1', 'failed', '--reason', `it was ${values.typed}`, ...by]);
  run(['plan', 'step', fingerprint, '1', 'failed', '--reason', 'no time', ...by]);
  for (const value of [values.content, values.successor])
    run(['plan', 'step', fingerprint, 'issue', 'done', '--successor', '-', ...by], value);
  run(['plan', 'gate', fingerprint, 'soak', 'old_use_zero', 'fail', '--source', values.typed, ...by]);
  run(['plan', 'close', fingerprint, '--accept', values.path, '--custodian', values.typed, ...by]);
  const except = ['--control', 'network', '--risk-owner', 'rita', '--until', '30d', '--by', 'gus', ...at];
  for (const reason of [`because ${values.typed}`, 'release in spring'])
    run(['except', 'grant', '--secret', fingerprint, '--reason', reason, ...except]);
  run(['except', 'list', ...at]);
  run(['except', 'list', '--json', ...at]);
  for (const format of ['text', 'md', 'json']) {
    run(['offboard', 'person', 'ana', '--format', format, ...at]);
  }
  run(['offboard', '--all', ...at]);
  run(['offboard', 'agent', `agent:mcp/${values.server}`, ...at]);
  run(['verify', fingerprint]);
  run(['verify', fingerprint, '--json']);
  run(['verify', fingerprint, '--value', '-'], values.content);
  const [, plan = ''] = /^plan ([0-9a-f]{12})/.exec(run(['plan', fingerprint, '--no-record'])) ?? [];
  run(['verify', plan]);
  for (const format of ['text', 'md', 'json'])
    expect(run(['prove', plan, '--format', format, '--no-record'])).toContain(plan);
  for (const format of reportFormats) run(['report', '--conditions', '--exit-zero', '--format', format]);
  const log = run(['log', 'show']);
  expect(log).toContain('no time');
  run(['log', 'show', '--json']);
  run(['log', 'verify']);
  const bundle = join(org.folder, 'bundle');
  run(['log', 'export', bundle]);
  mkdirSync(bundle, { recursive: true });
  for (const name of readdirSync(bundle))
    written.push({ name: `bundle ${name}`, bytes: readFileSync(join(bundle, name)) });
  expect(readdirSync(bundle).length).toBeGreaterThan(4);
  written.push({ name: 'files below HOME', bytes: home.allBytes() });
  const leaks = Object.entries(values).flatMap(([where, value]) =>
    written
      .map(({ name, bytes }) => ({ name, found: leaksIn(bytes, value).length }))
      .filter(({ found }) => found > 0)
      .map(({ name, found }) => `${where} in ${name}: ${found}`),
  );
  expect(leaks).toEqual([]);
  // What was printed names the places where they stood; else their absence would prove nothing.
  expect(written.filter(({ bytes }) => bytes.includes('‹secret')).length).toBeGreaterThan(10);
}, 300_000);
