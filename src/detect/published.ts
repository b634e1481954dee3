/**
 * Known-public values that a table of values alone cannot name: default accounts, whose password is a word that
 * is a secret elsewhere, and private keys that a project publishes for everybody's use.
 */
import type { Draft } from './draft.js';

interface DefaultAccount {
  readonly user: string;
  readonly password: string;
  /** Names that say the product where no user stands beside the value: `POSTGRES_PASSWORD=postgres`. */
  readonly slot: RegExp;
  readonly origin: string;
}

const account = (user: string, password: string, slot: RegExp, origin: string): DefaultAccount => ({
  user,
  password,
  slot,
  origin,
});

/** From the products' own manuals and images; each is refused or warned about by the product in production. */
const defaultAccounts: readonly DefaultAccount[] = [
  account('postgres', 'postgres', /postgres|^pg/i, 'PostgreSQL images and tutorials, default account'),
  account('guest', 'guest', /rabbit|amqp/i, 'RabbitMQ, default account'),
  account('minioadmin', 'minioadmin', /minio/i, 'MinIO, default account'),
  account('scott', 'tiger', /oracle|scott/i, 'Oracle sample schema, scott/tiger'),
  account('neo4j', 'neo4j', /neo4j/i, 'Neo4j, default account'),
  account('vagrant', 'vagrant', /vagrant/i, 'Vagrant base boxes, default account'),
  account('pi', 'raspberry', /raspberry/i, 'Raspberry Pi OS, former default account'),
  account('elastic', 'changeme', /elastic/i, 'Elasticsearch, former default account'),
  account('airflow', 'airflow', /airflow/i, 'Apache Airflow, quick start'),
  account('odoo', 'odoo', /odoo/i, 'Odoo image, default account'),
  account('admin', 'admin', /grafana|activemq|sonar/i, 'default account of many products'),
];

/** SHA-256 of the SubjectPublicKeyInfo -> where the private half is published. */
const publishedKeys: ReadonlyMap<string, string> = new Map([
  [
    'bde93142b0780b2a66d27977d35f4f542e71cc538d491fe6609e2380b747a027',
    'Vagrant insecure key, github.com/hashicorp/vagrant keys/vagrant',
  ],
  [
    'a7279699e5c6a4ad971f9f205c2409a1cfb05216522b53b3d894dd3ede5e9675',
    'Vagrant insecure key, github.com/hashicorp/vagrant keys/vagrant.key.ed25519',
  ],
]);

/** Where a value is published that is public only as what it stands for here; undefined for all others. */
export function publishedOrigin(draft: Draft, text: string): string | undefined {
  const key = draft.aliases?.find(({ domain }) => domain === 'public-key');
  if (key !== undefined) return publishedKeys.get(key.normalForm.toString('hex'));
  const user = draft.account?.split('@')[0];
  return defaultAccounts.find(
    ({ user: name, password, slot }) =>
      text === password && (user === undefined ? slot.test(draft.slot ?? '') : user === name),
  )?.origin;
}
