/** What is captured of values when they are found, and what it is used for, through the real command line. */
import { createHmac, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ageRecipientOf } from '../../src/identity/age-key.js';
import { openSqlite } from '../../src/store/sqlite.js';
import { certificateOf, pemOf, sshCertificateLine } from '../support/certificates.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { openSshContainer, sshPublicBlob } from '../support/key-containers.js';
import { encryptedPkcs8, pkcs12Of } from '../support/key-stores.js';
import { CliHome, scratch } from '../support/scratch.js';

const now = '2026-11-22T00:00:00Z';

function scanned(files: Readonly<Record<string, string>>, ...flags: readonly string[]): CliHome {
  const folder = scratch();
  const root = join(folder, 'files');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const home = new CliHome(folder);
  const { status, stderr } = home.run(['scan', root, ...flags]);
  expect(status, stderr).toBe(1);
  return home;
}

interface Dossier {
  readonly [field: string]: unknown;
}

/** Fingerprints of the secrets of a kind. */
function secretsOf(home: CliHome, kind: string): string[] {
  return home
    .json(['list', '--all'])
    .filter((record) => record['type'] === 'secret' && record['kind'] === kind)
    .map((record) => String(record['fingerprint']));
}

function only(home: CliHome, kind: string): string {
  const found = secretsOf(home, kind);
  expect(found, kind).toHaveLength(1);
  return found[0] as string;
}

/** Texts by name of what is stored of one secret. */
function attributesOf(home: CliHome, fingerprint: string): Record<string, string[]> {
  const texts: Record<string, string[]> = {};
  const { stdout } = home.run(['show', fingerprint, '--all', '--format', 'json']);
  const [secret] = (JSON.parse(stdout) as { secrets: { attributes: { name: string; text: string }[] }[] })
    .secrets;
  for (const { name, text } of secret?.attributes ?? []) texts[name] = [...(texts[name] ?? []), text];
  return texts;
}

function dossier(home: CliHome, fingerprint: string): Dossier {
  const found = home
    .json(['explain', fingerprint, '--now', now])
    .find((record) => record['type'] === 'dossier');
  expect(found).toBeDefined();
  return found as Dossier;
}

function jwt(claims: Readonly<Record<string, unknown>>, secret: string | Buffer): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'HS256', typ: 'JWT', kid: 'k-1' })}.${part(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

const seconds = (text: string): number => Date.parse(text) / 1000;

const base64 = (bytes: number): string => randomBytes(bytes).toString('base64');

/** A storage account's key, random up to its last characters. */
const accountKey = (): string => randomBytes(64).toString('base64');

interface Relations {
  readonly relations: readonly {
    readonly relation: string;
    readonly to: string;
    readonly direction: string;
  }[];
}

function relationsOf(home: CliHome, fingerprint: string): string[] {
  const { relations } = dossier(home, fingerprint) as unknown as Relations;
  return relations.map(({ relation, direction, to }) => `${relation} ${direction} ${to}`);
}

const chosenValue = (found: Dossier, field: string): unknown => (found[field] as { value?: unknown }).value;

describe('tokens and the secrets that sign them', () => {
  const claims = {
    iss: 'https://id.acme.example',
    sub: 'svc-ledger',
    aud: 'ledger',
    azp: 'client-1',
    iat: seconds('2025-01-01T00:00:00Z'),
    nbf: seconds('2025-01-01T00:00:00Z'),
    exp: seconds('2025-06-01T00:00:00Z'),
    scope: 'read write',
    roles: ['auditor'],
  };

  test('scenario 9: a token of last year is lapsed', () => {
    const home = scanned({ 'token.txt': `token: ${jwt(claims, randomBytes(32))}\n` });
    const token = only(home, 'jwt');
    expect(attributesOf(home, token)).toEqual({
      'jwt-alg': ['HS256'],
      'jwt-kid': ['k-1'],
      'jwt-iss': ['https://id.acme.example'],
      'jwt-sub': ['svc-ledger'],
      'jwt-aud': ['ledger'],
      'jwt-azp': ['client-1'],
      'jwt-iat': [String(claims.iat)],
      'jwt-nbf': [String(claims.nbf)],
      'jwt-exp': [String(claims.exp)],
      'jwt-scope': ['read write'],
      'jwt-roles': ['auditor'],
    });
    expect(chosenValue(dossier(home, token), 'lapsed')).toBe('yes');
  });

  test.each([
    ['as text', (secret: Buffer) => [secret.toString('base64url'), secret.toString('base64url')] as const],
    ['in base64', (secret: Buffer) => [secret.toString('base64'), secret] as const],
    ['in hex', (secret: Buffer) => [secret.toString('hex'), secret] as const],
  ])('scenario 9: beside the secret that signs it (%s) it is not', (_, forms) => {
    const [written, key] = forms(randomBytes(32));
    const home = scanned({ '.env': `JWT_SECRET=${written}\nSERVICE_TOKEN=${jwt(claims, key)}\n` });
    const [token, secret] = [only(home, 'jwt'), only(home, 'jwt-signing-secret')];
    expect(relationsOf(home, secret)).toContain(`signs from ${token}`);
    expect(chosenValue(dossier(home, token), 'lapsed')).toBe('no');
  });

  test('scenario 9: in another file, and in a commit of another repository, it is not either', () => {
    const secret = randomBytes(32).toString('base64url');
    const home = scanned({
      'app/.env': `JWT_SECRET=${secret}\n`,
      'docs/call.txt': `${jwt(claims, secret)}\n`,
    });
    const repository = new GitFixture(join(home.home, '..', 'repo'));
    repository.commit('a call', {
      'call.sh': `curl -H "x-token: ${jwt({ ...claims, sub: 'other' }, secret)}"\n`,
    });
    repository.commit('without it', { 'call.sh': 'curl\n' });
    home.run(['scan', repository.path]);
    const tokens = secretsOf(home, 'jwt');
    expect(tokens).toHaveLength(2);
    const signer = only(home, 'jwt-signing-secret');
    expect(relationsOf(home, signer)).toEqual(
      expect.arrayContaining(tokens.map((token) => `signs from ${token}`)),
    );
    for (const token of tokens) expect(chosenValue(dossier(home, token), 'lapsed')).toBe('no');
  });

  test('a secret that signed nothing there signs nothing', () => {
    const home = scanned({
      '.env': `JWT_SECRET=${randomBytes(32).toString('hex')}\nSERVICE_TOKEN=${jwt(claims, randomBytes(32))}\n`,
    });
    expect(relationsOf(home, only(home, 'jwt-signing-secret')).join()).not.toContain('signs');
  });
});

describe('certificates', () => {
  const authority = generateKeyPairSync('ed25519');
  const issue = (publicKey: KeyObject, until: string, serial: number): string =>
    pemOf(
      'CERTIFICATE',
      certificateOf(
        {
          subject: 'api.acme.example',
          issuer: 'Acme CA',
          publicKey,
          signer: authority.privateKey,
          names: ['api.acme.example'],
          notBefore: `${Number(until.slice(0, 4)) - 1}${until.slice(4)}`,
          notAfter: until,
        },
        serial,
      ),
    );
  const keyPem = (key: KeyObject): string =>
    pemOf('PRIVATE KEY', key.export({ format: 'der', type: 'pkcs8' }) as Buffer);

  test('scenario 10: a key whose certificate has expired is lapsed, one that a newer one uses is not', () => {
    const [old, kept] = [generateKeyPairSync('ed25519'), generateKeyPairSync('rsa', { modulusLength: 2048 })];
    const home = scanned({
      'old/server.key': keyPem(old.privateKey),
      'old/server.crt': issue(old.publicKey, '2021-01-01T00:00:00Z', 1),
      'new/server.key': keyPem(kept.privateKey),
      'new/archive/2021.pem': issue(kept.publicKey, '2021-01-01T00:00:00Z', 2),
      'certs/all.pem': `${issue(kept.publicKey, '2027-01-01T00:00:00Z', 3)}${issue(authority.publicKey, '2030-01-01T00:00:00Z', 4)}`,
    });
    const verdicts = secretsOf(home, 'pem-private-key').map((fingerprint) => {
      const { 'x509-serial': serial, algorithm } = attributesOf(home, fingerprint);
      return [algorithm?.[0], serial, chosenValue(dossier(home, fingerprint), 'lapsed')];
    });
    expect(verdicts).toEqual(
      expect.arrayContaining([
        ['ed25519', ['01'], 'yes'],
        ['rsa', ['02', '03'], 'no'],
      ]),
    );
    expect(verdicts).toHaveLength(2);
  });

  test('all of the table is captured, whichever of key and certificate is read first', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const home = scanned({ 'z.key': keyPem(privateKey) });
    const certificate = issue(publicKey, '2027-01-01T00:00:00Z', 5);
    const later = join(home.home, '..', 'later');
    mkdirSync(later);
    writeFileSync(join(later, 'a.yaml'), `tls.crt: ${Buffer.from(certificate).toString('base64')}\n`);
    home.run(['scan', later]);
    expect(attributesOf(home, only(home, 'pem-private-key'))).toMatchObject({
      algorithm: ['ec'],
      encrypted: ['no'],
      'x509-subject': ['CN=api.acme.example'],
      'x509-issuer': ['CN=Acme CA'],
      'x509-san': ['DNS:api.acme.example'],
      'x509-serial': ['05'],
      'x509-not-before': ['2026-01-01T00:00:00Z'],
      'x509-not-after': ['2027-01-01T00:00:00Z'],
      'x509-key-usage': ['digitalSignature keyEncipherment'],
      'x509-ca': ['no'],
    });
    home.run(['db', 'forget', '--place', `folder:${later}`]);
    expect(attributesOf(home, only(home, 'pem-private-key'))['x509-subject']).toBeUndefined();
  });

  test("a trust store says nothing of anybody's key, and damaged certificates harm nothing", () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const whole = issue(publicKey, '2027-01-01T00:00:00Z', 6);
    const home = scanned({
      'a.key': keyPem(privateKey),
      'bundle.pem': Array.from({ length: 40 }, () => whole).join(''),
      'cut.pem': whole.slice(0, whole.length / 2),
      'junk.pem': pemOf('CERTIFICATE', randomBytes(600)),
    });
    expect(attributesOf(home, only(home, 'pem-private-key'))['x509-subject']).toBeUndefined();
  });

  test('of OpenSSH belong to the key that they certify', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const plan = {
      publicKey,
      authority: authority.publicKey,
      keyId: 'jo-laptop',
      principals: ['deploy', 'root'],
    };
    const home = scanned({
      id_ed25519: pemOf('OPENSSH PRIVATE KEY', openSshContainer(privateKey, 'jo@acme.example')),
      'id_ed25519-cert.pub': sshCertificateLine({ ...plan, after: 1_700_000_000n, before: 1_700_003_600n }),
    });
    const key = only(home, 'openssh-private-key');
    expect(attributesOf(home, key)).toMatchObject({
      comment: ['jo@acme.example'],
      'ssh-cert-key-id': ['jo-laptop'],
      'ssh-cert-type': ['user'],
      'ssh-cert-principals': ['deploy root'],
      'ssh-valid-after': ['2023-11-14T22:13:20Z'],
      'ssh-valid-before': ['2023-11-14T23:13:20Z'],
      'ssh-ca-fingerprint': [expect.stringMatching(/^SHA256:/)],
    });
    expect(chosenValue(dossier(home, key), 'class')).toBe('ephemeral');
  });

  test('an encrypted key says that it is, whatever its container', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const secret = { cipher: 'aes-256-cbc', passphrase: 'open sesame' };
    const home = scanned({
      'a.pem': privateKey.export({ format: 'pem', type: 'pkcs8', ...secret }) as string,
      'b.pem': privateKey.export({ format: 'pem', type: 'pkcs1', ...secret }) as string,
    });
    const found = secretsOf(home, 'pem-encrypted-private-key').map((one) => attributesOf(home, one));
    expect(found.map(({ encrypted, container }) => [encrypted, container])).toEqual(
      expect.arrayContaining([
        [['yes'], ['pkcs8-encrypted']],
        [['yes'], ['pkcs1']],
      ]),
    );
  });
});

describe('keys of clouds', () => {
  const sas = (account: string, query: string): string =>
    `https://${account}.blob.core.windows.net/backups/a.tgz?${query}&sig=${encodeURIComponent(base64(32))}`;
  const connection = (account: string): string =>
    `DefaultEndpointsProtocol=https;AccountName=${account};AccountKey=${accountKey()};EndpointSuffix=core.windows.net`;

  test('scenario 11: the secret of a session says so through its key id', () => {
    const folder = scratch();
    const id = `ASIA${fakeSecret('aws-access-key-id', 'session').slice(4)}`;
    const secret = fakeSecret('aws-secret-access-key-pair', 'session').slice(-40);
    // The clock of the fixture stands in November 2023.
    new GitFixture(join(folder, 'repo')).commit('keys', {
      '.env': `AWS_ACCESS_KEY_ID=${id}\nAWS_SECRET_ACCESS_KEY=${secret}\n`,
    });
    const home = new CliHome(folder);
    home.run(['scan', join(folder, 'repo')]);
    const found = only(home, 'aws-secret-access-key');
    expect(attributesOf(home, found)).toMatchObject({ 'aws-key-id': [id], 'aws-key-type': ['session'] });
    const at = (now: string): Dossier =>
      home.json(['explain', found, '--now', now]).find(({ type }) => type === 'dossier') as Dossier;
    expect(at('2023-11-17T23:00:00Z')).toMatchObject({
      class: { value: 'ephemeral' },
      lapsed: { value: 'yes', chosen: { confidence: 'probable' } },
    });
    expect(chosenValue(at('2023-11-15T00:00:00Z'), 'lapsed')).not.toBe('yes');
  });

  test('an account id is decoded from the key id of a pair', () => {
    // The first bits of the body hold 123456789012, as published for ids issued since 2019.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    let bits = ((1n << 47n) | (123_456_789_012n << 7n)) << 2n;
    let head = '';
    for (let i = 0; i < 10; i++, bits >>= 5n) head = `${alphabet[Number(bits & 31n)]}${head}`;
    const id = `AKIA${head}QRST7Z`;
    const secret = fakeSecret('aws-secret-access-key-pair', 'account').slice(-40);
    const home = scanned({ 'a.env': `AWS_ACCESS_KEY_ID=${id}\nAWS_SECRET_ACCESS_KEY=${secret}\n` });
    const found = only(home, 'aws-secret-access-key');
    expect(attributesOf(home, found)['aws-account']).toEqual(['123456789012']);
    expect(dossier(home, found)).toMatchObject({ principal: { key: `aws:123456789012:${id}` } });
  });

  test('scenario 12: a signature with a stored policy lives as long as the server says, under a key that is named', () => {
    const home = scanned({ 'links.txt': `${sas('acmestore', 'sv=2022-11-02&sr=c&si=readers')}\n` });
    const found = only(home, 'azure-storage-sas-token');
    expect(attributesOf(home, found)).toEqual({
      'azure-account': ['acmestore'],
      'container-name': ['backups'],
      host: ['acmestore.blob.core.windows.net'],
      'sas-si': ['readers'],
      'sas-sr': ['c'],
      'sas-sv': ['2022-11-02'],
    });
    const known = dossier(home, found);
    expect([
      chosenValue(known, 'class'),
      chosenValue(known, 'expiresAt'),
      chosenValue(known, 'lapsed'),
    ]).toEqual([undefined, undefined, undefined]);
    expect(known['parents']).toEqual(['azure-storage:acmestore']);
    expect(known['reasons']).toContain('REVOCATION_CASCADES');
  });

  test('scenario 17: an account key signs the three signatures of its account', () => {
    const query = 'sv=2022-11-02&ss=b&srt=co&sp=rl&st=2026-11-01T00:00:00Z&se=2027-01-01T00:00:00Z';
    const home = scanned({
      'app/.env': `STORAGE=${connection('acmestore')}\n`,
      'a.txt': `${sas('acmestore', query)}\n`,
      'b.txt': `${sas('acmestore', query)}\n`,
      'c/config.json': `{"url": "${sas('acmestore', query).replaceAll('&', '\\u0026')}"}\n`,
      'other.txt': `${sas('elsewhere', query)}\n`,
    });
    const key = only(home, 'azure-storage-connection-string');
    const children = relationsOf(home, key).filter((edge) => edge.startsWith('signs from '));
    expect(children).toHaveLength(3);
    const child = attributesOf(home, children[0]?.slice('signs from '.length) ?? '');
    expect(child).toMatchObject({
      'sas-ss': ['b'],
      'sas-srt': ['co'],
      'sas-sp': ['rl'],
      'azure-account': ['acmestore'],
    });
  });

  test('signed addresses tell host, folder, signer and time, in each of their forms', () => {
    const signature = randomBytes(32).toString('hex');
    const home = scanned({
      'v4.txt': `https://b.s3.amazonaws.com/in/2026/a.csv?X-Amz-Credential=${fakeSecret('aws-access-key-id', 'p')}%2F20261120%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20261120T000000Z&X-Amz-Expires=600&X-Amz-Signature=${signature}\n`,
      'v2.html': `<a href="https://b.s3.amazonaws.com/in/b.csv?AWSAccessKeyId=${fakeSecret('aws-access-key-id', 'q')}&amp;Expires=1790000000&amp;Signature=${encodeURIComponent(base64(20))}">\n`,
      'gcs.txt': `https://storage.googleapis.com/b/in/c.csv?GoogleAccessId=job@acme.iam.gserviceaccount.com&Expires=1790000000&Signature=${encodeURIComponent(base64(256))}\n`,
      'bus.txt': `SharedAccessSignature sr=https%3a%2f%2facme.servicebus.windows.net%2forders&sig=${encodeURIComponent(base64(32))}&se=1790000000&skn=send\n`,
      'weak.env': `PASSWORD=${fakeSecret('github-pat', 'x')}\n`,
    });
    const [bus] = secretsOf(home, 'azure-servicebus-sas-token');
    expect(attributesOf(home, bus ?? '')).toMatchObject({
      'azure-namespace': ['acme.servicebus.windows.net'],
      'azure-key-name': ['send'],
      'sas-se': ['1790000000'],
      'container-name': ['orders'],
    });
    expect(dossier(home, bus ?? '')['parents']).toEqual(['azure:acme.servicebus.windows.net:send']);
    const aws = secretsOf(home, 'amazon-presigned-url').map((found) => attributesOf(home, found));
    expect(aws).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          object: ['in/2026/'],
          'signed-at': ['20261120T000000Z'],
          'expires-seconds': ['600'],
        }),
        expect.objectContaining({
          object: ['in/'],
          'expires-at': ['1790000000'],
          signer: [fakeSecret('aws-access-key-id', 'q')],
        }),
      ]),
    );
    const [google] = secretsOf(home, 'gcp-signed-url');
    expect(attributesOf(home, google ?? '')).toMatchObject({
      signer: ['job@acme.iam.gserviceaccount.com'],
      object: ['b/in/'],
    });
  });

  test('the ids of a client and of a hook stand beside their secrets', () => {
    const home = scanned({
      'hook.txt': `https://${'hooks.slack.com'}/services/T0ACME0001/B0HOOK0001/${randomBytes(12).toString('hex')}\n`,
      'oauth.yaml': `oauth:\n  client_id: ledger-web-7\n  client_secret: ${randomBytes(24).toString('base64url')}\n`,
    });
    expect(attributesOf(home, only(home, 'slack-webhook-url'))).toEqual({
      'slack-workspace': ['T0ACME0001'],
      'slack-app': ['B0HOOK0001'],
    });
    const all = home.json(['list', '--all']).filter(({ type }) => type === 'secret');
    const client = all.map(({ fingerprint }) => attributesOf(home, String(fingerprint)));
    expect(client).toContainEqual(expect.objectContaining({ 'oauth-client-id': ['ledger-web-7'] }));
  });
});

test('a kubeconfig tells cluster, context, user and method of each credential in it', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = pemOf('PRIVATE KEY', privateKey.export({ format: 'der', type: 'pkcs8' }));
  const token = jwt(
    { iss: 'kubernetes/serviceaccount', sub: 'system:serviceaccount:ci:deployer' },
    randomBytes(32),
  );
  const home = scanned({
    '.kube/config': [
      'apiVersion: v1',
      'kind: Config',
      'clusters:',
      '- name: prod-eu',
      '  cluster:',
      '    server: https://k8s.acme.example:6443',
      '- cluster: {}',
      '  name: other',
      'contexts:',
      '- context:',
      '    cluster: prod-eu',
      '    user: admin',
      '  name: admin@prod-eu',
      '- context:',
      '    cluster: prod-eu',
      '    user: ci',
      '  name: ci@prod-eu',
      'current-context: ci@prod-eu',
      'users:',
      '- name: admin',
      '  user:',
      `    client-key-data: ${Buffer.from(key).toString('base64')}`,
      '- name: ci',
      '  user:',
      `    token: ${token}`,
      '',
    ].join('\n'),
  });
  const cluster = { 'k8s-server': ['https://k8s.acme.example:6443'], 'k8s-cluster': ['prod-eu'] };
  const admin = only(home, 'pem-private-key');
  expect(attributesOf(home, admin)).toMatchObject({
    ...cluster,
    'k8s-user': ['admin'],
    'k8s-context': ['admin@prod-eu'],
    'k8s-auth': ['client-certificate'],
  });
  expect(dossier(home, admin)['resources']).toContainEqual(
    expect.objectContaining({ kind: 'cluster', address: 'https://k8s.acme.example:6443', rule: 'R3' }),
  );
  expect(attributesOf(home, only(home, 'kubernetes-sa-token'))).toMatchObject({
    ...cluster,
    'k8s-user': ['ci'],
    'k8s-auth': ['token'],
  });
});

test('a kubeconfig in JSON says the same of its credentials', () => {
  const token = fakeSecret('generic-token-code', 'json kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'prod-eu', cluster: { server: 'https://k8s.acme.example:6443' } }],
    contexts: [{ name: 'ci@prod-eu', context: { cluster: 'prod-eu', user: 'ci' } }],
    users: [
      { name: 'admin', user: {} },
      { name: 'ci', user: { token } },
    ],
  };
  const home = scanned({ 'kubeconfig.json': JSON.stringify(config, undefined, 2) });
  const [found] = home.json(['list', '--all']).filter(({ type }) => type === 'secret');
  expect(attributesOf(home, String(found?.['fingerprint']))).toMatchObject({
    'k8s-server': ['https://k8s.acme.example:6443'],
    'k8s-cluster': ['prod-eu'],
    'k8s-user': ['ci'],
    'k8s-auth': ['token'],
  });
});

test('a credential of a header says where it is sent, when one place only can be meant', () => {
  const value = (name: string): string => fakeSecret('generic-secret-code', name);
  const basic = (name: string): string => `Basic ${Buffer.from(`${name}:${value(name)}`).toString('base64')}`;
  const home = scanned({
    'curl.sh': `curl -s \\\n  -H "Authorization: ${basic('deploy')}" \\\n  https://API.acme.example:8443/v1\necho https://other.example/\n`,
    'user.sh': `curl -u jenkins:${value('jenkins')} https://jobs.acme.example/x\n`,
    'request.http': `POST /v1 HTTP/1.1\nHost: hooks.acme.example\nAuthorization: ${basic('hook')}\n\n### next\nGET https://else.example/\n`,
    'fetch.js': `fetch('https://one.acme.example/x', { headers: { Authorization: '${basic('bot')}' } });\n`,
    'two.js': `a('https://a.example/'); b('https://b.example/'); h = '${basic('both')}';\n`,
    '.netrc': `machine git.acme.example\n  login pusher\n  password ${value('pusher')}\n`,
  });
  const facts = new Map(
    home
      .json(['report', '--all'])
      .filter(({ type }) => type === 'finding')
      .map(({ path, fingerprint }) => [String(path), attributesOf(home, String(fingerprint))] as const),
  );
  expect(facts.get('curl.sh')).toMatchObject({
    host: ['api.acme.example'],
    port: ['8443'],
    scheme: ['https'],
    user: ['deploy'],
  });
  expect(facts.get('user.sh')).toMatchObject({ host: ['jobs.acme.example'], user: ['jenkins'] });
  expect(facts.get('request.http')).toMatchObject({ host: ['hooks.acme.example'], user: ['hook'] });
  expect(facts.get('fetch.js')).toMatchObject({ host: ['one.acme.example'], user: ['bot'] });
  expect(facts.get('two.js')?.['host']).toBeUndefined();
  expect(facts.get('.netrc')).toMatchObject({ host: ['git.acme.example'], user: ['pusher'] });
  const hook = home.json(['report', '--all']).find(({ path }) => path === 'curl.sh');
  expect(dossier(home, String(hook?.['fingerprint']))['resources']).toContainEqual(
    expect.objectContaining({ kind: 'api', address: 'api.acme.example:8443', rule: 'R1' }),
  );
});

test('the key file of a Google service account is one finding of its own kind', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = {
    type: 'service_account',
    project_id: 'acme-prod',
    private_key_id: 'ab'.repeat(20),
    private_key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    client_email: 'ledger@acme-prod.iam.gserviceaccount.com',
    client_id: '1',
    token_uri: 'https://oauth2.googleapis.com/token',
    universe_domain: 'googleapis.com',
  };
  for (const indent of [0, 2]) {
    const home = scanned({
      'sa.json': JSON.stringify(file, undefined, indent),
      'other.pem': String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    });
    const all = home.json(['list', '--all']).filter(({ type }) => type === 'secret');
    expect(all.map(({ kind, locations }) => [kind, locations])).toEqual([['gcp-service-account-json', 2]]);
    const own = only(home, 'gcp-service-account-json');
    expect(attributesOf(home, own)).toMatchObject({
      'gcp-client-email': [file.client_email],
      'gcp-project': ['acme-prod'],
      'gcp-key-id': [file.private_key_id],
    });
    expect(dossier(home, own)).toMatchObject({ provider: { id: 'gcp.service-account-key' } });
  }
});

test('a key in a key store, in DER and in PEM is one secret, in files and in history, and its public halves are about it', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const folder = scratch();
  const repo = new GitFixture(join(folder, 'keys'));
  const blob = `ecdsa-sha2-nistp256 ${sshPublicBlob(privateKey).toString('base64')}`;
  repo.commit('add', {
    'a.p12': pkcs12Of(encryptedPkcs8(privateKey, 'changeit')),
    'k.der': privateKey.export({ type: 'pkcs8', format: 'der' }),
    known_hosts: `git.acme.example ${blob}\n`,
    'c.der': certificateOf({
      subject: 'api',
      publicKey,
      signer: generateKeyPairSync('ed25519').privateKey,
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2027-01-01T00:00:00Z',
    }),
  });
  repo.git('rm', '-q', '-r', '.');
  repo.commit('remove', { 'k.pem': String(privateKey.export({ type: 'pkcs8', format: 'pem' })) });
  const home = new CliHome(folder);
  home.run(['scan', repo.path]);
  const all = home.json(['list', '--all']).filter(({ type }) => type === 'secret');
  expect(all.map(({ locations }) => locations)).toEqual([3]);
  expect(attributesOf(home, String(all[0]?.['fingerprint']))).toMatchObject({
    'container-password': ['well-known'],
    'ssh-host': ['git.acme.example'],
    'x509-subject': ['CN=api'],
  });
  const shown = home.run(['report', '--show-secrets', '--json']).stdout;
  const values = shown.split('\n').filter((line) => line.includes('"finding"'));
  expect(values.filter((line) => line.includes('"secret":"'))).toHaveLength(3);
});

test('a ciphertext is no copy, and says to the key that opens it that there is one', () => {
  const identity = fakeSecret('age-secret-key', 'sops');
  const recipient = ageRecipientOf(identity) ?? '';
  const home = scanned({
    'keys.txt': `${identity}\n`,
    'secrets.enc.yaml': [
      `password: ENC[AES256_GCM,data:${base64(24)},iv:${base64(32)},tag:${base64(16)},type:str]`,
      `token: ENC[AES256_GCM,data:${base64(24)},iv:${base64(32)},tag:${base64(16)},type:str]`,
      'sops:',
      '    age:',
      `        - recipient: ${recipient}`,
      '          enc: |',
      '            -----BEGIN AGE ENCRYPTED FILE-----',
      `            ${base64(48)}`,
      '            -----END AGE ENCRYPTED FILE-----',
      '    version: 3.9.0',
      '',
    ].join('\n'),
    'vault.yml': `$ANSIBLE_VAULT;1.1;AES256\n${randomBytes(40).toString('hex')}\n`,
    'credentials.xml': `<password>{AQAAABAAAAAQ${base64(24)}}</password>\n`,
  });
  const found = home.json(['list', '--all']).filter(({ type }) => type === 'secret');
  expect(found.map(({ kind }) => kind)).toEqual(['age-secret-key']);
  const key = String(found[0]?.['fingerprint']);
  expect(attributesOf(home, key)).toMatchObject({
    'age-recipient': [recipient],
    ciphertext: ['true'],
    'ciphertext-form': ['sops'],
  });
});

describe('--hash-attributes', () => {
  const password = base64(18).replace(/[+/=]/g, 'x');
  const files = {
    'a.env': `DATABASE_URL=postgres://ledger:${password}@db1.acme.example:5432/books\n`,
    'b.properties': `url=Server=tcp:DB1.acme.example,5432;User ID=ledger;Password=${base64(18).replace(/[+/=]/g, 'y')};Database=books\n`,
  };
  /** Everything that the database holds as text. */
  const stored = (home: CliHome): string => home.allBytes().toString('latin1');

  test('keeps no name, and where finds it all the same', () => {
    const home = scanned(files, '--hash-attributes');
    expect(stored(home)).not.toMatch(/db1\.acme|ledger/i);
    const hosts = home
      .json(['list', '--all'])
      .filter(({ type }) => type === 'secret')
      .map(({ fingerprint }) => attributesOf(home, String(fingerprint))['host']?.[0]);
    expect(hosts).toHaveLength(2);
    expect(new Set(hosts).size).toBe(1);
    expect(hosts[0]).toMatch(/^#[0-9a-f]{12}$/);
    expect(home.run(['where', '--id', 'db1.acme.example']).status).toBe(1);
    expect(home.run(['where', '--id', 'ledger']).status).toBe(1);
    expect(home.run(['where', '--id', 'db2.acme.example']).status).not.toBe(1);
  });

  test('two values of one user still are one principal', () => {
    const home = scanned(
      { ...files, 'c.env': files['a.env'].replace(password, base64(18).replace(/[+/=]/g, 'z')) },
      '--hash-attributes',
    );
    const keys = home
      .json(['list', '--all'])
      .filter(({ type }) => type === 'secret')
      .map(({ fingerprint }) => (dossier(home, String(fingerprint))['principal'] as { key: string }).key);
    expect(keys.filter((key) => /^db:postgresql:#[0-9a-f]{12}:5432:#[0-9a-f]{12}$/.test(key))).toHaveLength(
      2,
    );
    expect(new Set(keys.filter((key) => key.startsWith('db:postgresql'))).size).toBe(1);
  });

  test('turns a plain database into one that keeps hashes, for good', () => {
    const home = scanned(files);
    expect(stored(home)).toContain('db1.acme.example');
    const root = join(home.home, '..', 'files');
    home.run(['scan', root, '--hash-attributes']);
    expect(stored(home)).not.toMatch(/db1\.acme|ledger/i);
    writeFileSync(
      join(root, 'late.env'),
      `MYSQL=mysql://admin7:${base64(18).replace(/[+/=]/g, 'w')}@db9.acme.example/x\n`,
    );
    home.run(['scan', root]);
    expect(stored(home)).not.toMatch(/db9\.acme|admin7/);
    expect(home.run(['db', 'check']).status).toBe(0);
    const plain = scanned({
      'd.env': 'AMQP=amqp://broker8:' + base64(18).replace(/[+/=]/g, 'v') + '@mq.acme.example/x\n',
    });
    expect(plain.run(['db', 'merge', '--help']).status).toBe(0);
  });

  test('is a key of a configuration that is named', () => {
    const folder = scratch();
    writeFileSync(join(folder, 'config.yaml'), 'hash-attributes: true\n');
    const home = scanned(files, '--config', join(folder, 'config.yaml'));
    expect(stored(home)).not.toMatch(/db1\.acme|ledger/i);
  });
});

test('scenario 41: no captured text holds a value, nor a form of it', () => {
  const token = fakeSecret('github-pat', 'in attributes');
  const hmac = randomBytes(32).toString('base64url');
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signer = generateKeyPairSync('ed25519').privateKey;
  const dates = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z' };
  const home = scanned({
    'first.txt': `token ${token}\n`,
    'url.txt': `git clone https://${token}:x-oauth-basic@github.acme.example/a/b.git\n`,
    'jwt.txt': `${jwt({ iss: 'x', sub: token, scope: `a ${token}` }, hmac)}\n`,
    id: pemOf('OPENSSH PRIVATE KEY', openSshContainer(privateKey, `deploy ${token}`)),
    'id.crt': pemOf('CERTIFICATE', certificateOf({ subject: `ci ${token}`, publicKey, signer, ...dates })),
    '.env': `JWT_SECRET=${hmac}\n`,
  });
  const texts = openSqlite(join(home.home, 'data', 'sprawl', 'sprawl.db'), { readonly: true })
    .prepare<[], string>('SELECT text FROM term')
    .pluck()
    .all();
  expect(texts.length).toBeGreaterThan(5);
  const bytes = home.allBytes();
  for (const value of [token, hmac]) {
    const raw = Buffer.from(value);
    for (const form of [
      value,
      raw.toString('base64').replace(/=+$/, ''),
      raw.toString('hex'),
      encodeURIComponent(value),
    ]) {
      expect(texts.filter((text) => text.includes(form))).toEqual([]);
      expect(bytes.includes(form)).toBe(false);
    }
  }
});
