/**
 * The safe facts of each kind of value: what a reader may know of a credential that was dropped. Which names
 * exist is in attribute.ts.
 */
import type { Attribute } from '../model/finding.js';
import { ageRecipientOf } from './age-key.js';
import { attribute } from './attribute.js';
import { awsKeyAttributes } from './aws-facts.js';
import { jwtAttributes } from './jwt-facts.js';
import type { KeyFacts } from './public-key.js';
import { publicKeyHash } from './spki.js';
import { connectionStringAttributes, signedUrlAttributes, urlAttributes } from './url-facts.js';

export interface AttributeContext {
  /** The match with its enclosing syntax, e.g. the whole URL of which the value is the password. */
  readonly whole?: string;
  /** Text round the match, some KB at most. */
  readonly near?: string;
}

/** Facts of a private key. */
export function keyAttributes(facts: KeyFacts): Attribute[] {
  return [
    ...attribute('algorithm', facts.algorithm),
    ...attribute('bits', facts.bits),
    ...attribute('curve', facts.curve),
    ...attribute('encrypted', facts.isEncrypted ? 'yes' : 'no'),
    ...attribute('container', facts.container),
    ...attribute('comment', facts.comment),
    ...attribute(
      'public-key-sha256',
      facts.spki === undefined ? undefined : publicKeyHash(facts.spki).toString('hex'),
    ),
    ...attribute('ssh-fingerprint', facts.sshFingerprint),
    ...attribute('pgp-fingerprint', facts.pgpFingerprint),
    ...attribute('pgp-key-id', pgpKeyId(facts.pgpFingerprint)),
  ];
}

/** The last 8 bytes of a fingerprint of version 4, the first 8 of a longer one (RFC 9580 §5.5.4). */
function pgpKeyId(fingerprint: string | undefined): string | undefined {
  return fingerprint?.length === 40 ? fingerprint.slice(-16) : fingerprint?.slice(0, 16);
}

/** Prefixes that tell the mode of a key; documented by the providers. */
const modes = /^(?:sk|pk|rk|whsec|ak|key)_(live|test|sandbox|prod)_/;

/** Prefix up to the last separator of a provider's token, and its mode. */
function prefixAttributes(text: string): Attribute[] {
  const mode = modes.exec(text);
  if (mode !== null) return [...attribute('prefix', mode[0]), ...attribute('mode', mode[1])];
  // Only a short lead of letters before a separator is a prefix; anything longer may be part of the secret.
  return attribute('prefix', /^(?:[A-Za-z]{2,10}[_-]){1,2}(?=[A-Za-z0-9]{16})/.exec(text)?.[0]);
}

/** `services/T…/B…/secret`, `workflows/T…/A…/…`; a trigger has its own number in place of the app's id. */
function slackAttributes(text: string): Attribute[] {
  const ids =
    /(?:^|\/)(?:services|workflows|triggers)\/([TE][A-Z0-9]{6,14})\/(?:([ABC][A-Z0-9]{6,14})\/)?(?:(C[A-Z0-9]{6,14})\/)?/.exec(
      text,
    );
  return [
    ...attribute('slack-workspace', ids?.[1]),
    ...attribute('slack-app', ids?.[2]),
    ...attribute('slack-channel', ids?.[3]),
  ];
}

/** Members of a Google service account file near its key. */
export function serviceAccountAttributes(near: string): Attribute[] {
  const member = (name: string, value: string): string | undefined =>
    new RegExp(`\\\\{0,4}"${name}\\\\{0,4}"\\s{0,20}:\\s{0,20}\\\\{0,4}"(${value})\\\\{0,4}"`).exec(
      near,
    )?.[1];
  return [
    ...attribute('gcp-client-email', member('client_email', '[a-zA-Z0-9._-]{1,64}@[a-zA-Z0-9.-]{1,128}')),
    ...attribute('gcp-project', member('project_id', '[a-z0-9.:-]{1,64}')),
    ...attribute('gcp-key-id', member('private_key_id', '[0-9a-f]{40}')),
    ...attribute('gcp-universe', member('universe_domain', '[a-z0-9.-]{1,64}')),
  ];
}

/** Kinds whose value is a signature: what it signs, and who signed it, is the address that it stands in. */
export const signatureKinds: ReadonlySet<string> = new Set([
  'amazon-presigned-url',
  'azure-storage-sas-token',
  'azure-servicebus-sas-token',
  'gcp-signed-url',
]);

const uuid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const gap = '["\'`\\]]{0,3}\\s{0,8}(?:=>|:=|[:=])\\s{0,8}["\'`]?';
const tenantNear = new RegExp(`tenant[_-]?(?:id)?${gap}(${uuid})`, 'i');
const clientNear = new RegExp(`(?:client|app(?:lication)?)[_-]?id${gap}(${uuid})`, 'i');

/** Directory and application that stand beside a client secret of Entra. */
function entraAttributes(near: string): Attribute[] {
  return [
    ...attribute('azure-tenant', tenantNear.exec(near)?.[1]?.toLowerCase()),
    ...attribute('azure-client-id', clientNear.exec(near)?.[1]?.toLowerCase()),
  ];
}

const clientIdNear = new RegExp(`client[_-]?id${gap}([A-Za-z0-9][\\w.@-]{5,127})(?![\\w.@-])`, 'i');

/** The client whose secret stands beside it in one object; a placeholder names nobody. */
export function clientAttributes(kind: string, near: string): Attribute[] {
  if (kind.startsWith('azure-ad-client-secret')) return entraAttributes(near);
  const id = clientIdNear.exec(near)?.[1];
  return id === undefined || /^(?:process|os|env|config|settings|this|self|your)[._-]/i.test(id)
    ? []
    : attribute('oauth-client-id', id);
}

/** Name under which an identifier without power is kept: its own where the allow-list has one. */
export function identifierAttributes(kind: string, text: string): Attribute[] {
  if (awsKeyKinds.has(kind)) return awsKeyAttributes(text);
  if (kind.endsWith('client-id')) return attribute('oauth-client-id', text);
  if (kind === 'gcp-private-key-id') return attribute('gcp-key-id', text);
  return attribute(kind.includes('key') ? 'key-id' : 'user', text);
}

const awsKeyKinds = new Set(['aws-access-key-id', 'aws-sts-access-key-id', 'aws-bearer-context-key-id']);
const tokenModes =
  /^(?:stripe|paddle|razorpay|mollie|lemonsqueezy|clerk|github|gitlab|slack|npm|openai|anthropic)-/;

/**
 * Facts of one finding. @param value the literal as text
 * @param detector id of the detector that found it (`jwt`, `connection-string`, `private-key`, `pattern`, …)
 */
export function attributesOf(
  kind: string,
  detector: string,
  value: string,
  context: AttributeContext = {},
): Attribute[] {
  const whole = context.whole ?? value;
  if (detector === 'jwt' || /^eyJ[\w-]{8,}\.eyJ/.test(value)) return jwtAttributes(value);
  if (awsKeyKinds.has(kind)) return awsKeyAttributes(value);
  if (signatureKinds.has(kind)) return signedUrlAttributes(whole);
  if (kind === 'slack-webhook-url') return slackAttributes(whole);
  if (kind === 'age-secret-key') return attribute('age-recipient', ageRecipientOf(value));
  if (detector === 'private-key' || kind.startsWith('gcp-service-account-json')) {
    return context.near?.includes('private_key') === true ? serviceAccountAttributes(context.near) : [];
  }
  if (detector === 'connection-string' || /-uri$|-url$|-connection-string$/.test(kind)) {
    return whole.includes('://') && !/^[A-Za-z ]+=/.test(whole)
      ? urlAttributes(whole)
      : connectionStringAttributes(whole);
  }
  return tokenModes.test(kind) ? prefixAttributes(value) : [];
}
