/** Build step: compiles a rules folder into one JSON file. `node build-bundle.js RULES_DIR OUT_FILE`. */
import { writeFileSync } from 'node:fs';
import { compileRules } from './compile.js';
import { loadRuleSources } from './load.js';

const [rulesDir, outFile] = process.argv.slice(2);
if (rulesDir === undefined || outFile === undefined) {
  throw new TypeError('build-bundle needs a rules folder and an output file');
}
writeFileSync(outFile, JSON.stringify(compileRules(loadRuleSources(rulesDir))));
