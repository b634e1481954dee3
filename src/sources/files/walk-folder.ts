/**
 * Walks a folder byte by byte as the file system has it: names need not be UTF-8, links are not followed,
 * nothing is opened, so a FIFO cannot block. Everything left out is counted or reported.
 */
import { type Dirent, lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import type { InputProblemCode } from '../../model/problem.js';
import type { FileEntry, PlanEvents } from '../source.js';
import { joinPath, pathNameOf } from './path-bytes.js';
import type { PathFilter } from './path-filter.js';
import { isVendorTree } from './vendor-trees.js';

/** What git knows of the files of a work tree. Keys are paths relative to the target, as Latin-1 text of their bytes. */
export interface FileMarks {
  isTracked(path: string): boolean;
  isIgnored(path: string): boolean;
  /** Blob id (hex) that the index holds for the file. */
  indexOid?(path: string): string | undefined;
}

export interface WalkOptions {
  readonly filter?: PathFilter;
  /** Read vendor and build trees too. */
  readonly vendor?: boolean;
  readonly marks?: FileMarks;
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

type Listing = Dirent<Buffer>[];

interface Folder {
  readonly absolute: Buffer;
  readonly relative: Buffer;
  readonly entries: Listing;
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
): Generator<FileEntry | undefined> {
  return new FolderWalk(root, options, events).files();
}

class FolderWalk {
  readonly #root: Buffer;
  readonly #options: WalkOptions;
  readonly #events: PlanEvents;
  readonly #stack: Folder[] = [];

  constructor(root: Buffer, options: WalkOptions, events: PlanEvents) {
    this.#root = root;
    this.#options = options;
    this.#events = events;
  }

  *files(): Generator<FileEntry | undefined> {
    this.#enter(this.#root, Buffer.alloc(0));
    for (let folder = this.#stack.at(-1); folder !== undefined; folder = this.#stack.at(-1)) {
      const entry = folder.entries[folder.next++];
      if (entry === undefined) {
        this.#stack.pop();
        yield undefined;
        continue;
      }
      const absolute = joinPath(folder.absolute, entry.name);
      const relative = joinPath(folder.relative, entry.name);
      if (entry.isDirectory()) yield* this.#folder(entry.name, absolute, relative);
      else if (entry.isFile()) yield* this.#file(absolute, relative);
      else if (entry.isSymbolicLink()) this.#link(absolute);
      else this.#events.skipped('special-file', 1);
    }
  }

  *#folder(name: Buffer, absolute: Buffer, relative: Buffer): Generator<FileEntry> {
    const text = name.toString('utf8');
    if (this.#options.without?.has(relative.toString('utf8')) === true) return;
    if (text === '.git') {
      this.#events.skipped('git-directory', 1);
      this.#options.onRepository?.(relative.subarray(0, Math.max(0, relative.length - 5)));
      for (const file of gitFiles) {
        const child = Buffer.from(file);
        yield* this.#file(joinPath(absolute, child), joinPath(relative, child), true);
      }
    } else if (this.#options.vendor !== true && isVendorTree(text)) {
      this.#events.skipped('vendor-tree', 1);
    } else if (this.#options.filter?.prunesFolder(relative.toString('utf8')) === true) {
      this.#events.skipped('excluded', 1);
    } else if (kernelTrees.has(absolute.toString('latin1'))) {
      this.#events.skipped('special-file', 1);
    } else {
      this.#enter(absolute, relative);
    }
  }

  #enter(absolute: Buffer, relative: Buffer): void {
    if (this.#stack.length >= (this.#options.maxDepth ?? defaultMaxDepth)) {
      this.#problem('walk-limit', relative, 'too deep');
      return;
    }
    try {
      const stats = lstatSync(absolute);
      const id = `${stats.dev}:${stats.ino}`;
      if (this.#stack.some((folder) => folder.id === id)) {
        this.#problem('walk-limit', relative, 'loop');
        return;
      }
      const entries = readdirSync(absolute, { encoding: 'buffer', withFileTypes: true });
      entries.sort((a, b) => Buffer.compare(a.name, b.name));
      this.#stack.push({ absolute, relative, entries, id, next: 0 });
    } catch (error) {
      this.#failed(error, relative);
    }
  }

  *#file(absolute: Buffer, relative: Buffer, isOptional = false): Generator<FileEntry> {
    if (this.#options.filter?.acceptsFile(relative.toString('utf8')) === false) {
      this.#events.skipped('excluded', 1);
      return;
    }
    let stats: Stats | undefined;
    try {
      stats = lstatSync(absolute, { throwIfNoEntry: !isOptional });
    } catch (error) {
      this.#failed(error, relative);
      return;
    }
    if (stats?.isFile() === true) yield fileEntryOf(relative, stats, this.#options.marks);
  }

  /** A link within the target is left out silently: what it leads to is met on its own. */
  #link(absolute: Buffer): void {
    let target: Buffer;
    try {
      target = realpathSync.native(absolute, { encoding: 'buffer' });
    } catch {
      // Dangling or circular: there is nothing behind it to read.
      this.#events.skipped('special-file', 1);
      return;
    }
    const isWithin =
      target.equals(this.#root) ||
      target.subarray(0, this.#root.length + 1).equals(joinPath(this.#root, Buffer.alloc(0)));
    if (!isWithin) this.#events.skipped('outside-target-link', 1);
  }

  #failed(error: unknown, relative: Buffer): void {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    this.#problem(problemCodeOf(code), relative, code);
  }

  #problem(code: InputProblemCode, relative: Buffer, detail: string): void {
    this.#events.problem({ code, where: pathNameOf(relative).text || '.', detail });
  }
}

export function fileEntryOf(relative: Buffer, stats: Stats, marks: FileMarks | undefined): FileEntry {
  const key = marks === undefined ? '' : relative.toString('latin1');
  const tracked = marks?.isTracked(key) ?? false;
  const indexOid = tracked ? marks?.indexOid?.(key) : undefined;
  return {
    path: pathNameOf(relative),
    size: stats.size,
    modifiedMs: stats.mtimeMs,
    changedMs: stats.ctimeMs,
    ignored: !tracked && (marks?.isIgnored(key) ?? false),
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
