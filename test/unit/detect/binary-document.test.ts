/** Keys and their public halves in every container that is a file of its own, or a line of one. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Analysis } from '../../../src/detect/analysis.js';
import { createAnalyzer } from '../../../src/detect/create-analyzer.js';
import { derEncode, derTags, derUnsigned } from '../../../src/identity/der.js';
import { aliasFingerprintOf } from '../../../src/identity/fingerprint.js';
import { deriveKeys } from '../../../src/identity/hkdf-keys.js';
import { publicKeyHash } from '../../../src/identity/spki.js';
import type { Fingerprint } from '../../../src/model/ids.js';
import { certificateOf, pemOf } from '../../support/certificates.js';
import { builtInRules } from '../../support/fake-secret.js';
import '../../support/fixed-seed.js';
import { openSshContainer, sshPublicBlob } from '../../support/key-containers.js';
import { encryptedPkcs8, javaKeyStore, pkcs12Of, pkcs12TrustStore } from '../../support/key-stores.js';

const keys = deriveKeys(Buffer.alloc(32, 1));
const analyzer = createAnalyzer({ rules: builtInRules(), keys, known: new Map() });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
const dates = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z' };
const certificate = certificateOf({
  subject: 'api',
  publicKey: rsa.publicKey,
  signer: ed.privateKey,
  ...dates,
});

const analyze = (bytes: Buffer | string): Analysis =>
  analyzer.analyze({ bytes: Buffer.from(bytes as string), chain: [], collectTags: false });

function aliasOf(publicKey: KeyObject): Fingerprint {
  return aliasFingerprintOf(keys.fingerprint, 'public-key', publicKeyHash(spkiOf(publicKey)));
}

function keyIn(bytes: Buffer): {
  kind: string;
  confidence: string;
  alias: unknown;
  facts: Record<string, string>;
} {
  const { findings } = analyze(bytes);
  expect(findings).toHaveLength(1);
  const [found] = findings;
  return {
    kind: found?.kind ?? '',
    confidence: found?.confidence ?? '',
    alias: found?.aliases.find(({ domain }) => domain === 'public-key')?.fingerprint,
    facts: Object.fromEntries((found?.attributes ?? []).map(({ name, text }) => [name, text])),
  };
}

function factsAbout(bytes: Buffer | string, publicKey: KeyObject): Record<string, string> | undefined {
  const { findings, publicFacts = [] } = analyze(bytes);
  expect(findings).toEqual([]);
  const own = publicFacts.filter(({ about }) => about === aliasOf(publicKey));
  return own.length === 0
    ? undefined
    : Object.fromEntries(own.flatMap(({ attributes }) => attributes.map(({ name, text }) => [name, text])));
}

const sequence = (...parts: Buffer[]): Buffer => derEncode(derTags.sequence, ...parts);
const oid = (hex: string): Buffer => derEncode(derTags.oid, Buffer.from(hex, 'hex'));

function requestOf(publicKey: KeyObject): Buffer {
  const name = sequence(
    derEncode(0x31, sequence(oid('550403'), derEncode(0x0c, Buffer.from('api.acme.example')))),
  );
  const info = sequence(derUnsigned(Buffer.of(0)), name, spkiOf(publicKey), derEncode(0xa0));
  return sequence(info, sequence(oid('2b6570')), derEncode(derTags.bitString, Buffer.alloc(65)));
}

function bundleOf(...certificates: Buffer[]): Buffer {
  const data = sequence(oid('2a864886f70d010701'));
  const none = derEncode(0x31);
  const signed = sequence(derUnsigned(Buffer.of(1)), none, data, derEncode(0xa0, ...certificates), none);
  return sequence(oid('2a864886f70d010702'), derEncode(0xa0, signed));
}

describe('files that are a key', () => {
  test('in DER are one secret with the same key in PEM', () => {
    const pkcs1 = rsa.privateKey.export({ type: 'pkcs1', format: 'der' });
    for (const { privateKey, publicKey } of [rsa, ec, ed]) {
      const der = privateKey.export({ type: 'pkcs8', format: 'der' });
      expect(keyIn(der)).toMatchObject({ confidence: 'proven', alias: aliasOf(publicKey) });
      const pem = analyze(privateKey.export({ type: 'pkcs8', format: 'pem' })).findings[0];
      expect(analyze(der).findings[0]?.fingerprint).toBe(pem?.fingerprint);
    }
    expect(keyIn(pkcs1)).toMatchObject({ kind: 'pem-rsa-private-key', alias: aliasOf(rsa.publicKey) });
    expect(keyIn(encryptedPkcs8(ec.privateKey, 'x'))).toMatchObject({
      kind: 'pem-encrypted-private-key',
      confidence: 'high',
    });
  });

  test('in PKCS#12 under no password, or the one that everybody tries, are that key', () => {
    for (const [password, how] of [
      ['', 'none'],
      ['changeit', 'well-known'],
    ] as const) {
      expect(keyIn(pkcs12Of(encryptedPkcs8(rsa.privateKey, password)))).toMatchObject({
        kind: 'pkcs12-file',
        confidence: 'proven',
        alias: aliasOf(rsa.publicKey),
        facts: { container: 'pkcs12', 'container-password': how, encrypted: 'no' },
      });
    }
  });

  test('in PKCS#12 under another password are a secret of their own, the same in base64', () => {
    const file = pkcs12Of(encryptedPkcs8(rsa.privateKey, 'no-one-guesses-this'));
    const found = keyIn(file);
    expect(found).toMatchObject({ kind: 'pkcs12-file', confidence: 'medium', facts: { encrypted: 'yes' } });
    expect(found.alias).toBeUndefined();
    const alias = analyze(file).findings[0]?.aliases[0];
    const text = analyze(`p12: ${file.toString('base64')}\n`).findings.find(
      ({ kind }) => kind === 'pkcs12-file',
    );
    // The pattern asks for what OpenSSL writes; only where it matches there is something to join.
    if (text !== undefined) expect(text.aliases).toContainEqual(alias);
  });

  test('in PKCS#12 there are none where only certificates are: a trust store', () => {
    expect(analyze(pkcs12TrustStore()).findings).toEqual([]);
  });

  test('in a Java key store; one without a key is a trust store', () => {
    const weak = javaKeyStore(certificate, { key: rsa.privateKey, password: 'changeit' });
    expect(keyIn(weak)).toMatchObject({
      kind: 'java-keystore-file',
      confidence: 'proven',
      alias: aliasOf(rsa.publicKey),
    });
    const strong = keyIn(javaKeyStore(certificate, { key: rsa.privateKey, password: 'no-one-guesses-this' }));
    expect(strong).toMatchObject({ kind: 'java-keystore-file', confidence: 'medium' });
    // Its certificate stands there unencrypted, and says whose key it is.
    expect(strong.facts['x509-spki-sha256']).toBe(publicKeyHash(spkiOf(rsa.publicKey)).toString('hex'));
    expect(analyze(javaKeyStore(certificate)).findings).toEqual([]);
  });

  test('cost nothing where they ask for a derivation without end', () => {
    const der = encryptedPkcs8(ec.privateKey, 'changeit');
    const rounds = der.indexOf(derUnsigned(Buffer.of(8, 0)));
    expect(rounds).toBeGreaterThan(0);
    const slow = Buffer.from(der);
    // 2048 rounds, in two bytes, become 32,767: still cheap; as many as four bytes hold are not tried.
    slow.writeUInt16BE(0x7fff, rounds + 2);
    expect(keyIn(pkcs12Of(slow)).confidence).toBe('medium');
  });
});

describe('public halves', () => {
  test('of a certificate, a request, a bundle and a bare key in DER', () => {
    expect(factsAbout(certificate, rsa.publicKey)).toMatchObject({ 'x509-subject': 'CN=api' });
    expect(factsAbout(requestOf(ec.publicKey), ec.publicKey)).toMatchObject({
      'csr-subject': 'CN=api.acme.example',
    });
    expect(factsAbout(bundleOf(certificate), rsa.publicKey)).toMatchObject({ 'x509-subject': 'CN=api' });
    for (const { publicKey } of [rsa, ec, ed])
      expect(factsAbout(spkiOf(publicKey), publicKey)).toMatchObject({
        'x509-spki-sha256': publicKeyHash(spkiOf(publicKey)).toString('hex'),
      });
  });

  test('and in PEM', () => {
    for (const [label, der] of [
      ['CERTIFICATE REQUEST', requestOf(rsa.publicKey)],
      ['NEW CERTIFICATE REQUEST', requestOf(rsa.publicKey)],
      ['PKCS7', bundleOf(certificate)],
      ['PUBLIC KEY', spkiOf(rsa.publicKey)],
      ['RSA PUBLIC KEY', rsa.publicKey.export({ type: 'pkcs1', format: 'der' })],
    ] as const)
      expect(factsAbout(`x\n${pemOf(label, der)}`, rsa.publicKey), label).toBeDefined();
  });

  test('a bundle of many certificates is a trust store', () => {
    const many = Array.from({ length: 33 }, () => certificate);
    expect(factsAbout(bundleOf(...many), rsa.publicKey)).toBeUndefined();
    expect(factsAbout(bundleOf(...many.slice(1)), rsa.publicKey)).toBeDefined();
  });

  test('lines of OpenSSH say where the key is let in, and whose it is', () => {
    for (const { publicKey, privateKey } of [rsa, ec, ed]) {
      const blob = sshPublicBlob(privateKey).toString('base64');
      const type = blob.startsWith('AAAAB')
        ? 'ssh-rsa'
        : blob.startsWith('AAAAC')
          ? 'ssh-ed25519'
          : 'ecdsa-sha2-nistp256';
      expect(factsAbout(`${type} ${blob} ana@laptop\n`, publicKey)).toMatchObject({ comment: 'ana@laptop' });
      expect(
        factsAbout(`# all\nfrom="10.0.0.0/8",no-pty ${type} ${blob} ana@laptop\n`, publicKey),
      ).toMatchObject({
        'ssh-authorized': 'from="10.0.0.0/8",no-pty',
        comment: 'ana@laptop',
      });
      const hosts = factsAbout(`git.acme.example,10.1.2.3,|1|abc=|def= ${type} ${blob}\n`, publicKey);
      expect(hosts).toMatchObject({ 'ssh-host': 'git.acme.example 10.1.2.3' });
      expect(factsAbout(`key: "${type} ${blob} ana"\n`, publicKey)).toBeDefined();
      expect(factsAbout(`${type} ${blob.slice(0, 40)}\n`, publicKey)).toBeUndefined();
    }
  });

  test('keys of a set: the private ones are secrets, the public ones tell of them', () => {
    const jwk = (key: KeyObject, kid: string): object => ({ ...key.export({ format: 'jwk' }), kid });
    const pairs = [rsa, ec, ed];
    const open = JSON.stringify({ keys: pairs.map(({ publicKey }, i) => jwk(publicKey, `k${i}`)) });
    for (const [i, { publicKey }] of pairs.entries())
      expect(factsAbout(open, publicKey)).toMatchObject({ 'key-id': `k${i}` });
    const secret = JSON.stringify(
      { keys: pairs.map(({ privateKey }, i) => jwk(privateKey, `k${i}`)) },
      undefined,
      2,
    );
    const { findings } = analyze(secret);
    expect(findings.map(({ kind }) => kind)).toEqual(Array(3).fill('jwk-private-key'));
    expect(findings.map(({ aliases }) => aliases[0]?.fingerprint)).toEqual(
      pairs.map(({ publicKey }) => aliasOf(publicKey)),
    );
  });
});

describe('hostile containers', () => {
  const files = [
    certificate,
    requestOf(ec.publicKey),
    bundleOf(certificate),
    pkcs12Of(encryptedPkcs8(ec.privateKey, 'changeit')),
    javaKeyStore(certificate, { key: ec.privateKey, password: 'changeit' }),
    openSshContainer(ed.privateKey),
    ed.privateKey.export({ type: 'pkcs8', format: 'der' }),
  ];

  test('damage of any byte throws nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        fc.nat(),
        (file, edits, cut) => {
          const bytes = Buffer.from(file);
          for (const [at, value] of edits) bytes[at % bytes.length] = value;
          analyze(bytes);
          analyze(bytes.subarray(0, cut % bytes.length));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('lengths that promise gigabytes, and nesting without end, are refused', () => {
    let nested: Buffer = Buffer.alloc(0);
    for (let depth = 0; depth < 2000; depth++) nested = sequence(nested);
    for (const bytes of [
      nested,
      Buffer.from('3084ffffffff0201033080', 'hex'),
      Buffer.concat([Buffer.from('feedfeed00000002ffffffff00000001ffff', 'hex'), Buffer.alloc(64)]),
      Buffer.concat([Buffer.from('3082', 'hex'), Buffer.alloc(300, 0x30)]),
    ])
      expect(analyze(bytes).findings).toEqual([]);
  });
});
