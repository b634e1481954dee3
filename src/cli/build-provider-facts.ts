/** A step of the build: `build-provider-facts <rules folder> <dist>` keeps the provider facts as JSON. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProviderFacts } from '../rotation/facts/provider-parse.js';
import { refuseFaults } from '../rules/load.js';
import { loadFactFiles } from '../rules/load-facts.js';
import { builtFactsName } from './provider-facts.js';

const [rulesDir = 'rules', outDir = 'dist'] = process.argv.slice(2);
const { facts, faults } = readProviderFacts(loadFactFiles(rulesDir));
refuseFaults(faults);
writeFileSync(join(outDir, builtFactsName), `${JSON.stringify(facts)}\n`);
