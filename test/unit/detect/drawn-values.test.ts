import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { shippedAnalyzer } from './shipped-rules.js';

const analyzer = shippedAnalyzer([]);

function isFound(text: string): boolean {
  const bytes = Buffer.from(`${text}\nnext = 1\n`);
  return analyzer.analyze({ bytes, chain: [], collectTags: false }).findings.length > 0;
}

const drawn = (seed: string): Buffer => createHash('sha512').update(seed).digest();
const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*()_+-=[]{}|;:,.?/~';
const password = (seed: string, length: number): string =>
  [...drawn(seed).subarray(0, length)].map((byte) => signs[byte % signs.length]).join('');

describe('values that were drawn', () => {
  it('are found whatever sign a base64 text begins with', () => {
    const texts = Array.from({ length: 400 }, (_, n) => drawn(`key ${n}`).subarray(0, 32).toString('base64'));
    expect(texts.some((text) => text.startsWith('+'))).toBe(true);
    expect(texts.filter((text) => !isFound(`API_SECRET=${text}`))).toEqual([]);
    expect(texts.filter((text) => !isFound(`api_secret: "${text}"`))).toEqual([]);
  });

  it('are mostly not taken for code when they are full of signs', () => {
    const texts = Array.from({ length: 400 }, (_, n) => password(`password ${n}`, 20));
    expect(texts.filter((text) => isFound(`db_password = "${text}"`)).length).toBeGreaterThan(350);
  });

  it.each([
    'int(yyTok3[i+0])',
    '^[A-Za-z0-9._%+-]{8,64}$',
    'sv.Policy[0].Name2',
    '(?=.*[A-Z])(?=.*[0-9])',
    'a1.B2[x].c3(D4)',
    '$2.get("K1").Of(3)',
  ])('are told from code: %s', (code) => {
    expect(isFound(`password = '${code}'`)).toBe(false);
  });

  it('are given whole or not at all at the end of a line', () => {
    const long = Array.from(
      { length: 7 },
      (_, n) => drawn(`long ${n}`).toString('hex').slice(0, 41) + 'Zq',
    ).join('');
    expect(isFound(`the token you asked for ${long}`)).toBe(false);
  });

  it('are found in functions whose names begin like questions', () => {
    for (const name of ['issuerSecret', 'hasuraSecret', 'checkoutSecret', 'testflightToken', 'getSecret'])
      expect(isFound(`${name}() { return "${drawn(name).toString('base64url').slice(0, 32)}" }`), name).toBe(
        true,
      );
    expect(isFound(`isSecret() { return "${drawn('x').toString('base64url').slice(0, 32)}" }`)).toBe(false);
  });

  it('make a list only when all in it are', () => {
    const [a, b] = ['a', 'b'].map((seed) => drawn(seed).toString('base64url').slice(0, 32));
    expect(isFound(`tokens = ["${a}", "${b}"]`)).toBe(true);
    expect(isFound(`tokens = ["${a}", "comma", "${b}"]`)).toBe(isFound(`tokens = ["comma", "${a}", "${b}"]`));
  });
});

describe('drawn values that nothing encloses', () => {
  const valuesIn = (text: string): string[] => {
    const bytes = Buffer.from(text);
    return analyzer
      .analyze({ bytes, chain: [], collectTags: false })
      .findings.map(({ span }) => bytes.toString('utf8', span.start, span.end));
  };
  const signed = ['xK"4v<W;q9{Rz', '(7Hq,t$Zp]2Lw', '=j_S+3RGU>N1Y', 'R|8p%Wc&2:xQ^'];

  it.each(signed)('are read to the end of their line: %s', (value) => {
    expect(valuesIn(`A=1\nDB_PASSWORD=${value}\nB=2\n`)).toEqual([value]);
    expect(valuesIn(`spring.datasource.password=${value}\r\nb=2\n`)).toEqual([value]);
    expect(valuesIn(`db:\n  password: ${value}\n  port: 1\n`)).toEqual([value]);
  });

  it('are read to the semicolon of a connection string', () => {
    for (const value of ['xK`4v<Wq9{Rz', "(7Hq,t$Zp]'2Lw"])
      expect(valuesIn(`"Server=h;Database=d;User Id=u;Password=${value};Encrypt=true"\n`)).toEqual([value]);
  });

  it('end where the syntax round them goes on', () => {
    const [value] = ['xK4v-Wq9+Rz7Lw2p'] as const;
    for (const tail of [',', ';', '",', "')", '}'])
      expect(valuesIn(`password: ${value}${tail}\n`)).toEqual([value]);
    expect(valuesIn(`password: *${value}*\n`)).toEqual([value]);
  });

  it.each(['pick(a1[0],b2)||c3', 'row["pw1"].get(k)', '[a-z]{2}(\\d+)$'])(
    'are told from code: %s',
    (code) => {
      expect(valuesIn(`password: ${code}\nb: 2\n`)).toEqual([]);
      expect(valuesIn(`password = ${code}\nb = 2\n`)).toEqual([]);
    },
  );
});

describe('short passwords', () => {
  it.each([
    ['password: dujmYUqF', 'dujmYUqF'],
    ["password = '+4wKq9Zv'", '+4wKq9Zv'],
    ["password = '.9XkW72q'", '.9XkW72q'],
    ["password = 'gUF/xSLh'", 'gUF/xSLh'],
    ["password = '55860c1f'", '55860c1f'],
  ])('are found in %s', (text, value) => {
    const bytes = Buffer.from(`a: 1\n${text}\nb: 2\n`);
    const { findings } = analyzer.analyze({ bytes, chain: [], collectTags: false });
    expect(
      findings.map(({ span, confidence }) => [bytes.toString('utf8', span.start, span.end), confidence]),
    ).toEqual([[value, 'medium']]);
  });

  it.each([
    'password: dbPassName',
    "password = '.form-group'",
    "password = 'lib/base'",
    "password = '#aabbcc'",
  ])('are told from names: %s', (text) => {
    expect(isFound(text)).toBe(false);
  });

  it('in hex are no ids where a pattern has their name', () => {
    const value = '5ea5d1fc2cd5';
    for (const text of [`{"host":"h","password":"${value}"}`, `define('DB_PASSWORD', '${value}');`]) {
      const { findings } = analyzer.analyze({ bytes: Buffer.from(text), chain: [], collectTags: false });
      expect(findings.map(({ confidence }) => confidence)).toEqual(['medium']);
    }
  });
});

describe('a value on the line below its name', () => {
  const seen = (text: string): unknown[] =>
    analyzer
      .analyze({ bytes: Buffer.from(text), chain: [], collectTags: false })
      .findings.map(({ span, confidence }) => [span, confidence]);
  const names = ['db_password:', 'Password:', '- password:', '"db_password":'];
  const blanks = ' '.repeat(1600);

  it.each(names)('is judged by nothing that stands beyond the reach of %s', (name) => {
    for (const value of ['  xK4v9Wq2Rz7Lw2pT', 'xK4v9Wq2Rz7Lw2pT', '  "xK4v9Wq2Rz7Lw2pT"']) {
      for (const tail of ['', '\n', '# more', 'more words', `\n${blanks}x`])
        expect(seen(`${name}\n${value}${blanks}${tail}`)).toEqual(seen(`${name}\n${value}${blanks}`));
      for (const tail of ['', 'more words', '\n'])
        expect(seen(`${name}\n${value}\n${blanks}${tail}`)).toEqual(seen(`${name}\n${value}\n${blanks}`));
    }
  });

  it('is found with some blanks behind it', () => {
    expect(seen('db_password:\n  xK4v9Wq2Rz7Lw2pT   \nnext: 1\n')).toHaveLength(1);
  });
});
