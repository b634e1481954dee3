/** Who holds the means to replace a secret: commands of jobs, actions, and code that manages the variables of a CI. */
import { describe, expect, it } from 'vitest';
import { deriveConsumers } from '../../../../src/rotation/derive/consumers/derive-consumers.js';
import { replacedNames } from '../../../../src/rotation/derive/consumers/replaced-names.js';
import type { Imports } from '../../../../src/rotation/imports.js';
import {
  estateOf,
  filesOf,
  fingerprintOf,
  headLocation,
  secretOf,
} from '../../../support/exposure-builder.js';

const names = (...lines: readonly string[]): readonly string[] =>
  replacedNames({ lines, repository: 'acme/api' });

describe('names that commands replace', () => {
  it.each([
    ['gh secret set DEPLOY_TOKEN < new.txt', 'DEPLOY_TOKEN'],
    ['gh secret set --env prod -b "$(new)" DEPLOY_TOKEN', 'DEPLOY_TOKEN'],
    ['  - run: gh secret set DEPLOY_TOKEN -R acme/api', 'DEPLOY_TOKEN'],
    ['glab variable update DEPLOY_TOKEN "$NEW"', 'DEPLOY_TOKEN'],
    ['az keyvault secret set --vault-name kv --name db-password --file new', 'db-password'],
    ['aws ssm put-parameter --name /prod/DB_PASSWORD --value file://new', 'DB_PASSWORD'],
    ['vault kv put kv/prod/ledger PASSWORD=@new TTL=1h', 'PASSWORD,TTL'],
    ['curl -X PUT "$API/projects/7/variables/DEPLOY_TOKEN" -d @new', 'DEPLOY_TOKEN'],
    ['gh api -X PUT repos/acme/api/actions/secrets/DEPLOY_TOKEN --input new', 'DEPLOY_TOKEN'],
  ])('%s', (line, expected) => {
    expect(names(line).join()).toBe(expected);
  });

  it.each([
    'gh secret list',
    '# gh secret set DEPLOY_TOKEN',
    'gh secret set DEPLOY_TOKEN -R acme/other',
    'gh secret set DEPLOY_TOKEN --body "$DEPLOY_TOKEN"',
    'vault kv put kv/prod/ledger PASSWORD=${{ secrets.PASSWORD }}',
    'curl "$API/projects/7/variables/DEPLOY_TOKEN"',
  ])('nothing is replaced by %s', (line) => {
    expect(names(line)).toEqual([]);
  });

  it('a command goes on behind a backslash, and ends at the next one', () => {
    expect(names('gh secret set \\', '  --org acme \\', '  DEPLOY_TOKEN | tee log OTHER')).toEqual([
      'DEPLOY_TOKEN',
    ]);
  });
});

const place = 'git:acme/api';

async function rotatesOf(
  files: Readonly<Record<string, string>>,
  copies: Readonly<Record<string, readonly [path: string, slot: string]>>,
): Promise<Record<string, readonly string[]>> {
  const secrets = Object.entries(copies).map(([name, [path, slot]]) =>
    secretOf(name, { locations: [headLocation('acme/api', path, { slot })] }),
  );
  const { consumers } = await deriveConsumers(estateOf(secrets, { files: [filesOf(place, files)] }));
  const found: Record<string, readonly string[]> = {};
  for (const name of Object.keys(copies)) {
    for (const consumer of consumers.get(fingerprintOf(name)) ?? []) {
      if (consumer.rotates !== undefined) found[`${name} ${consumer.name}`] = consumer.rotates;
    }
  }
  return found;
}

const envFiles = { 'package.json': '{}', '.env': 'A=1\n', 'b/.env': 'B=1\n' };

describe('consumers that replace secrets', () => {
  it('a job that sets the secret which it logs in with rotates it, and others', async () => {
    const workflow = [
      'on: push',
      'jobs:',
      '  rotate:',
      '    steps:',
      '      - run: |',
      '          gh secret set DEPLOY_TOKEN < new',
      '          gh secret set LEDGER_KEY < other',
      '        env:',
      '          GH_TOKEN: ${{ secrets.DEPLOY_TOKEN }}',
      '  build:',
      '    steps:',
      '      - run: make',
      '        env: { LEDGER_KEY: "${{ secrets.LEDGER_KEY }}" }',
    ].join('\n');
    const rotates = await rotatesOf(
      { ...envFiles, '.github/workflows/rotate.yml': workflow },
      { token: ['.env', 'DEPLOY_TOKEN'], key: ['b/.env', 'LEDGER_KEY'] },
    );
    expect(rotates).toEqual({
      'token gha:acme/api/rotate.yml#rotate': [fingerprintOf('token'), fingerprintOf('key')].sort(),
    });
  });

  it('what an action writes is replaced as well', async () => {
    const workflow = [
      'jobs:',
      '  rotate:',
      '    steps:',
      '      - uses: acme/set-secret@v2',
      '        with: { name: LEDGER_KEY, token: "${{ secrets.DEPLOY_TOKEN }}" }',
    ].join('\n');
    const rotates = await rotatesOf(
      { ...envFiles, '.github/workflows/rotate.yml': workflow },
      { token: ['.env', 'DEPLOY_TOKEN'], key: ['b/.env', 'LEDGER_KEY'] },
    );
    expect(rotates).toEqual({ 'token gha:acme/api/rotate.yml#rotate': [fingerprintOf('key')] });
  });

  it('in code of infrastructure the provider holds the means, in whatever file it stands', async () => {
    const rotates = await rotatesOf(
      {
        'infra/provider.tf': 'provider "gitlab" {\n  token = var.gitlab_token\n}\n',
        'infra/variables.tf': [
          'resource "gitlab_project_variable" "self" {',
          '  key   = "GITLAB_TOKEN"',
          '  value = var.gitlab_token',
          '}',
        ].join('\n'),
        'infra/prod.tfvars': 'gitlab_token = "x"\n',
        '.env': 'GITLAB_TOKEN=x\n',
      },
      { token: ['infra/prod.tfvars', 'gitlab_token'], same: ['.env', 'GITLAB_TOKEN'] },
    );
    expect(rotates).toEqual({ 'token tf:acme/api/infra:provider.gitlab': [fingerprintOf('same')] });
  });
});

describe('secrets of an organisation (N4)', () => {
  const workflow = [
    'jobs:',
    '  go:',
    '    steps:',
    '      - run: make',
    '        env: { T: "${{ secrets.TOKEN }}" }',
  ].join('\n');
  const secrets = ['acme/api', 'acme/web', 'other/web'].map((name) =>
    secretOf(name, {
      locations: [headLocation(name, '.env', { slot: name === 'acme/api' ? 'TOKEN' : 'X' })],
    }),
  );
  const files = ['acme/api', 'acme/web', 'other/web'].map((name) =>
    filesOf(`git:${name}`, {
      '.env': 'TOKEN=x\n',
      ...(name === 'acme/api' ? {} : { '.github/workflows/ci.yml': workflow }),
    }),
  );
  const usersOf = async (organisationSecrets: Imports['organisationSecrets']): Promise<readonly string[]> => {
    const estate = estateOf(secrets, { files, imports: { organisationSecrets } });
    const { consumers } = await deriveConsumers(estate);
    return (consumers.get(fingerprintOf('acme/api')) ?? [])
      .filter(({ rules }) => rules.includes('N4'))
      .map(({ name, confidence }) => `${name} ${confidence}`);
  };

  it('scenario 25: a common name links repositories only where somebody states that it is one secret', async () => {
    expect(await usersOf([])).toEqual([]);
    expect(await usersOf([{ name: 'TOKEN', organisation: 'acme' }])).toEqual([
      'gha:acme/web/ci.yml#go asserted',
    ]);
    expect(await usersOf([{ name: 'OTHER', organisation: 'acme' }])).toEqual([]);
  });
});
