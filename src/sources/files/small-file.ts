/** Reads configuration files of targets: regular, not through a link, of bounded size. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { ProblemError } from '../../model/problem.js';

/** No configuration, ignore list or baseline of ours or of other scanners comes near this. */
export const maxSmallFileBytes: number = 16 * 1024 * 1024;

/** Gives the content; undefined when there is no such file. Throws `config-invalid` for anything unreadable. */
export function readSmallFile(path: string, maxBytes: number = maxSmallFileBytes): Buffer | undefined {
  if (isAbsent(path)) return undefined;
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  let fd: number;
  try {
    fd = openSync(path, flags);
  } catch (error) {
    const errno = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return undefined;
    throw invalid(path, errno === 'ELOOP' ? 'is a symbolic link' : `cannot be read (${errno})`, error);
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw invalid(path, 'is not a regular file');
    if (stats.size > maxBytes) throw invalid(path, `is larger than ${maxBytes} bytes`);
    const bytes = Buffer.alloc(stats.size);
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(fd, bytes, filled, bytes.length - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(fd);
  }
}

/** Asked of thousands of targets that have no such file; failing to open it costs ten times as much. */
function isAbsent(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    // Opening it tells why.
    return false;
  }
}

function invalid(path: string, what: string, cause?: unknown): ProblemError {
  return new ProblemError({ code: 'config-invalid', message: `The file ${path} ${what}.` }, { cause });
}
