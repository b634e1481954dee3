/** `rules check` over the rule files as they lie. */
import { join } from 'node:path';
import { ProblemError } from '../model/problem.js';
import { checkRules } from '../rules/check.js';
import { loadRuleSources } from '../rules/load.js';
import { packageRoot } from '../rules/load-bundle.js';
import { faultText } from '../rules/rule-source.js';
import { factFaults } from './provider-facts.js';
import type { RuleFaults } from './services.js';

/** Faults of the rule files in a folder; default: the ones of this installation. */
export function ruleFaults(folder: string | undefined): RuleFaults {
  const rulesDir = folder ?? join(packageRoot(), 'rules');
  const sources = sourcesIn(rulesDir);
  const facts = factFaults(rulesDir, new Set(sources.kinds.keys()));
  return {
    rules: sources.rules.length,
    kinds: new Set(sources.rules.map(({ kind }) => kind)).size,
    facts: { rows: facts.rows, kinds: facts.mapped, fallingBack: sources.kinds.size - facts.mapped },
    faults: [...checkRules(sources).map(faultText), ...facts.faults],
  };
}

function sourcesIn(folder: string): ReturnType<typeof loadRuleSources> {
  try {
    return loadRuleSources(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof ProblemError || code === undefined) throw cause;
    throw new ProblemError(
      {
        code: 'usage',
        message: `${folder} is no folder of rule files (${code}).`,
        hint: 'Name a folder that is laid out as rules/ of this package; rules of .sprawl/config.yaml are checked without one.',
      },
      { cause },
    );
  }
}
