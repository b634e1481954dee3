/** Opens the places of an estate for reading their current files: repositories at their default tip, folders as they lie. */
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Place } from '../model/place.js';
import { latinPathName } from '../sources/files/latin-path.js';
import { walkFolder } from '../sources/files/walk-folder.js';
import { type GitSource, openGitSource } from '../sources/git/git-source.js';
import { type PathAuthor, pathAuthors, tipPaths } from '../sources/git/tip-files.js';
import type { Store } from '../store/store.js';

/** Largest file that is read: configuration, not data. */
const maxFileBytes = 1024 * 1024;

/** Files of one place, read when asked. */
export interface PlaceFiles {
  readonly place: string;
  readonly paths: readonly string[];
  read(path: string, maxBytes?: number): Promise<string | undefined>;
  authors(path: string, limit: number): Promise<readonly PathAuthor[]>;
}

export interface OpenedFiles {
  readonly files: ReadonlyMap<string, PlaceFiles>;
  /** Keys of places whose files cannot be read now, of those that a scan has read. */
  readonly gone: readonly string[];
  /** Keys of places that no scan has read: other tools' reports tell of them. */
  readonly unscanned: readonly string[];
  close(): void;
}

/** Opens the wanted places, each at the root that was read last. What cannot be opened is told, never thrown. */
export async function openPlaceFiles(wanted: ReadonlySet<string>, store: Store): Promise<OpenedFiles> {
  const places = new Map((await store.places()).map((place) => [place.key as string, place]));
  const files = new Map<string, PlaceFiles>();
  const sources: GitSource[] = [];
  const scanned = new Set<string>();
  for (const root of await store.roots()) {
    scanned.add(root.place);
    const place = places.get(root.place);
    if (place === undefined || !wanted.has(root.place) || files.has(root.place)) continue;
    try {
      const opened =
        place.system === 'git'
          ? await gitFiles(place, root.locator, sources)
          : folderFiles(place, root.locator);
      if (opened !== undefined) files.set(root.place, opened);
    } catch {
      // Another root of the place may still be there.
    }
  }
  const closed = [...wanted].filter((key) => !files.has(key)).sort();
  return {
    files,
    gone: closed.filter((key) => scanned.has(key)),
    unscanned: closed.filter((key) => !scanned.has(key)),
    close: () => {
      for (const source of sources) source.close();
    },
  };
}

async function gitFiles(place: Place, locator: string, sources: GitSource[]): Promise<PlaceFiles> {
  const source = await openGitSource(locator, { place: place.key.replace(/^git:/, '') });
  sources.push(source);
  return {
    place: place.key,
    paths: await tipPaths(source),
    read: async (path, maxBytes = maxFileBytes) => textOf(await source.headFile(path, maxBytes)),
    authors: (path, limit) => pathAuthors(source, path, limit),
  };
}

function folderFiles(place: Place, locator: string): PlaceFiles | undefined {
  const stats = statSync(locator, { throwIfNoEntry: false });
  // A file that was named itself stands for its folder, which was not asked for.
  if (stats?.isFile() === true) return listedFiles(place, dirname(locator), [basename(locator)]);
  if (stats?.isDirectory() !== true) return undefined;
  const silent = { problem: () => {}, skipped: () => {} };
  const paths: string[] = [];
  for (const file of walkFolder(Buffer.from(locator), {}, silent)) {
    const path = file && latinPathName(file.path);
    if (path !== undefined && path.bytes === undefined) paths.push(path.text);
  }
  return listedFiles(
    place,
    locator,
    paths.sort((a, b) => (a < b ? -1 : 1)),
  );
}

function listedFiles(place: Place, folder: string, paths: readonly string[]): PlaceFiles {
  return {
    place: place.key,
    paths,
    read: async (path, maxBytes = maxFileBytes) => textOf(readFile(join(folder, path), maxBytes)),
    authors: async () => [],
  };
}

function readFile(path: string, maxBytes: number): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch {
    return undefined;
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile() || stats.size > maxBytes) return undefined;
    const bytes = Buffer.allocUnsafe(stats.size);
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0));
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}

function textOf(bytes: Buffer | undefined): string | undefined {
  return bytes === undefined || bytes.includes(0) ? undefined : bytes.toString('utf8');
}
