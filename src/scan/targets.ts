/**
 * From targets as typed to opened sources: a repository gives its history and, where it has one, its work
 * tree; a folder gives the repositories in it and the rest as files; a URL gives its mirror.
 */
import { realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import pLimit from 'p-limit';
import type { PlaceKey } from '../model/ids.js';
import type { Place } from '../model/place.js';
import { type InputProblem, InputProblemError, ProblemError } from '../model/problem.js';
import type { ReadingOptions } from '../model/receipt.js';
import { isEmbeddedLocator } from '../sources/embedded/embedded-path.js';
import { unpackedMigrationOrigin } from '../sources/embedded/migration-origin.js';
import { defaultExportOptions, type ExportOptions } from '../sources/exports/options.js';
import { findRepositories } from '../sources/files/find-repositories.js';
import { FolderLists } from '../sources/files/folder-lists.js';
import { type FolderOptions, openFolderSource, openPathSource } from '../sources/files/folder-source.js';
import { openStdinSource } from '../sources/files/stdin-source.js';
import type { FileMarks, FoundFile } from '../sources/files/walk-folder.js';
import { discoverGitStore, type GitStoreLocation } from '../sources/git/discover.js';
import { gitFileMarks } from '../sources/git/file-marks.js';
import { type GitSource, type OpenGitOptions, openGitSource } from '../sources/git/git-source.js';
import { isGitUrl, mirrorUrl } from '../sources/git/mirror.js';
import type { GitScope } from '../sources/git/work-list.js';
import type { OpenSource } from '../sources/source.js';
import {
  type AuthorFiles,
  foldersAbove,
  noAuthorFiles,
  readAuthorFiles,
  readerIn,
  withConfig,
} from './author-files.js';
import { reopenEmbedded } from './embedded-roots.js';
import type { ScanOptions } from './messages.js';

/** Targets opened side by side. */
const openedAtOnce = 8;

/** True when each target is read whole, so that what is missing has vanished. */
export function isWholeScope(options: ScanOptions): boolean {
  const isPart =
    options.staged === true ||
    options.range !== undefined ||
    options.noHistory === true ||
    options.worktreeOnly === true ||
    (options.include ?? []).length > 0 ||
    (options.exclude ?? []).length > 0;
  return !isPart;
}

type OnProblem = (problem: InputProblem) => void;
/** What the database remembers of git stores. */
type Remembered = Required<Pick<OpenGitOptions, 'remembered' | 'earlier'>>;

/** A source with what its author's files say. */
export interface OpenedTarget {
  readonly source: OpenSource;
  /** See {@link isWholeScope}, with what a trusted configuration leaves out. */
  readonly whole: boolean;
  readonly author: AuthorFiles;
}

/** Opens all targets; one that cannot be opened is reported and the rest goes on. */
export async function openTargets(
  options: ScanOptions,
  onProblem: OnProblem,
  remembered: Remembered,
): Promise<OpenedTarget[]> {
  const limit = pLimit(openedAtOnce);
  const opened = await limit.map([...new Set(options.targets)], async (target) => {
    try {
      return await openTarget(target, options, onProblem, remembered);
    } catch (error) {
      onProblem(inputProblemOf(error, target));
      return [];
    }
  });
  // Two targets may be one source, e.g. a repository and a folder in it.
  const targets = new Map<string, OpenedTarget>();
  for (const one of opened.flat()) targets.set(`${one.source.place.key}\0${one.source.locator}`, one);
  return [...targets.values()];
}

/** Opens a root again from what the database remembers of it; undefined when it is gone or no longer that place. */
export async function reopenRoot(
  place: Place,
  locator: string,
  reading: ReadingOptions = {},
): Promise<OpenSource | undefined> {
  const options = { ...reading, targets: [], jobs: 1 };
  try {
    if (place.system === 'git') {
      if (isEmbeddedLocator(locator)) return reopenEmbedded(place, locator);
      const store = discoverGitStore(locator);
      if (store?.workTree === locator)
        return withPlace(
          await workTreeSource(
            await openGitSource(locator, named(place.key)),
            {
              ...(reading.vendor === undefined ? {} : { vendor: reading.vendor }),
              exports: exportOptions(options),
            },
            {},
          ),
          place,
        );
      return await openGitSource(locator, named(place.key));
    }
    if (place.system !== 'folder') return undefined;
    const isFolder = statSync(locator, { throwIfNoEntry: false })?.isDirectory() === true;
    // The repositories in a folder are roots of their own: read here too, each of their files would be two copies.
    const without = isFolder ? innerFolders(locator) : [];
    return await openPathSource(locator, { ...folderOptions(options), place: place.key, without });
  } catch {
    return undefined;
  }
}

function named(key: PlaceKey): { place: string } {
  return { place: key.replace(/^git:/, '') };
}

async function openTarget(
  target: string,
  options: ScanOptions,
  onProblem: OnProblem,
  remembered: Remembered,
): Promise<OpenedTarget[]> {
  if (target === '-') {
    const { place } = options;
    const source = await openStdinSource({
      exports: exportOptions(options),
      ...(place === undefined ? {} : { place }),
    });
    return [{ source, whole: isWholeScope(options), author: noAuthorFiles }];
  }
  if (isGitUrl(target)) {
    const mirror = await mirrorUrl(target, options.cacheDir);
    return openRepository(mirror.path, { ...options, place: options.place ?? mirror.place }, remembered, {});
  }
  const path = resolve(target);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (options.staged === true || options.range !== undefined)
    return openRepository(path, options, remembered, {});
  if (!isFolder) {
    const author = await folderAuthorFiles(dirname(path), options);
    const source = await openPathSource(path, folderOptions(withConfig(options, author)));
    return [{ source, whole: isWholeScope(options), author }];
  }
  const lists = new FolderLists();
  const repositories = innerRepositories(path, lists);
  const inner = await openInner(repositories, options, onProblem, remembered, lists);
  const without = repositories.map((repository) => relative(path, repository.path));
  const store = repositoryRootAt(path);
  if (store !== undefined) {
    const found = store.workTree === path ? { store, without, lists } : { store, lists };
    return [...(await openRepository(path, options, remembered, found)), ...inner];
  }
  const author = await folderAuthorFiles(path, options);
  const configured = withConfig(options, author);
  const source = await openFolderSource(path, { ...folderOptions(configured), without, lists });
  return [...inner, { source, whole: isWholeScope(configured), author }];
}

/** Outside of repositories a configuration is looked for all the way up, inside one up to its root. */
async function folderAuthorFiles(folder: string, options: ScanOptions): Promise<AuthorFiles> {
  const workTree = discoverGitStore(folder)?.workTree;
  const above = foldersAbove(folder).filter((path) => workTree === undefined || isWithin(workTree, path));
  return readAuthorFiles(readerIn(folder), above, options);
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith('../'));
}

/** A folder is scanned as a repository only when it is one itself: a folder inside a work tree is a folder. */
function repositoryRootAt(path: string): GitStoreLocation | undefined {
  const store = discoverGitStore(path);
  return store?.prefix === '' ? store : undefined;
}

/** What is known of a repository before it is opened; absent parts are found out. */
interface FoundRepository {
  readonly store?: GitStoreLocation;
  /** Folders of its work tree (relative paths) that are repositories of their own. */
  readonly without?: readonly string[];
  /** Folders that were listed on the way to it. */
  readonly lists?: FolderLists;
}

async function openRepository(
  path: string,
  given: ScanOptions,
  remembered: Remembered,
  found: FoundRepository,
): Promise<OpenedTarget[]> {
  const location = found.store ?? discoverGitStore(path);
  const workTree = location?.workTree;
  const own = workTree === undefined ? undefined : await readAuthorFiles(readerIn(workTree), [], given);
  const options = own === undefined ? given : withConfig(given, own);
  const assumedOrigin =
    location === undefined || workTree !== undefined
      ? undefined
      : unpackedMigrationOrigin(location.commonDir);
  const git = await openGitSource(path, {
    ...(location === undefined ? {} : { location }),
    ...gitOptions(options),
    ...remembered,
    ...(options.place === undefined ? {} : { place: options.place }),
    ...(assumedOrigin === undefined ? {} : { assumedOrigin }),
  });
  const author = own ?? (await readAuthorFiles((name, maxBytes) => git.headFile(name, maxBytes), [], given));
  const hasFiles =
    git.location.workTree !== undefined && options.staged !== true && options.range === undefined;
  const files = hasFiles ? [await workTreeSource(git, folderOptions(options), found)] : [];
  const sources = options.worktreeOnly === true ? files : [git, ...files];
  return sources.map((source) => ({ source, whole: isWholeScope(options), author }));
}

/** What the options of a scan say of every repository. */
export function gitOptions(
  options: ScanOptions,
): Pick<OpenGitOptions, 'scope' | 'alternates' | 'trustOwner'> {
  return {
    scope: scopeOf(options),
    ...(options.alternates === undefined ? {} : { alternates: options.alternates }),
    ...(options.trustOwner === undefined ? {} : { trustOwner: options.trustOwner }),
  };
}

function scopeOf(options: ScanOptions): GitScope {
  if (options.staged === true) return { type: 'staged' };
  if (options.range !== undefined) return { type: 'range', range: options.range };
  return options.noHistory === true ? { type: 'tips' } : { type: 'all' };
}

/** The files of a work tree as a second root of the repository's place. */
async function workTreeSource(
  git: GitSource,
  options: FolderOptions,
  found: FoundRepository,
): Promise<OpenSource> {
  const workTree = git.location.workTree;
  if (workTree === undefined) throw new TypeError('a bare store has no files');
  const marks = (found?: readonly FoundFile[]): Promise<FileMarks> => gitFileMarks(git, found);
  // What is tracked and what is ignored is part of what a scan says of a file.
  const stateFiles = [join(git.location.gitDir, 'index'), join(git.location.commonDir, 'info', 'exclude')];
  const { lists = new FolderLists() } = found;
  const without = found.without ?? innerFolders(workTree, lists);
  const source = await openFolderSource(workTree, { ...options, marks, without, lists, stateFiles });
  return withPlace(source, git.place);
}

function withPlace(source: OpenSource, place: Place): OpenSource {
  return { ...source, place };
}

/** Opens the repositories inside a folder, each with its history; submodules and nested clones are places of their own. */
async function openInner(
  repositories: readonly InnerRepository[],
  options: ScanOptions,
  onProblem: OnProblem,
  remembered: Remembered,
  lists: FolderLists,
): Promise<OpenedTarget[]> {
  const limit = pLimit(openedAtOnce);
  const { place: _, ...inner } = options;
  const nested = nestedFolders(repositories);
  const opened = await limit.map(repositories, async ({ path, store }) => {
    try {
      return await openRepository(path, inner, remembered, { store, without: nested.get(path) ?? [], lists });
    } catch (error) {
      onProblem(inputProblemOf(error, path));
      return [];
    }
  });
  return opened.flat();
}

interface InnerRepository {
  readonly path: string;
  readonly store: GitStoreLocation;
}

/**
 * Stores below a folder that lie in it. A `.git` file or link that leads out of the target is not followed,
 * and one that leads to no store is none; what stands beside it is read as files.
 */
function innerRepositories(path: string, lists?: FolderLists): InnerRepository[] {
  const found: InnerRepository[] = [];
  for (const repository of findRepositories(path, lists)) {
    try {
      const root = realpathSync.native(path);
      const store = repositoryRootAt(repository);
      if (store === undefined) continue;
      const folders = new Set([store.gitDir, store.commonDir]);
      if ([...folders].every((folder) => isWithin(root, realpathSync.native(folder))))
        found.push({ path: repository, store });
    } catch {
      // It went away, or leads nowhere.
    }
  }
  return found;
}

/** For each repository those that lie in it, as relative paths. */
function nestedFolders(repositories: readonly InnerRepository[]): ReadonlyMap<string, readonly string[]> {
  const nested = new Map<string, string[]>(repositories.map(({ path }) => [path, []]));
  for (const { path } of repositories) {
    for (let at = dirname(path); dirname(at) !== at; at = dirname(at))
      nested.get(at)?.push(relative(at, path));
  }
  return nested;
}

function innerFolders(path: string, lists?: FolderLists): string[] {
  return innerRepositories(path, lists).map((repository) => relative(path, repository.path));
}

function folderOptions(options: ScanOptions): FolderOptions {
  return {
    ...(options.place === undefined ? {} : { place: options.place }),
    ...(options.include === undefined ? {} : { include: options.include }),
    ...(options.exclude === undefined ? {} : { exclude: options.exclude }),
    ...(options.vendor === undefined ? {} : { vendor: options.vendor }),
    exports: exportOptions(options),
  };
}

function exportOptions({ system, people, includeDirect, baseUrl }: ScanOptions): ExportOptions {
  return {
    ...defaultExportOptions,
    ...(people === undefined ? {} : { people }),
    ...(includeDirect === undefined ? {} : { includeDirect }),
    ...(system === undefined ? {} : { system }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  };
}

function inputProblemOf(error: unknown, target: string): InputProblem {
  if (error instanceof InputProblemError) return error.problem;
  const code = error instanceof ProblemError ? error.problem.code : (error as NodeJS.ErrnoException).code;
  if (code === 'not-found' || code === 'ENOENT' || code === 'ENOTDIR')
    return { code: 'not-found', where: target };
  if (code === 'EACCES' || code === 'EPERM') return { code: 'permission-denied', where: target };
  const isFatal = code === 'usage' || code === 'git-missing' || code === 'config-invalid';
  if (error instanceof ProblemError && isFatal) throw error;
  return { code: 'unreadable', where: target, ...(code === undefined ? {} : { detail: String(code) }) };
}
