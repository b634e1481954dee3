/** Acceptance scenarios on what is derived of owners, environments and consumers, through the command line. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { CliHome, scratch } from '../support/scratch.js';

const kinds = {
  agent: 'github-pat-classic',
  notebook: 'stripe-secret-key',
  template: 'slack-bot-token',
  device: 'gitlab-pat',
} as const;
const values = Object.fromEntries(
  Object.entries(kinds).map(([name, kind]) => [name, fakeSecret(kind, 'derived facts')]),
) as Record<keyof typeof kinds, string>;

interface Dossier {
  readonly environments: readonly string[];
  readonly conditions: readonly string[];
  readonly owner: { readonly value?: string; readonly chosen?: { readonly confidence: string } };
  readonly introducer: { readonly value?: string };
  readonly consumers: readonly { readonly name: string; readonly how: string; readonly kind: string }[];
}

function explained(home: CliHome, name: keyof typeof kinds): Dossier {
  const found = home.json(['list']).find(({ type, kind }) => type === 'secret' && kind === kinds[name]);
  const prefix = String(found?.['fingerprint']).slice(0, 12);
  const run = home.run(['explain', prefix, '--json', '--now', '2026-11-22T10:00:00Z']);
  for (const value of Object.values(values)) expect(run.stdout + run.stderr).not.toContain(value);
  const line = run.stdout.split('\n').find((text) => text.includes('"type":"dossier"')) ?? '{}';
  return JSON.parse(line) as Dossier;
}

test('owners, environments and consumers are what the files say', () => {
  const folder = scratch();
  const server = (env: object): string =>
    JSON.stringify({ mcpServers: { github: { command: 'npx', env } } }, null, 1);
  const cell = (type: string, more: object): object => ({ cell_type: type, metadata: {}, ...more });
  new GitFixture(join(folder, 'all', 'api')).commit('add', {
    '.github/CODEOWNERS': '* @acme/payments\n',
    'package.json': '{"name":"api"}\n',
    // 4 and 5
    'product/latest/device.yml': `gitlab_token: ${values.device}\n`,
    // 21 and 22
    '.cursor/mcp.json': server({ GITHUB_TOKEN: values.agent }),
    '.vscode/mcp.json': server({ GITHUB_TOKEN: '${input:github_token}' }),
    'config/.env': `GITHUB_TOKEN=${values.agent}\n`,
    // 23
    'report.ipynb': JSON.stringify(
      {
        nbformat: 4,
        nbformat_minor: 5,
        metadata: {},
        cells: [
          cell('code', {
            execution_count: 1,
            source: ['import os\n', 'print(os.environ["STRIPE_SECRET"])'],
            outputs: [
              { output_type: 'stream', name: 'stdout', text: [`STRIPE_SECRET=${values.notebook}\n`] },
            ],
          }),
        ],
      },
      null,
      1,
    ),
    // 24
    '.env.example': `SLACK_TOKEN=${values.template}\n`,
    'index.js': 'start(process.env.SLACK_TOKEN);\n',
  });
  const home = new CliHome(folder);
  home.run(['scan', join(folder, 'all')]);

  const device = explained(home, 'device');
  expect(device.environments, 'scenario 4: product/latest/device.yml').toEqual([]);
  expect(device.owner, 'scenario 5: the team owns it').toMatchObject({
    value: '@acme/payments',
    chosen: { confidence: 'strong' },
  });
  expect(device.introducer.value, 'scenario 5: who brought it in is told apart').toBe('ana@example.org');

  const agent = explained(home, 'agent');
  expect(agent.conditions, 'scenario 21').toEqual(
    expect.arrayContaining(['AGENT_SHARED', 'AGENT_STANDING_SECRET']),
  );
  expect(agent.consumers.map(({ name }) => name)).toContain('agent:cursor/github');
  expect(
    agent.consumers.map(({ name }) => name).filter((name) => name.includes('vscode')),
    'scenario 22: what a person is asked for has no literal behind it',
  ).toEqual([]);

  const notebook = explained(home, 'notebook');
  expect(
    notebook.consumers.map(({ name, how }) => [name.split('/').at(-1), how]),
    'scenario 23: the output is a copy, the source asks by name',
  ).toEqual([['report.ipynb', 'reference']]);

  expect(explained(home, 'template').consumers, 'scenario 24: a template uses nothing').toEqual([]);
});

test('scenario 8: a bot brings in, a person introduces', () => {
  const folder = scratch();
  const repo = new GitFixture(join(folder, 'all', 'api'));
  repo.commit('by hand', { 'old/.env': `GITLAB_TOKEN=${values.device}\n` });
  repo.git('rm', '-q', 'old/.env');
  repo.git('-c', 'user.name=x', 'commit', '-q', '-m', 'remove');
  repo.write('new/.env', `GITLAB_TOKEN=${values.device}\n`);
  repo.git('add', '-A');
  repo.git('commit', '-q', '-m', 'import', '--author', 'import-bot[bot] <bot@example.org>');
  const home = new CliHome(folder);
  home.run(['scan', join(folder, 'all')]);
  expect(explained(home, 'device').introducer.value).toBe('ana@example.org');
});
