/** `rules check` and `rules test`: the rule files as they lie, and the engine on a text. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createAnalyzer } from '../detect/create-analyzer.js';
import { deriveKeys, masterKeyBytes } from '../identity/hkdf-keys.js';
import type { Finding } from '../model/finding.js';
import { checkRules } from '../rules/check.js';
import { faultText, loadRuleSources } from '../rules/load.js';
import { loadRuleSet, packageRoot } from '../rules/load-bundle.js';
import type { RuleFaults } from './services.js';

/** Faults of the rule files in a folder; default: the ones of this installation. */
export function ruleFaults(folder: string | undefined): RuleFaults {
  const sources = loadRuleSources(folder ?? join(packageRoot(), 'rules'));
  return {
    rules: sources.rules.length,
    kinds: new Set(sources.rules.map(({ kind }) => kind)).size,
    faults: checkRules(sources).map(faultText),
  };
}

/** What the built-in rules find in a text. */
export async function tryRules(text: Buffer): Promise<readonly Finding[]> {
  const keys = deriveKeys(randomBytes(masterKeyBytes));
  const analyzer = createAnalyzer({ rules: await loadRuleSet(), keys, known: new Map() });
  return analyzer.analyze({ bytes: text, chain: [], collectTags: false }).findings;
}
