/**
 * The configuration of one's own checkout, as the hook and the `rules` commands read it: trusted, since whoever
 * works there can change it. Every parser is loaded only for a file that is there.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { foreignConfig, ownRuleFiles } from '../scan/own-rules.js';
import { readSmallFile } from '../sources/files/small-file.js';
import type { Config } from '../suppress/config.js';
import { maxConfigBytes } from '../suppress/fault.js';
import type { RuleFiles } from '../suppress/rule-files.js';

export const configName = '.sprawl/config.yaml';

export interface CheckoutFiles {
  /** Root of the work tree; the folder itself when there is none. */
  readonly root: string;
  readonly config: { readonly name: string; readonly config: Config } | undefined;
  /** What the files say of rules. */
  readonly rules: RuleFiles | undefined;
}

/** Text of a file at the root; undefined when there is none. */
export function textOf(root: string, name: string): string | undefined {
  return readSmallFile(join(root, name))?.toString('utf8');
}

/** Throws `config-invalid`: a broken file must not read as "nothing there". */
export async function readCheckoutFiles(cwd: string): Promise<CheckoutFiles> {
  const root = rootOf(cwd);
  const config = await configOf(cwd);
  const read = async (name: string): Promise<string | undefined> => textOf(root, name);
  const rules = await ownRuleFiles({ config, foreign: await foreignConfig(read), read });
  return { root, config, rules };
}

async function configOf(cwd: string): Promise<CheckoutFiles['config']> {
  const name = configFile(cwd);
  const bytes = name === undefined ? undefined : readSmallFile(name, maxConfigBytes);
  if (name === undefined || bytes === undefined) return undefined;
  const { parseConfig } = await import('../suppress/config.js');
  return { name, config: parseConfig(bytes, name) };
}

function configFile(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const file = join(folder, configName);
    if (existsSync(file)) return file;
    // What lies above the repository is not its configuration.
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) return undefined;
  }
}

/** Root of the work tree; the folder itself when there is none. */
export function rootOf(cwd: string): string {
  for (let folder = cwd; dirname(folder) !== folder; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
  }
  return cwd;
}
