/** Opens a folder or a single file as a source: plans work ranges of files; read-files.ts reads them. */
import { createHash } from 'node:crypto';
import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { parsePlaceKey } from '../../model/ids.js';
import { ProblemError } from '../../model/problem.js';
import { type ExportOptions, readersVersion } from '../exports/options.js';
import type { FileEntry, FilesRange, OpenSource, PlannedRange } from '../source.js';
import type { FolderLists } from './folder-lists.js';
import { latinPathName, latinPathOf } from './latin-path.js';
import { escapePath, folderPlaceKey, pathNameOf, splitPath } from './path-bytes.js';
import { pathFilterOf } from './path-filter.js';
import { type FileMarks, type FoundFile, fileEntryOf, foundFileOf, walkFolder } from './walk-folder.js';
import { type Walk, WalkRecord } from './walk-record.js';

export interface FolderOptions {
  /** Place key instead of `folder:<absolute path>`. */
  readonly place?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Read vendor and build trees too. */
  readonly vendor?: boolean;
  /** Asked only when files are listed, since it may cost a run of git; given all files that the walk met, if known. */
  readonly marks?: (found?: readonly FoundFile[]) => Promise<FileMarks>;
  /** Told of every `.git` folder below the target, as the relative path of its parent. */
  readonly onRepository?: (folder: Buffer) => void;
  /** Folders (relative paths) that are targets of their own and so left out here. */
  readonly without?: readonly string[];
  /** Lists of its folders that were made on the way here. */
  readonly lists?: FolderLists;
  /** Files outside the listing whose change alters what it means, e.g. git's index. */
  readonly stateFiles?: readonly string[];
  /** How exports are read; absent: as plain files. */
  readonly exports?: ExportOptions;
}

/** Most files of one range, and bytes after which a range is closed. A larger file is a range of its own. */
const largestRange = { files: 256, bytes: 16 * 1024 * 1024 };
const smallestRange = { files: 32, bytes: 512 * 1024 };
/** Ranges that a tree is divided into at least, as far as the smallest allows it. */
const leastRanges = 32;
/** Folders walked between two chances for the event loop. */
const foldersPerTurn = 64;

/** Opens a folder or a file, whatever the path is. Throws `not-found`. */
export async function openPathSource(
  path: string | Buffer,
  options: FolderOptions = {},
): Promise<OpenSource> {
  const { real, stats } = resolveTarget(path);
  return stats.isDirectory() ? folderSource(real, options) : fileSource(real, stats, options);
}

export async function openFolderSource(
  path: string | Buffer,
  options: FolderOptions = {},
): Promise<OpenSource> {
  const { real, stats } = resolveTarget(path);
  if (!stats.isDirectory()) throw notFound(real, 'is not a folder');
  return folderSource(real, options);
}

/** A single file is its folder's place with one file in scope. Filters do not apply to a file that was named. */
export async function openFileSource(
  path: string | Buffer,
  options: FolderOptions = {},
): Promise<OpenSource> {
  const { real, stats } = resolveTarget(path);
  return fileSource(real, stats, options);
}

/** A target that is itself a link is followed: the user named it. */
function resolveTarget(path: string | Buffer): { real: Buffer; stats: Stats } {
  const bytes = Buffer.from(path);
  try {
    const real = realpathSync.native(bytes, { encoding: 'buffer' });
    return { real, stats: statSync(real) };
  } catch (error) {
    throw notFound(bytes, `cannot be opened (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, error);
  }
}

function notFound(path: Buffer, what: string, cause?: unknown): ProblemError {
  const problem = {
    code: 'not-found',
    message: `The target ${escapePath(path)} ${what}.`,
    hint: 'Give the path of an existing repository, folder or file.',
  } as const;
  return new ProblemError(problem, { cause });
}

function folderSource(real: Buffer, options: FolderOptions): OpenSource {
  const filter = pathFilterOf(options.include ?? [], options.exclude ?? []);
  const walkOptions = {
    ...(filter === undefined ? {} : { filter }),
    ...(options.vendor === undefined ? {} : { vendor: options.vendor }),
    ...(options.lists === undefined ? {} : { lists: options.lists }),
    ...(options.onRepository === undefined ? {} : { onRepository: options.onRepository }),
    ...(options.without === undefined ? {} : { without: new Set(options.without) }),
  };
  return sourceOf(real, real, options, (events) => walkFolder(real, walkOptions, events));
}

function fileSource(real: Buffer, stats: Stats, options: FolderOptions): OpenSource {
  const { folder, name } = splitPath(real);
  return sourceOf(folder, real, options, function* (events) {
    const now = lstatSync(real, { throwIfNoEntry: false }) ?? stats;
    if (now.isFile()) yield foundFileOf(latinPathOf(name), now);
    else events.skipped('special-file', 1);
  });
}

function sourceOf(folder: Buffer, target: Buffer, options: FolderOptions, walk: Walk): OpenSource {
  const { place, exports, marks } = options;
  let record: WalkRecord | undefined;
  return {
    place: {
      key: place === undefined ? folderPlaceKey(folder) : parsePlaceKey(place),
      system: 'folder',
      name: place ?? pathNameOf(folder).text,
      audience: 'unknown',
    },
    locator: escapePath(target),
    state: async (met) => {
      const own = new WalkRecord();
      const digest = await stateOf((events) => own.of(walk, events), options, met);
      record = own;
      return digest;
    },
    async *plan(_options, events) {
      const base = { type: 'files', root: folder.toString('base64'), ...(exports && { exports }) } as const;
      // What a walk just met serves once: later plans look anew.
      const found = record?.again(events);
      record = undefined;
      yield* planRanges(base, found ?? walk(events), await marks?.(found), sizesFor(found));
    },
    metadata: async () => [],
  };
}

/**
 * Digest of every file's path, size and times: nothing is read, so an unchanged tree costs its walk alone.
 * The change time is what counts, since the modification time can be set back. Undefined when the walk met
 * a problem: what could not be looked at may have changed.
 */
async function stateOf(
  walk: Walk,
  { stateFiles = [], exports }: FolderOptions,
  met: ((bytes: number) => void) | undefined,
): Promise<Uint8Array | undefined> {
  const hash = createHash('sha256').update(
    JSON.stringify(exports === undefined ? null : [readersVersion, exports]),
  );
  let isKnown = true;
  let text = '';
  let bytes = 0;
  const events = {
    problem: (): void => {
      isKnown = false;
    },
    skipped: (reason: string, count: number): void => {
      text += `${reason} ${count}\n`;
    },
  };
  const flush = (): void => {
    hash.update(text);
    met?.(bytes);
    text = '';
    bytes = 0;
  };
  let folders = 0;
  for (const file of walk(events)) {
    if (file === undefined) {
      if (++folders % foldersPerTurn === 0) {
        flush();
        await setImmediate();
      }
      continue;
    }
    const name = latinPathName(file.path);
    text += `${name.bytes ?? name.text}\0${file.size} ${file.modifiedMs} ${file.changedMs}\n`;
    bytes += file.size;
  }
  flush();
  for (const path of stateFiles) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    hash.update(`${path}\0${stats?.size} ${stats?.mtimeMs} ${stats?.ctimeMs}\n`);
  }
  return isKnown ? hash.digest() : undefined;
}

interface RangeSizes {
  readonly files: number;
  readonly bytes: number;
}

/** Ranges of a small tree are smaller, so that all workers have something to do until its end. */
function sizesFor(found: readonly FoundFile[] | undefined): RangeSizes {
  if (found === undefined) return largestRange;
  const bytes = found.reduce((sum, { size }) => sum + size, 0);
  return {
    files: between(smallestRange.files, Math.ceil(found.length / leastRanges), largestRange.files),
    bytes: between(smallestRange.bytes, Math.ceil(bytes / leastRanges), largestRange.bytes),
  };
}

function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(least, value), most);
}

/** Groups files into ranges: neighbours together, larger ones alone. */
async function* planRanges(
  base: Omit<FilesRange, 'files'>,
  files: Iterable<FoundFile | undefined>,
  marks: FileMarks | undefined,
  most: RangeSizes,
): AsyncGenerator<PlannedRange> {
  let batch: FileEntry[] = [];
  let bytes = 0;
  let folders = 0;
  const close = (): PlannedRange => {
    const range: PlannedRange = {
      range: { ...base, files: batch },
      documents: batch.length,
      bytes,
    };
    batch = [];
    bytes = 0;
    return range;
  };
  for (const file of files) {
    if (file === undefined) {
      if (++folders % foldersPerTurn === 0) await setImmediate();
      continue;
    }
    if (batch.length > 0 && (batch.length >= most.files || bytes + file.size > most.bytes)) yield close();
    batch.push(fileEntryOf(file, marks));
    bytes += file.size;
  }
  if (batch.length > 0) yield close();
}
