/** Files beside an export's own: lists of people and channels in the same folder or above it. */
import type { ExportFile } from '../contract.js';

/** Largest side file that is read. */
const maxBytes = 64 * 1024 * 1024;
/** Folders above the file that are looked into. */
const maxLevels = 4;

/** Names of the files that `pattern` fits (by their last part), in the file's folder and those above, nearest first. */
export async function filesBeside(file: ExportFile, pattern: RegExp): Promise<string[]> {
  const parts = file.name.split('/').slice(0, -1);
  const found: string[] = [];
  for (let level = 0; level <= Math.min(parts.length, maxLevels); level++) {
    const folder = parts.slice(0, parts.length - level).join('/');
    for (const name of await file.tree.list(folder)) {
      if (pattern.test(name.slice(name.lastIndexOf('/') + 1))) found.push(name);
    }
  }
  return found;
}

/** A side file as JSON; undefined when there is none, it is too large or it is broken. */
export async function jsonBeside(file: ExportFile, name: string): Promise<unknown> {
  const bytes = await file.tree.read(name, maxBytes);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}
