/**
 * What the pre-commit script runs: `hook-entry.cjs`, compiled once. A file of its own and CommonJS, since the
 * loader of ES modules alone takes 4 ms.
 */
import { join } from 'node:path';
import { loadBundle } from './code-cache.js';
import type { hookMain } from './hook-entry.js';

/** Put in by the build: of the content of hook-entry.cjs. */
declare const entryId: string;

/** Runs the hook and gives its exit code. */
export async function startHook(): Promise<number> {
  const file = join(__dirname, 'hook-entry.cjs');
  const bundle = loadBundle({ file, id: entryId, use: 'hook' }, process.env);
  const entry = bundle.exports as { readonly hookMain: typeof hookMain };
  const exitCode = await entry.hookMain();
  bundle.save();
  return exitCode;
}

if (require.main === module) {
  void startHook().then((exitCode) => {
    // Not process.exit(): it would cut off output that is still on its way.
    process.exitCode = exitCode;
  });
}
