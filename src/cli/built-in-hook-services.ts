/** The services of the hook in the real product. */
import { compileGlob } from '../sources/files/glob.js';
import type { HookServices } from './hook-services.js';

export const builtInHookServices: HookServices = {
  async readStaged(cwd, events) {
    const { readStaged } = await import('../sources/git/staged.js');
    return readStaged(cwd, events);
  },
  async analyzer(keys) {
    const [{ createAnalyzer }, { loadRuleSet }] = await Promise.all([
      import('../detect/create-analyzer.js'),
      import('../rules/load-bundle.js'),
    ]);
    return createAnalyzer({ rules: await loadRuleSet(), keys, known: new Map() });
  },
  async policy() {
    return {
      matchesPath: (glob, path) => compileGlob(glob).matches(path),
      isAllowed: () => false,
    };
  },
};
