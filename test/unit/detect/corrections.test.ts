/** What was once missed or taken for something else, each beside its counterpart; values are made from a seed. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isChecksumValid } from '../../../src/detect/checksum.js';
import { createAnalyzer } from '../../../src/detect/create-analyzer.js';
import { isPatterned, mayBeRandom } from '../../../src/detect/randomness.js';
import { makeRandom } from '../../../src/rules/random.js';
import { withChecksum } from '../../../src/rules/sample-checksum.js';
import { testKeys } from './rule-fixture.js';
import { shippedRules } from './shipped-rules.js';

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const hex = '0123456789abcdef';
const base62 = `${lower}${lower.toUpperCase()}${digits}`;
const random = makeRandom('corrections');
const draw = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet.charAt(random.below(alphabet.length))).join('');

const values: string[] = [];
const analyzer = createAnalyzer({
  rules: shippedRules,
  keys: testKeys,
  known: new Map(),
  onValue: (_print, value) => values.push(value.toString('utf8')),
});

interface Seen {
  readonly value: string;
  readonly kind: string;
  readonly confidence: string;
  readonly knownPublic: string | undefined;
}

function seenIn(text: string): Seen[] {
  values.length = 0;
  // Told in the order of the findings as they are made, which is that of their places.
  const { findings } = analyzer.analyze({ bytes: Buffer.from(text), chain: [], collectTags: false });
  return findings.map((finding, i) => ({
    value: values[i] ?? '',
    kind: finding.kind,
    confidence: finding.confidence,
    knownPublic: finding.knownPublic,
  }));
}

const alarms = (text: string): Seen[] => seenIn(text).filter(({ confidence }) => confidence !== 'low');
const uuid = (): string => [8, 4, 4, 4, 12].map((length) => draw(hex, length)).join('-');
const password = (): string => `${draw('bcdfghkm', 4)}E${draw('2345679', 3)}!${draw('rstvwx', 3)}`;

describe('random values', () => {
  it('are hardly ever taken for patterns or words', () => {
    for (const [alphabet, lengths] of [
      [hex, [32, 40, 64]],
      [`${lower}${digits}`, [20, 32, 40]],
      [base62, [16, 32, 40, 64]],
    ] as const) {
      for (const length of lengths) {
        let rejected = 0;
        for (let i = 0; i < 3000; i++) {
          const text = draw(alphabet, length);
          if (isPatterned(text) || !mayBeRandom(text)) rejected++;
        }
        // One of 1000 expected at most; more than nine of 3000 are no chance.
        expect(rejected, `${alphabet.length} characters, ${length} long`).toBeLessThan(10);
      }
    }
  });

  it('are judged without the zeros in base64 that all tokens of a provider begin with', () => {
    const token = `${'A'.repeat(21)}${draw(base62, 40)}%2B${draw(base62, 45)}`;
    const found = alarms(`TWITTER_BEARER_TOKEN=${token}`);
    expect(found.map(({ kind }) => kind)).toContain('twitter-bearer-token');
    expect(seenIn(`TWITTER_BEARER_TOKEN=${'A'.repeat(110)}`).filter((s) => s.confidence !== 'low')).toEqual(
      [],
    );
  });

  it('keep their checksum when the body holds the sign that ends the prefix', () => {
    const rule = shippedRules.rules.find(({ id }) => id === 'vercel-pat');
    if (rule === undefined) throw new Error('no rule vercel-pat');
    const token = withChecksum(rule, `vcp_${draw(base62, 20)}_${draw(base62, 35)}`, random);
    expect(isChecksumValid('vercel-crc32', token)).toBe(true);
    expect(isChecksumValid('vercel-crc32', `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`)).toBe(
      false,
    );
  });
});

describe('no value', () => {
  it.each([
    `token: acme_live_${draw(base62, 12)}<your-token>`,
    `password=${password()}<your-password>`,
    `API_TOKEN=acme_${draw(base62, 20)}\${SUFFIX%%.*}`,
    `password=${password()}{{ x }}`,
    "export type T = {\n  'passwords-common': string[]\n}",
    '"password reset works": "PASS",\n"user login": "FAILED"',
    `{"status": "PASS",\n "value": "${draw(base62, 12)}"}`,
    'passwd\t1:4.13+dfsg1-1\tshadow',
    'connect(user="x", host="y", password = getpass.getpass("Password for Db1!: "))',
    '/Server=([^;]+);User Id=([^;]+);Password=([^;]+);Database=([^;]+)/',
    "re = 'postgres://([^:]+):([^@]+)@([^/]+)'",
    `yarn npm stage approve ${uuid()}`,
  ])('in %s', (text) => {
    expect(seenIn(text)).toEqual([]);
  });

  it('of more than a doubt where a word stands for a password', () => {
    expect(alarms('<username>repouser</username>\n<password>repopwd</password>')).toEqual([]);
    expect(alarms('<username>x</username><password>proxypass</password>')).toEqual([]);
    const value = password();
    expect(alarms(`<username>x</username><password>${value}</password>`)).toMatchObject([{ value }]);
  });
});

describe('a value is read whole', () => {
  const [left, right] = [draw(base62, 8), `${draw(base62, 7)}4`];
  it.each([
    `export DB_PASSWORD="${left}""${right}"\n`,
    `export DB_PASSWORD='${left}'"${right}"\n`,
    `DB_PASSWORD=${left}"${right}"\n`,
    `DB_PASSWORD="${left}"${right}\n`,
  ])('when a shell joins its parts: %s', (text) => {
    expect(alarms(text)).toMatchObject([{ value: `${left}${right}` }]);
  });

  it('in one way however long the word is', () => {
    const text = `PASSWORD="${left}"${draw(base62, 280)}! {\n`;
    expect(seenIn(text.repeat(40)).every(({ value }) => value.startsWith(left))).toBe(true);
  });

  it('but not joined with what follows a string of code', () => {
    expect(seenIn(`call("DB_PASSWORD=${left}a1","${right}")`)[0]?.value).toBe(`${left}a1`);
  });

  it.each([
    `define(DB_PASSWORD, '${left}${right}');`,
    `$db[password] = '${left}${right}';`,
    `$cfg[password] = ${left}${right};`,
  ])('beside bare words of PHP: %s', (text) => {
    expect(alarms(text)).toMatchObject([{ value: `${left}${right}` }]);
  });

  it('without the bracket that closes what it stands in', () => {
    const value = `${draw(base62, 11)}7`;
    expect(seenIn(`[host=db1 user=app password=${value}]`)).toMatchObject([{ value }]);
  });

  it.each(['IQoJb3JpZ2lu', 'FwoGZXIvYXdz', 'FwoDYXdz', 'AQoDYXdz'])('as a session token: %s', (head) => {
    const value = `${head}${draw(base62, 700)}`;
    expect(alarms(`aws_session_token = ${value}\n`)).toMatchObject([{ kind: 'aws-session-token', value }]);
  });
});

describe('password hashes', () => {
  const crypt = `./${base62}`;
  it.each([
    `$2b$12$${draw(crypt, 53)}`,
    `$2a$05$${draw(crypt, 53)}`,
    `$5$rounds=5000$${draw(base62, 16)}$${draw(crypt, 42)}k`,
    `$6$rounds=10000$${draw(base62, 16)}$${draw(crypt, 85)}k`,
    `$8$${draw(crypt, 14)}$${draw(crypt, 43)}`,
    `$9$${draw(crypt, 14)}$${draw(crypt, 43)}`,
  ])('%s', (value) => {
    expect(seenIn(`app:${value}:18000`).map((seen) => seen.value)).toContain(value);
  });
});

describe('npm tokens of the old form', () => {
  it('need the name and a word beside them', () => {
    const value = uuid();
    for (const text of [`NPM_TOKEN=${value}`, `//registry.npmjs.org/:_authToken=${value}`]) {
      expect(seenIn(text)).toMatchObject([{ kind: 'npm-token-legacy', value }]);
    }
    expect(seenIn(`npm run build ${value}`)).toEqual([]);
  });
});

describe('documentation', () => {
  it('keeps a password of its own at a sample host a finding', () => {
    const value = password();
    expect(seenIn(`postgres://app:${encodeURIComponent(value)}@db.example.com/main`)).toMatchObject([
      { value, confidence: 'medium' },
    ]);
    for (const word of ['password', 'mysecret', 'hunter2', 'secret123'])
      expect(alarms(`postgres://app:${word}@db.example.com/main`)).toEqual([]);
  });

  // In parts, as in the rule files: each is a published sample that scanners know.
  it.each([
    ['RFC 6750', `Authorization: Bearer ${['mF_9.B5f', '-4.1JqM'].join('')}`],
    ['RFC 6749', `"access_token":"${['2YotnFZF', 'Ejr1zCsicMWpAA'].join('')}"`],
    ['RFC 6749', `"refresh_token":"${['tGzv3JOk', 'F0XG5Qx2TlKWIA'].join('')}"`],
    ['RFC 6749', `client_id=s6BhdRkqt3&client_secret=${['7Fjfp0ZB', 'r1KtDRbnfVdmIw'].join('')}`],
    ['RFC 6749', `Authorization: Basic ${Buffer.from(`s6BhdRkqt3:gX1fBat${'3bV'}`).toString('base64')}`],
    ['dotenv-vault', `DOTENV_KEY=dotenv://:${['key_', '1234'].join('')}@dotenv.org/vault/.env.vault`],
    ['PostgreSQL', 'postgres://postgres:postgres@localhost/db'],
    ['RabbitMQ', 'amqp://guest:guest@localhost:5672'],
    ['MinIO', 'MINIO_ROOT_PASSWORD=minioadmin'],
    ['Oracle', 'jdbc:oracle:thin:scott/tiger@//h:1521/x'],
  ])('%s samples are known to be public: %s', (origin, text) => {
    expect(seenIn(text).map(({ knownPublic }) => knownPublic)).toEqual([expect.stringContaining(origin)]);
  });

  it('every documented sample of a rule is known by its value', () => {
    const samples = shippedRules.rules.flatMap((rule) => rule.knownPublic);
    expect(samples.length).toBeGreaterThan(50);
    for (const { value, origin } of samples) expect([value !== '', origin !== '']).toEqual([true, true]);
  });
});

describe('the budget for encoded text', () => {
  const caps = (text: string): readonly string[] =>
    analyzer.analyze({ bytes: Buffer.from(text), chain: [], collectTags: false }).caps;

  it('lets pass what tests of decompressors and large fixtures hold', () => {
    expect(caps(`x = "${gzipSync(Buffer.alloc(60_000, 'a')).toString('base64')}"`)).toEqual([]);
    const lines = Array.from({ length: 7000 }, (_, i) =>
      Buffer.from(`an encoded line ${i} of many`).toString('base64'),
    );
    expect(caps(lines.map((line) => `v: ${line},`).join('\n'))).toEqual([]);
  });

  it('ends for bombs, in the sweep too', () => {
    const bomb = `x = "${gzipSync(Buffer.alloc(9_000_000, 'a')).toString('base64')}"`;
    expect(caps(bomb)).toEqual(['decode-budget']);
    const input = { bytes: Buffer.from(bomb), chain: [], collectTags: true };
    expect(analyzer.sweep(input, new Map()).caps).toEqual(['decode-budget']);
    const bombs = Array.from({ length: 60 }, (_, i) =>
      gzipSync(Buffer.alloc(1_000_000, `${i}`)).toString('base64'),
    );
    expect(caps(bombs.map((one) => `x = "${one}";`).join('\n'))).toEqual(['decode-budget']);
  });
});
