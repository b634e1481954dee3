/** Builds the hook: `dist/cli/hook-entry.cjs`, whole, and `hook-start.cjs`, which loads it with a code cache. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const entry = 'dist/cli/hook-entry.cjs';

/** Modules of Node that every start needs, or has already; all others are loaded when first used. */
const atOnce = new Set(['fs', 'path', 'module', 'vm', 'os']);

const common = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  minifyWhitespace: true,
  minifySyntax: true,
  // The hook shows no stack traces, and names are a tenth of what a start has to read.
  minifyIdentifiers: true,
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
  const text = code.replace(/\brequire\("node:([a-z_/]+)"\)/g, (whole, name) => {
    if (atOnce.has(name)) return whole;
    delayed++;
    return `whenUsed("node:${name}")`;
  });
  if (delayed === 0) throw new Error('no module of Node is loaded late: has esbuild changed how it writes?');
  return text;
}

const whenUsed =
  'const whenUsed=(name)=>{let loaded;return new Proxy({},{get:(_,key)=>(loaded??=require(name))[key]})};';

export async function buildHook() {
  await build({
    ...common,
    entryPoints: ['src/cli/hook-entry.ts'],
    outfile: entry,
    packages: 'external',
    // A package that is needed after all is required, since a cached script cannot import.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: `${whenUsed}const moduleUrl=require("node:url").pathToFileURL(__filename).href;` },
  });
  const code = delayBuiltins(readFileSync(entry, 'latin1'));
  writeFileSync(entry, code, 'latin1');
  const id = createHash('sha256').update(code, 'latin1').digest('hex').slice(0, 32);
  await build({
    ...common,
    entryPoints: ['src/cli/hook-start.ts'],
    outfile: 'dist/cli/hook-start.cjs',
    define: { hookEntryId: JSON.stringify(id) },
  });
}
