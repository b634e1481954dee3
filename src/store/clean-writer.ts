/** Writes contents without findings: as ids in lists, but for the few that have a row by now. */

import { CleanPages } from './clean-pages.js';
import { contentRows } from './content-rows.js';
import { idBytes, sortedIds, uniqueIds } from './sort-ids.js';
import type { ContentResult } from './store.js';
import type { WaitingBatch } from './waiting-batches.js';
import type { WriteSession } from './write-session.js';

/** A content without findings that has a row. */
export interface CleanRow {
  readonly id: number;
  readonly analysis: number | null;
  readonly hit: boolean;
  readonly from: WaitingBatch;
  /** What was given of it, when it was more than the id. */
  readonly content: ContentResult | undefined;
}

interface Segment {
  readonly from: WaitingBatch;
  readonly ids: Uint8Array;
  readonly contents: readonly ContentResult[] | undefined;
}

function segmentsOf(batches: readonly WaitingBatch[], isPartial: boolean): Segment[] {
  return batches.flatMap((from): Segment[] => {
    const { clean, contents } = from.batch;
    const without = contents.filter(
      ({ findings, partial }) => findings.length === 0 && (partial === true) === isPartial,
    );
    const ids = Buffer.from(without.map(({ id }) => id).join(''), 'hex');
    const segments: Segment[] = [];
    if (ids.length > 0) segments.push({ from, ids, contents: without });
    if (clean !== undefined && clean.length > 0 && !isPartial) {
      segments.push({ from, ids: clean, contents: undefined });
    }
    return segments;
  });
}

/** Which segment the `i`-th of all their ids is in, and its position there. */
function segmentAt(segments: readonly Segment[], i: number): { segment: Segment; at: number } {
  let at = i;
  for (const segment of segments) {
    const count = segment.ids.length / idBytes;
    if (at < count) return { segment, at };
    at -= count;
  }
  throw new RangeError('no such content');
}

export class CleanWriter {
  readonly #session: WriteSession;
  readonly #pages: CleanPages;

  constructor(session: WriteSession) {
    this.#session = session;
    this.#pages = new CleanPages(session.connection.db);
  }

  /**
   * Writes what has no row, and gives the rows of the others. Call inside a write transaction, after the
   * contents with findings of the same batches.
   */
  write(batches: readonly WaitingBatch[], analysis: number, isPartial: boolean): CleanRow[] {
    const segments = segmentsOf(batches, isPartial);
    const ids = Buffer.concat(segments.map((segment) => segment.ids));
    if (ids.length === 0) return [];
    const order = sortedIds(ids);
    const rows: CleanRow[] = [];
    const withRow = new Set<number>();
    for (const { i, id, analysis: own, hit } of contentRows(this.#session.connection.db, ids, order)) {
      const { segment, at } = segmentAt(segments, i);
      rows.push({ id, analysis: own, hit: hit === 1, from: segment.from, content: segment.contents?.[at] });
      withRow.add(i);
    }
    this.#pages.add(
      analysis,
      uniqueIds(ids, withRow.size === 0 ? order : order.filter((i) => !withRow.has(i))),
    );
    return rows;
  }
}
