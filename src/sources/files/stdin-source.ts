/** stdin as a source of one document. It can be read once, by the one worker that gets its range. */
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parsePlaceKey } from '../../model/ids.js';
import { fileLimitsFor } from '../archives/archive-budget.js';
import { ByteQueue } from '../archives/byte-queue.js';
import { sniffContainer } from '../archives/sniff.js';
import { type ArchiveInput, walkArchive } from '../archives/walk-archive.js';
import { gitContainerOf } from '../embedded/git-signs.js';
import { probeBytes } from '../exports/contract.js';
import { fileOfChunks } from '../exports/offer.js';
import type { ExportOptions } from '../exports/options.js';
import { NoTree } from '../exports/trees.js';
import type { OpenSource, RangeEvents, WorkRange } from '../source.js';
import { DocumentAssembler, largeDocumentBytes } from './document-assembler.js';
import { problemCodeOf } from './walk-folder.js';

const chunkBytes = 1024 * 1024;
/** Largest zip that is spooled from stdin. */
const maxSpoolBytes = 16 * 1024 ** 3;
/** Milliseconds between two looks at a terminal or pipe that has nothing yet and does not block. */
const idleMs = 10;

export interface StdinOptions {
  /** Place key instead of `stdin:`. */
  readonly place?: string;
  /** Absent: exports are read as plain text. */
  readonly exports?: ExportOptions;
}

export async function openStdinSource(options: StdinOptions = {}): Promise<OpenSource> {
  return {
    place: {
      key: parsePlaceKey(options.place ?? 'stdin:'),
      system: 'stdin',
      name: options.place ?? 'standard input',
      audience: 'unknown',
    },
    locator: '-',
    state: async () => undefined,
    async *plan() {
      const { exports } = options;
      const range = { type: 'stdin', ...(exports === undefined ? {} : { exports }) } as const;
      yield { range, documents: 1, bytes: 0 };
    },
    metadata: async () => [],
  };
}

/** Reads `fd` (stdin) to its end; `bytes` of a document are valid only during the call. */
export async function readStdin(
  range: WorkRange,
  events: RangeEvents,
  signal: AbortSignal,
  fd = 0,
): Promise<void> {
  if (range.type !== 'stdin') throw new TypeError('the range of stdin was expected');
  const queue = new ByteQueue(chunksFrom(fd, events, signal));
  const held = await queue.read(largeDocumentBytes);
  if (signal.aborted) return;
  if (held.length === 0) {
    events.skipped('empty', 1);
    return;
  }
  if (events.embedded !== undefined && gitContainerOf(held) !== undefined) {
    events.embedded({ ref: { type: 'stdin' }, chain: [], folder: '' });
    return;
  }
  async function* all(): AsyncGenerator<Buffer> {
    yield held;
    yield* queue.pieces(Number.POSITIVE_INFINITY);
  }
  const isWhole = held.length < largeDocumentBytes;
  if (events.exported !== undefined) {
    const chunks = isWhole ? wholeOf(held) : all;
    const file = fileOfChunks('-', held, chunks, new NoTree(), isWhole ? { size: held.length } : {});
    const isTaken = await events.exported({
      file,
      isWhole: held.length <= probeBytes,
      ref: { type: 'stdin' },
      chain: [],
      isRepeatable: isWhole,
    });
    if (isTaken) return;
  }
  const kind = sniffContainer(held);
  if (kind !== undefined) {
    const readable = await readArchive(isWhole ? held : all(), kind === 'zip', events, signal);
    // A large stream is gone once it was read: what could be read of it was handed over.
    if (readable || !isWhole) return;
  }
  const assembler = new DocumentAssembler((bytes, segment) => {
    const document = { ref: { type: 'stdin' }, bytes, chain: [], textStart: 0 } as const;
    events.document(segment === undefined ? document : { ...document, segment });
  }, held.length);
  for await (const chunk of isWhole ? [held] : all()) assembler.push(chunk);
  if (!signal.aborted) assembler.end();
}

function wholeOf(bytes: Buffer): () => AsyncGenerator<Buffer> {
  return async function* () {
    yield bytes;
  };
}

async function readArchive(
  content: Buffer | AsyncIterable<Buffer>,
  isZip: boolean,
  events: RangeEvents,
  signal: AbortSignal,
): Promise<boolean> {
  const options = { ref: { type: 'stdin' }, name: '-', signal } as const;
  const walk = async (input: ArchiveInput): Promise<boolean> =>
    (await walkArchive(input, events, options)).readable;
  if (Buffer.isBuffer(content)) {
    const limits = fileLimitsFor(content.length);
    return (await walkArchive({ kind: 'buffer', bytes: content }, events, { ...options, limits })).readable;
  }
  if (!isZip) return await walk({ kind: 'stream', chunks: content });
  const spool = openSpool();
  try {
    let size = 0;
    for await (const chunk of content) {
      if (size + chunk.length > maxSpoolBytes) {
        events.problem({
          code: 'archive-too-large',
          where: '-',
          detail: `spool above ${maxSpoolBytes} bytes`,
        });
        return true;
      }
      for (let at = 0; at < chunk.length; ) at += writeSync(spool, chunk, at);
      size += chunk.length;
    }
    return await walk({ kind: 'file', fd: spool, size });
  } catch (error) {
    const errno = (error as NodeJS.ErrnoException).code ?? (error as Error).name;
    events.problem({ code: 'unreadable', where: '-', detail: `spool: ${errno}` });
    return true;
  } finally {
    closeSync(spool);
  }
}

/** A temporary file (0600) that has no name any more: it vanishes with the process, however that ends. */
function openSpool(): number {
  const folder = mkdtempSync(join(tmpdir(), 'sprawl-spool-'));
  const path = join(folder, 'spool');
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
  try {
    const fd = openSync(path, flags, 0o600);
    unlinkSync(path);
    return fd;
  } finally {
    rmdirSync(folder);
  }
}

async function* chunksFrom(fd: number, events: RangeEvents, signal: AbortSignal): AsyncGenerator<Buffer> {
  while (!signal.aborted) {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let count: number;
    try {
      count = readSync(fd, chunk, 0, chunkBytes, null);
    } catch (error) {
      const errno = (error as NodeJS.ErrnoException).code ?? 'unknown';
      if (errno === 'EAGAIN') {
        await sleep(idleMs);
        continue;
      }
      // Windows reports the end of a pipe as an error.
      if (errno !== 'EOF') events.problem({ code: problemCodeOf(errno), where: '-', detail: errno });
      return;
    }
    if (count === 0) return;
    yield chunk.subarray(0, count);
  }
}
