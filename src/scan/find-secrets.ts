/** Where a text holds secrets, for files that must hold none: what the rules are sure of, and copies of known secrets. */
import { randomBytes } from 'node:crypto';
import { knownValueRule } from '../detect/build-finding.js';
import { createAnalyzer } from '../detect/create-analyzer.js';
import { deriveKeys, masterKeyBytes } from '../identity/hkdf-keys.js';
import { anchorTableOf } from '../identity/sweep.js';
import type { Finding } from '../model/finding.js';
import { loadRuleSet } from '../rules/load-bundle.js';
import type { MaskWith } from './mask-secrets.js';

/** Where a secret stands: line and column from 1, nothing of its value. */
export interface SecretPosition {
  readonly line: number;
  readonly column: number;
}

/** What may be anything, such as an id, is no reason to refuse a file. */
function isSure({ confidence, rule }: Finding): boolean {
  return confidence !== 'low' || rule === knownValueRule;
}

/** Positions in the order of the text. Without a database there are no known secrets. */
export async function findSecrets(text: string, given?: MaskWith): Promise<readonly SecretPosition[]> {
  const { keys, known } = given ?? { keys: deriveKeys(randomBytes(masterKeyBytes)), known: [] };
  const rules = await loadRuleSet();
  const analyzer = createAnalyzer({ rules, keys, known: anchorTableOf(known) });
  const { findings } = analyzer.analyze({ bytes: Buffer.from(text, 'utf8'), chain: [], collectTags: false });
  return findings
    .filter(isSure)
    .map(({ position }) => ({ line: position.line, column: position.column }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}
