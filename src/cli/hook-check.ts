/** What the hook refuses: judges the findings of staged files. Pure, so that it needs no repository to be tested. */
import type { Finding } from '../model/finding.js';

/** What the repository says about findings: path conditions of rules, and its allow entries. */
export interface HookPolicy {
  /** Whether a path satisfies a rule's path condition. */
  readonly matchesPath: (glob: string, path: string) => boolean;
  /** True when the repository's configuration allows it. */
  readonly isAllowed: (finding: Finding, path: string) => boolean;
}

/** True for an open finding: medium or higher, not marked, not published, not allowed. */
export function isRefused(finding: Finding, path: string, policy: HookPolicy): boolean {
  if (finding.confidence === 'low' || finding.mark !== undefined) return false;
  if (finding.knownPublic !== undefined) return false;
  if (finding.pathCondition !== undefined && !policy.matchesPath(finding.pathCondition, path)) return false;
  return !policy.isAllowed(finding, path);
}
