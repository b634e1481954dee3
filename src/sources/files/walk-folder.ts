/**
 * Walks a folder byte by byte as the file system has it: names need not be UTF-8, links are not followed,
 * nothing is opened, so a FIFO cannot block. Everything left out is counted or reported.
 */
import { lstatSync, realpathSync, type Stats } from 'node:fs';
import type { InputProblemCode } from '../../model/problem.js';
import type { FileEntry, PlanEvents } from '../source.js';
import { type FolderList, type FolderLists, listFolder } from './folder-lists.js';
import { joinLatin, type LatinPath, latinPathName, latinPathOf, pathText, systemPath } from './latin-path.js';
import type { PathFilter } from './path-filter.js';
import { isVendorTree } from './vendor-trees.js';

/** What git knows of the files of a work tree. Keys are paths relative to the target. */
export interface FileMarks {
  isTracked(path: LatinPath): boolean;
  isIgnored(path: LatinPath): boolean;
  /** Blob id (hex) that the index holds for the file. */
  indexOid?(path: LatinPath): string | undefined;
}

export interface WalkOptions {
  readonly filter?: PathFilter;
  /** Read vendor and build trees too. */
  readonly vendor?: boolean;
  /** Lists that were made on the way here, to be used once. */
  readonly lists?: FolderLists;
  /** Folders within folders; deeper ones are reported. */
  readonly maxDepth?: number;
  /** Told of every `.git` folder below the target (relative path of its parent), which may be a target of its own. */
  readonly onRepository?: (folder: Buffer) => void;
  /** Folders (relative display paths) that are targets of their own and so left out here. */
  readonly without?: ReadonlySet<string>;
}

const defaultMaxDepth = 512;

/** The files of a `.git` folder that hold credentials in practice: URLs with tokens, extra headers. */
const gitFiles: readonly string[] = ['FETCH_HEAD', 'config', 'config.worktree'];

/** Of these only a scan of `/` would hear: the kernel's own trees hold no files. */
const kernelTrees: ReadonlySet<string> = new Set(['/proc', '/sys', '/dev']);

/** A file as the walk meets it. */
export interface FoundFile {
  /** Relative to the target. */
  readonly path: LatinPath;
  readonly size: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
}

interface Folder {
  readonly absolute: LatinPath;
  readonly relative: LatinPath;
  readonly entries: FolderList;
  /** False when the list was made some time ago: what went away since then is not there. */
  readonly isFresh: boolean;
  /** `dev:ino`, to notice a bind mount that leads back up. */
  readonly id: string;
  next: number;
}

/**
 * Yields the regular files in a fixed order, and `undefined` after each folder as a chance to let others run.
 * @param root absolute path without links
 */
export function walkFolder(
  root: Buffer,
  options: WalkOptions,
  events: PlanEvents,
): Generator<FoundFile | undefined> {
  return new FolderWalk(latinPathOf(root), options, events).files();
}

class FolderWalk {
  readonly #root: LatinPath;
  readonly #options: WalkOptions;
  readonly #events: PlanEvents;
  readonly #stack: Folder[] = [];

  constructor(root: LatinPath, options: WalkOptions, events: PlanEvents) {
    this.#root = root;
    this.#options = options;
    this.#events = events;
  }

  *files(): Generator<FoundFile | undefined> {
    this.#enter(this.#root, '', true);
    for (let folder = this.#stack.at(-1); folder !== undefined; folder = this.#stack.at(-1)) {
      const entry = folder.entries[folder.next++];
      if (entry === undefined) {
        this.#stack.pop();
        yield undefined;
        continue;
      }
      const absolute = joinLatin(folder.absolute, entry.name);
      const relative = joinLatin(folder.relative, entry.name);
      if (entry.isFile()) {
        const file = this.#file(absolute, relative, !folder.isFresh);
        if (file !== undefined) yield file;
      } else if (entry.isDirectory()) yield* this.#folder(entry.name, absolute, relative, folder.isFresh);
      else if (entry.isSymbolicLink()) this.#link(absolute);
      else this.#events.skipped('special-file', 1);
    }
  }

  *#folder(name: string, absolute: LatinPath, relative: LatinPath, isFresh: boolean): Generator<FoundFile> {
    if (this.#options.without?.has(pathText(relative)) === true) return;
    if (name === '.git') {
      this.#events.skipped('git-directory', 1);
      this.#options.onRepository?.(
        Buffer.from(relative.slice(0, Math.max(0, relative.length - 5)), 'latin1'),
      );
      for (const child of gitFiles) {
        const file = this.#file(joinLatin(absolute, child), joinLatin(relative, child), true);
        if (file !== undefined) yield file;
      }
    } else if (this.#options.vendor !== true && isVendorTree(pathText(name))) {
      this.#events.skipped('vendor-tree', 1);
    } else if (this.#options.filter?.prunesFolder(pathText(relative)) === true) {
      this.#events.skipped('excluded', 1);
    } else if (kernelTrees.has(absolute)) {
      this.#events.skipped('special-file', 1);
    } else {
      this.#enter(absolute, relative, isFresh);
    }
  }

  /** @param isFresh false when the folder was listed among others some time ago */
  #enter(absolute: LatinPath, relative: LatinPath, isFresh: boolean): void {
    if (this.#stack.length >= (this.#options.maxDepth ?? defaultMaxDepth)) {
      this.#problem('walk-limit', relative, 'too deep');
      return;
    }
    try {
      const stats = lstatSync(systemPath(absolute), { throwIfNoEntry: isFresh });
      if (stats === undefined) return;
      // It was one when it was listed: what a link leads to by now may lie outside the target.
      if (!stats.isDirectory()) {
        if (stats.isSymbolicLink()) this.#link(absolute);
        else this.#problem('changed-while-read', relative, 'no folder any more');
        return;
      }
      const id = `${stats.dev}:${stats.ino}`;
      if (this.#stack.some((folder) => folder.id === id)) {
        this.#problem('walk-limit', relative, 'loop');
        return;
      }
      const kept = this.#options.lists?.take(absolute);
      const entries = kept ?? listFolder(absolute);
      this.#stack.push({ absolute, relative, entries, isFresh: kept === undefined, id, next: 0 });
    } catch (error) {
      this.#failed(error, relative);
    }
  }

  #file(absolute: LatinPath, relative: LatinPath, isOptional: boolean): FoundFile | undefined {
    if (this.#options.filter?.acceptsFile(pathText(relative)) === false) {
      this.#events.skipped('excluded', 1);
      return undefined;
    }
    let stats: Stats | undefined;
    try {
      stats = lstatSync(systemPath(absolute), { throwIfNoEntry: !isOptional });
    } catch (error) {
      this.#failed(error, relative);
    }
    return stats?.isFile() === true ? foundFileOf(relative, stats) : undefined;
  }

  /** A link within the target is left out silently: what it leads to is met on its own. */
  #link(absolute: LatinPath): void {
    let target: LatinPath;
    try {
      target = latinPathOf(realpathSync.native(systemPath(absolute), { encoding: 'buffer' }));
    } catch {
      // Dangling or circular: there is nothing behind it to read.
      this.#events.skipped('special-file', 1);
      return;
    }
    const isWithin = target === this.#root || target.startsWith(joinLatin(this.#root, ''));
    if (!isWithin) this.#events.skipped('outside-target-link', 1);
  }

  #failed(error: unknown, relative: LatinPath): void {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    this.#problem(problemCodeOf(code), relative, code);
  }

  #problem(code: InputProblemCode, relative: LatinPath, detail: string): void {
    this.#events.problem({ code, where: pathText(relative) || '.', detail });
  }
}

export function foundFileOf(path: LatinPath, { size, mtimeMs, ctimeMs }: Stats): FoundFile {
  return { path, size, modifiedMs: mtimeMs, changedMs: ctimeMs };
}

export function fileEntryOf(
  { path, size, modifiedMs, changedMs }: FoundFile,
  marks: FileMarks | undefined,
): FileEntry {
  const tracked = marks?.isTracked(path) ?? false;
  const indexOid = tracked ? marks?.indexOid?.(path) : undefined;
  return {
    path: latinPathName(path),
    size,
    modifiedMs,
    changedMs,
    ignored: !tracked && (marks?.isIgnored(path) ?? false),
    tracked,
    ...(indexOid === undefined ? {} : { indexOid }),
  };
}

/** Problem that an errno of opening, listing or reading amounts to. */
export function problemCodeOf(errno: string): InputProblemCode {
  switch (errno) {
    case 'EACCES':
    case 'EPERM':
      return 'permission-denied';
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EISDIR':
      return 'changed-while-read';
    case 'ENAMETOOLONG':
      return 'walk-limit';
    default:
      return 'unreadable';
  }
}
