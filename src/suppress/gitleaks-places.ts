/**
 * Decides by the allow lists of a configuration in gitleaks' format whether a finding is allowed where it
 * stands. What a list says of values the engine has told already: the list's id is among the finding's reasons.
 */
import { RE2JS } from 're2js';
import type { GitleaksAllowlist } from './gitleaks-toml.js';

/** Patterns that are compiled at most; the engine is linear, but a list of thousands is no honest one. */
const maxPatterns = 2000;
const maxPatternLength = 1000;

type PlaceList = Omit<GitleaksAllowlist, 'line'>;

/** A finding and where it stands. */
export interface ListedFinding {
  readonly rule: string;
  readonly reasons: readonly string[];
  /** Empty for what stands in no file. */
  readonly path: string;
  readonly commit?: string;
}

export interface GitleaksPlaces {
  /** Lists that were left out. */
  readonly unused: number;
  /** Patterns that the engine does not take. */
  readonly faulty: number;
  covers(finding: ListedFinding): boolean;
}

interface Test {
  readonly list: PlaceList;
  readonly paths: readonly RE2JS[];
  /** False when a pattern of the list is missing. */
  readonly isWhole: boolean;
  readonly commits: ReadonlySet<string>;
}

/**
 * @param knowsValues whether the engine had the lists. Without it a list that depends on values is left out,
 * and one of single rules too, since their names are not ours.
 */
export function gitleaksPlaces(lists: readonly PlaceList[], knowsValues: boolean): GitleaksPlaces {
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
  const usable = lists.filter((list) => knowsValues || isAboutPlaces(list));
  const tests = usable.map((list): Test => {
    const paths = list.paths.flatMap(compile);
    return { list, paths, isWhole: paths.length === list.paths.length, commits: new Set(list.commits) };
  });
  return {
    unused: lists.length - usable.length,
    faulty,
    covers: (finding) => tests.some((test) => holds(test, finding)),
  };
}

/** With `or`, what a list says of values is one more way to be allowed, so its places count all the same. */
function isAboutPlaces(list: PlaceList): boolean {
  if (list.rules.length > 0 || list.paths.length + list.commits.length === 0) return false;
  return list.condition === 'or' || list.regexes.length + list.stopwords.length === 0;
}

function holds(
  { list, paths, isWhole, commits }: Test,
  { rule, reasons, path, commit }: ListedFinding,
): boolean {
  if (list.rules.length > 0 && !list.rules.includes(rule)) return false;
  const byValue = reasons.includes(list.id);
  const byPath = path !== '' && paths.some((pattern) => pattern.matcher(path).find());
  const byCommit = commit !== undefined && commits.has(commit);
  if (list.condition === 'or') return byValue || byPath || byCommit;
  // Of a list that demands all of its criteria, none may be missing.
  return (
    isWhole &&
    (list.regexes.length + list.stopwords.length === 0 || byValue) &&
    (list.paths.length === 0 || byPath) &&
    (commits.size === 0 || byCommit) &&
    (byValue || byPath || byCommit)
  );
}
