/**
 * The files by which the author of a target speaks about findings in it: `.sprawl/config.yaml`,
 * `.sprawl/baseline.json`, and the ignore lists of other scanners at its root. Read here, applied by
 * author-suppression.ts.
 */
import { dirname, join } from 'node:path';
import { ProblemError } from '../model/problem.js';
import { readSmallFile } from '../sources/files/small-file.js';
import { type Baseline, maxBaselineBytes, parseBaseline } from '../suppress/baseline.js';
import type { Config } from '../suppress/config.js';
import { type Fault, maxConfigBytes } from '../suppress/fault.js';
import type { ForeignAllow } from '../suppress/foreign-allow.js';
import { parseGitleaksIgnore } from '../suppress/gitleaks-ignore.js';
import { type GitleaksAllowlist, parseGitleaksToml } from '../suppress/gitleaks-toml.js';
import type { RuleFiles } from '../suppress/rule-files.js';
import { parseSecretsBaseline } from '../suppress/secrets-baseline.js';
import type { ScanOptions } from './messages.js';
import { foreignConfig, isForeignConfig, ownRuleFiles } from './own-rules.js';

export const configName = '.sprawl/config.yaml';
export const baselineName = '.sprawl/baseline.json';

export interface AuthorFiles {
  /** `trusted`: named by the user or `--trust-repo-config`; its scope counts and its entries allow. */
  readonly config?: { readonly name: string; readonly config: Config; readonly trusted: boolean };
  readonly baseline?: { readonly name: string; readonly baseline: Baseline; readonly trusted: boolean };
  readonly foreign: readonly ForeignAllow[];
  /** Allow lists of a configuration in gitleaks' format whose rules are not run. */
  readonly gitleaks: readonly GitleaksAllowlist[];
  /** What a trusted author says of rules, its allow lists among it: the engine knows which values are in them. */
  readonly rules?: RuleFiles;
  /** True under `--trust-repo-config`: marks and the lists of other scanners allow. */
  readonly trusted: boolean;
  /** Lines for people: what of these files was not understood. */
  readonly notes: readonly string[];
}

export const noAuthorFiles: AuthorFiles = { foreign: [], gitleaks: [], trusted: false, notes: [] };

/** Reads a file of the target by its path from the root, `/` between parts; undefined when there is none. */
export type ReadFile = (name: string, maxBytes: number) => Promise<Buffer | undefined>;

export function readerIn(root: string): ReadFile {
  return async (name, maxBytes) => readSmallFile(join(root, name), maxBytes);
}

const maxForeignBytes = 16 * 1024 * 1024;
/** Folders looked at on the way up. */
const maxLevels = 128;

/**
 * Reads the author's files. A fault in a trusted file ends the command, since it must not read as "nothing
 * allowed"; a target that nobody trusts cannot end a scan, so its faults are told and the file is left out.
 * @param above folders over the root in which a configuration is looked for as well, nearest first
 */
export async function readAuthorFiles(
  read: ReadFile,
  above: readonly string[],
  options: Pick<
    ScanOptions,
    'trustRepoConfig' | 'configFile' | 'baselineFile' | 'withoutBaseline' | 'ruleFiles'
  >,
): Promise<AuthorFiles> {
  const trusted = options.trustRepoConfig === true;
  const notes: string[] = [];
  const config = await tolerated(trusted || options.configFile !== undefined, notes, () =>
    readConfig(read, above, options.configFile, trusted),
  );
  const baseline =
    options.withoutBaseline === true
      ? undefined
      : await tolerated(trusted || options.baselineFile !== undefined, notes, () =>
          readBaseline(read, options.baselineFile, trusted),
        );
  const text = async (name: string): Promise<string | undefined> =>
    (await tolerated(false, notes, () => read(name, maxForeignBytes)))?.toString('utf8');
  const told = <Result extends { readonly faults: readonly Fault[] }>(
    name: string,
    result: Result,
  ): Result => {
    const first = result.faults[0];
    const more = result.faults.length > 1 ? ` (and ${result.faults.length - 1} more)` : '';
    if (first !== undefined) notes.push(`${name} line ${first.line}: ${first.message}${more}`);
    return result;
  };
  const ignore = await text('.gitleaksignore');
  const secrets = await text('.secrets.baseline');
  const foreign = await foreignConfig(text);
  const isRun = trusted && options.ruleFiles === undefined;
  if (config?.config.rules !== undefined && !config.trusted) {
    notes.push(`${config.name}: its rules are not used, since the file is not trusted (--trust-repo-config)`);
  }
  const rules = isRun
    ? await ownRuleFiles({ config: config?.trusted === true ? config : undefined, foreign, read: text })
    : options.ruleFiles;
  return {
    ...(config === undefined ? {} : { config }),
    ...(rules === undefined ? {} : { rules }),
    ...(baseline === undefined ? {} : { baseline }),
    foreign: [
      ...(ignore === undefined ? [] : told('.gitleaksignore', parseGitleaksIgnore(ignore)).entries),
      ...(secrets === undefined ? [] : told('.secrets.baseline', parseSecretsBaseline(secrets)).entries),
    ],
    gitleaks:
      foreign === undefined || isRun ? [] : told(foreign.name, parseGitleaksToml(foreign.text)).allowlists,
    trusted,
    notes,
  };
}

/** Folders over `root`, nearest first. */
export function foldersAbove(root: string): string[] {
  const folders: string[] = [];
  for (let at = root; dirname(at) !== at && folders.length < maxLevels; at = dirname(at))
    folders.push(dirname(at));
  return folders;
}

/** Whether a trusted configuration wants names kept as hashes. */
export function asksForHashes({ config }: AuthorFiles): boolean {
  return config?.trusted === true && config.config.hashAttributes === true;
}

/** The options with what a trusted configuration adds; flags of the user come first. */
export function withConfig(options: ScanOptions, { config }: AuthorFiles): ScanOptions {
  if (config?.trusted !== true) return options;
  const { include, exclude, vendor, place, people } = config.config;
  const chosen = options.include ?? [];
  return {
    ...options,
    include: chosen.length > 0 ? chosen : include,
    exclude: [...(options.exclude ?? []), ...exclude],
    vendor: options.vendor === true || vendor === true,
    ...(options.place !== undefined || place === undefined ? {} : { place }),
    ...(options.people !== undefined || people === undefined ? {} : { people }),
  };
}

async function readConfig(
  read: ReadFile,
  above: readonly string[],
  file: string | undefined,
  trusted: boolean,
): Promise<AuthorFiles['config']> {
  if (file !== undefined) {
    if (isForeignConfig(file)) return undefined;
    const bytes = readSmallFile(file, maxConfigBytes);
    if (bytes === undefined) throw missing(file);
    return { name: file, config: await parsed(bytes, file), trusted: true };
  }
  let bytes = await read(configName, maxConfigBytes);
  let name = configName;
  for (const folder of above) {
    if (bytes !== undefined) break;
    name = join(folder, configName);
    bytes = readSmallFile(name, maxConfigBytes);
  }
  return bytes === undefined ? undefined : { name, config: await parsed(bytes, name), trusted };
}

/** The file that was parsed last: with `--config` it is that of every target. */
let lastParsed: { readonly name: string; readonly bytes: Buffer; readonly config: Config } | undefined;

/** Loads YAML only for a file that is there. */
async function parsed(bytes: Buffer, name: string): Promise<Config> {
  if (lastParsed?.name === name && lastParsed.bytes.equals(bytes)) return lastParsed.config;
  const { parseConfig } = await import('../suppress/config.js');
  const config = parseConfig(bytes, name);
  lastParsed = { name, bytes, config };
  return config;
}

async function readBaseline(
  read: ReadFile,
  file: string | undefined,
  trusted: boolean,
): Promise<AuthorFiles['baseline']> {
  const name = file ?? baselineName;
  const bytes =
    file === undefined ? await read(baselineName, maxBaselineBytes) : readSmallFile(file, maxBaselineBytes);
  if (bytes === undefined) {
    if (file !== undefined) throw missing(file);
    return undefined;
  }
  const baseline = parseBaseline(bytes.toString('utf8'), name);
  return { name, baseline, trusted: trusted || file !== undefined };
}

function missing(file: string): ProblemError {
  return new ProblemError({ code: 'config-invalid', message: `There is no file ${file}.` });
}

async function tolerated<Result>(
  strict: boolean,
  notes: string[],
  work: () => Promise<Result | undefined>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (strict || !(error instanceof ProblemError) || error.problem.code !== 'config-invalid') throw error;
    notes.push(error.problem.message);
    return undefined;
  }
}
