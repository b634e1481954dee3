/**
 * Files that hold keys under a password: PKCS#12 and the key stores of Java. Where the password is one that everybody tries
 * first, or none, the key in it is as readable as in a PEM. Nothing else is tried, and nothing that would take long.
 */
import { createHash, createPrivateKey } from 'node:crypto';
import { type DerNode, derChildren, derNodeAt, derTags } from './der.js';

/** Larger files are trust stores or no key stores. */
export const maxKeyStoreBytes = 262_144;

/** The empty password, the default of Java's tools, and what follows it in their manuals. */
const triedPasswords: readonly string[] = [
  '',
  'changeit',
  'changeme',
  'password',
  'secret',
  'android',
  '123456',
];

/** Rounds of a derivation beyond which no password is tried. */
const mostRounds = 100_000;
const mostKeys = 4;
const mostEntries = 64;

export interface KeyStore {
  readonly container: 'pkcs12' | 'jks';
  /** PKCS#8 of the first key, when it can be read. */
  readonly key?: Buffer;
  /** How it was read. */
  readonly password?: 'none' | 'well-known';
  /** Certificates of its keys that stand in it unencrypted, as DER. */
  readonly certificates: readonly Buffer[];
}

const oids = {
  data: '2a864886f70d010701',
  signedData: '2a864886f70d010702',
  keyBag: '2a864886f70d010c0a0101',
  shroudedKeyBag: '2a864886f70d010c0a0102',
} as const;

function hexOf(bytes: Buffer, node: DerNode | undefined): string {
  return node?.tag === derTags.oid ? bytes.toString('hex', node.start, node.end) : '';
}

/** Children of the sequence at `at`; none when there is no such thing. */
function sequenceAt(bytes: Buffer, at: number, end: number, limit = 16): readonly DerNode[] {
  const node = derNodeAt(bytes, at, end);
  return (node?.tag === derTags.sequence && derChildren(bytes, node, limit)) || [];
}

/** The octets of a `data` content: `SEQUENCE { OID data, [0] OCTET STRING }`. */
function dataOf(bytes: Buffer, node: DerNode): Buffer | undefined {
  const [type, content] = derChildren(bytes, node) ?? [];
  if (hexOf(bytes, type) !== oids.data || content === undefined) return undefined;
  const octets = derNodeAt(bytes, content.start, content.end);
  return octets?.tag === derTags.octetString ? bytes.subarray(octets.start, octets.end) : undefined;
}

/**
 * PKCS#12 (RFC 7292); undefined for anything else, and for files whose readable part holds no key: Java keeps what it
 * trusts in such, and only the certificates in them are encrypted as a whole.
 */
export function readPkcs12(bytes: Buffer): KeyStore | undefined {
  if (bytes.length > maxKeyStoreBytes) return undefined;
  const [version, safe] = sequenceAt(bytes, 0, bytes.length);
  if (version?.tag !== derTags.integer || version.end - version.start !== 1 || bytes[version.start] !== 3)
    return undefined;
  if (safe?.tag !== derTags.sequence) return undefined;
  const type = hexOf(bytes, derNodeAt(bytes, safe.start, safe.end));
  if (type !== oids.data && type !== oids.signedData) return undefined;
  const safes = dataOf(bytes, safe);
  const keys = safes === undefined ? [] : shroudedKeys(safes);
  if (safes !== undefined && keys.length === 0) return undefined;
  return { container: 'pkcs12', certificates: [], ...firstReadable(keys) };
}

interface BaggedKey {
  readonly der: Buffer;
  readonly isPlain: boolean;
}

function shroudedKeys(safes: Buffer): BaggedKey[] {
  const keys: BaggedKey[] = [];
  for (const info of sequenceAt(safes, 0, safes.length)) {
    const contents = info.tag === derTags.sequence ? dataOf(safes, info) : undefined;
    if (contents === undefined) continue;
    for (const bag of sequenceAt(contents, 0, contents.length)) {
      const [type, value] = (bag.tag === derTags.sequence && derChildren(contents, bag)) || [];
      const id = hexOf(contents, type);
      if (value === undefined || (id !== oids.keyBag && id !== oids.shroudedKeyBag)) continue;
      keys.push({ der: contents.subarray(value.start, value.end), isPlain: id === oids.keyBag });
    }
  }
  return keys.slice(0, mostKeys);
}

function firstReadable(keys: readonly BaggedKey[]): Pick<KeyStore, 'key' | 'password'> {
  for (const { der, isPlain } of keys) {
    if (isPlain) return { key: der, password: 'none' };
    if (!isCheap(der)) continue;
    for (const password of triedPasswords) {
      const key = decrypted(der, password);
      if (key !== undefined) return { key, password: password === '' ? 'none' : 'well-known' };
    }
  }
  return {};
}

function decrypted(der: Buffer, passphrase: string): Buffer | undefined {
  try {
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8', passphrase });
    return key.export({ format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}

/** False where the algorithm asks for more rounds, or more memory, than a try may cost: any large number in it. */
function isCheap(encrypted: Buffer): boolean {
  const [algorithm] = sequenceAt(encrypted, 0, encrypted.length);
  if (algorithm === undefined) return false;
  const open: DerNode[] = [algorithm];
  for (let seen = 0; seen < 64; seen++) {
    const node = open.pop();
    if (node === undefined) return true;
    if (node.tag === derTags.integer) {
      const length = node.end - node.start;
      if (length < 1 || length > 4 || encrypted.readUIntBE(node.start, length) > mostRounds) return false;
    } else if (node.tag === derTags.sequence) open.push(...(derChildren(encrypted, node) ?? []));
  }
  return false;
}

const jksMagic = 0xfeedfeed;
const jceksMagic = 0xcececece;
const keyEntry = 1;
const certificateEntry = 2;
const secretEntry = 3;

class StoreReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  number(): number | undefined {
    if (this.#at + 4 > this.#bytes.length) return undefined;
    this.#at += 4;
    return this.#bytes.readUInt32BE(this.#at - 4);
  }

  /** Skips a text with its length before it; false at the end. */
  text(): boolean {
    if (this.#at + 2 > this.#bytes.length) return false;
    this.#at += 2 + this.#bytes.readUInt16BE(this.#at);
    return this.#at <= this.#bytes.length;
  }

  time(): void {
    this.#at += 8;
  }

  block(): Buffer | undefined {
    const length = this.number();
    if (length === undefined || this.#at + length > this.#bytes.length) return undefined;
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  certificate(): Buffer | undefined {
    return this.text() ? this.block() : undefined;
  }
}

/** JKS and JCEKS; undefined for anything else, and for stores without a key: those of trust. */
export function readJavaKeyStore(bytes: Buffer): KeyStore | undefined {
  if (bytes.length < 32 || bytes.length > maxKeyStoreBytes) return undefined;
  const magic = bytes.readUInt32BE(0);
  if ((magic !== jksMagic && magic !== jceksMagic) || ![1, 2].includes(bytes.readUInt32BE(4)))
    return undefined;
  const reader = new StoreReader(bytes, 12);
  const certificates: Buffer[] = [];
  const keys: Buffer[] = [];
  let hasSecret = false;
  const count = Math.min(bytes.readUInt32BE(8), mostEntries);
  for (let i = 0; i < count; i++) {
    const tag = reader.number();
    if (tag === undefined || !reader.text()) break;
    reader.time();
    if (tag === secretEntry) {
      // A serialized object follows, whose end only Java knows.
      hasSecret = true;
      break;
    }
    if (tag === certificateEntry) {
      if (reader.certificate() === undefined) break;
      continue;
    }
    const key = tag === keyEntry ? reader.block() : undefined;
    if (key === undefined) break;
    keys.push(key);
    const chain = Math.min(reader.number() ?? 0, mostEntries);
    for (let n = 0; n < chain; n++) {
      const certificate = reader.certificate();
      if (certificate === undefined) break;
      if (n === 0) certificates.push(certificate);
    }
  }
  if (keys.length === 0 && !hasSecret) return undefined;
  const found =
    magic === jksMagic
      ? keys
          .slice(0, mostKeys)
          .map(unprotected)
          .find((one) => one !== undefined)
      : undefined;
  return { container: 'jks', certificates: certificates.slice(0, mostKeys), ...found };
}

/** Sun's own protection of keys: a stream of SHA-1 over password and salt, and a digest of what it hides. */
function unprotected(
  block: Buffer,
): { readonly key: Buffer; readonly password: 'none' | 'well-known' } | undefined {
  const octets = sequenceAt(block, 0, block.length)[1];
  if (octets?.tag !== derTags.octetString || octets.end - octets.start <= 40) return undefined;
  const salt = block.subarray(octets.start, octets.start + 20);
  const hidden = block.subarray(octets.start + 20, octets.end - 20);
  const digest = block.subarray(octets.end - 20, octets.end);
  for (const password of triedPasswords) {
    const secret = Buffer.from(password, 'utf16le').swap16();
    const key = Buffer.alloc(hidden.length);
    let mask: Buffer = salt;
    for (let at = 0; at < hidden.length; at += 20) {
      mask = createHash('sha1').update(secret).update(mask).digest();
      for (let i = 0; i < 20 && at + i < hidden.length; i++)
        key[at + i] = (hidden[at + i] as number) ^ (mask[i] as number);
    }
    if (createHash('sha1').update(secret).update(key).digest().equals(digest))
      return { key, password: password === '' ? 'none' : 'well-known' };
  }
  return undefined;
}
