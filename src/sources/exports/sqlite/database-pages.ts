/**
 * Pages of a SQLite database, read without SQLite: what lies in an export may be made to harm whoever opens it, be cut
 * off, or stand within an archive. Nothing but bytes is looked at; no statement of the file is ever run.
 */
import { type ExportFile, FileTooLarge, type RecordSink } from '../contract.js';
import { isWriteAheadLog, type WrittenPages, writtenPages } from './write-ahead-log.js';

const magic = Buffer.from('SQLite format 3\0', 'latin1');
const headerBytes = 100;
/** Of the log beside a database: all of it is held. */
const maxLogBytes = 128 * 1024 * 1024;
/** Larger databases are read page by page, where the file can be. */
const maxWholeBytes = 256 * 1024 * 1024;

export interface DatabasePages {
  readonly pageSize: number;
  /** Bytes of a page that hold content. */
  readonly usable: number;
  /** Pages that the file has, whatever it states. */
  readonly count: number;
  /** Pages that the header states; 0 when it does not. */
  readonly stated: number;
  readonly encoding: 'utf8' | 'utf16le' | 'utf16be';
  /** Content of a page, counted from 1; undefined when the file ends before. */
  page(number: number): Buffer | undefined;
}

interface Header {
  readonly pageSize: number;
  readonly usable: number;
  readonly stated: number;
  readonly encoding: DatabasePages['encoding'];
}

/** True when a file begins as a SQLite database that can be read. */
export function isDatabase(head: Buffer): boolean {
  return headerOf(head) !== undefined;
}

/**
 * The pages of a database, or of the log of one that lies alone. Undefined when the header makes no sense.
 *
 * @param sink is told of a log that is too large
 */
export async function openPages(
  file: ExportFile,
  sink: Pick<RecordSink, 'note'>,
): Promise<DatabasePages | undefined> {
  if (isWriteAheadLog(file.head)) return await pagesOfLog(file);
  const header = headerOf(file.head);
  if (header === undefined) return undefined;
  const { at, size } = file;
  if (at !== undefined && size !== undefined && size > maxWholeBytes)
    return withLog(
      pagesOf(header, size, (position, length) => at(position, length)),
      await logBeside(file, sink),
    );
  if (size !== undefined && size > maxWholeBytes) throw new FileTooLarge();
  const bytes = await file.bytes(maxWholeBytes);
  const read = (position: number, length: number): Buffer => bytes.subarray(position, position + length);
  return withLog(pagesOf(header, bytes.length, read), await logBeside(file, sink));
}

const logEnding = '-wal';

async function logBeside(
  { name, tree }: ExportFile,
  sink: Pick<RecordSink, 'note'>,
): Promise<WrittenPages | undefined> {
  const log = `${name}${logEnding}`;
  if (!(await tree.list(folderOf(name))).includes(log)) return undefined;
  const bytes = await tree.read(log, maxLogBytes);
  if (bytes === undefined) sink.note('too-large');
  return bytes && writtenPages(bytes);
}

/** What a log has, where there is no database whose reader would read it. */
async function pagesOfLog(file: ExportFile): Promise<DatabasePages | undefined> {
  const { name, tree } = file;
  if (name.endsWith(logEnding)) {
    const database = await tree.read(name.slice(0, -logEnding.length), maxWholeBytes);
    if (database !== undefined && isDatabase(database)) return undefined;
  }
  const written = writtenPages(await file.bytes(maxLogBytes));
  const header = written && headerOf(written.page(1) ?? Buffer.alloc(0));
  if (header === undefined) return undefined;
  return withLog({ ...header, count: 0, page: () => undefined }, written);
}

/** The pages as they are once the log is copied back. */
function withLog(pages: DatabasePages, log: WrittenPages | undefined): DatabasePages {
  if (log === undefined || log.pageSize !== pages.pageSize) return pages;
  return {
    ...pages,
    count: log.count,
    stated: log.count,
    page: (number) => log.page(number) ?? pages.page(number),
  };
}

function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}

function headerOf(head: Buffer): Header | undefined {
  if (head.length < headerBytes || !head.subarray(0, magic.length).equals(magic)) return undefined;
  const stated = head.readUInt16BE(16);
  const pageSize = stated === 1 ? 65_536 : stated;
  const usable = pageSize - (head[20] as number);
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0 || usable < 480) return undefined;
  const encodings = ['utf8', 'utf16le', 'utf16be'] as const;
  // Tools that never wrote leave 0.
  const encoding = encodings[Math.max(head.readUInt32BE(56), 1) - 1];
  if (encoding === undefined) return undefined;
  return { pageSize, usable, stated: head.readUInt32BE(28), encoding };
}

function pagesOf(
  header: Header,
  size: number,
  read: (position: number, length: number) => Buffer,
): DatabasePages {
  const { pageSize } = header;
  return {
    ...header,
    count: Math.floor(size / pageSize),
    page: (number) => {
      const bytes = read((number - 1) * pageSize, pageSize);
      return bytes.length === pageSize ? bytes : undefined;
    },
  };
}
