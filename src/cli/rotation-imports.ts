/** What was imported, for the commands that plan: all stored statements, and inventory files that are named for this run. */
import { basename } from 'node:path';
import { importsOf, statementsOf } from '../rotation/import/statements.js';
import type { Imports } from '../rotation/imports.js';
import type { Statement } from '../store/store.js';
import type { Context } from './context.js';
import { checkImport, importProblem } from './import-file.js';
import type { Session } from './session.js';

/** Name under which the statements of a file are kept: the next version may lie in another folder. */
export function sourceName(file: string): string {
  return basename(file);
}

/**
 * Everything that was imported. A file that is named here stands in for a stored one of its name, and what it says of an
 * identity replaces what stored files say of it; nothing of it is stored.
 */
export async function loadImports(
  context: Context,
  session: Session,
  inventoryFiles: readonly string[],
): Promise<Imports> {
  let statements = await session.store.statements();
  for (const file of inventoryFiles) {
    const checked = await checkImport(context, file, { session });
    if (checked.faults.length > 0) throw importProblem(file, checked);
    const source = sourceName(file);
    const importedAt = context.io.now();
    const own = statementsOf(checked.imports, source).map(
      (item): Statement => ({ ...item, source, importedAt }),
    );
    const identities = new Set(own.filter(({ type }) => type === 'identity').map(({ key }) => key));
    const kept = statements.filter(
      (stored) => stored.source !== source && !(stored.type === 'identity' && identities.has(stored.key)),
    );
    statements = [...kept, ...own];
  }
  return importsOf(statements);
}
