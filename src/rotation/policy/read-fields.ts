/** Reads the fields of policy from what is known of a secret. Nothing that is unknown becomes a `no` here. */
import { factAttributes, factsNamed } from '../attributes.js';
import { repositoryNames } from '../derive/place-names.js';
import { timeOf } from '../derive/sighting-dates.js';
import { pathOf } from '../derive/slots.js';
import type { Consumer, Dossier, Resolved } from '../dossier.js';
import type { GraphFacts } from '../graph/graph-facts.js';
import { isEndless } from '../measure/lifetime.js';
import { sortedSet } from '../order.js';
import type { ReadField } from './condition.js';
import { type FieldName, fieldSorts, type SecretStatus } from './fields.js';
import { type Scalar, type Seen, seen, unknownField } from './seen.js';

/** What policy decides on. */
export interface PolicySubject {
  readonly dossier: Dossier;
  readonly graph: GraphFacts;
  /** An exception for it is in force. */
  readonly isExcepted: boolean;
  /** RFC 3339 UTC: `--now`. */
  readonly now: string;
  /** Where its rotation stands, when a log says so; else it is open. */
  readonly status?: SecretStatus;
}

const dayMs = 86_400_000;

function resolvedField({ value, stale }: Resolved<Scalar>): Seen {
  return value === undefined || value === 'unknown'
    ? { values: undefined, stale }
    : { values: [value], stale };
}

/** A word where `unknown` is one of the words. */
function wordField(word: string | undefined): Seen {
  return word === undefined || word === 'unknown' ? unknownField : seen(word);
}

/** Empty: nothing of it is known. */
function setField(values: readonly string[]): Seen {
  return values.length === 0 ? unknownField : { values, stale: false };
}

function withStale(saw: Seen, stale: boolean): Seen {
  return stale ? { ...saw, stale } : saw;
}

/** What was stated of it is too old, and nothing newer stands for it. */
function isStaleFact({ facts }: Dossier, attribute: Parameters<typeof factsNamed>[1]): boolean {
  const named = factsNamed(facts, attribute);
  return named.length > 0 && named.every(({ stale }) => stale === true);
}

function currentConsumers({ consumers }: Dossier): Consumer[] {
  return consumers.filter(({ current }) => current !== 'former');
}

/** What was found does not show that there is no more; only an attested list is all. */
function foundConsumers(dossier: Dossier, saw: Seen): Seen {
  return saw.values === undefined || dossier.coverage === 'attested' ? saw : { ...saw, isAtLeast: true };
}

/** A number of consumers: nothing is known of it while none is known and nobody says that there are none. */
function consumerCount(dossier: Dossier, consumers: readonly Consumer[]): Seen {
  return dossier.coverage === 'none' ? unknownField : foundConsumers(dossier, seen(consumers.length));
}

/** Values that consumers have, without those of whom it is not known. */
function consumerWords(dossier: Dossier, wordOf: (consumer: Consumer) => string): Seen {
  const words = sortedSet(currentConsumers(dossier).map(wordOf)).filter((word) => word !== 'unknown');
  return foundConsumers(dossier, setField(words));
}

/** No when one cannot; yes when all can and the list is known to be complete. */
function acceptsTwo(dossier: Dossier): Seen {
  const answers = currentConsumers(dossier).map((consumer) => consumer.acceptsTwo);
  if (answers.includes('no')) return seen('no');
  const canAll = answers.length > 0 && answers.every((answer) => answer === 'yes');
  return canAll && dossier.coverage === 'attested' ? seen('yes') : unknownField;
}

function expiresIn({ expiresAt }: Dossier, now: string): Seen {
  if (isEndless(expiresAt)) return seen(Number.POSITIVE_INFINITY);
  const [end, start] = [timeOf(expiresAt.value), timeOf(now)];
  if (end === undefined || start === undefined) return { values: undefined, stale: expiresAt.stale };
  return seen(end - start);
}

/** A copy of unknown audience may have been public. */
function publicEver({ publicEver: isPublic, copies }: Dossier): Seen {
  if (isPublic) return seen(true);
  return copies.some(({ audience }) => audience === 'unknown') ? unknownField : seen(false);
}

function environments({ environments: names, facts }: Dossier): Seen {
  const named = factsNamed(facts, factAttributes.environment);
  return withStale(setField(names), names.length === 0 && named.some(({ stale }) => stale === true));
}

/** Whether a vault holds it is known where somebody gave a map of the vault. */
function vaultMapped({ vault, conditions }: Dossier): Seen {
  if (vault.length > 0) return seen(true);
  return conditions.includes('UNVAULTED') ? seen(false) : unknownField;
}

function repositories({ copies }: Dossier): Seen {
  const names = copies
    .filter(({ location }) => location.system === 'git')
    .flatMap(({ location }) => repositoryNames(location.placeName));
  return { values: sortedSet(names), stale: false };
}

function paths({ copies }: Dossier): Seen {
  const found = copies.flatMap(({ location }) => {
    const path = pathOf(location);
    return path === undefined ? [] : [[path, ...location.chain].join('!/')];
  });
  return { values: sortedSet(found), stale: false };
}

type Reader = (dossier: Dossier, subject: PolicySubject) => Seen;

const readers: Readonly<Record<FieldName, Reader>> = {
  'secret.kind': ({ kind }) => seen(kind),
  'secret.provider': ({ provider }) => wordField(provider.provider),
  'secret.class': (dossier) => resolvedField(dossier.class),
  'secret.lapsed': ({ lapsed }) => resolvedField(lapsed),
  'secret.liveness': ({ liveness }) => resolvedField(liveness),
  'secret.publishable': ({ publishable }) => seen(publishable),
  'secret.age': ({ age }) => ({ ...seen(age.days * dayMs), isAtLeast: age.isLowerBound }),
  'secret.expires_in': (dossier, { now }) => expiresIn(dossier, now),
  'secret.status': (_, { status, isExcepted }) => seen(isExcepted ? 'excepted' : (status ?? 'open')),
  'secret.confidence': ({ exposure }) => seen(exposure.confidence),
  'secret.strength': ({ exposure }) => seen(exposure.strengthBits),
  'secret.belongs_to': ({ belongsTo }) => resolvedField(belongsTo),
  'exposure.level': ({ exposureLevel }) => seen(exposureLevel),
  'exposure.audience': ({ audience }) => wordField(audience),
  'exposure.places': ({ copies }) => seen(new Set(copies.map(({ location }) => location.place)).size),
  'exposure.human_copies': ({ copies }) =>
    seen(copies.filter(({ isHuman, presence }) => isHuman && presence !== 'gone').length),
  'exposure.public_ever': publicEver,
  'owner.known': ({ owner }) => withStale(seen(owner.value !== undefined), owner.stale),
  'owner.confidence': ({ owner }) =>
    owner.value === undefined
      ? { values: undefined, stale: owner.stale }
      : wordField(owner.chosen?.confidence),
  'owner.status': ({ owner, ownerParty }) => withStale(wordField(ownerParty?.status), owner.stale),
  'owner.type': ({ owner, ownerParty }) => withStale(wordField(ownerParty?.type), owner.stale),
  'identity.kind': ({ principal }) => wordField(principal.kind),
  'identity.privilege': ({ privilege }) => resolvedField(privilege),
  'identity.status': ({ principalStatus }) => resolvedField(principalStatus),
  'identity.workload_identity_available': ({ workloadIdentity }) => resolvedField(workloadIdentity),
  'environment.set': environments,
  'environment.highest': (dossier) => {
    const { values, stale } = environments(dossier);
    return { values: values?.slice(0, 1), stale };
  },
  'environment.count': (dossier) => {
    const { values, stale } = environments(dossier);
    return { values: values === undefined ? undefined : [values.length], stale };
  },
  'consumers.count': (dossier) => consumerCount(dossier, currentConsumers(dossier)),
  'consumers.coverage': (dossier) =>
    withStale(
      seen(dossier.coverage),
      dossier.coverage !== 'attested' && isStaleFact(dossier, factAttributes.consumersComplete),
    ),
  'consumers.kinds': (dossier) => consumerWords(dossier, ({ kind }) => kind),
  'consumers.accepts_two': acceptsTwo,
  'consumers.reload': (dossier) => consumerWords(dossier, ({ reload }) => reload),
  'consumers.third_party': (dossier) =>
    consumerCount(
      dossier,
      currentConsumers(dossier).filter(({ kind }) => kind === 'third-party'),
    ),
  // Old releases keep the old value for ever: former ones count.
  'consumers.shipped': (dossier) =>
    consumerCount(
      dossier,
      dossier.consumers.filter(({ kind }) => kind === 'shipped-client'),
    ),
  'consumers.agents': (dossier) =>
    consumerCount(
      dossier,
      currentConsumers(dossier).filter(({ kind }) => kind === 'agent'),
    ),
  'sharing.score': ({ sharing }) => seen(sharing.score),
  'sharing.name': ({ sharing }) => seen(sharing.name),
  'priority.score': ({ priority }) => seen(priority.score),
  'priority.band': ({ priority }) => seen(priority.band),
  'provider.fact': ({ provider }) => seen(provider.id),
  'provider.overlap': ({ overlap }) => resolvedField(overlap),
  // A row that does not know how it ends does not know either that it cannot be switched off.
  'provider.reversible_disable': ({ provider }) =>
    provider.reversibleDisable || provider.revocation !== 'unknown'
      ? seen(provider.reversibleDisable)
      : unknownField,
  'provider.revocation': ({ provider }) => wordField(provider.revocation),
  'provider.cascade': ({ provider }) => seen(provider.cascade),
  'graph.in_cycle': (_, { graph }) => seen(graph.inCycle),
  'graph.self_rotating': (_, { graph }) => seen(graph.selfRotating),
  'graph.children': (_, { graph }) => seen(graph.children.length),
  'graph.second_ring': (_, { graph }) => seen(graph.secondRing.length),
  'readiness.score': ({ readiness }) => seen(readiness.score),
  'readiness.missing': ({ readiness }) => ({ values: readiness.missing, stale: false }),
  'vault.mapped': vaultMapped,
  'exception.active': (_, { isExcepted }) => seen(isExcepted),
  path: paths,
  repository: repositories,
};

/** A word that its field does not list is nothing that a policy could ask for: it is unknown to it. */
function listedOnly(field: FieldName, saw: Seen): Seen {
  const sort = fieldSorts[field];
  if (sort.type !== 'choice' || saw.values === undefined) return saw;
  const listed = saw.values.filter((value) => sort.words.includes(String(value)));
  if (listed.length === saw.values.length) return saw;
  return { ...saw, values: listed.length === 0 ? undefined : listed };
}

/** Reader of the fields of one secret; each is computed once, when first asked for. */
export function fieldReader(subject: PolicySubject): ReadField {
  const known = new Map<FieldName, Seen>();
  return (field) => {
    const before = known.get(field);
    if (before !== undefined) return before;
    const saw = listedOnly(field, readers[field](subject.dossier, subject));
    known.set(field, saw);
    return saw;
  };
}
