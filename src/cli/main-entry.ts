/** The command line as one file (`dist/cli/main-entry.cjs`, scripts/build-bundles.mjs). */
import { builtInServices } from './built-in-services.js';
import { main } from './main.js';
import { processIo } from './process-io.js';

export function commandMain(argv: readonly string[]): Promise<number> {
  return main(argv, processIo(), builtInServices);
}
