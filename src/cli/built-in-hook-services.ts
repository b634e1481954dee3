/** The services of the hook in the real product. */
import type { OnValue } from '../detect/build-finding.js';
import type { AnalyzerOptions } from '../detect/create-analyzer.js';
import { EngineCores } from '../prefilter/engine-cores.js';
import type { RuleSet } from '../rules/rule-set.js';
import { compileGlob } from '../sources/files/glob.js';
import type { RuleFiles } from '../suppress/rule-files.js';
import type { HookServices } from './hook-services.js';

/** Set by the policy when it decides by value; the hook runs once a process. */
let onValue: OnValue | undefined;
/** What the checkout says of rules, set by the policy as well. */
let ruleFiles: RuleFiles | undefined;

/** The built-in rules with those of the checkout, whose machinery is loaded only when there are some. */
async function rulesOfCheckout(builtIn: RuleSet): Promise<Pick<AnalyzerOptions, 'rules' | 'outside'>> {
  if (ruleFiles === undefined) return { rules: builtIn };
  const [{ rulesWith }, { outsideOf }] = await Promise.all([
    import('../scan/own-rules.js'),
    import('../scan/outside-of.js'),
  ]);
  const { rules } = await rulesWith(builtIn, [ruleFiles]);
  return { rules, outside: await outsideOf(rules) };
}

export const builtInHookServices: HookServices = {
  async readStaged(io, loadAnalyzer, keys, events) {
    const { readStaged } = await import('./hook-staged.js');
    return readStaged(io.cwd, io.env, loadAnalyzer, keys, events);
  },
  async analyzer(keys, core) {
    const [{ createAnalyzer }, { loadRuleSet }] = await Promise.all([
      import('../detect/create-analyzer.js'),
      import('../rules/load-bundle.js'),
    ]);
    const rules = await rulesOfCheckout(await loadRuleSet());
    return createAnalyzer({
      ...rules,
      keys,
      known: new Map(),
      cores: core && EngineCores.ofOne(core, keys.sweep),
      ...(onValue === undefined ? {} : { onValue }),
    });
  },
  async policy(io) {
    const { authorPolicy } = await import('./hook-policy.js');
    const policy = await authorPolicy(io.cwd, io.now());
    onValue = policy.onValue;
    ruleFiles = policy.rules;
    return {
      matchesPath: (glob, path) => compileGlob(glob).matches(path),
      isAllowed: policy.isAllowed,
    };
  },
};
