/**
 * Who a secret lets you be. The key of a principal is made of what was captured beside the value, so that one database
 * user behind four differently written URLs is one thing to rotate. Without such facts a secret is a principal of its own.
 */
import type { Exposure } from '../../model/exposure.js';
import type { Dossier } from '../dossier.js';
import type { ProviderRow } from '../facts/provider-table.js';
import { codePointOrder } from '../order.js';
import { type AttributeReader, attributeReader } from './attribute-reader.js';
import { connectionPrincipals } from './connection-principal.js';

/**
 * `key` is e.g. `db:postgresql:db1.acme.example:5432:ledger` or `anon:9c0d41e27ab6`, `kind` e.g. `database-user`, and `rule`
 * the stable id of what made the key, e.g. `identity.database`.
 */
export type Principal = Dossier['principal'];

/** Hex characters of the fingerprint that stand for a secret without a name. */
const anonymousLength = 12;
const anonymousRule = 'identity.anonymous';

/** A key whose parts are all known; a part that is missing makes no key. */
function keyed(
  kind: string,
  rule: string,
  scheme: string,
  ...parts: readonly (string | undefined)[]
): Principal[] {
  if (parts.some((part) => part === undefined || part === '')) return [];
  return [{ key: [scheme, ...parts].join(':'), kind, rule: `identity.${rule}` }];
}

/** A part that is not known is left open, as long as the others say who it is. */
const open = (part: string | undefined): string => part ?? '';

type PrincipalRule = (attributes: AttributeReader, exposure: Exposure) => readonly Principal[];

function googleServiceAccount(attributes: AttributeReader): Principal[] {
  const email = attributes.only('gcp-client-email');
  // The project stands in the address of every service account but the default ones.
  const project = attributes.only('gcp-project') ?? /@([a-z0-9-]+)\.iam\./.exec(email ?? '')?.[1];
  return email === undefined ? [] : keyed('service-account', 'gcp', `gcp:${open(project)}`, email);
}

/** A user may have several keys; the name of the user alone is that of another user in every account. */
function awsKey(attributes: AttributeReader): Principal[] {
  const id = attributes.only('aws-key-id');
  if (id === undefined) return [];
  const account = attributes.only('aws-account');
  const user = attributes.only('aws-user');
  return [
    ...(user === undefined ? [] : keyed('api-client', 'aws-user', 'aws', account, `user/${user}`)),
    ...keyed('api-client', 'aws', `aws:${open(account)}`, id),
  ];
}

/** Signatures of an account are children of its key; they are no second key of it. */
function isSignature(attributes: AttributeReader): boolean {
  return (
    attributes.all('sas-sv').length + attributes.all('sas-se').length + attributes.all('sas-si').length > 0
  );
}

function azure(attributes: AttributeReader): Principal[] {
  const tenant = attributes.only('azure-tenant');
  const client = attributes.only('azure-client-id');
  if (client !== undefined) return keyed('oauth-client', 'entra', `entra:${open(tenant)}`, client);
  if (isSignature(attributes)) return [];
  const account = attributes.only('azure-account');
  if (account !== undefined) return keyed('service-account', 'azure-storage', 'azure-storage', account);
  return keyed(
    'api-client',
    'azure-namespace',
    'azure',
    attributes.only('azure-namespace'),
    attributes.only('azure-key-name'),
  );
}

/** `system:serviceaccount:<namespace>:<name>` is the subject of the tokens of Kubernetes. */
const serviceAccountSubject = /^system:serviceaccount:([^:]+):([^:]+)$/;

function token(attributes: AttributeReader): Principal[] {
  const issuer = attributes.only('jwt-iss');
  const subject = attributes.only('jwt-sub');
  const client = attributes.only('jwt-azp') ?? attributes.only('jwt-client-id');
  const account = serviceAccountSubject.exec(subject ?? '');
  if (account !== null) {
    return keyed('service-account', 'kubernetes', `k8s:${open(issuer)}`, account[1], account[2]);
  }
  // The subject of a client's own token is the client, often with a suffix such as `@clients`.
  const isOwn = client !== undefined && (subject === undefined || subject.startsWith(client));
  if (isOwn) return keyed('oauth-client', 'oauth', 'oauth', issuer, client);
  const isPerson = subject?.includes('@') === true && !/gserviceaccount\.com$|@clients$/.test(subject);
  return keyed(isPerson ? 'personal' : 'api-client', 'jwt', 'jwt', issuer, subject);
}

function certificate(attributes: AttributeReader): Principal[] {
  return keyed(
    'certificate-subject',
    'x509',
    'x509',
    attributes.only('x509-issuer'),
    attributes.only('x509-subject'),
  );
}

/** A client by its id, which stands beside its secret; who issued it is known of some kinds only. */
function client(attributes: AttributeReader): Principal[] {
  const id = attributes.only('oauth-client-id');
  return id === undefined
    ? []
    : keyed('oauth-client', 'oauth', `oauth:${open(attributes.only('jwt-iss'))}`, id);
}

/** A user of a cluster as its configuration calls it, where the credential itself says nothing. */
function clusterUser(attributes: AttributeReader): Principal[] {
  const server = attributes.only('k8s-server');
  return server === undefined
    ? []
    : keyed('unknown', 'kubeconfig', `k8s:${server}:`, attributes.only('k8s-user'));
}

function key(attributes: AttributeReader): Principal[] {
  const hash = attributes.only('public-key-sha256');
  if (hash !== undefined) return keyed('signing-key', 'key', 'key', hash);
  return keyed('device', 'ssh', 'ssh', attributes.only('ssh-fingerprint'));
}

function slack(attributes: AttributeReader): Principal[] {
  const workspace = attributes.only('slack-workspace');
  return keyed('third-party-integration', 'slack', 'slack', workspace, attributes.only('slack-app'));
}

/** The more a rule says of who it is, the earlier it stands. */
const rules: readonly PrincipalRule[] = [
  googleServiceAccount,
  awsKey,
  azure,
  token,
  slack,
  connectionPrincipals,
  client,
  certificate,
  clusterUser,
  key,
];

/** Words of kinds that say what sort of principal an otherwise nameless secret is. */
const kindWords: readonly (readonly [RegExp, string])[] = [
  [/signing|private-key|jwk/, 'signing-key'],
  [/(?:^|-)(?:ci|runner|pipeline|buildkite|circleci|job)(?:-|$)/, 'ci'],
  [/(?:^|-)bot(?:-|$)/, 'bot'],
  [/oauth|client-secret/, 'oauth-client'],
  [/personal|(?:^|-)pat(?:-|$)|user-token/, 'personal'],
  [/webhook/, 'third-party-integration'],
  [/service-account|sa-token/, 'service-account'],
];

function anonymous(exposure: Exposure, row: ProviderRow | undefined): Principal {
  const kind = exposure.labels[0]?.kind ?? '';
  const named = kindWords.find(([pattern]) => pattern.test(kind))?.[1];
  return {
    key: `anon:${exposure.fingerprint.slice(0, anonymousLength)}`,
    kind: named ?? (row?.userBound === true ? 'personal' : 'unknown'),
    rule: anonymousRule,
  };
}

/** Attribute of the principal that somebody states (stated-principals.ts); never captured. */
export const statedPrincipal = 'stated-principal';

/** Principals of secrets that were looked at: several derivations ask for each. */
const named = new WeakMap<Exposure, readonly Principal[]>();

function namedPrincipals(exposure: Exposure): readonly Principal[] {
  const known = named.get(exposure);
  if (known !== undefined) return known;
  const attributes = attributeReader(exposure);
  const found = new Map<string, Principal>();
  for (const rule of rules) {
    for (const principal of rule(attributes, exposure)) {
      if (!found.has(principal.key)) found.set(principal.key, principal);
    }
  }
  const derived = [...found.values()];
  const stated = attributes.only(statedPrincipal);
  const principals =
    stated === undefined
      ? derived
      : [
          { key: stated, kind: derived[0]?.kind ?? 'unknown', rule: 'identity.stated' },
          ...derived.filter(({ key: own }) => own !== stated),
        ];
  named.set(exposure, principals);
  return principals;
}

/** All principals that a secret shows, the best named first; one value may be the password of two users. */
export function principalsOf(
  exposure: Exposure,
  row?: ProviderRow,
): readonly [Principal, ...(readonly Principal[])] {
  const [first, ...others] = namedPrincipals(exposure);
  return first === undefined ? [anonymous(exposure, row)] : [first, ...others];
}

/** The principal that plans speak of. */
export function principalOf(exposure: Exposure, row?: ProviderRow): Principal {
  return principalsOf(exposure, row)[0];
}

export function isAnonymous(principal: Pick<Principal, 'rule'>): boolean {
  return principal.rule === anonymousRule;
}

/** Rules whose key is that of one credential: whose it is, and how many others there are beside it, it does not say. */
const credentialRules: ReadonlySet<string> = new Set([
  anonymousRule,
  'identity.aws',
  'identity.key',
  'identity.ssh',
]);

/** True when its key names the credential and not the account that has it. */
export function isCredentialKey({ rule }: Pick<Principal, 'rule'>): boolean {
  return credentialRules.has(rule);
}

/** Name of the credential that a secret is, or is a half of; public. */
export function credentialOf(exposure: Exposure): string {
  return attributeReader(exposure).only('aws-key-id') ?? exposure.fingerprint;
}

/**
 * Keys of the principals whose secret made this one: the storage account of a SAS, the signer of a presigned URL. Known
 * even when the parent itself was found nowhere.
 */
export function parentPrincipalsOf(exposure: Exposure): readonly string[] {
  const attributes = attributeReader(exposure);
  const signer = attributes.only('signer');
  const parents = [
    ...(isSignature(attributes) ? signatureParents(attributes) : []),
    ...(signer === undefined ? [] : [signerKey(signer, attributes)]),
  ];
  return [...new Set(parents)].sort(codePointOrder);
}

function signatureParents(attributes: AttributeReader): string[] {
  // A user delegation key is no account key: it ends by itself and is revoked in the directory.
  const delegate = attributes.only('sas-skoid');
  if (delegate !== undefined) return [`entra::${delegate}`];
  const account = attributes.only('azure-account');
  if (account !== undefined) return [`azure-storage:${account}`];
  const keyName = attributes.only('azure-key-name');
  const namespace = attributes.only('azure-namespace') ?? attributes.only('host');
  return keyName === undefined || namespace === undefined ? [] : [`azure:${namespace}:${keyName}`];
}

function signerKey(signer: string, attributes: AttributeReader): string {
  if (signer.includes('@')) {
    const project = /@([a-z0-9-]+)\.iam\./.exec(signer)?.[1];
    return `gcp:${open(project)}:${signer}`;
  }
  return `aws:${open(attributes.only('aws-account'))}:${signer}`;
}
