/**
 * Makes a folder with those above it. Node's own way (`recursive: true`) never returns where the system says "no such
 * folder" below a folder that is there, as automounted homes and /proc do.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Throws the system's error of the first folder that cannot be made. @param path absolute */
export function makeFolders(path: string, mode: number): void {
  const missing: string[] = [];
  for (let folder = path; !existsSync(folder) && dirname(folder) !== folder; folder = dirname(folder)) {
    missing.push(folder);
  }
  for (const folder of missing.reverse()) {
    try {
      mkdirSync(folder, { mode });
    } catch (error) {
      // Another process may have made it in the meantime.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
