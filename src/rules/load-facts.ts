/** Reads the provider facts of this installation: `rules/facts/*.yaml`. What they say is rotation's business. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FactFile {
  /** Relative to the rules folder: `facts/aws.yaml`. */
  readonly name: string;
  readonly text: string;
}

/** In the order of their names; none for a folder of rules alone. */
export function loadFactFiles(rulesDir: string): FactFile[] {
  const folder = join(rulesDir, 'facts');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => ({
      name: `facts/${name}`,
      text: readFileSync(join(folder, name), 'utf8'),
    }));
}
