/**
 * Names what an analysis depends on. Contents analysed under another id are read again; so every change
 * that can alter a finding must raise `engineVersion`.
 */
import { createHash } from 'node:crypto';
import type { RuleSet } from '../rules/rule-set.js';

/** Raised with every change of detectors, decoders, identity or limits. */
const engineVersion = 12;

/** 16 hex characters. */
export function analysisIdOf(rules: RuleSet): string {
  return createHash('sha256')
    .update(`sprawl analysis ${engineVersion}\0${rules.digest}`)
    .digest('hex')
    .slice(0, 16);
}
