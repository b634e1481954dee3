/** Finds texts of records in one file of an export again: `--show-secrets` reads values from their source. */
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

/** A file of an export, and the reader that read it. */
export interface ExportSource {
  /** Absolute path of the target's folder, base64 of its bytes. */
  readonly folder: string;
  /** File within it, container entries joined with `!/`. */
  readonly source: string;
  readonly reader: string;
}

/** What tells a field of a record from all others of its export; cleaned as locations are. */
export function fieldKeyOf(appearance: RecordAppearance): string {
  const { recordType, revision, revisionId, recordId, field } = appearance;
  return keyOf(recordType, revision, revisionId, recordId, field);
}

function keyOf(...parts: readonly (string | undefined)[]): string {
  return parts.map((part) => part ?? '').join('\0');
}

/** Texts of the wanted fields, by their key; several when records without a lasting id share one. */
export async function rereadFields(
  { folder, source, reader: id }: ExportSource,
  wanted: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly RereadText[]>> {
  const sink = new RecordSearch(wanted);
  const reader = exportReaders.find((each) => each.id === id);
  if (reader === undefined) return sink.found;
  const [path = ''] = source.split(chainMark, 1);
  const entry = { path: { text: path }, size: 0, modifiedMs: 0, ignored: false, tracked: false };
  const range: FilesRange = { type: 'files', root: folder, files: [entry] };
  const exported = async (offer: ExportOffer): Promise<boolean> => {
    if (sourceOf(offer) !== source) return false;
    await reader.read(offer.file, sink, { includeDirect: true });
    return true;
  };
  await readFiles(range, { document: () => {}, problem: () => {}, skipped: () => {}, exported }, signal);
  return sink.found;
}

/** Keeps the wanted texts and drops all else. */
class RecordSearch implements RecordSink {
  readonly #wanted: ReadonlySet<string>;
  /** What comes before the field in wanted keys: most records are passed over by it. */
  readonly #records: ReadonlySet<string>;
  readonly found = new Map<string, RereadText[]>();

  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted;
    this.#records = new Set([...wanted].map((key) => key.slice(0, key.lastIndexOf('\0'))));
  }

  get aborted(): boolean {
    return false;
  }

  record(record: ExportRecord): void {
    const { type, id, revision, texts } = record;
    const own = keyOf(type, revision.state, revision.id, cleanText(id));
    if (!this.#records.has(own)) return;
    for (const [index, text] of texts.entries()) {
      const key = keyOf(own, cleanText(text.field.path));
      if (!this.#wanted.has(key)) continue;
      const { decoded, parts } = viewsOf(record);
      const views = parts.filter((part) => part.text === index && part.view !== 'decoded');
      const list = this.found.get(key) ?? [];
      list.push({ decoded: decoded[index] as Buffer, views: views.map(({ bytes }) => bytes) });
      this.found.set(key, list);
    }
  }

  note(): void {}
  unknownKey(): void {}
  damaged(): void {}
  async drained(): Promise<void> {}
}
