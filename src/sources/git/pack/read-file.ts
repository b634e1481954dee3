/** Positioned reads that report what they got instead of throwing. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Linux reads at most 2^31 - 4096 bytes at once. */
const MAX_READ = 2 ** 30;

/** A whole file in shared memory, so that workers get it without a copy; undefined when it can't be read. */
export function readFile(path: string): Uint8Array | undefined {
  const file = openFile(path);
  if (file === undefined) return undefined;
  try {
    const bytes = new Uint8Array(new SharedArrayBuffer(file.size));
    return readAt(file.fd, bytes, 0, file.size, 0) === file.size ? bytes : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(file.fd);
  }
}

/** Opens a regular file for reading; undefined when that fails. */
export function openFile(path: string): { readonly fd: number; readonly size: number } | undefined {
  let fd: number | undefined;
  try {
    // Without O_NONBLOCK a FIFO in the place of the file would keep us waiting for a writer.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(fd);
    if (stat.isFile()) return { fd, size: stat.size };
  } catch {
    // Falls through: absent, no permission, or gone between the two calls.
  }
  if (fd !== undefined) closeSync(fd);
  return undefined;
}

/** Reads `length` bytes at `position` into `bytes[start...]`; returns how many there were before the end or an error. */
export function readAt(
  fd: number,
  bytes: Uint8Array,
  start: number,
  length: number,
  position: number,
): number {
  let done = 0;
  try {
    while (done < length) {
      const got = readSync(fd, bytes, start + done, Math.min(length - done, MAX_READ), position + done);
      if (got === 0) break;
      done += got;
    }
  } catch {
    // The bytes so far count; the rest is reported object by object.
  }
  return done;
}
