/** The services of the hook in the real product. */
import type { OnValue } from '../detect/build-finding.js';
import { compileGlob } from '../sources/files/glob.js';
import type { HookServices } from './hook-services.js';

/** Set by the policy when it decides by value; the hook runs once a process. */
let onValue: OnValue | undefined;

export const builtInHookServices: HookServices = {
  async readStaged(io, loadAnalyzer, keys, events) {
    const { readStaged } = await import('./hook-staged.js');
    return readStaged(io.cwd, io.env, loadAnalyzer, keys, events);
  },
  async analyzer(keys) {
    const [{ createAnalyzer }, { loadRuleSet }] = await Promise.all([
      import('../detect/create-analyzer.js'),
      import('../rules/load-bundle.js'),
    ]);
    const rules = await loadRuleSet();
    return createAnalyzer({ rules, keys, known: new Map(), ...(onValue === undefined ? {} : { onValue }) });
  },
  async policy(io) {
    const { authorPolicy } = await import('./hook-policy.js');
    const policy = await authorPolicy(io.cwd, io.now());
    onValue = policy.onValue;
    return {
      matchesPath: (glob, path) => compileGlob(glob).matches(path),
      isAllowed: policy.isAllowed,
    };
  },
};
