/** Options, events and results of a scan: typed, plain data. cli/ draws them, the library yields them. */
import type { KnownLiteral } from '../detect/literal-search.js';
import type { KnownAnchor } from '../model/finding.js';
import type { PeopleMode } from '../model/people-mode.js';
import type { Place } from '../model/place.js';
import type { InputProblem } from '../model/problem.js';
import type { Receipt } from '../model/receipt.js';
import type { RuleFiles } from '../suppress/rule-files.js';

export interface ScanOptions {
  /** Paths of repositories, folders, files, archives; URLs; `-` for stdin. */
  readonly targets: readonly string[];
  /** Scan only what the index holds. */
  readonly staged?: boolean;
  /** Revision range `A..B` of a git target. */
  readonly range?: string;
  /** Only tips and work tree, no history. */
  readonly noHistory?: boolean;
  /** Only the files of the work tree. */
  readonly worktreeOnly?: boolean;
  readonly alternates?: boolean;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Overrides the place key (one target only). */
  readonly place?: string;
  /** Workers; as many as there are cores when left out. */
  readonly jobs?: number;
  /** Bytes of memory that a run should stay below; fewer workers are started. */
  readonly maxMemory?: number;
  /** Milliseconds that one document may take (default 60,000); what takes longer is a gap. */
  readonly timeoutMs?: number;
  readonly trustOwner?: boolean;
  readonly trustRepoConfig?: boolean;
  /** Configuration that the user named; trusted, and read instead of the targets' own. */
  readonly configFile?: string;
  /** What that configuration says of rules, once it was read; given to every target. */
  readonly ruleFiles?: RuleFiles;
  /** Baseline that the user named; trusted, and read instead of the targets' own. */
  readonly baselineFile?: string;
  /** Leave the targets' own baselines unread: for making one. */
  readonly withoutBaseline?: boolean;
  /** Values to look for in everything that the targets hold, cached or not, as anchors (the values stay with the caller). */
  readonly knownValues?: readonly KnownAnchor[];
  /** The same as values, for those that have no anchor; they stay in this thread. */
  readonly knownLiterals?: readonly KnownLiteral[];
  /** Folder of mirrored URLs. */
  readonly cacheDir?: string;
  /** Keep what V8 compiled of the workers in the user's cache folder, as the command line does. */
  readonly codeCache?: boolean;
  /** Also read vendor and build trees. */
  readonly vendor?: boolean;
  /** Read every file by the readers of this system; default: each file says what it is. */
  readonly system?: string;
  /** Keep names of people and machines that stand beside values as keyed hashes, in all of the database and for good. */
  readonly hashAttributes?: boolean;
  /** How authors of records are kept (default: pseudonym). */
  readonly people?: PeopleMode;
  /** Read direct messages too. */
  readonly includeDirect?: boolean;
  /** Site of an export that does not name it. */
  readonly baseUrl?: string;
}

export type ScanEvent =
  | { readonly type: 'target'; readonly place: Place; readonly locator: string }
  | {
      readonly type: 'phase';
      readonly phase: 'list' | 'read' | 'sweep' | 'attribute' | 'write';
      readonly place: string;
    }
  | {
      readonly type: 'progress';
      readonly doneBytes: number;
      readonly totalBytes: number;
      readonly documents: number;
      readonly findings: number;
    }
  | { readonly type: 'problem'; readonly problem: InputProblem };

export interface ScanResult {
  /** Number of this scan in the database. */
  readonly scan: number;
  readonly receipt: Receipt;
  /** What of the targets' configuration, baselines and ignore lists was not understood or not applied. */
  readonly notes?: readonly string[];
  /** Places in the order of the targets. */
  readonly places: readonly { readonly place: Place; readonly locator: string; readonly receipt: Receipt }[];
}
