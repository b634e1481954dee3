/** One WebAssembly core for all stores that a thread reads: each call lays its memory out anew. */
import { loadCoreModule } from '../../prefilter/core-module.js';
import type { WasmModule } from '../../prefilter/wasm-api.js';
import { WasmCore } from '../../prefilter/wasm-core.js';

let compiled: { readonly module: WasmModule | undefined } | undefined;
let once: { readonly core: WasmCore | undefined } | undefined;

/** Undefined when there is no `core.wasm`, as in a checkout that was never built. */
export function sharedCore(): WasmCore | undefined {
  once ??= { core: ownCore() };
  return once.core;
}

/** An instance of one's own, for tables that must outlive the turns of others. */
export function ownCore(): WasmCore | undefined {
  compiled ??= { module: loadCoreModule() };
  return compiled.module === undefined ? undefined : new WasmCore(compiled.module);
}
