/**
 * Builds `dist/`: type declarations by tsc, code by esbuild (one bundle an entry with shared chunks, because
 * resolving some 150 small modules costs about 30 ms at every start), and the compiled rule bundle.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildCore } from './build-core.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

const entries = [
  'src/index.ts',
  'src/cli/bin.ts',
  'src/cli/hook.ts',
  'src/scan/worker.ts',
  // For scripts/eval-cases.mjs, which measures the engine as it is shipped.
  'src/detect/create-analyzer.ts',
  'src/rules/build-bundle.ts',
  'src/rules/generate.ts',
];
await build({
  entryPoints: entries.filter((entry) => existsSync(entry)),
  outdir: 'dist',
  outbase: 'src',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  sourcemap: false,
  logLevel: 'warning',
});
// The hook's bundle is CommonJS and whole: src/cli/hook-entry.ts says why.
await build({
  entryPoints: ['src/cli/hook-entry.ts'],
  outfile: 'dist/cli/hook-entry.cjs',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  minifyWhitespace: true,
  minifySyntax: true,
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  logLevel: 'warning',
});
await buildCore('dist/core.wasm');
if (existsSync('dist/cli/bin.js')) chmodSync('dist/cli/bin.js', 0o755);
if (existsSync('dist/rules/build-bundle.js')) {
  execFileSync(process.execPath, ['dist/rules/build-bundle.js', 'rules', 'dist/rules.json'], {
    stdio: 'inherit',
  });
}
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json'], { stdio: 'inherit' });
