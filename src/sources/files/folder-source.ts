/** Opens a folder or a single file as a source: plans work ranges of files; read-files.ts reads them. */
import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { parsePlaceKey } from '../../model/ids.js';
import { ProblemError } from '../../model/problem.js';
import type { FileEntry, OpenSource, PlanEvents, PlannedRange } from '../source.js';
import { escapePath, folderPlaceKey, pathNameOf, splitPath } from './path-bytes.js';
import { pathFilterOf } from './path-filter.js';
import { type FileMarks, fileEntryOf, walkFolder } from './walk-folder.js';

export interface FolderOptions {
  /** Place key instead of `folder:<absolute path>`. */
  readonly place?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Read vendor and build trees too. */
  readonly vendor?: boolean;
  readonly marks?: FileMarks;
  /** Told of every `.git` folder below the target, as the relative path of its parent. */
  readonly onRepository?: (folder: Buffer) => void;
  /** Folders (relative paths) that are targets of their own and so left out here. */
  readonly without?: readonly string[];
}

/** Most files of one range, and bytes after which a range is closed. A larger file is a range of its own. */
const rangeFiles = 256;
const rangeBytes = 16 * 1024 * 1024;
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
    ...(options.marks === undefined ? {} : { marks: options.marks }),
    ...(options.onRepository === undefined ? {} : { onRepository: options.onRepository }),
    ...(options.without === undefined ? {} : { without: new Set(options.without) }),
  };
  return sourceOf(real, real, options.place, (events) => walkFolder(real, walkOptions, events));
}

function fileSource(real: Buffer, stats: Stats, options: FolderOptions): OpenSource {
  const { folder, name } = splitPath(real);
  return sourceOf(folder, real, options.place, function* (events) {
    const now = lstatSync(real, { throwIfNoEntry: false }) ?? stats;
    if (now.isFile()) yield fileEntryOf(name, now, options.marks);
    else events.skipped('special-file', 1);
  });
}

function sourceOf(
  folder: Buffer,
  target: Buffer,
  place: string | undefined,
  files: (events: PlanEvents) => Iterable<FileEntry | undefined>,
): OpenSource {
  return {
    place: {
      key: place === undefined ? folderPlaceKey(folder) : parsePlaceKey(place),
      system: 'folder',
      name: place ?? pathNameOf(folder).text,
      audience: 'unknown',
    },
    locator: escapePath(target),
    // A folder has no state cheaper than its walk.
    state: async () => undefined,
    plan: (_options, events) => planRanges(folder.toString('base64'), files(events)),
    metadata: async () => [],
  };
}

/** Groups files into ranges: neighbours together, up to 256 files or 16 MB, larger ones alone. */
async function* planRanges(
  root: string,
  files: Iterable<FileEntry | undefined>,
): AsyncGenerator<PlannedRange> {
  let batch: FileEntry[] = [];
  let bytes = 0;
  let folders = 0;
  const close = (): PlannedRange => {
    const range: PlannedRange = {
      range: { type: 'files', root, files: batch },
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
    if (batch.length > 0 && (batch.length >= rangeFiles || bytes + file.size > rangeBytes)) yield close();
    batch.push(file);
    bytes += file.size;
  }
  if (batch.length > 0) yield close();
}
