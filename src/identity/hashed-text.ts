/**
 * Names of people and machines as keyed hashes, for databases that must not hold them (`--hash-attributes`). Equal
 * names give equal hashes under whatever attribute they stand, so that joins still hold; what tells the form of a name
 * (the `@` of an address, scheme and port of a URL, the prefix of a service account) stays readable.
 */
import { createHmac } from 'node:crypto';
import type { AttributeName } from './attribute.js';

/** Attributes that name people and machines; all others are kept as text. */
export const hashedAttributeNames: readonly AttributeName[] = [
  'aws-user',
  'comment',
  'gcp-client-email',
  'host',
  'azure-namespace',
  'csr-subject',
  'jwt-aud',
  'jwt-iss',
  'jwt-sub',
  'k8s-cluster',
  'k8s-context',
  'k8s-server',
  'k8s-user',
  'signer',
  'ssh-cert-key-id',
  'ssh-authorized',
  'ssh-cert-principals',
  'ssh-host',
  'user',
  'x509-issuer',
  'x509-san',
  'x509-subject',
];

/** The name under which a copy's `user@host:port/database` is given, which is no attribute. */
export const accountName = 'account';

/** Hex digits of a hash: 2^48, so that of a hundred thousand names hardly two share one. */
const digits = 12;
const hashedForm = /^#[0-9a-f]{12}$/;

const names: ReadonlySet<string> = new Set([...hashedAttributeNames, accountName]);
/** Whole texts: their parts are no names that anything is joined by. */
const wholeNames: ReadonlySet<string> = new Set([
  'comment',
  'csr-subject',
  'ssh-authorized',
  'x509-issuer',
  'x509-subject',
  'ssh-cert-key-id',
]);
/** Several names in one text. */
const listNames: ReadonlySet<string> = new Set(['jwt-aud', 'ssh-cert-principals', 'ssh-host', 'x509-san']);

const serviceAccount = /^(system:serviceaccount):([^:\s]+):([^:\s]+)$/;
const address = /^([a-z][a-z0-9+.-]*):\/\/([^/?#\s]*|#[0-9a-f]{12}(?::\d{1,5})?)(\/.*)?$/i;
/** A key's id: an identifier, and no person's or machine's name. */
const keyId = /^[A-Z0-9]{16,32}$/;

/** The text to keep in place of `text`; itself where the name is not hashed, or it is hashed already. */
export type HashText = (name: string, text: string) => string;

/** @param key of the purpose `pseudonym` */
export function textHasher(key: Buffer): HashText {
  const hash = (text: string): string => {
    if (text === '' || hashedForm.test(text)) return text;
    const digest = createHmac('sha256', key).update(`attribute\0${text}`).digest('hex');
    return `#${digest.slice(0, digits)}`;
  };
  const host = (text: string): string => {
    const [, name = text, port = ''] = /^(.*?)(:\d{1,5})?$/.exec(text) ?? [];
    return `${hash(name.toLowerCase())}${port}`;
  };
  const one = (text: string): string => {
    const account = serviceAccount.exec(text);
    if (account !== null) return `${account[1]}:${hash(account[2] ?? '')}:${hash(account[3] ?? '')}`;
    const url = address.exec(text);
    if (url !== null) return `${url[1]}://${host(url[2] ?? '')}${path(url[3])}`;
    const at = text.lastIndexOf('@');
    if (at > 0) return `${hash(text.slice(0, at))}@${host(text.slice(at + 1))}`;
    return /[.:]/.test(text) ? host(text) : hash(text);
  };
  const path = (text: string | undefined): string => {
    if (text === undefined || text === '/') return text ?? '';
    return `/${hash(text.slice(1))}`;
  };
  /** `DNS:a, URI:spiffe://b` or names with blanks between. */
  const list = (text: string): string =>
    text
      .split(/(,? +)/)
      .map((part) => {
        const typed = /^([A-Za-z]+):(?!\/\/)(.+)$/.exec(part);
        if (/^,? *$/.test(part) || part === 'IP') return part;
        return typed === null ? one(part) : `${typed[1]}:${one(typed[2] ?? '')}`;
      })
      .join('');
  const account = (text: string): string => {
    const at = text.lastIndexOf('@');
    if (at < 0) return one(text);
    const [server = '', ...database] = text.slice(at + 1).split('/');
    const user = text.slice(0, at);
    return [`${user === '' ? '' : one(user)}@${server === '' ? '' : host(server)}`, ...database].join('/');
  };
  return (name, text) => {
    if (!names.has(name) || (name === 'signer' && keyId.test(text))) return text;
    if (name === accountName) return account(text);
    if (wholeNames.has(name)) return hash(text);
    if (name === 'host') return host(text);
    return listNames.has(name) ? list(text) : one(text);
  };
}
