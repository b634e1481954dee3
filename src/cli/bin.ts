#!/usr/bin/env node
/**
 * The `sprawl` command. `hook run` takes a path of its own that loads neither commander nor SQLite, since
 * it stands before every commit. CommonJS, as all that it loads: Node's loader of modules takes 5 ms to come up.
 */
import { createRequire } from 'node:module';
import type { startHook } from './hook-start.js';
import type { startCommand } from './main-start.js';

const require = createRequire(__filename);
const argv = process.argv.slice(2);

function run(): Promise<number> {
  // Hook managers name the files; all that is staged is checked.
  if (argv[0] === 'hook' && argv[1] === 'run' && !argv.some((argument) => argument.startsWith('-'))) {
    const start = require('./hook-start.cjs') as { readonly startHook: typeof startHook };
    return start.startHook();
  }
  const start = require('./main-start.cjs') as { readonly startCommand: typeof startCommand };
  return start.startCommand(argv);
}

/** Node's own for a program that ends while something is awaited; it must not pass for a clean scan. */
const unsettled = 13;

process.exitCode = unsettled;
// Not process.exit(): it would cut off output that is still on its way.
run().then((code) => {
  process.exitCode = code;
});
