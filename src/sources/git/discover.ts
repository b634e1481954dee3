/**
 * Finds the git store that a path belongs to and what sort of store it is. File system reads only: the
 * store's own configuration is read as data, git is not started.
 */
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type GitConfig, isTrue, lastValue, parseGitConfig } from './config-file.js';

export interface GitStoreLocation {
  /** Absolute git directory; of a linked work tree its own one. */
  readonly gitDir: string;
  /** Where objects and shared refs are; equals `gitDir` unless it is a linked work tree. */
  readonly commonDir: string;
  /** Absolute root of the work tree; absent for a bare store. */
  readonly workTree?: string;
  /** Path as given, relative to the work tree; empty when the path is the store itself. */
  readonly prefix: string;
  readonly objectFormat: 'sha1' | 'sha256';
  readonly refStorage: 'files' | 'reftable';
  readonly bare: boolean;
  readonly linkedWorkTree: boolean;
  readonly shallow: boolean;
  /** A partial clone: objects may be missing on purpose. */
  readonly promisor: boolean;
  /** Borrows objects from other stores. */
  readonly alternates: boolean;
  /** True when `objects` is a link that leads out of the store. */
  readonly objectsOutside: boolean;
  readonly config: GitConfig;
}

/** The store at or above `path`; undefined when there is none. */
export function discoverGitStore(path: string): GitStoreLocation | undefined {
  const start = resolve(path);
  if (!isFolder(start)) return undefined;
  for (let folder = start; ; folder = dirname(folder)) {
    const gitDir = gitDirAt(folder);
    if (gitDir !== undefined) return describe(gitDir, folder, start);
    if (isGitDir(folder)) return describe(folder, undefined, folder);
    if (dirname(folder) === folder) return undefined;
  }
}

/** Git directory of the work tree rooted at `folder`: `.git` as a folder, or as a file that points to it. */
function gitDirAt(folder: string): string | undefined {
  const dotGit = join(folder, '.git');
  const stat = statSync(dotGit, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isDirectory()) return isGitDir(dotGit) ? dotGit : undefined;
  const target = /^gitdir: (.+?)\r?\n*$/.exec(readText(dotGit) ?? '')?.[1];
  if (target === undefined) return undefined;
  const gitDir = resolve(folder, target);
  return isGitDir(gitDir) ? gitDir : undefined;
}

function isGitDir(folder: string): boolean {
  if (lstatSync(join(folder, 'HEAD'), { throwIfNoEntry: false }) === undefined) return false;
  const common = commonDirOf(folder);
  // Tools that leave empty folders out leave a store whose refs are all packed without `refs`.
  const hasRefs = isFolder(join(common, 'refs')) || existsSync(join(common, 'packed-refs'));
  return hasRefs && isFolder(join(common, 'objects'));
}

function commonDirOf(gitDir: string): string {
  const text = readText(join(gitDir, 'commondir'));
  return text === undefined ? gitDir : resolve(gitDir, text.replace(/\r?\n*$/, ''));
}

function describe(gitDir: string, workTreeRoot: string | undefined, start: string): GitStoreLocation {
  const commonDir = commonDirOf(gitDir);
  const config = parseGitConfig(readText(join(commonDir, 'config')) ?? '');
  const bare = workTreeRoot === undefined && isBare(gitDir, config);
  const workTree = bare ? undefined : (workTreeRoot ?? configuredWorkTree(gitDir, config));
  return {
    gitDir,
    commonDir,
    ...(workTree === undefined ? {} : { workTree }),
    prefix: workTree === undefined ? '' : prefixOf(workTree, start),
    objectFormat:
      lastValue(config, 'extensions.objectformat')?.toLowerCase() === 'sha256' ? 'sha256' : 'sha1',
    refStorage:
      lastValue(config, 'extensions.refstorage')?.toLowerCase() === 'reftable' ? 'reftable' : 'files',
    bare,
    linkedWorkTree: commonDir !== gitDir,
    shallow: (readText(join(commonDir, 'shallow')) ?? '').trim() !== '',
    // Lists a folder, and only what is read has to know.
    get promisor() {
      return isPromisor(commonDir, config);
    },
    alternates: (readText(join(commonDir, 'objects', 'info', 'alternates')) ?? '').trim() !== '',
    objectsOutside: leadsOut(commonDir),
    config,
  };
}

function prefixOf(workTree: string, start: string): string {
  const prefix = relative(workTree, start);
  return prefix.startsWith('..') ? '' : prefix;
}

/** A git directory given by itself is bare unless it is called `.git` or names a work tree. */
function isBare(gitDir: string, config: GitConfig): boolean {
  const value = lastValue(config, 'core.bare');
  if (value !== undefined) return isTrue(value);
  return basename(gitDir) !== '.git' && lastValue(config, 'core.worktree') === undefined;
}

function configuredWorkTree(gitDir: string, config: GitConfig): string | undefined {
  const value = lastValue(config, 'core.worktree');
  const folder = value === undefined ? dirname(gitDir) : resolve(gitDir, value);
  return isFolder(folder) ? folder : undefined;
}

function isPromisor(commonDir: string, config: GitConfig): boolean {
  if (lastValue(config, 'extensions.partialclone') !== undefined) return true;
  for (const [key, values] of config) {
    if (/^remote\..*\.promisor$/.test(key) && isTrue(values.at(-1))) return true;
  }
  return namesIn(join(commonDir, 'objects', 'pack')).some((name) => name.endsWith('.promisor'));
}

function leadsOut(commonDir: string): boolean {
  try {
    const inside = realpathSync(commonDir);
    return ['objects', 'objects/pack'].some((part) => {
      const folder = join(commonDir, part);
      if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return false;
      return relative(inside, realpathSync(folder)).startsWith('..');
    });
  } catch {
    return true;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readText(path: string): string | undefined {
  // An error costs ten times as much as the question.
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Hex ids of the commits at which a shallow clone ends. */
export function shallowCommits({ commonDir }: GitStoreLocation): ReadonlySet<string> {
  return new Set((readText(join(commonDir, 'shallow')) ?? '').split('\n').filter((line) => line !== ''));
}
