import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  detectPrivateKeys,
  type PrivateKeyMatch,
  privateKeyKeywords,
} from '../../../src/detect/private-key.js';
import { findEncodedRuns } from '../../../src/text/encoded-runs.js';
import { identityMap } from '../../../src/text/offset-map.js';
import type { TextView } from '../../../src/text/view.js';
import { openSshContainer, pem, puttyFile, sshPublicBlob, wrapLines } from '../../support/key-containers.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ec384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const ed = generateKeyPairSync('ed25519').privateKey;
const dsa = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey;

function viewOf(bytes: Buffer): TextView {
  return { bytes, map: identityMap(bytes.length), view: 'raw', spelling: [] };
}

function hitsIn(bytes: Buffer): number[] {
  const hits: number[] = [];
  for (const keyword of privateKeyKeywords) {
    for (let at = bytes.indexOf(keyword); at >= 0; at = bytes.indexOf(keyword, at + 1)) hits.push(at);
  }
  return hits.sort((a, b) => a - b);
}

function detect(text: string | Buffer): PrivateKeyMatch[] {
  const bytes = Buffer.from(text as string);
  return detectPrivateKeys(viewOf(bytes), hitsIn(bytes));
}

function only(text: string | Buffer): PrivateKeyMatch {
  const found = detect(text);
  expect(found).toHaveLength(1);
  return found[0] as PrivateKeyMatch;
}

function publicHash(match: PrivateKeyMatch): string | undefined {
  return match.aliases.find((alias) => alias.domain === 'public-key')?.normalForm.toString('hex');
}

function expectedHash(key: KeyObject): string {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(spki).digest('hex');
}

function pkcs8(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }) as string;
}

function attributesOf(match: PrivateKeyMatch): Record<string, string> {
  return Object.fromEntries(match.attributes.map(({ name, text }) => [name, text]));
}

describe('containers of one key share the public-key alias', () => {
  const containers: [string, KeyObject, string, string][] = [
    ['PKCS#8 RSA', rsa, pkcs8(rsa), 'pem-private-key'],
    ['PKCS#1', rsa, rsa.export({ format: 'pem', type: 'pkcs1' }) as string, 'pem-rsa-private-key'],
    ['OpenSSH RSA', rsa, pem('OPENSSH PRIVATE KEY', openSshContainer(rsa), 70), 'openssh-private-key'],
    ['JWK RSA', rsa, JSON.stringify(rsa.export({ format: 'jwk' })), 'jwk-private-key'],
    ['PKCS#8 EC', ec, pkcs8(ec), 'pem-private-key'],
    ['SEC1', ec, ec.export({ format: 'pem', type: 'sec1' }) as string, 'pem-ec-private-key'],
    ['OpenSSH EC', ec, pem('OPENSSH PRIVATE KEY', openSshContainer(ec), 70), 'openssh-private-key'],
    ['JWK EC', ec, JSON.stringify(ec.export({ format: 'jwk' }), null, 2), 'jwk-private-key'],
    ['SEC1 P-384', ec384, ec384.export({ format: 'pem', type: 'sec1' }) as string, 'pem-ec-private-key'],
    ['OpenSSH P-384', ec384, pem('OPENSSH PRIVATE KEY', openSshContainer(ec384), 70), 'openssh-private-key'],
    ['PKCS#8 Ed25519', ed, pkcs8(ed), 'pem-private-key'],
    ['OpenSSH Ed25519', ed, pem('OPENSSH PRIVATE KEY', openSshContainer(ed), 70), 'openssh-private-key'],
    ['JWK OKP', ed, JSON.stringify(ed.export({ format: 'jwk' })), 'jwk-private-key'],
    ['PKCS#8 DSA', dsa, pkcs8(dsa), 'pem-private-key'],
  ];
  it.each(containers)('%s', (_name, key, text, kind) => {
    const match = only(text);
    expect(match.kind).toBe(kind);
    expect(publicHash(match)).toBe(expectedHash(key));
    expect(match.confidence).toBe('proven');
  });

  it('reads a PuTTY file by its public blob', () => {
    const match = only(puttyFile(rsa, Buffer.alloc(200, 7)));
    expect(match.kind).toBe('putty-private-key');
    expect(publicHash(match)).toBe(expectedHash(rsa));
    expect(attributesOf(match)).toMatchObject({ comment: 'imported', algorithm: 'rsa', bits: '2048' });
  });

  it('names algorithm, size, comment and fingerprint', () => {
    const facts = attributesOf(only(pem('OPENSSH PRIVATE KEY', openSshContainer(ed, 'deploy@ci'), 70)));
    const fingerprint = createHash('sha256').update(sshPublicBlob(ed)).digest('base64').replace(/=+$/, '');
    expect(facts).toMatchObject({
      algorithm: 'ed25519',
      comment: 'deploy@ci',
      encrypted: 'no',
      'ssh-fingerprint': `SHA256:${fingerprint}`,
    });
    expect(attributesOf(only(pkcs8(ed)))['ssh-fingerprint']).toBe(facts['ssh-fingerprint']);
    expect(attributesOf(only(pkcs8(rsa)))['ssh-fingerprint']).toBe(
      `SHA256:${createHash('sha256').update(sshPublicBlob(rsa)).digest('base64').replace(/=+$/, '')}`,
    );
  });

  it('does not believe a stated public half that the private one does not have', () => {
    for (const [key, victim] of [
      [ed, generateKeyPairSync('ed25519').privateKey],
      [otherRsa, rsa],
      [ec, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
    ] as const) {
      const forged = openSshContainer(key, 'x', sshPublicBlob(victim));
      expect(publicHash(only(pem('OPENSSH PRIVATE KEY', forged, 70)))).toBeUndefined();
    }
  });
});

describe('one literal through every wrapping', () => {
  const plain = pkcs8(rsa).trim();
  const lines = plain.split('\n');
  const expected = rsa.export({ format: 'der', type: 'pkcs8' });
  const wrappings: Record<string, string> = {
    plain,
    crlf: lines.join('\r\n'),
    json: JSON.stringify({ key: `${plain}\n` }),
    'json twice': JSON.stringify({ inner: JSON.stringify({ key: plain }) }),
    'json of CRLF': JSON.stringify({ key: lines.join('\r\n') }),
    'escaped slashes': JSON.stringify({ key: plain }).replace(/\//g, '\\/'),
    'gson escapes': JSON.stringify({ key: plain }).replace(/=/g, '\\u003d').replace(/\+/g, '\\u002b'),
    html: lines.join('<br>'),
    xhtml: lines.join('<br />\n'),
    'html references': lines.join('&#10;').replace(/=/g, '&#61;'),
    'one line': lines.join(' '),
    'no line breaks': lines.join(''),
    yaml: `key: |\n${lines.map((line) => `    ${line}`).join('\n')}\nnext: 1\n`,
    java: lines.map((line) => `  "${line}\\n"`).join(' +\n'),
    javascript: lines.map((line) => `'${line}'`).join(' + "\\n" +\n'),
    php: lines.map((line) => `'${line}'`).join(' . "\\n" .\n'),
    c: lines.map((line) => `"${line}\\n"`).join('\n'),
    array: `[${lines.map((line) => JSON.stringify(line)).join(', ')}].join("\\n")`,
    quoted: lines.map((line) => `> ${line}`).join('\n'),
    commented: lines.map((line) => `# ${line}`).join('\n'),
    diff: lines.map((line) => `+${line}`).join('\n'),
    'em dashes': plain.replace(/-----/g, '——-'),
    '76 columns': pem('PRIVATE KEY', expected, 76),
    'damaged end': plain.replace(/-----$/, ''),
  };
  it.each(Object.entries(wrappings))('%s', (_name, text) => {
    const match = only(text);
    expect(match.value.reveal().equals(expected)).toBe(true);
    expect(publicHash(match)).toBe(expectedHash(rsa));
  });

  it('base64 of the PEM comes as a decoded view, wrapped or not', () => {
    const encoded = Buffer.from(`${plain}\n`).toString('base64');
    for (const text of [`KEY_B64=${encoded}`, `key: >\n  ${wrapLines(encoded, 76).join('\n  ')}\n`]) {
      const views = findEncodedRuns(Buffer.from(text));
      const found = views.flatMap((view) => detectPrivateKeys(view, hitsIn(view.bytes)));
      expect(found.map((match) => match.value.reveal().equals(expected))).toEqual([true]);
    }
  });

  it('bare base64 of the DER', () => {
    for (const key of [rsa, ec, ec384, ed]) {
      const der = key.export({ format: 'der', type: 'pkcs8' });
      const match = only(`KEY=${der.toString('base64')}\nNEXT=1\n`);
      expect(match.value.reveal().equals(der)).toBe(true);
      expect(match.spelling).toEqual(['base64', 'der']);
    }
  });

  it('gives the span of the whole block', () => {
    const text = `a\n${plain}\nb`;
    expect(only(text).span).toEqual({ start: 2, end: 2 + plain.length });
  });
});

describe('what is not one whole plain key', () => {
  it('keeps two keys of one file apart', () => {
    const found = detect(pkcs8(rsa) + pkcs8(ec) + pem('OPENSSH PRIVATE KEY', openSshContainer(ed), 70));
    expect(found.map(publicHash)).toEqual([expectedHash(rsa), expectedHash(ec), expectedHash(ed)]);
  });

  it('keeps two keys apart when the first has no END', () => {
    const found = detect(`${pkcs8(rsa).split('\n').slice(0, 8).join('\n')}\n${pkcs8(ec)}`);
    expect(found.map((match) => match.confidence)).toEqual(['low', 'proven']);
  });

  it('marks a truncated key as low', () => {
    const cut = pkcs8(rsa).split('\n').slice(0, 10).join('\n');
    expect(only(cut)).toMatchObject({ confidence: 'low', reasons: ['truncated'] });
    expect(only(`${cut}\n-----END PRIVATE KEY-----`)).toMatchObject({ confidence: 'low' });
  });

  it('recognises encrypted keys', () => {
    const modern = rsa.export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    }) as string;
    const legacy = rsa.export({
      format: 'pem',
      type: 'pkcs1',
      cipher: 'aes-128-cbc',
      passphrase: 'x',
    }) as string;
    for (const text of [modern, legacy, legacy.split('\n').join(' '), JSON.stringify(legacy)]) {
      expect(only(text)).toMatchObject({
        kind: 'pem-encrypted-private-key',
        reasons: ['encrypted'],
        aliases: [],
      });
    }
  });

  it('leaves public keys and certificates alone', () => {
    const spki = createPublicKey(rsa).export({ format: 'pem', type: 'spki' }) as string;
    const publicJwk = JSON.stringify(createPublicKey(rsa).export({ format: 'jwk' }));
    expect(detect(spki + publicJwk)).toEqual([]);
    expect(detect(spki.replace(/\n|-----[A-Z ]+-----/g, ''))).toEqual([]);
  });

  it.each([
    '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
    '-----BEGIN RSA PRIVATE KEY-----\\n***\\n-----END RSA PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\nxxx\n-----END PRIVATE KEY-----',
    `-----BEGIN PRIVATE KEY-----\n${'x'.repeat(640)}\n-----END PRIVATE KEY-----`,
    `-----BEGIN PRIVATE KEY-----\n${'MIIEexample'.repeat(30)}\n-----END PRIVATE KEY-----`,
    '-----BEGIN PRIVATE KEY-----\nYWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo=\n-----END PRIVATE KEY-----',
    'A PEM file starts with -----BEGIN RSA PRIVATE KEY----- and then many lines of base64 follow it',
    'if (text.includes("-----BEGIN PRIVATE KEY-----")) throw new Error("private key in commit");',
  ])('reports no placeholder: %s', (text) => {
    expect(detect(text)).toEqual([]);
  });

  it('reports an unknown structure between whole marks with less confidence', () => {
    const body = createHash('sha512').update('a').digest().subarray(0, 60);
    expect(only(pem('PRIVATE KEY', body)).confidence).toBe('medium');
  });

  it('never throws or hangs on hostile bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(5), (bytes, kind) => {
        const heads = [
          '30820100020100',
          '3081ff',
          '6f70656e7373682d6b65792d763100',
          '3000',
          '30840fffffff',
          '',
        ];
        const der = Buffer.concat([Buffer.from(heads[kind] ?? '', 'hex'), bytes]);
        detect(pem('PRIVATE KEY', der));
        detect(pem('PGP PRIVATE KEY BLOCK', der));
      }),
    );
    const base = rsa.export({ format: 'der', type: 'pkcs8' });
    fc.assert(
      fc.property(fc.nat(base.length - 1), fc.nat(255), (at, value) => {
        const mutated = Buffer.from(base);
        mutated[at] = value;
        detect(pem('PRIVATE KEY', mutated));
      }),
    );
    detect(`-----BEGIN PRIVATE KEY-----${'"+'.repeat(100_000)}`);
    detect(`-----BEGIN PRIVATE KEY-----\n${'A: b\n'.repeat(50_000)}`);
    detect('-----BEGIN PRIVATE KEY-----'.repeat(2000));
    for (const keyword of [
      ...privateKeyKeywords,
      '{"kty":"RSA","a":',
      'PuTTY-User-Key-File-3: x\nEncryption: none\n',
    ]) {
      detect(keyword.repeat(100_000 / keyword.length));
      detect(`${keyword} {}\n`.repeat(100_000 / keyword.length));
    }
    for (const filler of ['\\', '\\n', '&', '<', '\u2014', 'a: \\', '"', "'+", '-']) {
      detect(`-----BEGIN PRIVATE KEY-----\n${filler.repeat(200_000)}`);
      detect(`PuTTY-User-Key-File-3: x\n${filler.repeat(20_000)}`);
      detect(`{"kty":"RSA","d":"${filler.repeat(8_000)}"}`);
    }
  });
});

describe('a JWK as a literal of a program', () => {
  const jwk = ec.export({ format: 'jwk' }) as Record<string, string>;
  const members = Object.entries(jwk);
  const asJson = JSON.stringify(jwk);
  const literals: readonly (readonly [string, string])[] = [
    [
      'JavaScript',
      `const key = {\n${members.map(([name, value]) => `  ${name}: '${value}',`).join('\n')}\n};`,
    ],
    [
      'one line',
      `sign({ ${members.map(([name, value]) => `${name}: "${value}"`).join(', ')}, key_ops: ['sign'] })`,
    ],
    ['Python', `KEY = {${members.map(([name, value]) => `'${name}': '${value}'`).join(', ')}}`],
    ['template strings', `{ ${members.map(([name, value]) => `${name}: \`${value}\``).join(', ')} }`],
  ];
  it.each(literals)('%s is the same key as in JSON', (_name, text) => {
    const [found] = detect(text);
    const [json] = detect(asJson);
    expect(found?.kind).toBe('jwk-private-key');
    expect(found?.value.reveal()).toEqual(json?.value.reveal());
    expect(found?.aliases).toEqual(json?.aliases);
  });
  it('takes no public key and no schema for one', () => {
    const half = members.filter(([name]) => name !== 'd').map(([name, value]) => `${name}: '${value}'`);
    expect(detect(`{ ${half.join(', ')} }`)).toEqual([]);
    expect(detect("{ kty: 'EC', crv: 'P-256', d: z.string() }")).toEqual([]);
    expect(detect('{ kty: string; crv: string; d?: string }')).toEqual([]);
  });
});

describe('a key that was printed to a log', () => {
  const block = pem('PRIVATE KEY', rsa.export({ format: 'der', type: 'pkcs8' }));
  const body = block.trimEnd().split('\n');
  const prefixes: readonly (readonly [string, (line: number) => string])[] = [
    ['a step of a build', () => '#6 0.245 '],
    ['a time that goes on', (line) => `2024-05-01 12:36:${String(line + 8).padStart(2, '0')} `],
    ['a process and a time', (line) => `app[7]: 09:0${line % 10}:01 INFO | `],
  ];
  it.each(prefixes)('is read behind %s on each line', (_what, prefix) => {
    const lines = ['cat key.pem', ...body].map((line, i) => `${prefix(i)}${line}`);
    expect(publicHash(only(`${lines.join('\n')}\n`))).toBe(expectedHash(rsa));
    expect(publicHash(only(JSON.stringify({ log: lines.join('\r\n') })))).toBe(expectedHash(rsa));
  });

  it('ends where a line has another prefix', () => {
    const lines = body.map((line, i) => `${i < 6 ? '#6 0.245 ' : '#7 done: '}${line}`);
    expect(detect(lines.join('\n')).every(({ confidence }) => confidence === 'low')).toBe(true);
  });
});
