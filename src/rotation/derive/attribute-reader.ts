/**
 * Attributes of a secret by name (identity/attribute.ts lists them). They are united over all its sightings, so one name
 * may have several texts. Of certificates these are read where they were captured: `x509-not-before` and `x509-not-after`
 * (RFC 3339), `x509-issuer`, `x509-subject`, `x509-san`, `x509-ca` (`yes`), `x509-spki-sha256`, `ssh-valid-after` and
 * `ssh-valid-before` (RFC 3339, seconds since 1970, or `forever`); of Entra applications `azure-tenant`, `azure-client-id`.
 */
import type { Exposure } from '../../model/exposure.js';
import type { Attribute } from '../../model/finding.js';
import { sortedSet } from '../order.js';

export interface AttributeReader {
  /** All texts of a name, sorted. */
  all(name: string): readonly string[];
  /** The text, when all sightings agree on one. */
  only(name: string): string | undefined;
}

const empty: AttributeReader = { all: () => [], only: () => undefined };

/** Readers by the list that they read: many measures look at the same secret. */
const readers = new WeakMap<readonly Attribute[], AttributeReader>();

export function attributeReader({ attributes }: Pick<Exposure, 'attributes'>): AttributeReader {
  if (attributes.length === 0) return empty;
  const known = readers.get(attributes);
  if (known !== undefined) return known;
  const reader = readerOf(attributes);
  readers.set(attributes, reader);
  return reader;
}

function readerOf(attributes: readonly Attribute[]): AttributeReader {
  const byName = new Map<string, string[]>();
  for (const { name, text } of attributes) {
    const texts = byName.get(name);
    if (texts === undefined) byName.set(name, [text]);
    else texts.push(text);
  }
  for (const [name, texts] of byName) byName.set(name, sortedSet(texts));
  return {
    all: (name) => byName.get(name) ?? [],
    only: (name) => {
      const [text, ...others] = byName.get(name) ?? [];
      return others.length === 0 ? text : undefined;
    },
  };
}
