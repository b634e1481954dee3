import { describe, expect, it } from 'vitest';
import { isChecksumValid } from '../../../src/detect/checksum.js';
import { standInOf, templateDefault } from '../../../src/detect/placeholder.js';
import {
  isHardlyAWord,
  isKeyboardWalk,
  isPatterned,
  isWordless,
  letterPairBits,
  looksRandom,
  shannonEntropy,
} from '../../../src/detect/randomness.js';
import { nameWeightOf } from '../../../src/detect/slot-name.js';
import { strengthBits } from '../../../src/detect/strength.js';
import { shapeOf } from '../../../src/detect/value-shape.js';
import { isBech32 } from '../../../src/identity/bech32.js';
import {
  alphanumericBytes,
  digitBytes,
  hexBytes,
  letterBytes,
  nameBytes,
  tokenBytes,
  underscoreBytes,
} from '../../../src/rules/byte-set.js';
import { capturedRun, leftBorder } from '../../../src/rules/pattern-facts.js';
import { startsAtKeyword } from '../../../src/rules/pattern-heads.js';
import { makeRandom } from '../../../src/rules/random.js';

/** Deterministic random text: `draw(seed, alphabet, length)`. */
function draw(seed: number, alphabet: string, length: number): string {
  let state = seed * 2654435761 + 1;
  let text = '';
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    text += alphabet.charAt((state >>> 16) % alphabet.length);
  }
  return text;
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const base62 = `${lower}${lower.toUpperCase()}0123456789`;

describe('randomness', () => {
  it('takes at least 99 of 100 random texts for random', () => {
    for (const [alphabet, length] of [
      [base62, 20],
      [base62, 40],
      [`${lower}0123456789`, 32],
      [lower, 40],
      ['0123456789abcdef', 32],
    ] as const) {
      let random = 0;
      for (let seed = 1; seed <= 300; seed++) if (looksRandom(draw(seed, alphabet, length))) random++;
      expect(random / 300, `${alphabet.length} characters, ${length} long`).toBeGreaterThan(0.96);
    }
  });
  it('takes identifiers, repeats and sequences for made', () => {
    for (const text of [
      'LibraryWebpageUploadRowStatus',
      'getElementsByClassName',
      'user_password_reset_token_expiry',
      'aaaaaaaaaaaaaaaaaaaaaaaa',
      'abcdefghijklmnopqrstuvwxyz',
      'abcdabcdabcdabcdabcd',
      'application-default-credentials',
      '20240506101112131415',
      'a1b2c3d4e5f6g7h8i9',
    ]) {
      expect(looksRandom(text), text).toBe(false);
    }
  });
  it('finds nine of ten draws of six to twelve letters to be no word', () => {
    for (const length of [6, 8, 10, 12]) {
      let wordless = 0;
      for (let seed = 1; seed <= 300; seed++) if (isWordless(draw(seed, lower, length))) wordless++;
      expect(wordless / 300, `${length} letters`).toBeGreaterThan(0.8);
    }
  });
  it('gives the benefit of the doubt where a password stands', () => {
    for (const text of ['moseht', 'cueafup', 'xpqk', 't7kg4k', 'y8pa5a2', 'r9pn9l!']) {
      expect(isHardlyAWord(text), text).toBe(true);
    }
    for (const text of [
      'green',
      'pass',
      'user',
      's3cr3t',
      'config',
      'p4ssw0rd',
      'hunter2',
      'onepass',
      'Spring',
    ]) {
      expect(isHardlyAWord(text), text).toBe(false);
    }
  });
  it('reads digits between letters as letters, and not those behind them', () => {
    expect(isWordless('y0zk2w')).toBe(true);
    expect(isWordless('znjiahk762885')).toBe(true);
    expect(isWordless('s3cr3t')).toBe(false);
    expect(isWordless('winter2024')).toBe(false);
  });
  it.each(['secret', 'hunter', 'mysqlpwd', 'sshpasswd', 'MyApp', 'smtp-password', 'qwertyuiop', 'letmein'])(
    'takes %s for words and their abbreviations',
    (text) => expect(isWordless(text)).toBe(false),
  );
  it('knows walks along the rows of a keyboard, forth and back', () => {
    for (const text of ['asdfqwer1234asdf', 'qwertz123456', '!@#$%^&*()', 'lkjhgfdsa']) {
      expect(isKeyboardWalk(text), text).toBe(true);
      expect(isPatterned(text), text).toBe(true);
    }
    expect(isKeyboardWalk(draw(7, base62, 24))).toBe(false);
  });
  it('measures entropy and letter pairs', () => {
    expect(shannonEntropy('aabb')).toBe(1);
    expect(letterPairBits('configuration')).toBeLessThan(4.5);
    expect(letterPairBits('xqzvkjwpfg')).toBeGreaterThan(6);
  });
});

describe('names', () => {
  it.each([
    ['DB_PASSWORD', 'password'],
    ['adminPwd', 'password'],
    ['passwordForRoot', 'password'],
    ['clientSecret', 'secret'],
    ['AWS_SECRET_ACCESS_KEY', 'secret'],
    ['apiKey', 'secret'],
    ['X-Api-Key', 'secret'],
    ['SECRET_KEY_BASE', 'secret'],
    ['key', 'weak'],
    ['public_key', 'none'],
    ['keyboard', 'none'],
    ['token_type', 'none'],
    ['hashed_secret', 'none'],
    ['NextToken', 'none'],
    ['nextPageToken', 'none'],
    ['NextLockToken', 'none'],
    ['--lock-token', 'none'],
    ['clientRequestToken', 'none'],
    ['client_token', 'secret'],
    ['refresh_token', 'secret'],
    ['request_token', 'secret'],
    ['max_tokens', 'none'],
    ['secret_name', 'none'],
    ['passwordReset', 'none'],
    ['cache_key', 'none'],
    ['primaryKey', 'none'],
    ['author', 'none'],
    ['tokenizer', 'none'],
  ] as const)('%s is %s', (name, weight) => {
    expect(nameWeightOf(name) === 'weak' && weight === 'none' ? 'weak' : nameWeightOf(name)).toBe(weight);
  });
});

describe('stand-ins and shapes', () => {
  it.each([
    ['${DB_PASS}', 'template'],
    ['{{ token }}', 'template'],
    ['%PASSWORD%', 'reference'],
    ['$API_KEY', 'reference'],
    ['op://vault/item/field', 'reference'],
    ['process.env.TOKEN', 'reference'],
    ['xxxxxxxxxxxx', 'masked'],
    ['********', 'masked'],
    ['changeme', 'filler'],
    ['your_api_key_here', 'filler'],
    ['password', 'filler'],
    ['test_user_password', 'filler'],
    ['testSecretKey', 'filler'],
    ['###DB_PASSWORD###', 'template'],
    ["$options['password']", 'reference'],
    ['$options[', 'reference'],
    ['$user->password', 'reference'],
    ['&data->req.auth', 'reference'],
  ] as const)('%s is a %s', (text, stand) => expect(standInOf(text)).toBe(stand));
  it('takes no random or real password for a stand-in', () => {
    for (const text of ['gT#9x!mQ2', draw(3, base62, 24), 'correct horse battery']) {
      expect(standInOf(text)).toBeUndefined();
    }
  });
  it('finds the default of a template', () => {
    expect(templateDefault('${X:-hunter2}')).toMatchObject({ offset: 5, text: 'hunter2' });
  });
  it.each([
    ['f59dffd2-83ea-47c7-ba8f-95e053a6d0ae', 'uuid'],
    ['d41d8cd98f00b204e9800998ecf8427e', 'hex-hash'],
    ['sha512-abc', 'integrity'],
    ['https://a.test/x', 'url'],
    ['/etc/ssl/private/site.key', 'path'],
    ['2024-01-02', 'date'],
    ['1.2.3', 'version'],
    ['ENC[AES256_GCM,data:x]', 'ciphertext'],
    ['$2b$12$abcdefghijklmnopqrstuv', 'password-hash'],
    ['iVBORw0KGgoAAAANSUhEUg', 'media'],
    ['PSK-AES128-GCM-SHA256', 'algorithm'],
    ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'algorithm'],
    ['PBKDF2WithHmacSHA512', 'algorithm'],
    ['App\\Form\\Type\\PasswordType', 'code-name'],
    ['crate::cipher::SecretKey', 'code-name'],
  ] as const)('%s is a %s', (text, shape) => expect(shapeOf(text)).toBe(shape));
});

describe('shapes that a secret may have by chance', () => {
  it.each(['aes-Xk29fLq0pZ', 'sha-summer#2024', 'Summer|Winter9', 'a1:b2c3d4e5', 'rsaKeyQ8mT2'])(
    '%s has none',
    (text) => expect(shapeOf(text)).toBeUndefined(),
  );
});

describe('checksums', () => {
  it('checks bech32 by the vectors of BIP 173', () => {
    expect(isBech32('A12UEL5L')).toBe(true);
    expect(isBech32('abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw')).toBe(true);
    expect(isBech32('A12UEL5M')).toBe(false);
    expect(isBech32('a12UEL5L')).toBe(false);
  });
  it('checks Luhn', () => {
    expect(isChecksumValid('luhn', '4242 4242 4242 4242'.replace(/ /g, ''))).toBe(true);
    expect(isChecksumValid('luhn', '4242424242424241')).toBe(false);
  });
  it('refuses tokens whose sum is wrong', () => {
    const random = makeRandom('checksum');
    expect(random).toBeDefined();
    for (const checksum of [
      'github-crc32',
      'gitlab-routable',
      'atlassian-crc32',
      'grafana-crc32',
      'zuplo-crc32',
      'confluent-crc32',
      'azure-marvin',
      'base58check',
      'jwt-structure',
    ] as const) {
      expect(isChecksumValid(checksum, draw(9, base62, 44)), checksum).toBe(false);
    }
  });
});

describe('patterns', () => {
  const keyword = (text: string) => ({ text, caseSensitive: false });
  it('knows which start at their keyword', () => {
    expect(startsAtKeyword('(?<![A-Za-z0-9_])(ghp_[A-Za-z0-9]{36})(?![A-Za-z0-9_])', [keyword('ghp_')])).toBe(
      true,
    );
    expect(startsAtKeyword('(?:[Ss][Ll][Aa]|b[oO]t)x', [keyword('sla'), keyword('bot')])).toBe(true);
    expect(startsAtKeyword('[Aa][_-]?[Bb]{3}', [keyword('ab'), keyword('a_b'), keyword('a-b')])).toBe(false);
    expect(startsAtKeyword('[a-z]{3}key', [keyword('key')])).toBe(false);
    expect(startsAtKeyword('(?:foo|[0-9]bar)', [keyword('foo'), keyword('bar')])).toBe(false);
    expect(startsAtKeyword('fo?o', [keyword('foo')])).toBe(false);
    expect(startsAtKeyword('k[A-C1-2]x', ['ka', 'kb', 'kc', 'k1', 'k2'].map(keyword))).toBe(true);
    expect(startsAtKeyword('k[A-D]x', ['ka', 'kb', 'kc'].map(keyword))).toBe(false);
    expect(startsAtKeyword('k[A-c]x', ['ka', 'kb', 'kc'].map(keyword))).toBe(false);
  });
  it('reads how long a token run the value needs', () => {
    expect(capturedRun('x([0-9a-f]{32})')).toEqual({ length: 32, set: hexBytes, reach: 0 });
    expect(capturedRun('([0-9A-Fa-f]{8}-[0-9a-f]{4})')).toEqual({ length: 13, set: hexBytes, reach: 13 });
    expect(capturedRun('(abc_[A-Za-z0-9]{20,40})')).toEqual({
      length: 20,
      set: alphanumericBytes,
      reach: 24,
    });
    expect(capturedRun('(abc_[A-Za-z0-9]{10})')).toEqual({ length: 14, set: nameBytes, reach: 14 });
    expect(capturedRun('(0x[0-9a-f]{64})')).toEqual({ length: 64, set: hexBytes, reach: 66 });
    expect(capturedRun('(?<![\\w\\]])(x{1,3}_\\d{16})')).toEqual({ length: 16, set: hexBytes, reach: 20 });
    expect(capturedRun('(?<![x])(_\\w+:[a-z0-9]{24})')).toEqual({
      length: 24,
      set: alphanumericBytes,
      reach: 0,
    });
    expect(capturedRun('([a-z]{4}[0-9A-Z\\d]{8})')).toEqual({
      length: 12,
      set: alphanumericBytes,
      reach: 12,
    });
    expect(capturedRun('([a-z+\\-]{4})')).toEqual({ length: 4, set: tokenBytes, reach: 4 });
    expect(capturedRun('([a-z]{4} ?[a-z]{5})')).toEqual({ length: 5, set: alphanumericBytes, reach: 10 });
    expect(capturedRun('([^"]{20})').length).toBe(0);
    expect(capturedRun('(a|bcd)').length).toBe(0);
    expect(capturedRun('(?<![x])(\\w{10}[a-z]?)')).toEqual({ length: 10, set: nameBytes, reach: 10 });
  });
  it('reads what may not stand before a match', () => {
    expect(leftBorder('(?<![A-Za-z0-9_])(abc)')).toBe(letterBytes | digitBytes | underscoreBytes);
    expect(leftBorder('(?<![A-Za-z])[Nn][Pp][Mm]')).toBe(letterBytes);
    expect(leftBorder('(?:(?<![A-Za-z])ab|(?<![\\w.])cd)')).toBe(letterBytes);
    expect(leftBorder('(?:(?<![A-Za-z])ab|cd)')).toBe(0);
    expect(leftBorder('(?<=[A-Za-z])ab')).toBe(0);
    expect(leftBorder('(?<![^A-Za-z])ab')).toBe(0);
  });
});

describe('strength', () => {
  it('rates words as weak and random text as strong', () => {
    expect(strengthBits(Buffer.from('password1'))).toBeLessThan(20);
    expect(strengthBits(Buffer.from(draw(4, base62, 32)))).toBeGreaterThan(120);
  });
});
