/**
 * Gives the built-in rule set: the bundle of the build where there is one, else compiled from the YAML files,
 * as in a fresh checkout under test. The compiler is loaded only then, so that a start from the bundle costs
 * one JSON.parse.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProblemError } from '../model/problem.js';
import type { RuleSet } from './rule-set.js';

/** Folder of the package, found upward from this module: it may run from `src/rules/`, `dist/` or a chunk. */
export function packageRoot(from: string = import.meta.url): string {
  let folder = dirname(fileURLToPath(from));
  for (;;) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) {
      const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
      if (
        manifest !== null &&
        typeof manifest === 'object' &&
        'name' in manifest &&
        manifest.name === 'sprawl'
      ) {
        return folder;
      }
    }
    const parent = dirname(folder);
    if (parent === folder) {
      throw new ProblemError({
        code: 'internal',
        message: 'The rules cannot be found: no package folder of sprawl lies above its own code.',
        hint: 'Install sprawl again.',
      });
    }
    folder = parent;
  }
}

/** Reads the bundle, or undefined when the package was not built. */
export function readBundle(root: string = packageRoot()): RuleSet | undefined {
  const file = join(root, 'dist', 'rules.json');
  if (!existsSync(file)) return undefined;
  // The file is our own build's output; its shape was checked when it was made.
  return JSON.parse(readFileSync(file, 'utf8')) as RuleSet;
}

/** The built-in rules. */
export async function loadRuleSet(root: string = packageRoot()): Promise<RuleSet> {
  const bundle = readBundle(root);
  if (bundle !== undefined) return bundle;
  const [{ loadRuleSources }, { compileRules }] = await Promise.all([
    import('./load.js'),
    import('./compile.js'),
  ]);
  return compileRules(loadRuleSources(join(root, 'rules')));
}
