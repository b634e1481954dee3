/** Finds and compiles the WebAssembly core: `dist/core.wasm`, built from assembly/ by scripts/build-core.mjs. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type WasmModule, wasm } from './wasm-api.js';

/**
 * Compiles the core. A module can be posted to workers, which then need not compile again. Undefined when
 * there is none, as in a checkout that was never built: the caller reads through `git cat-file` then.
 */
export function loadCoreModule(path: string | undefined = findCore()): WasmModule | undefined {
  if (path === undefined || !existsSync(path)) return undefined;
  return new wasm.Module(readFileSync(path));
}

/** Bundles lie at various depths below dist/, the sources below src/: the first folder upward that has it. */
function findCore(): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let levels = 0; levels < 8; levels++) {
    for (const candidate of [join(folder, 'core.wasm'), join(folder, 'dist', 'core.wasm')]) {
      if (existsSync(candidate)) return candidate;
    }
    folder = dirname(folder);
  }
  return undefined;
}
