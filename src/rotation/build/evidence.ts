/** What the evidence of one secret says before anything is measured: its facts, copies, principal and relations. */
import type { Exposure } from '../../model/exposure.js';
import { factAttributes, secretSubject } from '../attributes.js';
import { copiesOf } from '../derive/copies.js';
import { copyFactsReader } from '../derive/copy-facts.js';
import { heirOf } from '../derive/heirs.js';
import { parentPrincipalsOf, principalsOf } from '../derive/principal.js';
import type { Consumer, Dossier, SecretRelation } from '../dossier.js';
import type { Fact } from '../fact.js';
import { knownLabel } from '../facts/known-label.js';
import { type SecretFacts, secretFacts } from '../facts/secret-facts.js';
import type { CredentialClass, Party, Privilege, YesNo } from '../imports.js';
import { type RankOf, rankedEnvironments } from '../measure/environments.js';
import { expiryOf } from '../measure/lifetime.js';
import { sortedSet } from '../order.js';
import type { Workshop } from './workshop.js';

/** Environments that facts and consumers show; guesses count only where there is nothing better. */
function environmentsOf(facts: SecretFacts, consumers: readonly Consumer[], rankOf: RankOf): string[] {
  const stated = facts.named(factAttributes.environment).filter(({ stale }) => stale !== true);
  const sure = [
    ...stated.filter(({ confidence }) => confidence !== 'weak').map(({ value }) => String(value)),
    ...consumers
      .filter(({ current, confidence }) => current !== 'former' && confidence !== 'weak')
      .map(({ environment }) => environment),
  ];
  const known = rankedEnvironments(sure, rankOf);
  return known.length > 0
    ? known
    : rankedEnvironments(
        stated.map(({ value }) => String(value)),
        rankOf,
      );
}

type Resolutions = Pick<
  Dossier,
  | 'class'
  | 'expiresAt'
  | 'issuedAt'
  | 'liveness'
  | 'belongsTo'
  | 'owner'
  | 'backupOwner'
  | 'introducer'
  | 'privilege'
  | 'overlap'
  | 'principalStatus'
  | 'workloadIdentity'
>;

function resolutions(facts: SecretFacts): Resolutions {
  return {
    class: facts.resolve<CredentialClass>(factAttributes.class),
    expiresAt: expiryOf(facts.named(factAttributes.expires)),
    issuedAt: facts.resolve<string>(factAttributes.issued),
    liveness: facts.resolve<'live' | 'dead'>(factAttributes.liveness),
    belongsTo: facts.resolve<string>(factAttributes.belongsTo),
    owner: facts.resolve<string>(factAttributes.owner),
    backupOwner: facts.resolve<string>(factAttributes.backupOwner),
    introducer: facts.resolve<string>(factAttributes.introducer),
    privilege: facts.resolve<Privilege>(factAttributes.privilege),
    overlap: facts.resolve<YesNo | 'not-applicable'>(factAttributes.overlap),
    principalStatus: facts.resolve<string>(factAttributes.principalStatus),
    workloadIdentity: facts.resolve<YesNo>(factAttributes.workloadIdentity),
  };
}

/** An alternate beside it shows that two values can be valid together. */
function alternateFacts(fingerprint: string, relations: readonly SecretRelation[]): Fact[] {
  const alternate = relations.find(({ relation }) => relation === 'alternate');
  return alternate === undefined
    ? []
    : [
        {
          subject: secretSubject(fingerprint),
          attribute: factAttributes.overlap,
          value: 'yes',
          origin: 'derived',
          rule: 'relation.alternate',
          confidence: 'probable',
          evidence: [],
        },
      ];
}

function partyOf({ parties }: Workshop, id: string | undefined): { ownerParty?: Party } {
  const party = id === undefined ? undefined : parties.get(id.toLowerCase());
  return party === undefined ? {} : { ownerParty: party };
}

/** Consumers whose owner left are for whoever stands in. */
function withPresentOwners(consumers: readonly Consumer[], { parties }: Workshop): readonly Consumer[] {
  const heirs = consumers.map(({ owner }) => (owner === undefined ? undefined : heirOf(parties, owner)));
  if (heirs.every((heir) => heir === undefined)) return consumers;
  return consumers.map((consumer, index) => {
    const heir = heirs[index];
    if (heir === undefined) return consumer;
    const { owner: _owner, ...rest } = consumer;
    return { ...rest, ...(heir.name === undefined ? {} : { owner: heir.name }), formerOwner: heir.former };
  });
}

/** What stands in a dossier as the evidence has it. */
export type Evidence = Resolutions &
  Pick<
    Dossier,
    | 'exposure'
    | 'fingerprint'
    | 'kind'
    | 'provider'
    | 'copies'
    | 'principal'
    | 'otherPrincipals'
    | 'parents'
    | 'publishable'
    | 'ownerParty'
    | 'posters'
    | 'environments'
    | 'consumers'
    | 'resources'
    | 'relations'
    | 'slots'
    | 'vault'
  >;

/** The facts of a secret, and what they and its copies say. */
export function evidenceOf(shop: Workshop, exposure: Exposure): { facts: SecretFacts; evidence: Evidence } {
  const { estate, index, rankOf } = shop;
  const { fingerprint } = exposure;
  const { kind, provider } = knownLabel(exposure, estate.providers);
  const [first, ...others] = principalsOf(exposure, provider);
  const relations = shop.relations.get(fingerprint) ?? [];
  const consumers = withPresentOwners(shop.consumers.get(fingerprint) ?? [], shop);
  const slots = shop.slots.slotsOf(exposure);
  const facts = secretFacts(
    exposure,
    first.key,
    provider,
    index,
    estate.settings,
    alternateFacts(fingerprint, relations),
  );
  const principal = {
    ...first,
    kind: facts.resolve<string>(factAttributes.principalKind).value ?? first.kind,
  };
  const resolved = resolutions(facts);
  // Written out, here and where dossiers are made: with so many members spreads make slow objects.
  return {
    facts,
    evidence: {
      exposure,
      fingerprint,
      kind,
      provider,
      copies: copiesOf(exposure, shop.book, copyFactsReader(facts.all, index, shop.containerOf), (name) =>
        heirOf(shop.parties, name),
      ),
      principal,
      otherPrincipals: sortedSet(others.map(({ key }) => key)),
      parents: parentPrincipalsOf(exposure),
      class: resolved.class,
      expiresAt: resolved.expiresAt,
      issuedAt: resolved.issuedAt,
      liveness: resolved.liveness,
      belongsTo: resolved.belongsTo,
      owner: resolved.owner,
      backupOwner: resolved.backupOwner,
      introducer: resolved.introducer,
      privilege: resolved.privilege,
      overlap: resolved.overlap,
      principalStatus: resolved.principalStatus,
      workloadIdentity: resolved.workloadIdentity,
      publishable: facts.resolve<boolean>(factAttributes.publishable).value === true,
      posters: sortedSet(facts.named(factAttributes.poster).map(({ value }) => String(value))),
      environments: environmentsOf(facts, consumers, rankOf),
      consumers,
      resources: shop.resources.get(fingerprint) ?? [],
      relations,
      slots,
      vault: sortedSet(facts.named(factAttributes.vault).map(({ value }) => String(value))),
      ...partyOf(shop, resolved.owner.value),
    },
  };
}
