/** Every field that a condition may name: what its values are, and whether it holds several at once. */

import { principalKinds } from '../principal-kinds.js';

export type FieldSort = (
  | { readonly type: 'choice'; readonly words: readonly string[] }
  | { readonly type: 'text' | 'number' | 'duration' | 'flag' }
) & {
  /** Equality means that it contains the value. */
  readonly isSet?: true;
};

export const fieldNames = [
  'secret.kind',
  'secret.provider',
  'secret.class',
  'secret.lapsed',
  'secret.liveness',
  'secret.publishable',
  'secret.age',
  'secret.expires_in',
  'secret.status',
  'secret.confidence',
  'secret.strength',
  'secret.belongs_to',
  'exposure.level',
  'exposure.audience',
  'exposure.places',
  'exposure.human_copies',
  'exposure.public_ever',
  'owner.known',
  'owner.confidence',
  'owner.status',
  'owner.type',
  'identity.kind',
  'identity.privilege',
  'identity.status',
  'identity.workload_identity_available',
  'environment.set',
  'environment.highest',
  'environment.count',
  'consumers.count',
  'consumers.coverage',
  'consumers.kinds',
  'consumers.accepts_two',
  'consumers.reload',
  'consumers.third_party',
  'consumers.shipped',
  'consumers.agents',
  'sharing.score',
  'sharing.name',
  'priority.score',
  'priority.band',
  'provider.fact',
  'provider.overlap',
  'provider.reversible_disable',
  'provider.revocation',
  'provider.cascade',
  'graph.in_cycle',
  'graph.self_rotating',
  'graph.children',
  'graph.second_ring',
  'readiness.score',
  'readiness.missing',
  'vault.mapped',
  'exception.active',
  'path',
  'repository',
] as const;
export type FieldName = (typeof fieldNames)[number];

/** Where the rotation of a secret stands. */
export const secretStatuses = [
  'open',
  'planned',
  'rotating',
  'rotated',
  'revoked',
  'closed',
  'reopened',
  'excepted',
] as const;
export type SecretStatus = (typeof secretStatuses)[number];

const text: FieldSort = { type: 'text' };
const number: FieldSort = { type: 'number' };
const flag: FieldSort = { type: 'flag' };
const duration: FieldSort = { type: 'duration' };
const textSet: FieldSort = { type: 'text', isSet: true };
const yesNo: FieldSort = choice('yes', 'no');

function choice(...words: readonly string[]): FieldSort {
  return { type: 'choice', words };
}

function setOf(...words: readonly string[]): FieldSort {
  return { type: 'choice', words, isSet: true };
}

/** The word `unknown` is in none of these lists: a condition asks for it with `unknown: true`. */
export const fieldSorts: Readonly<Record<FieldName, FieldSort>> = {
  'secret.kind': text,
  'secret.provider': text,
  'secret.class': choice('static', 'renewable', 'ephemeral'),
  'secret.lapsed': yesNo,
  'secret.liveness': choice('live', 'dead'),
  'secret.publishable': flag,
  'secret.age': duration,
  'secret.expires_in': duration,
  'secret.status': choice(...secretStatuses),
  'secret.confidence': choice('low', 'medium', 'high', 'proven'),
  'secret.strength': number,
  'secret.belongs_to': choice('own', 'other-organisation'),
  'exposure.level': choice(
    'public-present',
    'public-history',
    'external',
    'internal-human',
    'internal-head',
    'internal-history',
    'vault-only',
  ),
  'exposure.audience': choice('public', 'external', 'internal', 'restricted'),
  'exposure.places': number,
  'exposure.human_copies': number,
  'exposure.public_ever': flag,
  'owner.known': flag,
  'owner.confidence': choice('asserted', 'strong', 'probable', 'weak'),
  'owner.status': choice('active', 'left'),
  'owner.type': choice('person', 'team', 'vendor'),
  'identity.kind': choice(...principalKinds),
  'identity.privilege': choice('admin', 'write', 'read', 'none'),
  'identity.status': choice('active', 'dormant', 'retired'),
  'identity.workload_identity_available': yesNo,
  'environment.set': textSet,
  'environment.highest': text,
  'environment.count': number,
  'consumers.count': number,
  'consumers.coverage': choice('attested', 'derived', 'none'),
  'consumers.kinds': setOf(
    'service',
    'batch',
    'ci',
    'agent',
    'human-tool',
    'third-party',
    'shipped-client',
    'test',
    'build',
  ),
  'consumers.accepts_two': yesNo,
  'consumers.reload': setOf('hot', 'restart', 'redeploy', 'rebuild', 'release', 'manual'),
  'consumers.third_party': number,
  'consumers.shipped': number,
  'consumers.agents': number,
  'sharing.score': number,
  'sharing.name': choice('single', 'bearer', 'shared', 'spread', 'universal'),
  'priority.score': number,
  'priority.band': choice('critical', 'high', 'medium', 'low', 'info'),
  'provider.fact': text,
  'provider.overlap': choice('yes', 'no', 'not-applicable'),
  'provider.reversible_disable': flag,
  'provider.revocation': choice('now', 'grace', 'expiry', 'none'),
  'provider.cascade': flag,
  'graph.in_cycle': flag,
  'graph.self_rotating': flag,
  'graph.children': number,
  'graph.second_ring': number,
  'readiness.score': number,
  'readiness.missing': setOf(
    'owner',
    'environment',
    'class',
    'resource',
    'overlap',
    'revocation',
    'consumers',
  ),
  'vault.mapped': flag,
  'exception.active': flag,
  path: textSet,
  repository: textSet,
};

const known: ReadonlySet<string> = new Set(fieldNames);

export function isFieldName(name: string): name is FieldName {
  return known.has(name);
}
