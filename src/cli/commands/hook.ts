/** `sprawl hook install|uninstall|status`: the plain git pre-commit hook. `hook run` has its own light entry, cli/hook.ts. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { ProblemError } from '../../model/problem.js';
import { beginRecord, jsonLine } from '../../report/records.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { hasChainedHook, hookScript, hookState, installHook, uninstallHook } from '../hook-script.js';
import type { HookFolder } from '../services.js';
import { shownText } from '../value-free-text.js';

interface HookFlags {
  readonly force?: boolean;
}

export function hookCommand(bind: Bind): Command {
  return new Command('hook')
    .summary('check staged files before every commit')
    .description('A plain git pre-commit hook that refuses to commit secrets.')
    .addCommand(
      new Command('install')
        .description(
          'Installs the hook in this repository; a hook that is there already is kept and runs first.',
        )
        .option('--force', 'even into a hooks folder that several repositories share')
        .action(bind(runInstall)),
    )
    .addCommand(
      new Command('uninstall')
        .description('Removes the hook and puts an earlier one back.')
        .action(bind(runUninstall)),
    )
    .addCommand(
      new Command('status').description('Says whether the hook is installed.').action(bind(runStatus)),
    )
    .addCommand(
      new Command('run')
        .description('Checks what is staged now; what the hook calls.')
        .argument('[file...]', 'for hook managers, which name files: all that is staged is checked')
        .action(bind(runNow)),
    );
}

/** cli/hook-start.cjs of this installation, in whichever chunk this function ended up. */
function entryPath(): string {
  const name = 'hook-start.cjs';
  for (
    let folder = dirname(fileURLToPath(import.meta.url));
    folder !== dirname(folder);
    folder = dirname(folder)
  ) {
    for (const entry of [join(folder, 'cli', name), join(folder, 'dist', 'cli', name)]) {
      if (existsSync(entry)) return entry;
    }
  }
  throw new ProblemError({ code: 'internal', message: 'The entry of this installation was not found.' });
}

function refuseShared(target: HookFolder): never {
  throw new ProblemError({
    code: 'usage',
    message: `core.hooksPath leads to ${target.folder}, which other repositories share.`,
    hint: 'Call "sprawl hook run" from the pre-commit hook there, or pass --force to install into it.',
  });
}

async function runInstall(context: Context, flags: HookFlags): Promise<number> {
  const target = await context.services.hookFolder(context.io.cwd);
  if (target.shared && flags.force !== true) refuseShared(target);
  const outcome = installHook(target.folder, hookScript(process.execPath, entryPath()));
  const text = {
    installed: 'Installed',
    updated: 'Updated',
    unchanged: 'Already installed:',
    chained: 'Installed, and the hook that was there runs first:',
  }[outcome];
  await context.tell(`${text} ${await shownText(context, join(target.folder, 'pre-commit'))}`);
  if (target.configured) await context.tell('core.hooksPath is set, so git looks for hooks there.');
  return exitCodes.clean;
}

async function runUninstall(context: Context): Promise<number> {
  const { folder } = await context.services.hookFolder(context.io.cwd);
  const outcome = uninstallHook(folder);
  const text = {
    removed: 'Removed the hook.',
    restored: 'Removed the hook and put the earlier one back.',
    absent: 'The hook is not installed here.',
  }[outcome];
  await context.tell(text);
  return exitCodes.clean;
}

async function runStatus(context: Context): Promise<number> {
  const { folder, configured, shared } = await context.services.hookFolder(context.io.cwd);
  const state = hookState(folder);
  const chained = hasChainedHook(folder);
  if (context.flags.json === true) {
    await context.out.print(jsonLine(beginRecord(context.version)));
    await context.out.print(
      jsonLine({
        type: 'hook',
        state,
        folder: await context.services.maskSecrets(folder),
        chained,
        configured,
        shared,
      }),
    );
  } else {
    const text = {
      absent: 'not installed',
      ours: chained ? 'installed, after the hook that was there before' : 'installed',
      foreign: 'not installed; there is another pre-commit hook',
    }[state];
    await context.out.printLine(`${text}: ${await shownText(context, join(folder, 'pre-commit'))}`);
  }
  return state === 'ours' ? exitCodes.clean : exitCodes.open;
}

/** Reached only when flags stand before `hook run`, which the light path of bin.ts does not parse. */
async function runNow(context: Context): Promise<number> {
  const { runHook } = await import('../hook.js');
  return runHook(context.io);
}
