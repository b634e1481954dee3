/** What to do first: an integer from printed terms, then caps and floors. Difficulty never lowers it. */
import type { Dossier } from '../dossier.js';
import type { RankOf } from './environments.js';
import { isEndless } from './lifetime.js';
import { sumOf, type Term, term } from './score.js';

export type Priority = Dossier['priority'];

export interface PriorityInput
  extends Pick<
    Dossier,
    | 'exposureLevel'
    | 'audience'
    | 'publicEver'
    | 'privilege'
    | 'class'
    | 'expiresAt'
    | 'environments'
    | 'sharing'
    | 'age'
    | 'owner'
    | 'ownerParty'
    | 'liveness'
    | 'lapsed'
    | 'publishable'
  > {
  /** It ends more than the limit after its issue. */
  readonly isLongLived: boolean;
  /** All copies stand in tests or documentation, and the value itself says that it is of a test mode. */
  readonly isTestOnly: boolean;
  /** It signs or encrypts: what it protected stays readable or forgeable. */
  readonly isKeyOfOthers: boolean;
  readonly rankOf: RankOf;
}

const exposurePoints: Readonly<Record<Dossier['exposureLevel'], number>> = {
  'public-present': 30,
  'public-history': 28,
  external: 22,
  'internal-human': 15,
  'internal-head': 14,
  'internal-history': 8,
  'vault-only': 0,
};

function exposureTerm({ exposureLevel, audience }: PriorityInput): Term {
  const why = audience === 'unknown' ? `at least ${exposureLevel}, audience unknown` : exposureLevel;
  return term('exposure', exposurePoints[exposureLevel], why);
}

const privilegePoints = { admin: 20, write: 15, unknown: 10, read: 5, none: 0 } as const;

function privilegeTerm({ privilege }: PriorityInput): Term {
  const value = privilege.value ?? 'unknown';
  const source = privilege.value === undefined ? '' : `, ${privilege.chosen?.origin ?? 'derived'}`;
  return term('privilege', privilegePoints[value], `${value}${source}`);
}

function lifetimeTerm(input: PriorityInput): Term {
  const { isLongLived, expiresAt } = input;
  switch (input.class.value) {
    case 'ephemeral':
      return term('lifetime', 2, 'ephemeral');
    case 'renewable':
      return term('lifetime', 8, 'renewable');
    case 'static':
      if (expiresAt.value === undefined) {
        return term('lifetime', 15, `static, no ${isEndless(expiresAt) ? '' : 'known '}expiry`);
      }
      return isLongLived
        ? term('lifetime', 12, 'static, long-lived')
        : term('lifetime', 8, 'static with a near expiry');
    default:
      return term('lifetime', 12, 'unknown');
  }
}

const recoveryRank = 50;
const stagingRank = 40;

function environmentTerm({ environments, rankOf }: PriorityInput): Term {
  const highest = environments[0];
  if (highest === undefined) return term('environment', 6, 'unknown');
  const rank = rankOf(highest);
  if (rank >= recoveryRank) return term('environment', 10, highest);
  return term('environment', rank >= stagingRank ? 5 : 2, highest);
}

function sharingTerm({ sharing }: PriorityInput): Term {
  return term('sharing', Math.floor(sharing.score / 10), `score ${sharing.score} ${sharing.name}`);
}

const agePoints: readonly (readonly [number, number])[] = [
  [365, 5],
  [180, 4],
  [90, 3],
  [30, 2],
];

function ageTerm({ age }: PriorityInput): Term {
  const points = agePoints.find(([days]) => age.days > days)?.[1] ?? 1;
  return term('age', points, `${age.isLowerBound ? '>= ' : ''}${age.days} d`);
}

const ownershipPoints = { asserted: 0, strong: 0, probable: 2, weak: 3 } as const;

function ownershipTerm({ owner, ownerParty }: PriorityInput): Term {
  if (owner.value === undefined) return term('ownership', 5, owner.conflict ? 'ambiguous' : 'none');
  if (ownerParty?.status === 'left') return term('ownership', 5, 'left');
  const confidence = owner.chosen?.confidence ?? 'weak';
  return term('ownership', ownershipPoints[confidence], confidence);
}

function livenessTerm({ liveness }: PriorityInput): Term {
  if (liveness.value === 'live') return term('liveness', 5, 'live');
  return liveness.value === 'dead' ? term('liveness', 0, 'dead') : term('liveness', 3, 'unknown');
}

interface Bound {
  readonly name: string;
  readonly points: number;
}

function capsOf({ publishable, liveness, lapsed, isTestOnly }: PriorityInput): Bound[] {
  return [
    ...(publishable ? [{ name: 'publishable', points: 5 }] : []),
    ...(liveness.value === 'dead' ? [{ name: 'dead', points: 5 }] : []),
    ...(lapsed.value === 'yes' ? [{ name: 'lapsed', points: 10 }] : []),
    ...(isTestOnly ? [{ name: 'test-only', points: 15 }] : []),
  ];
}

function floorsOf(input: PriorityInput): Bound[] {
  if (!input.publicEver) return [];
  const isStanding = input.class.value === undefined || /^(?:static|unknown)$/.test(input.class.value);
  return [
    ...(isStanding ? [{ name: 'public-static', points: 85 }] : []),
    ...(input.liveness.value === 'live' ? [{ name: 'public-live', points: 95 }] : []),
    ...(input.isKeyOfOthers ? [{ name: 'public-key-material', points: 90 }] : []),
  ];
}

/** The lowest cap applies; only where there is none, the highest floor. */
function adjust(sum: number, input: PriorityInput): { score: number; adjusted?: string } {
  const caps = capsOf(input);
  const cap = caps.reduce<Bound | undefined>(
    (lowest, bound) => (lowest === undefined || bound.points < lowest.points ? bound : lowest),
    undefined,
  );
  if (cap !== undefined) {
    return cap.points < sum
      ? { score: cap.points, adjusted: `cap ${cap.name} ${cap.points}` }
      : { score: sum };
  }
  const floor = floorsOf(input).reduce<Bound | undefined>(
    (highest, bound) => (highest === undefined || bound.points > highest.points ? bound : highest),
    undefined,
  );
  return floor !== undefined && floor.points > sum
    ? { score: floor.points, adjusted: `floor ${floor.name} ${floor.points}` }
    : { score: sum };
}

export function bandOf(score: number): Priority['band'] {
  if (score >= 80) return 'critical';
  if (score >= 60) return 'high';
  if (score >= 40) return 'medium';
  return score >= 20 ? 'low' : 'info';
}

/** 0 to 100. */
export function priorityOf(input: PriorityInput): Priority {
  const terms = [
    exposureTerm(input),
    privilegeTerm(input),
    lifetimeTerm(input),
    environmentTerm(input),
    sharingTerm(input),
    ageTerm(input),
    ownershipTerm(input),
    livenessTerm(input),
  ];
  const sum = sumOf(terms);
  const adjusted = adjust(sum, input);
  return { ...adjusted, sum, terms, band: bandOf(adjusted.score) };
}
