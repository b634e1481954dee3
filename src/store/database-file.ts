/** The database as a file: made 0600 without following links, copied for readers of read-only media. */
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ProblemError } from '../model/problem.js';

/** Refuses a link in the last component: SQLite itself would follow it. */
function refuseLink(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile()) return;
  throw new ProblemError({
    code: 'database-unavailable',
    message: `The database ${path} is ${stats.isSymbolicLink() ? 'a symbolic link' : 'not a regular file'}.`,
    hint: 'Name the file itself with --db.',
  });
}

/** Makes an empty file (0600) when there is none; SQLite gives its WAL the same mode. */
export function ensureDatabaseFile(path: string): void {
  refuseLink(path);
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    closeSync(openSync(path, flags, 0o600));
  } catch (error) {
    // Another process may have made it in the meantime: then it must be a regular file as well.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    refuseLink(path);
  }
}

/** Throws `not-found` when there is no database to read. */
export function requireDatabaseFile(path: string): void {
  if (!existsSync(path)) {
    throw new ProblemError({
      code: 'not-found',
      message: `There is no database at ${path}.`,
      hint: 'Run "sprawl scan" first, or name another one with --db.',
    });
  }
  refuseLink(path);
}

/** A private copy of a database with its WAL, which is readable where the original's folder is not writable. */
export interface DatabaseCopy {
  readonly path: string;
  remove(): void;
}

export function copyDatabase(path: string): DatabaseCopy {
  const folder = mkdtempSync(join(tmpdir(), 'sprawl-read-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'copy.db');
    for (const suffix of ['', '-wal']) {
      if (suffix !== '' && !existsSync(path + suffix)) continue;
      // mkdtemp makes the folder 0700; the file is made 0600 before anything is copied into it.
      closeSync(openSync(copy + suffix, 'wx', 0o600));
      copyFileSync(path + suffix, copy + suffix);
      // Copying takes the mode along, and the copy of a read-only file could not be opened for writing.
      chmodSync(copy + suffix, 0o600);
    }
    return { path: copy, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
