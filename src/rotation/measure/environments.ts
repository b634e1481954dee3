/** Environments in order: the higher the rank, the closer to production. */

import type { EnvironmentName } from '../imports.js';
import { codePointOrder, sortedSet } from '../order.js';

const builtIn: Readonly<Record<string, number>> = {
  prod: 60,
  dr: 50,
  staging: 40,
  test: 30,
  dev: 20,
  local: 10,
};
/** Names that nobody ranked stand between what is production and what is none. */
const unrankedRank = 45;

export type RankOf = (environment: string) => number;

/** Ranks of the built-in names and of those that were declared. */
export function environmentRanks(declared: readonly EnvironmentName[]): RankOf {
  const ranks = new Map(Object.entries(builtIn));
  for (const { name, rank } of declared) {
    if (rank !== undefined) ranks.set(name, rank);
  }
  return (environment) => ranks.get(environment) ?? unrankedRank;
}

/** Names without `unknown`, highest rank first. */
export function rankedEnvironments(names: Iterable<string>, rankOf: RankOf): string[] {
  return sortedSet(names)
    .filter((name) => name !== 'unknown')
    .sort((a, b) => rankOf(b) - rankOf(a) || codePointOrder(a, b));
}

export function isProduction(environment: string, rankOf: RankOf): boolean {
  return rankOf(environment) >= (builtIn['prod'] ?? 0);
}
