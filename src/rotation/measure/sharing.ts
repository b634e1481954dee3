/** How widely one value is shared: by environments, services, teams and agents. */
import { isCurrentCopy } from '../derive/copies.js';
import type { Consumer, Copy, Dossier } from '../dossier.js';
import { sortedSet } from '../order.js';
import { isProduction, type RankOf } from './environments.js';
import { counted, sumOf, type Term, term } from './score.js';

export type Sharing = Dossier['sharing'];

export interface SharingInput {
  readonly environments: readonly string[];
  readonly consumers: readonly Consumer[];
  readonly copies: readonly Copy[];
  readonly owner: string | undefined;
  /** True when something besides the value is needed to use it: a network, an audience, a private key's proof. */
  readonly isBound: boolean;
  readonly rankOf: RankOf;
}

/** Points for each beyond the first. */
function beyondFirst(count: number, each: number, most: number): number {
  return Math.min(most, Math.max(0, count - 1) * each);
}

function isCurrentConsumer({ current }: Consumer): boolean {
  return current !== 'former';
}

/** Teams that answer for a part of it: the owner, those of the consumers, those who must clean current copies. */
export function owningTeams({
  consumers,
  copies,
  owner,
}: Pick<SharingInput, 'consumers' | 'copies' | 'owner'>): string[] {
  return sortedSet(
    [
      owner,
      ...consumers.filter(isCurrentConsumer).map((consumer) => consumer.owner),
      ...copies.filter((copy) => isCurrentCopy(copy) && !copy.isHuman).map(({ custodian }) => custodian),
    ].filter((team) => team !== undefined),
  );
}

/** Names of the services; one that runs in two environments is one. */
export function servicesOf(consumers: readonly Consumer[]): string[] {
  return sortedSet(
    consumers
      .filter((consumer) => consumer.kind === 'service' && isCurrentConsumer(consumer))
      .map(({ name }) => name),
  );
}

/** An agent has it, and something else or a second agent has it too. */
export function sharesWithAgent(consumers: readonly Consumer[]): boolean {
  const current = consumers.filter(isCurrentConsumer);
  const names = new Set(current.map(({ name }) => name));
  return current.some(({ kind }) => kind === 'agent') && names.size > 1;
}

function termsOf(input: SharingInput): Term[] {
  const { environments, consumers, isBound, rankOf } = input;
  const services = servicesOf(consumers);
  const teams = owningTeams(input);
  const isMixed = environments.length > 1 && environments.some((name) => isProduction(name, rankOf));
  return [
    term(
      'environments',
      beyondFirst(environments.length, 15, 30),
      environments.length === 0 ? 'none known' : environments.join(', '),
    ),
    term('production', isMixed ? 10 : 0, isMixed ? 'production together with another' : 'not mixed'),
    term('services', beyondFirst(services.length, 6, 24), counted(services.length, 'service')),
    term('teams', beyondFirst(teams.length, 8, 16), counted(teams.length, 'team')),
    sharesWithAgent(consumers)
      ? term('agent', 10, 'an agent shares it')
      : term('agent', 0, 'no agent shares it'),
    isBound
      ? term('bearer', 0, 'bound to more than the value')
      : term('bearer', 10, 'whoever has it can use it'),
  ];
}

function nameOf(score: number): Sharing['name'] {
  if (score === 0) return 'single';
  if (score <= 20) return 'bearer';
  if (score <= 45) return 'shared';
  return score <= 70 ? 'spread' : 'universal';
}

/** 0 to 100. */
export function sharingOf(input: SharingInput): Sharing {
  const terms = termsOf(input);
  const sum = sumOf(terms);
  return { score: sum, sum, terms, name: nameOf(sum) };
}
