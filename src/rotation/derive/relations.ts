/**
 * How secrets depend on each other. Some of it was seen when the values were still there and is stored; the rest follows
 * from slots, from names in a document and from captured attributes.
 */
import type { Exposure } from '../../model/exposure.js';
import type { SecretRelation } from '../dossier.js';
import type { Estate } from '../estate.js';
import { attributeEdges } from './attribute-relations.js';
import { documentEdges } from './document-relations.js';
import { distinctEdges, type Edge, edge, relationsByFingerprint } from './edge.js';
import { fingerprintIndex } from './fingerprint-index.js';
import type { SlotHistory } from './slots.js';

function* storedEdges(exposures: readonly Exposure[]): Generator<Edge> {
  for (const { fingerprint, relations } of exposures) {
    for (const { relation, to } of relations)
      yield edge(relation, fingerprint, to, 'seen in one text', 'strong');
  }
}

function* slotEdges({ successions, returned }: SlotHistory): Generator<Edge> {
  for (const { slot, from, to, isExact } of successions) {
    // What came back is the value of today, not an old one.
    if (returned.get(slot)?.has(from) === true) continue;
    yield edge('supersedes', to, from, `later in ${slot}`, isExact ? 'strong' : 'probable');
  }
}

/** Kinds of vault tokens; they open what the vault map lists. Keys of clouds name no vault of theirs. */
const vaultToken = /^vault-(?:service|batch|recovery)-token$|^vault-token-legacy$|^vault-approle-secret-id$/;

function* vaultEdges({ exposures, imports }: Pick<Estate, 'exposures' | 'imports'>): Generator<Edge> {
  const tokens = exposures.filter(({ labels }) => labels.some(({ kind }) => vaultToken.test(kind)));
  if (tokens.length === 0) return;
  // Addresses of a cloud's own store are no paths of this vault.
  const rows = imports.vault.filter(({ path }) => !/^arn:|^projects\/|^https?:/.test(path));
  const rowsOf = fingerprintIndex(rows, ({ fingerprint }) => fingerprint);
  for (const exposure of exposures) {
    for (const { path } of rowsOf(exposure)) {
      for (const token of tokens)
        yield edge('opens', token.fingerprint, exposure.fingerprint, `vault path ${path}`, 'weak');
    }
  }
}

function* allEdges(estate: Pick<Estate, 'exposures' | 'imports'>, slots: SlotHistory): Generator<Edge> {
  yield* storedEdges(estate.exposures);
  yield* slotEdges(slots);
  yield* documentEdges(estate.exposures);
  yield* attributeEdges(estate.exposures);
  yield* vaultEdges(estate);
}

/** Halves of one credential are the same principal of course; that says nothing of an older value. */
function withoutHalves(edges: readonly Edge[]): Edge[] {
  const ends = ({ from, to }: Edge): string => (from < to ? `${from} ${to}` : `${to} ${from}`);
  const whole = new Set(
    edges.filter(({ relation }) => relation === 'pair' || relation === 'contains').map(ends),
  );
  return edges.filter((found) => found.relation !== 'same-principal' || !whole.has(ends(found)));
}

/** Relations of every secret that has some, by fingerprint, sorted. */
export function relationsOf(
  estate: Pick<Estate, 'exposures' | 'imports'>,
  slots: SlotHistory,
): ReadonlyMap<string, readonly SecretRelation[]> {
  return relationsByFingerprint(withoutHalves(distinctEdges(allEdges(estate, slots))));
}
