/**
 * Gives the built-in rule set: the bundle of the build where there is one, else compiled from the YAML files,
 * as in a fresh checkout under test. The compiler is loaded only then, so that a start from the bundle costs
 * one read of a file.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProblemError } from '../model/problem.js';
import { openRuleIndex } from './rule-index.js';
import type { CompiledRule, RuleSet } from './rule-set.js';
import { TableFile } from './table-file.js';

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

/** The rule set of tables that {@link TableFile} can read; undefined when it cannot. */
export function openRuleSet(packed: Uint8Array): RuleSet | undefined {
  const file = TableFile.open(packed);
  if (file === undefined) return undefined;
  let rules: readonly CompiledRule[] | undefined;
  return {
    digest: Buffer.from(file.bytes('digest')).toString('latin1'),
    packed,
    get rules() {
      if (rules === undefined) {
        const index = openRuleIndex(file);
        rules = Array.from({ length: index.ruleCount }, (_, number) => index.rule(number));
      }
      return rules;
    },
  };
}

/** Reads the bundle, or undefined when the package was not built. */
export function readBundle(root: string = packageRoot()): RuleSet | undefined {
  const tables = join(root, 'dist', 'rules.bin');
  const opened = existsSync(tables) ? openRuleSet(readFileSync(tables)) : undefined;
  if (opened !== undefined) return opened;
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
