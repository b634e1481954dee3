/**
 * The SQLite library that this Node can run. From Node 22 on that is the release on Node's stable binary interface; what
 * came before it, for Node 20, ends the process on Node 24.19 and newer where it was compiled there: a statement that is
 * collected while no script runs asks for an environment that is not entered.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type Sqlite from 'better-sqlite3';
import { ProblemError } from '../model/problem.js';

type Constructor = new (path: string, options?: Sqlite.Options) => Sqlite.Database;

/** First version of Node with the binary interface that the newer release is made for. */
const firstNewer = 22;

interface Library {
  readonly open: Constructor;
  readonly options: Sqlite.Options;
}

/** Where it is installed but cannot run, it says so only when its addon is loaded or a database is opened. */
function runnable(name: string): Library | undefined {
  const require = createRequire(import.meta.url);
  try {
    const open = require(name) as Constructor;
    // Where npm puts it. The library itself looks in a dozen places, by way of two more packages.
    const addon = join(dirname(require.resolve(name)), '..', 'build', 'Release', 'better_sqlite3.node');
    if (existsSync(addon)) {
      require(addon);
      return { open, options: { nativeBinding: addon } };
    }
    new open(':memory:').close();
    return { open, options: {} };
  } catch {
    return undefined;
  }
}

let loaded: Library | undefined;

function load(): Library {
  const isNewer = Number(process.versions.node.split('.')[0]) >= firstNewer;
  const found = (isNewer ? runnable('better-sqlite3-napi') : undefined) ?? runnable('better-sqlite3');
  if (found !== undefined) return found;
  throw new ProblemError({
    code: 'sqlite-missing',
    message: `SQLite was not installed for Node ${process.versions.node} on ${process.platform} ${process.arch}.`,
  });
}

/** Opens a database file. Throws a problem where SQLite itself cannot be loaded, and SQLite's own errors. */
export function openSqlite(path: string, options: Sqlite.Options = {}): Sqlite.Database {
  loaded ??= load();
  return new loaded.open(path, { ...loaded.options, ...options });
}
