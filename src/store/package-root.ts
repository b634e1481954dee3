/** Finds the package's own folder, whether the code runs from `src/store`, a bundle or a chunk of it. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function nameIn(folder: string): unknown {
  try {
    const text = readFileSync(join(folder, 'package.json'), 'utf8');
    return (JSON.parse(text) as { readonly name?: unknown }).name;
  } catch {
    return undefined;
  }
}

/** Nearest folder above this module whose package.json names `sprawl`. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (nameIn(folder) !== 'sprawl') {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the package folder of sprawl was not found');
    folder = parent;
  }
  return folder;
}
