/** The services of the hook in the real product. */
import { compileGlob } from '../sources/files/glob.js';
import type { HookServices } from './hook-services.js';

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
    return createAnalyzer({ rules: await loadRuleSet(), keys, known: new Map() });
  },
  async policy(io) {
    const { configAllows } = await import('./hook-policy.js');
    return {
      matchesPath: (glob, path) => compileGlob(glob).matches(path),
      isAllowed: await configAllows(io.cwd, io.now()),
    };
  },
};
