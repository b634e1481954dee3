/** What the graph of secrets and consumers says of one secret. */
export interface GraphFacts {
  /** Rotating it needs something that needs it. */
  readonly inCycle: boolean;
  /** The shortest way round, beginning and ending with the secret: `deploy-token`, `ci`, `vault`, `deploy-token`. */
  readonly cycle?: readonly string[];
  /** Fingerprints of the other secrets on that way, sorted. */
  readonly cycleSecrets?: readonly string[];
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
