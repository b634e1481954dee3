/** What bin.cjs runs for all commands but the hook: `main-entry.cjs`, compiled once. */
import { join } from 'node:path';
import { allowCodeCache, loadBundle } from './code-cache.js';
import type { commandMain } from './main-entry.js';

/** Put in by the build: of the content of main-entry.cjs. */
declare const entryId: string;

/** Commands that people wait for often. */
const commands = ['scan', 'list', 'show', 'where', 'report'];

/** Runs a command line and gives its exit code. */
export async function startCommand(argv: readonly string[]): Promise<number> {
  const file = join(__dirname, 'main-entry.cjs');
  // Options may stand before the command; a wrong guess costs a start that is a little slower.
  const use = argv.find((argument) => commands.includes(argument)) ?? 'other';
  allowCodeCache();
  const bundle = loadBundle({ file, id: entryId, use, grows: true }, process.env);
  const entry = bundle.exports as { readonly commandMain: typeof commandMain };
  const exitCode = await entry.commandMain(argv);
  bundle.save();
  return exitCode;
}
