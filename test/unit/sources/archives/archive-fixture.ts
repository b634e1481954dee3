/** Builds archives with foreign tools (yazl, tar-stream, zlib) and collects what the walk hands over. */
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { crc32, deflateRawSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { ZipFile } from 'yazl';
import type { InputProblem } from '../../../../src/model/problem.js';
import type { ArchiveLimits } from '../../../../src/sources/archives/archive-budget.js';
import {
  type ArchiveInput,
  type ArchiveOutcome,
  walkArchive,
} from '../../../../src/sources/archives/walk-archive.js';

export interface Walked {
  readonly outcome: ArchiveOutcome;
  /** Chain joined with `!/` -> content (Latin-1), segments joined by their owned ranges. */
  readonly texts: ReadonlyMap<string, string>;
  /** Names in order, duplicates included. */
  readonly names: readonly string[];
  readonly problems: readonly InputProblem[];
  readonly codes: readonly string[];
  readonly largestPart: number;
}

export async function walk(
  input: ArchiveInput | Buffer,
  limits?: ArchiveLimits,
  name = 'a.bin',
): Promise<Walked> {
  const texts = new Map<string, string>();
  const names: string[] = [];
  const problems: InputProblem[] = [];
  let largestPart = 0;
  const outcome = await walkArchive(
    Buffer.isBuffer(input) ? { kind: 'buffer', bytes: input } : input,
    {
      document({ chain, bytes, segment }) {
        const key = chain.join('!/');
        largestPart = Math.max(largestPart, bytes.length);
        const owned = segment === undefined ? bytes : bytes.subarray(segment.ownedStart, segment.ownedEnd);
        if (segment === undefined || segment.first) {
          names.push(key);
          texts.set(key, owned.toString('latin1'));
        } else texts.set(key, texts.get(key) + owned.toString('latin1'));
      },
      problem: (problem) => problems.push(problem),
      skipped: () => {},
    },
    {
      ref: { type: 'stdin' },
      name,
      signal: new AbortController().signal,
      ...(limits === undefined ? {} : { limits }),
    },
  );
  return { outcome, texts, names, problems, codes: problems.map(({ code }) => code), largestPart };
}

export type Files = Readonly<Record<string, string | Buffer>>;

export async function zipOf(
  files: Files,
  options: { compress?: boolean; forceZip64Format?: boolean } = {},
): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(content), name, { mtime: new Date('2024-05-06T07:08:10Z'), ...options });
  }
  zip.end();
  return await buffer(zip.outputStream);
}

export async function tarOf(
  files: readonly (Partial<Header> & { name: string; content?: string | Buffer })[],
): Promise<Buffer> {
  const tar = pack();
  const result = buffer(tar as unknown as NodeJS.ReadableStream);
  for (const { content, ...header } of files) {
    const sink = tar.entry({
      ...header,
      ...(content === undefined ? {} : { size: Buffer.byteLength(content) }),
    });
    sink.end(content === undefined ? undefined : Buffer.from(content));
    if (content !== undefined) await once(sink, 'finish').catch(() => {});
  }
  tar.finalize();
  return await result;
}

export interface RawZipEntry {
  readonly name: Buffer | string;
  readonly content: Buffer;
  readonly flags?: number;
  readonly method?: number;
  /** Written into both headers instead of the right one. */
  readonly crc?: number;
}

/** A zip made byte by byte, for what well-behaved tools will not write. */
export function rawZip(entries: readonly RawZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const method = entry.method ?? 8;
    const data = method === 8 ? deflateRawSync(entry.content) : entry.content;
    const crc = entry.crc ?? crc32(entry.content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(entry.flags ?? 0, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(crc, 14);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(entry.content.length, 22);
    local.writeUInt16LE(name.length, 26);
    const header = Buffer.alloc(46);
    header.writeUInt32LE(0x02014b50, 0);
    local.copy(header, 6, 4, 30);
    header.writeUInt32LE(offset, 42);
    locals.push(local, name, data);
    central.push(header, name);
    offset += 30 + name.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
