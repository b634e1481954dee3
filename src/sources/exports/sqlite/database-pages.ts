/**
 * Pages of a SQLite database, read without SQLite: what lies in an export may be made to harm whoever opens it, be cut
 * off, or stand within an archive. Nothing but bytes is looked at; no statement of the file is ever run.
 */
import { type ExportFile, FileTooLarge } from '../contract.js';

const magic = Buffer.from('SQLite format 3\0', 'latin1');
const headerBytes = 100;
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

/** Undefined when the header makes no sense. */
export async function openPages(file: ExportFile): Promise<DatabasePages | undefined> {
  const header = headerOf(file.head);
  if (header === undefined) return undefined;
  const { at, size } = file;
  if (at !== undefined && size !== undefined && size > maxWholeBytes)
    return pagesOf(header, size, (position, length) => at(position, length));
  if (size !== undefined && size > maxWholeBytes) throw new FileTooLarge();
  const bytes = await file.bytes(maxWholeBytes);
  return pagesOf(header, bytes.length, (position, length) => bytes.subarray(position, position + length));
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
