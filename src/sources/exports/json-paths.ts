/** Patterns of JSON pointers, and which of them a value stands at. */

export interface PathPattern {
  /** Index among the patterns of a reader. */
  readonly index: number;
  /** Keys from the root down, undone; `*` stands for any. */
  readonly parts: readonly string[];
}

/** @param paths JSON pointers with `*` for any key or index; `''` is the root */
export function pathPatterns(paths: readonly string[]): PathPattern[] {
  return paths.map((path, index) => ({ index, parts: pointerParts(path) }));
}

/** Keys of a JSON pointer. */
export function pointerParts(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A key as a part of a JSON pointer. */
export function pointerPart(key: string): string {
  return key.includes('~') || key.includes('/') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}

/** Those of `patterns`, which match down to a container at `level`, that match its member `key` too. */
export function matchMember(patterns: readonly PathPattern[], level: number, key: string): PathPattern[] {
  return patterns.filter(
    ({ parts }) => parts.length > level && (parts[level] === '*' || parts[level] === key),
  );
}

/** The pattern that names a value at `level` as a record. */
export function recordPattern(patterns: readonly PathPattern[], level: number): PathPattern | undefined {
  return patterns.find(({ parts }) => parts.length === level);
}
