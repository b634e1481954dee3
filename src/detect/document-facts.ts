/**
 * What only the whole document tells of the secrets in it: which of them signs a token beside it, which user of a
 * cluster one belongs to, which client. Asked once for a document with findings, so the others pay nothing.
 */
import { attribute } from '../identity/attribute.js';
import { clientAttributes } from '../identity/attributes.js';
import { awsUserAttributes } from '../identity/aws-facts.js';
import { fingerprintOf } from '../identity/fingerprint.js';
import type { Attribute, FindingRelation } from '../model/finding.js';
import type { Span } from '../model/span.js';
import { textNear } from './enclosing-text.js';
import { type KubeUser, kubeUsers } from './kubeconfig.js';
import type { Sighting } from './sighting.js';
import { machineAttributes, targetAttributes } from './target-host.js';
import { hmacTokenOf, signedBy } from './token-signers.js';

export interface DocumentFacts {
  readonly attributes: readonly Attribute[];
  readonly relations: readonly FindingRelation[];
}

interface FactsOfDocument {
  of(sighting: Sighting): DocumentFacts;
}

const isToken = ({ draft }: Sighting): boolean => /^eyJ/.test(draft.value.reveal().toString('latin1', 0, 3));

/** Tokens by the secrets of the document that sign them. */
function signatures(sightings: readonly Sighting[], key: Buffer): ReadonlyMap<Sighting, FindingRelation[]> {
  const found = new Map<Sighting, FindingRelation[]>();
  const tokens = sightings.filter(isToken).map(({ draft }) => draft.value.reveal());
  const texts = tokens.map((value) => value.toString('latin1'));
  if (!texts.some((text) => hmacTokenOf(text) !== undefined)) return found;
  const secrets = sightings.filter((sighting) => sighting.draft.isBinary !== true && !isToken(sighting));
  const signed = signedBy(
    secrets.map(({ draft }) => draft.value.reveal()),
    texts,
  );
  for (const [secret, own] of signed) {
    const targets = new Set(own.map((token) => fingerprintOf(key, tokens[token] as Buffer)));
    found.set(
      secrets[secret] as Sighting,
      [...targets].map((to) => ({ relation: 'signs', to })),
    );
  }
  return found;
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** Credentials of headers and their like, which say who and not where. */
function isSentSomewhere({ draft }: Sighting): boolean {
  return draft.rule.detector === 'basic-header';
}

/** Slots under which the passwords of `.netrc` are found, whichever rule finds them. */
const isPassword = /^(?:password)?$/i;

/** Names of a client's secret that no rule of a provider speaks for. */
const clientSecretSlot = /client[_-]?secret$/i;

/** Keys of users; those of sessions belong to roles. */
const userKeys: ReadonlySet<string> = new Set(['aws-access-key-id', 'aws-secret-access-key']);

/**
 * @param text raw bytes of the document, where they are text
 * @param key of fingerprints
 */
export function documentFactsOf(
  sightings: readonly Sighting[],
  text: Buffer | undefined,
  key: Buffer,
): FactsOfDocument {
  const signed = sightings.length > 1 ? signatures(sightings, key) : undefined;
  const users: readonly KubeUser[] = text === undefined || sightings.length === 0 ? [] : kubeUsers(text);
  return {
    of: (sighting) => {
      const { draft, span } = sighting;
      const isClient =
        text !== undefined && draft.attributes === undefined && clientSecretSlot.test(draft.slot ?? '');
      return {
        attributes: [
          ...(users.find((user) => isWithin(span, user.span))?.attributes ?? []),
          ...(text !== undefined && isSentSomewhere(sighting)
            ? [...targetAttributes(text, span), ...attribute('user', draft.account)]
            : []),
          ...(text !== undefined && isPassword.test(draft.slot ?? '') ? machineAttributes(text, span) : []),
          ...(isClient ? clientAttributes('', textNear(text, span.start, span.end)) : []),
          ...(text !== undefined && userKeys.has(draft.kind ?? draft.rule.kind)
            ? awsUserAttributes(textNear(text, span.start, span.end))
            : []),
        ],
        relations: signed?.get(sighting) ?? [],
      };
    },
  };
}
