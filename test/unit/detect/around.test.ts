/** Lists, octets, labels, and what stands round a value; all values are drawn from a seed. */
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../../src/rules/random.js';
import { shippedAnalyzer } from './shipped-rules.js';

const values: string[] = [];
const analyzer = shippedAnalyzer(values);
const random = makeRandom('around');
const draw = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet.charAt(random.below(alphabet.length))).join('');
const hex = (length: number): string => `a${draw('0123456789abcdef', length - 2)}7`;
const alnum = (length: number): string =>
  `${draw('ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyz23456789', length - 2)}q7`;

/** Confidence and value of each finding, in order. */
function told(text: string): [string, string][] {
  values.length = 0;
  const { findings } = analyzer.analyze({ bytes: Buffer.from(text), chain: [], collectTags: false });
  return findings.map(({ confidence }, i) => [confidence, values[i] as string]);
}

describe('a list under the plural of a name', () => {
  const [a, b] = [hex(16), hex(16)];
  it.each([
    `{"tokens":["${a}","${b}"]}`,
    `tokens = ['${a}', '${b}']`,
    `{\n  "access_tokens": [\n    "${a}",\n    "${b}"\n  ]\n}\n`,
  ])('gives each of its members', (text) => {
    expect(told(text)).toEqual([
      ['medium', a],
      ['medium', b],
    ]);
  });

  it('gives those that the locality contract allows: 8 KiB of the line, or what is near behind it', () => {
    const members = Array.from({ length: 60 }, () => `"${hex(198)}"`);
    expect(told(`tokens = [${members.join(',')}]`)).toHaveLength(Math.floor((8192 - 4) / 201));
    const lines = told(`tokens = [\n${members.join(',\n')}]`);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(5);
  });

  it('is none of words, of ids under another name, or of references', () => {
    expect(told('"tokens": ["the", "quick", "brown"]')).toEqual([]);
    expect(told(`"ids": ["${a}", "${b}"]`)).toEqual([]);
    expect(told('secrets = ["${A_SECRET}", "${OTHER_SECRET}"]')).toEqual([]);
  });
});

describe('octets', () => {
  const octets = Array.from({ length: 32 }, (_, i) => (i * 73 + random.below(60)) % 256);
  it.each([
    `secret := []byte{${octets.join(', ')}}`,
    `clientSecret: [${octets.join(',')}]`,
    `var secret = new byte[] { ${octets.map((octet) => `0x${octet.toString(16)}`).join(', ')} };`,
  ])('are the bytes of a secret', (text) => {
    expect(told(text).map(([confidence]) => confidence)).toEqual(['medium']);
  });

  it('in a row are none', () => {
    expect(told(`secret := []byte{${Array.from({ length: 32 }, (_, i) => i).join(', ')}}`)).toEqual([]);
    expect(told('secret_version = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]')).toEqual([]);
  });
});

describe('a label in capitals', () => {
  it('makes a doubt of a value that has the shape of a key', () => {
    expect(told('acmeTOKEN abcdef1234567890abcdef12')).toEqual([['low', 'abcdef1234567890abcdef12']]);
    expect(told('acme KEY abcdef1234567890abcdef12')).toEqual([['low', 'abcdef1234567890abcdef12']]);
    expect(told('acmePRIVATE-abcdef1234567890abcdef12')).toEqual([['low', 'abcdef1234567890abcdef12']]);
    expect(told('the TOKEN that was given, the KEY of_a_table_with_a_name')).toEqual([]);
  });
});

describe('the text round a value', () => {
  const token = hex(50);
  it('says that a token belongs to one signed request', () => {
    expect(told(`{"token": "${token}"}`)[0]?.[0]).toBe('medium');
    expect(told(`{"timestamp": 1700000000, "token": "${token}", "signature": "${hex(64)}"}`)[0]?.[0]).toBe(
      'low',
    );
  });

  it('says that a value is a digest', () => {
    expect(told(`checksum/secret: ${hex(64)}`)).toEqual([]);
  });

  it('says that a key belongs to a search box', () => {
    const key = hex(32);
    expect(told(`{apiKey: "${key}"}`)[0]?.[0]).toBe('medium');
    expect(told(`{appId: "X1", apiKey: "${key}", indexName: "docs"}`)[0]?.[0]).toBe('low');
  });

  it('tells the name of a provider from a word that begins like it', () => {
    const id = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6';
    const kinds = (text: string) =>
      analyzer
        .analyze({ bytes: Buffer.from(text), chain: [], collectTags: false })
        .findings.map(({ kind }) => kind);
    expect(kinds(`EXA_API_KEY=${id}`)).toEqual(['exa-key']);
    expect(kinds(`exakey=${id}`)).toEqual(['exa-key']);
    expect(kinds(`example: key ${id}`)).toEqual([]);
  });
});

describe('a program that makes its own header', () => {
  const password = alnum(12);
  it.each([
    `h = base64.b64encode(b'svc:${password}')`,
    `const h = 'Basic ' + btoa("svc:${password}");`,
    `$h = base64_encode('svc:${password}');`,
  ])('holds the password', (text) => {
    expect(told(text)).toEqual([['medium', password]]);
  });

  it('holds none where it encodes variables', () => {
    expect(told('btoa("svc:" + password)')).toEqual([]);
    expect(told('btoa(`${user}:${password}`)')).toEqual([]);
  });
});

describe('a format that is too common to say anything alone', () => {
  it('is named by the variable it stands in', () => {
    const key = hex(32);
    expect(told(`algolia_token = "${key}"`)).toEqual([['medium', key]]);
  });
});
