/** Edges between secrets, collected once and then told from either end. */
import type { RelationKind } from '../../model/finding.js';
import type { SecretRelation } from '../dossier.js';
import { type FactConfidence, factConfidences } from '../fact.js';
import { codePointOrder } from '../order.js';

export interface Edge {
  readonly relation: RelationKind;
  /** The parent, the newer, the container; for relations without direction the lower fingerprint. */
  readonly from: string;
  readonly to: string;
  /** A few words, without values. */
  readonly evidence: string;
  readonly confidence: FactConfidence;
}

const undirected: ReadonlySet<RelationKind> = new Set(['pair', 'same-principal', 'alternate', 'keypair']);

export function edge(
  relation: RelationKind,
  from: string,
  to: string,
  evidence: string,
  confidence: FactConfidence,
): Edge {
  const isTurned = undirected.has(relation) && to < from;
  return isTurned
    ? { relation, from: to, to: from, evidence, confidence }
    : { relation, from, to, evidence, confidence };
}

function isSurer(a: Edge, b: Edge): boolean {
  const byConfidence = factConfidences.indexOf(a.confidence) - factConfidences.indexOf(b.confidence);
  return byConfidence < 0 || (byConfidence === 0 && a.evidence < b.evidence);
}

/** One edge for each relation between two secrets: the surest, then that of the lowest evidence. */
export function distinctEdges(edges: Iterable<Edge>): Edge[] {
  const best = new Map<string, Edge>();
  for (const found of edges) {
    if (found.from === found.to) continue;
    const key = `${found.relation} ${found.from} ${found.to}`;
    const known = best.get(key);
    if (known === undefined || isSurer(found, known)) best.set(key, found);
  }
  return [...best].sort(([a], [b]) => codePointOrder(a, b)).map(([, found]) => found);
}

function relationOrder(a: SecretRelation, b: SecretRelation): number {
  return (
    codePointOrder(a.relation, b.relation) ||
    codePointOrder(a.direction, b.direction) ||
    codePointOrder(a.to, b.to)
  );
}

/** The edges of each secret as it sees them, sorted. */
export function relationsByFingerprint(
  edges: readonly Edge[],
): ReadonlyMap<string, readonly SecretRelation[]> {
  const relations = new Map<string, SecretRelation[]>();
  const add = (owner: string, relation: SecretRelation): void => {
    const known = relations.get(owner);
    if (known === undefined) relations.set(owner, [relation]);
    else known.push(relation);
  };
  for (const { relation, from, to, evidence, confidence } of edges) {
    const isDirected = !undirected.has(relation);
    add(from, { relation, to, direction: isDirected ? 'from' : 'both', evidence, confidence });
    add(to, { relation, to: from, direction: isDirected ? 'to' : 'both', evidence, confidence });
  }
  for (const list of relations.values()) list.sort(relationOrder);
  return relations;
}
