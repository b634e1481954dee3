/**
 * Measures rotation on a large estate: `sprawl plan --all` over a generated database.
 *
 *   node bench/rotation.mjs [--secrets 50000] [--locations 500000] [--principals 5000] [--places 400] [--keep FOLDER]
 *
 * Prints seconds and peak memory of the command, run as a user would. Also with a tenth of the numbers, to show whether
 * costs are linear. Places are not on disk, so what is derived from current files is not in it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const { values: flags } = parseArgs({
  options: {
    secrets: { type: 'string', default: '50000' },
    locations: { type: 'string', default: '500000' },
    principals: { type: 'string', default: '5000' },
    places: { type: 'string', default: '400' },
    keep: { type: 'string' },
  },
});

async function loadModules() {
  const cache = join(packageFolder, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'bench-rotation-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'modules.mjs');
  await build({
    stdin: {
      contents: "export * from './store/open-store.js'; export * from './identity/hkdf-keys.js';",
      resolveDir: join(packageFolder, 'src'),
      loader: 'ts',
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  return import(outfile);
}

const hex = (name) => createHash('sha256').update(name).digest('hex');

/** Kinds as organisations have them, with what is captured of each. */
const kinds = [
  (n, principal) => ({
    kind: 'postgresql-password',
    slot: 'DATABASE_URL',
    account: `svc_${principal}@db${principal % 50}.acme.example:5432/app${principal % 200}`,
    attributes: [
      { name: 'scheme', text: 'postgresql' },
      { name: 'user', text: `svc_${principal}` },
      { name: 'host', text: `db${principal % 50}.acme.example` },
    ],
  }),
  () => ({ kind: 'stripe-secret-key', slot: 'STRIPE_SECRET_KEY', attributes: [] }),
  () => ({ kind: 'github-pat-classic', slot: 'GH_TOKEN', attributes: [] }),
  (n, principal) => ({
    kind: 'aws-secret-access-key',
    slot: 'AWS_SECRET_ACCESS_KEY',
    attributes: [
      { name: 'aws-account', text: String(100000000000 + principal) },
      { name: 'aws-access-key-id', text: `AKIA${hex(`key ${n}`).slice(0, 16).toUpperCase()}` },
    ],
  }),
  () => ({ kind: 'slack-bot-token', slot: 'SLACK_TOKEN', attributes: [] }),
  () => ({ kind: 'generic-password', slot: 'PASSWORD', attributes: [] }),
];

const environments = ['prod', 'staging', 'dev', 'shared'];

function findingOf(n, k, principals) {
  const { kind, slot, account, attributes } = kinds[n % kinds.length](n, n % principals);
  return {
    kind,
    rule: kind,
    fingerprint: hex(`secret ${n}`),
    aliases: [],
    confidence: n % 17 === 0 ? 'low' : 'high',
    reasons: ['keyword'],
    spelling: ['plain'],
    view: 'raw',
    span: { start: k * 100, end: k * 100 + 40 },
    exact: true,
    position: { line: k + 1, column: 3, endLine: k + 1, endColumn: 43 },
    chain: [],
    lengthClass: '40-79',
    strengthBits: 120,
    weak: false,
    slot,
    ...(account === undefined ? {} : { account }),
    attributes,
    relations: [],
    anchor: { tag: n * 1000003 + 1, lead: 0, length: 40 },
  };
}

function commitOf(n) {
  return {
    id: hex(`commit ${n % 20000}`).slice(0, 40),
    author: { name: `Dev ${n % 300}`, email: `dev${n % 300}@acme.example` },
    authorDate: `2025-0${(n % 9) + 1}-02T03:04:05Z`,
    committerDate: `2025-0${(n % 9) + 1}-02T03:04:05Z`,
  };
}

/** Ten copies of each secret: at the tip, in history, in a chat and in a ticket; neighbours share documents. */
async function fill(path, keyId, { openStore }, { secrets, locations, principals, places }) {
  const store = await openStore({ path, keyId, mode: 'write', now: () => '2026-01-01T00:00:00.000Z' });
  const writer = await store.beginScan({ targets: ['bench'], whole: true, analysisId: 'bench' });
  const roots = [];
  for (let p = 0; p < places; p++) {
    const isChat = p % 10 === 8;
    const isTicket = p % 10 === 9;
    const system = isChat ? 'slack' : isTicket ? 'jira' : 'git';
    const key = system === 'git' ? `git:git.acme.example/team${p % 40}/repo${p}` : `${system}:acme:${p}`;
    await writer.upsertPlace({
      key,
      system,
      name: key.replace(/^[a-z]+:/, ''),
      audience: p % 50 === 0 ? 'public' : p % 7 === 0 ? 'unknown' : 'internal',
    });
    const root = { place: key, locator: `/nowhere/${p}` };
    await writer.root(root);
    roots.push({ ref: root, system });
  }
  const copies = Math.max(1, Math.round(locations / secrets));
  const perContent = 5;
  for (let round = 0; round < copies; round++) {
    for (let first = 0; first < secrets; first += 2000) {
      const last = Math.min(secrets, first + 2000);
      const root = roots[(Math.floor(first / 2000) * 7 + round * 3) % roots.length];
      const contents = [];
      const placed = [];
      for (let n = first; n < last; n += perContent) {
        const id = hex(`content ${round} ${n}`).slice(0, 32);
        const findings = [];
        for (let k = 0; k < perContent && n + k < last; k++) findings.push(findingOf(n + k, k, principals));
        contents.push({ id, bytes: 1000, findings });
        const env = environments[(n + round) % environments.length];
        placed.push({
          content: id,
          appearances: [
            root.system === 'git'
              ? {
                  type: 'git-blob',
                  locationKind: round % 3 === 0 ? 'git-head' : 'git-history',
                  path: { text: `services/app${n % 977}/${env}/.env` },
                  introduced: commitOf(n + round),
                  refs: round % 3 === 0 ? ['refs/heads/main'] : [],
                  refCount: round % 3 === 0 ? 1 : 0,
                }
              : {
                  type: 'record',
                  locationKind: root.system === 'slack' ? 'chat-message' : 'ticket-comment',
                  recordType: 'message',
                  recordId: `${round}-${n}`,
                  field: 'text',
                  revision: 'current',
                  author: { name: `person:${n % 300}`, email: '' },
                  created: '2025-06-01T00:00:00Z',
                },
          ],
        });
      }
      await writer.writeBatch(root.ref, { contents, chunks: [] });
      await writer.addHoldings(root.ref, []);
      await writer.writeAppearances(root.ref, placed);
    }
  }
  const receipt = {
    documents: 1,
    bytes: 1,
    cached: 0,
    skipped: {},
    gaps: {},
    problems: [],
    complete: true,
    interrupted: false,
  };
  for (const { ref } of roots) {
    await writer.finishRoot(ref, { analysisId: 'bench', whole: true, receipt });
  }
  await writer.finish(receipt);
  store.close();
}

/** Entries for half of the principals, one database user or account each. */
function writeInventory(file, principals) {
  const lines = ['version: 1', 'reviewed: 2025-12-01', 'identities:'];
  for (let n = 0; n < principals; n += 2) {
    lines.push(
      `  - id: svc-${n}`,
      '    match:',
      `      - { identity: "db:postgresql:db${n % 50}.acme.example:5432:svc_${n}" }`,
      `    owner: team-${n % 40}`,
      '    environment: [prod]',
      '    consumers:',
      `      - { name: app-${n}, kind: service, environment: prod, reload: restart, criticality: ${(n % 4) + 1}, depends_on: [app-${Math.max(0, n - 2)}] }`,
      `      - { name: job-${n % 200}, kind: batch, runs: "cron 0 2 1 * *" }`,
    );
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
}

function measured(args, env) {
  const timer = existsSync('/usr/bin/time') ? ['/usr/bin/time', '-f', '%U %S %e %M'] : undefined;
  const command = [process.execPath, join(packageFolder, 'dist/cli/bin.cjs'), ...args];
  const [program, ...rest] = timer === undefined ? command : [...timer, ...command];
  const started = process.hrtime.bigint();
  // All plans of a large estate as JSON are more than one string can hold.
  const output = join(folder, 'output');
  const file = openSync(output, 'w', 0o600);
  const { status, stderr } = spawnSync(program, rest, {
    env,
    encoding: 'utf8',
    stdio: ['ignore', file, 'pipe'],
  });
  closeSync(file);
  const bytes = statSync(output).size;
  rmSync(output);
  const wall = Number(process.hrtime.bigint() - started) / 1e9;
  const [user, system, , kib] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { status, stderr, bytes, wall, cpu: user + system, mib: kib / 1024 };
}

const modules = await loadModules();
const folder = flags.keep ?? mkdtempSync(join(packageFolder, 'node_modules/.cache/bench-estate-'));
mkdirSync(folder, { recursive: true });
const keyFile = join(folder, 'key');
if (!existsSync(keyFile)) writeFileSync(keyFile, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
const sprawl = (...args) =>
  execFileSync(process.execPath, [join(packageFolder, 'dist/cli/bin.cjs'), ...args, '--key-file', keyFile], {
    encoding: 'utf8',
  });
const keyId = sprawl('key', 'id').trim();

const full = Object.fromEntries(
  ['secrets', 'locations', 'principals', 'places'].map((name) => [name, Number(flags[name])]),
);
const tenth = Object.fromEntries(Object.entries(full).map(([name, count]) => [name, Math.ceil(count / 10)]));
for (const size of [tenth, full]) {
  const path = join(folder, `estate-${size.secrets}.db`);
  if (!existsSync(path)) await fill(path, keyId, modules, size);
  const inventory = join(folder, `inventory-${size.principals}.yaml`);
  writeInventory(inventory, size.principals);
  console.log(
    `${size.secrets} secrets, ${size.locations} locations, ${size.principals} principals, database ${(statSync(path).size / 1e6).toFixed(0)} MB`,
  );
  const common = ['--db', path, '--key-file', keyFile, '--now', '2026-01-02T00:00:00Z'];
  for (const args of [
    ['plan', '--all'],
    ['plan', '--all', '--inventory', inventory],
    ['plan', '--all', '--json'],
  ]) {
    const { status, stderr, wall, cpu, mib, bytes } = measured([...args, ...common], process.env);
    const name = args.map((arg) => (arg === inventory ? 'FILE' : arg)).join(' ');
    console.log(
      `  ${name.padEnd(32)} exit ${status}  ${wall.toFixed(1)} s wall  ${cpu.toFixed(1)} s CPU  ${mib.toFixed(0)} MiB  ${(bytes / 1e6).toFixed(1)} MB out`,
    );
    if (status !== 0 && status !== 1) console.log(stderr.split('\n').slice(0, 5).join('\n'));
  }
}
if (flags.keep === undefined) rmSync(folder, { recursive: true, force: true });
