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
