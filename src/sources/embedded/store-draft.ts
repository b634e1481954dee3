/**
 * Writes a repository out of an archive into a folder of our own. Only plain files that hold objects, refs and their
 * logs come in, each under a name that the rules here allow; hooks, links, borrowed objects and the configuration
 * stay out. Of the configuration only what says how to read the objects, and where they came from, is written anew.
 */
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { InputProblemCode } from '../../model/problem.js';
import type { Chunks } from '../archives/inflate.js';
import { type GitConfig, isTrue, lastValue, parseGitConfig } from '../git/config-file.js';
import { normaliseRemoteUrl, splitCredentials } from '../git/origin.js';
import { type BundleHeader, readBundle } from '../git/read-bundle.js';
import { hasObjects, repairPacks } from '../git/repair-packs.js';

/** Most bytes of a file that is held in memory: HEAD and configuration are hundreds. */
const maxTextBytes = 1024 * 1024;

const storeFile =
  /^(?:HEAD|[A-Z]{1,20}_HEAD|packed-refs|shallow|refs\/.+|logs\/.+|reftable\/[\w.-]+|objects\/[0-9a-f]{2}\/(?:[0-9a-f]{38}|[0-9a-f]{62})|objects\/pack\/pack-\w{1,80}\.(?:pack|idx|promisor))$/;

/** What of a repository could not be taken out. */
export interface DraftFault {
  readonly code: InputProblemCode;
  readonly detail: string;
  /** True when there is nothing to be read. */
  readonly isEmpty: boolean;
}

/** How the objects are to be read, and where they came from. */
interface DraftFacts {
  readonly origin: string | undefined;
  readonly objectFormat: 'sha1' | 'sha256';
  /** Objects may be missing on purpose. */
  readonly partial: boolean;
}

export class StoreDraft {
  readonly path: string;
  #config: GitConfig = new Map();
  #hasHead = false;
  #bundle: BundleHeader | undefined;
  /** Of the first file that could not be written. */
  #errno: string | undefined;

  /** @param path a folder that does not exist yet */
  constructor(path: string) {
    this.path = path;
    for (const folder of ['', 'objects', 'objects/pack', 'refs'])
      mkdirSync(join(path, folder), { mode: 0o700 });
  }

  /** Takes a file of the repository, named within it; what is not needed is left. */
  async take(name: string, chunks: Chunks): Promise<void> {
    if (name === 'config') this.#config = parseGitConfig((await textOf(chunks)) ?? '');
    if (!storeFile.test(name) || !isSafe(name)) return;
    if (name === 'HEAD') this.#hasHead = true;
    try {
      await this.#write(name, chunks);
    } catch (error) {
      // Two refs of which one is the folder of the other, or a full disk: what else there is counts.
      this.#errno ??= (error as NodeJS.ErrnoException).code ?? (error as Error).name;
    }
  }

  /** Takes a file that another repository of the archive has too, from where that was written. */
  takeFrom(name: string, other: StoreDraft, otherName: string): void {
    if (![name, otherName].every((one) => storeFile.test(one) && isSafe(one))) return;
    try {
      const path = join(this.path, name);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      copyFileSync(join(other.path, otherName), path, constants.COPYFILE_FICLONE);
      if (name === 'HEAD') this.#hasHead = true;
    } catch (error) {
      this.#errno ??= (error as NodeJS.ErrnoException).code ?? (error as Error).name;
    }
  }

  /** Takes a bundle, or a lone pack, instead of files. */
  async takeBundle(chunks: Chunks): Promise<void> {
    this.#bundle = await readBundle(chunks, this.path);
    this.#hasHead = existsSync(join(this.path, 'HEAD'));
  }

  /**
   * Makes the folder a repository that can be read.
   * @param origin URL that it is known to come from
   */
  async finish(origin: string | undefined): Promise<DraftFault | undefined> {
    if (!this.#hasHead) writeFileSync(join(this.path, 'HEAD'), 'ref: refs/heads/main\n', { mode: 0o600 });
    const objectFormat = formatOf(this.#config) ?? this.#bundle?.objectFormat ?? 'sha1';
    const facts = { objectFormat, origin, partial: this.#bundle?.partial === true };
    writeFileSync(join(this.path, 'config'), configText(this.#config, facts), { mode: 0o600 });
    const repair = await repairPacks(this.path, objectFormat);
    const isEmpty = !hasObjects(this.path);
    if (this.#errno !== undefined)
      return { code: 'unreadable', detail: `could not be unpacked (${this.#errno})`, isEmpty };
    if (repair === 'sound' && !isEmpty) return undefined;
    const detail =
      this.#bundle?.incremental === true
        ? 'the bundle builds on commits that it does not hold'
        : 'a damaged pack of a git repository';
    return { code: 'broken-archive', detail, isEmpty };
  }

  async #write(name: string, chunks: Chunks): Promise<void> {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // The folder has been empty, and nothing here makes a link: no name leads out of it.
    const fd = openSync(path, 'w', 0o600);
    try {
      for await (const chunk of chunks) for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at);
    } finally {
      closeSync(fd);
    }
  }
}

function formatOf(config: GitConfig): 'sha1' | 'sha256' | undefined {
  const format = lastValue(config, 'extensions.objectformat')?.toLowerCase();
  return format === 'sha256' ? format : undefined;
}

function isSafe(name: string): boolean {
  return name
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\\0]/.test(part));
}

async function textOf(chunks: Chunks): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxTextBytes) return undefined;
    pieces.push(Buffer.from(chunk));
  }
  return Buffer.concat(pieces).toString('utf8');
}

function configText(config: GitConfig, { origin, objectFormat, partial }: DraftFacts): string {
  const isReftable = lastValue(config, 'extensions.refstorage')?.toLowerCase() === 'reftable';
  const extensions = [
    ...(objectFormat === 'sha256' ? ['\tobjectFormat = sha256\n'] : []),
    ...(isReftable ? ['\trefStorage = reftable\n'] : []),
  ];
  const version = extensions.length > 0 ? 1 : 0;
  const remotes = remotesOf(config);
  // A path on the machine that made the archive says nothing about where a repository comes from.
  const isTold = [...remotes.values()].some((url) => normaliseRemoteUrl(url) !== undefined);
  if (!isTold && origin !== undefined) remotes.set('origin', origin);
  const isPartial = partial || isPartialClone(config);
  return [
    `[core]\n\tbare = true\n\trepositoryFormatVersion = ${version}\n`,
    ...(extensions.length > 0 ? [`[extensions]\n${extensions.join('')}`] : []),
    ...[...remotes].map(([name, url]) => `[remote "${quoted(name)}"]\n\turl = "${quoted(url)}"\n`),
    ...(isPartial ? ['[remote "promised"]\n\tpromisor = true\n'] : []),
  ].join('');
}

/** URLs of the remotes, without credentials: those are found where the configuration is read as a document. */
function remotesOf(config: GitConfig): Map<string, string> {
  const remotes = new Map<string, string>();
  for (const [key, values] of config) {
    const name = /^remote\.(.+)\.url$/s.exec(key)?.[1];
    const url = values[0];
    if (name === undefined || url === undefined) continue;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
    if (!/[\u0000-\u001f\u007f]/.test(name + url)) remotes.set(name, splitCredentials(url).url);
  }
  return remotes;
}

function isPartialClone(config: GitConfig): boolean {
  if (lastValue(config, 'extensions.partialclone') !== undefined) return true;
  return [...config].some(([key, values]) => /^remote\..*\.promisor$/s.test(key) && isTrue(values.at(-1)));
}

function quoted(text: string): string {
  return text.replace(/[\\"]/g, '\\$&');
}
