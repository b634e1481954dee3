#!/usr/bin/env node
/**
 * The `sprawl` command. `hook run` takes a path of its own that loads neither commander nor SQLite, since
 * it stands before every commit.
 */
import { processIo } from './process-io.js';

async function run(): Promise<number> {
  const argv = process.argv.slice(2);
  const io = processIo();
  if (argv[0] === 'hook' && argv[1] === 'run' && argv.length === 2) {
    const { runHook } = await import('./hook.js');
    return runHook(io);
  }
  const [{ main }, { builtInServices }] = await Promise.all([
    import('./main.js'),
    import('./built-in-services.js'),
  ]);
  return main(argv, io, builtInServices);
}

// Not process.exit(): it would cut off output that is still on its way.
process.exitCode = await run();
