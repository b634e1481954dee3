/** What a credential reaches, by the facts captured beside it: servers (`R1`), accounts (`R2`), audiences (`R4`). */
import type { Exposure } from '../../../model/exposure.js';
import type { Resource } from '../../dossier.js';
import { type AttributeReader, attributeReader } from '../attribute-reader.js';

type Found = Omit<Resource, 'environment'>;

/** Sorts of servers by the scheme of a URL. */
const kindOfScheme: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|mssql|sqlserver|oracle|clickhouse|cassandra|couchbase|neo4j|snowflake|jdbc)/,
    'database',
  ],
  [/^(?:amqps?|kafka|nats|mqtts?|stomp)$/, 'queue'],
  [/^(?:smtps?|imaps?|pop3s?)$/, 'mailbox'],
  [/^(?:s3|gs|abfss?|wasbs?)$/, 'bucket'],
  [/^git|^ssh$/, 'repository'],
  [/^https?$|^grpcs?$|^wss?$/, 'api'],
];
const kindOfSecret: readonly (readonly [RegExp, string])[] = [
  [/postgres|pgpass|mysql|mariadb|mongodb|redis|mssql|azure-sql|clickhouse/, 'database'],
  [/amqp|kafka|rabbitmq/, 'queue'],
  [/smtp|imap/, 'mailbox'],
];

function kindOf(scheme: string | undefined, secretKind: string): string {
  const byScheme = scheme === undefined ? undefined : kindOfScheme.find(([pattern]) => pattern.test(scheme));
  return (byScheme ?? kindOfSecret.find(([pattern]) => pattern.test(secretKind)))?.[1] ?? 'other';
}

function withPort(host: string, port: string | undefined): string {
  return port === undefined ? host : `${host}:${port}`;
}

/** The servers of a secret's copies; what a copy tells itself comes before what all of them tell together. */
function servers(exposure: Exposure, attributes: AttributeReader): Found[] {
  const secretKind = exposure.labels[0]?.kind ?? '';
  const scheme = attributes.only('scheme');
  const found: Found[] = [];
  for (const { account, kind, slot } of exposure.locations) {
    const address = account === undefined ? '' : account.slice(account.lastIndexOf('@') + 1);
    if (account?.includes('@') !== true || address === '') continue;
    const own = /^([a-z][a-z0-9+.-]*)-url$/.exec(slot ?? '')?.[1];
    found.push({ kind: kindOf(own ?? scheme, kind), address: address.toLowerCase(), rule: 'R1' });
  }
  const host = attributes.only('host');
  // Hosts of several copies cannot be put together with ports and databases any more.
  if (found.length > 0 || attributes.all('host').length === 0 || isPresigned(attributes)) return found;
  if (host === undefined) {
    return attributes
      .all('host')
      .map((one) => ({ kind: kindOf(scheme, secretKind), address: one, rule: 'R1' }));
  }
  const database = attributes.only('database');
  const server = withPort(host, attributes.only('port'));
  const isPath = scheme !== undefined && /^https?$/.test(scheme);
  const address = database === undefined || isPath ? server : `${server}/${database}`;
  return [{ kind: kindOf(scheme, secretKind), address, rule: 'R1' }];
}

/** Attributes that name an account, with the sort of thing it is. */
const accounts: readonly (readonly [name: string, kind: string, prefix: string])[] = [
  ['aws-account', 'other', 'aws:'],
  ['gcp-project', 'other', 'gcp:'],
  ['azure-account', 'bucket', 'azure-storage:'],
  ['azure-namespace', 'queue', 'azure:'],
  ['slack-workspace', 'api', 'slack:'],
];

function accountsOf(attributes: AttributeReader): Found[] {
  return accounts.flatMap(([name, kind, prefix]) =>
    attributes.all(name).map((text) => ({ kind, address: `${prefix}${text}`, rule: 'R2' })),
  );
}

function isPresigned(attributes: AttributeReader): boolean {
  return attributes.all('object').length > 0 && attributes.all('host').length > 0;
}

/** What a signed address or token is good for. */
function audiences(attributes: AttributeReader): Found[] {
  const tokens = attributes.all('jwt-aud').map((address) => ({ kind: 'api', address, rule: 'R4' }));
  const account = attributes.only('azure-account');
  const containers = attributes.all('container-name').map((name) => ({
    kind: 'bucket',
    address: account === undefined ? name : `azure-storage:${account}/${name}`,
    rule: 'R4',
  }));
  const host = attributes.only('host');
  const folders = attributes
    .all('object')
    .map((object) => object.slice(0, Math.max(0, object.lastIndexOf('/'))));
  const presigned = isPresigned(attributes) && host !== undefined ? folders : [];
  return [
    ...tokens,
    ...containers,
    ...presigned.map((folder) => ({
      kind: 'bucket',
      address: folder === '' ? (host ?? '') : `${host}/${folder.replace(/^\//, '')}`,
      rule: 'R4',
    })),
  ];
}

/** Clusters of the contexts in which a credential is used (`R3`). */
function clusters(attributes: AttributeReader): Found[] {
  return attributes.all('k8s-server').map((address) => ({ kind: 'cluster', address, rule: 'R3' }));
}

/** Hosts that prove themselves with this key, by the known hosts of others. */
function hosts(attributes: AttributeReader): Found[] {
  const names = attributes.all('ssh-host').flatMap((list) => list.split(' '));
  return [...new Set(names)].sort().map((address) => ({ kind: 'other', address, rule: 'R1' }));
}

export function attributeResources(exposure: Exposure): readonly Found[] {
  const attributes = attributeReader(exposure);
  return [
    ...clusters(attributes),
    ...servers(exposure, attributes),
    ...hosts(attributes),
    ...accountsOf(attributes),
    ...audiences(attributes),
  ];
}
