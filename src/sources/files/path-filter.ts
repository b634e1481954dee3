/** `--include` and `--exclude`: which paths of a target are in scope. */
import { compileGlob, type Glob } from './glob.js';

export interface PathFilter {
  /** @param path relative to the target, `/` between parts */
  acceptsFile(path: string): boolean;
  /** True when nothing below the folder can be in scope. */
  prunesFolder(path: string): boolean;
}

/**
 * A pattern that matches a folder takes everything below it. A pattern without `/` matches names at any
 * depth, `!pattern` among the includes excludes. Undefined when there is nothing to filter.
 */
export function pathFilterOf(include: readonly string[], exclude: readonly string[]): PathFilter | undefined {
  if (include.length + exclude.length === 0) return undefined;
  const negated = include.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  const wanted = include.filter((pattern) => !pattern.startsWith('!')).map(compileGlob);
  const unwanted = [...exclude, ...negated].map(compileGlob);
  return {
    acceptsFile(path) {
      if (matchesUpward(unwanted, path)) return false;
      return wanted.length === 0 || matchesUpward(wanted, path);
    },
    prunesFolder: (path) => matchesUpward(unwanted, path),
  };
}

/** Whether a glob matches the path or one of the folders above it. */
function matchesUpward(globs: readonly Glob[], path: string): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const prefix = path.slice(0, end);
    if (globs.some((glob) => glob.matches(prefix))) return true;
  }
  return false;
}
