/** `sprawl ingest FILE...`: takes over what people and other tools state, recognised by what the files say. */
import { Command } from 'commander';
import { importKinds } from '../../rotation/import/read-import.js';
import type { ColumnMap } from '../../rotation/import/table.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { withSession } from '../session.js';
import { storeImports } from '../store-imports.js';
import { mapOption, tellStored } from './inventory.js';

interface IngestFlags {
  readonly map?: ColumnMap;
  readonly as?: string;
  readonly now?: string;
}

export function ingestCommand(bind: Bind): Command {
  return new Command('ingest')
    .summary('take over what people and other tools state')
    .description(
      'Takes over inventories, lists of people, vault maps, results of liveness checks, attestations and gate results,\n' +
        'recognised by what they say. Nothing in them may be a secret value: they name fingerprints.',
    )
    .argument('<files...>', 'YAML, CSV or JSON Lines')
    .addOption(mapOption())
    .option('--as <name>', 'keep the statements of the file under this name')
    .option('--now <time>', 'take this for the present time (RFC 3339)')
    .action(bind(runIngest));
}

async function runIngest(context: Context, flags: IngestFlags, files: readonly string[]): Promise<number> {
  return withSession(context, 'write', async (session) => {
    const stored = await storeImports(context, session, files, { ...flags, kinds: importKinds });
    await tellStored(context, session, stored);
    return exitCodes.clean;
  });
}
