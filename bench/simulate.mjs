/**
 * Plans for generated organisations, carried out against their hidden truth: `npm run simulate -- [--organisations 1000]
 * [--seed 1]`. Exit code 1 when a plan broke what it knew of, or ran by itself where it must not.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const { values: flags } = parseArgs({
  options: { organisations: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
});

const cache = join(packageFolder, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'simulate-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const outfile = join(folder, 'simulate.mjs');
await build({
  stdin: {
    contents: `
      export { simulate, sumLines } from './bench/simulator/run.js';
      export { loadProviderTable } from './src/cli/provider-facts.js';
      export { loadPolicy } from './src/cli/policy-file.js';`,
    resolveDir: packageFolder,
    loader: 'ts',
  },
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
});
const { simulate, sumLines, loadProviderTable, loadPolicy } = await import(outfile);
const tools = {
  providers: loadProviderTable(folder, packageFolder),
  policy: loadPolicy(folder, join(packageFolder, 'rules/policy/default.yaml')),
};
const started = process.cpuUsage();
const sums = await simulate(Number(flags.seed), Number(flags.organisations), tools);
const { user, system } = process.cpuUsage(started);
for (const line of sumLines(sums)) console.log(line);
console.log(`${((user + system) / 1e6).toFixed(1)} s CPU`);
const isBetter = sums.planOutage < sums.nowOutage && sums.planExposure < sums.neverExposure;
if (!isBetter) console.log('not better than revoking now and never revoking');
process.exitCode = sums.violations.length > 0 || !isBetter ? 1 : 0;
