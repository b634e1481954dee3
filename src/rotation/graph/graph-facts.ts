/** What the graph of secrets and consumers is made of, and what it says of one secret. */
import type { Dossier } from '../dossier.js';

/** What the graph looks at: little enough to be held for all secrets of a large estate. */
export type GraphDossier = Pick<
  Dossier,
  'exposure' | 'fingerprint' | 'kind' | 'provider' | 'principal' | 'consumers' | 'relations'
>;

export interface GraphFacts {
  /** Rotating it needs something that needs it. */
  readonly inCycle: boolean;
  /** The shortest way round, beginning and ending with the secret: `deploy-token`, `ci`, `vault`, `deploy-token`. */
  readonly cycle?: readonly string[];
  /** Name of another secret on that way whose old and new value can be valid together: where to begin. */
  readonly cycleStart?: string;
  /** It authorises its own replacement: no other secret lies on the way round. */
  readonly selfRotating: boolean;
  /** Carries its rotation out, and does without it: the way out of the cycle. */
  readonly secondPath?: string;
  /** Fingerprints of secrets made with it (`signs`, `mints`), at any depth, sorted. */
  readonly children: readonly string[];
  /** Fingerprints of secrets it opens or decrypts, at any depth, sorted. */
  readonly secondRing: readonly string[];
}

/** Of a secret that stands in no relation. */
export const noGraphFacts: GraphFacts = { inCycle: false, selfRotating: false, children: [], secondRing: [] };
