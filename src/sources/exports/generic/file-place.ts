/** Places and ids of records that a file alone tells: the folder is the place, the file's name begins the id. */
import type { ExportFile, RecordPlace } from '../contract.js';

/** The folder in which the file lies. */
export function folderPlace(file: Pick<ExportFile, 'name'>): RecordPlace {
  const folder = file.name.split('/').slice(0, -1).join('/');
  const id = folder === '' ? '.' : folder;
  return { kind: 'folder', id, name: id, audience: 'unknown' };
}

/** Name of the file without its folder. */
export function baseName(file: Pick<ExportFile, 'name'>): string {
  return file.name.split('/').at(-1) ?? file.name;
}

/** Ids within one file: the first record with an id keeps it, those after it get `~2`, `~3`. */
export class RecordIds {
  readonly #base: string;
  readonly #seen = new Map<string, number>();

  /** @param within entry of the file, when the file is a container */
  constructor(file: Pick<ExportFile, 'name'>, within?: string) {
    this.#base = baseName(file) + (within === undefined ? '' : `!/${within}`);
  }

  /** `file.json#id`. */
  next(id: string): string {
    const count = (this.#seen.get(id) ?? 0) + 1;
    // A file of a hundred million rows must not keep all their ids.
    if (this.#seen.size < maxRemembered || count > 1) this.#seen.set(id, count);
    return `${this.#base}#${id}${count === 1 ? '' : `~${count}`}`;
  }
}

const maxRemembered = 200_000;
