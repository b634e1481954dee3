/** Reads the records of a JSON text made up in a test. */
import { type CoverageNote, type ExportFile, probeBytes } from '../../src/sources/exports/contract.js';
import type { FrameLimits } from '../../src/sources/exports/json-frames.js';
import { type JsonRecord, readJsonRecords } from '../../src/sources/exports/json-records.js';
import { treeOf } from './read-export.js';

export interface ReadJson {
  readonly records: readonly JsonRecord[];
  /** What `end` was given. */
  readonly roots: readonly unknown[];
  readonly notes: Readonly<Partial<Record<CoverageNote, number>>>;
  readonly damage: readonly string[];
}

/** The text comes in pieces of `piece` bytes. */
export async function readJson(
  text: string | Buffer,
  paths: readonly string[],
  options: {
    readonly piece?: number;
    readonly limits?: FrameLimits;
    /** Sees each record when it comes: its ancestors grow afterwards. */
    readonly onRecord?: (record: JsonRecord) => void;
  } = {},
): Promise<ReadJson> {
  const bytes = Buffer.from(text as string);
  const piece = options.piece ?? 64 * 1024;
  const records: JsonRecord[] = [];
  const roots: unknown[] = [];
  const notes: Partial<Record<CoverageNote, number>> = {};
  const damage: string[] = [];
  const file: ExportFile = {
    name: 'export.json',
    size: bytes.length,
    head: bytes.subarray(0, probeBytes),
    tree: treeOf({}),
    bytes: async () => bytes,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    },
  };
  await readJsonRecords(
    file,
    paths,
    {
      record: () => undefined,
      note: (note, count = 1) => {
        notes[note] = (notes[note] ?? 0) + count;
      },
      unknownKey: () => undefined,
      damaged: (detail) => damage.push(detail),
      aborted: false,
      drained: async () => undefined,
    },
    {
      record: (record) => {
        records.push(record);
        options.onRecord?.(record);
      },
      end: (root) => roots.push(root),
    },
    options.limits,
  );
  return { records, roots, notes, damage };
}
