/**
 * Safe facts about a value, captured because they are gone once it is dropped. Allow-list only: a fact that
 * is not in {@link attributeNames} cannot be recorded. Texts are cut and stripped of control characters here;
 * the caller scans them like everything else that is stored.
 */
import type { Attribute } from '../model/finding.js';

export const attributeNames = [
  'algorithm',
  'bits',
  'curve',
  'encrypted',
  'container',
  'comment',
  'public-key-sha256',
  'ssh-fingerprint',
  'pgp-fingerprint',
  'pgp-key-id',
  'key-id',
  'x509-subject',
  'x509-san',
  'x509-issuer',
  'x509-serial',
  'x509-not-before',
  'x509-not-after',
  'x509-spki-sha256',
  'x509-key-usage',
  'x509-ca',
  'ssh-cert-key-id',
  'ssh-cert-type',
  'ssh-cert-serial',
  'ssh-cert-principals',
  'ssh-valid-after',
  'ssh-valid-before',
  'ssh-ca-fingerprint',
  'ssh-host',
  'ssh-authorized',
  'csr-subject',
  'container-password',
  'age-recipient',
  'ciphertext',
  'ciphertext-form',
  'jwt-alg',
  'jwt-kid',
  'jwt-iss',
  'jwt-aud',
  'jwt-sub',
  'jwt-azp',
  'jwt-client-id',
  'jwt-iat',
  'jwt-nbf',
  'jwt-exp',
  'jwt-scope',
  'jwt-roles',
  'jwt-jti',
  'aws-key-id',
  'aws-key-type',
  'aws-account',
  'aws-user',
  'scheme',
  'user',
  'host',
  'port',
  'database',
  'parameters',
  'azure-account',
  'azure-namespace',
  'azure-key-name',
  'azure-tenant',
  'azure-client-id',
  'oauth-client-id',
  'sas-sv',
  'sas-ss',
  'sas-srt',
  'sas-sr',
  'sas-sp',
  'sas-st',
  'sas-se',
  'sas-si',
  'sas-skoid',
  'container-name',
  'object',
  'signer',
  'signed-at',
  'expires-seconds',
  'expires-at',
  'gcp-client-email',
  'gcp-project',
  'gcp-key-id',
  'gcp-universe',
  'slack-workspace',
  'slack-app',
  'slack-channel',
  'k8s-server',
  'k8s-cluster',
  'k8s-context',
  'k8s-user',
  'k8s-auth',
  'prefix',
  'mode',
  'token-type',
  'checksum',
  'reported-by',
] as const;
export type AttributeName = (typeof attributeNames)[number];

/** Longest text of one attribute, in characters. */
export const maxAttributeLength = 200;

/** An attribute, or nothing when there is no text. */
export function attribute(name: AttributeName, value: unknown): Attribute[] {
  const text = attributeText(value);
  return text === '' ? [] : [{ name, text }];
}

function attributeText(value: unknown): string {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const text = isPlain
    ? String(value)
    : Array.isArray(value)
      ? value.slice(0, 16).map(attributeText).join(' ')
      : '';
  return cleaned(text).trim().slice(0, maxAttributeLength);
}

/** Control characters to spaces; lone surrogates, which cannot be stored, to U+FFFD. */
function cleaned(text: string): string {
  return Buffer.from(text, 'utf8')
    .toString('utf8')
    .replace(/\p{Cc}+/gu, ' ');
}
