/**
 * Compiles `assembly/` to WebAssembly: `dist/core.wasm`, or the file given. Tests take `cachedCore()`, which
 * compiles into node_modules/.cache once for each state of the sources, so that they need no build.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const flags = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--enable',
  'simd,bulk-memory',
  '--importMemory',
  '--initialMemory',
  '473',
  '--maximumMemory',
  '65535',
];

/** Compiles and returns the module's bytes. */
export async function compileCore() {
  const asc = (await import('assemblyscript/asc')).default;
  const stderr = asc.createMemoryStream();
  const outputs = new Map();
  const { error } = await asc.main(
    ['assembly/index.ts', '--baseDir', root, '--outFile', 'core.wasm', ...flags],
    { stderr, writeFile: (name, contents) => void outputs.set(name, contents) },
  );
  if (error !== null) throw new Error(`asc: ${error.message}\n${stderr.toString()}`);
  return outputs.get('core.wasm');
}

/** Compiles into `file`, whole or not at all. */
export async function buildCore(file) {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, await compileCore());
  renameSync(temporary, file);
}

/** Path of a module compiled from the sources as they are now. */
export async function cachedCore() {
  const file = join(root, 'node_modules', '.cache', 'sprawl', `core-${sourcesDigest()}.wasm`);
  if (!existsSync(file)) await buildCore(file);
  return file;
}

function sourcesDigest() {
  const hash = createHash('sha256').update(flags.join(' '));
  const folder = join(root, 'assembly');
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.ts'));
  for (const name of names.sort()) hash.update(`\n${name}\n`).update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildCore(process.argv[2] ?? join(root, 'dist', 'core.wasm'));
}
