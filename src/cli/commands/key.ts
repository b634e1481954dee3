/** `sprawl key init|id|export|import`: the key that gives secrets their names. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Command } from 'commander';
import { deriveKeys, masterKeyBytes } from '../../identity/hkdf-keys.js';
import { listKeyIds, parseKeyText, readKeyFile, writeKeyFile } from '../../identity/keys.js';
import { ProblemError } from '../../model/problem.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { readSecret } from '../secret-input.js';
import { openKeys } from '../session.js';
import { keyFilePath, keyFolder } from '../user-paths.js';
import { shownText } from '../value-free-text.js';
import { guardWorkTree } from '../work-tree-guard.js';

interface KeyFlags {
  readonly force?: boolean;
}

export function keyCommand(bind: Bind): Command {
  return new Command('key')
    .summary('the key that fingerprints are made with')
    .description(
      'A database can only be read with the key it was made with. Keep a copy of the key, apart from it.',
    )
    .addCommand(
      new Command('init')
        .description('Makes a key, and prints its id.')
        .option('--force', 'although there is one already')
        .action(bind(runInit)),
    )
    .addCommand(new Command('id').description('Prints the id of the key in use.').action(bind(runId)))
    .addCommand(
      new Command('export')
        .description('Prints the key itself, to be kept in a vault.')
        .option('--force', 'even to a terminal')
        .action(bind(runExport)),
    )
    .addCommand(new Command('import').description('Takes over a key from stdin.').action(bind(runImport)));
}

/** Writes a key where the flags say, or into the key folder under its id. */
async function keep(context: Context, master: Buffer): Promise<string> {
  const { io, flags, services } = context;
  const id = deriveKeys(master).id;
  const target = keyFilePath(io, flags.keyFile) ?? { path: join(keyFolder(io), id), explicit: false };
  await guardWorkTree(target, 'key', services.isTracked);
  const isNew = writeKeyFile(target.path, master);
  if (!isNew && deriveKeys(readKeyFile(target.path)).id !== id) {
    throw new ProblemError({
      code: 'usage',
      message: `${target.path} holds another key; it is left as it is.`,
    });
  }
  await context.tell(`${isNew ? 'Wrote' : 'Already there:'} ${await shownText(context, target.path)}`);
  await context.out.printLine(id);
  return id;
}

async function runInit(context: Context, flags: KeyFlags): Promise<number> {
  const folder = keyFolder(context.io);
  const named = keyFilePath(context.io, context.flags.keyFile) !== undefined;
  const [first] = named ? [] : listKeyIds(folder);
  if (first !== undefined && flags.force !== true) {
    throw new ProblemError({
      code: 'usage',
      message: `There is a key in ${folder} already.`,
      hint: 'With several keys every command must be told which one to use; --force makes another all the same.',
    });
  }
  await keep(context, randomBytes(masterKeyBytes));
  return exitCodes.clean;
}

async function runId(context: Context): Promise<number> {
  await context.out.printLine((await openKeys(context)).id);
  return exitCodes.clean;
}

async function runExport(context: Context, flags: KeyFlags): Promise<number> {
  if (context.io.stdout.isTTY === true && flags.force !== true) {
    throw new ProblemError({
      code: 'usage',
      message: 'The key would be shown on the terminal.',
      hint: 'Pipe it into a vault, or pass --force.',
    });
  }
  const { id } = await openKeys(context);
  const path = keyFilePath(context.io, context.flags.keyFile)?.path ?? join(keyFolder(context.io), id);
  await context.out.printLine(readKeyFile(path).toString('hex'));
  return exitCodes.clean;
}

async function runImport(context: Context): Promise<number> {
  const value = await readSecret(context.io);
  await keep(context, parseKeyText(value.reveal().toString('latin1'), 'on stdin'));
  return exitCodes.clean;
}
