/** What one document may take, and the answer for one that was given up. */
import type { Analysis } from '../detect/analysis.js';

/** Some fifty times what 64 MB of text take, the largest document that comes whole. */
export const defaultTimeoutMs = 60_000;

export const timedOut: Analysis = {
  findings: [],
  tags: new Float64Array(0),
  encoding: 'utf-8',
  caps: ['document-timeout'],
};
