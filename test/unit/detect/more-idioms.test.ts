/** Commands, calls, settings and phrases that hold a secret at a fixed place; values are made up anew from a seed. */
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../../src/rules/random.js';
import { shippedAnalyzer } from './shipped-rules.js';

const values: string[] = [];
const analyzer = shippedAnalyzer(values);

const random = makeRandom('more idioms');
const draw = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet.charAt(random.below(alphabet.length))).join('');
const password = `${draw('bcdfghkm', 4)}E${draw('2345679', 2)}!${draw('rstvwx', 3)}`;
const token = `${draw('ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyz23456789', 26)}7q`;

function valuesIn(template: string): readonly string[] {
  values.length = 0;
  const text = template
    .replaceAll('{P}', () => password)
    .replaceAll('{R}', () => token)
    .replaceAll('{b64:P}', () => Buffer.from(password).toString('base64'));
  analyzer.analyze({ bytes: Buffer.from(`first line\n${text}\nlast line\n`), chain: [], collectTags: false });
  return values;
}

const found = {
  commands: [
    'curl -u {R}: https://api.internal/v1',
    'curl https://api.internal/v1 -u "{R}:"',
    'curl --proxy-user svc:{P} https://x.internal',
    'openssl pkcs12 -export -out x.p12 -password pass:{P}',
    'snmpwalk -v3 -u svc -A {P} host',
    'gh secret set DB_PASSWORD --body "{R}"',
    'tacacs-server key {P}',
    'CREATE DATABASE LINK l CONNECT TO svc IDENTIFIED BY "{P}" USING \'x\';',
    'create user svc identified by {P} temporary tablespace temp;',
    'http -a svc:{P} https://x.internal',
    'openssl enc -aes-256-cbc -k {P} -in x -out y',
    'openssl rsa -in k.pem -passin "pass:{P}"',
    "mysql -h db -u root -p'{P}' -e 'select 1'",
    'mysqldump -u root -p{P} main',
    'sshpass -p {P} ssh root@10.1.1.1',
    'sshpass -p"{P}" ssh x',
    'docker login -u svc -p "{P}"',
    'echo "{P}" | docker login -u svc --password-stdin',
    'echo -e "{P}\\n{P}" | passwd svc',
    'htpasswd -bc .htpasswd svc {P}',
    'ssh-keygen -t rsa -N "{P}"',
    'zip -P {P} x.zip y',
    'args: ["-u", "svc", "-p", "{P}"]',
    '7z x -p{P} a.7z',
    'twine upload -u svc -p {P} dist/*',
    'bcp t out f -S h -U svc -P {P}',
    'snmpwalk -v2c -c {P} host',
    'winexe -U DOM/svc%{P} //h cmd',
    'xfreerdp /u:svc /p:{P} /v:h',
    'net use \\\\h\\s {P} /user:svc',
    'kinit svc <<< {P}',
    'vault login {R}',
    'dotnet nuget push x -k {R} -s y',
    'expect "assword:"\nsend "{P}\\r"',
  ],
  calls: [
    "req.basic_auth 'svc', '{P}'",
    'db.auth("svc", "{P}")',
    'curl_easy_setopt(curl, CURLOPT_PASSWORD, "{P}");',
    "curl_setopt($ch, CURLOPT_PROXYUSERPWD, 'svc:{P}');",
    "[Net.NetworkCredential]::new('svc', '{P}')",
    '.withBasicAuth("svc", "{P}")',
    'ssh.connect(host, 22, "svc", "{P}")',
    'cx_Oracle.connect("svc", "{P}", "h/x")',
    'DBI->connect("dbi:mysql:d", "svc", "{P}")',
    'curl_setopt($ch, CURLOPT_USERPWD, "svc:{P}");',
    "hash_hmac('sha256', $x, '{R}')",
    '.signWith(SignatureAlgorithm.HS256, "{R}")',
    'new SecretKeySpec("{R}".getBytes(), "AES")',
    "AES.new('{R}', AES.MODE_CBC)",
    "hmac.new(b'{R}', message)",
    'hmac.New(sha256.New, []byte("{R}"))',
    'new SymmetricSecurityKey(Encoding.UTF8.GetBytes("{R}"))',
    'new Client("{R}")',
  ],
  settings: [
    '[smtp.internal]:587 svc@mail.internal:{P}',
    'smtp.mail.internal   svc@mail.internal:{P}',
    "CREATE USER 'svc'@'%' IDENTIFIED WITH mysql_native_password BY '{P}';",
    'SetCredential=db:{P}',
    'Environment="A=b" "DB_PASSWORD={P}"',
    "password: \"{{ lookup('env','X') | default('{P}') }}\"",
    "password: \"{{ '{P}' | password_hash('sha512') }}\"",
    'machine h.internal\n  login svc\n  password {P}',
    'db.internal:5432:main:svc:{P}',
    '//registry.internal/:_authToken={R}',
    '//registry.internal/:_password="{b64:P}"',
    'npmAuthIdent: "svc:{P}"',
    '<server><username>svc</username><password>{P}</password></server>',
    "storePassword '{P}'",
    'DRIVER={ODBC Driver 17};SERVER=h;UID=svc;PWD={{P}};',
    'connectionString="Data Source=h;User ID=svc;Password=&quot;{P}&quot;"',
  ],
  prose: [
    'the pw is {P}',
    'pwd → {P}',
    'Password — {P}',
    'password has been reset to: {P}',
    'password: *{P}*',
    '_Password:_ {P}',
    '# Password\n{P}',
    'Password:\n\n{P}',
    'db password ({P})',
    '{P} is the new root password',
    'use {R} as api key',
    'log in with svc / {P}',
    'creds are svc:{P}',
    'Password:&nbsp;{P}',
    '<p>Password is <code>{P}</code></p>',
    '{"body":"Hi,\\nthe password is {P}\\nBye"}',
    'das Kennwort lautet: {P}',
    'Zugangsdaten: svc / {P}',
    'le mot de passe est {P}',
    'mdp : {P}',
    'la contraseña es {P}',
    'a senha é {P}',
    'la password è {P}',
    'het wachtwoord is {P}',
    'hasło to {P}',
    'пароль от базы: {P}',
    'пароль — {P}',
    '密码是{P}',
    '密碼: {P}',
    'パスワードは{P}です',
    '비밀번호는 {P}',
  ],
} as const;

describe.each(Object.entries(found))('%s', (_, templates) => {
  it.each(templates)('%s', (template) => {
    expect(valuesIn(template)).toContain(template.includes('{R}') ? token : password);
  });
});

describe('what only looks like one of them', () => {
  it.each([
    'docker run -u 1000 -p 8080:80 app',
    'sudo -u www-data mkdir -p /srv/app1/data!x',
    'Pass `exports` to `export2!x`',
    'login: "4hy", x: "0Oc"',
    'openssl s_client -connect host:443',
    'log in as admin with your own account2!',
    'new Client("https://api.internal/v1/resources/2!")',
    '"matt", "password1", "denver!2x", "qwe123"',
    'send "{P}\\r"',
  ])('%s', (template) => {
    expect(valuesIn(template)).toEqual([]);
  });
});
