/**
 * The rules of a scan: the built-in ones with what trusted configurations add. Nothing of the machinery for
 * rules from outside is loaded unless there is such a configuration.
 */
import { basename, dirname, isAbsolute, join } from 'node:path';
import { loadRuleSet } from '../rules/load-bundle.js';
import type { RuleSet } from '../rules/rule-set.js';
import { readSmallFile } from '../sources/files/small-file.js';
import type { Config } from '../suppress/config.js';
import { maxConfigBytes } from '../suppress/fault.js';
import type { ForeignConfig, RuleFiles } from '../suppress/rule-files.js';

/** Bytes that a configuration of another tool may have. */
const maxForeignBytes = 4 * 1024 * 1024;

/** Names under which other tools keep their configuration; the first that is there counts. */
const foreignNames: readonly string[] = ['.betterleaks.toml', '.gitleaks.toml'];

/** True for a file that is named with `--config` and is in another tool's format. */
export function isForeignConfig(file: string): boolean {
  return file.endsWith('.toml');
}

/** Reads a text file by its path from the root of a target; undefined when there is none. */
export type ReadText = (name: string) => Promise<string | undefined>;

/** The configuration of another tool at the root of a target. */
export async function foreignConfig(read: ReadText): Promise<ForeignConfig | undefined> {
  for (const name of foreignNames) {
    const text = await read(name);
    if (text !== undefined) return { name, text, isNamed: false };
  }
  return undefined;
}

export interface OwnFiles {
  readonly config: { readonly name: string; readonly config: Config } | undefined;
  readonly foreign: ForeignConfig | undefined;
  readonly read: ReadText;
}

/** What trusted files say of rules; undefined when they say nothing. Throws `config-invalid`. */
export async function ownRuleFiles({ config, foreign, read }: OwnFiles): Promise<RuleFiles | undefined> {
  if (config?.config.rules === undefined && foreign === undefined) return undefined;
  const { readRuleFiles } = await import('../suppress/rule-files.js');
  const builtIn = await loadRuleSet();
  // A configuration above the target names its files from its own folder.
  const readImport =
    config === undefined || !isAbsolute(config.name) ? read : fileReader(folderOf(config.name));
  return readRuleFiles({ config, foreign, read, readImport, builtIn });
}

/** The folder that a configuration speaks of: the one that holds `.sprawl`, else the file's own. */
function folderOf(file: string): string {
  const folder = dirname(file);
  return basename(folder) === '.sprawl' ? dirname(folder) : folder;
}

function fileReader(folder: string): ReadText {
  return async (name) => readSmallFile(join(folder, name), maxForeignBytes)?.toString('utf8');
}

/** What the file that the user named with `--config` says of rules. Throws `config-invalid`. */
export async function namedRuleFiles(file: string): Promise<RuleFiles | undefined> {
  const isForeign = isForeignConfig(file);
  const bytes = readSmallFile(file, isForeign ? maxForeignBytes : maxConfigBytes);
  if (bytes === undefined) {
    const { missingConfig } = await import('../suppress/rule-files.js');
    throw missingConfig(file);
  }
  const read = fileReader(folderOf(file));
  if (isForeign) {
    const foreign = { name: basename(file), text: bytes.toString('utf8'), isNamed: true };
    return ownRuleFiles({ config: undefined, foreign, read });
  }
  const { parseConfig } = await import('../suppress/config.js');
  return ownRuleFiles({ config: { name: file, config: parseConfig(bytes, file) }, foreign: undefined, read });
}

/** The built-in rules with those of the files, and what is to be told of these. Throws `config-invalid`. */
export async function rulesWith(
  builtIn: RuleSet,
  files: readonly RuleFiles[],
): Promise<{ readonly rules: RuleSet; readonly notes: readonly string[] }> {
  if (files.length === 0) return { rules: builtIn, notes: [] };
  const { effectiveRules } = await import('../suppress/rule-files.js');
  return effectiveRules(builtIn, files);
}
