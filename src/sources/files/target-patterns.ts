/** Expands the targets of a command line: a path that exists stands for itself, a pattern for what it matches. */
import { lstatSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import glob from 'fast-glob';

/** Most targets that one pattern may expand to. */
const maxMatches = 100_000;

export interface ExpandedTargets {
  readonly targets: readonly string[];
  /** Patterns without a match. */
  readonly unmatched: readonly string[];
}

/**
 * Expands patterns such as `repos/*` (shells without globbing, quoted arguments, `--targets-from`) relative to
 * `cwd`; folders and files match, links are not followed. URLs and `-` pass through.
 */
export async function expandTargets(targets: readonly string[], cwd: string): Promise<ExpandedTargets> {
  const expanded: string[] = [];
  const unmatched: string[] = [];
  for (const target of targets) {
    if (target === '-' || isUrl(target) || exists(target, cwd) || !glob.isDynamicPattern(target)) {
      expanded.push(target);
      continue;
    }
    const pattern = sep === '\\' ? glob.convertPathToPattern(target) : target;
    const matches = await glob(pattern, {
      cwd,
      dot: true,
      onlyFiles: false,
      followSymbolicLinks: false,
      suppressErrors: true,
    });
    if (matches.length === 0) unmatched.push(target);
    expanded.push(...matches.sort().slice(0, maxMatches));
  }
  return { targets: withoutDuplicates(expanded), unmatched };
}

function withoutDuplicates(targets: readonly string[]): string[] {
  return [...new Set(targets)];
}

function isUrl(target: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(target) || /^[\w.-]+@[\w.-]+:/.test(target);
}

function exists(target: string, cwd: string): boolean {
  const path = isAbsolute(target) ? target : `${cwd}${sep}${relative(cwd, `${cwd}${sep}${target}`)}`;
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}
