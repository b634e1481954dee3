/** Positioned reads over a buffer or an open file, so that the zip reader needs to know only one of them. */
import { readSync } from 'node:fs';

export interface RandomAccess {
  readonly size: number;
  /** Bytes from `start`, fewer at the end. Buffers are not copied. */
  read(start: number, length: number): Buffer;
}

export function bufferAccess(bytes: Buffer): RandomAccess {
  return {
    size: bytes.length,
    read: (start, length) =>
      bytes.subarray(Math.min(start, bytes.length), Math.min(start + length, bytes.length)),
  };
}

/** @param fd stays the caller's to close */
export function fileAccess(fd: number, size: number): RandomAccess {
  return {
    size,
    read(start, length) {
      if (start >= size || length <= 0) return Buffer.alloc(0);
      const bytes = Buffer.allocUnsafe(Math.min(length, size - start));
      let filled = 0;
      while (filled < bytes.length) {
        const count = readSync(fd, bytes, filled, bytes.length - filled, start + filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    },
  };
}

/** A part of what `access` reads, as if it lay alone. */
export function partAccess(access: RandomAccess, start: number, size: number): RandomAccess {
  return {
    size,
    read: (from, length) => access.read(start + from, Math.max(0, Math.min(length, size - from))),
  };
}

/** The bytes `[start, end)` in pieces of at most `chunkBytes`. */
export function* chunksOf(
  access: RandomAccess,
  start: number,
  end: number,
  chunkBytes: number,
): Generator<Buffer> {
  for (let at = start; at < end; ) {
    const chunk = access.read(at, Math.min(chunkBytes, end - at));
    if (chunk.length === 0) return;
    at += chunk.length;
    yield chunk;
  }
}
