/** `sprawl place list|import`: the places that were read, and what is known of who can read them. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { ProblemError } from '../../model/problem.js';
import { recordOf } from '../../report/finding-record.js';
import { ageText } from '../../report/receipt-text.js';
import { beginRecord, jsonLine } from '../../report/records.js';
import { counted } from '../../report/safe-text.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { mergedPlace, parsePlaceList } from '../place-list.js';
import { withSession } from '../session.js';
import { tableLines } from '../table.js';

export function placeCommand(bind: Bind): Command {
  return new Command('place')
    .summary('places: repositories, folders, exports')
    .description('Lists the places that were read, and takes over who can read them from a list.')
    .addCommand(new Command('list').description('Lists all places.').action(bind(runList)))
    .addCommand(
      new Command('import')
        .description(
          'Takes over audience, team and other facts (JSON array or JSON Lines, schemas/places.schema.json).',
        )
        .argument('<file>', 'the list')
        .action(bind(runImport)),
    );
}

async function runList(context: Context): Promise<number> {
  return withSession(context, 'read', async ({ store }) => {
    const places = await store.places();
    const coverage = new Map((await store.coverage()).map((entry) => [entry.place, entry]));
    const { out, terminal, io } = context;
    if (context.flags.json === true) {
      await out.print(jsonLine(beginRecord(context.version)));
      for (const place of places) {
        const read = coverage.get(place.key);
        await out.print(
          jsonLine(
            recordOf({
              type: 'place',
              ...place,
              lastScan: read?.lastScan,
              complete: read?.complete ?? false,
            }),
          ),
        );
      }
      return exitCodes.clean;
    }
    const rows = places.map((place) => {
      const read = coverage.get(place.key);
      const when = read?.lastScan === undefined ? 'never to the end' : ageText(read.lastScan, io.now());
      return [
        place.system,
        place.key,
        place.audience,
        when,
        read?.complete === true ? 'complete' : 'incomplete',
        place.forkOf === undefined ? '' : `fork of ${place.forkOf}`,
      ];
    });
    if (rows.length === 0) await context.tell('No place has been read yet.');
    else {
      for (const line of tableLines(
        ['system', 'place', 'audience', 'read', 'coverage', ''],
        rows,
        terminal.style,
      )) {
        await out.printLine(line);
      }
    }
    return exitCodes.clean;
  });
}

async function runImport(context: Context, _flags: object, file: string): Promise<number> {
  let text: string;
  try {
    text = readFileSync(resolve(context.io.cwd, file), 'utf8');
  } catch (cause) {
    throw new ProblemError(
      { code: 'usage', message: `The list of places ${file} cannot be read.` },
      { cause },
    );
  }
  const entries = parsePlaceList(text, file);
  return withSession(context, 'write', async ({ store }) => {
    const known = new Map((await store.places()).map((place) => [place.key, place]));
    for (const entry of entries) await store.upsertPlace(mergedPlace(entry, known.get(entry.key)));
    await context.tell(`Took over ${counted(entries.length, 'place')}.`);
    return exitCodes.clean;
  });
}
