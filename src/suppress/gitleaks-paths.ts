/**
 * Applies the allow lists of a `.gitleaks.toml` as far as they speak of places: paths and commits. Lists about
 * values need the value, and lists of single rules use names that are not ours: both are left out and counted.
 */
import { RE2JS } from 're2js';
import type { GitleaksAllowlist } from './gitleaks-toml.js';

/** Patterns that are compiled at most; the engine is linear, but a list of thousands is no honest one. */
const maxPatterns = 2000;
const maxPatternLength = 1000;

export interface GitleaksPaths {
  /** Lists that were left out. */
  readonly unused: number;
  /** Patterns that the engine does not take. */
  readonly faulty: number;
  covers(path: string, commit: string | undefined): boolean;
}

interface Test {
  readonly paths: readonly RE2JS[];
  readonly commits: ReadonlySet<string>;
  readonly all: boolean;
}

export function gitleaksPaths(lists: readonly GitleaksAllowlist[]): GitleaksPaths {
  let faulty = 0;
  let left = maxPatterns;
  const compile = (pattern: string): RE2JS[] => {
    if (left-- > 0 && pattern.length <= maxPatternLength) {
      try {
        return [RE2JS.compile(pattern)];
      } catch {
        // Counted below; the engine's message quotes the pattern.
      }
    }
    faulty++;
    return [];
  };
  const usable = lists.filter(isAboutPlaces);
  const tests = usable.map((list): Test => {
    const paths = list.paths.flatMap(compile);
    const isWhole = paths.length === list.paths.length;
    // Of a list that demands all of its criteria, none may be missing.
    const all = list.condition === 'and' && list.paths.length > 0 && list.commits.length > 0;
    return all && !isWhole
      ? { paths: [], commits: new Set(), all }
      : { paths, commits: new Set(list.commits), all };
  });
  return {
    unused: lists.length - usable.length,
    faulty,
    covers: (path, commit) => tests.some((test) => holds(test, path, commit)),
  };
}

/** With `or`, what a list says of values is one more way to be allowed, so its places count all the same. */
function isAboutPlaces(list: GitleaksAllowlist): boolean {
  if (list.rules.length > 0 || list.paths.length + list.commits.length === 0) return false;
  return list.condition === 'or' || list.regexes.length + list.stopwords.length === 0;
}

function holds(test: Test, path: string, commit: string | undefined): boolean {
  const byPath = path !== '' && test.paths.some((pattern) => pattern.matcher(path).find());
  const byCommit = commit !== undefined && test.commits.has(commit);
  return test.all ? byPath && byCommit : byPath || byCommit;
}
