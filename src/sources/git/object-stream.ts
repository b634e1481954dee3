/**
 * Reads a long list of objects through one `git cat-file --batch --buffer`, in the order of the list.
 *
 * For passes over trees, commits and tags. When git dies in the middle (a corrupt object ends it), the
 * object that it died on counts as missing and a fresh process goes on behind it.
 */
import { once } from 'node:events';
import { defaultFrameLimits, type GitObjectType, ObjectFrames } from './object-frames.js';
import { oidLines } from './object-id.js';
import { type GitChild, startGit } from './process.js';

export interface ObjectStreamHandler {
  /** Object `index` of the list: `buffer[start, end)`, valid during the call. */
  object(index: number, type: GitObjectType, buffer: Buffer, start: number, end: number): void;
  /** Object that is absent, corrupt or absurdly large. */
  missing(index: number): void;
}

const idsPerWrite = 4096;
/** After this many deaths the rest counts as missing: a store that is broken all over must not spawn for ever. */
const maxDeaths = 1000;

export async function streamObjects(
  neutralDir: string,
  oids: Uint8Array,
  oidBytes: number,
  handler: ObjectStreamHandler,
  signal?: AbortSignal,
): Promise<void> {
  const count = oids.length / oidBytes;
  let next = 0;
  for (let deaths = 0; next < count && deaths < maxDeaths; deaths++) {
    signal?.throwIfAborted();
    next = await streamFrom(neutralDir, oids, oidBytes, next, handler, signal);
    if (next < count) handler.missing(next++);
  }
  for (; next < count; next++) handler.missing(next);
}

/** Gives the index of the first object that was not answered. */
async function streamFrom(
  neutralDir: string,
  oids: Uint8Array,
  oidBytes: number,
  from: number,
  handler: ObjectStreamHandler,
  signal: AbortSignal | undefined,
): Promise<number> {
  const count = oids.length / oidBytes;
  let next = from;
  const frames = new ObjectFrames(
    {
      object: (type, buffer, start, end) => handler.object(next++, type, buffer, start, end),
      // No tree, commit or tag of honest work has 64 MiB.
      part: (_type, _bytes, part) => {
        if (part.last) handler.missing(next++);
      },
      missing: () => handler.missing(next++),
    },
    defaultFrameLimits,
  );
  const child = startGit({ neutralDir }, ['cat-file', '--batch', '--buffer']);
  let failure: unknown;
  const stop = (): void => child.kill();
  signal?.addEventListener('abort', stop);
  child.stdout.on('data', (chunk: Buffer) => {
    if (failure !== undefined) return;
    try {
      frames.push(chunk);
    } catch (error) {
      failure = error;
      child.kill();
    }
  });
  const feeding = feed(child, oids, oidBytes, from, count);
  await child.exit;
  await feeding;
  signal?.removeEventListener('abort', stop);
  if (failure !== undefined) throw failure;
  signal?.throwIfAborted();
  return next;
}

async function feed(
  child: GitChild,
  oids: Uint8Array,
  oidBytes: number,
  from: number,
  count: number,
): Promise<void> {
  for (let i = from; i < count; i += idsPerWrite) {
    if (child.stdin.destroyed) return;
    const flowing = child.stdin.write(oidLines(oids, oidBytes, i, Math.min(count, i + idsPerWrite)));
    if (!flowing) await Promise.race([once(child.stdin, 'drain').catch(() => undefined), child.exit]);
  }
  child.stdin.end();
}
