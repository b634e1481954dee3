/** `sprawl db`: looks after the database. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { addressIdentity, pseudonymOf } from '../../identity/pseudonym.js';
import { ProblemError } from '../../model/problem.js';
import { beginRecord, jsonLine } from '../../report/records.js';
import { bytesText, counted, safeText } from '../../report/safe-text.js';
import { evidencePath } from '../../store/evidence-file.js';
import type { Bind, Context } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { parseMoment } from '../quantities.js';
import { withSession } from '../session.js';
import { shownText } from '../value-free-text.js';

export function dbCommand(bind: Bind): Command {
  return new Command('db')
    .summary('look after the database')
    .description('Looks after the database.')
    .addCommand(new Command('stats').description('Says what it holds.').action(bind(runStats)))
    .addCommand(
      new Command('check')
        .description('Looks for damage; exit code 1 when there is some.')
        .option('--digest', 'print a digest over all views, to compare two databases of one key')
        .action(bind(runCheck)),
    )
    .addCommand(
      new Command('merge')
        .description('Folds another database of the same key into this one.')
        .argument('<file>', 'the other database')
        .action(bind(runMerge)),
    )
    .addCommand(
      new Command('forget')
        .description('Erases a person, a place, or everything not seen since a date; the file is rewritten.')
        .option('--person <email>', 'this person')
        .option('--place <key>', 'this place with all its copies')
        .option('--before <date>', 'all copies last seen before, e.g. 2026-01-31 or 365d')
        .action(bind(runForget)),
    )
    .addCommand(
      new Command('vacuum')
        .description('Gives room that is no longer used back to the disk.')
        .action(bind(runVacuum)),
    );
}

async function runStats(context: Context): Promise<number> {
  return withSession(context, 'read', async ({ store }) => {
    const stats = await store.stats();
    if (context.flags.json === true) {
      await context.out.print(jsonLine(beginRecord(context.version)));
      await context.out.print(
        jsonLine({ type: 'stats', path: await context.services.maskSecrets(store.path), ...stats }),
      );
      return exitCodes.clean;
    }
    const lines: readonly (readonly [string, string])[] = [
      ['database', await shownText(context, store.path)],
      ['size', bytesText(stats.bytes)],
      ['secrets', stats.secrets.toLocaleString('en-US')],
      ['copies', stats.locations.toLocaleString('en-US')],
      ['places', stats.places.toLocaleString('en-US')],
      ['contents', stats.contents.toLocaleString('en-US')],
      ['sweep tags', stats.sweepTags.toLocaleString('en-US')],
      ['scans', stats.scans.toLocaleString('en-US')],
      ['schema', String(stats.schemaVersion)],
      ['key', stats.keyId],
    ];
    for (const [name, text] of lines) await context.out.printLine(`${name.padEnd(12)}${text}`);
    return exitCodes.clean;
  });
}

async function runCheck(context: Context, flags: { readonly digest?: boolean }): Promise<number> {
  return withSession(context, 'read', async ({ store }) => {
    const { faults: inDatabase, digest } = await store.check();
    const faults = [...inDatabase, ...(await logFaults(store.path))];
    const ok = faults.length === 0;
    if (context.flags.json === true) {
      await context.out.print(jsonLine(beginRecord(context.version)));
      await context.out.print(jsonLine({ type: 'check', ok, faults, digest }));
    } else {
      for (const fault of faults) await context.out.printLine(`fault: ${safeText(fault)}`);
      if (flags.digest === true) await context.out.printLine(digest);
      else await context.tell(ok ? 'The database is sound.' : `${counted(faults.length, 'fault')} found.`);
    }
    return ok ? exitCodes.clean : exitCodes.open;
  });
}

async function logFaults(databasePath: string): Promise<string[]> {
  const { openEvidenceLog } = await import('../../store/evidence-log.js');
  const verdict = openEvidenceLog(databasePath, 'read').verify();
  return verdict.ok ? [] : [`evidence log: record ${verdict.seq} ${verdict.why}`];
}

async function runMerge(context: Context, _flags: object, file: string): Promise<number> {
  return withSession(context, 'write', async ({ store }) => {
    const other = resolve(context.io.cwd, file);
    const { secrets, locations } = await store.merge(other);
    if (existsSync(evidencePath(other))) {
      // Two chains cannot become one without rewriting a record of at least one of them.
      await context.tell(
        `Evidence logs are not merged: keep ${await shownText(context, evidencePath(other))}, or export it first.`,
      );
    }
    await context.tell(`Added ${counted(secrets, 'secret')} and ${counted(locations, 'copy', 'copies')}.`);
    return exitCodes.clean;
  });
}

interface ForgetFlags {
  readonly person?: string;
  readonly place?: string;
  readonly before?: string;
}

async function runForget(context: Context, flags: ForgetFlags): Promise<number> {
  const { person, place, before } = flags;
  if (person === undefined && place === undefined && before === undefined) {
    throw new ProblemError({ code: 'usage', message: 'Say what to forget: --person, --place or --before.' });
  }
  const what = {
    ...(person !== undefined && { person }),
    ...(place !== undefined && { place }),
    ...(before !== undefined && { before: parseMoment(before, context.io.now(), -1) }),
  };
  return withSession(context, 'write', async ({ store, keys }) => {
    let { erased } = await store.forget(what);
    if (person?.includes('@') === true) {
      // Exports know the person under the pseudonym of the address.
      const pseudonym = pseudonymOf(keys.pseudonym, addressIdentity(person));
      erased += (await store.forget({ person: pseudonym })).erased;
    }
    await context.tell(`Erased ${counted(erased, 'record')}.`);
    return exitCodes.clean;
  });
}

async function runVacuum(context: Context): Promise<number> {
  return withSession(context, 'write', async ({ store }) => {
    await store.vacuum();
    return exitCodes.clean;
  });
}
