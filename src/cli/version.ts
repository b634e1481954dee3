/** The version of this installation, from its package.json. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function isOurs(manifest: unknown): manifest is { readonly version: string } {
  return (
    manifest !== null &&
    typeof manifest === 'object' &&
    'name' in manifest &&
    manifest.name === 'sprawl' &&
    'version' in manifest &&
    typeof manifest.version === 'string'
  );
}

let known: string | undefined;

/** Looks upward, since this may run from `src/cli/`, `dist/cli/` or a chunk in `dist/chunks/`. */
export function productVersion(): string {
  if (known !== undefined) return known;
  for (
    let folder = dirname(fileURLToPath(import.meta.url));
    folder !== dirname(folder);
    folder = dirname(folder)
  ) {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) continue;
    const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isOurs(manifest)) {
      known = manifest.version;
      return known;
    }
  }
  return '0.0.0';
}
