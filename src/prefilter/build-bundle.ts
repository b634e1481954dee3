/**
 * Build step: compiles a rules folder into `rules.json`, for whoever wants to read the rules, and `rules.bin`,
 * the tables that the product starts from. `node build-bundle.js RULES_DIR OUT_DIR`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileRules } from '../rules/compile.js';
import { loadRuleSources } from '../rules/load.js';
import { packRules } from './packed-rules.js';

const [rulesDir, outDir] = process.argv.slice(2);
if (rulesDir === undefined || outDir === undefined) {
  throw new TypeError('build-bundle needs a rules folder and an output folder');
}
const ruleSet = compileRules(loadRuleSources(rulesDir));
writeFileSync(join(outDir, 'rules.json'), JSON.stringify(ruleSet));
writeFileSync(join(outDir, 'rules.bin'), packRules(ruleSet));
