/**
 * Opens an archive in place and hands its entries over as documents, nested ones included. Nothing is ever
 * written to disk under an entry's name, and no archive can end a scan: every cap and every damage becomes a
 * problem, once per container.
 */
import { gitContainerOf, linkedStoreFolder, storeFolderOf } from '../embedded/git-signs.js';
import { type ExportTree, probeBytes } from '../exports/contract.js';
import { hidesText } from '../exports/hidden-texts.js';
import { fileOfChunks, mayBeExport } from '../exports/offer.js';
import { NoTree } from '../exports/trees.js';
import { DocumentAssembler, largeDocumentBytes, type SegmentPart } from '../files/document-assembler.js';
import type { DocumentRef, RangeEvents } from '../source.js';
import {
  ArchiveBudget,
  type ArchiveLimits,
  CapReached,
  fileLimitsFor,
  memoryLimits,
} from './archive-budget.js';
import { type ArchiveEntry, joinChain, type ReportFault } from './archive-entry.js';
import { TarTree, ZipTree } from './archive-tree.js';
import { ByteQueue } from './byte-queue.js';
import { EntryContent } from './entry-content.js';
import { gunzipChunks, gzipContentName } from './gzip.js';
import { type Chunks, maxDeflateRatio } from './inflate.js';
import { bufferAccess, chunksOf, fileAccess, type RandomAccess } from './random-access.js';
import {
  type ContainerKind,
  isReadable,
  type ReadableContainer,
  sniffBytes,
  sniffContainer,
} from './sniff.js';
import { type OnTarLink, type TarAgain, tarEntries } from './tar.js';
import { zipEntries } from './zip.js';

const chunkBytes = 256 * 1024;
/** Entries up to this size are held, so that a reader of exports may hand them back. */
const repeatableBytes = 4 * 1024 * 1024;
/** Times that a packed tar is read once more for an entry in it: each time from its start. */
const maxPasses = 8;

export type ArchiveInput =
  | { readonly kind: 'buffer'; readonly bytes: Buffer }
  /** The descriptor stays the caller's to close. */
  | { readonly kind: 'file'; readonly fd: number; readonly size: number }
  /** gzip and tar only: a zip needs random access. */
  | { readonly kind: 'stream'; readonly chunks: Chunks };

/** An entry before it is looked into. */
export interface TakenEntry {
  /** Containers from the outside in, and the entry itself. */
  readonly path: readonly string[];
  /** Its first bytes ({@link sniffBytes}, or all). */
  readonly head: Buffer;
  /** True when it is an archive itself. */
  readonly isContainer: boolean;
  /** The content; to be asked for once. */
  readonly chunks: () => Chunks;
  /** Name of an earlier entry beside this one that it is another name of; it has no content of its own. */
  readonly link?: string;
}

export interface ArchiveOptions {
  /** Ref of the container, given on with every entry. */
  readonly ref: DocumentRef;
  /** Displayable name of the container, for problems. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** Default: {@link memoryLimits} for buffers, else {@link fileLimitsFor} their size. */
  readonly limits?: ArchiveLimits;
  /** Asked for each entry first; true: the caller has dealt with it. */
  readonly take?: (entry: TakenEntry) => Promise<boolean>;
}

export interface ArchiveOutcome {
  /**
   * False when the container is damaged, cut short, of an unsupported format or no archive at all: its own
   * bytes must then be scanned as a plain document by the caller as well. Entries that could be read were
   * handed over all the same. (Nested containers are cared for here.)
   */
  readonly readable: boolean;
  readonly entries: number;
  /** Inflated bytes. */
  readonly bytes: number;
}

/**
 * Hands over every entry as a document (or its segments) whose `chain` names the entries from the outside
 * in. `bytes` of a document are valid only during the call. A tar within gzip is one level of the chain.
 */
export async function walkArchive(
  input: ArchiveInput,
  events: RangeEvents,
  options: ArchiveOptions,
): Promise<ArchiveOutcome> {
  const limits = options.limits ?? limitsFor(input);
  const walk = new ArchiveWalk(events, options, limits, packedSize(input));
  const readable = await walk.start(await containerOf(input));
  return { readable, entries: walk.budget.entries, bytes: walk.budget.bytes };
}

/** A container's bytes: always as chunks, by position where that is possible. */
interface Container {
  readonly head: Buffer;
  readonly access?: RandomAccess;
  /** To be called once, unless there is `access`. */
  readonly chunks: () => Chunks;
  /** The content from its beginning, each time. */
  readonly again?: (() => Chunks) | undefined;
}

function limitsFor(input: ArchiveInput): ArchiveLimits {
  if (input.kind === 'buffer') return memoryLimits;
  return fileLimitsFor(input.kind === 'file' ? input.size : 0);
}

function packedSize(input: ArchiveInput): number {
  if (input.kind === 'buffer') return input.bytes.length;
  return input.kind === 'file' ? input.size : Number.POSITIVE_INFINITY;
}

async function containerOf(input: ArchiveInput): Promise<Container> {
  if (input.kind === 'buffer') return accessContainer(bufferAccess(input.bytes));
  if (input.kind === 'file') return accessContainer(fileAccess(input.fd, input.size));
  return await streamContainer(new ByteQueue(input.chunks));
}

function accessContainer(access: RandomAccess): Container {
  const chunks = (): Chunks => chunksOf(access, 0, access.size, chunkBytes);
  return { head: access.read(0, sniffBytes), access, chunks, again: chunks };
}

/** A tar whose bytes can be had by position, or from its start a few times. */
function tarAgain({ access, again }: Container): TarAgain | undefined {
  if (access !== undefined)
    return { access, chunks: (start, end) => chunksOf(access, start, end, chunkBytes) };
  if (again === undefined) return undefined;
  let passes = 0;
  async function* chunks(start: number, end: number): AsyncGenerator<Buffer> {
    if (++passes > maxPasses || again === undefined) throw new CapReached('archive-too-large', true);
    const queue = new ByteQueue(again());
    try {
      await queue.skip(start);
      yield* queue.pieces(end - start);
    } finally {
      await queue.close();
    }
  }
  return { chunks };
}

async function streamContainer(queue: ByteQueue, again?: () => Chunks): Promise<Container> {
  const head = await queue.read(sniffBytes);
  async function* chunks(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    yield* queue.pieces(Number.POSITIVE_INFINITY);
  }
  return { head, chunks, again };
}

/** What the entries of one container have in common. */
interface Level {
  readonly chain: readonly string[];
  readonly depth: number;
  readonly fault: ReportFault;
  /** Whether their bytes count against the budget. */
  readonly charged: boolean;
  readonly tree: ExportTree;
}

class ArchiveWalk {
  readonly budget: ArchiveBudget;
  readonly #events: RangeEvents;
  readonly #options: ArchiveOptions;

  constructor(events: RangeEvents, options: ArchiveOptions, limits: ArchiveLimits, packedBytes: number) {
    this.#events = events;
    this.#options = options;
    this.budget = new ArchiveBudget(limits, packedBytes, (problem) => events.problem(problem));
  }

  async start(container: Container): Promise<boolean> {
    const kind = sniffContainer(container.head);
    return kind === undefined ? false : await this.#nested(kind, container, [], 0);
  }

  /** Opens a container at `depth` levels below the outermost, if it can be. Gives whether it was readable. */
  async #nested(
    kind: ContainerKind,
    container: Container,
    chain: readonly string[],
    depth: number,
  ): Promise<boolean> {
    const where = joinChain(this.#options.name, chain);
    if (!isReadable(kind)) {
      this.budget.problem('unsupported-archive', where, where, kind);
      return false;
    }
    if (depth >= this.budget.limits.maxDepth) {
      this.budget.problem('archive-too-deep', this.#options.name, where, `deeper than ${depth}`);
      return false;
    }
    return await this.#open(kind, container, chain, depth + 1);
  }

  async #open(
    kind: ReadableContainer,
    container: Container,
    chain: readonly string[],
    depth: number,
  ): Promise<boolean> {
    const where = joinChain(this.#options.name, chain);
    let readable = true;
    const fault: ReportFault = (code, detail, entryName) => {
      // A container that a cap cut short is not a broken one.
      if (code === 'broken-archive' && this.budget.exhausted !== undefined) return;
      if (code === 'broken-archive') readable = false;
      const at = entryName === undefined ? where : joinChain(where, [entryName]);
      this.budget.problem(code, where, at, detail);
    };
    switch (kind) {
      case 'zip': {
        const access = container.access ?? (await this.#hold(container, where));
        if (access !== undefined) {
          const level = { chain, depth, fault, charged: true, tree: new ZipTree(access) };
          await this.#entries(zipEntries(access, fault), level);
        }
        break;
      }
      case 'tar':
        // Never larger than their container, whose bytes were metered on the way in: not charged again.
        await this.#tar(container, { chain, depth, fault });
        break;
      case 'gzip':
        await this.#gzip(container, chain, depth, fault);
        break;
    }
    return readable;
  }

  async #tar(
    container: Container,
    { chain, depth, fault }: Pick<Level, 'chain' | 'depth' | 'fault'>,
  ): Promise<void> {
    const { again } = container;
    const tree = again === undefined ? new NoTree() : new TarTree(again);
    const entries = tarEntries(container.chunks(), fault, this.#links(chain), tarAgain(container));
    await this.#entries(entries, { chain, depth, fault, charged: false, tree });
  }

  async #gzip(
    container: Container,
    chain: readonly string[],
    depth: number,
    fault: ReportFault,
  ): Promise<void> {
    const containerName = chain.at(-1) ?? this.#options.name;
    const name = gzipContentName(container.head, containerName);
    const packed = container.again;
    const entry: ArchiveEntry = {
      name,
      packedBytes: container.access?.size ?? Number.POSITIVE_INFINITY,
      content: gunzipChunks(container.chunks()),
      ...(packed === undefined ? {} : { again: () => gunzipChunks(packed()) }),
    };
    const content = this.#contentOf(entry, { chain, fault, charged: true });
    const inner = await streamContainer(new ByteQueue(content.chunks()), content.again);
    if (sniffContainer(inner.head) === 'tar') {
      await this.#tar(inner, { chain, depth, fault });
      return;
    }
    if (!this.budget.takeEntry(joinChain(this.#options.name, chain))) return;
    const level = { chain, depth, fault, charged: false, tree: new NoTree() };
    const { again } = content;
    await this.#deliver(
      { ...entry, content: inner.chunks(), ...(again === undefined ? {} : { again }) },
      level,
    );
  }

  #contentOf(entry: ArchiveEntry, level: Pick<Level, 'chain' | 'fault' | 'charged'>): EntryContent {
    const { chain, fault, charged } = level;
    const where = joinChain(this.#options.name, chain);
    return new EntryContent(entry, {
      budget: this.budget,
      where,
      fault,
      charged,
      signal: this.#options.signal,
    });
  }

  async #entries(entries: AsyncGenerator<ArchiveEntry>, level: Level): Promise<void> {
    const where = joinChain(this.#options.name, level.chain);
    for await (const entry of entries) {
      if (this.#options.signal.aborted || !this.budget.takeEntry(where)) break;
      await this.#deliver(entry, level);
      if (this.budget.exhausted !== undefined) break;
    }
  }

  /** Hands over one entry, or what it contains. */
  async #deliver(entry: ArchiveEntry, level: Level): Promise<void> {
    const { chain } = level;
    const path = [...chain, entry.name];
    const content = this.#contentOf(entry, level);
    const queue = new ByteQueue(content.chunks());
    try {
      const container = await streamContainer(queue, content.again);
      const kind = sniffContainer(container.head);
      const isTaken =
        (await this.#options.take?.({ path, isContainer: kind !== undefined, ...container })) ??
        (kind === undefined && this.#isGit(container.head, entry.name, chain));
      if (isTaken) return;
      if (kind !== undefined) await this.#inner(kind, container, entry, path, level);
      else {
        const rest = await this.#afterExport(container, entry, path, level);
        if (rest !== undefined) await this.#document(rest, entry, path);
      }
    } finally {
      await queue.close();
    }
  }

  /** Opens an archive within, or a document that is one (Office). */
  async #inner(
    kind: ContainerKind,
    container: Container,
    entry: ArchiveEntry,
    path: readonly string[],
    level: Level,
  ): Promise<void> {
    const queue = new ByteQueue(container.chunks());
    const held = await queue.read(largeDocumentBytes);
    // One that is too large to be held can be read by position only where it lies unpacked.
    const access = held.length < largeDocumentBytes ? bufferAccess(held) : entry.access;
    async function* rest(): AsyncGenerator<Buffer> {
      yield held;
      yield* queue.pieces(Number.POSITIVE_INFINITY);
    }
    const whole = access === undefined ? { ...container, chunks: rest } : accessContainer(access);
    if (access !== undefined || container.again !== undefined) {
      const again = container.again ?? whole.chunks;
      const offered = await this.#afterExport({ ...whole, chunks: again, again }, entry, path, level);
      if (offered === undefined) return;
    } else if (hidesText(held)) {
      const where = joinChain(this.#options.name, path);
      this.budget.problem('document-too-large', where, where, 'a document of which only the parts are read');
    }
    const opens = isReadable(kind) && level.depth < this.budget.limits.maxDepth;
    const readable = await this.#nested(kind, whole, path, level.depth);
    if (readable) return;
    // A stream that was opened is gone.
    const plain = access === undefined && opens ? container.again?.() : whole.chunks();
    if (plain !== undefined) await this.#document(plain, entry, path);
  }

  /** What a link leads to is read under its first name; the repositories that share an object are all told of. */
  #links(chain: readonly string[]): OnTarLink {
    return async (name, link) => {
      if (this.#options.take !== undefined) {
        const entry = { path: [...chain, name], head: Buffer.alloc(0), isContainer: false, link };
        await this.#options.take({ ...entry, chunks: () => [] });
        return;
      }
      const folder = linkedStoreFolder(name, link);
      if (folder !== undefined) this.#events.embedded?.({ ref: this.#options.ref, chain, folder });
    };
  }

  /** Reports a repository or a bundle among the entries; its compressed bytes are no document. */
  #isGit(head: Buffer, name: string, chain: readonly string[]): boolean {
    if (this.#events.embedded === undefined) return false;
    const folder = storeFolderOf(name, head);
    if (folder === undefined && gitContainerOf(head) === undefined) return false;
    const { ref } = this.#options;
    if (folder === undefined) this.#events.embedded({ ref, chain: [...chain, name], folder: '' });
    else this.#events.embedded({ ref, chain, folder });
    return true;
  }

  /** Offers an entry to the readers of exports; gives its bytes when it is none of theirs. */
  async #afterExport(
    container: Container,
    entry: ArchiveEntry,
    path: readonly string[],
    { tree }: Level,
  ): Promise<Chunks | undefined> {
    const offer = this.#events.exported;
    if (offer === undefined || !mayBeExport(entry.name)) return container.chunks();
    const queue = new ByteQueue(container.chunks());
    let held = await queue.read(repeatableBytes);
    if (held.length === 0) return [];
    const head = held.subarray(0, probeBytes);
    let isHeld = held.length < repeatableBytes;
    let isBegun = false;
    async function* all(): AsyncGenerator<Buffer> {
      if (!isHeld && isBegun) {
        yield* container.again?.() ?? [];
        return;
      }
      isBegun = true;
      yield held;
      if (!isHeld) yield* queue.pieces(Number.POSITIVE_INFINITY);
    }
    const hold = async (maxBytes: number): Promise<boolean> => {
      if (isHeld || isBegun) return isHeld;
      held = Buffer.concat([held, await queue.read(maxBytes + 1 - held.length)]);
      isHeld = held.length <= maxBytes;
      return isHeld;
    };
    const size = entry.statedBytes;
    const known = {
      ...(size === undefined ? {} : { size }),
      ...(entry.modifiedMs === undefined ? {} : { modifiedMs: entry.modifiedMs }),
    };
    const file = fileOfChunks(entry.name, head, all, tree, known);
    const isTaken = await offer.call(this.#events, {
      file,
      isWhole: held.length <= probeBytes,
      ref: this.#options.ref,
      chain: path,
      isRepeatable: isHeld || container.again !== undefined,
      hold,
    });
    return isTaken ? undefined : all();
  }

  async #document(chunks: Chunks, entry: ArchiveEntry, path: readonly string[]): Promise<void> {
    const emit = (bytes: Buffer, segment?: SegmentPart): void => {
      this.#events.document({
        ref: this.#options.ref,
        bytes,
        chain: path,
        textStart: 0,
        ...(segment === undefined ? {} : { segment }),
        ...(entry.modifiedMs === undefined ? {} : { modifiedMs: entry.modifiedMs }),
      });
    };
    const possibleBytes = entry.packedBytes * maxDeflateRatio;
    const assembler = new DocumentAssembler(emit, Math.min(entry.statedBytes ?? 0, possibleBytes));
    for await (const chunk of chunks) assembler.lend(chunk);
    assembler.end();
    if (assembler.length === 0) this.#events.skipped('empty', 1);
  }

  /** Holds a nested zip in memory, since its directory stands at the end. */
  async #hold(container: Container, where: string): Promise<RandomAccess | undefined> {
    const limit = this.budget.limits.maxHeldBytes;
    const held = await new ByteQueue(container.chunks()).read(limit + 1);
    if (held.length <= limit) return bufferAccess(held);
    this.budget.problem('archive-too-large', where, where, `nested zip above ${limit} bytes`);
    return undefined;
  }
}
