/**
 * The folder that whoever packed or unpacked an export put around all of it: `Archive/`, `export 2024-03/`, `./`. It says
 * nothing of the export, and is another one next month. Readers see names without it, as ids of places and records are
 * made of names where an export has none of its own.
 */
import type { ExportFile, ExportTree } from './contract.js';

/** Folders around folders. */
const mostFolders = 3;
/** What systems leave beside the files of people. */
const litter = /^(?:__MACOSX|\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|\.Trashes|\.Spotlight-V100)$/i;
/** Names of what was packed as a whole: by what it is, its day, a copy's number. */
const wrapperName =
  /^\.$|export|backup|dump|download|takeout|unzipped|new.folder|copy|\(\d+\)|(?:19|20)\d\d[-_. ]?[01]\d/i;

/** The file as it is named below the folder around its export; the very file when there is none. */
export async function withoutWrapper(file: ExportFile): Promise<ExportFile> {
  if (!file.name.includes('/')) return file;
  const prefix = await file.tree.memo('wrapping-folder', () => wrapperOf(file.tree));
  if (prefix === '' || !file.name.startsWith(prefix)) return file;
  return {
    ...file,
    name: file.name.slice(prefix.length),
    fullName: file.name,
    tree: new BelowFolder(file.tree, prefix),
  };
}

/** Path of the folder with its `/`; empty when the top of the tree holds several things, or files. */
async function wrapperOf(tree: ExportTree): Promise<string> {
  let prefix = '';
  for (let i = 0; i < mostFolders; i++) {
    const [only, other] = await ownNames(tree, prefix);
    if (only === undefined || other !== undefined) break;
    const inside = await ownNames(tree, `${only}/`);
    if (inside.length === 0) break;
    // A lone folder of files may be the channel or mailbox that they belong to.
    const name = only.slice(prefix.length);
    if (!wrapperName.test(name) && !(await holdsFolder(tree, inside))) break;
    prefix = `${only}/`;
  }
  return prefix;
}

/** Names in a folder, but for litter. */
async function ownNames(tree: ExportTree, prefix: string): Promise<readonly string[]> {
  const names = await tree.list(prefix.slice(0, -1));
  return names.filter((name) => !litter.test(name.slice(prefix.length)));
}

/** Names that are looked at to see whether one is a folder. */
const mostTried = 20;

/** Those of Maildir are parts of one folder. */
const ofMaildir = /\/(?:cur|new|tmp)$/;

async function holdsFolder(tree: ExportTree, names: readonly string[]): Promise<boolean> {
  for (const name of names.slice(0, mostTried))
    if (!ofMaildir.test(name) && (await tree.list(name)).length > 0) return true;
  return false;
}

class BelowFolder implements ExportTree {
  readonly #tree: ExportTree;
  readonly #prefix: string;

  constructor(tree: ExportTree, prefix: string) {
    this.#tree = tree;
    this.#prefix = prefix;
  }

  async list(folder: string): Promise<readonly string[]> {
    const names = await this.#tree.list((this.#prefix + folder).replace(/\/$/, ''));
    return names.map((name) => name.slice(this.#prefix.length));
  }

  read(name: string, maxBytes: number): Promise<Buffer | undefined> {
    return this.#tree.read(this.#prefix + name, maxBytes);
  }

  memo<T>(key: string, make: () => Promise<T>): Promise<T> {
    return this.#tree.memo(key, make);
  }
}
