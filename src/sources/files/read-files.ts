/** Reads a range of files inside a worker: small files through one buffer, large ones as segments. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { fileLimitsFor } from '../archives/archive-budget.js';
import { looksLikeArchive, sniffBytes } from '../archives/sniff.js';
import { walkArchive } from '../archives/walk-archive.js';
import { gitContainerOf } from '../embedded/git-signs.js';
import { type ExportTree, probeBytes } from '../exports/contract.js';
import { fileOfBytes, fileOfChunks, mayBeExport } from '../exports/offer.js';
import { FolderTree } from '../exports/trees.js';
import type { FileEntry, RangeEvents, WorkRange } from '../source.js';
import { blobHash, isBlob } from './blob-match.js';
import { DocumentAssembler, largeDocumentBytes } from './document-assembler.js';
import { joinPath, pathBytesOf } from './path-bytes.js';
import { problemCodeOf } from './walk-folder.js';

/** Not through a link (it may have become one since the walk), not blocking on a FIFO. */
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Bytes read at a time from a large file. */
const chunkBytes = 4 * 1024 * 1024;
/** Bytes of a large export handed to its reader at a time. */
const exportChunkBytes = 1024 * 1024;
/** Size of the reused buffer at the start; it grows with the files. */
const startBytes = 256 * 1024;

/**
 * Hands over the files of a range. `bytes` of a document are valid only during the call: the buffer is used
 * again. Archives are opened in place; a damaged one is handed over as a plain document too.
 */
export async function readFiles(range: WorkRange, events: RangeEvents, signal: AbortSignal): Promise<void> {
  if (range.type !== 'files') throw new TypeError('a range of files was expected');
  const root = Buffer.from(range.root, 'base64');
  const reader = new FileReader(root, events, signal);
  for (const entry of range.files) {
    if (signal.aborted) return;
    await reader.read(entry);
  }
}

/** Trees by folder: what readers learned of an export serves for all ranges of it that this worker reads. */
const trees = new Map<string, ExportTree>();
const maxTrees = 16;

function treeOf(root: Buffer): ExportTree {
  const key = root.toString('base64');
  const known = trees.get(key);
  if (known !== undefined) return known;
  if (trees.size >= maxTrees) trees.clear();
  const tree = new FolderTree(root);
  trees.set(key, tree);
  return tree;
}

class FileReader {
  readonly #root: Buffer;
  readonly #events: RangeEvents;
  readonly #signal: AbortSignal;
  readonly #tree: ExportTree;
  #buffer: Buffer = Buffer.allocUnsafeSlow(startBytes);

  constructor(root: Buffer, events: RangeEvents, signal: AbortSignal) {
    this.#root = root;
    this.#tree = treeOf(root);
    this.#events = events;
    this.#signal = signal;
  }

  async read(entry: FileEntry): Promise<void> {
    let fd: number;
    try {
      fd = openSync(joinPath(this.#root, pathBytesOf(entry.path)), openFlags);
    } catch (error) {
      this.#openFailed(entry, (error as NodeJS.ErrnoException).code ?? 'unknown');
      return;
    }
    try {
      const stats = fstatSync(fd);
      if (!stats.isFile()) {
        this.#events.skipped('special-file', 1);
        return;
      }
      const current: FileEntry = { ...entry, size: stats.size, modifiedMs: stats.mtimeMs };
      if (stats.size > largeDocumentBytes) await this.#large(fd, current);
      else await this.#small(fd, current);
    } catch (error) {
      this.#problem(entry, (error as NodeJS.ErrnoException).code ?? (error as Error).name);
    } finally {
      closeSync(fd);
    }
  }

  /**
   * Reads as much as the file held when it was opened; what is appended meanwhile belongs to the next scan.
   * A file of the kernel states 0 bytes and holds more.
   */
  async #small(fd: number, entry: FileEntry): Promise<void> {
    const limit = entry.size === 0 ? largeDocumentBytes : entry.size;
    this.#reserve(entry.size);
    let filled = 0;
    while (filled < limit) {
      this.#reserve(filled + 1);
      const room = Math.min(this.#buffer.length, limit) - filled;
      const count = readSync(fd, this.#buffer, filled, room, filled);
      if (count === 0) break;
      filled += count;
    }
    if (filled < entry.size) {
      this.#events.problem({ code: 'changed-while-read', where: entry.path.text, detail: 'shrank' });
    }
    if (filled === 0) {
      this.#events.skipped('empty', 1);
      this.#events.named?.(entry);
    } else await this.#whole(this.#buffer.subarray(0, filled), entry);
  }

  async #whole(bytes: Buffer, entry: FileEntry): Promise<void> {
    const ref = { type: 'file', entry } as const;
    const isTracked = entry.indexOid !== undefined && isBlob(bytes, entry.indexOid);
    if (isTracked && this.#events.covered !== undefined) {
      this.#events.covered(entry, bytes.length);
      return;
    }
    if (!isTracked && this.#isGit(bytes, entry)) return;
    if (!entry.tracked && this.#events.exported !== undefined && mayBeExport(entry.path.text)) {
      const file = fileOfBytes(entry.path.text, bytes, this.#tree, entry.modifiedMs);
      const offer = { file, isWhole: bytes.length <= file.head.length, ref, chain: [], isRepeatable: true };
      if (await this.#events.exported(offer)) return;
    }
    // An archive that git tracks unchanged is opened with the history.
    if (!isTracked && looksLikeArchive(bytes)) {
      const limits = fileLimitsFor(bytes.length);
      const options = { ref, name: entry.path.text, signal: this.#signal, limits };
      const outcome = await walkArchive({ kind: 'buffer', bytes }, this.#events, options);
      if (outcome.readable) return;
    }
    this.#events.document({ ref, bytes, chain: [], textStart: 0 });
  }

  async #large(fd: number, entry: FileEntry): Promise<void> {
    const ref = { type: 'file', entry } as const;
    this.#reserve(chunkBytes);
    if (this.#events.covered !== undefined && (await this.#isTrackedBlob(fd, entry))) {
      this.#events.covered(entry, entry.size);
      return;
    }
    const head = this.#buffer.subarray(0, readSync(fd, this.#buffer, 0, sniffBytes, 0));
    if (this.#isGit(head, entry)) return;
    if (await this.#isLargeExport(fd, entry)) return;
    if (looksLikeArchive(head)) {
      const input = { kind: 'file', fd, size: entry.size } as const;
      const limits = fileLimitsFor(entry.size);
      const options = { ref, name: entry.path.text, signal: this.#signal, limits };
      const outcome = await walkArchive(input, this.#events, options);
      if (outcome.readable) return;
    }
    const assembler = new DocumentAssembler((bytes, segment) => {
      this.#events.document({
        ref,
        bytes,
        chain: [],
        textStart: 0,
        ...(segment === undefined ? {} : { segment }),
      });
    }, entry.size);
    let at = 0;
    while (at < entry.size) {
      const count = readSync(fd, this.#buffer, 0, Math.min(chunkBytes, entry.size - at), at);
      if (count === 0) break;
      assembler.push(this.#buffer.subarray(0, count));
      at += count;
      // An abort reaches the signal only when the event loop turns.
      await setImmediate();
      if (this.#signal.aborted) return;
    }
    assembler.end();
    if (at < entry.size) {
      this.#events.problem({ code: 'changed-while-read', where: entry.path.text, detail: 'shrank' });
    }
  }

  /** Reports a bundle, or a pack that lies about. */
  #isGit(head: Buffer, entry: FileEntry): boolean {
    if (this.#events.embedded === undefined || gitContainerOf(head) === undefined) return false;
    this.#events.embedded({ ref: { type: 'file', entry }, chain: [], folder: '' });
    return true;
  }

  async #isLargeExport(fd: number, entry: FileEntry): Promise<boolean> {
    if (entry.tracked || this.#events.exported === undefined || !mayBeExport(entry.path.text)) return false;
    const head = Buffer.allocUnsafe(probeBytes);
    const length = readSync(fd, head, 0, probeBytes, 0);
    const signal = this.#signal;
    async function* chunks(): AsyncGenerator<Buffer> {
      for (let at = 0; at < entry.size && !signal.aborted; ) {
        // Readers may keep what they are given for a while.
        const chunk = Buffer.allocUnsafe(Math.min(exportChunkBytes, entry.size - at));
        const count = readSync(fd, chunk, 0, chunk.length, at);
        if (count === 0) return;
        at += count;
        yield chunk.subarray(0, count);
        await setImmediate();
      }
    }
    const at = (position: number, length: number): Buffer => {
      const bytes = Buffer.allocUnsafe(length);
      return bytes.subarray(0, readSync(fd, bytes, 0, length, position));
    };
    const known = { size: entry.size, modifiedMs: entry.modifiedMs, isRepeatable: true, at };
    const file = fileOfChunks(entry.path.text, head.subarray(0, length), chunks, this.#tree, known);
    return await this.#events.exported({
      file,
      isWhole: false,
      ref: { type: 'file', entry },
      chain: [],
      isRepeatable: true,
    });
  }

  /** Hashing a large file to see that its blob says it all costs a tenth of looking at it once more. */
  async #isTrackedBlob(fd: number, { size, indexOid }: FileEntry): Promise<boolean> {
    if (indexOid === undefined) return false;
    const hash = blobHash(size, indexOid);
    for (let at = 0; at < size; ) {
      const count = readSync(fd, this.#buffer, 0, Math.min(chunkBytes, size - at), at);
      if (count === 0) return false;
      hash.update(this.#buffer.subarray(0, count));
      at += count;
      await setImmediate();
      if (this.#signal.aborted) return false;
    }
    return hash.digest('hex') === indexOid;
  }

  #openFailed(entry: FileEntry, errno: string): void {
    if (errno === 'ELOOP') this.#events.skipped('outside-target-link', 1);
    else if (errno === 'ENXIO') this.#events.skipped('special-file', 1);
    else this.#problem(entry, errno);
  }

  #problem(entry: FileEntry, errno: string): void {
    this.#events.problem({ code: problemCodeOf(errno), where: entry.path.text, detail: errno });
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(bytes, Math.min(this.#buffer.length * 2, chunkBytes)));
    this.#buffer.copy(grown);
    this.#buffer = grown;
  }
}
