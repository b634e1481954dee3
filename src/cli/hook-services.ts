/** What `hook run` needs, each loaded when called; nothing here leads to SQLite, commander or workers. */
import type { Analyzer } from '../detect/analysis.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { InputProblem } from '../model/problem.js';
import type { HookPolicy, StagedDocument } from './hook-check.js';

export interface StagedEvents {
  document(document: StagedDocument): void;
  problem(problem: InputProblem): void;
}

export interface HookServices {
  /** Reads what the index adds to HEAD; resolves when all of it was handed over. */
  readStaged(cwd: string, events: StagedEvents): Promise<void>;
  analyzer(keys: IdentityKeys): Promise<Analyzer>;
  policy(cwd: string, keys: IdentityKeys): Promise<HookPolicy>;
}
