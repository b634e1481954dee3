/** Finds one text of one record in an export again: `--show-secrets` reads values from their source. */
import type { RecordAppearance } from '../../model/appearance.js';
import type { ExportRecord, RecordSink } from '../../sources/exports/contract.js';
import type { ExportOffer } from '../../sources/exports/offer.js';
import { exportReaders } from '../../sources/exports/registry.js';
import { readFiles } from '../../sources/files/read-files.js';
import type { FilesRange } from '../../sources/source.js';
import { sourceOf } from './export-files.js';
import { cleanText } from './record-place.js';

const chainMark = '!/';

/**
 * The decoded texts of the record's field, as bytes; several when records without a lasting id share one.
 * @param folder absolute path of the target's folder, base64 of its bytes
 */
export async function rereadRecord(
  folder: string,
  appearance: RecordAppearance,
  signal: AbortSignal,
): Promise<readonly Buffer[]> {
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
  readonly found: Buffer[] = [];

  constructor(wanted: RecordAppearance) {
    this.#wanted = wanted;
  }

  get aborted(): boolean {
    return false;
  }

  record({ type, id, revision, texts }: ExportRecord): void {
    const { recordType, recordId, field, revision: state, revisionId } = this.#wanted;
    if (type !== recordType || revision.state !== state || revision.id !== revisionId) return;
    if (cleanText(id) !== recordId) return;
    for (const text of texts) {
      if (cleanText(text.field.path) === field) this.found.push(Buffer.from(text.text, 'utf8'));
    }
  }

  note(): void {}
  unknownKey(): void {}
  damaged(): void {}
  async drained(): Promise<void> {}
}
