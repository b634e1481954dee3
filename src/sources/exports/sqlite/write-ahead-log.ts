/**
 * The log that lies beside a SQLite database while it is in use (`x.db-wal`): what was written last stands only there,
 * until it is copied back. A database that was copied with its folder has both.
 */

const headerBytes = 32;
const frameHeadBytes = 24;
const magics: ReadonlySet<number> = new Set([0x377f0682, 0x377f0683]);

export interface WrittenPages {
  readonly pageSize: number;
  /** Pages of the database once the log is in it. */
  readonly count: number;
  /** Content of a page as it was written last; undefined when the log does not have it. */
  page(number: number): Buffer | undefined;
}

/** True when a file begins as such a log. */
export function isWriteAheadLog(head: Buffer): boolean {
  return head.length >= headerBytes && magics.has(head.readUInt32BE(0)) && isPageSize(head.readUInt32BE(8));
}

/** Pages of all transactions that were finished; undefined when there is none. */
export function writtenPages(log: Buffer): WrittenPages | undefined {
  if (!isWriteAheadLog(log)) return undefined;
  const pageSize = log.readUInt32BE(8);
  const salts = log.subarray(16, 24);
  const places = new Map<number, number>();
  const open = new Map<number, number>();
  let count = 0;
  const frameBytes = frameHeadBytes + pageSize;
  for (let at = headerBytes; at + frameBytes <= log.length; at += frameBytes) {
    // Behind the last frame may stand older ones, of a time when the log was longer.
    if (!log.subarray(at + 8, at + 16).equals(salts)) break;
    open.set(log.readUInt32BE(at), at + frameHeadBytes);
    const pages = log.readUInt32BE(at + 4);
    if (pages === 0) continue;
    count = pages;
    for (const [number, place] of open) places.set(number, place);
    open.clear();
  }
  if (count === 0) return undefined;
  return {
    pageSize,
    count,
    page: (number) => {
      const place = places.get(number);
      return place === undefined ? undefined : log.subarray(place, place + pageSize);
    },
  };
}

function isPageSize(size: number): boolean {
  return size >= 512 && size <= 65_536 && (size & (size - 1)) === 0;
}
