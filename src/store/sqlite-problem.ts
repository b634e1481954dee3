/** Turns what SQLite and the file system throw into the problems of this code base. */
import { type FatalProblem, ProblemError } from '../model/problem.js';

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** The problem behind an error code of SQLite or the system; undefined when it is ours. */
function problemOf(code: string, path: string): FatalProblem | undefined {
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(code)) {
    return {
      code: 'database-busy',
      message: `Another process keeps the database ${path} locked.`,
      hint: 'Wait until it has ended and try again.',
    };
  }
  if (/^SQLITE_(?:FULL|IOERR)/.test(code) || code === 'ENOSPC' || code === 'EDQUOT' || code === 'EIO') {
    return {
      code: 'disk-full',
      message: `The database ${path} cannot be written: the disk is full or failing.`,
      hint: 'Free some space and run the command again; what was written before is kept.',
    };
  }
  if (/^SQLITE_READONLY/.test(code) || code === 'EROFS') {
    return {
      code: 'database-read-only',
      message: `The database ${path} is on a read-only medium or may not be written.`,
      hint: 'Name another one with --db, or make it writable.',
    };
  }
  if (/^SQLITE_(?:CORRUPT|NOTADB)/.test(code)) {
    return {
      code: 'database-corrupt',
      message: `The file ${path} is damaged or no sprawl database.`,
      hint: 'Move it away and scan again, or restore a copy.',
    };
  }
  if (/^SQLITE_(?:CANTOPEN|PERM|AUTH)/.test(code) || /^E[A-Z]+$/.test(code)) {
    return { code: 'database-unavailable', message: `The database ${path} cannot be opened (${code}).` };
  }
  return undefined;
}

/** Gives the error itself when it is a bug of ours or already a problem. */
export function asProblem(error: unknown, path: string): unknown {
  if (error instanceof ProblemError) return error;
  const problem = problemOf(codeOf(error), path);
  return problem === undefined ? error : new ProblemError(problem, { cause: error });
}

/** Runs `work` and rethrows what SQLite throws as a problem about `path`. */
export function guarded<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw asProblem(error, path);
  }
}
