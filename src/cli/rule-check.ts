/** `rules check` over the rule files as they lie. */
import { join } from 'node:path';
import { checkRules } from '../rules/check.js';
import { faultText, loadRuleSources } from '../rules/load.js';
import { packageRoot } from '../rules/load-bundle.js';
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
