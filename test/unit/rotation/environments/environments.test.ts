import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declaredFactsReader } from '../../../../src/rotation/derive/declared-facts.js';
import { environmentsOf } from '../../../../src/rotation/derive/environments/environments.js';
import { environmentVocabulary, machineName } from '../../../../src/rotation/derive/environments/words.js';
import type { EstateOptions, LocationDraft } from '../../../support/exposure-builder.js';
import {
  chatLocation,
  estateOf,
  filesOf,
  headLocation,
  historyLocation,
  secretOf,
} from '../../../support/exposure-builder.js';

async function found(
  locations: readonly LocationDraft[],
  options: EstateOptions = {},
  attributes: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const estate = estateOf([secretOf('s', { locations, attributes })], options);
  const stated = declaredFactsReader(estate)(estate.exposures).filter(
    ({ attribute }) => attribute === 'environment',
  );
  const facts = [...stated, ...(await environmentsOf(estate))];
  return facts.map(({ rule, value, confidence }) => `${rule} ${String(value)} ${confidence}`);
}

const { namedIn } = environmentVocabulary([]);

describe('words', () => {
  it.each([
    'product/latest/device.yml',
    'contest',
    'reproduce',
    'livelihood',
    'delivery',
    'developer',
    'localization',
    'non-prod',
    'nonprod',
    'usr/local/bin',
    '',
  ])('%s names nothing', (text) => {
    expect(namedIn(text)).toEqual([]);
  });

  it.each([
    ['overlays/prod/', ['prod']],
    ['PROD_DB_PASSWORD', ['prod']],
    ['dbProdPassword', ['prod']],
    ['pre-prod', ['staging']],
    ['preProd', ['staging']],
    ['docker-desktop', ['local']],
    ['.env.staging', ['staging']],
    ['qa2', ['test']],
    ['e2e', ['test']],
    ['prod-to-staging', ['prod', 'staging']],
    ['TESTKey', ['test']],
  ])('%s names %j', (text, environments) => {
    expect(namedIn(text)).toEqual(environments);
  });

  it('knows declared names, longest first', () => {
    const words = environmentVocabulary([{ name: 'prod-eu', match: [] }]);
    expect(words.namedIn('deploy/prod-eu/app.yml')).toEqual(['prod-eu']);
    expect(words.namedIn('deploy/prod-us/app.yml')).toEqual(['prod']);
  });

  it('never finds a name within a longer word', () => {
    const names = ['prod', 'live', 'dr', 'stage', 'test', 'dev', 'local'];
    const letters = fc.string({ unit: fc.constantFrom('q', 'x', 'z'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...names), letters, letters, (name, before, after) => {
        expect(namedIn(`${before}${name}${after}`)).toEqual([]);
        expect(namedIn(`${before}/${name}.${after}`)).toHaveLength(1);
      }),
    );
  });

  it.each([
    ['db-prod-1.acme.example', 'db-prod-1'],
    ['db.prod.internal', 'db.prod'],
    ['localhost', 'localhost'],
    ['10.0.0.7', ''],
    ['api.prod.svc.cluster.local', 'api.prod.svc'],
  ])('takes the machine out of %s', (host, machine) => {
    expect(machineName(host)).toBe(machine);
  });
});

describe('rules', () => {
  it('scenario 4: path product/latest/device.yml says nothing of the environment', async () => {
    expect(await found([headLocation('acme/api', 'product/latest/device.yml')])).toEqual([]);
  });

  it('E2 reads the mode of the credential', async () => {
    expect(await found([chatLocation('#ops', '1')], {}, { mode: 'live' })).toEqual(['E2 prod strong']);
  });

  it.each([
    ['values-prod.yaml', 'prod'],
    ['charts/api/values.staging.yaml', 'staging'],
    ['appsettings.Development.json', 'dev'],
    ['prod.auto.tfvars', 'prod'],
    ['Pulumi.live.yaml', 'prod'],
    ['src/main/resources/application-qa.yml', 'test'],
  ])('E3 reads the name of %s', async (path, environment) => {
    expect(await found([headLocation('acme/api', path)])).toContain(`E3 ${environment} strong`);
  });

  it.each([
    [
      '.github/workflows/go.yml',
      'jobs:\n  a:\n    environment: staging\n    env:\n      X: 1\n  b:\n    environment:\n      name: prod\n    env:\n      KEY: v\n',
      10,
      'prod',
    ],
    [
      '.gitlab-ci.yml',
      'deploy:\n  environment:\n    name: production\n  variables:\n    KEY: v\n',
      5,
      'prod',
    ],
    [
      'bitbucket-pipelines.yml',
      'pipelines:\n  default:\n    - step:\n        deployment: staging\n        script:\n          - echo v\n    - step:\n        script: [x]\n',
      6,
      'staging',
    ],
    [
      'app.yaml',
      'apiVersion: v1\nkind: Secret\nmetadata:\n  namespace: qa\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  namespace: prod\nstringData:\n  k: v\n',
      11,
      'prod',
    ],
    ['config/database.yml', 'default:\n  a: b\nproduction:\n  password: v\n', 4, 'prod'],
    ['serverless.yml', 'provider:\n  stage: dev\n  environment:\n    K: v\n', 4, 'dev'],
    ['svc/.env', 'NODE_ENV=production\nKEY=v\n', 2, 'prod'],
  ])('E3 reads the target that %s declares around the copy', async (path, text, line, environment) => {
    const files = [filesOf('git:acme/api', { [path]: text })];
    const rules = await found([headLocation('acme/api', path, { line })], { files });
    expect(rules.filter((rule) => rule.startsWith('E3'))).toEqual([`E3 ${environment} strong`]);
  });

  it('E3 reads the kustomization beside the file, and points at it', async () => {
    const files = [filesOf('git:acme/api', { 'k/kustomization.yaml': 'namespace: prod\n', 'k/s.txt': 'v' })];
    const facts = await environmentsOf(
      estateOf([secretOf('s', { locations: [headLocation('acme/api', 'k/s.txt')] })], { files }),
    );
    expect(facts).toMatchObject([
      {
        rule: 'E3',
        value: 'prod',
        evidence: [
          { place: 'git:acme/api', path: 'k/kustomization.yaml', line: 1 },
          { place: 'git:acme/api', path: 'k/s.txt', line: 1 },
        ],
      },
    ]);
  });

  it('E3 takes nothing that is filled in later', async () => {
    const text = 'jobs:\n  a:\n    environment: $' + '{{ inputs.prod }}\n    env: { K: v }\n';
    const path = '.github/workflows/go.yml';
    const files = [filesOf('git:acme/api', { [path]: text })];
    expect(await found([headLocation('acme/api', path, { line: 4 })], { files })).toEqual([]);
  });

  it('E4: the deepest segment wins', async () => {
    expect(await found([headLocation('acme/api', 'staging/overlays/prod/app.txt')])).toEqual([
      'E4 prod probable',
    ]);
  });

  it('E5 reads keys and machines', async () => {
    expect(
      await found([headLocation('a', 'x', { slot: 'PROD_KEY' })], {}, { host: 'db-staging-1.acme.example' }),
    ).toEqual(['E5 prod probable', 'E5 staging probable']);
  });

  it('E6 reads branches that are targets, and no others', async () => {
    const on = (...refs: string[]) => found([headLocation('a', 'x', { refs })]);
    expect(await on('refs/heads/deploy/prod')).toEqual(['E6 prod weak']);
    expect(await on('refs/heads/prod', 'refs/heads/main')).toEqual([]);
    expect(await on('refs/heads/feature/test')).toEqual([]);
    expect(await on('refs/heads/release/2.1')).toEqual([]);
    expect(await on('refs/heads/add-prod-alerts')).toEqual([]);
    expect(await on('refs/heads/prod', 'refs/heads/staging')).toEqual([]);
  });

  it('E7 stands in where nothing else speaks', async () => {
    expect(await found([headLocation('a', 'docs/setup.md')])).toEqual(['E7 test weak']);
    expect(await found([headLocation('a', 'docs/prod.md')])).toEqual(['E4 prod probable']);
  });

  it('E1 reads the imported path map', async () => {
    const imports = { environments: [{ name: 'p1', match: ['repo:acme/infra:envs/p1/**', 'live/*.yml'] }] };
    const rules = await found(
      [headLocation('acme/infra', 'envs/p1/a/b'), headLocation('acme/api', 'envs/q1/a')],
      { imports },
    );
    expect(rules).toEqual(['E1 p1 asserted', 'E4 p1 probable']);
  });

  it('E1 reads the entry of the inventory', async () => {
    const entry = {
      id: 'ledger',
      match: [{ path: 'acme/api:**' }],
      environment: ['prod', 'dr'],
      consumersComplete: false,
      consumers: [],
      resources: [],
      vault: [],
      origin: { file: 'inventory.yml', line: 3 },
    };
    const imports = { identities: [entry] };
    expect(await found([headLocation('acme/api', 'x')], { imports })).toEqual([
      'E1 prod asserted',
      'E1 dr asserted',
    ]);
  });

  it('records all environments of one value, with the copies that show each', async () => {
    const facts = await environmentsOf(
      estateOf([
        secretOf('s', {
          locations: [headLocation('a', '.env.prod'), historyLocation('a', '.env.staging')],
        }),
      ]),
    );
    expect(facts.map(({ value, evidence }) => [value, evidence.map(({ path }) => path)])).toEqual([
      ['prod', ['.env.prod']],
      ['staging', ['.env.staging']],
    ]);
  });

  it('reads hostile files as files that say nothing', async () => {
    const files = [
      filesOf('git:a', {
        'deep.yaml': '['.repeat(100_000),
        'list.yaml': '- '.repeat(60_000),
        'quotes.yaml': '"'.repeat(100_000),
        'broken.yaml': '\0\u0001{{{: :\n- ]',
        'anchors.yaml': `a: &a [x]\n${'b: [*a, *a]\n'.repeat(2000)}`,
      }),
    ];
    const locations = ['deep', 'list', 'quotes', 'broken', 'anchors'].map((name) =>
      headLocation('a', `${name}.yaml`),
    );
    expect(await found(locations, { files })).toEqual([]);
  });

  it('gives the same facts whatever the order of the copies', async () => {
    const locations = [
      headLocation('a', 'prod/x', { slot: 'TEST_KEY' }),
      headLocation('b', 'staging/x'),
      chatLocation('#c', '1', { slot: 'DEV_KEY' }),
    ];
    const one = await environmentsOf(estateOf([secretOf('s', { locations })]));
    const two = await environmentsOf(estateOf([secretOf('s', { locations: [...locations].reverse() })]));
    expect(two).toEqual(one);
  });
});
