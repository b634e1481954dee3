/** Makes the WebAssembly cores of one engine. */
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { KnownAnchor } from '../model/finding.js';
import { loadCoreModule } from '../prefilter/core-module.js';
import { EngineCores } from '../prefilter/engine-cores.js';

/** Undefined in a checkout that was never built: the engine then does all in JavaScript, and git reads packs. */
export function openCores(keys: IdentityKeys, known: readonly KnownAnchor[]): EngineCores | undefined {
  const module = loadCoreModule();
  return (
    module &&
    EngineCores.open(
      module,
      keys.sweep,
      known.map(({ tag }) => tag),
    )
  );
}
