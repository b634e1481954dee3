/** A file of an export held in memory, and a sink that collects, for tests of the shared helpers. */
import {
  type CoverageNote,
  type ExportFile,
  type ExportRecord,
  FileTooLarge,
  probeBytes,
  type RecordSink,
} from '../../src/sources/exports/contract.js';
import { treeOf } from './read-export.js';

/** @param piece bytes that a chunk has */
export function fileOf(content: string | Buffer, piece: number = probeBytes, name = 'file'): ExportFile {
  const bytes = Buffer.from(content);
  return {
    name,
    size: bytes.length,
    head: bytes.subarray(0, probeBytes),
    tree: treeOf({ [name]: bytes }),
    bytes: async (maxBytes = Number.POSITIVE_INFINITY) => {
      if (bytes.length > maxBytes) throw new FileTooLarge();
      return bytes;
    },
    async *chunks() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    },
  };
}

export interface CollectingSink extends RecordSink {
  readonly records: ExportRecord[];
  readonly notes: Map<CoverageNote, number>;
  readonly damage: string[];
}

export function collectingSink(): CollectingSink {
  const records: ExportRecord[] = [];
  const notes = new Map<CoverageNote, number>();
  const damage: string[] = [];
  return {
    records,
    notes,
    damage,
    record: (record) => records.push(record),
    note: (note, count = 1) => notes.set(note, (notes.get(note) ?? 0) + count),
    unknownKey: () => undefined,
    damaged: (detail) => damage.push(detail),
    aborted: false,
    drained: async () => undefined,
  };
}
