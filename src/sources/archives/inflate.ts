/** Inflating in bounded steps: at once for small inputs, through a stream for all others. */
import type { Transform } from 'node:stream';
import {
  constants,
  createGunzip,
  createInflateRaw,
  type Gunzip,
  type InflateRaw,
  inflateRawSync,
} from 'node:zlib';

/** Chunks from a container or an inflater. */
export type Chunks = Iterable<Buffer> | AsyncIterable<Buffer>;

/**
 * Input handed to an inflater in one step. Deflate packs at most 1,032 : 1, so one step yields at most
 * 33 MB before the caps are looked at again.
 */
export const inflateStepBytes: number = 32 * 1024;

/** No deflate stream grows more than this; a stated size beyond it is a lie. */
export const maxDeflateRatio = 1032;

/** Packed bytes up to which one synchronous call beats the stream's way through the thread pool. */
export const smallPackedBytes: number = 1024 * 1024;

/**
 * Inflates raw deflate data; undefined when it is damaged, cut short or gives more than `maxBytes`.
 * @param statedBytes what the archive says that comes out; where that is possible, and true, nothing is copied
 */
export function inflateSmall(packed: Buffer, maxBytes: number, statedBytes?: number): Buffer | undefined {
  const isPossible =
    statedBytes !== undefined && statedBytes <= Math.min(maxBytes, packed.length * maxDeflateRatio);
  try {
    return inflateRawSync(packed, {
      maxOutputLength: Math.max(1, maxBytes),
      // One byte more: a step that is full is followed by another.
      chunkSize: isPossible ? Math.max(64, statedBytes + 1) : stepFor(packed.length),
    });
  } catch {
    // The stream reads it again: it gives the part before the damage, and meters.
    return undefined;
  }
}

/** Bytes that the search for damage may inflate, per packed byte and at least: some twenty times what texts give. */
const searchedPerPacked = 128;
const leastSearched = 256 * 1024;

/**
 * What data that is damaged or cut gives before the damage; undefined when it gives nothing, or so much more than texts
 * do that it would take long to find its end. A stream drops what its step with the damage has given so far, which for a
 * small entry is all of it.
 */
export function inflateDamaged(packed: Buffer, maxBytes: number): Buffer | undefined {
  const chunkSize = stepFor(packed.length);
  let left = Math.max(leastSearched, packed.length * searchedPerPacked);
  const upTo = (end: number): Buffer | undefined => {
    const maxOutputLength = Math.max(1, Math.min(maxBytes, left));
    try {
      const input = packed.subarray(0, end);
      const part = inflateRawSync(input, { maxOutputLength, chunkSize, finishFlush: constants.Z_SYNC_FLUSH });
      left -= part.length;
      return part;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw error;
      return undefined;
    }
  };
  try {
    const all = upTo(packed.length);
    if (all !== undefined) return all;
    let sound = 0;
    let best: Buffer | undefined;
    for (let bad = packed.length; bad - sound > 1; ) {
      const middle = (sound + bad) >> 1;
      const part = upTo(middle);
      if (part === undefined) bad = middle;
      else {
        sound = middle;
        best = part;
      }
    }
    return best;
  } catch {
    return undefined;
  }
}

function stepFor(packedBytes: number): number {
  return Math.min(Math.max(packedBytes * 4, 1024), 256 * 1024);
}

/**
 * Raw deflate data, as in zip; `bytesWritten` tells afterwards how many bytes the data took.
 * @param chunkSize of what it gives; damage takes the last of them with it
 */
export function inflateRawStream(chunkSize: number = 64 * 1024): InflateRaw {
  return createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize });
}

/** All members of a gzip file; what follows the last one is ignored, as gzip does. */
export function gunzipStream(): Gunzip {
  return createGunzip({ chunkSize: 64 * 1024 });
}

/**
 * Runs the chunks through an inflater, one after the other. Everything that was inflated before an error is
 * given out before it is thrown, which plain stream iteration does not promise.
 */
export async function* inflateChunks(source: Chunks, stream: Transform): AsyncGenerator<Buffer> {
  const ready: Buffer[] = [];
  let failure: Error | undefined;
  let ended = false;
  let wake = (): void => {};
  stream.on('data', (chunk: Buffer) => ready.push(chunk));
  stream.on('error', (error) => {
    failure = error;
    // zlib drops the callback of the write that failed.
    wake();
  });
  stream.on('end', () => {
    ended = true;
  });
  stream.on('close', () => wake());
  const settled = (): boolean => ended || failure !== undefined;
  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length && !settled(); at += inflateStepBytes) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          stream.write(chunk.subarray(at, at + inflateStepBytes), () => resolve());
        });
        yield* ready.splice(0);
      }
      if (settled()) break;
    }
    if (!settled()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        stream.end();
      });
    }
    yield* ready.splice(0);
    if (failure !== undefined) throw failure;
  } finally {
    stream.destroy();
  }
}
