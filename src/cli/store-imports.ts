/** Takes imported files over into the database, and says what they are about. */
import { ProblemError } from '../model/problem.js';
import type { ImportKind } from '../rotation/import/read-import.js';
import { statementsOf } from '../rotation/import/statements.js';
import type { ColumnMap } from '../rotation/import/table.js';
import type { GateResult } from '../rotation/imports.js';
import type { LogEntry } from '../rotation/log/record.js';
import { openEvidenceLog } from '../store/evidence-log.js';
import type { StatementChange } from '../store/store.js';
import type { Context } from './context.js';
import { type CheckedImport, checkImport, importProblem } from './import-file.js';
import { checkedTime } from './rotation/record.js';
import { sourceName } from './rotation-imports.js';
import type { Session } from './session.js';

export interface StoredImport {
  readonly file: string;
  /** Name under which its statements are kept. */
  readonly source: string;
  readonly kind: ImportKind;
  readonly change: StatementChange;
  readonly ignoredColumns: number;
  /** Hex hash of its text. */
  readonly sha256: string;
}

export interface ImportOptions {
  readonly map?: ColumnMap;
  /** Another name for the statements of the one file. */
  readonly as?: string;
  /** Kinds that may be imported. */
  readonly kinds: readonly ImportKind[];
  /** RFC 3339; the clock's time when left out. */
  readonly now?: string;
}

interface ReadyImport extends CheckedImport {
  readonly kind: ImportKind;
  readonly source: string;
}

async function ready(
  context: Context,
  session: Session,
  file: string,
  { map, as, kinds }: ImportOptions,
): Promise<ReadyImport> {
  const checked = await checkImport(context, file, map === undefined ? { session } : { session, map });
  const { kind } = checked;
  if (checked.faults.length > 0 || kind === undefined) throw importProblem(file, checked);
  if (!kinds.includes(kind)) {
    throw new ProblemError({
      code: 'usage',
      message: `The file ${file} holds ${kind}, no inventory.`,
      hint: 'Take it over with "sprawl ingest".',
    });
  }
  return { ...checked, kind, source: as ?? sourceName(file) };
}

/** Gate results of a file: they are not stored but have to be judged and recorded. */
export interface FileGates {
  readonly file: string;
  readonly results: readonly GateResult[];
}

export interface TakenImports {
  readonly stored: readonly StoredImport[];
  readonly gates: readonly FileGates[];
}

/** Checks all files before the first is stored. Throws a problem that names the faults of the first bad one. */
export async function storeImports(
  context: Context,
  session: Session,
  files: readonly string[],
  options: ImportOptions,
): Promise<TakenImports> {
  checkedTime(options.now);
  if (options.as !== undefined && files.length > 1)
    throw new ProblemError({ code: 'usage', message: '--as names the statements of one file.' });
  const all: ReadyImport[] = [];
  for (const file of files) {
    const own = await ready(context, session, file, options);
    if (all.some(({ source }) => source === own.source)) {
      throw new ProblemError({
        code: 'usage',
        message: `Two files are called ${own.source}: the second would replace the first.`,
        hint: 'Import them one after the other and name one of them with --as.',
      });
    }
    all.push(own);
  }
  const at = options.now ?? context.io.now();
  const stored: StoredImport[] = [];
  const gates: FileGates[] = [];
  for (const { file, source, sha256, kind, imports, ignoredColumns } of all) {
    if (kind === 'gate-results') {
      gates.push({ file, results: imports.gates ?? [] });
      continue;
    }
    const change = await session.store.replaceStatements(source, statementsOf(imports, source), at);
    stored.push({ file, source, sha256, kind, change, ignoredColumns });
  }
  await recordImports(session, stored, at);
  return { stored, gates };
}

/** Every import that changed something stands in the evidence log, with the hash of its file. */
async function recordImports({ store }: Session, stored: readonly StoredImport[], at: string): Promise<void> {
  const entries = stored
    .filter(({ change }) => change.added + change.changed + change.removed > 0)
    .map(({ source, sha256, kind, change }): LogEntry => {
      const count = change.added + change.changed + change.unchanged;
      return { action: 'imported', subject: source, data: { type: kind, count, sha256 } };
    });
  if (entries.length === 0) return;
  await openEvidenceLog(store.path, 'append').append(entries, { at, actor: 'sprawl', isClock: true });
}
