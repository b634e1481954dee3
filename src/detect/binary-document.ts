/**
 * Documents that are nothing but one binary container: a key, a certificate, a request or a bundle in DER, PKCS#12, a Java key
 * store. Recognised by their first bytes and by an announced length that is theirs, read whole, so that it does not matter
 * how a document follows from another.
 */
import { attribute } from '../identity/attribute.js';
import { announcedLength } from '../identity/der.js';
import { type KeyStore, maxKeyStoreBytes, readJavaKeyStore, readPkcs12 } from '../identity/key-stores.js';
import { certificateFacts } from '../identity/x509-facts.js';
import type { Attribute } from '../model/finding.js';
import { type KindId, parseKindId } from '../model/ids.js';
import { SecretValue } from '../model/secret-value.js';
import type { CompiledRule } from '../rules/rule-set.js';
import type { Draft } from './draft.js';
import { containedKeyMatch, wholeKeyMatch } from './private-key.js';
import { derItems, type PublicItem } from './public-items.js';

export interface BinaryDocument {
  readonly drafts: readonly Draft[];
  readonly items: readonly PublicItem[];
}

const nothing: BinaryDocument = { drafts: [], items: [] };

const pkcs12Kind = parseKindId('pkcs12-file');
const javaKind = parseKindId('java-keystore-file');

/** Whether the first bytes are those of a container: asked of every document. */
export function mayBeContainer(bytes: Buffer): boolean {
  const first = bytes[0];
  if (first === 0x30) return (bytes[1] ?? 0) > 0x80 || bytes.length < 130;
  return (first === 0xfe && bytes[1] === 0xed) || (first === 0xce && bytes[1] === 0xce);
}

/** @param ruleOf the rule of a kind */
export function readBinaryDocument(
  bytes: Buffer,
  ruleOf: (kind: KindId) => CompiledRule | undefined,
): BinaryDocument {
  if (bytes.length > maxKeyStoreBytes) return nothing;
  if (bytes[0] !== 0x30) {
    const store = readJavaKeyStore(bytes);
    return store === undefined ? nothing : { drafts: storeDrafts(bytes, store, javaKind, ruleOf), items: [] };
  }
  // A file is its one structure; what a text editor adds at its end may follow.
  const length = announcedLength(bytes) ?? 0;
  if (length < 40 || length > bytes.length || bytes.length - length > 2) return nothing;
  const der = bytes.subarray(0, length);
  const key = wholeKeyMatch(der);
  if (key !== undefined) {
    const rule = ruleOf(key.kind);
    const { span, spelling, ...own } = key;
    if (rule === undefined) return nothing;
    return { drafts: [{ ...own, rule, ...span, layers: spelling, isBinary: true }], items: [] };
  }
  const store = readPkcs12(der);
  if (store !== undefined) return { drafts: storeDrafts(der, store, pkcs12Kind, ruleOf), items: [] };
  return { drafts: [], items: derItems(der) };
}

/** A store whose key can be read is that key; any other is a secret of its own, worth what its password is worth. */
function storeDrafts(
  bytes: Buffer,
  { container, key, password, certificates }: KeyStore,
  kind: KindId,
  ruleOf: (kind: KindId) => CompiledRule | undefined,
): Draft[] {
  const rule = ruleOf(kind);
  if (rule === undefined) return [];
  const found = key === undefined ? undefined : containedKeyMatch(key, container);
  const certified = certificates.flatMap(
    (der): readonly Attribute[] => certificateFacts(der)?.attributes ?? [],
  );
  const base = { rule, kind, start: 0, end: bytes.length, layers: ['der'] as const, isBinary: true };
  if (found !== undefined) {
    return [
      {
        ...found,
        ...base,
        attributes: [...found.attributes, ...attribute('container-password', password), ...certified],
      },
    ];
  }
  return [
    {
      ...base,
      value: new SecretValue(bytes),
      confidence: 'medium',
      reasons: ['encrypted'],
      aliases: [{ domain: 'base64-bytes', normalForm: bytes }],
      attributes: [...attribute('encrypted', 'yes'), ...attribute('container', container), ...certified],
    },
  ];
}
