/**
 * Reads tar: POSIX (ustar, PAX), GNU long names and big numbers, and the old form without a magic.
 *
 * An own reader: tar-stream stops at the first bad header and loses the entry that the end of a cut-off
 * archive falls into, while copies of secrets must be found up to the last byte that is there.
 */
import { type ArchiveEntry, decodeName, type ReportFault } from './archive-entry.js';
import { ByteQueue } from './byte-queue.js';
import type { Chunks } from './inflate.js';
import { partAccess, type RandomAccess } from './random-access.js';
import { isTarHeader } from './sniff.js';

const blockBytes = 512;
/** Most bytes of a long name or PAX header; real ones stay below 64 KiB. */
const maxMetaBytes = 1024 * 1024;
/** Entries up to this size are handed over whole. */
const wholeBytes = 1024 * 1024;

interface TarHeader {
  readonly name: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** Type flag, one character; `\0` is an ordinary file of the old form. */
  readonly type: string;
  /** GNU sparse entries have further header blocks. */
  readonly hasMoreSparseBlocks: boolean;
  /** Name of the entry that a link is another name of. */
  readonly link: string;
}

/** Told of an entry that is another name of an earlier one (a hard link). */
export type OnTarLink = (name: string, target: string) => Promise<void>;

/** Reads a tar by position, for contents that are asked for once more. */
export interface TarAgain {
  chunks(start: number, end: number): Chunks;
  /** Absent when it lies packed. */
  readonly access?: RandomAccess | undefined;
}

/** GNU long name (L) and long link (K), PAX for the next entry (x, X) and for all (g). */
const metaTypes: readonly string[] = ['L', 'K', 'x', 'X', 'g'];

/** What PAX and GNU headers say of the entry that follows them. */
interface Override {
  name?: string;
  link?: string;
  size?: number;
  modifiedMs?: number;
}

/** Yields every entry that has content. Links, folders and devices have none. */
export async function* tarEntries(
  source: Chunks,
  fault: ReportFault,
  onLink?: OnTarLink,
  again?: TarAgain,
): AsyncGenerator<ArchiveEntry> {
  const queue = new ByteQueue(source);
  let global: Override = {};
  let next: Override = {};
  try {
    for (
      let header = await nextHeader(queue, fault);
      header !== undefined;
      header = await nextHeader(queue, fault)
    ) {
      if (metaTypes.includes(header.type)) {
        const found = parseMeta(header.type, await readMeta(queue, header, fault));
        if (header.type === 'g') global = { ...global, ...found };
        else next = { ...next, ...found };
        continue;
      }
      const entry = { ...header, ...global, ...next };
      next = {};
      if (entry.type === '1') await onLink?.(entry.name, entry.link);
      yield* contentOf(queue, entry, fault, again);
    }
  } finally {
    await queue.close();
  }
}

/** Headers lie at multiples of 512, so reading on block by block finds the next good one behind damage. */
async function nextHeader(queue: ByteQueue, fault: ReportFault): Promise<TarHeader | undefined> {
  for (let damaged = false; ; ) {
    const block = await queue.read(blockBytes);
    if (block.length === 0) return undefined;
    if (isTarHeader(block)) return parseHeader(block);
    // Blocks of zeros end an archive, but another one may follow.
    if (block.every((byte) => byte === 0) && block.length === blockBytes) continue;
    if (!damaged) fault('broken-archive', block.length < blockBytes ? 'cut short' : 'bad header');
    damaged = true;
  }
}

async function* contentOf(
  queue: ByteQueue,
  header: TarHeader,
  fault: ReportFault,
  again: TarAgain | undefined,
): AsyncGenerator<ArchiveEntry> {
  if (header.hasMoreSparseBlocks) {
    for (let more = true; more; ) {
      const block = await queue.read(blockBytes);
      more = block.length === blockBytes && block[504] === 1;
    }
  }
  const { name, size, modifiedMs } = header;
  const padding = (blockBytes - (size % blockBytes)) % blockBytes;
  let present: number;
  if (!hasContent(header.type) || size === 0) {
    present = await queue.skip(size);
  } else if (size <= wholeBytes) {
    const content = await queue.read(size);
    present = content.length;
    yield { name, modifiedMs, packedBytes: size, content, statedBytes: size };
  } else {
    let passed = 0;
    const start = queue.position;
    async function* counted(): AsyncGenerator<Buffer> {
      for await (const piece of queue.pieces(size)) {
        passed += piece.length;
        yield piece;
      }
    }
    yield {
      name,
      modifiedMs,
      packedBytes: size,
      content: counted(),
      statedBytes: size,
      ...(again === undefined ? {} : { again: () => again.chunks(start, start + size) }),
      ...(again?.access === undefined ? {} : { access: partAccess(again.access, start, size) }),
    };
    // What the caller left unread (a cap, a damaged inner archive) must not be taken for headers.
    present = passed + (await queue.skip(size - passed));
  }
  if (present < size) fault('broken-archive', 'cut short', name);
  else await queue.skip(padding);
}

/** Links (1, 2), devices (3, 4), folders (5), fifos (6) and GNU dump directories (D) hold no text of their own. */
function hasContent(type: string): boolean {
  return !'123456DV'.includes(type);
}

async function readMeta(queue: ByteQueue, header: TarHeader, fault: ReportFault): Promise<Buffer> {
  const size = header.size;
  const kept = await queue.read(Math.min(size, maxMetaBytes));
  if (size > maxMetaBytes) {
    fault('broken-archive', 'oversized extended header');
    await queue.skip(size - maxMetaBytes);
  }
  await queue.skip((blockBytes - (size % blockBytes)) % blockBytes);
  return kept;
}

function parseMeta(type: string, meta: Buffer): Override {
  if (type === 'L') return { name: decodeName(untilNul(meta)) };
  return type === 'K' ? { link: decodeName(untilNul(meta)) } : parsePax(meta);
}

function parseHeader(block: Buffer): TarHeader {
  const type = String.fromCharCode(block[156] as number);
  const isPosix = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? decodeName(untilNul(block.subarray(345, 500))) : '';
  const name = decodeName(untilNul(block.subarray(0, 100)));
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: parseNumber(block.subarray(124, 136)),
    modifiedMs: parseNumber(block.subarray(136, 148)) * 1000,
    type,
    hasMoreSparseBlocks: type === 'S' && block[482] === 1,
    link: decodeName(untilNul(block.subarray(157, 257))),
  };
}

/** Octal digits, or GNU's base 256 when the top bit is set. Nonsense and negative numbers give 0. */
function parseNumber(field: Buffer): number {
  if (((field[0] as number) & 0x80) === 0) {
    const octal = Number.parseInt(untilNul(field).toString('latin1').trim(), 8);
    return Number.isSafeInteger(octal) && octal >= 0 ? octal : 0;
  }
  if (field[0] !== 0x80) return 0;
  const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(value) ? value : 0;
}

/** PAX records are `<length> <key>=<value>\n`, the length counting the whole record in bytes. */
function parsePax(meta: Buffer): Override {
  const found: Override = {};
  for (let at = 0; at < meta.length; ) {
    const blank = meta.indexOf(0x20, at);
    const length = blank < 0 ? Number.NaN : Number(meta.toString('latin1', at, blank));
    if (!Number.isSafeInteger(length) || length <= blank - at || at + length > meta.length) break;
    const record = meta.subarray(blank + 1, at + length - 1);
    const equals = record.indexOf(0x3d);
    if (equals > 0) setPax(found, record.toString('latin1', 0, equals), record.subarray(equals + 1));
    at += length;
  }
  return found;
}

function setPax(found: Override, key: string, value: Buffer): void {
  if (key === 'path' || key === 'GNU.sparse.name') {
    found.name = decodeName(value);
    return;
  }
  if (key === 'linkpath') found.link = decodeName(value);
  if (key !== 'size' && key !== 'mtime') return;
  const number = Number(value.toString('latin1'));
  if (!Number.isFinite(number) || number < 0) return;
  if (key === 'mtime') found.modifiedMs = Math.floor(number * 1000);
  else if (Number.isSafeInteger(number)) found.size = number;
}

function untilNul(field: Buffer): Buffer {
  const end = field.indexOf(0);
  return end < 0 ? field : field.subarray(0, end);
}
