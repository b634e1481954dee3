/** The repositories that one range met in archives and bundles, each once. */
import { type EmbeddedPath, embeddedLocator } from '../sources/embedded/embedded-path.js';
import { joinPath, pathBytesOf } from '../sources/files/path-bytes.js';
import type { FoundGit, WorkRange } from '../sources/source.js';

export class EmbeddedFinds {
  readonly #root: Buffer | undefined;
  readonly #found = new Map<string, EmbeddedPath>();
  readonly #unreadable = new Set<string>();
  #last: FoundGit | undefined;

  constructor(range: WorkRange) {
    this.#root = range.type === 'files' ? Buffer.from(range.root, 'base64') : undefined;
  }

  get paths(): readonly EmbeddedPath[] {
    return [...this.#found.values()];
  }

  /** False, once for each, when the archive is no file that could be opened again. */
  add(found: FoundGit): boolean {
    // The objects of one repository come one after the other.
    const { ref, chain, folder } = found;
    const isSame = this.#last?.ref === ref && this.#last.chain === chain && this.#last.folder === folder;
    if (isSame) return true;
    this.#last = found;
    if (ref.type !== 'file' || this.#root === undefined) {
      const oid = ref.type === 'git-object' ? Buffer.from(ref.oid).toString('hex') : '';
      const key = [oid, ...chain, folder].join('\0');
      const isNew = !this.#unreadable.has(key);
      this.#unreadable.add(key);
      return !isNew;
    }
    const file = joinPath(this.#root, pathBytesOf(ref.entry.path)).toString('base64');
    const at = { file, chain, folder };
    this.#found.set(embeddedLocator(at), at);
    return true;
  }
}
