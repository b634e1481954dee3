/** Finds one text of one record in an export again: `--show-secrets` reads values from their source. */
import type { RecordAppearance } from '../../model/appearance.js';
import type { ExportRecord, RecordSink } from '../../sources/exports/contract.js';
import type { ExportOffer } from '../../sources/exports/offer.js';
import { exportReaders } from '../../sources/exports/registry.js';
import { readFiles } from '../../sources/files/read-files.js';
import type { FilesRange } from '../../sources/source.js';
import { sourceOf } from './export-files.js';
import { cleanText } from './record-place.js';
import { viewsOf } from './record-views.js';

const chainMark = '!/';

/** A text of a record: as decoded, and the views of it. */
export interface RereadText {
  readonly decoded: Buffer;
  readonly views: readonly Buffer[];
}

/**
 * The texts of the record's field; several when records without a lasting id share one.
 * @param folder absolute path of the target's folder, base64 of its bytes
 */
export async function rereadRecord(
  folder: string,
  appearance: RecordAppearance,
  signal: AbortSignal,
): Promise<readonly RereadText[]> {
  const { facts } = appearance;
  const reader = exportReaders.find(({ id }) => id === facts?.reader);
  if (facts === undefined || reader === undefined) return [];
  const [path = ''] = facts.source.split(chainMark, 1);
  const entry = { path: { text: path }, size: 0, modifiedMs: 0, ignored: false, tracked: false };
  const range: FilesRange = { type: 'files', root: folder, files: [entry] };
  const sink = new RecordSearch(appearance);
  const exported = async (offer: ExportOffer): Promise<boolean> => {
    if (sourceOf(offer) !== facts.source) return false;
    await reader.read(offer.file, sink, { includeDirect: true });
    return true;
  };
  await readFiles(range, { document: () => {}, problem: () => {}, skipped: () => {}, exported }, signal);
  return sink.found;
}

/** Keeps the wanted text and drops all else. */
class RecordSearch implements RecordSink {
  readonly #wanted: RecordAppearance;
  readonly found: RereadText[] = [];

  constructor(wanted: RecordAppearance) {
    this.#wanted = wanted;
  }

  get aborted(): boolean {
    return false;
  }

  record(record: ExportRecord): void {
    const { type, id, revision, texts } = record;
    const { recordType, recordId, field, revision: state, revisionId } = this.#wanted;
    if (type !== recordType || revision.state !== state || revision.id !== revisionId) return;
    if (cleanText(id) !== recordId) return;
    for (const [index, text] of texts.entries()) {
      if (cleanText(text.field.path) !== field) continue;
      const { decoded, parts } = viewsOf(record);
      const views = parts.filter((part) => part.text === index && part.view !== 'decoded');
      this.found.push({ decoded: decoded[index] as Buffer, views: views.map(({ bytes }) => bytes) });
    }
  }

  note(): void {}
  unknownKey(): void {}
  damaged(): void {}
  async drained(): Promise<void> {}
}
