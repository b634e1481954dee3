/** Reason codes that concern one secret: what stands in the way, and what a plan must say. */
import type { Dossier, Resolved } from '../dossier.js';
import { sortedSet } from '../order.js';
import { isProduction, type RankOf } from './environments.js';

export interface ReasonInput
  extends Pick<
    Dossier,
    | 'audience'
    | 'owner'
    | 'ownerParty'
    | 'consumers'
    | 'coverage'
    | 'overlap'
    | 'provider'
    | 'environments'
    | 'vault'
    | 'conditions'
    | 'relations'
  > {
  /** A consumer was found that the list which somebody called complete lacks. */
  readonly isUndeclared: boolean;
  /** Entries of the inventory claim it with equal right. */
  readonly isAmbiguous: boolean;
  /** Other secrets that are known, by fingerprint. */
  readonly known: ReadonlySet<string>;
  /** Secrets made with the key of another are revoked through it. */
  readonly hasParents: boolean;
  /** Values of its principal that nothing shows to be over, itself among them. */
  readonly activeValues: number;
  /** All attributes that were chosen. */
  readonly resolved: readonly Resolved<unknown>[];
  readonly rankOf: RankOf;
}

type Rule = (input: ReasonInput) => boolean;

function currentConsumers({ consumers }: ReasonInput): ReasonInput['consumers'] {
  return consumers.filter(({ current }) => current !== 'former');
}

function isMadeBy({ relations }: ReasonInput): boolean {
  return relations.some(
    ({ relation, direction }) => direction === 'to' && (relation === 'signs' || relation === 'mints'),
  );
}

const rules: readonly (readonly [string, Rule])[] = [
  ['AUDIENCE_UNKNOWN', ({ audience }) => audience === 'unknown'],
  ['OWNER_UNKNOWN', ({ owner }) => owner.value === undefined && !owner.conflict],
  ['OWNER_AMBIGUOUS', ({ owner }) => owner.conflict],
  ['OWNER_LEFT', ({ ownerParty }) => ownerParty?.status === 'left'],
  ['CONSUMERS_UNKNOWN', ({ coverage }) => coverage === 'none'],
  ['CONSUMERS_NOT_ATTESTED', ({ coverage }) => coverage === 'derived'],
  ['CONSUMER_UNDECLARED', ({ isUndeclared }) => isUndeclared],
  ['IMPORT_AMBIGUOUS', ({ isAmbiguous }) => isAmbiguous],
  ['NO_OVERLAP', ({ overlap }) => overlap.value === 'no'],
  ['OVERLAP_UNKNOWN', ({ overlap }) => overlap.value === undefined || overlap.value === 'unknown'],
  [
    'ALTERNATE_EXPOSED',
    ({ relations, known }) => relations.some(({ relation, to }) => relation === 'alternate' && known.has(to)),
  ],
  [
    'SLOT_FULL',
    ({ provider, activeValues }) => provider.slots !== undefined && activeValues >= provider.slots,
  ],
  ['NO_REVOCATION', ({ provider }) => provider.revocation === 'none'],
  ['REVOCATION_CASCADES', ({ provider, hasParents }) => provider.cascade || hasParents],
  ['THIRD_PARTY', (input) => currentConsumers(input).some(({ kind }) => kind === 'third-party')],
  ['SHIPPED_CLIENT', ({ consumers }) => consumers.some(({ kind }) => kind === 'shipped-client')],
  [
    'CODE_RELEASE_NEEDED',
    (input) => currentConsumers(input).some(({ reload }) => reload === 'release' || reload === 'rebuild'),
  ],
  [
    'AGENT_UNMAPPED',
    (input) => currentConsumers(input).some(({ kind, owner }) => kind === 'agent' && owner === undefined),
  ],
  [
    'SHARED_ACROSS_ENVIRONMENTS',
    ({ environments, rankOf }) =>
      environments.length > 1 && environments.some((name) => isProduction(name, rankOf)),
  ],
  ['OVERPRIVILEGED', ({ conditions }) => conditions.includes('OVERPRIVILEGED')],
  ['VAULT_UNMAPPED', ({ vault }) => vault.length === 0],
  ['FACT_CONFLICT', ({ resolved }) => resolved.some(({ conflict }) => conflict)],
  ['FACT_STALE', ({ resolved }) => resolved.some(({ stale }) => stale)],
  ['ROTATED_IN_PLACE', ({ conditions }) => conditions.includes('ROTATED_IN_PLACE')],
  ['PARENT_FIRST', isMadeBy],
];

/** Sorted. Those of graphs, calendars and exceptions are the planner's. */
export function reasonsOf(input: ReasonInput): string[] {
  return sortedSet(rules.filter(([, rule]) => rule(input)).map(([code]) => code));
}
