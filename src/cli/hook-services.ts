/** What `hook run` needs, each loaded when called; nothing here leads to SQLite, commander or workers. */
import type { Analyzer } from '../detect/analysis.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { PathName } from '../model/appearance.js';
import type { Finding } from '../model/finding.js';
import type { InputProblem } from '../model/problem.js';
import type { WasmCore } from '../prefilter/wasm-core.js';
import type { HookPolicy } from './hook-check.js';
import type { Io } from './io.js';

export interface StagedFile {
  readonly path: PathName;
  readonly findings: readonly Finding[];
  /** What the path itself holds. */
  readonly inName: readonly Finding[];
}

export interface StagedEvents {
  /** Asked before the replaced versions are read: they are not when nothing would be refused. */
  isRelevant(finding: Finding, path: PathName): boolean;
  /** A staged file with the relevant findings that no replaced version, and no replaced name, holds. */
  file(file: StagedFile): void;
  problem(problem: InputProblem): void;
}

/** @param core in whose memory the analyzer may work; undefined where there is none */
export type LoadAnalyzer = (core: WasmCore | undefined) => Promise<Analyzer>;

export interface HookServices {
  /** Reads what the index adds to HEAD; resolves when all of it was handed over. */
  readStaged(io: Io, loadAnalyzer: LoadAnalyzer, keys: IdentityKeys, events: StagedEvents): Promise<void>;
  analyzer(keys: IdentityKeys, core?: WasmCore): Promise<Analyzer>;
  policy(io: Io): Promise<HookPolicy>;
}
