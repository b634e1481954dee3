/** Finds texts of records in one file of an export again: `--show-secrets` reads values from their source. */
import type { RecordAppearance } from '../../model/appearance.js';
import type { ExportRecord, RecordSink } from '../../sources/exports/contract.js';
import { readToEnd } from '../../sources/exports/file-ending.js';
import type { ExportOffer } from '../../sources/exports/offer.js';
import { sourceOf } from '../../sources/exports/offer.js';
import { exportReaders } from '../../sources/exports/registry.js';
import { readFiles } from '../../sources/files/read-files.js';
import type { FilesRange } from '../../sources/source.js';
import { cleanText } from './record-place.js';
import { viewsOf } from './record-views.js';

const chainMark = '!/';

/** A text of a record: as decoded, and the views of it. */
export interface RereadText {
  readonly decoded: Buffer;
  readonly views: readonly Buffer[];
}

/** A file on disk, and the fields wanted of what lies in it, see {@link wantedKeyOf}. */
export interface WantedFields {
  /** Absolute path of the target's folder, base64 of its bytes. */
  readonly folder: string;
  /** File within it. */
  readonly path: string;
  readonly wanted: ReadonlySet<string>;
  /** Bytes of texts that there is room for. */
  readonly mostBytes: number;
}

export interface RereadFields {
  /** By the key of the field; several when records without a lasting id share one. */
  readonly texts: ReadonlyMap<string, readonly RereadText[]>;
  readonly bytes: number;
  /** True when there was no room for all. */
  readonly isCut: boolean;
}

/**
 * What tells a field of a record from all others of a folder: the file of the export, the reader, the record and the
 * field; cleaned as locations are. Undefined when it is not known where it was read.
 */
export function wantedKeyOf(appearance: RecordAppearance): string | undefined {
  const { recordType, revision, revisionId, recordId, field, facts } = appearance;
  if (facts === undefined) return undefined;
  return keyOf(facts.source, facts.reader, recordType, revision, revisionId, recordId, field);
}

/** The file on disk that a field stands in, container entries left out. */
export function outerPathOf(key: string): string {
  return key.slice(0, key.indexOf('\0')).split(chainMark, 1)[0] ?? '';
}

function keyOf(...parts: readonly (string | undefined)[]): string {
  return parts.map((part) => part ?? '').join('\0');
}

/** Reads the file once, and of what lies in it the files with wanted fields; two may have one name. */
export async function rereadFields(
  { folder, path, wanted, mostBytes }: WantedFields,
  signal: AbortSignal,
): Promise<RereadFields> {
  const readers = readersBySource(wanted);
  const sink = new RecordSearch(wanted, mostBytes);
  const full = new AbortController();
  const entry = { path: { text: path }, size: 0, modifiedMs: 0, ignored: false, tracked: false };
  const range: FilesRange = { type: 'files', root: folder, files: [entry] };
  const exported = async (offer: ExportOffer): Promise<boolean> => {
    const source = sourceOf(offer);
    const ids = readers.get(source);
    if (ids === undefined) return false;
    for (const id of ids) {
      sink.begin(source, id);
      const reader = exportReaders.find((each) => each.id === id);
      if (reader !== undefined) await readToEnd(reader, offer.file, sink, { includeDirect: true });
      // Content that comes only once serves one reader.
      if (!offer.isRepeatable) break;
    }
    if (sink.aborted) full.abort();
    return true;
  };
  const events = { document: () => {}, problem: () => {}, skipped: () => {}, exported };
  await readFiles(range, events, AbortSignal.any([signal, full.signal]));
  return { texts: sink.found, bytes: sink.bytes, isCut: sink.aborted };
}

/** Ids of readers by the file that they read. */
function readersBySource(wanted: ReadonlySet<string>): ReadonlyMap<string, ReadonlySet<string>> {
  const readers = new Map<string, Set<string>>();
  for (const key of wanted) {
    const [source = '', reader = ''] = key.split('\0', 2);
    const ids = readers.get(source) ?? new Set();
    readers.set(source, ids.add(reader));
  }
  return readers;
}

/** Keeps the wanted texts and drops all else. */
class RecordSearch implements RecordSink {
  readonly #wanted: ReadonlySet<string>;
  /** What comes before the field in wanted keys: most records are passed over by it. */
  readonly #records: ReadonlySet<string>;
  readonly #mostBytes: number;
  readonly found = new Map<string, RereadText[]>();
  bytes = 0;
  #file = '';

  constructor(wanted: ReadonlySet<string>, mostBytes: number) {
    this.#wanted = wanted;
    this.#records = new Set([...wanted].map((key) => key.slice(0, key.lastIndexOf('\0'))));
    this.#mostBytes = mostBytes;
  }

  /** Says whose records come now. */
  begin(source: string, reader: string): void {
    this.#file = keyOf(source, reader);
  }

  /** True when there is no room for more. */
  get aborted(): boolean {
    return this.bytes > this.#mostBytes;
  }

  record(record: ExportRecord): void {
    const { type, id, revision, texts } = record;
    const own = keyOf(this.#file, type, revision.state, revision.id, cleanText(id));
    if (!this.#records.has(own)) return;
    for (const [index, text] of texts.entries()) {
      const key = keyOf(own, cleanText(text.field.path));
      if (!this.#wanted.has(key)) continue;
      const { decoded, parts } = viewsOf(record);
      const views = parts.filter((part) => part.text === index && part.view !== 'decoded');
      const list = this.found.get(key) ?? [];
      const reread = { decoded: decoded[index] as Buffer, views: views.map(({ bytes }) => bytes) };
      list.push(reread);
      this.found.set(key, list);
      for (const each of [reread.decoded, ...reread.views]) this.bytes += each.length;
    }
  }

  note(): void {}
  unknownKey(): void {}
  damaged(): void {}
  async drained(): Promise<void> {}
}
