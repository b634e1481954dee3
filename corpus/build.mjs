/**
 * Writes the corpus as JSON lines: `node corpus/build.mjs [--seed S] > cases.jsonl`.
 *
 * Nothing real-shaped is committed: every value is drawn from a seed when this runs. Suites:
 * - `examples`: each rule's own examples, three draws, and its negatives;
 * - `rewrites`: one password in each spelling that a file, header or URL gives it;
 * - `syntaxes`: one random token behind signs and words that other languages and people put before it;
 * - `short`: passwords of six to twelve letters and digits, too short to look random, where settings and code name them;
 * - `scant`: values with hardly anything to judge by: four letters, anagrams of words, letters and digits in turns, short tokens;
 * - `spoken`: sentences of chats and tickets with a password or a token in them, and remarks without one;
 * - `drawn`: passwords of eight to 32 characters from the alphabets of generators, where they are written with all their signs;
 * - `look-alikes`: hashes, ids, digests, public keys, ciphertext, references: no alarm may come of them;
 * - `placeholders`: what people write where a secret would stand.
 */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compileRules, loadRuleSources, makeRandom, renderExample } from '../dist/rules/corpus.js';
import { alphabets, lengths, places as drawnPlaces } from './drawn.mjs';
import { remarks, said } from './spoken.mjs';

const { values: flags } = parseArgs({ options: { seed: { type: 'string', default: 'corpus' } } });
const draws = 3;
const cases = [];

function add(suite, rule, text, expected, category) {
  const kind = expected.length > 0 ? 'positive' : 'negative';
  cases.push({ id: `${suite}/${rule}/${cases.length}`, suite, rule, text, expected, kind, category });
}

const sources = loadRuleSources(fileURLToPath(new URL('../rules', import.meta.url)));
const compiled = new Map(compileRules(sources).rules.map((rule) => [rule.id, rule]));
const siblings = [...compiled.values()];
for (const source of sources.rules) {
  const rule = compiled.get(source.id);
  if (rule === undefined || rule.identifierOnly) continue;
  for (const example of source.examples) {
    for (let draw = 0; draw < draws; draw++) {
      const { text, value } = renderExample(rule, example, `${flags.seed} ${draw}`, siblings);
      if (value !== '') add('examples', rule.id, text, [value], 'example');
    }
  }
}

const random = makeRandom(`${flags.seed} rewrites`);
const pick = (alphabet, length) => Array.from({ length }, () => alphabet[random.below(alphabet.length)]).join('');
const alphanumeric = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const hex = (length) => pick('0123456789abcdef', length);

for (let i = 0; i < 40; i++) {
  const plain = pick(alphanumeric, 18);
  const value = `${plain.slice(0, 9)}+/"&${plain.slice(9)}`;
  const base64 = Buffer.from(value).toString('base64');
  const families = {
    json: JSON.stringify({ db: { password: value } }),
    'json-unicode': `{"password": "${[...value].map((char) => (/\w/.test(char) ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)).join('')}"}`,
    xml: `<password>${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}</password>`,
    url: `postgresql://orders:${encodeURIComponent(value)}@db-7.internal:5432/orders`,
    'kubernetes-data': `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: ${base64}\n`,
    'basic-header': `Authorization: Basic ${Buffer.from(`orders:${value}`).toString('base64')}`,
    'docker-auth': `{"auths":{"registry.internal":{"auth":"${Buffer.from(`orders:${value}`).toString('base64')}"}}}`,
    'single-quoted': `password = '${value}'`,
    env: `export DB_PASSWORD='${value}'`,
  };
  for (const [family, text] of Object.entries(families)) add('rewrites', family, `${text}\n`, [value], 'rewrite');
}

const longSyntaxes = {
  'append-php': (value) => `$vendorToken .= "${value}";`,
  'assign-make': (value) => `VENDOR_TOKEN ::= "${value}"`,
  'assign-posix-make': (value) => `VENDOR_TOKEN :::= "${value}"`,
  note: (value) => `vendor token - '${value}'`,
  'behind-scheme': (value) => `token = "Vendor ${value}"`,
  'behind-words': (value) => `<secret>{vendor prefix ${value}}</secret>`,
  blanks: (value) => `token = ' ${value} '`,
};
for (const [syntax, make] of Object.entries(longSyntaxes)) {
  for (let i = 0; i < 25; i++) {
    const value = `${pick(alphanumeric, 16)}7${pick(alphanumeric, 15)}`;
    add('syntaxes', syntax, `${make(value)}\n`, [value], 'token');
  }
}

const consonants = 'bcdfghjklmnpqrstvwxz';
const shortSyntaxes = {
  yaml: (value) => `database:\n  password: ${value}`,
  json: (value) => `{"user": "app", "pass": "${value}"}`,
  code: (value) => `config.password = '${value}';`,
  env: (value) => `export DB_PASSWORD=${value}`,
  'docker-run': (value) => `docker run -d -e MYSQL_ROOT_PASSWORD=${value} -p 3306:3306 mysql`,
  'config-set': (value) => `heroku config:set SMTP_PASSWORD=${value}`,
  'flow-mapping': (value) => `users: [ {user: app, password: ${value}} ]`,
  'url-local': (value) => `amqp://app:${value}@localhost:5672/`,
  'url-format': (value) => `fmt.Sprintf("nats://app:${value}@%s:%d", host, port)`,
  comparison: (value) => `assert user.password == "${value}"`,
};
for (const [syntax, make] of Object.entries(shortSyntaxes)) {
  for (let i = 0; i < 25; i++) {
    const letters = pick(consonants, 7 + (i % 5));
    const value = i % 3 === 0 ? `${letters}${pick('0123456789', 3)}` : letters;
    add('short', syntax, `${make(value)}\n`, [value], 'password');
  }
}

const scantValues = {
  'four-letters': () => pick('bdfgkpqvwxz', 4),
  'letters-and-digits': () => `${pick(consonants, 1)}${pick('2689', 1)}${pick(consonants, 2)}${pick('2689', 1)}${pick(consonants, 1)}`,
  'numbered-letters': () => `${pick(consonants, 2)}i${pick(consonants, 2)}${pick('2356789', 1)}${pick('014', 1)}${pick('2356789', 1)}`,
};
const scantSyntaxes = {
  keyword: (value) => `connect(host="db.internal", user="app", password="${value}")`,
  json: (value) => `{"user": "app", "password": "${value}"}`,
  echo: (value) => `params: { user: { password_confirmation: '${value}' } }`,
  'url-format': (value) => `fmt.Sprintf("nats://app:${value}@%s:%d", host, port)`,
};
for (const [kind, draw] of Object.entries(scantValues)) {
  for (const [syntax, make] of Object.entries(scantSyntaxes)) {
    for (let i = 0; i < 10; i++) {
      const value = draw();
      add('scant', `${kind}-${syntax}`, `${make(value)}\n`, [value], 'password');
    }
  }
}
const scantTokens = {
  'token-letters': (value) => `'oauth_token': '${value}',`,
  'secret-argument': (value) => `store.save(name, username='app', secret='${value}')`,
  'key-of-provider': (value) => `EXOSCALE_API_KEY=${value}${pick(consonants, 10)}`,
  'forgery-secret': (value) => `csrf_secret = b'${value}${pick(alphanumeric, 24)}'`,
  'names-in-parallel': (value) => `login, password = 'app@mail.internal', '${value}'`,
  'labelled-field': (value) => `fill_in :signup_password, with: "${value}${pick(consonants, 2)}8!"`,
  'sql-clause': (value) => `SQL> alter user sys identified by ${value}A4 container=all;`,
  'first-parameter': (value) => `body = "oauth_token=${value}${pick(alphanumeric, 20)}7k&state=x1"`,
  'whole-text': (value) => `curl --data-urlencode "password=${value}" $URL`,
  'prefix-of-a-vendor': (value) => `client = Acme("acme_live_${value}${pick('0123456789', 4)}${pick(alphanumeric, 12)}")`,
  'compared-ahead': (value) => `if ("${value}7!" == password) {`,
  'one-time-password': (value) => `totp = ROTP::TOTP.new("${value}${pick('234567', 3)}${pick(consonants, 8)}")`,
  'user-with-at-sign': (value) => `EMAIL_SERVER=smtps://svc@mail.internal:${value}@smtp.mail.internal:465`,
  'opaque-header': (value) => `authorization: 'Basic ${Buffer.from([0x8f, 0xd2, 0x91, ...Buffer.from(value.slice(0, 4))]).toString('base64')}'`,
  'line-alone': (value) => `username svc\npassword ${value}`,
};
for (const [syntax, make] of Object.entries(scantTokens)) {
  for (let i = 0; i < 10; i++) {
    const value = pick(consonants, 10 + (i % 4));
    const text = make(value);
    const whole = (new RegExp(`(?:acme_live_)?${value}[\\w!]*`).exec(text) ?? /[\w+/]{8,}==(?=')/.exec(text))[0];
    add('scant', syntax, `${text}\n`, [whole], 'password');
  }
}

const places = {
  'options-user-password': (value) => `twine upload -u svc -p ${value} dist/x.whl`,
  'docker-stdin': (value) => `echo "${value}" | docker login -u svc --password-stdin`,
  'openssl-key': (value) => `openssl enc -aes-256-cbc -k ${value} -in a -out b`,
  'mysql-quoted': (value) => `mysqldump -h db -u root -p'${value}' main`,
  'sasl-passwd': (value) => `[smtp.internal]:587 svc@mail.internal:${value}`,
  'jinja-default': (value) => `password: "{{ lookup('env', 'X') | default('${value}') }}"`,
  'sql-insert': (value) => `INSERT INTO users (id, login, password) VALUES (1, 'ana', '${value}');`,
  tsv: (value) => `login\tpassword\trole\nana\t${value}\tadmin`,
  csv: (value) => `login,password,role\nana,${value},admin`,
  'markdown-table': (value) => `| user | password |\n|------|------|\n| ana | ${value} |`,
  'secret-in-list': (value) =>
    `kind: List\nitems:\n- data:\n    any: ${Buffer.from(value).toString('base64')}\n  kind: Secret`,
  'call-key': (value) => `cipher = AES.new(b'${value}', AES.MODE_GCM)`,
  'call-login': (value) => `ssh.connect(host, 22, "svc", "${value}")`,
  'literal-in-parts': (value) => `const password = '${value.slice(0, 5)}' +\n  '${value.slice(5)}';`,
  heredoc: (value) => `db_password = <<EOF\n${value}\nEOF`,
  'triple-quoted': (value) => `password = """\n${value}"""`,
  'perl-hash': (value) => `$config->{'password'} = '${value}';`,
  'form-data': (value) => `Content-Disposition: form-data; name="password"\r\n\r\n${value}\r\n--x`,
  'spoken-before': (value) => `${value} is the new root password`,
  'spoken-possessive': (value) => `my password's ${value}`,
  'field-of-a-page': (value) => `document.getElementById('password').value = '${value}';`,
  'typed-into-a-field': (value) => `driver.find_element(By.ID, "password").send_keys("${value}")`,
  'attribute-behind-others': (value) => `<input name="password" type="hidden" value="${value}">`,
  'option-of-a-command': (value) => `kubectl create secret generic x --from-literal=password=${value}`,
  'option-of-libcurl': (value) => `curl_easy_setopt(handle, CURLOPT_PASSWORD, "${value}");`,
  'libpq-in-sql': (value) => `SELECT dblink_connect('host=db1 user=app password=${value} dbname=main');`,
  'oracle-link': (value) => `CREATE DATABASE LINK l CONNECT TO app IDENTIFIED BY "${value}" USING 'x';`,
  'mongo-shell': (value) => `db.auth("app", "${value}")`,
  'openssl-source': (value) => `openssl pkcs12 -export -out x.p12 -password pass:${value}`,
  'registry-token': (value) => `//packages.internal/:_authToken=${value}`,
  'spoken-german': (value) => `das Kennwort lautet: ${value}`,
  'spoken-russian': (value) => `пароль от базы: ${value}`,
  'spoken-japanese': (value) => `パスワードは${value}です`,
  'spoken-pair': (value) => `log in with svc / ${value}`,
};
for (const [place, make] of Object.entries(places)) {
  for (let i = 0; i < 10; i++) {
    const value = `${pick(consonants, 4)}E${pick('2345679', 3)}!${pick(consonants, 4)}A${pick('2345679', 1)}k`;
    add('places', place, `${make(value)}\n`, [value], 'password');
  }
}

const digest = (algorithm, encoding) => createHash(algorithm).update(pick(alphanumeric, 12)).digest(encoding);
const lookAlikes = {
  'git-commit': () => `commit = "${hex(40)}"`,
  sha256: () => `sha256:${digest('sha256', 'hex')}`,
  md5: () => `checksum: ${digest('md5', 'hex')}`,
  integrity: () => `"integrity": "sha512-${digest('sha512', 'base64')}"`,
  'go-sum': () => `github.com/pkg/errors v0.9.1 h1:${digest('sha256', 'base64')}`,
  uuid: () => `"id": "${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}"`,
  'docker-digest': () => `image: nginx@sha256:${hex(64)}`,
  'public-key': () => `ssh-ed25519 ${Buffer.from(`\0\0\0\x0bssh-ed25519\0\0\0 ${pick(alphanumeric, 32)}`).toString('base64')} ana@laptop`,
  'data-uri': () => `background: url(data:image/png;base64,iVBORw0KGgo${Buffer.from(pick(alphanumeric, 300)).toString('base64')})`,
  'vault-cipher': () => `password: $ANSIBLE_VAULT;1.1;AES256 ${hex(64)}`,
  sops: () => `password: ENC[AES256_GCM,data:${Buffer.from(pick(alphanumeric, 18)).toString('base64')},iv:${digest('sha256', 'base64')},type:str]`,
  'public-key-name': () => `public_key = "${pick(alphanumeric, 32)}"`,
  'digest-in-a-file-name': () => `<link rel="icon" href="/favicon.ico-${hex(32)}.png">`,
  'page-of-a-site': () => `https://docs.internal/API-${pick('0123456789ABCDEF', 32)}`,
  'cipher-suite': () =>
    `| psk | ${['ECDHE', 'DHE', 'RSA'][random.below(3)]}-PSK-AES${[128, 256][random.below(2)]}-GCM-SHA${[256, 384][random.below(2)]} |`,
  'key-derivation': () => `secret = "PBKDF2WithHmacSHA${[1, 256, 512][random.below(3)]}"`,
  'class-name': () => `->add('password', 'App\\Form\\${pick('ABC', 1)}uth\\Type\\PasswordType')`,
  'array-element': () => `$password = $${pick('abc', 3)}['password'] ?? null;`,
  'member-access': () => `userpwd = &data->state.${pick('abc', 3)}_auth;`,
  'locale-name': () => `'en_PW' => '${pick('abcde', 5)}ais (Palau)',`,
  'validation-rule': () => `return ['password' => 'required|confirmed'];`,
  'one-digit-uuid': () => {
    const digit = pick('0123456789abcdef', 1);
    return `secret_key: ${[8, 4, 4, 4, 12].map((length) => digit.repeat(length)).join('-')}`;
  },
  'keyboard-walk': () => `password = "${['asdfqwer1234asdf', 'qwertzuiop12345', 'zxcvbnm!@#$%^'][random.below(3)]}"`,
  'parts-of-a-url': () => `MAILER_DSN=smtp+api://API_${pick('ABC', 2)}:API_SECRET@default`,
  'hash-template': () => `sysPassword=###${pick('ABC', 3)}_PWD###`,
  'counted-word': () => `Password = "${['Test@12345', 'admin123456', 'root@1234'][random.below(3)]}"`,
  'bcrypt-hash': () => `password: $2a$10$${pick(alphanumeric, 53)}`,
  'host-in-braces': () => `http://%HOSTIP:%HTTPPORT?email=${pick('abc', 4)}@mail.internal/`,
  'list-of-lists': () => `proc_open('pwd', [['pipe', 'r'], ['${pick('abc', 2)}', 'w']], $pipes)`,
  'lookup-of-a-device': () => `{{ lookup('password', '/dev/null length=${pick('123', 2)}') }}`,
  'pass-as-a-verb': () => `Pass decorators to applyDecs${pick('0123456789', 4)} in lexical order`,
  'hash-of-a-password': () => `password: "$6$${pick(alphanumeric, 16)}$${pick(alphanumeric, 86)}"`,
  'number-of-parts': () => `access_token: "abc123"`,
  'policy-word': () => `update_password: ${['always', 'never', 'auto'][random.below(3)]}`,
  'shown-output': () => `#   user.auth_token # => "${pick(alphanumeric, 24)}"`,
  'country-name': () => `'PW' => '${['Palawu', 'Palaos', 'Palao'][random.below(3)]}',`,
  'field-of-a-struct': () => `privateKey = ${['ecdsaKey', 'rsaKeyPair', 'hostKey'][random.below(3)]}`,
  'public-jwk-literal': () => `const key = { kty: 'EC', crv: 'P-256', x: '${pick(alphanumeric, 43)}', y: '${pick(alphanumeric, 43)}' };`,
  'hash-of-a-directory': () => `(&(uid=*)(host=*)) (|(user=*)(userPassword={SSHA}${pick(alphanumeric, 22)}==))`,
  'name-of-a-secret': () => `existingSecret: ${pick('bdfgk', 3)}${pick('aeiou', 1)}${pick('lmnr', 2)}-auth`,
  'signed-sentence': () =>
    `jws = '${Buffer.from('{"alg":"ES256"}').toString('base64url')}.${Buffer.from(`It is ${pick('abcde', 12)} business`).toString('base64url')}.${pick(alphanumeric, 86)}'`,
  'cache-key': () => `cache_key: ${hex(32)}`,
  'etag-header': () => `ETag: "${hex(32)}"`,
  identifier: () => `const tokenTypeNameFormatter = getTokenTypeNameFormatterFromContext(${pick('abc', 1)});`,
  'source-map': () => `//# sourceMappingURL=data:application/json;base64,${Buffer.from(`{"version":3,"mappings":"${pick('ACEGIKMO;,', 200)}"}`).toString('base64')}`,
};
for (const [name, make] of Object.entries(lookAlikes)) {
  for (let i = 0; i < 25; i++) add('look-alikes', name, `${make()}\n`, [], 'look-alike');
}

const spokenRandom = makeRandom(`${flags.seed} spoken`);
const draw = (alphabet, length) => Array.from({ length }, () => alphabet[spokenRandom.below(alphabet.length)]).join('');
/** As people make them up: a word and digits, letters and digits mixed, signs amid both. */
const madeUp = [
  () => `${draw('BDGKLMPR', 1)}${draw('aou', 1)}${draw('bdfgkmpt', 2)}${draw('eio', 1)}${draw('nrst', 1)}${draw('23456789', 4)}!`,
  () => `${draw('bdgkmp', 2)}${draw('KTWX', 2)}${draw('23456789', 1)}${draw('hkqz', 2)}${draw('23456789', 1)}${draw('wvz', 1)}`,
  () => `${draw('KTWX', 1)}${draw('23456789', 1)}$${draw('dfgk', 2)}!${draw('fhq', 2)}${draw('23456789', 1)}L`,
];
for (const [language, sentences] of Object.entries(said)) {
  for (const sentence of sentences) {
    for (const make of sentence.includes('{R}') ? [() => `${draw(alphanumeric, 13)}7${draw(alphanumeric, 14)}`] : madeUp) {
      const value = make();
      const text = sentence.replace(/\{[PR]\}/, () => value);
      add('spoken', language, `ok\n${text}\nthanks\n`, [value], 'spoken');
    }
  }
}
for (const remark of remarks) add('spoken', 'remark', `ok\n${remark}\nthanks\n`, [], 'near-miss');

const drawnRandom = makeRandom(`${flags.seed} drawn`);
const drawText = (alphabet, length) => Array.from({ length }, () => alphabet[drawnRandom.below(alphabet.length)]).join('');
/** A policy asks for a digit and a capital; a file without quotes cannot hold every value. */
const isFit = (value, never) => /\d/.test(value) && /[A-Z]/.test(value) && never?.test(value) !== true;
for (const [place, { make, write = (value) => value, never }] of Object.entries(drawnPlaces)) {
  for (const [name, alphabet] of Object.entries(alphabets)) {
    for (const length of lengths) {
      for (let i = 0; i < 2; i++) {
        let value = drawText(alphabet, length);
        for (let tries = 0; !isFit(value, never) && tries < 500; tries++) value = drawText(alphabet, length);
        if (isFit(value, never)) add('drawn', `${place}-${name}`, `${make(write(value))}\n`, [value], 'password');
      }
    }
  }
}

const placeholders = ['changeme', '<password>', '${DB_PASSWORD}', '{{ password }}', 'your_password_here', 'xxxxxxxxxxxxxxxx', '****************', 'process.env.DB_PASSWORD', 'os.environ["DB_PASSWORD"]', 'REDACTED', 'example-password', '!Ref DbPassword', 'op://vault/db/password', '$(cat /run/secrets/db)', '%DB_PASSWORD%', 'null', 'TODO'];
const syntaxes = [(value) => `password = "${value}"`, (value) => `password: ${value}`, (value) => `export PASSWORD=${value}`, (value) => `postgres://orders:${value}@db/orders`, (value) => `{"password": "${value.replaceAll('"', '\\"')}"}`];
for (const value of placeholders) {
  for (const [i, syntax] of syntaxes.entries()) add('placeholders', `syntax-${i}`, `${syntax(value)}\n`, [], 'near-miss');
}

// A pipe that is closed early is the reader's choice.
process.stdout.on('error', () => {});
for (const one of cases) process.stdout.write(`${JSON.stringify(one)}\n`);
