/** What Terraform and OpenTofu files make: principals, and what they are granted. */
import type { FactEvidence } from '../../fact.js';
import { folderOf } from '../consumers/workload.js';
import { azureGrants } from './azure-grants.js';
import { addressOf, type Creation, type Grant, referencesIn, type Site, targetText } from './code-site.js';
import { codeValues, filledIn, isSettingsFile, namesOf } from './code-values.js';
import { argumentsOf, type HclBlock, hclBlocks, literalOf } from './hcl.js';
import { isWildcardPolicy } from './policy-text.js';
import { type KnownPrivilege, privilegeOfRole } from './privilege-words.js';

/** Resources that make principals, with the arguments that name them. */
const makers: Readonly<Record<string, readonly [sort: string, ...names: string[]]>> = {
  google_service_account: ['gcp', 'account_id'],
  azurerm_storage_account: ['azure-storage', 'name'],
  postgresql_role: ['db', 'name'],
  mysql_user: ['db', 'user'],
  google_sql_user: ['db', 'name'],
  mongodbatlas_database_user: ['db', 'username'],
  clickhouse_user: ['db', 'name'],
  rabbitmq_user: ['db', 'name'],
  digitalocean_database_user: ['db', 'name'],
  azuread_application: ['client', 'client_id', 'application_id'],
  azuread_service_principal: ['client', 'client_id', 'application_id'],
  keycloak_openid_client: ['client', 'client_id'],
  auth0_client: ['client', 'client_id'],
  okta_app_oauth: ['client', 'client_id'],
};

/** Resources whose principal only a state file names. */
const namedByState: ReadonlySet<string> = new Set(['aws_iam_access_key', 'azuread_application']);

function creationsOf({ block, scope, evidence, values }: Site): readonly Creation[] {
  const [type = ''] = block.labels;
  const maker = Object.hasOwn(makers, type) ? makers[type] : undefined;
  const address = `${scope}#${addressOf(block)}`;
  const [sort = '', ...names] = maker ?? [];
  const named = names.flatMap((name) => argumentsOf(block, name)).flatMap((text) => namesOf(text, values));
  if (named.length === 0 && namedByState.has(type)) return [{ token: '', address, evidence }];
  return [...new Set(named)].map((name) => ({ token: `${sort} ${name}`, address, evidence }));
}

/** Sorts of what Google's bindings are about, by the resource's name. */
const bindings: readonly (readonly [RegExp, string, string])[] = [
  [/^google_project_iam_/, 'other', 'project'],
  [/^google_organization_iam_/, 'other', 'org_id'],
  [/^google_folder_iam_/, 'other', 'folder'],
  [/^google_storage_bucket_iam_/, 'bucket', 'bucket'],
  [/^google_secret_manager_secret_iam_/, 'vault', 'secret_id'],
  [/^google_pubsub_(?:topic|subscription)_iam_/, 'queue', 'topic'],
  [/^google_bigquery_(?:dataset|table)_iam_/, 'database', 'dataset_id'],
  [/^google_artifact_registry_repository_iam_/, 'registry', 'repository'],
  [/^google_\w+_iam_(?:member|binding)$/, 'other', 'name'],
];

const serviceMember = /serviceAccount:([^"@\s]+)@[\w-]+\.iam\.gserviceaccount\.com/g;

function googleGrants({ block, scope, evidence, values }: Site): readonly Grant[] {
  const [type = ''] = block.labels;
  const binding = bindings.find(([pattern]) => pattern.test(type));
  // Who may use an account is no right of the account.
  if (binding === undefined || type.startsWith('google_service_account_iam_')) return [];
  const [, kind, argument] = binding;
  const target = targetText(argumentsOf(block, argument)[0]);
  const role = literalOf(argumentsOf(block, 'role')[0]) ?? 'unknown';
  const common = {
    kind,
    target: /^google_project/.test(type) ? `gcp:${target}` : target,
    role,
    privilege: privilegeOfRole(role),
    isWildcard: false,
    evidence: { ...evidence, note: `${addressOf(block)}: ${role}` },
  };
  const members = block.lines.filter((line) => line.includes('serviceAccount:'));
  const named = members
    .flatMap((line) => filledIn(line, values))
    .flatMap((line) => [...line.matchAll(serviceMember)].map(([, name = '']) => name));
  return [
    ...[...new Set(named)].map((name) => ({ ...common, token: `gcp ${name}` })),
    ...referencesIn(block.lines, 'google_service_account').map((address) => ({
      ...common,
      address: `${scope}#${address}`,
    })),
  ];
}

const privilegeWords: readonly (readonly [RegExp, KnownPrivilege])[] = [
  [/"(?:ALL|ALL PRIVILEGES|SUPER)"/i, 'write'],
  [/"(?:INSERT|UPDATE|DELETE|TRUNCATE|CREATE|DROP|ALTER)"/i, 'write'],
  [/"(?:SELECT|USAGE|CONNECT|EXECUTE)"/i, 'read'],
];

function databaseGrants({ block, scope, evidence, values }: Site): readonly Grant[] {
  const [type = ''] = block.labels;
  if (type !== 'postgresql_grant' && type !== 'mysql_grant') return [];
  const user = argumentsOf(block, type === 'mysql_grant' ? 'user' : 'role')[0];
  const list = argumentsOf(block, 'privileges').join(' ');
  const names = namesOf(user, values);
  const role = list.replace(/[[\]"]/g, '') || 'unknown';
  const common = {
    kind: 'database',
    target: targetText(argumentsOf(block, 'database')[0]),
    role,
    privilege: privilegeWords.find(([pattern]) => pattern.test(list))?.[1],
    isWildcard: false,
    evidence: { ...evidence, note: `${addressOf(block)}: ${role}` },
  };
  if (names.length > 0) return names.map((name) => ({ ...common, token: `db ${name}` }));
  const [reference] = [
    ...referencesIn([user ?? ''], 'postgresql_role'),
    ...referencesIn([user ?? ''], 'mysql_user'),
  ];
  return reference === undefined ? [] : [{ ...common, address: `${scope}#${reference}` }];
}

/** Policies of users: attached by name, or written out. A document that is referred to stands in `documents`. */
function amazonGrants(
  { block, scope, evidence }: Site,
  documents: ReadonlyMap<string, HclBlock>,
): readonly Grant[] {
  const [type = ''] = block.labels;
  if (!/^aws_iam_user_policy(?:_attachment)?$|^aws_iam_policy_attachment$/.test(type)) return [];
  const arn = argumentsOf(block, 'policy_arn').map(literalOf)[0];
  const referred = referencesIn(block.lines, 'aws_iam_policy_document').map((name) => `data.${name}`);
  const texts = [block, ...referred.flatMap((name) => documents.get(`${scope}#${name}`) ?? [])].map(
    ({ lines }) => lines.join('\n'),
  );
  const isWildcard = texts.some(isWildcardPolicy);
  const role = arn ?? (isWildcard ? '*:*' : 'policy');
  const users = [...argumentsOf(block, 'user'), ...argumentsOf(block, 'users')];
  return referencesIn(users, 'aws_iam_user').map((address) => ({
    address: `${scope}#${address}`,
    kind: 'other',
    target: `aws account, ${role.replace(/^.*\//, '')}`,
    role,
    privilege: isWildcard ? 'admin' : privilegeOfRole(role),
    isWildcard: isWildcard || privilegeOfRole(role) === 'admin',
    evidence: { ...evidence, note: `${addressOf(block)}: ${role}` },
  }));
}

export interface TerraformCode {
  readonly creations: readonly Creation[];
  readonly grants: readonly Grant[];
  /** What stands for an access key by its user: `folder#aws_iam_access_key.x` to `folder#aws_iam_user.y`. */
  readonly users: ReadonlyMap<string, string>;
  readonly sites: readonly { readonly block: HclBlock; readonly evidence: FactEvidence }[];
}

/** Of one folder's files: blocks refer to each other across them. */
export function terraformCode(
  place: string,
  files: readonly { readonly path: string; readonly text: string }[],
): TerraformCode {
  const values = codeValues(files);
  const code = files.filter(({ path }) => !isSettingsFile(path));
  const sites = code.flatMap(({ path, text }): Site[] =>
    hclBlocks(text).map((block) => ({
      block,
      values,
      scope: `${place}:${folderOf(path)}`,
      evidence: { place, path, line: block.from, note: addressOf(block) },
    })),
  );
  const documents = new Map(
    sites
      .filter(({ block }) => block.type === 'data')
      .map(({ block, scope }) => [`${scope}#data.${addressOf(block)}`, block]),
  );
  const resources = sites.filter(({ block }) => block.type === 'resource');
  const users = new Map<string, string>();
  for (const { block, scope } of resources) {
    if (block.labels[0] !== 'aws_iam_access_key') continue;
    const [user] = referencesIn(argumentsOf(block, 'user'), 'aws_iam_user');
    if (user !== undefined) users.set(`${scope}#${addressOf(block)}`, `${scope}#${user}`);
  }
  return {
    creations: resources.flatMap(creationsOf),
    grants: resources.flatMap((site) => [
      ...googleGrants(site),
      ...databaseGrants(site),
      ...amazonGrants(site, documents),
      ...azureGrants(site, sites),
    ]),
    users,
    sites,
  };
}
