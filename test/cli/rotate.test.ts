/** docs/rotate.md, carried out: one database password from `where` to `prove`. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { slackExport, zipOf } from '../support/exports-of-acme.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';
import { leaksIn } from '../support/value-forms.js';

function passwordOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url').replace(/[-_]/g, 'x').slice(0, 20);
}

const old = passwordOf('rotate old');
const next = passwordOf('rotate new');
const hour = 3_600_000;

function urlOf(password: string): string {
  return `postgres://ledger:${password}@db-prod-1.acme.example:5432/ledger`;
}

function ledgerFiles(url: string): Record<string, string> {
  return {
    '.github/CODEOWNERS': '* @acme/payments\n',
    'deploy/prod/compose.yml': `services:\n  ledger-api:\n    image: acme/ledger\n    environment:\n      DATABASE_URL: ${url}\n`,
    '.github/workflows/migrate.yml': `name: migrate\non: push\njobs:\n  migrate:\n    environment: production\n    runs-on: ubuntu-latest\n    steps:\n      - run: ./migrate\n        env:\n          DATABASE_URL: ${url}\n`,
  };
}

function reportingFiles(url: string): Record<string, string> {
  return {
    '.github/CODEOWNERS': '* @acme/reporting\n',
    'jobs/prod/eod.yaml': `apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: ledger-eod\n  namespace: prod\nspec:\n  schedule: "0 2 * * *"\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n            - name: job\n              env:\n                - name: DATABASE_URL\n                  value: ${url}\n`,
  };
}

const inventory = `version: 1
reviewed: 2026-01-05
parties:
  - { id: team-payments, type: team, handles: ["@acme/payments"] }
places:
  - { place: "ledger", audience: internal }
  - { place: "reporting", audience: internal }
identities:
  - id: svc-ledger
    match:
      - { identity: "db:postgresql:db-prod-1.acme.example:5432:ledger" }
    owner: team-payments
    privilege: write
    rotation: { overlap: yes, mechanism: "twin role ledger_b" }
`;

interface Step {
  readonly id: string;
  readonly type: string;
  readonly how: string;
  readonly state: string;
  readonly gates: readonly string[];
  readonly due?: string;
}

interface Plan {
  readonly id: string;
  readonly decision: { readonly strategy: string };
  readonly status: string;
  readonly steps: readonly Step[];
}

class Walk {
  readonly folder: string = scratch();
  readonly home: CliHome = new CliHome(this.folder);
  /** Everything that was printed. */
  printed = '';
  time: number = Date.parse('2026-01-10T09:00:00Z');

  get now(): string {
    return new Date(this.time).toISOString();
  }

  run(args: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
    const result = this.home.run(args, { input });
    this.printed += result.stdout + result.stderr;
    return result;
  }

  /** Must succeed. */
  do(args: readonly string[], input = ''): string {
    const { status, stdout, stderr } = this.run(args, input);
    expect(status, `${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
    return stdout;
  }

  /** As the plan is now, in the time of the walk or in that of the clock. */
  plan(secret: string, isPast = true): Plan {
    const time = isPast ? ['--now', this.now] : [];
    const lines = this.do(['plan', secret, '--json', ...time]).split('\n');
    const plan = lines.find((line) => line.includes('"type":"plan"'));
    return JSON.parse(plan ?? '{}') as Plan;
  }

  async exportOf(name: string, text: string, last: string): Promise<void> {
    const files = slackExport([
      { ts: '1767225600.000100', user: 'U02BOB', text: 'morning' },
      { ts: '1767225700.000200', user: 'U01ANA', text },
      { ts: `${Date.parse(last) / 1000}.000300`, user: 'U02BOB', text: 'thanks' },
    ]);
    const file = join(this.folder, name);
    writeFileSync(file, await zipOf(files));
    this.run(['scan', file]);
  }
}

/** Records each step up to the first purge, with the gates it asks for. */
function carryOut(walk: Walk, id: string): void {
  for (let round = 0; round < 40; round++) {
    const step = walk.plan(id).steps.find(({ state }) => state === 'todo' || state === 'doing');
    if (step === undefined || step.type === 'purge') return;
    const from = walk.now;
    walk.time += hour;
    if (/^(?:overlap|soak)$/.test(step.type)) {
      walk.do(['plan', 'step', id, step.id, 'doing', '--by', 'bo', '--now', walk.now]);
      const due = walk.plan(id).steps.find((begun) => begun.id === step.id)?.due;
      walk.time = Math.max(walk.time, Date.parse(due ?? ''));
    }
    if (step.gates.includes('next_run_ok')) walk.time += 24 * hour;
    for (const gate of step.gates) {
      const by = gate === 'old_use_zero' ? 'cleo' : 'bo';
      const window = ['--from', from, '--to', walk.now, '--source', 'dashboard 12'];
      walk.do(['plan', 'gate', id, step.id, gate, 'pass', ...window, '--by', by, '--now', walk.now]);
    }
    const successor = step.type === 'issue' ? ['--successor', '-'] : [];
    const recorded = ['plan', 'step', id, step.id, 'done', '--by', 'bo', '--now', walk.now, ...successor];
    walk.do(recorded, step.type === 'issue' ? next : '');
  }
  throw new Error('the plan does not come to its purges');
}

test('a database password is found, planned for, rotated, cleaned up and proven gone', async () => {
  const walk = new Walk();
  const ledger = new GitFixture(join(walk.folder, 'ledger'));
  ledger.commit('ledger', ledgerFiles(urlOf(old)));
  const reporting = new GitFixture(join(walk.folder, 'reporting'));
  reporting.commit('reporting', reportingFiles(urlOf(old)));
  walk.run(['scan', ledger.path, reporting.path]);
  await walk.exportOf('january.zip', `try psql ${urlOf(old)}`, '2026-01-08T00:00:00Z');

  const found = walk.run(['where', '-'], old);
  expect(found.status).toBe(1);
  expect(found.stdout).toContain('4 copies in 3 places');
  const secret = found.stdout.slice(0, 12);

  const first = walk.plan(secret);
  expect(first).toMatchObject({ status: 'blocked', decision: { strategy: 'manual' } });
  const file = join(walk.folder, 'inventory.yaml');
  writeFileSync(file, inventory);
  walk.do(['inventory', 'check', file]);
  walk.do(['inventory', 'import', file, '--now', walk.now]);
  const planned = walk.plan(secret);
  expect(planned).toMatchObject({ status: 'needs-approval', decision: { strategy: 'staged-dual' } });
  expect(planned.id).toBe(first.id);
  expect(planned.steps.find(({ type }) => type === 'issue')?.how).toContain('twin role ledger_b');
  expect(
    walk.run(['plan', 'step', planned.id, 'issue', 'done', '--by', 'bo', '--now', walk.now]).status,
  ).not.toBe(0);
  walk.do(['plan', 'approve', planned.id, '--role', 'owner', '--by', 'ana', '--now', walk.now]);
  carryOut(walk, planned.id);

  // The values leave the files; what chats and history hold is cleaned as far as it can be.
  ledger.commit('read the vault', ledgerFiles('${VAULT}'));
  reporting.commit('read the vault', reportingFiles('${VAULT}'));
  for (const { id, type } of walk.plan(planned.id).steps) {
    if (type !== 'purge') continue;
    walk.do(['plan', 'step', planned.id, id, 'done', '--by', 'bo', '--now', walk.now]);
  }
  expect(walk.run(['verify', planned.id]).status).not.toBe(0);
  await walk.exportOf('february.zip', '-', '2026-03-08T00:00:00Z');
  const verdict = walk.run(['verify', planned.id]);
  expect(verdict.stdout).toContain('history-remains');
  expect(verdict.status).toBe(1);

  const refused = walk.run(['plan', 'close', planned.id, '--by', 'ana']);
  expect(refused.status).not.toBe(0);
  const dead = join(walk.folder, 'liveness.jsonl');
  const check = {
    fingerprint: secret,
    checked_at: new Date().toISOString(),
    result: 'dead',
    method: 'login refused',
    by: 'bo',
  };
  writeFileSync(dead, `${JSON.stringify(check)}\n`);
  walk.do(['ingest', dead]);
  // What was at the tip is in history now: rewriting it is left, and its custodian accepts that.
  const rest = walk.plan(planned.id, false).steps.filter(({ state }) => state === 'todo');
  expect(rest.map(({ type }) => type)).toEqual(['parents', 'purge', 'purge', 'rescan', 'close']);
  for (const { id, type } of rest) {
    const reason = ['--reason', 'the value is dead, and history is accepted'];
    if (type === 'parents') walk.do(['plan', 'step', planned.id, id, 'done', '--by', 'bo']);
    if (type === 'purge') walk.do(['plan', 'step', planned.id, id, 'skipped', ...reason, '--by', 'bo']);
  }
  walk.do(['plan', 'step', planned.id, 'rescan', 'done', '--by', 'bo']);
  const custodians = { ledger: 'team-payments', reporting: '@acme/reporting' };
  const accept = Object.entries(custodians).flatMap(([place, name]) => [
    '--accept',
    place,
    '--custodian',
    name,
  ]);
  walk.do(['plan', 'close', planned.id, ...accept, '--by', 'ana']);
  const proof = walk.do(['prove', planned.id, '--format', 'md']);
  for (const word of ['ledger', 'reporting', 'history']) expect(proof).toContain(word);
  walk.do(['log', 'verify']);
  for (const value of [old, next]) {
    expect(leaksIn(Buffer.from(walk.printed), value)).toEqual([]);
    expect(leaksIn(walk.home.allBytes(), value)).toEqual([]);
  }
}, 120_000);
