/** Types of build-core.mjs, for the tests that take the compiled module. */

/** Compiles `assembly/` and returns the module's bytes. */
export function compileCore(): Promise<Uint8Array<ArrayBuffer>>;
/** Compiles into `file`, whole or not at all. */
export function buildCore(file: string): Promise<void>;
/** Path of the module, compiled once for each state of the sources. */
export function cachedCore(): Promise<string>;
