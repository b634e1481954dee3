/** What the hook refuses: judges the findings of staged documents. Pure, so that it needs no repository to be tested. */
import type { Analyzer } from '../detect/analysis.js';
import type { PathName } from '../model/appearance.js';
import type { Finding } from '../model/finding.js';

/** A staged file as the commit would hold it. */
export interface StagedDocument {
  readonly path: PathName;
  readonly bytes: Buffer;
  /** The same path in HEAD: a secret that stands there already is no reason to stop this commit. */
  readonly previous?: Buffer;
}

export interface HookFinding {
  readonly path: PathName;
  readonly finding: Finding;
}

/** Rules of the repository that let a finding pass: allow entries and path conditions. */
export interface HookPolicy {
  /** Whether a path satisfies a rule's path condition. */
  readonly matchesPath: (glob: string, path: string) => boolean;
  /** True when the repository's configuration allows it. */
  readonly isAllowed: (finding: Finding, path: string) => boolean;
}

function blocks(finding: Finding, path: string, policy: HookPolicy): boolean {
  if (finding.confidence === 'low' || finding.mark !== undefined) return false;
  if (finding.knownPublic !== undefined) return false;
  if (finding.pathCondition !== undefined && !policy.matchesPath(finding.pathCondition, path)) return false;
  return !policy.isAllowed(finding, path);
}

/** Findings that a document adds. A value that HEAD holds at the same path, wherever in the file, is not new. */
export function refusedFindings(
  analyzer: Analyzer,
  document: StagedDocument,
  policy: HookPolicy,
): readonly HookFinding[] {
  const read = (bytes: Buffer): readonly Finding[] =>
    analyzer.analyze({ bytes, chain: [], collectTags: false }).findings;
  const candidates = read(document.bytes).filter((finding) => blocks(finding, document.path.text, policy));
  if (candidates.length === 0) return [];
  const before = new Set(
    document.previous === undefined ? [] : read(document.previous).map(({ fingerprint }) => fingerprint),
  );
  return candidates
    .filter(({ fingerprint }) => !before.has(fingerprint))
    .map((finding) => ({ path: document.path, finding }));
}
