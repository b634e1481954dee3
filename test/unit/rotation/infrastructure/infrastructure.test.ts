/** What code of infrastructure says of principals: who makes them, what they may do, whom a cloud trusts. */
import { describe, expect, it } from 'vitest';
import type { Exposure } from '../../../../src/model/exposure.js';
import { buildDossiers } from '../../../../src/rotation/build-dossier.js';
import { deriveFacts } from '../../../../src/rotation/derive/derive-facts.js';
import { codeValues, namesOf } from '../../../../src/rotation/derive/infrastructure/code-values.js';
import { hclBlocks } from '../../../../src/rotation/derive/infrastructure/hcl.js';
import { isWildcardPolicy } from '../../../../src/rotation/derive/infrastructure/policy-text.js';
import {
  privilegeOfRole,
  privilegeOfSas,
  privilegeOfScopes,
} from '../../../../src/rotation/derive/infrastructure/privilege-words.js';
import { sqlRights } from '../../../../src/rotation/derive/infrastructure/sql-grants.js';
import { keysInState } from '../../../../src/rotation/derive/infrastructure/state-files.js';
import { wideTrustOfText } from '../../../../src/rotation/derive/infrastructure/trust-policies.js';
import type { Dossier } from '../../../../src/rotation/dossier.js';
import type { Imports } from '../../../../src/rotation/imports.js';
import {
  estateOf,
  filesOf,
  fingerprintOf,
  headLocation,
  secretOf,
} from '../../../support/exposure-builder.js';

type Files = Readonly<Record<string, string>>;

async function dossierOf(
  secret: Exposure,
  files: Readonly<Record<string, Files>>,
  imports: Partial<Imports> = {},
): Promise<Dossier> {
  // A secret in each place, so that its files are at hand.
  const others = Object.keys(files).map((name) =>
    secretOf(`other ${name}`, { locations: [headLocation(name, 'x')] }),
  );
  const estate = estateOf([secret, ...others], {
    files: Object.entries(files).map(([name, own]) => filesOf(`git:${name}`, own)),
    imports,
  });
  const { facts, consumers, resources, containerOf } = await deriveFacts(estate);
  const found = buildDossiers(estate, facts, consumers, resources, { containerOf }).find(
    ({ fingerprint }) => fingerprint === secret.fingerprint,
  );
  if (found === undefined) throw new Error('no dossier');
  return found;
}

const account = 'ledger@acme-prod.iam.gserviceaccount.com';
const googleKey = secretOf('key', {
  kind: 'gcp-service-account-key',
  attributes: { 'gcp-client-email': account },
  locations: [headLocation('acme/api', 'config/key.json')],
});
const api = { '.github/CODEOWNERS': '* @acme/api\n', 'config/key.json': '{}' };
const serviceAccount = 'resource "google_service_account" "ledger" {\n  account_id = "ledger"\n}\n';

describe('owners of issuing code (O4)', () => {
  it('answer for the principal wherever its copies went', async () => {
    const found = await dossierOf(googleKey, {
      'acme/api': api,
      'acme/infra': { '.github/CODEOWNERS': '/iam/ @acme/platform\n', 'iam/accounts.tf': serviceAccount },
    });
    expect(found.owner).toMatchObject({ value: '@acme/platform', conflict: false });
    expect(found.owner.chosen).toMatchObject({ rule: 'O4', confidence: 'strong' });
    expect(found.owner.chosen?.evidence[0]).toMatchObject({ path: 'iam/accounts.tf', line: 1 });
  });

  it('a name that many servers have tells nothing in another repository', async () => {
    const user = secretOf('db', {
      kind: 'postgres-url',
      attributes: { scheme: 'postgresql', host: 'db1.acme.example', port: '5432', user: 'ledger_rw' },
      locations: [headLocation('acme/api', '.env')],
    });
    const role = 'resource "postgresql_role" "l" {\n  name = "ledger_rw"\n}\n';
    const files = { '.github/CODEOWNERS': '*.tf @acme/dba\n', 'db.tf': role };
    const near = await dossierOf(user, { 'acme/api': { ...files, '.env': '' } });
    const far = await dossierOf(user, { 'acme/api': { '.env': '' }, 'acme/infra': files });
    expect(near.owner.value).toBe('@acme/dba');
    expect(far.owner.value).not.toBe('@acme/dba');
  });
});

describe('grants (R6) and what they allow', () => {
  it('are those of bindings, by address or by name, in any file of the folder', async () => {
    const found = await dossierOf(googleKey, {
      'acme/infra': {
        'iam/accounts.tf': serviceAccount,
        'iam/grants.tf': [
          'resource "google_project_iam_member" "viewer" {',
          '  project = "acme-prod"',
          '  role    = "roles/viewer"',
          '  member  = "serviceAccount:${google_service_account.ledger.email}"',
          '}',
          'resource "google_storage_bucket_iam_binding" "b" {',
          '  bucket  = "acme-backups"',
          '  role    = "roles/storage.objectCreator"',
          `  members = ["serviceAccount:${account}"]`,
          '}',
          'resource "google_service_account_iam_member" "use" {',
          '  service_account_id = google_service_account.ledger.name',
          '  role               = "roles/owner"',
          '}',
        ].join('\n'),
      },
    });
    expect(found.resources.filter(({ rule }) => rule === 'R6')).toEqual([
      { kind: 'bucket', address: 'acme-backups (roles/storage.objectCreator)', rule: 'R6' },
      { kind: 'other', address: 'gcp:acme-prod (roles/viewer)', rule: 'R6' },
    ]);
    expect(found.privilege).toMatchObject({ value: 'write', chosen: { rule: 'R6' } });
    expect(found.conditions).not.toContain('OVERPRIVILEGED');
  });

  it('cluster-admin everywhere is too much, the same of a namespace is not everything', async () => {
    const token = secretOf('token', {
      kind: 'kubernetes-service-account-token',
      attributes: { 'jwt-iss': 'kubernetes/serviceaccount', 'jwt-sub': 'system:serviceaccount:ops:deployer' },
      locations: [headLocation('acme/infra', 'kubeconfig')],
    });
    const binding = (kind: string): string =>
      [
        'apiVersion: rbac.authorization.k8s.io/v1',
        `kind: ${kind}`,
        'metadata: { name: d, namespace: ops }',
        'roleRef: { kind: ClusterRole, name: cluster-admin }',
        'subjects: [{ kind: ServiceAccount, name: deployer, namespace: ops }]',
      ].join('\n');
    const of = (kind: string): Promise<Dossier> =>
      dossierOf(token, { 'acme/infra': { 'rbac.yaml': binding(kind), kubeconfig: '' } });
    const everywhere = await of('ClusterRoleBinding');
    expect(everywhere.privilege.value).toBe('admin');
    expect(everywhere.conditions).toContain('OVERPRIVILEGED');
    const inOne = await of('RoleBinding');
    expect(inOne.privilege.value).toBe('write');
    expect(inOne.resources.map(({ address }) => address)).toContain('namespace ops (cluster-admin)');
    expect(inOne.conditions).not.toContain('OVERPRIVILEGED');
  });

  it('an access key in a state file has the rights of its user', async () => {
    const id = `AKIA${'Q'.repeat(16)}`;
    const key = secretOf('aws', {
      kind: 'aws-secret-access-key',
      attributes: { 'aws-key-id': id },
      locations: [headLocation('acme/infra', 'terraform.tfstate')],
    });
    const state = {
      resources: [{ type: 'aws_iam_access_key', name: 'deploy', instances: [{ attributes: { id } }] }],
    };
    expect([...keysInState(JSON.stringify(state))]).toEqual([[id, 'aws_iam_access_key.deploy']]);
    expect([...keysInState('{"aws_iam_access_key"')]).toEqual([]);
    const found = await dossierOf(key, {
      'acme/infra': {
        'terraform.tfstate': JSON.stringify(state),
        'users.tf': [
          'resource "aws_iam_user" "ci" { name = "ci" }',
          'resource "aws_iam_access_key" "deploy" {',
          '  user = aws_iam_user.ci.name',
          '}',
          'resource "aws_iam_user_policy" "all" {',
          '  user   = aws_iam_user.ci.name',
          '  policy = data.aws_iam_policy_document.all.json',
          '}',
          'data "aws_iam_policy_document" "all" {',
          '  statement {',
          '    actions   = ["*"]',
          '    resources = ["*"]',
          '  }',
          '}',
        ].join('\n'),
      },
    });
    expect(found.privilege.value).toBe('admin');
    expect(found.conditions).toContain('OVERPRIVILEGED');
    expect(found.resources.map(({ address }) => address)).toContain('aws account, *:* (*:*)');
  });
});

describe('names that are put together', () => {
  const user = secretOf('db', {
    kind: 'postgres-password',
    attributes: { scheme: 'postgresql', host: 'db1.acme.example', user: 'prod_ledger' },
    locations: [headLocation('acme/infra', '.env')],
  });
  const code =
    'locals {\n  prefix = "${var.env}_led"\n}\nresource "postgresql_role" "a" {\n  name = "${local.prefix}ger"\n}\n';

  it('are those that variables and locals of the folder make', async () => {
    const owners = { '.github/CODEOWNERS': 'db/ @acme/dba\n', '.env': '' };
    const of = (files: Files): Promise<Dossier> => dossierOf(user, { 'acme/infra': { ...owners, ...files } });
    const byDefault = await of({ 'db/main.tf': `${code}variable "env" {\n  default = "prod"\n}\n` });
    const bySettings = await of({ 'db/main.tf': code, 'db/envs/prod.tfvars': 'env = "prod"\nsize = 3\n' });
    const byNothing = await of({ 'db/main.tf': code });
    const byOther = await of({ 'db/main.tf': code, 'db/dev.tfvars': 'env = "dev"\n' });
    expect(
      [byDefault, bySettings, byNothing, byOther].map(({ owner }) => owner.value === '@acme/dba'),
    ).toEqual([true, true, false, false]);
  });

  it('cost no more than their text, whatever refers to what', () => {
    const text = Array.from(
      { length: 200 },
      (_, i) => `  v${i} = "\${local.v${(i + 1) % 200}}\${local.v${i}}"`,
    ).join('\n');
    const values = codeValues([{ path: 'a.tf', text: `locals {\n${text}\n}\n` }]);
    expect([...values.values()].flat()).toEqual([]);
    const many = codeValues([
      { path: 'a.tfvars', text: Array.from({ length: 100 }, (_, i) => `v = "${i}"`).join('\n') },
    ]);
    expect(namesOf('"${var.v}${var.v}${var.v}-${var.w}"', many)).toEqual([]);
    expect(namesOf('"${var.v}-x"', many)).toHaveLength(32);
    expect(namesOf('var.v', many)[1]).toBe('1');
  });
});

describe('roles of Azure', () => {
  const id = '0a1b2c3d-0000-4000-8000-000000000001';
  const client = secretOf('client', {
    kind: 'azure-client-secret',
    attributes: { 'azure-client-id': id, 'azure-tenant': '0a1b2c3d-0000-4000-8000-0000000000ff' },
    locations: [headLocation('acme/api', '.env')],
  });
  const assignment = (holder: string): string =>
    [
      'resource "azurerm_role_assignment" "a" {',
      '  scope                = azurerm_resource_group.live.id',
      '  role_definition_name = "Contributor"',
      `  principal_id         = ${holder}`,
      '}',
    ].join('\n');
  const app = [
    'resource "azuread_application" "api" { display_name = "api" }',
    'resource "azuread_service_principal" "api" {',
    '  client_id = azuread_application.api.client_id',
    '}',
  ].join('\n');
  const state = JSON.stringify({
    resources: [{ type: 'azuread_application', name: 'api', instances: [{ attributes: { client_id: id } }] }],
  });

  it.each([
    [
      'the application of a state file',
      {
        'main.tf': `${app}\n${assignment('azuread_service_principal.api.object_id')}`,
        'terraform.tfstate': state,
      },
    ],
    [
      'a client that is looked up',
      {
        'main.tf': `data "azuread_service_principal" "api" {\n  client_id = var.id\n}\nvariable "id" {\n  default = "${id}"\n}\n${assignment('data.azuread_service_principal.api.object_id')}`,
      },
    ],
    [
      'a principal by its id',
      {
        'main.tf': `resource "azuread_service_principal" "api" {\n  client_id = "${id}"\n}\n${assignment('azuread_service_principal.api.object_id')}`,
      },
    ],
  ] as const)('are those of %s', async (_, files) => {
    const found = await dossierOf(client, { 'acme/api': { '.env': '' }, 'acme/infra': files });
    expect(found.resources.filter(({ rule }) => rule === 'R6')).toEqual([
      { kind: 'other', address: 'azure:azurerm_resource_group.live (Contributor)', rule: 'R6' },
    ]);
    expect(found.privilege).toMatchObject({ value: 'write', chosen: { rule: 'R6' } });
  });
});

describe('grants in SQL', () => {
  const rights = (sql: string): readonly unknown[] =>
    sqlRights('p', 'a.sql', sql).grants.map(({ token, target, role, privilege, isWildcard, evidence }) => [
      token,
      target,
      role,
      privilege,
      isWildcard,
      evidence.line,
    ]);

  it('are those of users, roles and quoted names', () => {
    expect(
      rights(
        [
          '-- grant all on x to nobody;',
          'GRANT SELECT, INSERT ON TABLE journal TO ledger_rw, "Ledger RO";',
          "grant all privileges on *.* to 'app_rw'@'%' with grant option;",
          'GRANT rds_superuser TO ledger_admin;',
          'grant select',
          '  on all tables in schema public',
          '  to reporting_ro;',
          'insert into t values (1);',
        ].join('\n'),
      ),
    ).toEqual([
      ['db ledger_rw', 'TABLE journal', 'SELECT, INSERT', 'write', false, 2],
      ['db Ledger RO', 'TABLE journal', 'SELECT, INSERT', 'write', false, 2],
      ['db app_rw', '*.*', 'all privileges', 'admin', true, 3],
      ['db ledger_admin', 'all', 'rds_superuser', 'admin', false, 4],
      ['db reporting_ro', 'all tables in schema public', 'select', 'read', false, 5],
    ]);
  });

  it('tell privilege, resources and the file that makes the user, beside a copy', async () => {
    const user = secretOf('db', {
      kind: 'postgres-password',
      attributes: { scheme: 'postgresql', host: 'db1.acme.example', user: 'ledger_rw' },
      locations: [headLocation('acme/infra', '.env')],
    });
    const found = await dossierOf(user, {
      'acme/infra': {
        '.env': '',
        '.github/CODEOWNERS': '*.sql @acme/dba\n',
        'roles.sql': 'CREATE ROLE ledger_rw LOGIN;\nGRANT SELECT ON TABLE journal TO ledger_rw;\n',
      },
    });
    expect(found.privilege).toMatchObject({ value: 'read', chosen: { rule: 'R6' } });
    expect(found.owner.value).toBe('@acme/dba');
    expect(found.resources).toContainEqual({
      kind: 'database',
      address: 'TABLE journal (SELECT)',
      rule: 'R6',
    });
  });

  it('of hostile files cost no more than their length', () => {
    const texts = [
      'grant '.repeat(20_000),
      `grant ${'a,'.repeat(50_000)} on b to c`,
      `grant select on ${'x, '.repeat(50_000)}y to z`,
      `${' '.repeat(200_000)}grant`,
    ];
    for (const text of texts) expect(sqlRights('p', 'a.sql', text).grants.length).toBeLessThan(2);
  });
});

describe('privilege by words', () => {
  it.each([
    ['roles/owner', 'admin'],
    ['arn:aws:iam::aws:policy/AdministratorAccess', 'admin'],
    ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'read'],
    ['roles/storage.admin', 'write'],
    ['roles/storage.objectViewer', 'read'],
    ['Contributor', 'write'],
    ['acme-custom', undefined],
  ])('role %s is %s', (role, expected) => expect(privilegeOfRole(role)).toBe(expected));

  it.each([
    ['rl', 'read'],
    ['racwd', 'write'],
    ['rp', 'admin'],
    ['', undefined],
  ])('signature permissions "%s" are %s', (letters, expected) =>
    expect(privilegeOfSas(letters)).toBe(expected),
  );

  it.each([
    ['read:user openid', 'read'],
    ['https://www.googleapis.com/auth/drive.readonly', 'read'],
    ['https://www.googleapis.com/auth/cloud-platform', 'admin'],
    ['repo read:org', 'write'],
    ['admin:org repo', 'admin'],
    ['openid profile', 'none'],
    ['frobnicate', undefined],
    ['read:user frobnicate', undefined],
    ['frobnicate write:things', 'write'],
    ['unread', undefined],
  ])('scopes %s are %s', (scopes, expected) => expect(privilegeOfScopes(scopes.split(' '))).toBe(expected));

  it('permissions and scopes of the value itself count where no code says more', async () => {
    const sas = secretOf('sas', {
      attributes: { 'sas-sp': 'rl', 'sas-sv': '2024-01-01', 'azure-account': 'acmedata' },
      locations: [headLocation('acme/api', '.env')],
    });
    expect((await dossierOf(sas, { 'acme/api': { '.env': '' } })).privilege.value).toBe('read');
    const checked = secretOf('token', { locations: [headLocation('acme/api', '.env')] });
    const liveness = {
      fingerprint: fingerprintOf('token'),
      checkedAt: '2026-11-20T00:00:00Z',
      result: 'live',
      method: 'api',
      by: 'scanner',
      scopes: ['admin:org'],
    } as const;
    const found = await dossierOf(checked, { 'acme/api': { '.env': '' } }, { liveness: [liveness] });
    expect(found.privilege).toMatchObject({ value: 'admin', chosen: { rule: 'scopes' } });
  });
});

describe('OIDC_TRUST_WIDE', () => {
  const trust = (...conditions: readonly string[]): string =>
    [
      'data "aws_iam_policy_document" "ci" {',
      '  statement {',
      '    actions = ["sts:AssumeRoleWithWebIdentity"]',
      '    principals {',
      '      type        = "Federated"',
      '      identifiers = ["arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"]',
      '    }',
      ...conditions,
      '  }',
      '}',
    ].join('\n');
  const subject = (value: string): string =>
    `    condition {\n      variable = "token.actions.githubusercontent.com:sub"\n      values   = ["${value}"]\n    }`;
  const audience = subject('sts.amazonaws.com').replace(':sub', ':aud');
  const cloudKey = secretOf('aws', {
    kind: 'aws-secret-access-key',
    attributes: { 'aws-key-id': `AKIA${'R'.repeat(16)}` },
    locations: [headLocation('acme/infra', '.env')],
  });
  const conditionsWith = async (files: Files): Promise<readonly string[]> =>
    (await dossierOf(cloudKey, { 'acme/infra': { '.env': '', ...files } })).conditions;

  it.each([
    ['no condition at all', trust(), true],
    ['only an audience', trust(audience), true],
    ['any subject', trust(audience, subject('*')), true],
    ['one repository', trust(audience, subject('repo:acme/api:*')), false],
  ])('%s', async (_, text, isWide) => {
    expect((await conditionsWith({ 'ci.tf': text })).includes('OIDC_TRUST_WIDE')).toBe(isWide);
  });

  it('is found in templates, statement by statement', () => {
    const template = (condition: string): string =>
      JSON.stringify({
        Statement: [
          { Action: 's3:GetObject', Effect: 'Allow', Condition: { x: { 'a:sub': 'b' } } },
          {
            Action: 'sts:AssumeRoleWithWebIdentity',
            Effect: 'Allow',
            Principal: { Federated: 'arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com' },
            Condition: { StringLike: { [condition]: 'repo:acme/api:*' } },
          },
        ],
      });
    const issuer = 'token.actions.githubusercontent.com';
    expect(wideTrustOfText('p', 'role.json', template(`${issuer}:aud`))).toHaveLength(1);
    expect(wideTrustOfText('p', 'role.json', template(`${issuer}:sub`))).toEqual([]);
    expect(wideTrustOfText('p', 'role.json', '{}')).toEqual([]);
  });

  it('says nothing of secrets that neither open a cloud nor are used by that CI', async () => {
    const other = secretOf('other', { locations: [headLocation('acme/infra', '.env')] });
    const files = { 'acme/infra': { '.env': '', 'ci.tf': trust() } };
    expect((await dossierOf(other, files)).conditions).not.toContain('OIDC_TRUST_WIDE');
  });
});

describe('code', () => {
  it('blocks end where their braces do, past texts, comments and documents', () => {
    const blocks = hclBlocks(
      [
        'resource "a" "one" {',
        '  text = "} {"  # }',
        '  doc  = <<-EOT',
        '    }}}',
        '  EOT',
        '  nested { x = { y = 1 } }',
        '}',
        'data "b" "two" {}',
      ].join('\n'),
    );
    expect(blocks.map(({ type, labels, from, to }) => [type, labels.join('.'), from, to])).toEqual([
      ['resource', 'a.one', 1, 7],
      ['data', 'b.two', 8, 8],
    ]);
  });

  it.each([
    ['{"Effect":"Allow","Action":"*","Resource":"*"}', true],
    ['{"Effect":"Deny","Action":"*","Resource":"*"}', false],
    ['{"Effect":"Allow","Action":"s3:*","Resource":"*"}', false],
    ['{"Action":"*","Resource":"arn:x"},{"Action":"s3:Get*","Resource":"*"}', false],
  ])('%s allows everything: %s', (text, expected) => expect(isWildcardPolicy(text)).toBe(expected));
});
