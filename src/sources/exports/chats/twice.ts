/** Files that are looked at twice: what stands at their end, or later in them, decides what stands before it. */
import type { ExportFile, RecordSink } from '../contract.js';
import { fileOfBytes } from '../offer.js';

/** Larger files are read once, and what only a second look tells stays unknown. */
const maxBytes = 128 * 1024 * 1024;

/** The file held in memory, to be read any number of times; undefined for one that is too large for it. */
export async function inMemory(file: ExportFile): Promise<ExportFile | undefined> {
  if (file.size === undefined || file.size > maxBytes) return undefined;
  return fileOfBytes(file.name, await file.bytes(maxBytes), file.tree, file.modifiedMs);
}

/** A sink for the first look: only the second one counts. */
export function silent(sink: RecordSink): RecordSink {
  return {
    record: () => undefined,
    note: () => undefined,
    unknownKey: () => undefined,
    damaged: () => undefined,
    get aborted() {
      return sink.aborted;
    },
    drained: () => sink.drained(),
  };
}
