/** Secrets and consumers as one graph: which rotations need themselves, which secrets hang on which others. */

import type { MatchContext } from '../derive/inventory-match.js';
import { type Imports, noImports } from '../imports.js';
import { sortedSet } from '../order.js';
import { type Components, componentsOf } from './components.js';
import { leftOut, type WayFinder, wayFinder } from './cycles.js';
import type { GraphDossier, GraphFacts } from './graph-facts.js';
import { type NeedGraph, needGraph, secretNode } from './needs.js';
import { reachBy } from './reach.js';

const making: ReadonlySet<string> = new Set(['signs', 'mints']);
const opening: ReadonlySet<string> = new Set(['opens', 'encrypts']);

type CycleFacts = Pick<GraphFacts, 'inCycle' | 'cycle' | 'cycleStart' | 'selfRotating' | 'secondPath'>;

const noCycle: CycleFacts = { inCycle: false, selfRotating: false };

/** A carrier that does not itself need the secret. */
function secondPathOf(
  graph: NeedGraph,
  { of }: Components,
  fingerprint: string,
  node: number,
): string | undefined {
  const outside = (graph.carriers.get(fingerprint) ?? []).find(
    (carrier) => of[carrier] !== of[node] && graph.fingerprints[carrier] !== fingerprint,
  );
  return outside === undefined ? undefined : graph.names[outside];
}

function cycleFacts(
  graph: NeedGraph,
  components: Components,
  ways: WayFinder,
  fingerprint: string,
): CycleFacts {
  const node = secretNode(graph, fingerprint);
  const way = node === undefined ? undefined : ways.wayRound(node);
  if (node === undefined || way === undefined) return noCycle;
  const others = way.filter((at) => at !== node && graph.fingerprints[at] !== undefined);
  const start = others.find((at) => graph.overlapping.has(graph.fingerprints[at] ?? ''));
  const secondPath = secondPathOf(graph, components, fingerprint, node);
  return {
    inCycle: true,
    cycle: way.map((at) => (at === leftOut ? '…' : (graph.names[at] ?? ''))),
    ...(start === undefined ? {} : { cycleStart: graph.names[start] ?? '' }),
    selfRotating: others.length === 0 && !way.includes(leftOut),
    ...(secondPath === undefined ? {} : { secondPath }),
  };
}

/**
 * Of every secret, by fingerprint. What hangs on a secret is looked up when it is asked for: of all secrets of a long
 * chain together it would be quadratic.
 *
 * @param dossiers of every secret that is looked at; several secrets are needed to see what hangs on what
 * @param imports with `rotation.through` of the inventory
 */
export function graphFacts(
  dossiers: readonly GraphDossier[],
  imports: Imports = noImports,
  providers: MatchContext['providers'] = rowsOf(dossiers),
): ReadonlyMap<string, GraphFacts> {
  const graph = needGraph(dossiers, { imports, providers });
  const components = componentsOf(graph.adjacency);
  const ways = wayFinder(graph.adjacency, components);
  const children = reachBy(dossiers, making);
  const secondRing = reachBy(dossiers, opening);
  return new Map(
    sortedSet(dossiers.map(({ fingerprint }) => fingerprint)).map((fingerprint) => [
      fingerprint,
      {
        ...cycleFacts(graph, components, ways, fingerprint),
        get children() {
          return children(fingerprint);
        },
        get secondRing() {
          return secondRing(fingerprint);
        },
      },
    ]),
  );
}

/** Rows as the dossiers have them, for callers without the table. */
function rowsOf(dossiers: readonly GraphDossier[]): MatchContext['providers'] {
  const rows = new Map(dossiers.map(({ kind, provider }) => [kind, provider]));
  return { rowOf: (kind) => rows.get(kind) ?? { id: 'generic.password' } };
}
