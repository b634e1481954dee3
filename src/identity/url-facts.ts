/** Facts of URLs and connection strings that carry a credential; never the credential itself. */
import type { Attribute } from '../model/finding.js';
import { type AttributeName, attribute } from './attribute.js';

const urlShape =
  /^(?:jdbc:)?([a-z][a-z0-9+.-]{0,30}):\/\/(?:([^\s:/?#@]{0,256})(?::[^\s]*?)?@)?([^\s/?#@:,]{1,255}|\[[0-9a-fA-F:.]{2,45}\])?(?::(\d{1,5}))?[^\s/?#]{0,1024}(?:\/([^\s?#]{0,256}))?(?:\?([^\s#]{0,4096}))?/i;

function unescaped(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Names of query parameters, without values. */
function parameterNames(query: string | undefined): string {
  const names = (query ?? '').split('&').map((pair) => pair.split('=')[0] ?? '');
  return names.filter((name) => /^[A-Za-z0-9_.-]{1,40}$/.test(name)).join(' ');
}

/** Scheme, user, host, port and database of a connection URL. */
export function urlAttributes(url: string): Attribute[] {
  // The credential ends at the last @ of the authority, so that a password with an @ shows nowhere.
  const schemeEnd = url.indexOf('://') + 3;
  const authorityEnd = /[\s?#]|$/.exec(url.slice(schemeEnd))?.index ?? 0;
  const at = url.lastIndexOf('@', schemeEnd + authorityEnd);
  const user = at < schemeEnd ? undefined : url.slice(schemeEnd, at).split(':')[0];
  const bare = at < schemeEnd ? url : url.slice(0, schemeEnd) + url.slice(at + 1);
  const match = urlShape.exec(bare);
  if (match === null) return [];
  return [
    ...attribute('scheme', match[1]?.toLowerCase()),
    ...attribute('user', unescaped(user)),
    ...attribute('host', match[3]?.toLowerCase()),
    ...attribute('port', match[4]),
    ...attribute('database', unescaped(match[5])),
    ...attribute('parameters', parameterNames(match[6])),
  ];
}

const connectionKeys: Readonly<Record<string, AttributeName>> = {
  server: 'host',
  'data source': 'host',
  host: 'host',
  address: 'host',
  port: 'port',
  database: 'database',
  'initial catalog': 'database',
  dbname: 'database',
  uid: 'user',
  user: 'user',
  'user id': 'user',
  username: 'user',
  accountname: 'azure-account',
  endpoint: 'azure-namespace',
  hostname: 'azure-namespace',
  sharedaccesskeyname: 'azure-key-name',
};

/** `tcp:server.example,1433`, as one driver writes protocol and port. */
function serverAttributes(text: string): Attribute[] {
  const [, host, port] = /^(?:tcp:|np:|lpc:)?([^,]*)(?:,(\d{1,5}))?/i.exec(text) ?? [];
  return [...attribute('host', host?.toLowerCase()), ...attribute('port', port)];
}

/** Facts of a `Key=Value;Key=Value` string (ADO, ODBC, Azure). */
export function connectionStringAttributes(text: string): Attribute[] {
  return text.split(';').flatMap((pair) => {
    // The name of the string itself may stand before its first key: `url=Server=db`.
    const [, key = '', written = ''] = /([A-Za-z][A-Za-z ]{0,30}?)\s*=\s*([^=]*)$/.exec(pair) ?? [];
    const name = connectionKeys[key.toLowerCase()];
    if (name === undefined) return [];
    const value = written.trim();
    if (name === 'host') return serverAttributes(value);
    return attribute(name, name === 'azure-namespace' ? value.replace(/^[a-z]+:\/\/|\/.*$/g, '') : value);
  });
}

const signedParameters: Readonly<Record<string, AttributeName>> = {
  sv: 'sas-sv',
  ss: 'sas-ss',
  srt: 'sas-srt',
  sr: 'sas-sr',
  sp: 'sas-sp',
  st: 'sas-st',
  se: 'sas-se',
  si: 'sas-si',
  skoid: 'sas-skoid',
  skn: 'azure-key-name',
  'x-amz-credential': 'signer',
  'x-amz-date': 'signed-at',
  'x-amz-expires': 'expires-seconds',
  'x-goog-credential': 'signer',
  'x-goog-date': 'signed-at',
  'x-goog-expires': 'expires-seconds',
  awsaccesskeyid: 'signer',
  googleaccessid: 'signer',
  expires: 'expires-at',
};

/** `sb://acme.servicebus.windows.net/orders`: what a signature of a message broker is for. */
function brokerAttributes(resource: string): Attribute[] {
  const [, host, entity] = /^(?:[a-z]+:\/\/)?([^/\s]{1,255})\/?(.*)$/i.exec(resource) ?? [];
  return [
    ...attribute('host', host?.toLowerCase()),
    ...attribute('azure-namespace', host?.toLowerCase()),
    ...attribute('container-name', entity),
  ];
}

/** Facts of a SAS token or a presigned URL: who signed, for what, until when. The signature is left out. */
export function signedUrlAttributes(text: string): Attribute[] {
  const facts: Attribute[] = [];
  const query = text.slice(text.indexOf('?') + 1).replace(/^SharedAccessSignature\s+/i, '');
  for (const pair of query.split(/&(?:amp;|#38;)?|\\u0026/)) {
    const equals = pair.indexOf('=');
    const name = signedParameters[pair.slice(0, Math.max(0, equals)).toLowerCase()];
    const value = unescaped(pair.slice(equals + 1));
    if (name !== undefined && value !== undefined) {
      // The first part of a credential scope is the key's id, the rest date and region.
      facts.push(...attribute(name, name === 'signer' ? value.split('/')[0] : value));
    }
  }
  // Of storage it is a letter or two, of a message broker the address itself.
  const resource = unescaped(/(?:^|[?&])sr=([^&]{6,512})/i.exec(query)?.[1]);
  if (resource !== undefined) {
    return [...facts.filter(({ name }) => name !== 'sas-sr'), ...brokerAttributes(resource)];
  }
  // The name that is given the address may stand before it: `BACKUP_URL=https://...`.
  const [before = ''] = text.split('?', 1);
  const address = /(?:^|[^a-z0-9+.-])https?:\/\/([^\s/?#@]{1,255})(?:\/([^\s?#]{0,512}))?/i.exec(before);
  if (address === null) return facts;
  const host = address[1]?.toLowerCase();
  const account = /^([a-z0-9-]{3,63})\.(?:blob|queue|table|file|dfs)\./.exec(host ?? '')?.[1];
  const isAzure = account !== undefined;
  const namespace = /^[a-z0-9-]{1,63}\.servicebus\./.test(host ?? '') ? host : undefined;
  // What is signed for one object shows its folder only: names of objects are data.
  const folder = unescaped(address[2])?.replace(/[^/]*$/, '');
  return [
    ...facts,
    ...attribute('host', host),
    ...attribute('azure-account', account),
    ...attribute('azure-namespace', namespace),
    ...attribute('container-name', isAzure ? address[2]?.split('/')[0] : undefined),
    ...attribute('object', isAzure ? undefined : folder === '' ? '/' : folder),
  ];
}
