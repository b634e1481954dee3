/** Acceptance scenarios on facts: whose a secret is, where it works, what uses it, whether it is over. */
import { createHmac, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jiraExport, slackExport, zipOf } from '../support/exports-of-acme.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { compose, now, Organisation, owners } from '../support/organisation.js';

interface Dossier {
  readonly fingerprint: string;
  readonly principal: { readonly key: string };
  readonly environments: readonly string[];
  readonly conditions: readonly string[];
  readonly reasons: readonly string[];
  readonly owner: { readonly value?: string; readonly chosen?: { readonly confidence: string } };
  readonly introducer: { readonly value?: string };
  readonly lapsed: { readonly value?: string; readonly chosen?: { readonly confidence: string } };
  readonly consumers: readonly { readonly name: string; readonly how: string }[];
}

function explained(org: Organisation, value: string, at = now): Dossier {
  const prefix = org.fingerprintOf(value).slice(0, 12);
  const found = org.home.json(['explain', prefix, '--now', at]).find(({ type }) => type === 'dossier');
  expect(found).toBeDefined();
  return found as unknown as Dossier;
}

/** Kinds of the places where copies of a value stand, sorted. */
function copiesOf(org: Organisation, value: string): string[] {
  const { stdout } = org.home.run(['show', org.fingerprintOf(value), '--all', '--format', 'json']);
  const [secret] = (JSON.parse(stdout) as { secrets: { findings: { locationKind: string }[] }[] }).secrets;
  return (secret?.findings ?? []).map(({ locationKind }) => locationKind).sort();
}

const namesOf = ({ consumers }: Dossier): string[] => consumers.map(({ name }) => name).sort();

test('scenario 1: a value in a repository, a chat and two tickets is one secret of four copies', async () => {
  const value = fakeSecret('stripe-secret-key', 'scenario 1');
  const org = new Organisation().commit('shop', {
    ...owners,
    '.env': `STRIPE_KEY=${value}\n`,
    'compose.yml': compose('shop'),
  });
  const chat = slackExport([{ ts: '1709287620.000200', user: 'U01ANA', text: `try ${value} now` }]);
  writeFileSync(join(org.folder, 'all', 'chat.zip'), await zipOf(chat));
  const ticket = jiraExport(`It is ${value} now`);
  org.file('all/one.json', ticket);
  org.file(
    'all/two.json',
    ticket.replaceAll('10001', '10002').replaceAll('API-12', 'API-13').replaceAll('20002', '20003'),
  );
  org.scan();
  const secrets = org.home.json(['list']).filter(({ type }) => type === 'secret');
  expect(secrets).toHaveLength(1);
  const known = explained(org, value);
  expect(copiesOf(org, value)).toEqual(['chat-message', 'git-head', 'ticket-comment', 'ticket-comment']);
  expect(namesOf(known)).toEqual(['app:shop', 'compose:shop/shop']);
});

describe('whose it is, and where it works', () => {
  test('scenario 2: a JDBC string, a URL, a chart and a Kubernetes Secret are one identity', () => {
    const password = fakeSecret('postgres-uri', 'scenario 2');
    const url = `postgres://ledger:${password}@db1.acme.example:5432/books`;
    const org = new Organisation()
      .commit('ledger', {
        ...owners,
        '.env': `DATABASE_URL=${url}\n`,
        'application.properties': `spring.datasource.url=jdbc:postgresql://db1.acme.example:5432/books?user=ledger&password=${password}\n`,
        'chart/Chart.yaml': 'name: ledger\nversion: 1.0.0\n',
        'chart/values-prod.yaml': `database:\n  url: ${url}\n`,
        'secret.yml': `apiVersion: v1\nkind: Secret\nmetadata: { name: db }\ndata: { DATABASE_URL: ${Buffer.from(url).toString('base64')} }\n`,
      })
      .scan();
    const known = explained(org, password);
    expect(known.principal.key).toBe('db:postgresql:db1.acme.example:5432:ledger');
    expect(copiesOf(org, password)).toHaveLength(4);
    expect(org.plans()).toHaveLength(1);
  });

  test('scenario 4, scenario 5: product/latest/device.yml has no environment, its team owns it, who brought it in is apart', () => {
    const value = fakeSecret('gitlab-pat', 'scenario 4');
    const org = new Organisation()
      .commit('api', { ...owners, 'product/latest/device.yml': `gitlab_token: ${value}\n` })
      .scan();
    const known = explained(org, value);
    expect(known.environments).toEqual([]);
    expect(known.owner).toMatchObject({ value: '@acme/payments', chosen: { confidence: 'strong' } });
    expect(known.introducer.value).toBe('ana@example.org');
  });

  test('scenario 8: what only the import of a bot shows was introduced by nobody known', () => {
    const value = fakeSecret('gitlab-pat', 'scenario 8');
    const org = new Organisation();
    const repo = new GitFixture(join(org.folder, 'all', 'api'));
    repo.write('.env', `GITLAB_TOKEN=${value}\n`);
    repo.git('add', '-A');
    repo.git('commit', '-q', '-m', 'import', '--author', 'import-bot[bot] <bot@example.org>');
    org.scan();
    const known = explained(org, value);
    expect(known.introducer.value).toBeUndefined();
    expect(known.owner.value).toBeUndefined();
  });
});

describe('what uses it', () => {
  test('scenario 22, scenario 23, scenario 24: what is asked for, an output and a template are no users of a literal', () => {
    const agent = fakeSecret('github-pat-classic', 'scenario 22');
    const notebook = fakeSecret('stripe-secret-key', 'scenario 23');
    const template = fakeSecret('slack-bot-token', 'scenario 24');
    const server = { command: 'gh-mcp', env: { GITHUB_TOKEN: '${input:token}' } };
    const cell = {
      cell_type: 'code',
      metadata: {},
      execution_count: 1,
      source: ['import os\n', 'print(os.environ["STRIPE_SECRET"])'],
      outputs: [{ output_type: 'stream', name: 'stdout', text: [`STRIPE_SECRET=${notebook}\n`] }],
    };
    const org = new Organisation()
      .commit('api', {
        ...owners,
        '.mcp.json': JSON.stringify({ mcpServers: { gh: server } }),
        'notes.txt': `GITHUB_TOKEN=${agent}\n`,
        'report.ipynb': JSON.stringify(
          { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] },
          null,
          1,
        ),
        '.env.example': `SLACK_TOKEN=${template}\n`,
        'package.json': '{"name":"api"}\n',
        'index.js': 'start(process.env.SLACK_TOKEN);\n',
      })
      .scan();
    const asked = explained(org, agent);
    expect(asked.consumers.filter(({ how }) => how === 'literal')).toEqual([]);
    expect(namesOf(asked).filter((name) => name.startsWith('agent:'))).toEqual([]);
    const shown = explained(org, notebook);
    expect(copiesOf(org, notebook)).toHaveLength(1);
    expect(shown.consumers).toMatchObject([
      { name: expect.stringContaining('report.ipynb'), how: 'reference' },
    ]);
    const sample = explained(org, template);
    expect(copiesOf(org, template)).toHaveLength(1);
    expect(sample.consumers).toEqual([]);
  });

  test('scenario 25: two workflows that ask for TOKEN in two repositories have nothing to do with each other', () => {
    const value = fakeSecret('github-pat-classic', 'scenario 25');
    const workflow = (job: string): string =>
      `on: push\njobs:\n  ${job}:\n    steps:\n      - run: ./go\n        env:\n          TOKEN: \${{ secrets.TOKEN }}\n`;
    const org = new Organisation()
      .commit('one', { ...owners, '.env': `TOKEN=${value}\n`, '.github/workflows/a.yml': workflow('first') })
      .commit('two', { ...owners, '.github/workflows/b.yml': workflow('second') })
      .scan();
    const names = namesOf(explained(org, value)).join();
    expect(names).toContain('a.yml#first');
    expect(names).not.toContain('second');
  });
});

describe('whether it is over', () => {
  const seconds = (text: string): number => Date.parse(text) / 1000;
  const jwt = (secret: string): string => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      iss: 'acme',
      sub: 'svc',
      iat: seconds('2025-01-01T00:00:00Z'),
      exp: seconds('2025-06-01T00:00:00Z'),
    };
    const input = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };

  test('scenario 9: a token that ended is purged; the secret that signs it has its own plan, which names it', () => {
    const secret = randomBytes(32).toString('base64url');
    const ended = jwt(randomBytes(32).toString('base64url'));
    const alone = new Organisation()
      .commit('api', { ...owners, 'call.txt': `token: ${ended}\n` })
      .scan('internal');
    expect(alone.planOf(ended)).toMatchObject({ decision: { strategy: 'purge-only', rule: 'dead' } });
    const signed = jwt(secret);
    const both = new Organisation()
      .commit('api', { ...owners, 'call.txt': `token: ${signed}\n`, 'app/.env': `JWT_SECRET=${secret}\n` })
      .scan('internal');
    const plans = both.plans();
    expect(plans.map(({ kind }) => kind).sort()).toEqual(['jwt', 'jwt-signing-secret']);
    const signer = plans.find(({ kind }) => kind === 'jwt-signing-secret');
    expect(signer?.relations).toMatchObject([{ relation: 'signs', to: both.fingerprintOf(signed) }]);
    expect(plans.find(({ kind }) => kind === 'jwt')?.decision.strategy).not.toBe('purge-only');
  });

  test('scenario 11: a session of three days ago is over, unless its author date is in the future', () => {
    const id = `ASIA${fakeSecret('aws-access-key-id', 'scenario 11').slice(4)}`;
    const key = fakeSecret('aws-secret-access-key-pair', 'scenario 11').slice(-40);
    const files = { '.env': `AWS_ACCESS_KEY_ID=${id}\nAWS_SECRET_ACCESS_KEY=${key}\n` };
    // The clock of the fixture stands on 14 November 2023.
    const at = '2023-11-17T23:00:00Z';
    const past = new Organisation().commit('infra', files).scan();
    expect(explained(past, key, at).lapsed).toMatchObject({
      value: 'yes',
      chosen: { confidence: 'probable' },
    });
    const forged = new Organisation();
    const repo = new GitFixture(join(forged.folder, 'all', 'infra'));
    repo.write('.env', files['.env']);
    repo.git('add', '-A');
    repo.git('commit', '-q', '-m', 'add', '--date', '2031-01-01T00:00:00Z');
    forged.scan();
    expect(explained(forged, key, at).lapsed.value, 'unknown, not "no"').toBeUndefined();
  });
});
