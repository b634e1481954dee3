#!/usr/bin/env node
/**
 * The `sprawl` command. `hook run` takes a path of its own that loads neither commander nor SQLite, since
 * it stands before every commit.
 */
import { createRequire } from 'node:module';
import type { startHook } from './hook-start.js';

async function run(): Promise<number> {
  const argv = process.argv.slice(2);
  // Hook managers name the files; all that is staged is checked.
  const isHook =
    argv[0] === 'hook' && argv[1] === 'run' && !argv.some((argument) => argument.startsWith('-'));
  if (isHook) {
    const entry = createRequire(import.meta.url)('./hook-start.cjs') as { startHook: typeof startHook };
    return entry.startHook();
  }
  const [{ main }, { builtInServices }, { processIo }] = await Promise.all([
    import('./main.js'),
    import('./built-in-services.js'),
    import('./process-io.js'),
  ]);
  return main(argv, processIo(), builtInServices);
}

// Not process.exit(): it would cut off output that is still on its way.
process.exitCode = await run();
