/**
 * Builds what a start loads: `dist/cli/bin.cjs`, `hook-entry.cjs` and `main-entry.cjs`, each whole, and beside the two
 * the small file that loads it with a code cache (src/cli/code-cache.ts). docs/design/0010-start-up.md has the reasons.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

/** Modules of Node that every start needs or has already, and those that are functions; others can wait. */
const atOnce = new Set(['assert', 'events', 'fs', 'module', 'os', 'path', 'stream', 'vm']);

const common = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  minifyWhitespace: true,
  minifySyntax: true,
  // Read as Latin-1: a string of single bytes.
  charset: 'ascii',
  logLevel: 'warning',
};

/**
 * Delays `require` of Node's own modules until something of them is used: node:crypto alone takes 4 ms, and a
 * commit without findings hashes nothing.
 */
function delayBuiltins(code) {
  let delayed = 0;
  // Behind `=` only: a module that is copied into a namespace must be there.
  const text = code.replace(/(?<==)require\("node:([a-z_/]+)"\)/g, (whole, name) => {
    if (atOnce.has(name)) return whole;
    delayed++;
    return `whenUsed("node:${name}")`;
  });
  if (delayed === 0) throw new Error('no module of Node is loaded late: has esbuild changed how it writes?');
  return text;
}

const whenUsed =
  'const whenUsed=(name)=>{let loaded;return new Proxy({},{get:(_,key)=>(loaded??=require(name))[key]})};';

/** The readers of exports are a bundle of their own, required when the first file is offered to them. */
const exportsApart = {
  name: 'exports-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/records\/export-entry\.js$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './exports-start.cjs', external: true } : undefined,
    );
  },
};

/** Builds `dist/cli/exports-entry.cjs`. */
async function buildExports(outside) {
  const { metafile } = await build({
    ...common,
    entryPoints: ['src/scan/records/export-entry.ts'],
    outfile: 'dist/cli/exports-entry.cjs',
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: 'const moduleUrl=require("node:url").pathToFileURL(__filename).href;' },
    external: outside,
    metafile: true,
  });
  await buildLoader('exports', readFileSync('dist/cli/exports-entry.cjs'));
  return Object.keys(metafile.inputs);
}

/** Builds `dist/detect/guesses.cjs`, which is loaded when the first value must be rated. */
export async function buildEstimator() {
  const { metafile } = await build({
    ...common,
    entryPoints: ['src/detect/guesses/estimator.ts'],
    outfile: 'dist/detect/guesses.cjs',
    minifyIdentifiers: true,
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

/** Builds what loads `dist/cli/<name>-entry.cjs`, which it knows by its content. */
async function buildLoader(name, code) {
  const id = createHash('sha256').update(code).digest('hex').slice(0, 32);
  await build({
    ...common,
    entryPoints: [`src/cli/${name}-start.ts`],
    outfile: `dist/cli/${name}-start.cjs`,
    define: { entryId: JSON.stringify(id) },
  });
}

/** @param name `hook`, `main` or `worker`; @param options of esbuild */
async function buildStart(name, options) {
  const file = `dist/cli/${name}-entry.cjs`;
  const { metafile } = await build({
    ...common,
    entryPoints: [`src/cli/${name}-entry.ts`],
    outfile: file,
    // What is loaded later is required, since a cached script cannot import.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: `${whenUsed}const moduleUrl=require("node:url").pathToFileURL(__filename).href;` },
    metafile: true,
    plugins: [exportsApart],
    ...options,
  });
  const code = delayBuiltins(readFileSync(file, 'latin1'));
  writeFileSync(file, code, 'latin1');
  await buildLoader(name, Buffer.from(code, 'latin1'));
  return Object.keys(metafile.inputs);
}

/**
 * Gives the paths of all that went into the bundles.
 * @param outside packages that the command line loads as they are
 */
export async function buildStarts(outside) {
  await build({ ...common, entryPoints: ['src/cli/bin.ts'], outfile: 'dist/cli/bin.cjs' });
  // The hook shows no stack traces, and names are a tenth of what a start has to read.
  const hook = await buildStart('hook', { packages: 'external', minifyIdentifiers: true });
  const main = await buildStart('main', { external: outside });
  const worker = await buildStart('worker', { external: outside, entryPoints: ['src/scan/worker.ts'] });
  const exports = await buildExports(outside);
  return [...hook, ...main, ...worker, ...exports];
}
