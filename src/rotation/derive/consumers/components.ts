/** Components of a repository: the directories that have a manifest. */
import { baseOf, folderOf } from './workload.js';

const manifest =
  /^(?:package\.json|pyproject\.toml|setup\.py|requirements\.txt|go\.mod|pom\.xml|build\.gradle(?:\.kts)?|Gemfile|composer\.json|Cargo\.toml|.+\.(?:cs|fs|vb)proj|mix\.exs|pubspec\.yaml|Package\.swift)$/;

/** Files that only a program for people's own devices has. */
const shippedMark =
  /(?:^|\/)(?:AndroidManifest\.xml|Info\.plist|pubspec\.yaml|google-services\.json|GoogleService-Info\.plist|tauri\.conf\.json|electron-builder\.[a-z0-9]+|Podfile)$/;

export interface Components {
  /** Directory of the nearest manifest upwards; the root when there is none. */
  of(path: string): string;
  /** True when a manifest was found at all. */
  hasManifest(path: string): boolean;
  /** True for components that are installed on people's own devices. */
  isShipped(component: string): boolean;
}

export function componentsOf(paths: readonly string[]): Components {
  const folders = new Set<string>();
  const shippedFiles: string[] = [];
  for (const path of paths) {
    if (/(?:^|\/)(?:node_modules|vendor|third_party)\//.test(path)) continue;
    if (manifest.test(baseOf(path))) folders.add(folderOf(path));
    if (shippedMark.test(path)) shippedFiles.push(path);
  }
  const nearest = (path: string): string | undefined => {
    for (let folder = folderOf(path); ; folder = folderOf(folder)) {
      if (folders.has(folder)) return folder;
      if (folder === '') return undefined;
    }
  };
  const of = (path: string): string => nearest(path) ?? '';
  const shipped = new Set(shippedFiles.map(of));
  return {
    of,
    hasManifest: (path) => nearest(path) !== undefined,
    isShipped: (component) => shipped.has(component),
  };
}
