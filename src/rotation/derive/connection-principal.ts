/** Principals of connection URLs and strings: the user at a server, however it is written. */
import type { Exposure } from '../../model/exposure.js';
import type { Dossier } from '../dossier.js';
import { codePointOrder } from '../order.js';
import type { AttributeReader } from './attribute-reader.js';

type Principal = Dossier['principal'];

/** Schemes as drivers spell them, by the protocol they speak. */
const protocols: Readonly<Record<string, { readonly name: string; readonly port: string }>> = {
  postgres: { name: 'postgresql', port: '5432' },
  postgresql: { name: 'postgresql', port: '5432' },
  mysql: { name: 'mysql', port: '3306' },
  mariadb: { name: 'mysql', port: '3306' },
  mongodb: { name: 'mongodb', port: '27017' },
  'mongodb+srv': { name: 'mongodb', port: '27017' },
  redis: { name: 'redis', port: '6379' },
  rediss: { name: 'redis', port: '6379' },
  amqp: { name: 'amqp', port: '5672' },
  amqps: { name: 'amqp', port: '5671' },
  mssql: { name: 'sqlserver', port: '1433' },
  sqlserver: { name: 'sqlserver', port: '1433' },
  oracle: { name: 'oracle', port: '1521' },
  clickhouse: { name: 'clickhouse', port: '8123' },
  ftp: { name: 'ftp', port: '21' },
  ldap: { name: 'ldap', port: '389' },
  ldaps: { name: 'ldap', port: '636' },
  smtp: { name: 'smtp', port: '25' },
  smtps: { name: 'smtp', port: '465' },
};

/** Kinds whose name tells the protocol when the text does not. */
const protocolOfKind: readonly (readonly [RegExp, string])[] = [
  [/postgres|^pgpass/, 'postgresql'],
  [/mysql|mariadb/, 'mysql'],
  [/mongodb/, 'mongodb'],
  [/redis/, 'redis'],
  [/amqp/, 'amqp'],
  [/mssql|azure-sql/, 'sqlserver'],
  [/clickhouse/, 'clickhouse'],
];

interface Account {
  readonly scheme?: string;
  readonly user?: string;
  readonly host?: string;
  readonly port?: string;
}

/** Takes `user@host:port/database` apart; a user name may hold an `@`, a host may not. */
export function parseAccount(text: string): Account {
  const at = text.lastIndexOf('@');
  const user = at < 0 ? text : text.slice(0, at);
  const [address = ''] = at < 0 ? [''] : text.slice(at + 1).split('/');
  const [, host = '', port] = /^(.*?)(?::(\d{1,5}))?$/.exec(address) ?? [];
  return {
    ...(user === '' ? {} : { user }),
    // `tcp:` and the instance are how one driver writes its address.
    ...(host === '' ? {} : { host: host.replace(/^tcp:/, '').toLowerCase() }),
    ...(port === undefined ? {} : { port }),
  };
}

/** `postgres-url` is the slot of what stood in such a URL. */
function schemeOfSlot(slot: string | undefined): string | undefined {
  const name = /^([a-z][a-z0-9+.-]*)-url$/.exec(slot ?? '')?.[1];
  return name === 'user' ? undefined : name;
}

function schemeOfKind(kind: string): string | undefined {
  return protocolOfKind.find(([pattern]) => pattern.test(kind))?.[1];
}

function principal({ scheme, user, host, port }: Account): Principal[] {
  if (scheme === undefined || user === undefined || host === undefined) return [];
  if (/^https?$|^git|^ssh$/.test(scheme)) {
    return [{ key: `registry:${host}:${user}`, kind: 'api-client', rule: 'identity.registry' }];
  }
  const protocol = protocols[scheme];
  const address = `${protocol?.name ?? scheme}:${host}:${port ?? protocol?.port ?? ''}`;
  return [{ key: `db:${address}:${user}`, kind: 'database-user', rule: 'identity.database' }];
}

/**
 * Users that the password of this secret opens. Each copy tells its own account; what it leaves out is taken from the
 * united attributes, where all copies agree.
 */
export function connectionPrincipals(attributes: AttributeReader, exposure: Exposure): readonly Principal[] {
  const hasAccount = exposure.locations.some(({ account }) => account !== undefined);
  if (!hasAccount && attributes.only('user') === undefined) return [];
  const united: Account = withoutGaps({
    scheme: attributes.only('scheme'),
    user: attributes.only('user'),
    host: attributes.only('host'),
    port: attributes.only('port'),
  });
  const counts = new Map<string, { readonly principal: Principal; count: number }>();
  const add = (account: Account): void => {
    for (const found of principal(account)) {
      const known = counts.get(found.key);
      if (known === undefined) counts.set(found.key, { principal: found, count: 1 });
      else known.count++;
    }
  };
  for (const { account, slot, kind } of exposure.locations) {
    if (account === undefined) continue;
    const own = parseAccount(account);
    // A name that stands near a value, without a server, may be anybody's; a URL elsewhere knows better.
    if (own.host === undefined && united.user !== undefined && own.user !== united.user) continue;
    const scheme = schemeOfSlot(slot) ?? united.scheme ?? schemeOfKind(kind);
    // The port belongs to the host that it stands with.
    const { port, ...rest } = united;
    const isSameHost = own.host === undefined || own.host === united.host;
    add({
      ...rest,
      ...(port !== undefined && isSameHost ? { port } : {}),
      ...own,
      ...(scheme === undefined ? {} : { scheme }),
    });
  }
  if (counts.size === 0) {
    const scheme = united.scheme ?? schemeOfKind(exposure.labels[0]?.kind ?? '');
    add({ ...united, ...(scheme === undefined ? {} : { scheme }) });
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count || codePointOrder(a.principal.key, b.principal.key))
    .map((found) => found.principal);
}

function withoutGaps(account: Readonly<Record<keyof Account, string | undefined>>): Account {
  return Object.fromEntries(Object.entries(account).filter(([, text]) => text !== undefined));
}
