import { describe, expect, it } from 'vitest';
import { deriveConsumers } from '../../../../src/rotation/derive/consumers/derive-consumers.js';
import type { Consumer } from '../../../../src/rotation/dossier.js';
import type { Imports, InventoryEntry } from '../../../../src/rotation/imports.js';
import { coverageOf } from '../../../../src/rotation/measure/coverage.js';
import {
  chatLocation,
  estateOf,
  filesOf,
  fingerprintOf,
  type GitOptions,
  headLocation,
  historyLocation,
  type LocationDraft,
  secretOf,
  ticketLocation,
} from '../../../support/exposure-builder.js';

const value = `${'not'}-a-real-value-0123456789`;
const api = 'acme/api';
const place = `git:${api}`;

/** A copy in a file of these texts, at the line that holds the value. */
function copyIn(
  files: Readonly<Record<string, string>>,
  path: string,
  slot?: string,
  repository = api,
): LocationDraft {
  const line = (files[path] ?? '').split('\n').findIndex((text) => text.includes(value)) + 1;
  const options: GitOptions = { line: Math.max(1, line), ...(slot === undefined ? {} : { slot }) };
  return headLocation(repository, path, options);
}

async function consumersOf(
  files: Readonly<Record<string, string>>,
  locations: readonly LocationDraft[],
): Promise<readonly Consumer[]> {
  const estate = estateOf([secretOf('it', { locations })], { files: [filesOf(place, files)] });
  const { consumers } = await deriveConsumers(estate);
  expect(JSON.stringify([...consumers])).not.toContain(value);
  return consumers.get(fingerprintOf('it')) ?? [];
}

const summary = (consumers: readonly Consumer[]): readonly string[] =>
  consumers.map(({ name, how, current, confidence }) => `${name} ${how} ${current} ${confidence}`);

describe('consumers', () => {
  it('scenario 1: people who pass a value on are no consumers', async () => {
    const files = { 'package.json': '{}', '.env': `STRIPE_KEY=${value}` };
    const consumers = await consumersOf(files, [
      copyIn(files, '.env', 'STRIPE_KEY'),
      chatLocation('#ops', '17', { slot: 'STRIPE_KEY' }),
      ticketLocation('PAY', 'PAY-1'),
      ticketLocation('PAY', 'PAY-2'),
    ]);
    expect(summary(consumers)).toEqual(['app:acme/api literal yes strong']);
  });

  it('a common word in code of others, or far away, is not what a chart asks for', async () => {
    const files = {
      'package.json': '{}',
      'charts/support/Chart.yaml': 'name: support\n',
      'charts/support/values.yaml': 'auth:\n  existing: ${password}\n',
      'vendor/lib/url.libsonnet': `  password: '${value}',\n`,
      'tools/url.yaml': `password: ${value}\n`,
    };
    for (const path of ['vendor/lib/url.libsonnet', 'tools/url.yaml']) {
      const consumers = await consumersOf(files, [copyIn(files, path, 'password')]);
      expect(consumers.map(({ name }) => name)).not.toContain('helm:acme/api/charts/support');
    }
    const near = { ...files, 'charts/support/secrets.yaml': `password: ${value}\n` };
    const consumers = await consumersOf(near, [copyIn(near, 'charts/support/secrets.yaml', 'password')]);
    expect(consumers.map(({ name }) => name)).toContain('helm:acme/api/charts/support');
  });

  it('scenario 21: an agent and a service that share a token are both named', async () => {
    const files = {
      'package.json': '{}',
      '.env': `GH_PAT=${value}`,
      '.cursor/mcp.json': JSON.stringify(
        {
          mcpServers: {
            github: { command: 'npx', env: { GITHUB_TOKEN: value }, autoApprove: ['read_issue'] },
            other: { url: 'https://other.example' },
          },
        },
        null,
        2,
      ),
    };
    const consumers = await consumersOf(files, [
      copyIn(files, '.env', 'GH_PAT'),
      copyIn(files, '.cursor/mcp.json', 'GITHUB_TOKEN'),
    ]);
    expect(consumers.map(({ name, kind }) => [name, kind])).toEqual([
      ['agent:cursor/github', 'agent'],
      ['app:acme/api', 'service'],
    ]);
    expect(consumers[0]?.evidence[0]?.note).toBe('transport stdio; allowed unasked: read_issue');
  });

  it.each([
    ['${input:GH_PAT}', []],
    ['${env:GH_PAT}', ['agent:vscode/github reference yes probable']],
    ['${GH_PAT}', ['agent:vscode/github reference yes probable']],
  ])('scenario 22: what a person is asked for has no literal behind it: %s', async (token, expected) => {
    const files = {
      'legacy/old.json': `{"GH_PAT": "${value}"}`,
      '.vscode/mcp.json': JSON.stringify({
        servers: { github: { type: 'http', headers: { Authorization: token } } },
      }),
    };
    const consumers = await consumersOf(files, [copyIn(files, 'legacy/old.json', 'GH_PAT')]);
    expect(summary(consumers).filter((text) => text.startsWith('agent:'))).toEqual(expected);
  });

  it('scenario 23: the output of a notebook is a copy, its source asks by name', async () => {
    const files = {
      'report.ipynb': JSON.stringify(
        {
          cells: [
            {
              cell_type: 'code',
              source: ['import os\n', "key = os.environ['WAREHOUSE_KEY']\n"],
              outputs: [{ text: [value] }],
            },
          ],
        },
        null,
        1,
      ),
      '.env': `WAREHOUSE_KEY=${value}`,
    };
    const copies = await consumersOf(files, [copyIn(files, 'report.ipynb')]);
    expect(copies).toEqual([]);
    const consumers = await consumersOf(files, [
      copyIn(files, 'report.ipynb'),
      copyIn(files, '.env', 'WAREHOUSE_KEY'),
    ]);
    expect(summary(consumers)).toEqual([
      'app:acme/api literal yes probable',
      'notebook:acme/api/report.ipynb reference yes probable',
    ]);
  });

  it('scenario 24: a template holds a copy and uses nothing', async () => {
    const files = {
      'package.json': '{}',
      '.env.example': `DB_PASSWORD=${value}`,
      'src/db.ts': 'connect(process.env.DB_PASSWORD)',
    };
    const location = copyIn(files, '.env.example', 'DB_PASSWORD');
    const estate = estateOf([secretOf('it', { locations: [location] })], { files: [filesOf(place, files)] });
    const { consumers, containerOf } = await deriveConsumers(estate);
    expect(consumers.size).toBe(0);
    const [full] = estate.exposures[0]?.locations ?? [];
    expect(full && containerOf(full)).toBe('C13');
  });

  it.each([
    ['TOKEN', []],
    ['DB_PASSWORD', []],
    ['LEDGER_EXPORT_TOKEN', ['gha:acme/web/deploy.yml#ship reference yes weak']],
  ])('scenario 25: only a name that says enough links two repositories: %s', async (name, expected) => {
    const workflow = `on: push\njobs:\n  ship:\n    steps:\n      - run: ship\n        env:\n          T: \${{ secrets.${name} }}\n`;
    const files = { '.env': `${name}=${value}` };
    const other = { '.github/workflows/deploy.yml': workflow, '.env': 'X=1' };
    const estate = estateOf(
      [
        secretOf('it', { locations: [copyIn(files, '.env', name)] }),
        secretOf('other', { locations: [headLocation('acme/web', '.env', { slot: 'X' })] }),
      ],
      { files: [filesOf(place, files), filesOf('git:acme/web', other)] },
    );
    const { consumers } = await deriveConsumers(estate);
    const found = consumers.get(fingerprintOf('it')) ?? [];
    expect(summary(found.filter(({ kind }) => kind === 'ci'))).toEqual(expected);
  });

  it('jobs of a workflow: own and shared requests, schedule, environment, logins without a key', async () => {
    const files = {
      '.env': `DEPLOY_KEY=${value}`,
      '.github/workflows/nightly.yml': [
        'on:',
        '  schedule:',
        "    - cron: '30 2 * * *'",
        'permissions: { id-token: write }',
        'jobs:',
        '  build:',
        '    steps:',
        '      - run: make',
        '        env: { K: "${{ secrets.DEPLOY_KEY }}" }',
        '  ship:',
        '    environment: production',
        '    steps:',
        '      - uses: aws-actions/configure-aws-credentials@v4',
        '        with:',
        '          role-to-assume: ${{ secrets.DEPLOY_KEY }}',
        `      - run: curl -u x:${value}`,
        '  idle:',
        '    steps: [{ run: "true" }]',
      ].join('\n'),
    };
    const consumers = await consumersOf(files, [
      copyIn(files, '.env', 'DEPLOY_KEY'),
      copyIn(files, '.github/workflows/nightly.yml'),
    ]);
    expect(consumers.filter(({ kind }) => kind === 'ci')).toMatchObject([
      {
        name: 'gha:acme/api/nightly.yml#build',
        how: 'reference',
        environment: 'unknown',
        runs: 'cron 30 2 * * *',
        nextRun: '2026-11-23T02:30:00Z',
        rules: ['C1', 'N1'],
      },
      { name: 'gha:acme/api/nightly.yml#ship', how: 'literal', environment: 'prod', rules: ['C1'] },
    ]);
  });

  it('a Secret is used by the workloads that read it, wherever they stand', async () => {
    const files = {
      'k8s/app.yaml': [
        'apiVersion: apps/v1',
        'kind: Deployment',
        'metadata: { name: ledger, namespace: prod }',
        'spec:',
        '  template:',
        '    spec:',
        '      containers:',
        '        - name: app',
        '          env:',
        '            - name: PASSWORD',
        '              valueFrom: { secretKeyRef: { name: ledger-db, key: password } }',
        '---',
        'apiVersion: batch/v1',
        'kind: CronJob',
        'metadata: { name: close, namespace: prod }',
        'spec:',
        '  schedule: "0 3 1 * *"',
        '  jobTemplate: { spec: { template: { spec: { containers: [{ name: c, envFrom: [{ secretRef: { name: ledger-db } }] }] } } } }',
        '---',
        'apiVersion: apps/v1',
        'kind: Deployment',
        'metadata: { name: elsewhere, namespace: dev }',
        'spec: { template: { spec: { containers: [{ envFrom: [{ secretRef: { name: ledger-db } }] }] } } }',
      ].join('\n'),
      'k8s/secret.yaml': `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ledger-db\n  namespace: prod\nstringData:\n  password: ${value}\n`,
    };
    const consumers = await consumersOf(files, [copyIn(files, 'k8s/secret.yaml', 'password')]);
    expect(consumers).toMatchObject([
      { name: 'k8s:prod/CronJob/close', kind: 'batch', nextRun: '2026-12-01T03:00:00Z', environment: 'prod' },
      { name: 'k8s:prod/Deployment/ledger', kind: 'service', reload: 'restart', confidence: 'strong' },
    ]);
    const alone = { 'k8s/secret.yaml': files['k8s/secret.yaml'] };
    expect(summary(await consumersOf(alone, [copyIn(alone, 'k8s/secret.yaml', 'password')]))).toEqual([
      'k8s:prod/Secret/ledger-db literal yes probable',
    ]);
  });

  it('compose services by variables, by files, and not by values of their own', async () => {
    const files = {
      'deploy/db.env': `PG_PASS=${value}`,
      'compose.yaml': [
        'services:',
        '  api:',
        '    env_file: [./deploy/db.env]',
        '  worker:',
        '    environment:',
        '      PG_PASS: ${PG_PASS}',
        '  test:',
        '    environment:',
        '      PG_PASS: something-else',
        '  pass-through:',
        '    environment:',
        '      - PG_PASS',
      ].join('\n'),
    };
    const consumers = await consumersOf(files, [copyIn(files, 'deploy/db.env', 'PG_PASS')]);
    expect(summary(consumers.filter(({ name }) => name.startsWith('compose:')))).toEqual([
      'compose:acme/api/api reference yes strong',
      'compose:acme/api/pass-through reference yes probable',
      'compose:acme/api/worker reference yes probable',
    ]);
  });

  it('one value for two environments of a component is two consumers', async () => {
    const files = { 'package.json': '{}', '.env.prod': `K=${value}`, '.env.staging': `K=${value}` };
    const consumers = await consumersOf(files, [copyIn(files, '.env.prod'), copyIn(files, '.env.staging')]);
    expect(consumers.map(({ name, environment }) => [name, environment])).toEqual([
      ['app:acme/api', 'prod'],
      ['app:acme/api', 'staging'],
    ]);
  });

  it('a component with a value of its own under a name does not ask for that of another', async () => {
    const files = {
      'a/package.json': '{}',
      'a/.env': `DATABASE_URL=${value}`,
      'b/package.json': '{}',
      'b/.env': 'DATABASE_URL=x',
      'b/db.js': 'process.env.DATABASE_URL',
    };
    const estate = estateOf(
      [
        secretOf('it', { locations: [copyIn(files, 'a/.env', 'DATABASE_URL')] }),
        secretOf('own', { locations: [copyIn(files, 'b/.env', 'DATABASE_URL')] }),
      ],
      { files: [filesOf(place, files)] },
    );
    const { consumers } = await deriveConsumers(estate);
    expect(consumers.get(fingerprintOf('it'))?.map(({ name }) => name)).toEqual(['app:acme/api/a']);
  });

  it('what was in history only is a former consumer; the name may still be asked for', async () => {
    const files = { 'package.json': '{}', 'src/pay.py': 'key = os.environ["PAY_KEY"]' };
    const consumers = await consumersOf(files, [
      historyLocation(api, '.github/workflows/old.yml'),
      historyLocation(api, '.env', { slot: 'PAY_KEY' }),
    ]);
    expect(summary(consumers)).toEqual([
      'app:acme/api reference yes strong',
      'gha:acme/api/old.yml literal former probable',
    ]);
  });

  it('a value that another replaced under the same name is asked for no more', async () => {
    const files = { 'package.json': '{}', '.env': `PAY_KEY=${value}`, 'a.ts': 'process.env.PAY_KEY' };
    const estate = estateOf(
      [
        secretOf('it', { locations: [copyIn(files, '.env', 'PAY_KEY')] }),
        secretOf('old', { locations: [historyLocation(api, '.env', { slot: 'PAY_KEY' })] }),
      ],
      { files: [filesOf(place, files)] },
    );
    const { consumers } = await deriveConsumers(estate);
    expect(consumers.get(fingerprintOf('old'))?.map(({ current }) => current)).toEqual(['former']);
  });

  it('the name of a connection string is the variable that holds it', async () => {
    const files = {
      'services/a/package.json': '{}',
      'services/a/.env': `DATABASE_URL=postgres://u:${value}@h/db`,
      'services/a/db.js': 'pool(process.env.DATABASE_URL)',
      'services/b/go.mod': '',
      'services/b/main.go': 'os.Getenv("DATABASE_URL")',
    };
    const consumers = await consumersOf(files, [copyIn(files, 'services/a/.env', 'postgres-url')]);
    expect(summary(consumers)).toEqual([
      'app:acme/api/services/a literal yes strong',
      'app:acme/api/services/b reference yes probable',
    ]);
  });

  it.each([
    ['.npmrc', `//npm.acme.example/:_authToken=${value}`, 'tool:npm@npm.acme.example', 'human-tool'],
    [
      '.netrc',
      `machine api.acme.example login x password ${value}`,
      'tool:netrc@api.acme.example',
      'human-tool',
    ],
    ['.pypirc', `[pypi]\nusername = u\n[internal]\npassword = ${value}`, 'tool:pypi@internal', 'human-tool'],
    ['Dockerfile', `FROM x\nENV API_KEY=${value}`, 'image:acme/api/Dockerfile', 'build'],
    [
      'infra/db.tf',
      `resource "aws_db_instance" "main" {\n  password = "${value}"\n}`,
      'tf:acme/api/infra:aws_db_instance.main',
      'service',
    ],
    ['.gitlab-ci.yml', `stages: [a]\nship:\n  script: [ "x ${value}" ]`, 'gitlab:acme/api#ship', 'ci'],
    [
      '.circleci/config.yml',
      `jobs:\n  ship:\n    steps: [ "x ${value}" ]`,
      'circleci:acme/api/config.yml#ship',
      'ci',
    ],
    ['etc/api.service', `[Service]\nEnvironment=K=${value}`, 'os:api.service', 'service'],
    [
      '.codex/config.toml',
      `[mcp_servers.db]\ncommand = "x"\n[mcp_servers.db.env]\nK = "${value}"`,
      'agent:codex/db',
      'agent',
    ],
    ['android/app/google-services.json', `{"k": "${value}"}`, 'client:acme/api', 'shipped-client'],
    ['tests/test_pay.py', `KEY = "${value}"`, 'test:acme/api', 'test'],
  ])('%s', async (path, text, name, kind) => {
    const files = { [path]: text };
    const [consumer, ...rest] = await consumersOf(files, [copyIn(files, path)]);
    expect([consumer?.name, consumer?.kind, rest]).toEqual([name, kind, []]);
  });

  it.each([
    'README.md',
    'dump.sql',
    'node_modules/x/index.js',
    'docs/setup.yml',
    'charts/x/values.sample.yaml',
  ])('nothing runs from %s', async (path) => {
    const files = { [path]: `API_KEY: ${value}` };
    expect(await consumersOf(files, [copyIn(files, path, 'API_KEY')])).toEqual([]);
  });

  it('does not depend on the order of copies and rows', async () => {
    const files = {
      'package.json': '{}',
      '.env': `PAY_KEY=${value}`,
      '.env.prod': `PAY_KEY=${value}`,
      'compose.yml': 'services:\n  a: { environment: [PAY_KEY] }',
      'x.ts': 'process.env.PAY_KEY',
    };
    const locations = [
      copyIn(files, '.env', 'PAY_KEY'),
      copyIn(files, '.env.prod', 'PAY_KEY'),
      historyLocation(api, 'x.ts'),
    ];
    const forth = await consumersOf(files, locations);
    expect(JSON.stringify(await consumersOf(files, [...locations].reverse()))).toBe(JSON.stringify(forth));
  });

  describe('that somebody declares', () => {
    const entry: InventoryEntry = {
      id: 'svc-ledger',
      match: [],
      environment: [],
      consumersComplete: true,
      consumers: [
        {
          name: 'ledger',
          kind: 'service',
          environment: 'prod',
          criticality: 1,
          dependsOn: [],
          reload: 'restart',
        },
        { name: 'ledger-eod', kind: 'batch', runs: 'cron 0 2 * * *', dependsOn: ['ledger'] },
      ],
      resources: [],
      vault: [],
      origin: { file: 'inventory.yaml', line: 12 },
    };
    const compose = `services:\n  ledger:\n    environment: { K: "${value}" }\n`;

    async function declaredOf(
      files: Readonly<Record<string, string>>,
      imports: Partial<Imports> = {},
    ): Promise<readonly Consumer[]> {
      const locations = Object.keys(files).map((path) => copyIn(files, path));
      const estate = estateOf([secretOf('it', { locations })], { files: [filesOf(place, files)], imports });
      return (await deriveConsumers(estate, () => [entry])).consumers.get(fingerprintOf('it')) ?? [];
    }

    it('one that is found as well is one, under its declared name', async () => {
      expect(await declaredOf({ 'prod/compose.yml': compose })).toMatchObject([
        {
          name: 'ledger',
          how: 'literal',
          confidence: 'asserted',
          criticality: 1,
          rules: ['C6', 'inventory'],
        },
        { name: 'ledger-eod', how: 'imported', nextRun: '2026-11-23T02:00:00Z', dependsOn: ['ledger'] },
      ]);
    });

    it('scenario 27: one that a complete list lacks breaks the attestation', async () => {
      const consumers = await declaredOf({
        'compose.yml': compose,
        '.mcp.json': `{"mcpServers":{"db":{"env":{"K":"${value}"}}}}`,
      });
      expect(consumers.map(({ name }) => name)).toEqual(['agent:mcp/db', 'ledger', 'ledger-eod']);
      const coverage = coverageOf({
        consumers,
        complete: { value: 'yes', losers: [], conflict: false, stale: false },
      });
      expect(coverage).toEqual({ coverage: 'derived', isUndeclared: true });
    });

    it('readers of a vault path are consumers', async () => {
      const vault = [
        {
          path: 'kv/prod/ledger#password',
          fingerprint: fingerprintOf('it').slice(0, 12),
          readers: ['role-a'],
        },
      ];
      const consumers = await declaredOf({}, { vault });
      expect(consumers.find(({ name }) => name === 'role-a')).toMatchObject({
        rules: ['N2'],
        confidence: 'asserted',
      });
    });
  });

  it('reads every file once', async () => {
    const files = { 'package.json': '{}', '.env': `PAY_KEY=${value}`, 'x.ts': 'process.env.PAY_KEY' };
    const view = filesOf(place, files);
    const reads: string[] = [];
    const counted = {
      ...view,
      read: (path: string) => {
        reads.push(path);
        return view.read(path);
      },
    };
    await deriveConsumers(
      estateOf([secretOf('it', { locations: [copyIn(files, '.env', 'PAY_KEY')] })], { files: [counted] }),
    );
    expect([...reads].sort()).toEqual([...new Set(reads)].sort());
  });
});
