/** The nearest component of a path, and whom its files name. */
import type { FilesView } from '../../estate.js';
import { labelledOwner } from './labels.js';
import { manifestReaders, mostManifestBytes, type NamedOwner } from './manifests.js';

export interface ComponentOwner extends NamedOwner {
  /** Path of the file that says so. */
  readonly path: string;
}

export interface ComponentBook {
  /** The catalogue entry that is nearest, and the nearest manifest of another kind; then what the file itself says. */
  ownersOf(path: string): Promise<readonly ComponentOwner[]>;
}

/** What others wrote and was copied in says nothing of who works here. */
const foreign = /(?:^|\/)(?:node_modules|vendor|third[_-]party|bower_components|site-packages)\//;

const isCatalogue = (name: string): boolean => name.startsWith('catalog-info.');

/** Folders from the path's own to the root, each with a slash at its end. */
function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf('/'); end >= 0; end = path.lastIndexOf('/', end - 1)) {
    folders.push(path.slice(0, end + 1));
    if (end === 0) break;
  }
  return [...folders, ''];
}

export function componentBook(files: FilesView): ComponentBook {
  const names = [...manifestReaders.keys()];
  const manifests = new Set(
    files.paths.filter((path) => manifestReaders.has(path.slice(path.lastIndexOf('/') + 1))),
  );
  const known = new Map<string, Promise<readonly ComponentOwner[]>>();

  const readManifest = async (path: string, name: string): Promise<readonly ComponentOwner[]> => {
    const text = await files.read(path, mostManifestBytes);
    const owners = text === undefined ? [] : (manifestReaders.get(name)?.(text) ?? []);
    return owners.map((owner) => ({ ...owner, path }));
  };
  const inManifest = (path: string, name: string): Promise<readonly ComponentOwner[]> => {
    const read = known.get(path) ?? readManifest(path, name);
    known.set(path, read);
    return read;
  };
  const nearest = async (
    folders: readonly string[],
    isWanted: (name: string) => boolean,
  ): Promise<readonly ComponentOwner[]> => {
    for (const folder of folders) {
      for (const name of names.filter(
        (candidate) => isWanted(candidate) && manifests.has(folder + candidate),
      )) {
        const owners = await inManifest(folder + name, name);
        if (owners.length > 0) return owners;
      }
    }
    return [];
  };
  const ofFile = async (path: string): Promise<readonly ComponentOwner[]> => {
    if (!/\.(?:tf|tf\.json|ya?ml)$/.test(path)) return [];
    const text = await files.read(path, mostManifestBytes);
    return text === undefined ? [] : labelledOwner(path, text).map((owner) => ({ ...owner, path }));
  };
  return {
    ownersOf: async (path) => {
      if (foreign.test(path)) return [];
      const folders = foldersOf(path);
      const own = await ofFile(path);
      const catalogue = await nearest(folders, isCatalogue);
      // The file that holds the copy is nearer than any manifest.
      const manifest = own.length > 0 ? own : await nearest(folders, (name) => !isCatalogue(name));
      return [...catalogue, ...manifest];
    },
  };
}
