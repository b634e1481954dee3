/** Relations that captured attributes show wherever the secrets stand: one principal, one public key, one signer. */
import type { Exposure } from '../../model/exposure.js';
import { codePointOrder, sortedSet } from '../order.js';
import { attributeReader } from './attribute-reader.js';
import { type Edge, edge } from './edge.js';
import { parentPrincipalsOf, principalsOf } from './principal.js';

/** Groups up to this size are told pair by pair; of larger ones each member is tied to the first. */
const largestCompleteGroup = 8;

/** Edges that tie a group together, in number linear in its size. */
function* tied(members: readonly string[], tie: (a: string, b: string) => Edge): Generator<Edge> {
  const sorted = sortedSet(members);
  const isComplete = sorted.length <= largestCompleteGroup;
  for (const [index, a] of (isComplete ? sorted : sorted.slice(0, 1)).entries()) {
    for (const b of sorted.slice(index + 1)) yield tie(a, b);
  }
}

function grouped(
  exposures: readonly Exposure[],
  keysOf: (exposure: Exposure) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const exposure of exposures) {
    for (const key of keysOf(exposure)) {
      const members = groups.get(key);
      if (members === undefined) groups.set(key, [exposure.fingerprint]);
      else members.push(exposure.fingerprint);
    }
  }
  return groups;
}

function namedPrincipals(exposure: Exposure): readonly string[] {
  return principalsOf(exposure)
    .map(({ key }) => key)
    .filter((key) => !key.startsWith('anon:'));
}

/** Two keys of one storage account or namespace are the two that its owner switches between. */
const hasTwoKeys = /^azure(?:-storage)?:/;

function* principalEdges(exposures: readonly Exposure[]): Generator<Edge> {
  for (const [key, members] of grouped(exposures, namedPrincipals)) {
    yield* tied(members, (a, b) => edge('same-principal', a, b, key, 'strong'));
    if (hasTwoKeys.test(key) && new Set(members).size === 2) {
      yield* tied(members, (a, b) => edge('alternate', a, b, `two keys of ${key}`, 'probable'));
    }
  }
}

/** Hashes of the public half, of keys and of the certificates found with them. */
function publicKeysOf(exposure: Exposure): readonly string[] {
  const attributes = attributeReader(exposure);
  const hashes = ['public-key-sha256', 'x509-spki-sha256'].flatMap((name) => attributes.all(name));
  return sortedSet(hashes.map((hash) => hash.toLowerCase()));
}

function* keyEdges(exposures: readonly Exposure[]): Generator<Edge> {
  for (const members of grouped(exposures, publicKeysOf).values()) {
    yield* tied(members, (a, b) => edge('keypair', a, b, 'equal hash of the public key', 'strong'));
  }
}

/** A principal without its account or project: signatures name only the key. */
function looseKey(key: string): string {
  const [scheme, , ...rest] = key.split(':');
  return scheme === 'aws' || scheme === 'gcp' ? [scheme, '', ...rest].join(':') : key;
}

function* signatureEdges(exposures: readonly Exposure[]): Generator<Edge> {
  const holders = grouped(exposures, (exposure) => sortedSet(namedPrincipals(exposure).map(looseKey)));
  for (const child of exposures) {
    for (const parent of parentPrincipalsOf(child)) {
      for (const holder of holders.get(looseKey(parent)) ?? []) {
        yield edge('signs', holder, child.fingerprint, `signed with a key of ${parent}`, 'strong');
      }
    }
  }
}

/** A token whose issuer or key id is that of a service account was signed with the account's key. */
function* tokenEdges(exposures: readonly Exposure[]): Generator<Edge> {
  const signers = grouped(exposures, (exposure) => {
    const attributes = attributeReader(exposure);
    return sortedSet([...attributes.all('gcp-key-id'), ...attributes.all('gcp-client-email')]);
  });
  for (const child of exposures) {
    const attributes = attributeReader(child);
    for (const [name, confidence] of [
      ['jwt-kid', 'strong'],
      ['jwt-iss', 'probable'],
    ] as const) {
      for (const parent of signers.get(attributes.only(name) ?? '') ?? []) {
        yield edge('signs', parent, child.fingerprint, `${name} is that of the service account`, confidence);
      }
    }
  }
}

function* authorityEdges(exposures: readonly Exposure[]): Generator<Edge> {
  const authorities = grouped(exposures, (exposure) => {
    const attributes = attributeReader(exposure);
    return attributes.all('x509-ca').includes('yes') ? attributes.all('x509-subject') : [];
  });
  for (const leaf of exposures) {
    for (const issuer of attributeReader(leaf).all('x509-issuer')) {
      for (const authority of authorities.get(issuer) ?? []) {
        yield edge('signs', authority, leaf.fingerprint, 'issuer of the certificate', 'probable');
      }
    }
  }
}

export function* attributeEdges(exposures: readonly Exposure[]): Generator<Edge> {
  const sorted = [...exposures].sort((a, b) => codePointOrder(a.fingerprint, b.fingerprint));
  yield* principalEdges(sorted);
  yield* keyEdges(sorted);
  yield* signatureEdges(sorted);
  yield* tokenEdges(sorted);
  yield* authorityEdges(sorted);
}
