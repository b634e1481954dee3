/** A step of the build: `build-provider-facts <rules folder> <dist>` keeps the provider facts as JSON. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtFactsName, shippedFacts } from './provider-facts.js';

const [rulesDir = 'rules', outDir = 'dist'] = process.argv.slice(2);
writeFileSync(join(outDir, builtFactsName), `${JSON.stringify(shippedFacts(rulesDir))}\n`);
