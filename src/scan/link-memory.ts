/**
 * Keeps what was found about links between a store's objects from one scan to the next: packs and missing objects
 * as keyed hashes of 8 bytes, since an object's id would confirm a guess at it.
 */
import { createHmac } from 'node:crypto';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { LinkFindings, LinkMemory } from '../sources/source.js';

const hashBytes = 8;

/** What is stored: the number of packs (4 bytes, little-endian), their hashes, those of the missing objects. */
export type StoredLinks = Buffer;

export class RememberedLinks implements LinkMemory {
  readonly #keys: IdentityKeys;
  readonly #packs: ReadonlySet<string>;
  readonly #missing: ReadonlySet<string>;

  constructor(keys: IdentityKeys, packs: ReadonlySet<string>, missing: ReadonlySet<string>) {
    this.#keys = keys;
    this.#packs = packs;
    this.#missing = missing;
  }

  /** Undefined for bytes that are none of ours. */
  static read(keys: IdentityKeys, stored: Buffer): RememberedLinks | undefined {
    if (stored.length < 4 || stored.length % hashBytes !== 4) return undefined;
    const hashes = Array.from({ length: (stored.length - 4) / hashBytes }, (_, i) =>
      stored.toString('hex', 4 + i * hashBytes, 4 + (i + 1) * hashBytes),
    );
    const packs = stored.readUInt32LE(0);
    if (packs === 0 || packs > hashes.length) return undefined;
    return new RememberedLinks(keys, new Set(hashes.slice(0, packs)), new Set(hashes.slice(packs)));
  }

  get packs(): number {
    return this.#packs.size;
  }

  get missing(): number {
    return this.#missing.size;
  }

  hasPack(name: string): boolean {
    return this.#packs.has(hashOf(this.#keys, 'pack', Buffer.from(name)));
  }

  isMissing(oid: Uint8Array): boolean {
    return this.#missing.size > 0 && this.#missing.has(hashOf(this.#keys, 'missing', oid));
  }

  equals(other: LinkMemory): boolean {
    return other instanceof RememberedLinks && this.toBuffer().equals(other.toBuffer());
  }

  toBuffer(): StoredLinks {
    const count = Buffer.alloc(4);
    count.writeUInt32LE(this.#packs.size);
    return Buffer.concat([count, Buffer.from([...this.#packs, ...this.#missing].join(''), 'hex')]);
  }

  /** What is remembered after a plan that was made with `before`. */
  static after(
    keys: IdentityKeys,
    before: RememberedLinks | undefined,
    { packs, isWhole, missing, found }: LinkFindings,
  ): RememberedLinks {
    const absent = new Set(isWhole || before === undefined ? [] : before.#missing);
    for (const oid of found) absent.delete(hashOf(keys, 'missing', oid));
    for (const oid of missing) absent.add(hashOf(keys, 'missing', oid));
    const hashes = packs.map((name) => hashOf(keys, 'pack', Buffer.from(name)));
    return new RememberedLinks(keys, new Set(hashes), absent);
  }
}

function hashOf(keys: IdentityKeys, what: 'pack' | 'missing', bytes: Uint8Array): string {
  const hmac = createHmac('sha256', keys.content).update(`sprawl link ${what}\0`).update(bytes);
  return hmac.digest('hex').slice(0, 2 * hashBytes);
}
