/** What was imported, for the commands that plan: all stored statements, and inventory files that are named for this run. */

import { importsOf } from '../rotation/import/statements.js';
import { type Imports, noImports } from '../rotation/imports.js';
import type { Context } from './context.js';
import type { Session } from './session.js';

export async function loadImports(
  _context: Context,
  session: Session,
  inventoryFiles: readonly string[],
): Promise<Imports> {
  const stored = await session.store.statements();
  if (stored.length === 0 && inventoryFiles.length === 0) return noImports;
  return importsOf(stored);
}
