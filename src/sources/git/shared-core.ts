/** One WebAssembly core for all stores that a thread reads: each call lays its memory out anew. */
import { loadCoreModule } from '../../prefilter/core-module.js';
import { WasmCore } from '../../prefilter/wasm-core.js';

let once: { readonly core: WasmCore | undefined } | undefined;

/** Undefined when there is no `core.wasm`, as in a checkout that was never built. */
export function sharedCore(): WasmCore | undefined {
  if (once === undefined) {
    const module = loadCoreModule();
    once = { core: module === undefined ? undefined : new WasmCore(module) };
  }
  return once.core;
}
