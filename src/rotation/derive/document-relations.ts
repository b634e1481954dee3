/** Relations that secrets of one document show: names that belong together, one inside the other, tokens of one issue. */
import type { Exposure, Location } from '../../model/exposure.js';
import { codePointOrder } from '../order.js';
import { type Edge, edge } from './edge.js';
import { alternateRole, generationRole, type NameRole, pairRoles } from './slot-names.js';
import { pathOf } from './slots.js';

/** Lines between the halves of a pair. */
const pairReach = 5;

interface Sighting {
  readonly fingerprint: string;
  readonly location: Location;
}

/** One state of one document: of two contents of a file, each has relations of its own. */
function documentOf(location: Location): string {
  const { appearance, place, chain, content } = location;
  const introduced = appearance.type === 'git-blob' ? appearance.introduced?.id : undefined;
  const name =
    appearance.type === 'record'
      ? [
          appearance.recordType,
          appearance.recordId,
          appearance.revisionId ?? appearance.revision,
          appearance.field,
        ]
      : [pathOf(location) ?? '', content ?? introduced ?? ''];
  return [place, ...name, ...chain].join('\0');
}

/** As they stand in the document, the outer before the inner. */
function byPosition(a: Sighting, b: Sighting): number {
  return (
    a.location.span.start - b.location.span.start ||
    b.location.span.end - a.location.span.end ||
    a.location.position.line - b.location.position.line ||
    codePointOrder(a.fingerprint, b.fingerprint)
  );
}

/** Sightings by document, only where there are several secrets. */
function documents(exposures: readonly Exposure[]): readonly (readonly Sighting[])[] {
  const byDocument = new Map<string, Sighting[]>();
  for (const { fingerprint, locations } of exposures) {
    for (const location of locations) {
      const key = documentOf(location);
      const known = byDocument.get(key);
      if (known === undefined) byDocument.set(key, [{ fingerprint, location }]);
      else known.push({ fingerprint, location });
    }
  }
  return [...byDocument.values()]
    .filter((sightings) => new Set(sightings.map(({ fingerprint }) => fingerprint)).size > 1)
    .map((sightings) => sightings.sort(byPosition));
}

type RoleOf = (name: string) => readonly NameRole[];

/** Names repeat from document to document: each is taken apart once. */
function remembered(roleOf: RoleOf): RoleOf {
  const known = new Map<string, readonly NameRole[]>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const roles = roleOf(name);
    known.set(name, roles);
    return roles;
  };
}

/** Readers of names, for one walk over all documents. */
interface NameRoles {
  readonly pair: RoleOf;
  readonly generation: RoleOf;
  readonly alternate: RoleOf;
}

function nameRoles(): NameRoles {
  return {
    pair: remembered(pairRoles),
    generation: remembered((name) => (name === '' ? [] : [generationRole(name)])),
    alternate: remembered((name) => {
      const role = alternateRole(name);
      return role === undefined ? [] : [role];
    }),
  };
}

/** Named sightings by stem, then role. */
function byStem(
  sightings: readonly Sighting[],
  roleOf: RoleOf,
): readonly ReadonlyMap<string, readonly Sighting[]>[] {
  const stems = new Map<string, Map<string, Sighting[]>>();
  for (const sighting of sightings) {
    for (const { stem, role } of roleOf(sighting.location.slot ?? '')) {
      const roles = stems.get(stem) ?? new Map<string, Sighting[]>();
      stems.set(stem, roles);
      const known = roles.get(role);
      if (known === undefined) roles.set(role, [sighting]);
      else known.push(sighting);
    }
  }
  return [...stems.values()].filter((roles) => roles.size > 1);
}

/** The one secret of a role; a name that stands for several says nothing. */
function onlyOf(roles: ReadonlyMap<string, readonly Sighting[]>, role: string): Sighting | undefined {
  const found = roles.get(role) ?? [];
  return new Set(found.map(({ fingerprint }) => fingerprint)).size === 1 ? found[0] : undefined;
}

function* pairEdges(sightings: readonly Sighting[], roleOf: RoleOf): Generator<Edge> {
  for (const roles of byStem(sightings, roleOf)) {
    const byLine = linesOf(roles.get('1') ?? []);
    for (const id of roles.get('0') ?? []) {
      // The nearest half: a file may hold several pairs of the same names.
      const secret = nearestHalf(id, byLine);
      if (secret !== undefined) {
        yield edge('pair', id.fingerprint, secret.fingerprint, 'names of one pair side by side', 'probable');
      }
    }
  }
}

function linesOf(sightings: readonly Sighting[]): ReadonlyMap<number, readonly Sighting[]> {
  const byLine = new Map<number, Sighting[]>();
  for (const sighting of sightings) {
    const { line } = sighting.location.position;
    const known = byLine.get(line);
    if (known === undefined) byLine.set(line, [sighting]);
    else known.push(sighting);
  }
  return byLine;
}

/** Looks line by line, as far as a pair reaches: a file of data may hold thousands of pairs. */
function nearestHalf(id: Sighting, byLine: ReadonlyMap<number, readonly Sighting[]>): Sighting | undefined {
  const { line } = id.location.position;
  for (let distance = 0; distance <= pairReach; distance++) {
    for (const at of distance === 0 ? [line] : [line - distance, line + distance]) {
      const found = byLine.get(at)?.find(({ fingerprint }) => fingerprint !== id.fingerprint);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function linesBetween(a: Sighting, b: Sighting): number {
  return Math.abs(a.location.position.line - b.location.position.line);
}

function nearest(to: Sighting, among: readonly Sighting[]): Sighting | undefined {
  let best: Sighting | undefined;
  for (const candidate of among) {
    if (candidate.fingerprint === to.fingerprint) continue;
    if (best === undefined || linesBetween(to, candidate) < linesBetween(to, best)) best = candidate;
  }
  return best;
}

function* generationEdges(sightings: readonly Sighting[], roleOf: RoleOf): Generator<Edge> {
  for (const roles of byStem(sightings, roleOf)) {
    const generations = ['old', 'plain', 'new'].flatMap((role) => onlyOf(roles, role) ?? []);
    for (const [index, later] of generations.entries()) {
      const earlier = generations[index - 1];
      if (earlier === undefined) continue;
      yield edge(
        'supersedes',
        later.fingerprint,
        earlier.fingerprint,
        'names of an old and a new value',
        'probable',
      );
    }
  }
}

function* alternateEdges(sightings: readonly Sighting[], roleOf: RoleOf): Generator<Edge> {
  for (const roles of byStem(sightings, roleOf)) {
    const first = onlyOf(roles, 'first');
    const second = onlyOf(roles, 'second');
    if (first === undefined || second === undefined) continue;
    yield edge(
      'alternate',
      first.fingerprint,
      second.fingerprint,
      'names of two that work side by side',
      'probable',
    );
  }
}

function* containedEdges(sightings: readonly Sighting[]): Generator<Edge> {
  const sorted = sightings.filter(({ location }) => location.exact);
  const open: Sighting[] = [];
  for (const inner of sorted) {
    while (open.length > 0 && (open.at(-1)?.location.span.end ?? 0) <= inner.location.span.start) open.pop();
    const outer = open.at(-1);
    if (outer !== undefined && isWithin(inner, outer)) {
      yield edge('contains', outer.fingerprint, inner.fingerprint, 'stands inside the other', 'strong');
    }
    open.push(inner);
  }
}

/** Strictly inside; the same bytes under two kinds are one secret with two labels. */
function isWithin({ location: { span: inner } }: Sighting, { location: { span: outer } }: Sighting): boolean {
  const isShorter = inner.end - inner.start < outer.end - outer.start;
  return inner.start >= outer.start && inner.end <= outer.end && isShorter;
}

/** Kinds of which the first gets the second: a refresh token beside an access token of the same provider. */
const issued: readonly (readonly [RegExp, RegExp])[] = [
  [/refresh-token$/, /access-token$/],
  [/approle-secret-id$/, /(?:service|batch)-token$/],
];

function providerOf(kind: string): string {
  return kind.split('-')[0] ?? kind;
}

function* mintEdges(sightings: readonly Sighting[]): Generator<Edge> {
  for (const [parentKind, childKind] of issued) {
    const parents = sightings.filter(({ location }) => parentKind.test(location.kind));
    if (parents.length === 0) continue;
    for (const child of sightings.filter(({ location }) => childKind.test(location.kind))) {
      const own = parents.filter(
        ({ location }) => providerOf(location.kind) === providerOf(child.location.kind),
      );
      const parent = nearest(child, own);
      if (parent === undefined) continue;
      yield edge(
        'mints',
        parent.fingerprint,
        child.fingerprint,
        'issued together in one document',
        'probable',
      );
    }
  }
}

export function* documentEdges(exposures: readonly Exposure[]): Generator<Edge> {
  const roles = nameRoles();
  for (const sightings of documents(exposures)) {
    yield* pairEdges(sightings, roles.pair);
    yield* generationEdges(sightings, roles.generation);
    yield* alternateEdges(sightings, roles.alternate);
    yield* containedEdges(sightings);
    yield* mintEdges(sightings);
  }
}
