/** Every syntax in which a value meets its name, and what looks like it; values are made up anew from a seed. */
import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../../src/detect/create-analyzer.js';
import { idioms } from '../../../src/detect/idiom.js';
import { fingerprintOf } from '../../../src/identity/fingerprint.js';
import { testKeys } from './rule-fixture.js';
import { shippedRules } from './shipped-rules.js';

const analyzer = createAnalyzer({ rules: shippedRules, keys: testKeys, known: new Map() });

let seed = 20260101;
function below(limit: number): number {
  // xorshift32
  seed ^= seed << 13;
  seed ^= seed >>> 17;
  seed ^= seed << 5;
  return (seed >>> 0) % limit;
}
const pick = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[below(alphabet.length)]).join('');
const alphanumeric = 'ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyz23456789';
/** `{P}`: what people choose. `{R}`: what machines make. */
const makers: Record<string, () => string> = {
  P: () =>
    `${pick('bcdfghkmrstw', 4)}${pick('AEU', 1)}${pick('2345679', 2)}${pick('!#*', 1)}${pick('gklmn', 3)}`,
  R: () => `${pick(alphanumeric, 28)}7q`,
  /** Of a machine, and short. */
  S: () =>
    `${pick('bcdfghk', 3)}${pick('QRTWX', 3)}${pick('2345679', 2)}_${pick('gklmn', 2)}-${pick('2345679', 1)}w`,
};

function fill(template: string): { text: string; value: string } {
  let value = '';
  const text = template.replace(/\{(b64:)?([PRS])\}/g, (_, wrap: string | undefined, kind: string) => {
    value ||= makers[kind]?.() ?? '';
    return wrap === undefined ? value : Buffer.from(value).toString('base64');
  });
  return { text, value };
}

function confidenceIn(text: string, value: string): string {
  const { findings } = analyzer.analyze({ bytes: Buffer.from(text), chain: [], collectTags: false });
  const print = fingerprintOf(testKeys.fingerprint, Buffer.from(value));
  return findings.find((finding) => finding.fingerprint === print)?.confidence ?? 'missed';
}

const found = {
  'fields of pages': [
    "document.getElementById('password').value = '{P}';",
    "cy.get('#password').type('{P}')",
    "page.locator('input[name=\"password\"]').fill('{P}')",
    'driver.find_element(By.ID, "password").send_keys("{P}")',
    '<input name="password" type="hidden" value="{P}">',
  ],
  options: [
    'kubectl create secret generic x --from-literal=password={P}',
    'helm install x y --set auth.user=a,auth.password={P}',
    'mount -t cifs //s/x /m -o username=svc,password={P}',
    'openssl pkcs12 -export -password pass:{R}',
    'flyctl secrets set API_TOKEN={R}',
    'Authorization: Token token={R}',
    'npm config set //packages.internal/:_authToken {P}',
  ],
  'other words': [
    "my password's {P}",
    'here is the token {R}',
    'client secret: {S}',
    'the api key is {S}',
    'kind: Secret\nstringData:\n  password: {P} # since May\n',
  ],
  functions: [
    'func getAcmeToken() string { return "{R}" }',
    'def db_password(self) -> str:\n    return "{P}"',
    'public String getPassword() {\n    return "{P}";\n}',
    "public function getDatabasePassword(): string\n{\n    return '{P}';\n}",
    'const getApiKey = () => "{R}";',
    "{ apiKey: () => '{R}' }",
    'export const accessToken = (user) => {\n  return "{R}"\n}',
    'fun password() = "{P}"',
    'fn api_key(&self) -> &str { "{R}" }',
  ],
  'names of keys': [
    'acme_key = "{R}"',
    'ACME_KEY={R}',
    '"acme_stream_key": "{R}"',
    'acme_key: {R}',
    "acme_token = '{R}  '",
  ],
  settings: [
    'helm upgrade x --set auth.password={R}',
    'keytool -list --passphrase {P}',
    'requirepass {R}',
    '  password:   {R}   # since May',
  ],
  code: [
    'const apiKey = "{R}";',
    'password: str = "{P}"',
    'API_SECRET = (\n    "{R}"\n)',
    'PASSWORD = os.environ.get("PASSWORD") or "{P}"',
    'parser.add_argument("--password", default="{P}")',
    'ds.setPassword("{P}");',
    '.withPassword("{P}")',
    '@Value("${db.password:{P}}")',
    'Dim password As String = "{P}"',
    'var password string = "{P}"',
    'char password[] = "{P}";',
    'const API_KEY: &str = "{R}";',
    'std::string token{"{R}"};',
    "define('DB_PASSWORD', '{P}');",
    '{password, <<"{P}">>}',
    'DriverManager.getConnection(url, "app", "{P}")',
    'new mysqli("db1", "app", "{P}", "main")',
    'requests.get(url, auth=("svc", "{P}"))',
    "jwt.sign({ id: 1 }, '{P}')",
    'CREATE USER app IDENTIFIED BY {P};',
    "ALTER USER app WITH PASSWORD '{P}';",
  ],
  configuration: [
    'api_token: |\n  {R}\n',
    'api_token:\n  {R}\n',
    'password: &pw {P}',
    'password: !!str {P}',
    '{user: svc, password: {P}}',
    'env:\n  - name: DB_PASSWORD\n    value: {P}',
    '{"name": "DB_PASSWORD", "value": "{P}"}',
    '{"value": "{P}", "name": "DB_PASSWORD"}',
    '{"ParameterKey": "DbPassword", "ParameterValue": "{P}"}',
    'variable "db_password" {\n  default = "{P}"\n}',
    '"db_password": {\n  "value": "{P}"\n}',
    'DBPassword:\n    Type: String\n    Default: {P}\n',
    'PASSWORD=${PASSWORD:-{P}}',
    'host1 ansible_user=svc ansible_password={P}',
    'kind: Secret\ndata:\n  anything: {b64:R}\n',
    'data:\n  password: {b64:P}\nkind: Secret\n',
    '{"kind": "Secret", "stringData": {"token": "{R}"}}',
    'requirepass {P}',
    'SetEnv DB_PASSWORD {P}',
    'proxy_set_header X-Api-Key {R};',
    '//registry.npmjs.org/:_authToken={R}',
    'x.redis.internal:6380,password={P},ssl=True',
    'app:{P}@tcp(db1.internal:3306)/main',
  ],
  markup: [
    '<password>\n    {P}\n  </password>',
    '<password><![CDATA[{P}]]></password>',
    '<wsse:Password Type="x#PasswordText">{P}</wsse:Password>',
    '<property name="password"><value>{P}</value></property>',
    '<property>\n  <name>db.password</name>\n  <value>{P}</value>\n</property>',
    '<key>apiSecret</key>\n<string>{R}</string>',
    '<td>Password</td><td>{P}</td>',
    '<b>Password:</b> {P}<br>',
    '**Password:** `{P}`',
    '| password | {P} |',
  ],
  'command lines': [
    'redis-cli -h cache -a {P} ping',
    'docker login -u deploy -p {P} registry.internal',
    'docker run -e POSTGRES_PASSWORD={P} postgres',
    'keytool -list -storepass {P}',
    'curl -X POST \\\n-u app:{P} https://ci.internal',
    'curl -H "X-Api-Key: {R}" https://ci.internal',
    'echo "deploy:{P}" | chpasswd',
    'setx API_TOKEN {R}',
    'set -x API_TOKEN {R}',
    'net user svc {P} /add',
  ],
  prose: [
    'The password is {P}',
    'the admin password is "{P}".',
    'password for root is {P}',
    'password for root: {P}',
    'I set the password to {P}',
    'password -> {P}',
    'pw: {P}',
    'use svc with password {P}',
    'Password:\n{P}',
    'creds: svc / {P}',
    'user/pass: svc/{P}',
    'Authorization: {R}',
    'git clone https://{R}@git.internal/x.git',
    'here is the token: {R}',
    'the api key is {R}',
    'login with user=svc, password={P}',
    'contraseña: {P}',
    'пароль: {P}',
    '密码：{P}',
    'パスワード: {P}',
  ],
} as const;

describe.each(Object.entries(found))('a value in %s', (_, templates) => {
  it.each(templates)('%s', (template) => {
    const { text, value } = fill(template);
    expect(['low', 'medium', 'high']).toContain(confidenceIn(text, value));
    expect(confidenceIn(`first line\n${text}\nlast line\n`, value)).toBe(confidenceIn(text, value));
  });
});

describe('a random value behind signs of other languages, and of notes', () => {
  it.each([
    '$vendorToken .= "{R}";',
    'VENDOR_TOKEN ::= "{R}"',
    'VENDOR_TOKEN :::= "{R}"',
    "vendor token - '{R}'",
    'api_secret - {R}',
    '<secret>{vendor prefix {R}}</secret>',
    'token = "Vendor {R}"',
    "token = ' {R} '",
  ])('%s', (template) => {
    const value = `k7${pick('bdfghkmnpqrstvwxyzBDFGHKMNPQRSTVWXYZ23456789', 28)}`;
    expect(confidenceIn(template.replace('{R}', value), value)).toBe('medium');
  });
  it.each([
    'const rest = token - tokenStartOffset2;',
    'password - required, 8 to 64 characters',
    'end = key.length - keyOffset9',
  ])('but not in %s', (text) => {
    const { findings } = analyzer.analyze({ bytes: Buffer.from(text), chain: [], collectTags: false });
    expect(findings.filter(({ confidence }) => confidence !== 'low')).toEqual([]);
  });
});

describe('letters of no word where a setting stands', () => {
  it.each([
    'spring:\n  password: {W}\n',
    'PASSWORD={W}',
    "password = '{W}'",
    '"pass": "{W}",',
    'docker run -d -e DB_ROOT_PASSWORD={W} -p 3306:3306 mysql',
    'heroku config:set SMTP_PASSWORD={W}',
    'users: [ {user: app, password: {W}} ]',
    'nats://app:{W}@127.0.0.1:4222',
    'fmt.Sprintf("nats://app:{W}@%s:%d", host, port)',
  ])('%s', (template) => {
    const word = `${pick('bdgz', 2)}${pick('qxj', 2)}${pick('wvk', 2)}${pick('fhp', 2)}`;
    expect(confidenceIn(template.replace('{W}', word), word)).toBe('medium');
  });
});

describe('a plain word where a setting stands', () => {
  it.each(['spring:\n  password: {W}\n', '<password>{W}</password>', 'PASSWORD={W}\n', "password = '{W}'"])(
    '%s',
    (template) => {
      const word = `${pick('blm', 1)}${pick('aeo', 1)}${pick('rnst', 1)}${pick('aeo', 1)}${pick('rnst', 1)}anna`;
      expect(confidenceIn(template.replace('{W}', word), word)).toBe('low');
    },
  );
});

describe('what is no secret, at medium or higher', () => {
  it.each([
    'password = getPassword("database_1x")',
    'this.password = other.password2Value;',
    'r.password===""?r.password=r.url.password:r.url.password=r.password}let{a:b}=c',
    'if (validatePassword("Is this 1 Long enough!")) return;',
    'token = tokens[index1] + suffix',
    'const { token: accessToken2, user } = session',
    'Token:l,DefType:q,uriUtil:v',
    'addModule("markup://force:networkFetchWithJwt", "force/networkFetchWithJwt")',
    'io.jsonwebtoken:jjwt-jackson-0.11.2',
    'keyVaultToStoreSecrets: cmp2-qat-1208358310',
    '<label>Password</label><input type="password" name="password" value="">',
    '<td>Password</td><td>Required, at least 8 characters</td>',
    '<input type="hidden" name="authenticity_token" value="7SWaFo1hsC6oovfBsJFLGPUl2EhkSWPbJhWANwga">',
    '| password | the password of the user |',
    'The password is required.',
    "['EVP_PKEY_get_private_key', 'EVP_PKEY_new_raw_public_key']",
    "['addCarKeyPass', 'PKAddPassButton', 'PKShareablePass']",
    'host = input("host="); user = "x"; password = getpass.getpass(prompt1)',
    'perldoc -u Some::Modulename9',
    '# METHOD can be "trust", "password", "scram-sha-256"',
    "'Authorization': 'OAuth oauth_token=234lsdkf9s8d7f6sdf....'",
    'credentials: see the wiki / vault',
    'Authorization: required for every call',
    'https://someverylongusername@git.internal/x.git',
    'Password:\nNext-line-of-text\n',
    'password for this account is sent by mail',
    'the token is valid for 24h',
    'password:\n  type: string\n  minLength: 8\n',
    '"password": {"type": "string", "default": ""}',
    'kind: SecretStore\ndata:\n  token: aGVsbG8gd29ybGQ=\n',
    'kind: Secret\ndata:\n  username: YWRtaW4=\n  ca.crt: LS0tLS1CRUdJTg==\n',
    'kind: Secret\nstringData:\n  token: ${TOKEN}\n',
    'docker run -p 8080:80 -u 1000 app',
    'redis-cli -a "$REDIS_PASSWORD" ping',
    'curl -u "$USER:$PASS" https://ci.internal',
    'export TOKEN=ops_eyJzaWduSW5BZGRyZXNzIjoiaHR0...',
    'server->user = "anonymous";\nserver->password = "robot@";',
    'password = "$uper$ecret"',
    `export AWS_SECRET_ACCESS_KEY=${'ded7db27a4558e2e'}${'a9bbf0bf36ae0e8521618f366c'}`,
    'PASSWORD=${PASSWORD:?must be set before 8am!}',
    'value="Source%Password%"',
    'fun checkPassword(): String = "Kd83jdkw92x"',
    'String mockToken() { return "Kd83jdkw92xQ7tLmPz4R"; }',
    'if (isToken()) { return "Kd83jdkw92xQ7tLmPz4R"; }',
    'String getPassword() { return "Enter your password"; }',
    'sort_key = "126031192_IgvUabrXbWSihj2ENnA5"',
    '--- PASS: TestAccVpcSubnet_ipv6Associated (71.33s)',
    'Symfony2 tests pass: duknow',
  ])('%s', (text) => {
    const { findings } = analyzer.analyze({ bytes: Buffer.from(text), chain: [], collectTags: false });
    expect(findings.filter(({ confidence }) => confidence !== 'low').map(({ rule }) => rule)).toEqual([]);
  });
});

describe('idioms', () => {
  it('have the keywords of their rules', () => {
    const listed = shippedRules.rules
      .filter(({ detector }) => detector === 'idiom')
      .flatMap(({ keywords }) => keywords.map(({ text }) => text));
    expect(listed.sort()).toEqual([...idioms.keys()].sort());
  });
  it('stay quick on a text of nothing but keywords', () => {
    const text = Buffer.from('curl -u redis-cli -a mysqli_connect( '.repeat(20_000));
    expect(analyzer.analyze({ bytes: text, chain: [], collectTags: false }).caps).toEqual([]);
  });
});

describe('a word that does not end within 4 KiB', () => {
  const value = makers['R']?.() ?? '';
  const found = (text: string): number =>
    analyzer.analyze({ bytes: Buffer.from(text), chain: [], collectTags: false }).findings.length;

  it('is no value, since only a part of it would be read', () => {
    expect(found(`token=${value} `)).toBe(1);
    expect(found(`token=${value.repeat(200)} `)).toBe(0);
  });

  it('is no YAML anchor before a value', () => {
    expect(found(`token: &anchor ${value}\n`)).toBe(1);
    expect(found(`token: &${'a'.repeat(300)} ${value}\n`)).toBe(0);
  });
});
