/**
 * The hook as one file (`dist/cli/hook-entry.cjs`, scripts/build.mjs): `require` of one bundle takes 30 ms of
 * CPU less than the module loader needs for its dozen chunks, a quarter of what the hook costs.
 */
import { runHook } from './hook.js';
import { processIo } from './process-io.js';

export function hookMain(): Promise<number> {
  return runHook(processIo());
}
