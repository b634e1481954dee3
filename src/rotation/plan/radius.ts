/** What a change breaks, and what somebody who has the value can do. Both say what they do not know. */

import { isCurrentCopy } from '../derive/copies.js';
import type { Consumer, Copy, Dossier, Resource } from '../dossier.js';
import { coverageDoubt } from '../measure/coverage.js';
import { codePointOrder } from '../order.js';
import { consumerKey } from './merge-consumers.js';
import type { Plan } from './plan.js';
import type { PlanContext } from './plan-context.js';
import type { PlanningIndex } from './planning-index.js';

/** So many that depend on the consumers are named; where everything hangs on one service, a list of all says no more. */
const mostDependents = 200;

/** Rules of files that something runs from or is configured by: a copy in one is in use by somebody. */
const copyOnly: ReadonlySet<string> = new Set(['C18', 'C20', 'C21', 'C22', 'C23']);

interface Affected {
  readonly consumers: Consumer[];
  /** There are more than are named. */
  readonly isCut: boolean;
}

function withDependents(direct: readonly Consumer[], index: PlanningIndex): Affected {
  const names = new Set(direct.map(({ name }) => name));
  const affected = new Map(direct.map((consumer) => [consumerKey(consumer), consumer]));
  const most = affected.size + mostDependents;
  for (const name of names) {
    for (const dependent of index.dependents.get(name) ?? []) {
      names.add(dependent);
      for (const consumer of index.consumers.get(dependent) ?? []) {
        const key = consumerKey(consumer);
        if (affected.has(key)) continue;
        if (affected.size >= most) return { consumers: [...affected.values()], isCut: true };
        affected.set(key, consumer);
      }
    }
  }
  return { consumers: [...affected.values()], isCut: false };
}

function consumerOrder(rankOf: PlanContext['rankOf']): (a: Consumer, b: Consumer) => number {
  return (a, b) =>
    rankOf(b.environment) - rankOf(a.environment) ||
    codePointOrder(a.environment, b.environment) ||
    (a.criticality ?? 5) - (b.criticality ?? 5) ||
    codePointOrder(a.name, b.name);
}

/** Copies in current files that no consumer's evidence explains. */
export function unexplainedCopies({ copies, consumers }: Dossier): readonly Copy[] {
  const explained = new Set(
    consumers.flatMap(({ evidence }) => evidence.map(({ place, path }) => `${place}\0${path ?? ''}`)),
  );
  return copies.filter((copy) => {
    if (copy.isHuman || !isCurrentCopy(copy) || copyOnly.has(copy.container ?? '')) return false;
    const { appearance, place, placeName } = copy.location;
    const path =
      appearance.type === 'git-blob' || appearance.type === 'file' ? (appearance.path?.text ?? '') : '';
    return !explained.has(`${place}\0${path}`) && !explained.has(`${placeName}\0${path}`);
  });
}

const namedAtMost = 3;

function unexplainedText(dossier: Dossier): string[] {
  const copies = unexplainedCopies(dossier);
  if (copies.length === 0) return [];
  const places = [
    ...new Set(
      copies.map(({ location: { appearance, placeName } }) =>
        appearance.type === 'git-blob' || appearance.type === 'file'
          ? `${placeName}:${appearance.path?.text ?? ''}`
          : placeName,
      ),
    ),
  ];
  const rest = places.length - namedAtMost;
  const shown = places.slice(0, namedAtMost).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  return [
    `${copies.length} ${copies.length === 1 ? 'copy' : 'copies'} in ${shown} ${copies.length === 1 ? 'has' : 'have'} no identified consumer`,
  ];
}

export function blastRadius(context: PlanContext, index: PlanningIndex): Plan['blastRadius'] {
  const { members, children, consumers, lead, row } = context;
  const ofChildren = children.flatMap((child) =>
    child.consumers.filter(({ current }) => current !== 'former'),
  );
  const direct = [...consumers.map(({ consumer }) => consumer), ...ofChildren];
  const unknown = members.flatMap(unexplainedText);
  const doubt = coverageDoubt(lead, 'the list of consumers');
  if (doubt !== undefined) unknown.push(doubt);
  if (row.cascade && children.length === 0) unknown.push('what was made with it is not known');
  const affected = withDependents(direct, index);
  if (affected.isCut) unknown.push(`more than ${mostDependents} others depend on these: not all are named`);
  return { consumers: affected.consumers.sort(consumerOrder(context.rankOf)), unknown };
}

function distinctResources(members: readonly Dossier[]): Resource[] {
  const byAddress = new Map(
    members.flatMap(({ resources }) =>
      resources.map((resource) => [`${resource.kind}\0${resource.address}`, resource]),
    ),
  );
  return [...byAddress].sort(([a], [b]) => codePointOrder(a, b)).map(([, resource]) => resource);
}

export function abuseRadius({ members, graph, row, lead }: PlanContext): Plan['abuseRadius'] {
  const resources = distinctResources(members);
  const unknown: string[] = [];
  if (resources.length === 0) unknown.push('what it reaches is not known');
  if (row.opener && graph.secondRing.length === 0) {
    unknown.push('it opens a store of secrets: all of them count as exposed, and none is known');
  }
  if (lead.privilege.value === undefined) unknown.push('its rights are not known');
  if (lead.liveness.value === undefined) unknown.push('whether it still works is not known');
  return { resources, secondRing: graph.secondRing, unknown };
}
