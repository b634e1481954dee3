/**
 * Neutral git directory: our own folder with a config of ours, linked to a store's objects and index.
 *
 * git reads a store's objects through it without ever parsing the store's config, so `core.fsmonitor`,
 * hooks, filters, promisor remotes, `include.path` or an unknown extension cannot take effect whatever
 * their names will be. The alternative, `--git-dir=<store>` with an override for each dangerous key, fails
 * on the first key that a later git adds. The folder is 0700, holds no content and is removed at exit.
 */
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitStoreHandle } from '../source.js';

export interface NeutralDirOptions {
  readonly commonDir: string;
  readonly gitDir: string;
  readonly objectFormat: 'sha1' | 'sha256';
  readonly refStorage: 'files' | 'reftable';
  /** Whether objects of `objects/info/alternates` may be read. */
  readonly alternates: boolean;
}

/**
 * Settings of every read. No commit graph and no multi-pack index: both are hints that a hostile store can
 * forge so that objects seem missing; without them git reads packs and commits themselves.
 */
const settings = `
[core]
	bare = true
	fsmonitor = false
	untrackedCache = false
	hooksPath = /dev/null
	attributesFile = /dev/null
	commitGraph = false
	multiPackIndex = false
	pager = cat
	bigFileThreshold = 32m
[protocol]
	allow = never
[gc]
	auto = 0
[maintenance]
	auto = false
`;

const made = new Set<string>();
let cleanUpAtExit = false;

/** Makes the folder; call {@link removeNeutralDir} when done, else it goes at exit. */
export function makeNeutralDir(options: NeutralDirOptions): string {
  const dir = mkdtempSync(join(tmpdir(), 'sprawl-git-'));
  removeAtExit(dir);
  fill(dir, options);
  return dir;
}

/**
 * A path for a folder that readers make when they first need git ({@link ensureReaderDir}); most never do. It
 * is removed as those of {@link makeNeutralDir} are.
 */
export function reserveReaderDir(): string {
  const dir = join(tmpdir(), `sprawl-git-${randomBytes(16).toString('hex')}`);
  removeAtExit(dir);
  return dir;
}

/** Makes a store's reserved folder, which several threads may ask for at once. Objects only: no index, no refs. */
export function ensureReaderDir({ neutralDir, gitDir, objectFormat, alternates }: GitStoreHandle): string {
  if (existsSync(neutralDir)) return neutralDir;
  const dir = mkdtempSync(`${neutralDir}.`);
  fill(dir, { commonDir: gitDir, gitDir, objectFormat, refStorage: 'files', alternates });
  try {
    renameSync(dir, neutralDir);
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    // Another thread was faster; what it made is the same.
    if (!existsSync(neutralDir)) throw error;
  }
  return neutralDir;
}

function removeAtExit(dir: string): void {
  made.add(dir);
  if (cleanUpAtExit) return;
  cleanUpAtExit = true;
  process.on('exit', removeAll);
}

function fill(dir: string, options: NeutralDirOptions): void {
  const extensions = [
    ...(options.objectFormat === 'sha256' ? ['objectFormat = sha256'] : []),
    ...(options.refStorage === 'reftable' ? ['refStorage = reftable'] : []),
  ];
  const version = extensions.length > 0 ? 1 : 0;
  const format = `[core]\n\trepositoryFormatVersion = ${version}\n[extensions]\n\t${extensions.join('\n\t')}\n`;
  writeFileSync(join(dir, 'config'), format + settings);
  writeFileSync(join(dir, 'HEAD'), 'ref: refs/heads/none\n');
  mkdirSync(join(dir, 'refs'));
  linkObjects(dir, options);
  linkIndex(dir, options.gitDir);
  if (options.refStorage === 'reftable')
    symlinkSync(join(options.commonDir, 'reftable'), join(dir, 'reftable'));
}

export function removeNeutralDir(dir: string): void {
  made.delete(dir);
  rmSync(dir, { recursive: true, force: true });
}

function removeAll(): void {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
}

/** Without alternates, packs and loose folders are linked one by one, so that `info/alternates` is out of sight. */
function linkObjects(dir: string, options: NeutralDirOptions): void {
  const from = join(options.commonDir, 'objects');
  const to = join(dir, 'objects');
  if (
    options.alternates ||
    lstatSync(join(from, 'info', 'alternates'), { throwIfNoEntry: false }) === undefined
  ) {
    symlinkSync(from, to);
    return;
  }
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (name === 'pack' || /^[0-9a-f]{2}$/.test(name)) symlinkSync(join(from, name), join(to, name));
  }
}

/** A split index keeps its bulk in `sharedindex.<hash>`, which git looks for in the git directory. */
function linkIndex(dir: string, gitDir: string): void {
  for (const name of readdirSync(gitDir)) {
    if (name === 'index' || name.startsWith('sharedindex.')) symlinkSync(join(gitDir, name), join(dir, name));
  }
}

/** Gives the neutral directory the store's refs, so that git resolves revisions as people write them. */
export function writeNeutralRefs(
  dir: string,
  refs: {
    readonly refs: readonly { readonly name: string; readonly oid: string }[];
    readonly headOid?: string;
  },
): void {
  // A name that git refuses would make it refuse the whole file.
  const usable = refs.refs.filter(
    ({ name }) =>
      /^refs\/[\w./@+#=-]+$/.test(name) && !/\.\.|\/\.|\.lock(?:\/|$)|\/$|\.$|@\{|\/\//.test(name),
  );
  const lines = usable.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, oid }) => `${oid} ${name}\n`);
  writeFileSync(join(dir, 'packed-refs'), `# pack-refs with: sorted \n${lines.join('')}`);
  if (refs.headOid !== undefined) writeFileSync(join(dir, 'HEAD'), `${refs.headOid}\n`);
}
