/**
 * Builds `dist/`: type declarations by tsc, code by esbuild (one bundle an entry with shared chunks, because
 * resolving some 150 small modules costs about 30 ms at every start), and the compiled rule bundle.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildEstimator, buildStarts } from './build-bundles.mjs';
import { buildCore } from './build-core.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

const entries = [
  'src/index.ts',
  'src/cli/hook.ts',
  // For scripts/eval-cases.mjs, which measures the engine as it is shipped.
  'src/detect/create-analyzer.ts',
  // For bench/hook-replay.mjs.
  'src/cli/hook-replay.ts',
  'src/prefilter/build-bundle.ts',
  'src/cli/build-provider-facts.ts',
  'src/detect/guesses/build-words.ts',
  'src/rules/generate.ts',
  'src/rules/corpus.ts',
];
// Plain JavaScript packages are bundled: loading commander, yaml and yauzl file by file cost a rescan 90 ms of
// its 260. Native, large and rarely needed ones stay outside.
const outside = [
  'better-sqlite3',
  'better-sqlite3-napi',
  'simple-git',
  'fast-glob',
  're2js',
  // Two megabytes of pdf.js for the few who scan PDF files.
  'unpdf',
  '@eslint-community/regexpp',
];
const { metafile } = await build({
  entryPoints: entries.filter((entry) => existsSync(entry)),
  outdir: 'dist',
  outbase: 'src',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: outside,
  // A start compiles all that it loads; names stay, for stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  // Bundled CommonJS packages ask for Node's own modules by `require`.
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
  metafile: true,
  sourcemap: false,
  logLevel: 'warning',
});
const started = [...(await buildStarts(outside)), ...(await buildEstimator())];
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', licencesOf([...Object.keys(metafile.inputs), ...started]));
await buildCore('dist/core.wasm');
chmodSync('dist/cli/bin.cjs', 0o755);
writeFileSync('dist/cli/bin.js', "#!/usr/bin/env node\nimport './bin.cjs';\n", { mode: 0o755 });
if (existsSync('dist/prefilter/build-bundle.js')) {
  execFileSync(process.execPath, ['dist/prefilter/build-bundle.js', 'rules', 'dist'], {
    stdio: 'inherit',
  });
}
execFileSync(process.execPath, ['dist/cli/build-provider-facts.js', 'rules', 'dist'], { stdio: 'inherit' });
execFileSync(process.execPath, ['dist/detect/guesses/build-words.js', 'dist/detect'], { stdio: 'inherit' });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json'], { stdio: 'inherit' });

/** The licence texts of the packages that went into the bundle, as their licences ask. */
function licencesOf(inputs) {
  const packages = new Set(
    inputs.map((input) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]).filter(Boolean),
  );
  return [...packages]
    .sort()
    .map((folder) => {
      const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
      const text =
        file === undefined
          ? JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')).license
          : readFileSync(`${folder}/${file}`, 'utf8');
      return `${folder.replace('node_modules/', '')}\n\n${text.trim()}\n`;
    })
    .join('\n----\n\n');
}
