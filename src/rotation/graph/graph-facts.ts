/** What the graph of secrets and consumers says of one secret. */
export interface GraphFacts {
  /** Rotating it needs something that needs it. */
  readonly inCycle: boolean;
  /** The way round, beginning and ending with the secret: `deploy-token`, `ci`, `vault`, `deploy-token`. */
  readonly cycle?: readonly string[];
  /** It authorises its own replacement. */
  readonly selfRotating: boolean;
  /** Fingerprints of secrets made with it (`signs`, `mints`), at any depth, sorted. */
  readonly children: readonly string[];
  /** Fingerprints of secrets it opens or decrypts, at any depth, sorted. */
  readonly secondRing: readonly string[];
}
