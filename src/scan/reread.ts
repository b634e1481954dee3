/**
 * Reads the bytes of a location again from the roots of its place. What lies behind a location is told by
 * its content id in git (a blob, message or header whatever refs lead there) and by its path elsewhere.
 */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { contentParts, digestPrefixOf } from '../identity/content-id.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { FileAppearance, RecordAppearance } from '../model/appearance.js';
import type { Location } from '../model/exposure.js';
import type { Place } from '../model/place.js';
import type { Span } from '../model/span.js';
import { looksLikeArchive } from '../sources/archives/sniff.js';
import { walkArchive } from '../sources/archives/walk-archive.js';
import { pathBytesOf, pathNameOf } from '../sources/files/path-bytes.js';
import { readFiles } from '../sources/files/read-files.js';
import { GitObjectReader } from '../sources/git/object-reader.js';
import type { FilesRange, HitObject, OpenSource, RangeEvents, RawDocument } from '../sources/source.js';
import type { Store } from '../store/store.js';
import { ArchiveTexts } from './archive-texts.js';
import type { ExportTexts } from './records/export-texts.js';
import { reopenRoot } from './targets.js';

/** What was read again: the bytes of the location's span, and the document they stand in. */
export interface Reread {
  readonly spanBytes: Buffer;
  /** Absent for documents that are read in parts. */
  readonly document?: Buffer;
}

export interface RereadDeps {
  readonly store: Store;
  readonly keys: IdentityKeys;
  readonly signal: AbortSignal;
}

const chainMark = '!/';

/** Opens sources once and keeps them, since a report asks for thousands of locations of the same ones. */
export class SourceRereader {
  readonly #deps: RereadDeps;
  readonly #sources = new Map<string, Promise<OpenSource | undefined>>();
  #places: Promise<readonly Place[]> | undefined;
  #texts: ExportTexts | undefined;
  readonly #archives: ArchiveTexts;

  constructor(deps: RereadDeps) {
    this.#deps = deps;
    this.#archives = new ArchiveTexts(deps.store, deps.signal);
  }

  /** One reading for each root that still has the document. */
  async *read(location: Location): AsyncGenerator<Reread, void> {
    this.#places ??= this.#deps.store.places();
    const place = (await this.#places).find(({ key }) => key === location.place);
    if (place === undefined) return;
    if (location.appearance.type === 'record') {
      yield* this.#record(location, place, location.appearance);
      return;
    }
    for (const root of await this.#deps.store.roots()) {
      if (root.place !== location.place || root.locator === '-') continue;
      const found =
        location.appearance.type === 'file'
          ? await this.#file(root.locator, location, location.appearance)
          : await this.#object(place, root.locator, location);
      if (found !== undefined) yield found;
    }
  }

  async *#record(
    location: Location,
    place: Place,
    appearance: RecordAppearance,
  ): AsyncGenerator<Reread, void> {
    const { store, signal } = this.#deps;
    const { ExportTexts } = await import('./records/export-entry.js');
    this.#texts ??= new ExportTexts(store, signal);
    for (const { locator } of await store.exportsOf(location.place)) {
      const folder = locator === '-' ? undefined : folderOf(locator);
      if (folder === undefined) continue;
      for (const { decoded, views } of await this.#texts.of(folder, place, appearance)) {
        const ranges = location.rawRanges ?? [location.span];
        const spanBytes = Buffer.concat(ranges.map(({ start, end }) => decoded.subarray(start, end)));
        yield { spanBytes, document: decoded };
        // Markup may divide the value: then only a view has it in one piece.
        for (const document of views) yield { spanBytes, document };
      }
    }
  }

  async #object(place: Place, locator: string, location: Location): Promise<Reread | undefined> {
    const { keys, signal } = this.#deps;
    if (location.content === undefined) return undefined;
    const { prefix, part } = digestPrefixOf(keys.content, location.content);
    if (part === contentParts.file || part === contentParts.metadata) return undefined;
    const key = `${place.key}\0${locator}`;
    const opening = this.#sources.get(key) ?? reopenRoot(place, locator);
    this.#sources.set(key, opening);
    const source = await opening;
    const object = (await source?.resolve?.([prefix]))?.[0];
    if (source?.store === undefined || object === undefined) return undefined;
    const isHeader = part === contentParts.commitHeader || part === contentParts.tagHeader;
    const collector = new SpanCollector(location, location.chain.join(chainMark), isHeader);
    const reader = new GitObjectReader();
    try {
      await reader.read(
        { type: 'git-objects', store: source.store, oids: object.oid },
        collector.events,
        signal,
      );
    } finally {
      await reader.close();
    }
    await collector.openArchive(object, signal);
    return collector.result();
  }

  async #file(locator: string, location: Location, appearance: FileAppearance): Promise<Reread | undefined> {
    const root = folderOf(locator);
    if (root === undefined) return undefined;
    for (const { path, chain } of splitsOf(pathBytesOf(appearance.path))) {
      const entry = {
        path: pathNameOf(path),
        size: 0,
        modifiedMs: 0,
        ignored: appearance.ignored,
        tracked: appearance.tracked,
      };
      const range: FilesRange = { type: 'files', root, files: [entry] };
      const wanted = [chain, ...location.chain].filter((name) => name !== '').join(chainMark);
      const kept = chain === '' ? undefined : await this.#archives.entry(root, entry, wanted);
      if (kept !== undefined) {
        const found = new SpanCollector(location, wanted, false).of(kept);
        if (found !== undefined) return found;
      }
      const collector = new SpanCollector(location, wanted, false);
      await readFiles(range, collector.events, this.#deps.signal);
      const found = collector.result();
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** The folder that a root's paths are relative to, base64 of its bytes; undefined when it is gone. */
function folderOf(locator: string): string | undefined {
  const stats = statSync(locator, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  return Buffer.from(stats.isDirectory() ? locator : dirname(locator)).toString('base64');
}

/** The ways to read `a!/b!/c`: a file of that name, or entries of an archive, the longest file name first. */
function* splitsOf(path: Buffer): Generator<{ readonly path: Buffer; readonly chain: string }> {
  yield { path, chain: '' };
  for (let at = path.lastIndexOf(chainMark); at > 0; at = path.lastIndexOf(chainMark, at - 1)) {
    yield { path: path.subarray(0, at), chain: path.toString('utf8', at + chainMark.length) };
  }
}

/** Picks the span's bytes out of the documents that a reader hands over. */
class SpanCollector {
  readonly #ranges: readonly Span[];
  readonly #chain: string;
  readonly #isHeader: boolean;
  readonly #pieces = new Map<Span, Buffer>();
  #document: Buffer | undefined;
  #archive: Buffer | undefined;

  constructor(location: Location, chain: string, isHeader: boolean) {
    this.#ranges = location.rawRanges ?? [location.span];
    this.#chain = chain;
    this.#isHeader = isHeader;
  }

  readonly events: RangeEvents = {
    document: (document) => this.#take(document),
    problem: () => {},
    skipped: () => {},
  };

  #take(document: RawDocument): void {
    if (document.chain.join(chainMark) !== this.#chain) {
      const isContainer = document.chain.length === 0 && looksLikeArchive(document.bytes);
      if (isContainer && document.segment === undefined) this.#archive = Buffer.from(document.bytes);
      return;
    }
    const bytes = this.#isHeader
      ? document.bytes.subarray(0, document.textStart)
      : document.bytes.subarray(document.textStart);
    const base = document.segment?.baseOffset ?? 0;
    for (const range of this.#ranges) {
      const start = range.start - base;
      const end = range.end - base;
      if (start >= 0 && end <= bytes.length) this.#pieces.set(range, Buffer.from(bytes.subarray(start, end)));
    }
    if (document.segment === undefined) this.#document = Buffer.from(bytes);
  }

  /** The same for a document that is held already. */
  of(bytes: Buffer): Reread | undefined {
    for (const range of this.#ranges)
      if (range.start >= 0 && range.end <= bytes.length)
        this.#pieces.set(range, bytes.subarray(range.start, range.end));
    this.#document = bytes;
    return this.result();
  }

  /** Archives inside git blobs are handed over whole. */
  async openArchive(object: HitObject, signal: AbortSignal): Promise<void> {
    const bytes = this.#archive;
    this.#archive = undefined;
    if (bytes === undefined || this.#pieces.size > 0) return;
    const ref = { type: 'git-object', ...object } as const;
    await walkArchive({ kind: 'buffer', bytes }, this.events, { ref, name: 'archive', signal });
  }

  result(): Reread | undefined {
    const pieces = this.#ranges
      .map((range) => this.#pieces.get(range))
      .filter((piece) => piece !== undefined);
    if (pieces.length < this.#ranges.length) return undefined;
    const spanBytes = Buffer.concat(pieces);
    return this.#document === undefined ? { spanBytes } : { spanBytes, document: this.#document };
  }
}
