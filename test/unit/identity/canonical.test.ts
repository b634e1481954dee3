import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aliasesOf, canonicalCandidates, lookupsOf } from '../../../src/identity/canonical.js';
import { fingerprintOf } from '../../../src/identity/fingerprint.js';
import { aliasForms, losslessBase64, normalFormOf } from '../../../src/identity/normal-forms.js';
import { openSshContainer, pem } from '../../support/key-containers.js';

const key = Buffer.alloc(32, 7);
const password = 'Tr0ub4dor&3=x';

function readingsOf(text: string | Buffer): string[] {
  return canonicalCandidates(Buffer.from(text as string)).map(({ bytes }) => bytes.toString());
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('canonicalCandidates', () => {
  it('gives the literal first', () => {
    expect(canonicalCandidates(Buffer.from(' x '))[0]).toEqual({ bytes: Buffer.from(' x '), via: [] });
  });

  it.each([
    password,
    `${password}\n`,
    `\ufeff ${password}\u200b\u00a0`,
    `"${password}"`,
    `'${password}',`,
    `“${password}”`,
    `DB_PASSWORD=${password}`,
    `export DB_PASSWORD="${password}"`,
    `"db_password": "${password}",`,
    `  password: ${password}`,
    base64(password),
    Buffer.from(password).toString('base64url'),
    base64(base64(password)),
    Buffer.from(password).toString('hex'),
    Buffer.from(password).toString('hex').toUpperCase(),
    encodeURIComponent(password),
    JSON.stringify(password).replace('=', '\\u003d').replace('&', '\\u0026'),
    'Tr0ub4dor&amp;3&#61;x',
    'Tr0ub4dor\\&3\\=x',
    `Basic ${base64(`admin:${password}`)}`,
    `Authorization: Basic ${base64(`admin:${password}`)}`,
    `Bearer ${password}`,
    `Authorization: Bearer ${password}`,
    base64(`admin:${password}`),
    `{"auths":{"https://index.example/v1/":{"auth":"${base64(`admin:${password}`)}"}}}`,
    `postgres://app:${encodeURIComponent(password)}@db.example:5432/main?sslmode=require`,
    `DATABASE_URL="postgres://app:${encodeURIComponent(password)}@db.example/main"`,
    `postgres://app:${password}@db.example/main`,
    `Server=db;User Id=app;Password="${password}";Database=main`,
    `curl -u admin:${password} https://api.example`,
  ])('finds the value in %s', (written) => {
    expect(readingsOf(written)).toContain(password);
  });

  it('reads UTF-16 with a mark', () => {
    expect(readingsOf(Buffer.from(`\ufeff${password}`, 'utf16le'))).toContain(password);
  });

  it('reads Latin-1 as detection does', () => {
    expect(readingsOf(Buffer.from('PW=pässwört', 'latin1'))).toContain('pässwört');
  });

  it('keeps non-ASCII values whole', () => {
    for (const value of ['pässwörd-à', 'пароль123', 'p\u00e9\u0301']) {
      expect(readingsOf(`PW="${value}"`)).toContain(value);
      expect(readingsOf(`mysql://u:${value}@h.example/d`)).toContain(value);
    }
  });

  it('leads from every container of a key to one alias', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const der = privateKey.export({ format: 'der', type: 'pkcs8' });
    const spellings = [
      privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
      JSON.stringify(privateKey.export({ format: 'pem', type: 'pkcs1' })),
      pem('OPENSSH PRIVATE KEY', openSshContainer(privateKey), 70),
      base64(privateKey.export({ format: 'pem', type: 'pkcs8' }) as string),
      der.toString('base64'),
    ];
    const wanted = aliasesOf('private-key', der, key)[0]?.fingerprint;
    expect(wanted).toBeDefined();
    for (const spelling of spellings) {
      expect(lookupsOf(key, Buffer.from(spelling)).map((lookup) => lookup.fingerprint)).toContain(wanted);
    }
    const literal = fingerprintOf(key, der);
    expect(lookupsOf(key, Buffer.from(spellings[0] ?? '')).map((each) => each.fingerprint)).toContain(
      literal,
    );
  });

  it('is bounded and total', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const found = canonicalCandidates(Buffer.from(bytes));
        expect(found.length).toBeLessThanOrEqual(96);
      }),
    );
    expect(canonicalCandidates(Buffer.from('"'.repeat(10_000))).length).toBeLessThanOrEqual(96);
  });
});

describe('aliases', () => {
  it('folds case of hex and UUIDs only for their kinds', () => {
    expect(aliasesOf('hex-lower', Buffer.from('ABCDEF01'), key)).toEqual(
      aliasesOf('hex-lower', Buffer.from('abcdef01'), key),
    );
    expect(aliasesOf('hex-lower', Buffer.from('ABCDEFG1'), key)).toEqual([]);
    expect(aliasesOf(undefined, Buffer.from('ABCDEF01'), key)).toEqual([]);
    const uuid = '0F8FAD5B-D9CB-469F-A165-70867728950E';
    expect(aliasesOf('uuid-lower', Buffer.from(uuid), key)).toEqual(
      aliasesOf('uuid-lower', Buffer.from(uuid.toLowerCase()), key),
    );
    expect(aliasesOf('uuid-lower', Buffer.from(`${uuid}0`), key)).toEqual([]);
  });

  it('joins the alphabets of base64 with and without padding', () => {
    const bytes = Buffer.from('fbefbe00ff10', 'hex');
    const spellings = [
      bytes.toString('base64'),
      bytes.toString('base64url'),
      bytes.toString('base64').replace(/=/g, ''),
    ];
    expect(
      new Set(spellings.map((text) => aliasesOf('base64-bytes', Buffer.from(text), key)[0]?.fingerprint))
        .size,
    ).toBe(1);
  });

  it('decodes base64 only where nothing is lost', () => {
    for (const text of ['abd', 'ab=', 'abc==', 'a', 'ab+_', 'YWJj=', ''])
      expect(losslessBase64(text)).toBeUndefined();
    expect(losslessBase64('YWI')?.toString()).toBe('ab');
    expect(losslessBase64('YWI=')?.toString()).toBe('ab');
  });

  it('removes spaces for application passwords', () => {
    expect(aliasesOf('no-spaces', Buffer.from('abcd efgh'), key)).toEqual(
      aliasesOf('no-spaces', Buffer.from('abcdefgh'), key),
    );
  });
});

const textual = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40 }),
  fc.base64String({ minLength: 4, maxLength: 40 }),
  fc.uuid(),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 1, maxLength: 40 }),
);

describe('laws', () => {
  it('normal forms are idempotent', () => {
    fc.assert(
      fc.property(
        textual,
        fc.constantFrom('hex-lower', 'uuid-lower', 'no-spaces') as fc.Arbitrary<
          'hex-lower' | 'uuid-lower' | 'no-spaces'
        >,
        (text, form) => {
          const once = normalFormOf(form, Buffer.from(text));
          if (once === undefined) return;
          expect(normalFormOf(form, once.bytes)).toEqual(once);
        },
      ),
    );
  });

  it('base64 bytes are shared only by spellings of the same bytes', () => {
    fc.assert(
      fc.property(
        fc.base64String({ minLength: 4, maxLength: 24 }),
        fc.nat(),
        fc.constantFrom(...'ABab01+/-_= '),
        (text, at, char) => {
          const position = at % text.length;
          const near = text.slice(0, position) + char + text.slice(position + 1);
          const first = losslessBase64(text);
          const second = losslessBase64(near);
          if (first === undefined || second === undefined) return;
          const fold = (each: string) => each.replace(/=+$/, '').replace(/-/g, '+').replace(/_/g, '/');
          expect(first.equals(second)).toBe(fold(text) === fold(near));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('near misses never share a fingerprint or an alias', () => {
    const near: [string, (text: string) => string][] = [
      ['upper', (text) => text.toUpperCase()],
      ['lower', (text) => text.toLowerCase()],
      ['padded', (text) => `${text}=`],
      ['dot', (text) => `${text}.`],
      ['decoded', (text) => Buffer.from(text, 'base64').toString()],
      ['NFD', (text) => text.normalize('NFD')],
      ['NFC', (text) => text.normalize('NFC')],
      ['inner space', (text) => `${text.slice(0, 2)} ${text.slice(2)}`],
    ];
    const values = fc.oneof(
      textual,
      fc.string({ unit: fc.constantFrom('é', 'e\u0301', 'a', 'B', '1'), minLength: 1, maxLength: 12 }),
    );
    const allowed: Record<string, string[]> = {
      upper: ['hex-lower', 'uuid-lower'],
      lower: ['hex-lower', 'uuid-lower'],
      padded: ['base64-bytes'],
      'inner space': ['no-spaces'],
    };
    fc.assert(
      fc.property(values, fc.constantFrom(...near), (text, [name, change]) => {
        const other = change(text);
        if (other === text) return;
        const [a, b] = [Buffer.from(text), Buffer.from(other)];
        expect(fingerprintOf(key, a)).not.toBe(fingerprintOf(key, b));
        for (const form of aliasForms) {
          if (allowed[name]?.includes(form) === true) continue;
          const [left] = aliasesOf(form, a, key);
          const [right] = aliasesOf(form, b, key);
          if (left === undefined || right === undefined) continue;
          // Spaces are what `no-spaces` ignores; a change of nothing else is the same value to that kind.
          if (form === 'no-spaces' && text.replace(/ /g, '') === other.replace(/ /g, '')) continue;
          expect(left.fingerprint).not.toBe(right.fingerprint);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
