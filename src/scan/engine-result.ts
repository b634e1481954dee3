/** What one call of the engine gave for a document or a part of one. */
import type { Finding, PublicFact } from '../model/finding.js';
import type { InputProblemCode } from '../model/problem.js';

export interface EngineResult {
  readonly findings: readonly Finding[];
  readonly publicFacts?: readonly PublicFact[];
  readonly tags: Float64Array;
  /** Caps that were hit: the content is not fully analysed and must be looked at again next time. */
  readonly caps: readonly InputProblemCode[];
}
