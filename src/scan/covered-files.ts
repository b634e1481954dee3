/**
 * Files of a work tree that were left to their blobs, since they equal them. Where a blob turns out not to be read
 * (damaged, over a cap, outside the scope) the file is.
 */
import { contentIdBytes, contentIdsOf, contentParts } from '../identity/content-id.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import { type ContentId, parseContentId } from '../model/ids.js';
import type { FilesRange, WorkRange } from '../sources/source.js';
import { partialAnalysisId, type ScanWriter } from '../store/store.js';

interface CoveredDeps {
  readonly writer: ScanWriter;
  readonly keys: IdentityKeys;
  readonly analysisId: string;
}

export class CoveredFiles {
  readonly #deps: CoveredDeps;
  /** By blob (hex) how many files it stands for. */
  readonly #covered = new Map<string, number>();
  /** Blobs that were not read after all. */
  readonly #uncovered = new Set<string>();

  constructor(deps: CoveredDeps) {
    this.#deps = deps;
  }

  /** @param oids blobs (hex), one a file */
  add(oids: readonly string[]): void {
    for (const oid of oids) this.#covered.set(oid, (this.#covered.get(oid) ?? 0) + 1);
  }

  /** Finds the blobs that were not read; gives how many files are to be read for them. */
  async settle(isHeld: (content: ContentId) => boolean): Promise<number> {
    const { writer, keys, analysisId } = this.#deps;
    const oids = [...this.#covered.keys()];
    if (oids.length === 0) return 0;
    const bytes = Buffer.from(oids.join(''), 'hex');
    const parts = new Uint8Array(oids.length).fill(contentParts.blob);
    const ids = contentIdsOf(keys.content, bytes, bytes.length / oids.length, parts);
    const states = await writer.knownContents(ids, analysisId);
    // What a cap left unread in the blob it would leave unread in the file as well.
    const partial = await writer.knownContents(ids, partialAnalysisId(analysisId));
    let files = 0;
    for (const [i, oid] of oids.entries()) {
      const id = parseContentId(ids.toString('hex', i * contentIdBytes, (i + 1) * contentIdBytes));
      const state = Math.max(states[i] ?? 0, partial[i] ?? 0);
      if (state === 1 || (state === 2 && isHeld(id))) continue;
      this.#uncovered.add(oid);
      files += this.#covered.get(oid) ?? 0;
    }
    this.#covered.clear();
    return files;
  }

  /** The files of the range that are to be read although a blob stands for them; undefined when there is none. */
  uncovered(range: FilesRange): FilesRange | undefined {
    const files = range.files.filter(({ indexOid }) => this.#uncovered.has(indexOid ?? ''));
    return files.length === 0 ? undefined : { ...range, files };
  }

  /** The range without the marks that would leave a file to a blob that was not read. */
  unmarked(range: WorkRange): WorkRange {
    if (range.type !== 'files' || this.#uncovered.size === 0) return range;
    const files = range.files.map((file) => {
      if (!this.#uncovered.has(file.indexOid ?? '')) return file;
      const { indexOid: _, ...own } = file;
      return own;
    });
    return { ...range, files };
  }
}
